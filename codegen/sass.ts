import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelEntry, LaunchSpec, Manifest } from '../dsl/manifest.js';
import { fatbinOf } from './buildCuda.js';
import { BuildError, versionOf } from './compilers.js';

/** How often a function of machine code has each instruction, by the instruction's name without its modifiers. */
export interface SassFunction { readonly symbol: string; readonly counts: ReadonlyMap<string, number> }

const heading = /^\s*Function\s*:\s*(\S+)/;
const instruction = /^\s*\/\*[0-9a-f]{4,}\*\/\s+(?:@!?U?P[0-9T]+\s+)?([A-Z][A-Z0-9_]*)/;

/** Reads what `cuobjdump -sass` prints. */
export function parseSass(text: string): readonly SassFunction[] {
  const functions: { readonly symbol: string; readonly counts: Map<string, number> }[] = [];
  for (const line of text.split('\n')) {
    const [, symbol] = heading.exec(line) ?? [];
    if (symbol !== undefined) functions.push({ symbol, counts: new Map() });
    const [, name] = instruction.exec(line) ?? [];
    const counts = functions.at(-1)?.counts;
    if (name !== undefined && counts !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return functions;
}

/** What a launch for sm_90a was meant to be and its machine code is not, a sentence each. What takes maps copies in boxes, and multiplies what it has copied by warpgroups; nothing lives in local memory. */
export function sassFaults({ params, results }: Pick<KernelEntry, 'params' | 'results'>, launch: LaunchSpec, functions: readonly SassFunction[]): readonly string[] {
  const found = functions.find((f) => f.symbol === launch.symbol);
  if (found === undefined) return [`${launch.symbol} is not in its file`];
  const times = (name: string): number => found.counts.get(name) ?? 0;
  const maps = launch.args.flatMap((a) => (a.kind === 'map' ? [a.name] : []));
  const reads = maps.some((name) => params.some((p) => p.name === name));
  const writes = maps.some((name) => results.some((r) => r.name === name));
  return [
    ...(reads && times('UTMALDG') === 0 ? ['reads no boxes (UTMALDG) of the tensors that it takes maps of'] : []),
    ...(writes && times('UTMASTG') === 0 ? ['writes no boxes (UTMASTG) of the tensors that it takes maps of'] : []),
    ...(reads && times('HGMMA') === 0 ? ['has no products of warpgroups (HGMMA)'] : []),
    ...(times('LDL') + times('STL') > 0 ? [`reads local memory ${times('LDL')} times and writes it ${times('STL')} times (LDL, STL)`] : []),
  ].map((what) => `${launch.symbol} ${what}`);
}

/** Whether machine code can be looked at here. */
export const hasCuobjdump = async (): Promise<boolean> => (await versionOf('cuobjdump')) !== undefined;

/** A kernel whose machine code for sm_90a was looked at. */
export interface CheckedSass { readonly kernel: string; readonly launches: number; readonly faults: readonly string[] }

/** Looks at the machine code of all kernels that have code for sm_90a; `out` as for `buildCuda`. Throws a BuildError where one was not built, or cuobjdump is missing. */
export async function checkSass({ kernels }: Manifest, out: string): Promise<readonly CheckedSass[]> {
  const checked: CheckedSass[] = [];
  for (const [kernel, entry] of Object.entries(kernels)) {
    const launches = entry.variants.filter((v) => v.target === 'sm_90a').flatMap((v) => v.launches);
    if (launches.length === 0) continue;
    const files = new Map(await Promise.all([...new Set(launches.map((l) => l.file))].map(async (file) => [file, await sassOf(join(out, fatbinOf(file)))] as const)));
    checked.push({ kernel, launches: launches.length, faults: launches.flatMap((l) => sassFaults(entry, l, files.get(l.file) ?? [])) });
  }
  return checked;
}

function sassOf(fatbin: string): Promise<readonly SassFunction[]> {
  if (!existsSync(fatbin)) throw new BuildError(`${fatbin} is missing: put nvcc on the PATH and run \`warpfold build\``);
  return new Promise((resolve, reject) => {
    execFile('cuobjdump', ['-sass', fatbin], { maxBuffer: 1 << 30 }, (error, text, said) => {
      if (!error) return resolve(parseSass(text));
      reject(new BuildError(error.code === 'ENOENT' ? 'cuobjdump was not found; it shows machine code. It comes with the CUDA toolkit: put it on the PATH' : `cuobjdump ${fatbin} failed:\n${said.trim()}`));
    });
  });
}
