import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { KernelEntry, Manifest, Variant } from '../../dsl/manifest.js';
import { copiesBoxes } from './cases.js';
import { functionAround, isDefinition, type Mutant, mutantsOf, onlyLaunches } from './mutants.js';

/** Where generated texts lie. */
export interface Texts {
  readonly manifest: Manifest;
  /** The folder with `cuda/*.cu`, and that of the device headers. */
  readonly generated: string;
  readonly device: string;
}

/** One variant of a kernel whose text a mutant changes. */
export interface Subject { readonly name: string; readonly entry: KernelEntry; readonly variant: Variant }

/** Headers whose twins run instead. */
const twins = ['primitives.cuh', 'asynchronous.cuh', 'wgmma.cuh'];

/** Headers of the device that kernels are emulated with. */
export const headersOf = (device: string): readonly string[] => readdirSync(join(device, 'cuda')).filter((f) => !twins.includes(f)).sort();

/** All mutants of all kernels and headers. */
export function allMutants({ generated, device }: Texts): readonly Mutant[] {
  const kernels = readdirSync(join(generated, 'cuda')).filter((f) => f.endsWith('.cu')).sort();
  return [[generated, kernels] as const, [device, headersOf(device)] as const].flatMap(([folder, files]) => files.flatMap((f) => mutantsOf(f, readFileSync(join(folder, 'cuda', f), 'utf8'))));
}

/** Every variant that has text for the emulator. */
export const allSubjects = ({ kernels }: Manifest): readonly Subject[] =>
  Object.entries(kernels).flatMap(([name, entry]) => entry.variants.filter((v) => v.target === 'sm_80' || copiesBoxes(v)).map((variant): Subject => ({ name, entry, variant })));

/** Of some variants those that run the mutated text: that of its launch, or for a header those that call its function. */
export function subjectsOf(all: readonly Subject[], { generated, device }: Texts, { file, owner }: Mutant): readonly Subject[] {
  if (file.endsWith('.cu')) return all.filter((s) => s.variant.launches.some((l) => l.symbol === owner && basename(l.file) === file));
  const call = new RegExp(`\\b(?:${callersOf(readFileSync(join(device, 'cuda', file), 'utf8'), [owner]).join('|')})[<(]`);
  return all.filter((s) => s.variant.launches.some((l) => call.test(onlyLaunches(readFileSync(join(generated, l.file), 'utf8'), [l.symbol]))));
}

/** Functions of a header and those of it that call them. */
export function callersOf(text: string, owners: readonly string[]): readonly string[] {
  const calls = [...text.matchAll(new RegExp(`\\b(?:${owners.join('|')})[<(]`, 'g'))].filter((m) => !isDefinition(text, m.index));
  const found = new Set([...owners, ...calls.map((m) => functionAround(text, m.index)).filter((name) => name !== '')]);
  return found.size === owners.length ? owners : callersOf(text, [...found]);
}
