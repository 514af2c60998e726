import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { Launch } from '../../../codegen/graph/launch.js';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { accumulateInPlace } from '../../../codegen/tile/accumulate.js';
import { checkTile } from '../../../codegen/tile/check.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { lower } from '../../../codegen/tile/lower.js';
import { takeApart } from '../../../codegen/tile/parts.js';
import { printTile } from '../../../codegen/tile/print.js';
import type { TensorExpr } from '../../../dsl/expr.js';
import { dot, gather, input, map, reduce } from '../../../dsl/ops.js';
import { binary, lit, pos, select, type Scalar } from '../../../dsl/scalar.js';
import { expectAgreement } from './agreement.js';
import { at, dynamic, fixed, launchOf, mul, named, sub, sumFold, x0, x1, x2 } from './programs.js';

const block = { q: 4, d: 4, e: 4 };
const schedule: Schedule = { block, warps: 4, blocksPerProcessor: 1, stages: 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false };
const lowered = (l: Launch): TileKernel => lower(l, schedule, 'asStored');

/** out[q, p, d] = y · t[q, d] + o · (p + 1) with y = Σ_e x·w and o = y at `index` along p, of `parts` positions. */
function turned(parts: number, index: Scalar | TensorExpr, finish: (e: TensorExpr) => TensorExpr = (e) => e): Launch {
  const [x, w, t] = [input('x', 'f32', ['q', 'e'], at), input('w', 'f32', ['p', 'd', 'e'], at), input('t', 'f32', ['q', 'd'], at)];
  const y = sumFold('y', 'e', dot(x, w, 'e', named('xw')));
  const where = 'axes' in index ? index : map(index, [], named('where'), ['p']);
  const o = gather(y, 'p', where, 0.5, named('o'));
  const out = finish(map(binary('add', mul(x0, x1), mul(x2, select(binary('eq', pos('p'), lit(0)), lit(1), lit(-2)))), [y, t, o], named('out')));
  return launchOf('turned', { q: dynamic, e: dynamic, d: dynamic, p: fixed(parts) }, [['result', out.axes, out]], [x, w, t, ...('axes' in index ? [index] : [])]);
}

describe('parts', () => {
  test('an axis of two that is read at the other position becomes two tiles that read each other', () => {
    expect(printTile(accumulateInPlace(takeApart(lowered(turned(2, sub(lit(1), pos('p')))))))).toMatchInlineSnapshot(`
      "kernel turned(x: f32[q, e], w: f32[p, d, e], t: f32[q, d]) -> result: f32[q, p, d]
      grid q by 4, d by 4
      tile yAt0: f32[q 4, d 4]
      tile yAt1: f32[q 4, d 4]
      tile xTile: f32[q 4, e 4]
      tile wTileAt0: f32[d 4, e 4]
      tile wTileAt1: f32[d 4, e 4]
      tile tTile: f32[q 4, d 4]
      tile oAt0: f32[q 4, d 4]
      tile oAt1: f32[q 4, d 4]
      tile outAt0: f32[q 4, d 4]
      tile outAt1: f32[q 4, d 4]
      fill yAt0 <- 0
      fill yAt1 <- 0
      for e in 0 .. size.e by 4
        load xTile <- x[q, e]
        load wTileAt0 <- w[p = 0, d, e]
        load wTileAt1 <- w[p = 1, d, e]
        mma yAt0 += xTile * wTileAt0 over e
        mma yAt1 += xTile * wTileAt1 over e
      load tTile <- t[q, d]
      copy oAt0 <- yAt1
      copy oAt1 <- yAt0
      map outAt0 <- (yAt0 * tTile) + (oAt0 * 1)
      map outAt1 <- (yAt1 * tTile) + (oAt1 * -2)
      store result[q, p = 0, d] <- outAt0
      store result[q, p = 1, d] <- outAt1
      "
    `);
  });

  property.prop([fc.integer({ min: 1, max: 4 }), fc.integer({ min: -2, max: 3 }), fc.integer({ min: -1, max: 2 }), fc.record({ q: fc.integer({ min: 1, max: 6 }), e: fc.integer({ min: 0, max: 9 }), d: fc.integer({ min: 1, max: 6 }) }), fc.nat()], { numRuns: 30 })(
    'parts mean what the whole means, wherever they read, outside included', (parts, offset, step, sizes, seed) => {
      const launch = turned(parts, binary('add', mul(pos('p'), lit(step)), lit(offset)));
      const apart = takeApart(lowered(launch));
      checkTile(apart, 'parts');
      expect(apart.tiles.flatMap((t) => t.shape).filter((a) => a.axis === 'p')).toEqual([]);
      expectAgreement(launch.def, [apart], { ...sizes, p: parts }, seed);
    },
  );

  test('an axis that is long, read where a launch says, or summed over as well stays whole', () => {
    const long = lowered(turned(5, sub(lit(4), pos('p'))));
    const given = lowered(turned(2, input('where', 'i32', ['p'], at)));
    const summed = lowered(turned(2, sub(lit(1), pos('p')), (e) => reduce('sum', e, 'p', named('total'))));
    for (const k of [long, given, summed]) expect(takeApart(k)).toBe(k);
  });

  /** As in blocks whose warps have roles: a few heads h of a projection at a time, their numbers told apart. */
  const heads = (size: number): { readonly launch: Launch; readonly k: TileKernel } => {
    const [x, w, b] = [input('x', 'f32', ['q', 'e'], at), input('w', 'f32', ['h', 'd', 'e'], at), input('b', 'f32', ['h', 'd'], at)];
    const y = sumFold('y', 'e', dot(x, w, 'e', named('xw')));
    const out = map(binary('add', mul(x0, binary('add', pos('h'), lit(1))), x1), [y, b], named('out'));
    const launch = launchOf('heads', { q: dynamic, e: dynamic, h: dynamic, d: dynamic }, [['result', ['q', 'h', 'd'], out]], [x, w, b]);
    return { launch, k: lower(launch, { ...schedule, block: { q: 8, d: 8, e: 4, h: size }, roles: { by: 'warpgroups', consumers: 2, registers: [24, 240] } }, 'asStored') };
  };

  property.prop([fc.integer({ min: 2, max: 4 }), fc.record({ q: fc.integer({ min: 1, max: 6 }), e: fc.integer({ min: 0, max: 9 }), d: fc.integer({ min: 1, max: 6 }), h: fc.integer({ min: 1, max: 9 }) }), fc.nat()], { numRuns: 30 })(
    'a few positions on the grid become a tile each where warps have roles, those beyond the axis included', (size, sizes, seed) => {
      const { launch, k } = heads(size);
      const apart = takeApart(k);
      checkTile(apart, 'parts');
      expect(apart.tiles.flatMap((t) => t.shape).filter((a) => a.axis === 'h')).toEqual([]);
      expect(apart.tiles.filter((t) => t.name.startsWith('outAt'))).toHaveLength(size);
      expectAgreement(launch.def, [apart], sizes, seed);
    },
  );

  test('many positions on the grid, or warps that do all alike, leave a window whole', () => {
    expect(takeApart(heads(5).k).tiles).toEqual(heads(5).k.tiles);
    const { k } = heads(2);
    const alike: TileKernel = { ...k, schedule };
    expect(takeApart(alike)).toBe(alike);
  });
});
