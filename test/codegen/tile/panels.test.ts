import { describe, expect, test } from 'vitest';
import type { Layout, Load, Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';
import { loadInPanels, panelBytes, panelColumns } from '../../../codegen/tile/panels.js';
import { readsOf } from '../../../codegen/tile/walk.js';
import { arg, binary, lit } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { param, result, tile } from '../emit/kernels.js';
import { bareKernel } from './bare.js';

const frame = { kind: 'accumulators', rows: [{ axis: 'q', size: 128 }], warps: { rows: 8, columns: 1 }, whole: [], vector: 2 } as const;
const inRegisters = (t: Tile, layout: Layout = 'tile'): Tile => ({ ...t, layout });

/** acc += r, all of [q, f], where nothing stands in the way. */
interface Parts { readonly r: Tile; readonly acc: Tile; readonly load: Load; readonly add: TileStmt; readonly put: TileStmt }
function parts(f = 256, dtype: 'f32' | 'bf16' = 'f32'): Parts {
  const [r, acc] = [inRegisters(tile('r', { q: 128, f }, dtype)), inRegisters(tile('acc', { q: 128, f }))];
  return {
    r, acc, load: { kind: 'load', dst: r, src: param('r', ['q', 'f'], dtype), span },
    add: { kind: 'map', dst: acc, fn: binary('add', arg(0), arg(1)), args: [acc, r], span },
    put: { kind: 'store', dst: result('out', ['q', 'f']), src: acc, span },
  };
}
const passed = (body: readonly TileStmt[], tiles: readonly Tile[], sizes: TileKernel['sizes'] = {}): TileKernel => loadInPanels({ ...bareKernel(body, { frame, tiles }), sizes });

describe('what meets accumulators', () => {
  test.each(['f32', 'bf16'] as const)('comes in panels of a line each, in %s', (dtype) => {
    const { r, acc, load, add, put } = parts(256, dtype);
    const k = passed([load, add, put], [r, acc]);
    expect(k.tiles.map((t) => t.layout)).toEqual(['panels', 'tile']);
    expect(k.body.flatMap(readsOf).filter((t) => t.name === 'r').map((t) => t.layout)).toEqual(['panels']);
    const [panels] = k.tiles;
    expect(panels && [panelColumns(panels) * (dtype === 'f32' ? 4 : 2), panelBytes(panels)]).toEqual([128, 128 * 128]);
  });

  const { r, acc, load, add, put } = parts();
  const other = inRegisters(tile('other', { q: 128, f: 256 }));
  const narrow = parts(48);
  const wide: Load = { ...load, src: param('r', ['q', 'f'], 'bf16') };
  const across: Load = { ...load, src: param('r', ['f', 'q']) };
  test.each<readonly [string, readonly TileStmt[], readonly Tile[], TileKernel['sizes']]>([
    ['two read it', [load, add, { kind: 'map', dst: other, fn: arg(0), args: [r], span }, put], [r, acc, other], {}],
    ['its reader stands in a branch', [load, { kind: 'when', cond: lit(1), args: [], body: [add], otherwise: [], span }, put], [r, acc], {}],
    ['its reader writes over it', [load, { kind: 'map', dst: r, fn: arg(0), args: [r], span }, put], [r, acc], {}],
    ['it is stored itself', [load, add, put, { kind: 'store', dst: result('again', ['q', 'f']), src: r, span }], [r, acc], {}],
    ['its rows end inside a line', [narrow.load, narrow.add, narrow.put], [narrow.r, narrow.acc], {}],
    ['memory holds other numbers', [wide, add, put], [r, acc], {}],
    ['memory has its columns apart', [across, add, put], [r, acc], {}],
    ['rows belong to others behind their end', [load, add, put], [r, acc], { q: { kind: 'ragged', by: 'c' } }],
  ])('stays in registers where %s', (_why, body, tiles, sizes) => {
    expect(passed(body, tiles, sizes).tiles).toEqual(tiles);
  });

  test('a map takes one in panels, what else it reads stands in registers', () => {
    const more: Load = { ...load, dst: other };
    const k = passed([load, more, { kind: 'map', dst: acc, fn: binary('add', arg(0), binary('mul', arg(1), arg(2))), args: [acc, r, other], span }, put], [r, acc, other]);
    expect(k.tiles.map((t) => t.layout)).toEqual(['panels', 'tile', 'tile']);
  });
});
