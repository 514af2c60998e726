import { describe, expect, test } from 'vitest';
import { mapsOf } from '../../../codegen/tile/boxes.js';
import type { Tile, TileKernel } from '../../../codegen/tile/ir.js';
import { printTile } from '../../../codegen/tile/print.js';
import { mapTiles, statements } from '../../../codegen/tile/walk.js';
import { isForWarpgroups } from '../../../codegen/tile/warpgroups.js';
import { kernelsInRoles, type Stages } from './inRoles.js';

const kernels = new Map(kernelsInRoles(['test/gpu/kernels/attention.ts', 'runtime/kernels/linear.ts', 'runtime/kernels/normLinear.ts']).map(([name, , stages]) => [name, stages] as const));
const stagesOf = (name: string): Stages => kernels.get(name) ?? expect.unreachable(`${name} is not for warpgroups`);
const program = (name: string, stage: string): TileKernel => stagesOf(name).get(stage) ?? expect.unreachable(`no stage ${stage}`);
const statementsOf = (k: TileKernel): readonly string[] => { const lines = printTile(k).split('\n'); return lines.slice(lines.indexOf('loading')); };

describe('a product of matrices in roles', () => {
  test('is a thread that sends windows and warps that receive them; a window is given back when the next one\'s product runs', () => {
    expect(statementsOf(program('linear', 'settle'))).toMatchInlineSnapshot(`
      [
        "loading",
        "for e in 0 .. size.e by 64",
        "  send xTileAndwTiles",
        "computing",
        "fill outTile <- 0",
        "for e in 0 .. size.e by 64",
        "  receive xTileAndwTiles",
        "  mma outTile += xTile * wTile over e",
        "  settle ; 1 pending",
        "  release xTileAndwTiles behind",
        "for e in 0 .. size.e by 64 once",
        "  settle outTile",
        "  release xTileAndwTiles",
        "store out[q, f] <- outTile through outTileLines",
        "",
      ]
    `);
  });
});

describe('products that follow each other in roles', () => {
  test('begin a window before the last one is done with', () => {
    expect(statementsOf(program('causalAttention', 'settle'))).toMatchInlineSnapshot(`
      [
        "loading",
        "send qTiles",
        "map kEnd <- min(min(size.k, at.q + 64), size.q)",
        "for k in 0 .. kEnd by 16 padded",
        "  send kTiles",
        "  send vTiles",
        "computing",
        "fill m <- -1.8288332345291844e+30",
        "fill l <- 0",
        "fill oTile <- 0",
        "load scaleValue <- scale[]",
        "map kEnd <- min(min(size.k, at.q + 64), size.q)",
        "map kRest <- min(floor(size.k / 16) * 16, floor(max(0, at.q + 1) / 16) * 16)",
        "map isPositive <- (0 <= (scaleValue * 1.4426950408889634)) ? 1 : 0",
        "receive qTiles",
        "for k in 0 .. kEnd by 16 padded once",
        "  receive kTiles",
        "  mma e <- qTile * kTile over d",
        "  settle e",
        "  release kTiles",
        "  when (at.k < kRest) && isPositive",
        "    reduce kMax <- max e over k",
        "    map kMax <- kMax * (scaleValue * 1.4426950408889634)",
        "    map mNew <- max(m, kMax)",
        "    map alpha <- exp2(m - mNew)",
        "    map l <- l * alpha",
        "    map e <- exp2((e * (scaleValue * 1.4426950408889634)) - mNew)",
        "  otherwise",
        "    map e <- ((at.k < size.k) && (at.k <= at.q)) ? (e * (scaleValue * 1.4426950408889634)) : -Infinity",
        "    reduce kMax <- max e over k",
        "    map mNew <- max(m, kMax)",
        "    map alpha <- exp2(m - mNew)",
        "    map l <- l * alpha",
        "    map e <- exp2(e - mNew)",
        "  reduce l sum= e over k apart",
        "  map oTile <- oTile * alpha",
        "  map value2 <- e",
        "  copy m <- mNew",
        "for k in 16 .. kEnd by 16 padded",
        "  receive kTiles",
        "  mma e <- qTile * kTile over d",
        "  receive vTiles",
        "  mma oTile += value2 * vTile over k",
        "  settle e; 1 pending",
        "  release kTiles",
        "  when (at.k < kRest) && isPositive",
        "    reduce kMax <- max e over k",
        "    map kMax <- kMax * (scaleValue * 1.4426950408889634)",
        "    map mNew <- max(m, kMax)",
        "    map alpha <- exp2(m - mNew)",
        "    map l <- l * alpha",
        "    map e <- exp2((e * (scaleValue * 1.4426950408889634)) - mNew)",
        "  otherwise",
        "    map e <- ((at.k < size.k) && (at.k <= at.q)) ? (e * (scaleValue * 1.4426950408889634)) : -Infinity",
        "    reduce kMax <- max e over k",
        "    map mNew <- max(m, kMax)",
        "    map alpha <- exp2(m - mNew)",
        "    map l <- l * alpha",
        "    map e <- exp2(e - mNew)",
        "  reduce l sum= e over k apart",
        "  settle oTile",
        "  release vTiles",
        "  map oTile <- oTile * alpha",
        "  map value2 <- e",
        "  copy m <- mNew",
        "for k in max(0, floor((kEnd - 1) / 16) * 16) .. kEnd by 16 padded once",
        "  receive vTiles",
        "  mma oTile += value2 * vTile over k",
        "unite l sum",
        "map value3 <- (l == 0) ? 0 : (1 / l)",
        "settle oTile",
        "map oTile <- oTile * value3",
        "map lseTile <- (m * 0.6931471805599453) + log(l)",
        "store o[b, q, g, r, d] <- oTile through oTileLines",
        "store lse[b, q, g, r] <- lseTile",
        "",
      ]
    `);
  });

  test('keep what one yields for the next in half the registers', () => {
    const before = program('causalAttention', 'loads').tiles.find((t) => statements(program('causalAttention', 'loads').body).some((s) => s.kind === 'mma' && s.lhs === t && t.layout === 'tile'));
    expect(program('causalAttention', 'settle').tiles.find((t) => t.name === before?.name)?.layout).toBe('packed');
  });
});

test('maps are of what is sent and of what is stored in lines, each once, and arguments of the launch', () => {
  const k = program('linear', 'settle');
  expect(mapsOf(k).map((m) => [m.name, m.order, m.box])).toEqual([['x', ['q', 'e'], [64, 64]], ['w', ['f', 'e'], [64, 64]], ['out', ['q', 'f'], [64, 64]]]);
  expect(k.args.filter((a) => a.kind === 'map')).toEqual(mapsOf(k));
});

describe('is not for warpgroups', () => {
  const fit = program('causalAttention', 'factors');
  const as = (change: (t: Tile) => Tile): TileKernel => {
    const made = new Map(fit.tiles.map((t) => [t, change(t)]));
    const to = (t: Tile): Tile => made.get(t) ?? t;
    return { ...fit, tiles: fit.tiles.map(to), body: mapTiles(fit.body, to) };
  };

  test('(this is)', () => expect(isForWarpgroups(fit)).toBe(true));
  test.each([
    ['what warps share with each other beside operands', as((t) => (t.layout === 'rows' ? { ...t, layout: 'array' } : t))],
    ['what several warps have columns of', { ...fit, frame: fit.frame && { ...fit.frame, warps: { rows: 4, columns: 2 } } }],
    ['fewer warps than a warpgroup', { ...fit, frame: fit.frame && { ...fit.frame, warps: { rows: 2, columns: 1 } } }],
    ['products of 32-bit numbers', as((t) => (t.layout === 'operand' ? { ...t, dtype: 'f32' } : t))],
    ['lines that are not whole', as((t) => (t.layout === 'operand' ? { ...t, shape: t.shape.map((a) => (a.axis === 'd' ? { ...a, size: 96 } : a)) } : t))],
    ['no products', { ...fit, body: fit.body.filter((s) => s.kind !== 'loop') }],
  ] as const)('%s', (_why, k) => expect(isForWarpgroups(k)).toBe(false));
});
