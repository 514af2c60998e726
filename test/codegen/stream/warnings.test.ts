import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../../codegen/diagnose.js';
import { stream } from '../../../codegen/stream/derive.js';
import { warnings } from '../../../codegen/stream/warnings.js';
import { readText } from '../frontend/source.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import { programs } from './programs.js';

const told = (text: string): readonly string[] => readText(text).flatMap((k) => k.variants.slice(0, 1).flatMap((def) => warnings(def, stream(def)).map((w) => formatDiagnostic(w, () => undefined))));
const codes = (text: string): readonly string[] => told(text).map((t) => / (W\d+):/.exec(t)?.[1] ?? t);

const row = (k: string, body: string): string => `export const a = kernel('a', { q: 'dynamic', k: ${k} }, (x: In<'f32', ['q', 'k']>): Out<'f32', ['q']> => ${body});`;

describe('a warning', () => {
  test('of all fixtures of the derivation goes to those that are unsafe as written, and to no other', () => {
    const found = [...programs('columns', 'general', 'masks', 'neighbours', 'scorers', 'statistics', 'variants')].flatMap(([name, def]) => warnings(def, stream(def)).map((w) => `${name} ${w.code}`));
    expect(found).toMatchInlineSnapshot(`
      [
        "rounded16 W001",
        "unsafe W001",
      ]
    `);
  });

  test('goes to none of the kernels that run models', () => {
    const files = ['causalAttention', 'queryNll', 'tailScore', 'rmsNorm', 'swiglu', 'queryAttention'].map((f) => `runtime/kernels/${f}.ts`);
    expect(readKernels(files).flatMap((k) => k.variants.flatMap((def) => warnings(def, stream(def))))).toEqual([]);
  });

  test('W001 says what was done for a sum of exponentials without their maximum', () => {
    expect(told(row("'dynamic'", "map(sum(map(x, (x) => Math.exp(x / 2)), 'k'), (l) => Math.log(l))"))).toMatchInlineSnapshot(`
      [
        "author.ts:1:133  warning W001: Math.exp(x / 2) is summed over 'k' with no maximum subtracted, which overflows for large exponents; a running maximum is subtracted for you, with equal results wherever this form is finite
      note: to say so yourself, subtract max(…, 'k') inside the exponential; the kernel stays the same",
      ]
    `);
  });

  test('W001 is not said where the author subtracts a maximum, or wants the sum itself', () => {
    expect(codes(row("'dynamic'", "{ const m = max(x, 'k'); return map(sum(map(x, m, (x, m) => Math.exp(x - m)), 'k'), m, (l, m) => m + Math.log(l)); }"))).toEqual([]);
    expect(codes(row("'dynamic'", "logSumExp(x, 'k')"))).toEqual([]);
    expect(codes(row("'dynamic'", "sum(map(x, (x) => Math.exp(x)), 'k')"))).toEqual([]);
  });

  test.each([
    "{ const mean = map(sum(x, 'k'), (s) => s / sizeOf('k')); return map(sum(map(x, (x) => x * x), 'k'), mean, (s, mean) => s / sizeOf('k') - mean * mean); }",
    "map(map(sum(map(x, (x) => x ** 2), 'k'), (s) => s / 7), map(sum(x, 'k'), (s) => s / 7), (a, b) => a - b ** 2)",
    "map(dot(x, x, 'k'), sum(x, 'k'), (s, t) => s - (t * 0.5) * (t * 0.5))",
    "{ const square = map(sum(x, 'k'), (s) => (s / 3) ** 2); return map(dot(x, x, 'k'), square, (s, square) => s / 3 - square); }",
  ])('W002 finds a variance that cancels: %s', (body) => expect(codes(row("'dynamic'", body))).toEqual(['W002']));

  test.each([
    "{ const mean = map(sum(x, 'k'), (s) => s / sizeOf('k')); return sum(map(x, mean, (x, mean) => (x - mean) ** 2), 'k'); }",
    "map(sum(map(x, (x) => x * x), 'k'), sum(map(x, (x) => Math.abs(x)), 'k'), (s, a) => s - a * a)",
    "map(sum(map(x, (x) => x * x), 'k'), sum(x, 'k'), (s, a) => s + a * a)",
  ])('W002 is not said of %s', (body) => expect(codes(row("'dynamic'", body))).toEqual([]));

  test('W003 is said where no maximum is subtracted: over a short fixed axis, and of powers', () => {
    const share = (fn: string): string => `export const a = kernel('a', { q: 'dynamic', k: 16 }, (x: In<'f32', ['q', 'k']>): Out<'f32', ['q', 'k']> => { ${fn} });`;
    expect(told(share("const e = map(x, (x) => Math.exp(x)); return map(e, sum(e, 'k'), (e, l) => e / l);"))).toMatchInlineSnapshot(`
      [
        "author.ts:1:135  warning W003: Math.exp(x) is normalised by its sum over 'k' with no maximum subtracted: it overflows for large exponents, and where all are very small it divides 0 by 0
      note: subtract max(…, 'k') inside the exponential; quotients stay the same, and a logarithm of the sum lacks just that maximum",
      ]
    `);
    expect(codes(row("'dynamic'", "map(sum(map(x, (x) => 2 ** x), 'k'), (l) => Math.log2(l))"))).toEqual(['W003']);
    expect(codes(share("return softmax(x, 'k');"))).toEqual([]);
    expect(codes(share("const l = sum(map(x, (x) => x * x), 'k'); return map(x, l, (x, l) => Math.exp(x) / l);"))).toEqual([]);
  });
});
