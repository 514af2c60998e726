import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { KernelDef } from '../../../dsl/definition.js';
import { CompileError } from '../../../dsl/diagnostic.js';
import type { Axis, TensorExpr } from '../../../dsl/expr.js';
import { cast, dot, gather, input, map, reaxis, reduce, topk } from '../../../dsl/ops.js';
import { binary, lit, pos, size, unary } from '../../../dsl/scalar.js';
import { compileKernel, targets } from '../../../codegen/compile.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { expectAgreement } from '../tile/agreement.js';
import { at, dynamic, exp2, fixed, launchOf, mul, named, sub, x0, x1 } from '../tile/programs.js';

const small = { ...targets.cpu, tileLimit: 6 * 1024 };
type Sizes = KernelDef['sizes'];
type Results = Parameters<typeof launchOf>[2];
const kernel = (name: string, sizes: Sizes, results: Results, inputs: readonly TensorExpr[]): KernelDef => launchOf(name, sizes, results, inputs).def;
const free: Sizes = { t: dynamic, e: dynamic, f: dynamic, k: dynamic, n: dynamic, g: dynamic };
const only = (...axes: readonly Axis[]): Sizes => Object.fromEntries(axes.map((a) => [a, free[a] ?? dynamic]));

const x = input('x', 'f32', ['t', 'e'], at);
const w = input('w', 'f32', ['f', 'e'], at);
const doubled = map(mul(x0, lit(2)), [x], named('doubled'));
const rowSum = reduce('sum', x, 'e', named('rowSum'));
const columnSum = reduce('sum', x, 't', named('columnSum'));
const half = map(unary('floor', binary('div', pos('n'), lit(2))), [], named('index'), ['n']);

/** Kernels, the launches they become, and why. */
const programs: readonly (readonly [claim: string, def: KernelDef, launches: number])[] = [
  ['a topk sorts memory, so its computed rows are written first', kernel('best', only('t', 'e', 'n'), [['out', ['t', 'n'], topk(doubled, 'e', size('n'), 'n', named('out'))]], [x]), 2],
  ['a topk of a parameter is one launch', kernel('bestOfInput', only('t', 'e', 'n'), [['out', ['t', 'n'], topk(x, 'e', size('n'), 'n', named('out'))]], [x]), 1],
  ['what follows a topk reads it from memory', kernel('chosen', only('t', 'e', 'n'), [['out', ['t', 'n'], gather(x, 'e', topk(x, 'e', size('n'), 'n', named('index')), 0, named('out'))]], [x]), 2],
  ['a gather from computed elements gathers first', kernel('picked', only('t', 'e', 'n'), [['out', ['t', 'n'], gather(doubled, 'e', half, -1, named('out'))]], [x]), 1],
  ['a gather from sums needs the sums in memory', kernel('pickedSums', only('t', 'e', 'n'), [['out', ['n'], gather(rowSum, 't', half, -1, named('out'))]], [x]), 2],
  ['results on different grids are different launches', kernel('bothSums', only('t', 'e'), [['rows', ['t'], rowSum], ['columns', ['e'], columnSum]], [x]), 2],
  ['sums over both axes of a result: one is walked, the other stands in memory', kernel('centred', only('t', 'e'), [['out', ['t', 'e'], map(sub(binary('add', x0, x1), arg2()), [x, rowSum, columnSum], named('out'))]], [x]), 2],
  ['a statistic that most blocks would repeat is computed once', kernel('scaled', only('t', 'e', 'f'), [['out', ['t', 'f'], map(mul(x0, x1), [rowSum, input('y', 'f32', ['t', 'f'], at)], named('out'))]], [x, input('y', 'f32', ['t', 'f'], at)]), 2],
  ['a statistic beside a product over the same axis is computed along', kernel('normed', only('t', 'e', 'f'), [['out', ['t', 'f'], map(binary('div', x0, binary('add', x1, lit(9))), [dot(x, w, 'e', named('y')), rowSum], named('out'))]], [x, w]), 1],
  ['a fixed short axis is reduced in its tile', kernel('short', { t: dynamic, e: fixed(5) }, [['out', ['t'], reduce('max', x, 'e', named('out'))], ['same', ['t', 'e'], map(exp2(x0), [x], named('same'))]], [x]), 1],
  ['scores too large to keep are computed again for every block of columns', kernel('mixed', { t: dynamic, e: dynamic, k: dynamic, d: dynamic },
    [['out', ['t', 'd'], dot(map(exp2(x0), [dot(x, input('y', 'f32', ['k', 'e'], at), 'e', named('s'))], named('p')), input('v', 'f32', ['k', 'd'], at), 'k', named('out'))]],
    [x, input('y', 'f32', ['k', 'e'], at), input('v', 'f32', ['k', 'd'], at)]), 1],
  ['the place of the largest product is found while products come by', kernel('largest', { t: dynamic, e: dynamic, f: dynamic, n: fixed(1) }, [['out', ['t', 'n'], topk(dot(x, w, 'e', named('y')), 'f', lit(1), 'n', named('out'))]], [x, w]), 1],
  ['of equals, the lower place', kernel('lowest', { t: dynamic, e: dynamic, n: fixed(1) }, [['out', ['t', 'n'], topk(map(unary('floor', x0), [x], named('y')), 'e', lit(1), 'n', named('out'))]], [x]), 1],
  ['a cast to whole numbers truncates', kernel('whole', only('t', 'e'), [['out', ['t', 'e'], cast('i32', map(mul(x0, lit(7)), [x], named('y')), named('out'))]], [x]), 1],
  ['a renamed parameter is a view of the same memory', kernel('gram', { t: dynamic, k: dynamic, e: dynamic }, [['out', ['t', 'k'], dot(x, reaxis(x, { kind: 'rename', from: 't', to: 'k' }, at), 'e', named('out'))]], [x]), 1],
  ['a merged result is stored under the axes it has', kernel('heads', { t: dynamic, e: dynamic, g: dynamic, d: fixed(3), f: dynamic },
    [['out', ['t', 'f'], reaxis(dot(x, input('v', 'f32', ['g', 'd', 'e'], at), 'e', named('y')), { kind: 'merge', outer: 'g', inner: 'd', size: 3, to: 'f' }, named('out'))]], [x, input('v', 'f32', ['g', 'd', 'e'], at)]), 1],
  ['a split parameter is a view of the same memory', kernel('split', { t: dynamic, e: dynamic, g: dynamic, d: fixed(3) },
    [['out', ['g', 't', 'd'], map(binary('add', mul(x0, lit(2)), pos('d')), [reaxis(map(binary('add', x0, pos('e')), [x], named('y')), { kind: 'split', from: 'e', outer: 'g', inner: 'd', size: 3 }, at)], named('out'))]], [x]), 1],
];

function arg2() {
  return { kind: 'arg' as const, index: 2, span: at };
}

/** Lengths that fit together where axes are views of one another. */
function sizesOf(def: KernelDef, lengths: readonly number[]): Readonly<Record<Axis, number>> {
  const sizes: Record<Axis, number> = {};
  Object.entries(def.sizes).forEach(([axis, rule], i) => { sizes[axis] = rule.kind === 'fixed' ? rule.size : (lengths[i] ?? 1); });
  if (def.name === 'gram') sizes.k = sizes.t ?? 0;
  if (def.name === 'heads') sizes.f = (sizes.g ?? 0) * 3;
  if (def.name === 'split') sizes.e = (sizes.g ?? 0) * 3;
  return sizes;
}

describe.each(programs)('%s', (_claim, def, launches) => {
  const compiled = compileKernel(def, small);
  test('has that many launches', () => expect(compiled.launches.length).toBe(launches));
  property.prop([fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 }), fc.nat()], { numRuns: 25 })('equals its graph', (lengths, seed) => {
    expectAgreement(def, compiled.launches.map((l) => l.kernel), sizesOf(def, lengths), seed);
  });
});

const refused = (def: KernelDef): string => {
  try {
    compileKernel(def, small);
  } catch (error) {
    if (error instanceof CompileError) return error.message;
    throw error;
  }
  return 'compiled';
};

describe('refusals', () => {
  test('L101: scratch as large as the product of two sequences', () => {
    const q = input('q', 'f32', ['t', 'e'], at);
    const k = input('k', 'f32', ['k', 'e'], at);
    expect(refused(kernel('all', only('t', 'k', 'e', 'n'), [['out', ['t', 'n'], topk(dot(q, k, 'e', named('s')), 'k', size('n'), 'n', named('out'))]], [q, k]))).toMatchInlineSnapshot(`"<built>:0:0  error L101: \`s\` [t, k] would have to stand in memory whole, 't' times 'k' large; return what is reduced from it and take that as an input of a second kernel"`);
  });
  test('L101 as well where the scores are scaled before a softmax walks them', () => {
    const [k] = readKernels(['deep.ts'], { sources: { 'deep.ts': `import { dot, type In, kernel, map, type Out, softmax } from 'warpfold/dsl';
export const deep = kernel('deep', { q: 'dynamic', k: 'dynamic', d: 'dynamic' }, (q: In<'f32', ['q', 'd']>, k: In<'f32', ['k', 'd']>, v: In<'f32', ['k', 'd']>): Out<'f32', ['q', 'd']> =>
  dot(softmax(map(dot(q, k, 'd'), (s) => s * 2), 'k'), v, 'k'));
` } });
    expect(k?.variants.map(refused)).toEqual([expect.stringMatching(/^deep\.ts:3:19 {2}error L101: `dot\(q, k, 'd'\)` \[q, k\] would have to stand in memory whole/)]);
  });
  test('L101 says when a fixed size would do', () => {
    const [q, k, v] = [input('q', 'f32', ['t', 'd'], at), input('k', 'f32', ['k', 'd'], at), input('v', 'f32', ['k', 'd'], at)];
    const def = kernel('wide', { t: dynamic, k: dynamic, d: dynamic }, [['out', ['t', 'd'], dot(map(exp2(x0), [dot(q, k, 'd', named('s'))], named('p')), v, 'k', named('out'))]], [q, k, v]);
    const notes = (): readonly string[] => {
      try {
        compileKernel(def, small);
      } catch (error) {
        if (error instanceof CompileError) return error.diagnostics.flatMap((d) => d.notes);
      }
      return [];
    };
    expect(notes()).toEqual(["'d' is an axis of the result and is contracted on the way to it; with a fixed size of at most 256 for 'd' nothing need stand in memory"]);
    expect(compileKernel({ ...def, sizes: { ...def.sizes, d: fixed(16) } }, small).launches.length).toBe(1);
  });
  test('L102: axes that do not stand side by side cannot be merged in place', () => {
    const y = input('y', 'f32', ['g', 't', 'd'], at);
    expect(refused(kernel('apart', { g: dynamic, t: dynamic, d: fixed(4), f: dynamic }, [['out', ['t', 'f'], map(exp2(x0), [reaxis(y, { kind: 'merge', outer: 'g', inner: 'd', size: 4, to: 'f' }, at)], named('out'))]], [y]))).toMatchInlineSnapshot(`"<built>:0:0  error L102: merge of 'g' and 'd': \`y\` [g, t, d] cannot be read that way in place; axes to merge stand side by side in memory, and a new axis must not be reduced inside"`);
  });
  test('L103: an axis that must be whole and does not fit', () => {
    const wide = input('wide', 'f32', ['t', 'e'], at);
    expect(refused(kernel('wide', { t: dynamic, e: fixed(250), f: fixed(250) }, [['out', ['t', 'f'], dot(wide, input('v', 'f32', ['e', 'f'], at), 'e', named('y'))], ['back', ['t', 'e'], dot(dot(wide, input('v', 'f32', ['e', 'f'], at), 'e', named('y')), input('u', 'f32', ['f', 'e'], at), 'f', named('z'))]], [wide, input('v', 'f32', ['e', 'f'], at), input('u', 'f32', ['f', 'e'], at)]))).toMatchInlineSnapshot(`"<built>:0:0  error L103: no schedule fits cpu: a block needs 492 KiB of tiles, 6 KiB are there; \`vTile\` [f 250, e 250] is the widest"`);
  });
});
