import { describe, expect, test } from 'vitest';
import type { Launch } from '../../../codegen/graph/launch.js';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import { accumulateInPlace } from '../../../codegen/tile/accumulate.js';
import { checkTile } from '../../../codegen/tile/check.js';
import { detourLoads } from '../../../codegen/tile/detours.js';
import { spreadTiles } from '../../../codegen/tile/frames.js';
import type { TileKernel } from '../../../codegen/tile/ir.js';
import { lower } from '../../../codegen/tile/lower.js';
import { stageLoads } from '../../../codegen/tile/pipes.js';
import { printTile } from '../../../codegen/tile/print.js';
import { dot, input, map } from '../../../dsl/ops.js';
import { binary } from '../../../dsl/scalar.js';
import { at, cascade, dynamic, launchOf, matmul, mul, named, sumFold, x0, x1, x2 } from './programs.js';

const scheduled = (stages: number): Schedule => ({ block: { q: 64, f: 32, t: 64, k: 32, e: 16 }, warps: 4, blocksPerProcessor: 1, stages, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false });
const spread = (l: Launch, stages = 3): TileKernel => spreadTiles(accumulateInPlace(lower(l, scheduled(stages), 'asStored')));

/** out[q, f] = Σ_e (x[q, e] · gain[e] + shift[q]) · w[f, e]. */
function scaled(): Launch {
  const [x, gain, shift, w] = [input('x', 'f32', ['q', 'e'], at), input('gain', 'f32', ['e'], at), input('shift', 'f32', ['q'], at), input('w', 'f32', ['f', 'e'], at)];
  const y = sumFold('y', 'e', dot(map(binary('add', mul(x0, x1), x2), [x, gain, shift], named('scaled')), w, 'e', named('xw')));
  return launchOf('scaled', { q: dynamic, e: dynamic, f: dynamic }, [['out', ['q', 'f'], y]], [x, gain, shift, w]);
}

describe('detours', () => {
  test('what an operand is computed from is staged beside the operand that is loaded; what does not move is not', () => {
    const k = detourLoads(spread(scaled()));
    checkTile(k, 'detours');
    expect(printTile(stageLoads(k)).split('\n').slice(2)).toMatchInlineSnapshot(`
      [
        "frame accumulators: rows q over 4 x 1 warps",
        "pipe ePipe: 3 stages of xTileAhead <- x[q, e], gainTileAhead <- gain[e], wTile <- w[f, e]; e in 0 .. size.e by 16",
        "tile y: f32[q 64, f 32] tile",
        "tile xTileAhead: f32[q 64, e 16] operand",
        "tile xTile: f32[q 64, e 16] tile",
        "tile gainTileAhead: f32[e 16] operand",
        "tile gainTile: f32[e 16] columns",
        "tile shiftTile: f32[q 64] rows",
        "tile scaled: f32[q 64, e 16] tile",
        "tile wTile: f32[f 32, e 16] operand",
        "fill y <- 0",
        "load shiftTile <- shift[q]",
        "prime ePipe",
        "for e in 0 .. size.e by 16",
        "  advance ePipe",
        "  copy xTile <- xTileAhead",
        "  copy gainTile <- gainTileAhead",
        "  map scaled <- (xTile * gainTile) + shiftTile",
        "  mma y += scaled * wTile over e",
        "drain ePipe",
        "store out[q, f] <- y",
        "",
      ]
    `);
  });

  test('without stages, without computed operands, or where the computed operand comes from another product nothing changes', () => {
    for (const k of [spread(scaled(), 1), spread(matmul()), spread(cascade(true))]) expect(detourLoads(k)).toBe(k);
  });
});
