/** One thing to run on a GPU machine: a script of this project and its arguments, or a shell command. */
export interface Step {
  readonly name: string;
  /** Seconds that it takes at most, as far as is known: with less time left it waits for the next run. */
  readonly seconds: number;
  readonly run: { readonly kind: 'node'; readonly script: string; readonly args: readonly string[] } | { readonly kind: 'shell'; readonly line: string };
  /** What it leaves is written to a folder of its own. */
  readonly hasOut: boolean;
}

const test = (seconds: number, ...sections: readonly string[]): Step => ({ name: sections.join('-'), seconds, run: { kind: 'node', script: 'test/gpu/run.js', args: sections }, hasOut: false });
const bench = (seconds: number, ...groups: readonly string[]): Step => ({ name: `bench-${groups.join('-')}`, seconds, run: { kind: 'node', script: 'test/bench/gpu.js', args: groups }, hasOut: true });
const model = (name: string, seconds: number, ...args: readonly string[]): Step => ({ name: `8b-${name}`, seconds, run: { kind: 'node', script: 'test/bench/llama8b/run.js', args }, hasOut: true });

/** Prints what Hopper does, for the emulator to be held against: the file belongs into test/golden. */
const lanes: Step = {
  name: 'laneMapsHopper', seconds: 120, hasOut: true,
  run: { kind: 'shell', line: 'nvcc -std=c++17 -gencode arch=compute_90a,code=sm_90a -I codegen/device -o build/gpu/laneMapsHopper test/gpu/laneMapsHopper.cu && build/gpu/laneMapsHopper > "$OUT/laneMapsHopper.json"' },
};

/** Everything that a GPU has to say, what must hold first. `seconds`: of a whole run, which tuning may take all of. */
export const allSteps = (seconds: number): readonly Step[] => [
  { name: 'fatbins', seconds: 300, run: { kind: 'node', script: 'test/gpu/fatbins.js', args: [] }, hasOut: false },
  test(60, 'sass'), test(180, 'shipped'), test(180, 'small'), lanes, test(90, 'golden', 'start'), test(300, 'sanitizers'), test(400, 'files'), test(180, 'passkey'),
  bench(300, 'attention'), bench(400, 'mods'), bench(240, 'decode'), bench(300, 'columns'), bench(240, 'matmul', 'row'), bench(240, 'eviction', 'rows', 'start', 'ask'),
  model('load', 180, 'load', 'rates', 'logits'), model('ours', 240, 'rates', 'lengths', '--lengths', '8192,32768,131072'), model('peers', 540, 'rates', 'peers', '--lengths', '8192,32768,131072'),
  model('alone', 120, 'rates', 'lengths', '--lengths', '8192', '--overlap', 'none'), model('early', 120, 'rates', 'lengths', '--lengths', '8192', '--overlap', 'early'),
  model('long', 180, 'rates', 'lengths', '--lengths', '524288,1048576'), model('table7', 300, 'rates', 'table7', 'trace'),
  { name: 'tune', seconds: seconds - 30, hasOut: true, run: { kind: 'shell', line: `"$NODE" build/ts/codegen/cli.js tune runtime/kernels --device cuda --within 2 --top 6 --budget ${seconds - 60}; ended=$?; cp runtime/kernels/warpfold.schedules*.json "$OUT" 2>/dev/null; exit $ended` } },
];
