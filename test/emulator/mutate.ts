import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gxx } from '../../codegen/build.js';
import { emulatedObject, engineObject, installEmulator, launchesByFile } from '../../codegen/emulator.js';
import type { Manifest } from '../../dsl/manifest.js';
import type { Device } from '../../runtime/device.js';
import { openEmulator } from '../../runtime/emulator.js';
import { type Call, onDevice, prepare } from '../kit/call.js';
import { lengthOf, roomyCases, type Sizes, valuesOf } from './cases.js';
import { chosen, type Mutant, onlyLaunches, withChoices } from './mutants.js';
import { allMutants, allSubjects, headersOf, type Subject, subjectsOf, type Texts } from './subjects.js';

/** How a mutant came out; `how` says what gave it away. */
export type Verdict = { readonly kind: 'reported' | 'wrong' | 'survived'; readonly how: string };

/** What the unchanged text makes of a call. */
interface Expected { readonly call: Call; readonly results: Readonly<Record<string, Float64Array>> }

/** A folder of work in which mutants are compiled and run. */
export interface Mutation extends Disposable {
  /** All mutants of all kernels and headers. */
  readonly all: readonly Mutant[];
  /** Runs one of them until something gives it away. Rejects where the unchanged text already fails. */
  verdict(mutant: Mutant): Promise<Verdict>;
}

/** Finds out what the emulator makes of mutants of generated kernels and of the headers that they call. */
export function mutation(texts: Texts): Mutation {
  const work = mkdtempSync(join(tmpdir(), 'mutants-'));
  const all = allMutants(texts);
  const subjects = allSubjects(texts.manifest);
  const numbered = all.map((m, i) => [i + 1, m] as const);
  const installed = once(() => installTexts(texts, numbered, work));
  const compiled = kept(async (subject: Subject) => compileSubject(await installed(), subject, work, String(subjects.indexOf(subject))));
  let runs = 0;
  const run = async <T>(subject: Subject, number: number, use: (device: Device) => Promise<T>): Promise<T> =>
    withDevice(await installed(), await compiled(subject), subject, number, join(work, `run${runs++}`), use);
  const expectedOf = kept((subject: Subject) => run(subject, 0, (device) => original(device, subject)));
  return {
    all,
    async verdict(mutant) {
      const own = subjectsOf(subjects, texts, mutant);
      for (const subject of own) {
        const expected = await expectedOf(subject);
        const verdict = await run(subject, all.indexOf(mutant) + 1, (device) => judged(device, subject, expected));
        if (verdict.kind !== 'survived') return verdict;
      }
      return { kind: 'survived', how: own.length === 0 ? 'nothing calls it' : '' };
    },
    [Symbol.dispose]: () => rmSync(work, { recursive: true, force: true }),
  };
}

/** What is made when it is first asked for, of each subject once. */
function kept<T>(make: (subject: Subject) => Promise<T>): (subject: Subject) => Promise<T> {
  const known = new Map<Subject, Promise<T>>();
  return (subject) => {
    const made = known.get(subject) ?? make(subject);
    known.set(subject, made);
    return made;
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** Where all is that mutants are compiled from: texts with every mutant in them, the emulator's headers, its own code. */
interface Installed { readonly texts: string; readonly include: string; readonly engine: string }

async function installTexts({ manifest, generated, device }: Texts, numbered: readonly (readonly [number, Mutant])[], work: string): Promise<Installed> {
  const copy = (from: string, to: string, files: readonly string[]): void => {
    mkdirSync(join(to, 'cuda'), { recursive: true });
    for (const file of files) writeFileSync(join(to, 'cuda', file), withChoices(readFileSync(join(from, 'cuda', file), 'utf8'), numbered.filter(([, m]) => m.file === file)));
  };
  const [texts, headers] = [join(work, 'texts'), join(work, 'device')];
  copy(generated, texts, [...launchesByFile(manifest, ['sm_80', 'sm_90a']).keys()].map((f) => basename(f)));
  cpSync(device, headers, { recursive: true });
  copy(device, headers, headersOf(device));
  const include = installEmulator(work, headers);
  return { texts, include, engine: await engineObject(include) };
}

/** An object for each text of a variant, by the name of its library. */
async function compileSubject({ texts, include }: Installed, { name, entry, variant }: Subject, work: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const objects = new Map<string, string>();
  for (const [file, launches] of launchesByFile({ kernels: { [name]: { ...entry, variants: [variant] } } }, [variant.target])) {
    const source = join(work, folder, basename(file));
    const object = `${source}.o`;
    mkdirSync(join(work, folder), { recursive: true });
    writeFileSync(source, onlyLaunches(readFileSync(join(texts, file), 'utf8'), launches.map((l) => l.symbol)));
    await emulatedObject({ source, launches, include }, object);
    objects.set(`${basename(file, '.cu').replace(/\.sm_80$/, '')}.so`, object);
  }
  return objects;
}

/** Opens the emulator on one variant as one of its mutants; 0 is the original. */
async function withDevice<T>({ engine }: Installed, objects: ReadonlyMap<string, string>, { name, entry, variant }: Subject, number: number, folder: string, use: (device: Device) => Promise<T>): Promise<T> {
  try {
    mkdirSync(join(folder, 'emulator'), { recursive: true });
    const choice = join(folder, 'choice.cpp');
    writeFileSync(choice, `extern "C" const int ${chosen} = ${number};\n`);
    for (const [library, object] of objects) await gxx(['-fPIC', '-fvisibility=hidden', '-shared', choice, object, engine], join(folder, 'emulator', library));
    const manifest: Manifest = { kernels: { [name]: { ...entry, variants: [variant] } } };
    // On one processor a shared axis is not split, so loops over it take several turns.
    await using opened = openEmulator({ manifest, kernelsDir: folder, processors: 1, target: variant.target === 'sm_90a' ? 'sm_90a' : 'sm_80' });
    return await use(opened);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A seed whose numbers let loops over keys and rows take several turns, up to the last key where there are many. */
const manyRows = (sizes: Sizes): number => (lengthOf(sizes, 'k') > 200 ? lengthOf(sizes, 'k') - 1 : 139);

async function original(device: Device, { name, entry, variant }: Subject): Promise<readonly Expected[]> {
  const made: Expected[] = [];
  for (const sizes of roomyCases(name, entry, variant)) {
    const seed = manyRows(sizes);
    const call = prepare(entry, { sizes, seed, dtypes: variant.dtypes, values: valuesOf(entry, sizes, seed) });
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
export const ownKernels = (manifest: Manifest): Texts => ({ manifest, generated: fileURLToPath(root('kernels-generated')), device: fileURLToPath(root('codegen/device')) });
