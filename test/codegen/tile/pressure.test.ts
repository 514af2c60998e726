import { describe, expect, test } from 'vitest';
import { compilePlan, planVariants, targets } from '../../../codegen/compile.js';
import { readKernels } from '../../../codegen/frontend/project.js';
import type { Layout, Mma, Tile, TileMap, TileStmt } from '../../../codegen/tile/ir.js';
import { registersWanted } from '../../../codegen/tile/pressure.js';
import { arg, binary, lit, type Scalar, unary } from '../../../dsl/scalar.js';
import { nowhere as span } from '../../../dsl/span.js';
import { tile } from '../emit/kernels.js';
import { bareKernel } from './bare.js';

// A warp has 16 rows: of every 8 columns a thread holds 4 numbers.
const frame = { kind: 'accumulators', rows: [{ axis: 'q', size: 64 }], warps: { rows: 4, columns: 1 }, whole: [], vector: 2 } as const;
const placed = (name: string, columns: number, layout: Layout, dtype: Tile['dtype'] = 'f32'): Tile => ({ ...tile(name, columns > 1 ? { q: 64, k: columns } : { q: 64 }, dtype), layout });
const [scores, other, sum] = [placed('scores', 128, 'tile'), placed('other', 128, 'tile'), placed('sum', 64, 'tile')];
const [packed, right, rows] = [placed('packed', 128, 'packed', 'bf16'), placed('right', 128, 'operand', 'bf16'), placed('rows', 1, 'rows')];
const map = (dst: Tile, args: readonly Tile[], fn: Scalar = arg(0)): TileMap => ({ kind: 'map', dst, fn, args, span });
const fill = (dst: Tile): TileStmt => ({ kind: 'fill', dst, value: 0, span });
const store = (src: Tile): TileStmt => ({ kind: 'store', dst: { name: 'out', dtype: 'f32', order: ['q', 'k'], at: {}, role: 'result' }, src, span });
const product = (dst: Tile, lhs: Tile): Mma => ({ kind: 'mma', dst, lhs, rhs: right, over: 'k', accumulate: false, span });
const settle = (...finished: readonly Tile[]): TileStmt => ({ kind: 'settle', pending: 0, finished, span });
const barrier: TileStmt = { kind: 'barrier', copies: false, span };
const none = registersWanted(bareKernel([], { frame }));
const ofTiles = (...body: readonly TileStmt[]): number => registersWanted(bareKernel(body, { frame })) - none;

describe('registers that a program wants', () => {
  test('are those of what is alive at a time: two tiles of 128 columns, and rows', () => {
    expect(ofTiles(fill(scores), barrier, store(scores), fill(other), barrier, store(other))).toBe(64);
    expect(ofTiles(fill(scores), fill(other), fill(rows), barrier, store(scores), store(other), store(rows))).toBe(64 + 64 + 2);
  });

  test('are handed on from element to element', () => {
    expect(ofTiles(fill(scores), barrier, map(other, [scores]), map(scores, [other]), barrier, store(scores))).toBe(64);
  });

  test('are half as many for packed operands, which are held until their product has ended', () => {
    expect(ofTiles(fill(packed), product(sum, packed), barrier, settle(sum), store(sum))).toBe(32 + 32);
    expect(ofTiles(fill(packed), product(sum, packed), settle(sum), barrier, fill(scores), barrier, store(scores), store(sum))).toBe(64 + 32);
  });

  test('of a loop are those that its turns hand on, and what waits behind it', () => {
    const turn = [map(scores, [scores], binary('mul', arg(0), lit(2))), barrier];
    const loop: TileStmt = { kind: 'loop', axis: 'k', from: lit(0), to: lit(4), args: [], step: 1, full: true, padded: false, body: turn, span };
    expect(ofTiles(fill(scores), fill(sum), loop, store(scores), store(sum))).toBe(64 + 32);
  });

  test('are more where rows are loaded at a time, each from an address of its own', () => {
    const spread = { kind: 'spread', rows: [{ axis: 'q', size: 64 }], warps: { rows: 2, columns: 2 }, whole: [], vector: 1 } as const;
    const load: TileStmt = { kind: 'load', dst: scores, src: { name: 'x', dtype: 'f32', order: ['q', 'k'], at: {}, role: 'param' }, span };
    const [loaded, filled] = [load, fill(scores)].map((first) => registersWanted(bareKernel([first, barrier, store(scores)], { frame: spread })));
    expect((loaded ?? 0) - (filled ?? 0)).toBe(2 * 32);
  });

  test('are more where long code stands beside a product', () => {
    const long = map(scores, [scores], unary('tanh', arg(0)));
    const beside = ofTiles(fill(scores), fill(packed), product(sum, packed), long, settle(sum), store(sum), store(scores));
    const behind = ofTiles(fill(scores), fill(packed), product(sum, packed), settle(sum), long, store(sum), store(scores));
    expect(beside).toBeGreaterThan(behind);
  });
});

describe('kernels whose warps have roles', () => {
  const shipped = ['chunkAttention', 'queryAttention', 'linearRope', 'normLinear', 'swiglu'].map((f) => `runtime/kernels/${f}.ts`);
  const kernels = [...readKernels(['masks', 'scoreMods', 'columns'].map((f) => `test/gpu/kernels/${f}.ts`)), ...readKernels(shipped)].flatMap((s) => {
    const def = s.variants.filter((v) => v.params.some((p) => p.dtype === 'bf16'));
    return def.flatMap((d) => planVariants(d, targets.sm_90a).slice(-1).flatMap((plan) => compilePlan(plan).launches.filter((l) => l.kernel.roles?.products.by === 'warpgroups')));
  });

  test('want no more registers than their threads have', () => {
    const wanting = kernels.map(({ kernel: k }) => [k.name, registersWanted(k), k.roles?.products.by === 'warpgroups' ? k.roles.products.registers[1] : 0] as const);
    expect(wanting.length).toBeGreaterThan(20);
    expect(wanting.filter(([, wanted, held]) => wanted > held)).toEqual([]);
  });

  test.each([['alibi_d64', 'insideWarpgroup'], ['softcap_d64', 'none'], ['neighbourMask', 'none'], ['trigonometric', 'none']])('let products overlap where registers allow: %s %s', (name, overlap) => {
    const own = kernels.find((l) => l.kernel.name === name);
    expect(own?.kernel.schedule).toMatchObject({ overlap, warps: 12 });
    const { reasons } = own ?? expect.unreachable(name);
    expect(reasons.some((r) => /^not 3 warpgroups with products that overlap: a thread would want about \d+ registers, 160 are there$/.test(r))).toBe(overlap === 'none');
  });
});
