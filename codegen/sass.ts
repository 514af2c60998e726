import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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

/** How often the text of a launch asks for something that has an instruction of its own. */
interface Asked { readonly reads: number; readonly writes: number; readonly groups: number; readonly warps: number }

function askedIn(text: string, symbol: string): Asked {
  const block = text.split(`namespace ${symbol}_block {`)[1]?.split(`}  // namespace ${symbol}_block`)[0] ?? '';
  const times = (call: RegExp): number => block.match(call)?.length ?? 0;
  return { reads: times(/\bsend(Panels<\w+>)?\(/g), writes: times(/\bstorePanels</g), groups: times(/\bbeginProduct</g), warps: times(/\bmma</g) };
}

/**
 * What a launch for sm_90a was meant to be and its machine code is not, a sentence each. What takes maps copies in boxes, and
 * multiplies what it has copied; every place of its text that copies or multiplies has an instruction for it, of warpgroups
 * where the text says so; nothing lives in local memory.
 */
export function sassFaults({ params, results }: Pick<KernelEntry, 'params' | 'results'>, launch: LaunchSpec, text: string, functions: readonly SassFunction[]): readonly string[] {
  const found = functions.find((f) => f.symbol === launch.symbol);
  if (found === undefined) return [`${launch.symbol} is not in its file`];
  const times = (name: string): number => found.counts.get(name) ?? 0;
  const asked = askedIn(text, launch.symbol);
  const maps = launch.args.flatMap((a) => (a.kind === 'map' ? [a.name] : []));
  const reads = maps.some((name) => params.some((p) => p.name === name));
  const writes = maps.some((name) => results.some((r) => r.name === name));
  const lacking = (what: string, places: number, ...instructions: readonly string[]): readonly string[] => {
    const there = instructions.reduce((n, name) => n + times(name), 0);
    return there >= places ? [] : [`${what} in ${places === 1 ? '1 place' : `${places} places`} and has ${there === 1 ? '1 instruction' : `${there} instructions`} for it (${instructions.join(', ')})`];
  };
  return [
    ...lacking('reads boxes of the tensors that it takes maps of', Math.max(Number(reads), asked.reads), 'UTMALDG'),
    ...lacking('writes boxes of the tensors that it takes maps of', Math.max(Number(writes), asked.writes), 'UTMASTG'),
    ...(asked.groups > 0 ? lacking('multiplies by warpgroups', asked.groups, 'HGMMA') : lacking('multiplies what it copies', reads ? Math.max(1, asked.warps) : 0, 'HGMMA', 'HMMA')),
    ...(times('LDL') + times('STL') > 0 ? [`reads local memory ${times('LDL')} times and writes it ${times('STL')} times (LDL, STL)`] : []),
  ].map((what) => `${launch.symbol} ${what}`);
}

/** Whether machine code can be looked at here. */
export const hasCuobjdump = async (): Promise<boolean> => (await versionOf('cuobjdump')) !== undefined;

/** A kernel whose machine code for sm_90a was looked at. */
export interface CheckedSass { readonly kernel: string; readonly launches: number; readonly faults: readonly string[] }

/** Where texts are, as the manifest names them, and where `buildCuda` left what they became. `only`: of these texts alone. */
export interface SassPlaces { readonly generated: string; readonly out: string; readonly only?: readonly string[] }

/** Looks at the machine code of all kernels that have code for sm_90a. Throws a BuildError where one was not built, or cuobjdump is missing. */
export async function checkSass({ kernels }: Manifest, { generated, out, only }: SassPlaces): Promise<readonly CheckedSass[]> {
  const checked: CheckedSass[] = [];
  for (const [kernel, entry] of Object.entries(kernels)) {
    const launches = entry.variants.filter((v) => v.target === 'sm_90a').flatMap((v) => v.launches).filter((l) => only?.includes(l.file) ?? true);
    const files = new Map(await Promise.all([...new Set(launches.map((l) => l.file))].map(async (file) => [file, { functions: await sassOf(join(out, fatbinOf(file))), text: textOf(join(generated, file)) }] as const)));
    const faults = launches.flatMap((l) => sassFaults(entry, l, files.get(l.file)?.text ?? '', files.get(l.file)?.functions ?? []));
    if (launches.length > 0) checked.push({ kernel, launches: launches.length, faults });
  }
  return checked;
}

function textOf(path: string): string {
  if (!existsSync(path)) throw new BuildError(`${path} is missing: machine code is held against the text that it was made of`);
  return readFileSync(path, 'utf8');
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
