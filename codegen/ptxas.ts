/** What one compiled function takes of a multiprocessor, as ptxas reports it for one architecture. `sharedBytes` is what the text declares; a launch may ask for more. */
export interface FunctionResources {
  readonly symbol: string;
  readonly arch: string;
  readonly registers: number;
  readonly stackBytes: number;
  readonly spillStores: number;
  readonly spillLoads: number;
  readonly sharedBytes: number;
  readonly barriers: number;
}

/** What `nvcc -Xptxas -v` says on stderr: resources by function and architecture, and the warnings of ptxas. */
export interface PtxasReport { readonly functions: readonly FunctionResources[]; readonly warnings: readonly string[] }

const entry = /^ptxas info\s*: Compiling entry function '([^']+)' for '([^']+)'/;
const usage = /^ptxas info\s*: Used (\d+) registers/;
const stack = /^\s*(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads/;

/** Reads the report of ptxas; lines of other origin are passed over. A function's lines follow the one that names it. */
export function parsePtxas(text: string): PtxasReport {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, i) => (entry.test(line) ? [i] : []));
  const functions = starts.flatMap((start, i) => {
    const [first = '', ...rest] = lines.slice(start, starts[i + 1]);
    const [, symbol, arch] = entry.exec(first) ?? [];
    const used = rest.find((line) => usage.test(line));
    const frame = stack.exec(rest.find((line) => stack.test(line)) ?? '');
    if (symbol === undefined || arch === undefined || used === undefined) return [];
    const count = (pattern: RegExp): number => Number(pattern.exec(used)?.[1] ?? 0);
    return [{
      symbol, arch, registers: count(usage),
      stackBytes: Number(frame?.[1] ?? 0), spillStores: Number(frame?.[2] ?? 0), spillLoads: Number(frame?.[3] ?? 0),
      sharedBytes: count(/(\d+) bytes smem/), barriers: count(/used (\d+) barriers/),
    }];
  });
  return { functions, warnings: lines.filter((line) => /^ptxas.*(warning\s*:|\(C\d+\))/.test(line)) };
}

/** What ptxas says it gave up on: products of warpgroups that wait for each other, registers that warpgroups do not hand on. */
export const lostSpeed = ({ warnings }: PtxasReport): readonly string[] => warnings.filter((line) => line.includes('Potential Performance Loss'));

/** Registers that did not fit and live in memory instead, as one sentence for each function. */
export const spills = (functions: readonly FunctionResources[]): readonly string[] =>
  functions.filter((f) => f.spillStores + f.spillLoads > 0).map((f) => `${f.symbol} spills on ${f.arch}: ${f.spillStores} bytes stored, ${f.spillLoads} loaded, with ${f.registers} registers`);
