import { describe, expect, test } from 'vitest';
import { printKernel } from '../../../dsl/print.js';
import { nodesOf } from '../../../dsl/walk.js';
import type { KernelDef } from '../../../dsl/definition.js';
import { body, readOne, refusalsOf } from './source.js';

const nodes = (def: KernelDef) => nodesOf(def.results.map((r) => r.value)).filter((n) => n.kind !== 'input');
const places = (def: KernelDef): readonly string[] => nodes(def).map((n) => `${n.span.file}:${n.span.line}:${n.span.column} ${n.span.binding ?? '–'} ${n.span.text}`);

describe('a body', () => {
  test('becomes one node per call, under the names of its bindings', () => {
    expect(printKernel(readOne(`export const rowShare = kernel('rowShare', { q: 'dynamic', k: 'dynamic' }, (x: In<'bf16', ['q', 'k']>): { share: Out<'bf16', ['q', 'k']>; total: Out<'f32', ['q']> } => {
      const total = sum(x, 'k');
      const share = map(x, total, (x, total) => x / total);
      return { share: cast(x.dtype, share), total };
    });`))).toMatchInlineSnapshot(`
      "kernel rowShare(x: bf16[q, k])
        total: f32[q] = sum(x, k)
        share: f32[q, k] = x / total
        share_1: bf16[q, k] = cast(bf16, share)
        return share: bf16[q, k] = share_1
        return total: f32[q] = total"
    `);
  });

  test('gives every node its place, the result its name', () => {
    expect(places(readOne(body("{\n  const s = sum(x, 'n');\n  return map(x, s, (x, s) => x - s);\n}")))).toMatchInlineSnapshot(`
      [
        "author.ts:2:13 s sum(x, 'n')",
        "author.ts:3:10 out map(x, s, (x, s) => x - s)",
      ]
    `);
  });

  test('shares a value that is read twice', () => {
    const def = readOne(body("{ const s = sum(x, 'n'); return map(s, y, s, (a, y, b) => a * y + b); }"));
    expect(nodes(def).map((n) => n.kind)).toEqual(['reduce', 'map']);
  });

  test('follows helpers into their modules, with their own places', () => {
    const def = readOne(`import { centred } from './helpers.js';\n${body("{ const c = centred(x, 'n'); return map(c, y, (c, y) => c * y); }")}`, {
      'helpers.ts': "export { centred } from './deeper.js';",
      'deeper.ts': "import { map, sizeOf, sum, type Tensor } from './dsl/index.js';\nconst average = (x, over) => map(sum(x, over), (s) => s / sizeOf(over));\nexport function centred(x, over) {\n  const mean = average(x, over);\n  return map(x, mean, (x, mean) => x - mean);\n}",
    });
    expect(places(def)).toMatchInlineSnapshot(`
      [
        "deeper.ts:2:34 – sum(x, over)",
        "deeper.ts:2:30 mean map(sum(x, over), (s) => s / sizeOf(over))",
        "deeper.ts:5:10 c map(x, mean, (x, mean) => x - mean)",
        "author.ts:2:149 out map(c, y, (c, y) => c * y)",
      ]
    `);
  });

  test("nodes of the language's own functions stand where the author called them", () => {
    const def = readOne(body("{\n  const p = softmax(x, 'n');\n  return map(p, y, (p, y) => p * y);\n}"));
    expect(places(def)).toMatchInlineSnapshot(`
      [
        "author.ts:2:13 – softmax(x, 'n')",
        "author.ts:2:13 m softmax(x, 'n')",
        "author.ts:2:13 e softmax(x, 'n')",
        "author.ts:2:13 l softmax(x, 'n')",
        "author.ts:2:13 p softmax(x, 'n')",
        "author.ts:3:10 out map(p, y, (p, y) => p * y)",
      ]
    `);
  });

  test('takes functions as values, and records apart', () => {
    expect(printKernel(readOne(`
      const twice = (f: (x: number) => number) => (x: number): number => f(f(x));
      const moments = (x: In<'f32', ['n']>, power: (x: number) => number) => ({ first: sum(x, 'n'), rest: [sum(map(x, power), 'n')] });
      ${body("{ const { first: a, rest: [b] } = moments(x, twice((x) => x * x)); return map(y, a, b, (y, a, b) => y * a + b); }")}`))).toMatchInlineSnapshot(`
        "kernel k(x: f32[n], y: f32[n])
          first: f32[] = sum(x, n)
          x_1: f32[n] = x * x * (x * x)
          x_2: f32[] = sum(x_1, n)
          out: f32[n] = y * first + x_2
          return out: f32[n] = out"
      `);
  });

  test('decides at compile time what is known at compile time', () => {
    const def = readOne(`const modes = { scaled: true, by: 3 };
      const scaled = (x: In<'f32', ['n']>, by?: number) => (by === undefined ? x : map(x, (x) => x * by));
      ${body("(modes.scaled && x.dtype === 'f32' ? map(scaled(x, modes.by), scaled(y), (x, y) => x + y) : x)")}`);
    expect(printKernel(def)).toMatchInlineSnapshot(`
      "kernel k(x: f32[n], y: f32[n])
        x_1: f32[n] = x * 3
        out: f32[n] = x_1 + y
        return out: f32[n] = out"
    `);
  });

  test('reads members of a module imported whole', () => {
    expect(nodes(readOne(body("wf.map(x, (x) => wf.silu(x) + wf.FLOOR)")))).toHaveLength(1);
  });

  test('knows primitives by where they are declared, not by their names', () => {
    const def = readOne(`const shadowed = (sum, x) => sum(x, 'n');\nconst wrapped = (x) => { const map = min; return map(x, 'n'); };\n${body('map(x, shadowed(max, x), wrapped(x), (x, a, b) => x - a * b)')}`);
    expect(nodes(def).map((n) => (n.kind === 'reduce' ? n.op : n.kind))).toEqual(['max', 'min', 'map']);
  });
});

describe('a failing statement', () => {
  test('is told once, and the statements that do not read it are still checked', () => {
    expect(refusalsOf(body("{\n  const a = sum(x, 'k');\n  const b = map(a, (a) => a + 1);\n  const c = max(y, 'z');\n  return map(b, c, (b, c) => b + c);\n}"))).toMatchInlineSnapshot(`
      [
        "author.ts:2:13  error T012: sum over 'k': \`x\` has axes [n], no 'k'",
        "author.ts:4:13  error T012: max over 'z': \`y\` has axes [n], no 'z'",
      ]
    `);
  });

  test('inside a helper points at its line and says who called', () => {
    expect(refusalsOf(`const shift = (x: In<'f32', ['n']>) =>\n  map(x, (x) => x << 1);\n${body('shift(x)')}`)).toMatchInlineSnapshot(`
      [
        "author.ts:2:17  error F041: <<: not a scalar operator; use x * 2 ** n
      note: shift is called at author.ts:3",
      ]
    `);
  });

  test("inside the language's own functions points at the author's call", () => {
    expect(refusalsOf(body("softmax(x, 'k')"))).toMatchInlineSnapshot(`
      [
        "author.ts:1:113  error T012: max over 'k': \`x\` has axes [n], no 'k'
      note: inside softmax, which dsl/nn.ts defines",
      ]
    `);
  });
});
