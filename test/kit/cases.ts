import fc, { type Arbitrary } from 'fast-check';
import type { KernelDef } from '../../dsl/definition.js';
import type { Axis } from '../../dsl/index.js';
import type { ArgSpec, KernelEntry } from '../../dsl/manifest.js';
import { nodesOf } from '../../dsl/walk.js';
import type { Case, Given } from './call.js';
import { length, type LengthOptions } from './shapes.js';
import { type DeviceName, type Subject, subjectOf, type TestedKernel } from './subject.js';
import { roomFor } from './room.js';
import type { ValueOptions } from './values.js';

type Sizes = Case['sizes'];
/** By parameter name: one choice for all cases, or one that depends on a case's lengths and seed. */
export type PerCase<T> = Readonly<Record<string, T>> | ((sizes: Case['sizes'], seed: number) => Readonly<Record<string, T>>);

/** How cases of a kernel are drawn. Everything follows from the kernel unless said. */
export interface DrawOptions {
  /** How long axes are drawn; unless said up to 160 or two blocks of the schedule, at the edges of tiles, and axes of which a block takes few, up to 5. */
  readonly lengths?: Readonly<Record<Axis, LengthOptions>>;
  /** What lengths must obey: `({ q, k }) => ({ q: Math.min(q, k), k })`. */
  readonly possible?: (sizes: Case['sizes']) => Case['sizes'];
  /** Range of each parameter. Unless said: −2 to 2, scalars 0.1 to 1, indexes of a gather its axis and a little beyond. */
  readonly values?: PerCase<ValueOptions>;
  /** Parameters that are no random data: a number, an array, or a function of positions. */
  readonly inputs?: PerCase<Given>;
  /** The product of all lengths of a case at most, 2¹⁸ unless said; beyond it some axes stay short. */
  readonly work?: number;
}

/**
 * Cases of a kernel: every choice of dtypes and fixed sizes, lengths at tile edges, ragged parts with rows outside of them,
 * special values where each element is computed by itself. They shrink to the first choice and the smallest lengths.
 * @example const cases = await casesOf(scaled);
 * fc.assert(fc.asyncProperty(cases, async (c) => { await agrees(scaled, { devices: ['cpu'], ...c }); }));
 */
export const casesOf = async (kernel: TestedKernel, options: DrawOptions & { readonly file?: string | URL } = {}): Promise<Arbitrary<Case>> => drawnCases(await subjectOf(kernel, options.file), ['cpu'], options);

/** Likewise of a kernel whose source was read, at the edges of the blocks that these devices work in. */
export async function drawnCases({ source, entry, blocks }: Subject, on: readonly DeviceName[], options: DrawOptions): Promise<Arbitrary<Case>> {
  const [def] = source.variants;
  const lengths = { ...lengthsFor(await blocks(on)), ...options.lengths };
  return fc.record({
    variant: fc.constantFrom(...entry.variants),
    count: fc.integer({ min: 1, max: mostParts }),
    drawn: sizesOf(entry, lengths),
    seed: fc.nat(1e6),
    outside: fc.tuple(fc.nat(2), fc.nat(3)),
  }).map(({ variant, count, drawn, seed, outside }): Case => {
    const all = { ...Object.fromEntries(Object.entries(drawn).map(([axis, n]) => [axis, typeof n === 'number' ? n : n.slice(0, count)])), ...variant.fixed };
    const sizes = (options.possible ?? ((s: Sizes) => s))(related(entry, roomFor(all, Object.keys(variant.fixed), options.work ?? 2 ** 18, seed)));
    const inputs = perCase(options.inputs, sizes, seed);
    const values = Object.fromEntries(entry.params.map((p) => [p.name, { ...(def === undefined ? {} : natural(def, p, sizes)), ...perCase(options.values, sizes, seed)[p.name] }]));
    return { sizes, seed, outside, dtypes: variant.dtypes, values, inputs };
  });
}

const lengthsFor = (blocks: Readonly<Record<Axis, number>>): Readonly<Record<Axis, LengthOptions>> =>
  Object.fromEntries(Object.entries(blocks).map(([axis, block]) => [axis, block <= 4 ? { max: 5 } : { max: Math.max(160, 2 * block + 1), tile: block }]));

const mostParts = 3;

const perCase = <T>(given: PerCase<T> | undefined, sizes: Sizes, seed: number): Readonly<Record<string, T>> => (typeof given === 'function' ? given(sizes, seed) : given ?? {});

/** A length for every axis, of a ragged one for as many parts as there may be. The axes that ragged ones depend on are counted. */
function sizesOf(entry: KernelEntry, options: Readonly<Record<Axis, LengthOptions>>): Arbitrary<Sizes> {
  const rules = Object.entries(entry.sizes);
  const counted = rules.flatMap(([, rule]) => (rule.kind === 'ragged' ? [rule.by] : []));
  return fc.record(Object.fromEntries(rules.filter(([axis]) => !counted.includes(axis)).map(([axis, rule]): [Axis, Arbitrary<number | readonly number[]>] => {
    switch (rule.kind) {
      case 'fixed': return [axis, fc.constant(rule.sizes[0] ?? 1)];
      case 'dynamic': return [axis, length(options[axis])];
      case 'ragged': return [axis, fc.array(length({ max: 80, ...options[axis] }), { minLength: mostParts, maxLength: mostParts })];
      default: return rule satisfies never;
    }
  })));
}

/** Sizes in which axes that the kernel renames, splits or merges fit together. */
const related = (entry: KernelEntry, sizes: Sizes): Sizes =>
  (entry.follows ?? []).reduce((all: Sizes, { axis, of }) => (entry.sizes[axis]?.kind === 'dynamic' ? { ...all, [axis]: of.reduce((n, a) => n * Number(all[a] ?? 1), 1) } : all), sizes);

/** What a parameter may hold without a word from the author. */
function natural(def: KernelDef, p: ArgSpec, sizes: Sizes): ValueOptions {
  const nodes = nodesOf(def.results.map((r) => r.value));
  const indexed = nodes.flatMap((n) => (n.kind === 'gather' && isParameter(n.index, p.name) ? [n.axis] : []));
  const longest = Math.max(0, ...indexed.map((axis) => Math.max(0, ...[sizes[axis] ?? 0].flat())));
  if (p.dtype === 'i32') return indexed.length > 0 ? { min: -1, max: longest } : {};
  if (p.order.length === 0) return { min: 0.1, max: 1 };
  // Sums of infinities say little, and the largest numbers overflow in f32 where float64 does not.
  const isElementwise = nodes.every((n) => n.kind !== 'reduce' && n.kind !== 'dot' && n.kind !== 'topk');
  return isElementwise ? { specials: 0.1, among: [0, -0, NaN, Infinity, -Infinity] } : {};
}

function isParameter(e: KernelDef['results'][number]['value'], name: string): boolean {
  return e.kind === 'input' ? e.name === name : (e.kind === 'reaxis' || e.kind === 'cast') && isParameter(e.arg, name);
}
