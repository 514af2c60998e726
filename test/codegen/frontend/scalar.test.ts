import { fc, test } from '@fast-check/vitest';
import { describe, expect, test as example } from 'vitest';
import { evalScalar, isIntegral, type Scalar } from '../../../dsl/scalar.js';
import { printScalar } from '../../../dsl/print.js';
import { body, readOne, readText, refusalsOf } from './source.js';

/** The map's scalar code in each kernel of a text. */
const scalarsOf = (text: string): readonly Scalar[] => readText(text).map((k) => {
  const made = k.variants[0]?.results[0]?.value;
  const map = made?.kind === 'cast' ? made.arg : made;
  if (map?.kind !== 'map') throw new Error('the kernel is not one map');
  return map.fn;
});

const scalar = (arrow: string): Scalar => {
  const [s] = scalarsOf(body(`map(x, y, ${arrow})`));
  if (!s) throw new Error('no scalar');
  return s;
};
const printed = (arrow: string): string => printScalar(scalar(arrow), ['x', 'y']);

const helpers = `const three = 3;
const table = { half: 1 / 2, big: 2 ** 60 };
const relu = (a) => Math.max(a, 0);
function mix(a, b, t = 0.25) { const d = b - a; return a + d * t; }
const inside = (a, lo, hi) => lo <= a && a < hi;
`;

interface Terms { readonly num: string; readonly bool: string }
/** Arrows as source text: every operator, function and binding of scalar code. */
const terms = fc.letrec<Terms>((tie) => ({
  num: fc.oneof({ maxDepth: 5, depthIdentifier: 'scalar' },
    fc.constantFrom('x', 'y', 'at.n', "sizeOf('n')", 'three', 'table.half', 'table.big', 'Math.PI', 'Math.E', 'Infinity', '-Infinity', 'NaN', '0', '-0', '1', '2.5', '1e-3', '7'),
    fc.tuple(tie('num'), fc.constantFrom('+', '-', '*', '/', '%', '**'), tie('num')).map(([a, op, b]) => `((${a}) ${op} (${b}))`),
    fc.tuple(fc.constantFrom('abs', 'sqrt', 'exp', 'log', 'log2', 'sin', 'cos', 'tanh', 'floor', 'ceil', 'trunc'), tie('num')).map(([f, a]) => `Math.${f}(${a})`),
    fc.tuple(fc.constantFrom('max', 'min'), fc.array(tie('num'), { maxLength: 4 })).map(([f, xs]) => `Math.${f}(${xs.join(', ')})`),
    fc.tuple(tie('num'), tie('num')).map(([a, b]) => `Math.pow(${a}, ${b})`),
    fc.tuple(tie('bool'), tie('num'), tie('num')).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    tie('num').map((a) => `-(${a})`),
    tie('bool').map((a) => `Number(${a})`),
    tie('num').map((a) => `relu(${a})`),
    fc.tuple(tie('num'), tie('num')).map(([a, b]) => `mix(${a}, ${b})`),
    tie('num').map((a) => `((({ u, v }) => u - v)({ u: ${a}, v: x }))`),
  ),
  bool: fc.oneof({ maxDepth: 5, depthIdentifier: 'scalar' },
    fc.tuple(tie('num'), fc.constantFrom('<', '<=', '>', '>=', '===', '!=='), tie('num')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('bool'), fc.constantFrom('&&', '||', '===', '!=='), tie('bool')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('bool').map((a) => `!(${a})`),
    fc.tuple(tie('num'), tie('num')).map(([a, b]) => `inside(${a}, ${b}, three)`),
    tie('num').map((a) => `Number.isNaN(${a})`),
    tie('num').map((a) => `Number.isFinite(${a})`),
  ),
}));
const arrow = fc.oneof(
  terms.num.map((e) => `(x, y, at) => ${e}`),
  fc.tuple(terms.num, terms.num).map(([a, e]) => `(x, y, at) => { const x0 = ${a}; const f = (y) => y * x0; return f(${e}) + x0; }`),
  terms.num.map((e) => `(x, y, { n }) => { const at = { n }; return ${e}; }`),
);
const specials = [0, -0, NaN, Infinity, -Infinity, 1, -1, 0.5, 2 ** 31, -(2 ** 31), 5e-324, Number.MAX_VALUE];
const operand = fc.oneof(fc.constantFrom(...specials), fc.double({ min: -8, max: 8, noNaN: true }), fc.double());

type Called = (x: number, y: number, at: { readonly n: number }) => number;
const called = (text: string, size: number): Called => new Function('sizeOf', `${helpers}; return ${text};`)(() => size) as Called;

/** Arrows of one batch whose reading and calling differ somewhere. */
function differences(arrows: readonly string[], inputs: readonly (readonly [number, number, number])[], twist: (value: number) => number = (v) => v): readonly string[] {
  const text = helpers + arrows.map((a, i) => `export const k${i} = kernel('k${i}', { n: 'dynamic' }, (x: In<'f32', ['n']>, y: In<'f32', ['n']>): Out<'f32', ['n']> => map(x, y, ${a}));`).join('\n');
  return scalarsOf(text).flatMap((s, i) => inputs.flatMap(([x, y, n]) => {
    const read = twist(evalScalar(s, { args: [x, y], pos: { n }, size: { n: 9 } }));
    const run = called(arrows[i] ?? '', 9)(x, y, { n });
    return Object.is(read, run) ? [] : [`${arrows[i]} at ${[x, y, n].join(', ')}: read ${read}, called ${run}`];
  }));
}

describe('reading an arrow', () => {
  const inputs = fc.array(fc.tuple(operand, operand, fc.nat({ max: 8 })), { minLength: 12, maxLength: 12 });
  test.prop([fc.array(arrow, { minLength: 20, maxLength: 20 }), inputs], { numRuns: 30 })('equals calling it, bit for bit, specials included', (arrows, points) => {
    expect(differences(arrows, points)).toEqual([]);
  });

  example('a reading that loses the sign of zero is found', () => {
    expect(differences(['(x, y) => x * y'], [[-0, 1, 0]], (v) => v + 0)).toHaveLength(1);
  });
});

describe('scalar code', () => {
  example('folds what is known at compile time', () => {
    expect(printed('(x) => x * (2 ** 10 - 24) + Math.max(1, 2, Math.sqrt(9))')).toMatchInlineSnapshot(`"x * 1000 + 3"`);
    expect(printed("(x) => ('a' === 'b' ? x : Math.PI > 3 && x < 2 ? 1 : x)")).toMatchInlineSnapshot(`"x < 2 ? 1 : x"`);
  });

  example('> and >= swap, !== is not of ===', () => {
    expect(printed('(x, y) => (x > y || x >= 2) && x !== y ? x : y')).toMatchInlineSnapshot(`"(y < x || 2 <= x) && not(x === y) ? x : y"`);
  });

  example('max of several nests from the left', () => {
    expect(printed('(x, y, at) => Math.max(x, y, at.n)')).toMatchInlineSnapshot(`"max(max(x, y), @n)"`);
  });

  example('positions come by name, destructured or computed', () => {
    expect(printed('(x, y, { n: m }) => x + m')).toBe(printed('(x, y, at) => x + at.n'));
    expect(printed("(x, y, at) => x + at['n']")).toBe(printed('(x, y, at) => x + at.n'));
  });

  example('an operand has the place and the name that its arrow gives it', () => {
    const s = scalar('(left, y) => left');
    expect(s.span).toMatchObject({ file: 'author.ts', line: 1, text: 'left', binding: 'left' });
  });

  example('a const names the node that it holds', () => {
    const s = scalar('(x, y) => { const ratio = x / y; return ratio; }');
    expect(s.span).toMatchObject({ text: 'x / y', binding: 'ratio' });
  });

  example('spelling never decides whether code is integral', () => {
    expect(isIntegral(scalar('(x, y, at) => at.n + 1.0'), () => false)).toBe(true);
    expect(isIntegral(scalar('(x, y, at) => at.n * 0.5'), () => false)).toBe(false);
  });

  example('functions as values are called like arrows', () => {
    expect(printed('Math.pow')).toBe(printed('(x, y) => Math.pow(x, y)'));
    // Called by map, Math.max would see the positions too, and yield NaN.
    expect(refusalsOf(body('map(x, y, Math.max)'))).toEqual([expect.stringContaining('F063: Math.max: an operand is the positions')]);
    expect(printScalar(readOne(`export const k = kernel('k', { n: 'dynamic' }, (x: In<'f32', ['n']>): Out<'f32', ['n']> => map(x, silu));`).results.flatMap((r) => (r.value.kind === 'map' ? [r.value.fn] : []))[0] ?? scalar('(x) => x'), ['x']))
      .toMatchInlineSnapshot(`"x / (1 + exp(-x))"`);
  });

  example('numbers as conditions are refused', () => {
    for (const bad of ['(x, y) => (x && y)', '(x, y) => (x || 1)', '(x) => (x ? 1 : 2)', '(x) => (!x ? 1 : 2)']) {
      expect(refusalsOf(body(`map(x, y, ${bad})`))).toEqual([expect.stringMatching(/F062: (&&|\|\||\? :|!): an operand is a number; it needs comparisons, as in x !== 0$/)]);
    }
  });
});
