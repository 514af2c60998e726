import { describe, expect, test } from 'vitest';
import { body, refusalsOf } from './source.js';

/** What is said about a statement before the return. */
const statement = (text: string): readonly string[] => refusalsOf(body(`{ ${text}\nreturn map(x, (x) => x); }`)).map((t) => t.replace(/^.*error /, ''));
/** What is said about the expression of an arrow. */
const expression = (text: string): readonly string[] => refusalsOf(body(`map(x, y, (x, y) => ${text})`)).map((t) => t.replace(/^.*error /, ''));

describe('syntax outside the language', () => {
  test.each([
    ['for (;;) {}', 'F030: for: '], ['for (const i in x) {}', 'F030: for…in: '], ['while (true) {}', 'F030: while: '], ['do {} while (true);', 'F030: do…while: '],
    ['var a = 1;', 'F031: var a: '], ['let a;', 'F031: let a: '], ['const o = { a: 1 }; o.a = 2;', 'F032: assignment (=): '],
    ['class A {}', 'F033: class: '], ['const o = { get a() { return 1; } };', 'F033: get: '], ['const o = { a() { return 1; } };', 'F033: a method: '],
    ['try {} catch {}', 'F035: try: '], ["throw new Error('no');", 'F035: throw: '], ['if (true) {}', 'F036: if: '], ['switch (1) {}', 'F036: switch: '],
    ['const o = { ...x };', 'F038: spread: '], ['const [a, ...b] = [1, 2];', 'F038: spread: '], ['const f = (...a) => a; const b = f(1);', 'F038: a rest parameter: '],
    ['debugger;', 'F040: debugger: '], ['enum Mode { A }', 'F040: enum: '], ['a: {}', 'F040: a label: '], ['{}', 'F040: block: '],
    ['const f = function* () { return 1; }; const b = f();', 'F034: a generator: '],
  ])('%s', (text, told) => {
    expect(statement(text)).toEqual([expect.stringContaining(told)]);
  });

  test.each([
    ['x++', 'F032: ++ and --: '], ['--x', 'F032: ++ and --: '], ['(x *= 2)', 'F032: assignment (*=): '], ['await x', 'F034: await: '], ['this.x', 'F033: this: '],
    ['x & 1', 'F041: &: '], ['x >> 1', 'F041: >>: '], ['~x', 'F041: ~: '], ['(x, y)', 'F041: ,: '], ['typeof x', 'F041: typeof: '], ['void x', 'F041: void: '],
    ['x != y ? 1 : 0', 'F041: !=: '], ["'a' in x", 'F041: in: '], ['x instanceof Number', 'F041: instanceof: '], ['/a/.test(x)', 'F037: a regular expression: '],
    ['Math?.abs(x)', 'F039: ?.: '], ['Math.hypot(x, y)', 'F056: Math.hypot '], ['Date.now()', 'F051: call of `Date.now`: '], ['parseInt(x)', 'F051: call of `parseInt`: '],
    ['Number.parseFloat(x)', 'F056: Number.parseFloat '], ['(x < y) + 1', 'F060: +: an operand is a comparison; '], ['import.meta.dirname', 'F040: meta property: '],
  ])('%s', (text, told) => {
    expect(expression(text)).toEqual([expect.stringContaining(told)]);
  });

  test('functions declared without a body cannot be followed', () => {
    expect(refusalsOf(`declare function secret(x: number): number;\n${body('map(x, (x) => secret(x))')}`)).toEqual([expect.stringContaining('F051: call of `secret`')]);
    expect(refusalsOf(`import { far } from './nowhere.js';\n${body('map(x, (x) => far(x))')}`)).toEqual([expect.stringContaining('F051: call of `far`')]);
  });
});
