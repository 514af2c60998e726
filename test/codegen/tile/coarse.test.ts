import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { coarseMaps } from '../../../codegen/tile/coarse.js';
import type { TileMap, TileStmt } from '../../../codegen/tile/ir.js';
import type { DType } from '../../../dsl/dtype.js';
import { arg, binary, evalScalar, lit, mapScalar, scalarChildren, select, size, unary, type Scalar } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { result, tile } from '../emit/kernels.js';
import { bareKernel } from './bare.js';

const [x, y] = [tile('x', { q: 8 }), tile('y', { q: 8 })];
const map = (fn: Scalar, dtype: DType = 'f32'): TileMap => ({ kind: 'map', dst: tile('made', { q: 8 }, dtype), fn, args: [x, y], span });
const store = (s: TileMap, dtype: DType): TileStmt => ({ kind: 'store', dst: result('out', ['q'], dtype), src: s.dst, span });
const isCoarse = (s: TileMap, ...behind: readonly TileStmt[]): boolean => coarseMaps(bareKernel([s, ...behind])).has(s);
const quotient = binary('div', arg(0), arg(1));

describe('quotients of which the last bits are of no use', () => {
  const { tree } = fc.letrec<{ tree: Scalar }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, fc.constantFrom(arg(0), arg(1), lit(3)),
      fc.tuple(fc.constantFrom('add', 'sub', 'mul', 'div', 'max'), tie('tree'), tie('tree')).map(([op, a, b]) => binary(op, a, b)),
      fc.tuple(fc.constantFrom('neg', 'abs', 'exp', 'sqrt'), tie('tree')).map(([op, a]) => unary(op, a)),
      fc.tuple(tie('tree'), tie('tree'), tie('tree')).map(([c, a, b]) => select(binary('lt', c, lit(1)), a, b))),
  }));
  const quotients = (s: Scalar): number => (s.kind === 'binary' && s.op === 'div' ? 1 : 0) + scalarChildren(s).reduce((n, c) => n + quotients(c), 0);
  const off = (s: Scalar, by: number): Scalar => {
    const inside = mapScalar(s, (c) => off(c, by));
    return inside.kind === 'binary' && inside.op === 'div' ? binary('mul', inside, lit(1 + by)) : inside;
  };

  property.prop([tree, fc.double({ min: 0.1, max: 4, noNaN: true }), fc.double({ min: 0.1, max: 4, noNaN: true })], { numRuns: 300 })('change a result by no more than they are off, all together', (fn, a, b) => {
    if (!isCoarse(map(fn, 'bf16'))) return;
    const value = (s: Scalar): number => evalScalar(s, { args: [a, b], pos: {}, size: {} });
    const by = 2 ** -22;
    const [exact, rough] = [value(fn), value(off(fn, by))];
    if (!Number.isFinite(exact)) return;
    // Each factor is off by at most `by`; float64 rounds far below.
    expect(Math.abs(rough - exact)).toBeLessThanOrEqual(Math.abs(exact) * ((1 + by) ** quotients(fn) * (1 + 1e-12) - 1 + 1e-12));
  });

  test('are those of 16-bit tiles, and of tiles that stores of 16 bits alone read', () => {
    expect(isCoarse(map(quotient, 'bf16'))).toBe(true);
    const own = map(binary('mul', quotient, arg(1)));
    expect([isCoarse(own, store(own, 'bf16')), isCoarse(own, store(own, 'f32')), isCoarse(own)]).toEqual([true, false, false]);
    expect(isCoarse(own, store(own, 'bf16'), { ...map(arg(0)), args: [own.dst] })).toBe(false);
  });

  test('stand where their error cannot grow: not in a sum, nor where they decide', () => {
    const fns: readonly Scalar[] = [binary('sub', quotient, lit(1)), unary('exp', quotient), select(binary('lt', quotient, lit(1)), arg(0), arg(1)), binary('div', lit(1), binary('sub', lit(1), quotient))];
    for (const fn of fns) expect(isCoarse(map(fn, 'bf16'))).toBe(false);
  });

  test('are not those of loops, where what is read next is another turn\'s', () => {
    const own = map(quotient);
    const loop: TileStmt = { kind: 'loop', axis: 'e', from: lit(0), to: size('e'), args: [], step: 1, full: false, padded: false, body: [own, store(own, 'bf16')], span };
    expect(coarseMaps(bareKernel([loop])).size).toBe(0);
  });
});
