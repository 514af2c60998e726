import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildEmulator } from '../../codegen/emulator.js';
import type { KernelEntry, Manifest, Variant } from '../../dsl/manifest.js';
import type { Device } from '../../runtime/device.js';
import { openEmulator } from '../../runtime/emulator.js';
import { type Call, onDevice, prepare } from '../kit/call.js';
import { copiesBoxes, roomyCases, valuesOf } from './cases.js';
import { functionAround, type Mutant, mutantsOf, onlyLaunches } from './mutants.js';

/** How a mutant came out; `how` says what gave it away. */
export type Verdict = { readonly kind: 'reported' | 'wrong' | 'survived'; readonly how: string };

/** One variant of a kernel whose text a mutant changes. */
interface Subject { readonly name: string; readonly entry: KernelEntry; readonly variant: Variant }
/** What the unchanged text makes of a call. */
interface Expected { readonly call: Call; readonly results: Readonly<Record<string, Float64Array>> }

export interface MutationOptions {
  readonly manifest: Manifest;
  /** The folder with `cuda/*.cu`, and that of the device headers. */
  readonly generated: string;
  readonly device: string;
}

/** A folder of work in which mutants are compiled and run. */
export interface Mutation extends Disposable {
  /** All mutants of all kernels and headers. */
  readonly all: readonly Mutant[];
  /** Runs a mutant until something gives it away. Rejects where the unchanged text already fails. */
  verdict(mutant: Mutant): Promise<Verdict>;
}

/** Finds out what the emulator makes of mutants of generated kernels and of the headers that they call. */
export function mutation(options: MutationOptions): Mutation {
  const work = mkdtempSync(join(tmpdir(), 'mutants-'));
  const known = new Map<Variant, Promise<readonly Expected[]>>();
  let runs = 0;
  const opened: Opened = (subject, mutant, use) => withDevice(options, work, join(work, String(runs++)), subject, mutant, use);
  const expectedOf = (subject: Subject): Promise<readonly Expected[]> => {
    const found = known.get(subject.variant) ?? opened(subject, undefined, (device) => original(device, subject));
    known.set(subject.variant, found);
    return found;
  };
  return {
    all: allMutants(options),
    async verdict(mutant) {
      const subjects = subjectsOf(options, mutant);
      for (const subject of subjects) {
        const expected = await expectedOf(subject);
        const verdict = await opened(subject, mutant, (device) => judged(device, subject, expected));
        if (verdict.kind !== 'survived') return verdict;
      }
      return { kind: 'survived', how: subjects.length === 0 ? 'nothing calls it' : '' };
    },
    [Symbol.dispose]: () => rmSync(work, { recursive: true, force: true }),
  };
}

/** Headers whose twins run instead. */
const twins = ['primitives.cuh', 'asynchronous.cuh', 'wgmma.cuh'];

function allMutants({ generated, device }: MutationOptions): readonly Mutant[] {
  const kernels = readdirSync(join(generated, 'cuda')).filter((f) => f.endsWith('.cu')).sort();
  const headers = readdirSync(join(device, 'cuda')).filter((f) => !twins.includes(f)).sort();
  return [[generated, kernels] as const, [device, headers] as const].flatMap(([folder, files]) => files.flatMap((f) => mutantsOf(f, readFileSync(join(folder, 'cuda', f), 'utf8'))));
}

/** The variants that run the mutated text: that of its launch, or for a header those that call its function. */
function subjectsOf({ manifest, generated, device }: MutationOptions, { file, owner }: Mutant): readonly Subject[] {
  const all = Object.entries(manifest.kernels).flatMap(([name, entry]) => entry.variants.filter((v) => v.target === 'sm_80' || copiesBoxes(v)).map((variant): Subject => ({ name, entry, variant })));
  if (file.endsWith('.cu')) return all.filter((s) => s.variant.launches.some((l) => l.symbol === owner));
  const call = new RegExp(`\\b(?:${callersOf(readFileSync(join(device, 'cuda', file), 'utf8'), [owner]).join('|')})[<(]`);
  return all.filter((s) => s.variant.launches.some((l) => call.test(readFileSync(join(generated, l.file), 'utf8'))));
}

/** Functions of a header and those of it that call them. */
function callersOf(text: string, owners: readonly string[]): readonly string[] {
  const found = new Set([...owners, ...[...text.matchAll(new RegExp(`\\b(?:${owners.join('|')})[<(]`, 'g'))].map((m) => functionAround(text, m.index)).filter((name) => name !== '')]);
  return found.size === owners.length ? owners : callersOf(text, [...found]);
}

type Opened = <T>(subject: Subject, mutant: Mutant | undefined, use: (device: Device) => Promise<T>) => Promise<T>;

/** Opens the emulator on one variant, built in `folder`, with the mutated text in the place of the original. */
async function withDevice<T>(options: MutationOptions, work: string, folder: string, { name, entry, variant }: Subject, mutant: Mutant | undefined, use: (device: Device) => Promise<T>): Promise<T> {
  const generated = join(folder, 'text');
  mkdirSync(join(generated, 'cuda'), { recursive: true });
  const symbols = variant.launches.map((l) => l.symbol);
  const write = (file: string, text: string): void => writeFileSync(join(generated, file), onlyLaunches(text, symbols));
  for (const file of new Set(variant.launches.map((l) => l.file))) write(file, readFileSync(join(options.generated, file), 'utf8'));
  const isHeader = mutant !== undefined && !mutant.file.endsWith('.cu');
  const device = isHeader ? join(folder, 'device') : options.device;
  if (isHeader) cpSync(options.device, device, { recursive: true });
  if (isHeader) {
    writeFileSync(join(device, 'cuda', mutant.file), mutant.text);
    shareEngine(work, folder);
  } else if (mutant !== undefined) write(join('cuda', mutant.file), mutant.text);
  const manifest: Manifest = { kernels: { [name]: { ...entry, variants: [variant] } } };
  try {
    const target = variant.target === 'sm_90a' ? 'sm_90a' : 'sm_80';
    await buildEmulator({ manifest, generated, out: folder, shared: isHeader ? folder : work, device, target });
    // On one processor a shared axis is not split, so loops over it take several turns.
    await using opened = openEmulator({ manifest, kernelsDir: folder, processors: 1, target });
    return await use(opened);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The emulator's own code calls no header of the device: what was compiled for the unchanged text serves a changed header. */
function shareEngine(work: string, folder: string): void {
  const include = join('include', 'emulator');
  if (!existsSync(join(work, include))) return;
  mkdirSync(join(folder, include), { recursive: true });
  for (const file of readdirSync(join(work, include))) if (file.endsWith('.o')) cpSync(join(work, include, file), join(folder, include, file));
}

/** A seed whose numbers let loops over keys and rows take several turns. */
const manyRows = 139;

async function original(device: Device, { name, entry, variant }: Subject): Promise<readonly Expected[]> {
  const made: Expected[] = [];
  for (const sizes of roomyCases(name, entry, variant)) {
    const call = prepare(entry, { sizes, seed: manyRows, dtypes: variant.dtypes, values: valuesOf(entry, sizes, manyRows) });
    made.push({ call, results: await onDevice(device, name, entry, call) });
  }
  return made;
}

/** Each case under every policy, until a report or a wrong bit. */
async function judged(device: Device, { name, entry }: Subject, expected: readonly Expected[]): Promise<Verdict> {
  for (const { call, results } of expected) {
    for (let policy = 0; policy < 3; policy++) {
      try {
        const got = await onDevice(device, name, entry, call);
        const wrong = Object.entries(results).find(([result, data]) => data.some((x, i) => !Object.is(x, got[result]?.[i])));
        if (wrong !== undefined) return { kind: 'wrong', how: wrong[0] };
      } catch (error) {
        return { kind: 'reported', how: error instanceof Error ? error.message : String(error) };
      }
    }
  }
  return { kind: 'survived', how: '' };
}

/** Mutants that may survive: a pattern of their names, and why the synchronisation is not needed there. */
export interface Excuse { readonly mutants: string; readonly reason: string }

/** The checked-in excuses. */
export const excuses: readonly Excuse[] = JSON.parse(readFileSync(fileURLToPath(new URL('excuses.json', root('test/emulator/'))), 'utf8'));

/** The repository, whether this runs from sources or compiled. */
export function root(below = ''): URL {
  const here = fileURLToPath(import.meta.url);
  return new URL(here.includes('/build/ts/') ? `../../../../${below}` : `../../${below}`, import.meta.url);
}

/** The first excuse whose pattern the name matches. */
export const excuseFor = (name: string): Excuse | undefined => excuses.find((e) => new RegExp(e.mutants).test(name));

/** The package's own kernels. */
export const ownKernels = (manifest: Manifest): MutationOptions => ({ manifest, generated: fileURLToPath(root('kernels-generated')), device: fileURLToPath(root('codegen/device')) });
