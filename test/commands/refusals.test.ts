import { describe, expect, test } from 'vitest';
import { folder, warpfold } from './command.js';

const head = "import { dot, type In, kernel, map, max, type Out, sum } from 'warpfold/dsl';\n";

/** What `warpfold compile my.ts` says of a file that it refuses. */
function refusal(body: string): string {
  const cwd = folder({ 'my.ts': `${head}${body}\n` });
  const { code, stdout, stderr } = warpfold(['compile', 'my.ts'], cwd);
  expect(code).toBe(1);
  expect(stdout).toBe('');
  return stderr.trimEnd();
}

describe('a file that cannot be compiled gets its place, the reason and the remedy', () => {
  test('a captured variable that changes', () => {
    expect(refusal(`let gain = 2;
gain = 3;
export const scaled = kernel('scaled', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> =>
  map(x, (x) => x * gain));`)).toBe(`my.ts:5:21  error F055: \`gain\` can change: it is declared with let; capture a const
   5 |   map(x, (x) => x * gain));
     |                     ^^^^
note: declared at my.ts:2
note: assigned at my.ts:3: gain = 3`);
  });

  test('a loop', () => {
    expect(refusal(`export const total = kernel('total', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> => {
  for (let i = 0; i < 3; i++) x = map(x, (x) => x + 1);
  return x;
});`)).toBe(`my.ts:3:3  error F030: for: loops are reductions over an axis: sum(x, 'k')
   3 |   for (let i = 0; i < 3; i++) x = map(x, (x) => x + 1);
     |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`);
  });

  test('a class', () => {
    expect(refusal(`export const boxed = kernel('boxed', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> => {
  class Box { readonly value = 1 }
  return map(x, (x) => x + 1);
});`)).toBe(`my.ts:3:3  error F033: class: a kernel is made of functions and values; use a function or an object literal
   3 |   class Box { readonly value = 1 }
     |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^`);
  });

  test('an unknown call', () => {
    expect(refusal(`export const timed = kernel('timed', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> =>
  map(x, (x) => x + Date.now()));`)).toBe(`my.ts:3:21  error F051: call of \`Date.now\`: its source cannot be followed; call a primitive, Math.* or a function written in TypeScript
   3 |   map(x, (x) => x + Date.now()));
     |                     ^^^^^^^^`);
  });

  test('a contraction over an axis that one side lacks', () => {
    expect(refusal(`export const wrong = kernel('wrong', { q: 'dynamic', k: 'dynamic', d: 64 }, (q: In<'f32', ['q', 'd']>, v: In<'f32', ['k']>): Out<'f32', ['q', 'k']> =>
  dot(q, v, 'd'));`)).toContain("my.ts:3:3  error T012: dot over 'd': `v` has axes [k], no 'd'");
  });

  test('a cascade that cannot stream', () => {
    expect(refusal(`export const capped = kernel('capped', { q: 'dynamic', k: 'dynamic' }, (s: In<'f32', ['q', 'k']>): Out<'f32', ['q']> => {
  const m = max(s, 'k');
  return sum(map(s, m, (s, m) => Math.tanh(s - m)), 'k');
});`)).toBe(`my.ts:4:34  error S103: not streamable: tanh of (s − m), where m is the max of s over 'k' (line 3)
   4 |   return sum(map(s, m, (s, m) => Math.tanh(s - m)), 'k');
     |                                  ^^^^^^^^^^^^^^^^
note: tanh mixes s and m; only exponential polynomials of m can follow m when it moves. tanh of s alone is fine.`);
  });

  test('two mistakes are both told', () => {
    expect(refusal(`export const a = kernel('a', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> => map(x, (x) => x + Date.now()));
export const b = kernel('b', { q: 'dynamic' }, (x: In<'f32', ['q']>): Out<'f32', ['q']> => map(x, (x) => x + Math.random()));`)).toMatch(/error F051[\s\S]*error F056[\s\S]*\n2 errors$/);
  });

  test('a file that is not there, and one without kernels', () => {
    expect(warpfold(['compile', 'none.ts'], folder()).stderr).toContain('none.ts:1:1  error F002: there is no file of this name; paths are relative to the folder where the command runs');
    expect(warpfold(['compile', 'my.ts'], folder({ 'my.ts': 'export const x = 1;\n' })).stderr).toContain('my.ts: no kernel is exported here');
  });
});
