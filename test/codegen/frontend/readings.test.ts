import { readdirSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { readKernels } from '../../../codegen/frontend/project.js';
import { evaluate } from '../../../codegen/graph/evaluate.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { roundTo } from '../../../dsl/dtype.js';
import { type AnyTensor, array, denseOf, type Kernel, transposed } from '../../../dsl/index.js';
import { specials, uniform } from '../../kit/values.js';

type AnyKernel = Kernel<(...inputs: never[]) => AnyTensor | Readonly<Record<string, AnyTensor>>>;
const isKernel = (x: unknown): x is AnyKernel => typeof x === 'function' && 'kernelName' in x;
const isTensor = (x: AnyTensor | Readonly<Record<string, AnyTensor>>): x is AnyTensor => 'dtype' in x && typeof x.dtype === 'string';

const files = [...readdirSync('runtime/kernels').filter((f) => f.endsWith('.ts')).map((f) => `runtime/kernels/${f}`), 'test/codegen/frontend/libraryKernels.ts'];
const sources = readKernels(files);
const modules = await Promise.all(files.map(async (f): Promise<Readonly<Record<string, unknown>>> => import(`../../../${f}`) as Promise<Readonly<Record<string, unknown>>>));
const called = new Map(modules.flatMap((m) => Object.values(m)).filter(isKernel).map((k) => [k.kernelName, k]));

type Data = Readonly<Record<string, Float64Array>>;
/** One part along every axis that lengths depend on: packed and unpacked are the same elements then. */
const lengthsOf = (def: KernelDef, drawn: readonly number[]): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(def.sizes).map(([axis, rule], i) => [axis, rule.kind === 'fixed' ? rule.size : partsOf(def).has(axis) ? 1 : (drawn[i % drawn.length] ?? 1)]));

/** Axes on which the lengths of others depend. */
const partsOf = (def: KernelDef): ReadonlySet<string> => new Set(Object.values(def.sizes).flatMap((rule) => (rule.kind === 'ragged' ? [rule.by] : [])));

function inputsOf(def: KernelDef, sizes: Readonly<Record<string, number>>, seed: number): Data {
  return Object.fromEntries(def.params.map((p, n) => {
    const length = p.order.reduce((l, a) => l * (sizes[a] ?? 1), 1);
    // A few specials among numbers that sum; integers stay small, since they are positions.
    const draw = (i: number): number => {
      const u = uniform(seed + n, i);
      if (p.dtype === 'i32') return Math.floor(u * 7) - 1;
      return u < 0.02 ? (specials[p.dtype][i % specials[p.dtype].length] ?? 0) : roundTo[p.dtype](u * 8 - 4);
    };
    return [p.name, Float64Array.from({ length }, (_, i) => draw(i))];
  }));
}

/** Places where running the author's code and evaluating what was read of it differ. */
function differences(def: KernelDef, drawn: readonly number[], seed: number, twist: (x: number) => number = (x) => x): readonly string[] {
  const kernel = called.get(def.name);
  if (!kernel) throw new Error(`${def.name} was read but is not exported`);
  const sizes = lengthsOf(def, drawn);
  const inputs = inputsOf(def, sizes, seed);
  const parts = partsOf(def);
  // What depends on a part without being packed by it keeps the part's axis.
  const isPackedBy = (a: string, order: readonly string[]): boolean => order.some((x) => { const rule = def.sizes[x]; return rule?.kind === 'ragged' && rule.by === a; });
  const packed = (order: readonly string[]): readonly string[] => order.filter((a) => !isPackedBy(a, order));
  const tensors = def.params.map((p) => array(inputs[p.name] ?? [], { axes: packed(p.order), shape: packed(p.order).map((a) => sizes[a] ?? 1), dtype: p.dtype }));
  const ragged = Object.keys(def.sizes).filter((a) => def.sizes[a]?.kind === 'ragged');
  const offsets = Object.fromEntries(ragged.map((a) => [a, [0, sizes[a] ?? 1]]));
  const stated = Object.fromEntries(Object.entries(sizes).filter(([a]) => !parts.has(a) && !ragged.includes(a)));
  return (['exact', 'rounded'] as const).flatMap((mode) => {
    const ran = kernel.reference(tensors, { sizes: stated, offsets, mode });
    const read = evaluate(def, inputs, sizes, { mode });
    return def.results.flatMap((r) => {
      const tensor = isTensor(ran) ? ran : ran[r.name];
      const run = tensor ? denseOf(transposed(tensor, packed(r.order))).data : [];
      const mine = read[r.name] ?? new Float64Array();
      if (mine.length !== run.length) return [`${def.name}.${r.name}: ${mine.length} elements read, ${run.length} run`];
      return [...mine].flatMap((x, i) => (Object.is(twist(x), run[i]) ? [] : [`${def.name}<${def.variant}>.${r.name}[${i}] ${mode}: read ${x}, run ${run[i]}`]));
    });
  });
}

describe('both readings of a kernel', () => {
  for (const source of sources) {
    for (const def of source.variants) {
      test.prop([fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 6, maxLength: 6 }), fc.nat()], { numRuns: 8 })(`of ${def.name} ${def.variant} agree bit for bit`, (drawn, seed) => {
        expect(differences(def, drawn, seed)).toEqual([]);
      });
    }
  }

  example('a reading that is off by one bit is found', () => {
    const [def] = sources.find((s) => s.name === 'rowShares')?.variants ?? [];
    expect(def && differences(def, [3, 4], 1, (x) => x * (1 + 2 ** -52)).length).toBeGreaterThan(0);
  });
});
