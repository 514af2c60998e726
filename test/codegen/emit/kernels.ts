import type { SizeRule } from '../../../dsl/definition.js';
import type { DType } from '../../../dsl/dtype.js';
import type { Axis } from '../../../dsl/expr.js';
import type { ArgRef } from '../../../dsl/manifest.js';
import { arg, binary, lit, pos, size, unary, type Scalar } from '../../../dsl/scalar.js';
import { nowhere, type Span } from '../../../dsl/span.js';
import type { Schedule } from '../../../codegen/schedule/schedule.js';
import type { Param, Tile, TileKernel, TileStmt } from '../../../codegen/tile/ir.js';

export const schedule: Schedule = { block: {}, warps: 1, blocksPerProcessor: 1, stages: 1, splits: 1, roles: 'uniform', overlap: 'none', order: 'natural', persistent: false };

export const tile = (name: string, shape: Readonly<Record<Axis, number>>, dtype: DType = 'f32'): Tile =>
  ({ name, dtype, shape: Object.entries(shape).map(([axis, n]) => ({ axis, size: n })), layout: 'array' });
export const param = (name: string, order: readonly Axis[], dtype: DType = 'f32'): Param => ({ name, dtype, order, at: {}, role: 'param' });
export const result = (name: string, order: readonly Axis[], dtype: DType = 'f32'): Param => ({ name, dtype, order, at: {}, role: 'result' });

interface Parts {
  readonly name: string;
  readonly params: readonly Param[];
  readonly sizes: Readonly<Record<Axis, SizeRule | number>>;
  readonly grid: Readonly<Record<Axis, number>>;
  readonly tiles: readonly Tile[];
  readonly body: readonly TileStmt[];
  readonly block?: Readonly<Record<Axis, number>>;
}

/** A launch from its parts: arguments in the usual order, a size argument for every axis that is not fixed. */
export function launch(p: Parts): TileKernel {
  const sizes = Object.fromEntries(Object.entries(p.sizes).map(([a, s]): [Axis, SizeRule] => [a, typeof s === 'number' ? { kind: 'fixed', size: s } : s]));
  const args: readonly ArgRef[] = [
    ...p.params.map((x): ArgRef => ({ kind: x.role, name: x.name })),
    ...Object.entries(sizes).flatMap(([axis, s]): readonly ArgRef[] => (s.kind === 'ragged' ? [{ kind: 'offsets', axis }] : [])),
    ...Object.entries(sizes).flatMap(([axis, s]): readonly ArgRef[] => (s.kind === 'fixed' ? [] : [{ kind: 'size', axis }])),
  ];
  return {
    name: p.name, file: 'test.ts', summary: [], params: p.params, args, sizes,
    grid: Object.entries(p.grid).map(([axis, block]) => ({ axis, block })), tiles: p.tiles, pipes: [], frame: undefined, schedule: { ...schedule, block: p.block ?? p.grid }, body: p.body,
  };
}

export const dynamic: SizeRule = { kind: 'dynamic' };
const at = (line: number, text: string, binding: string): Span => ({ file: 'test.ts', line, column: 1, text, binding });

/** y = x · w over e: rows q, columns f; `w` in either memory order. */
export function matmul(name: string, order: readonly [Axis, Axis], q: number, f: number, e: number): TileKernel {
  const [x, w, out] = [param('x', ['q', 'e']), param('w', order), result('out', ['q', 'f'])];
  const sizeOf = { f, e };
  const [xs, ws, acc] = [tile('xs', { q, e }), tile('ws', Object.fromEntries(order.map((a) => [a, sizeOf[a as 'f' | 'e']]))), tile('acc', { q, f })];
  const span = at(3, "const y = dot(x, w, 'e')", 'y');
  return launch({
    name, params: [x, w, out], sizes: { q: dynamic, e: dynamic, f: dynamic }, grid: { q, f }, tiles: [xs, ws, acc], block: { q, f, e },
    body: [
      { kind: 'fill', dst: acc, value: 0, span },
      {
        kind: 'loop', axis: 'e', from: lit(0), to: size('e'), args: [], step: e, full: false, padded: false, span,
        body: [
          { kind: 'load', dst: xs, src: x, span }, { kind: 'load', dst: ws, src: w, span },
          { kind: 'mma', dst: acc, lhs: xs, rhs: ws, over: 'e', accumulate: true, span },
        ],
      },
      { kind: 'store', dst: out, src: acc, span: at(4, 'return y', 'y') },
    ],
  });
}

const visible = binary('le', pos('k'), pos('q'));
const exp2Of = (a: Scalar, b: Scalar): Scalar => unary('exp2', binary('sub', a, b));

/** Rows of exponentials against keys of the same length, causal, in one pass: running maximum m, sum l, weighted sum o. */
export function cascade(name: string, q: number, k: number, d: number): TileKernel {
  const [qs, ks, vs, out] = [param('q', ['g', 'q', 'd']), param('k', ['g', 'k', 'd']), param('v', ['g', 'k', 'd']), result('o', ['g', 'q', 'd'])];
  const scale = param('scale', []);
  const [qt, kt, vt] = [tile('q', { q, d }), tile('k', { k, d }), tile('v', { k, d })];
  const [s, p, o, u] = [tile('s', { q, k }), tile('p', { q, k }), tile('o', { q, d }), tile('y', { q, d })];
  const [m, mNew, l, alpha, factor] = [tile('m', { q }), tile('mNew', { q }), tile('l', { q }), tile('alpha', { q }), tile('scale', {})];
  const line1 = at(6, "const s = map(dot(q, k, 'd'), scale, (s, scale, at) => at.k <= at.q ? s * scale : -Infinity)", 's');
  const line2 = at(7, "const p = map(s, max(s, 'k'), (s, m) => 2 ** (s - m))", 'p');
  const line3 = at(8, "return map(dot(p, v, 'k'), sum(p, 'k'), (o, l) => o / l)", 'o');
  const step = (full: boolean): readonly TileStmt[] => [
    { kind: 'load', dst: kt, src: ks, span: line1 },
    { kind: 'mma', dst: s, lhs: qt, rhs: kt, over: 'd', accumulate: false, span: line1 },
    {
      kind: 'map', dst: s, args: [s, factor], span: line1,
      fn: full ? binary('mul', arg(0), arg(1)) : { kind: 'select', cond: visible, a: binary('mul', arg(0), arg(1)), b: lit(-Infinity), span: nowhere },
    },
    { kind: 'copy', dst: mNew, src: m, span: line2 },
    { kind: 'reduce', dst: mNew, op: 'max', axis: 'k', src: s, accumulate: true, span: line2 },
    { kind: 'map', dst: alpha, fn: exp2Of(arg(0), arg(1)), args: [m, mNew], span: line2 },
    { kind: 'copy', dst: m, src: mNew, span: line2 },
    { kind: 'map', dst: p, fn: exp2Of(arg(0), arg(1)), args: [s, m], span: line2 },
    { kind: 'map', dst: l, fn: binary('mul', arg(0), arg(1)), args: [l, alpha], span: line3 },
    { kind: 'reduce', dst: l, op: 'sum', axis: 'k', src: p, accumulate: true, span: line3 },
    { kind: 'load', dst: vt, src: vs, span: line3 },
    { kind: 'map', dst: o, fn: binary('mul', arg(0), arg(1)), args: [o, alpha], span: line3 },
    { kind: 'mma', dst: o, lhs: p, rhs: vt, over: 'k', accumulate: true, span: line3 },
  ];
  const floorToBlock = binary('mul', unary('floor', binary('div', pos('q'), lit(k))), lit(k));
  const end = binary('min', size('k'), binary('add', pos('q'), lit(q)));
  return launch({
    name, params: [qs, ks, vs, scale, out], sizes: { g: dynamic, q: dynamic, k: dynamic, d }, grid: { g: 1, q }, block: { q, k },
    tiles: [qt, kt, vt, s, p, o, u, m, mNew, l, alpha, factor],
    body: [
      { kind: 'load', dst: qt, src: qs, span: line1 },
      { kind: 'load', dst: factor, src: scale, span: line1 },
      { kind: 'fill', dst: m, value: -(2 ** 100), span: line2 }, { kind: 'fill', dst: l, value: 0, span: line3 }, { kind: 'fill', dst: o, value: 0, span: line3 },
      { kind: 'loop', axis: 'k', from: lit(0), to: binary('min', floorToBlock, size('k')), args: [], step: k, full: true, padded: false, span: line1, body: step(true) },
      { kind: 'loop', axis: 'k', from: binary('min', floorToBlock, size('k')), to: end, args: [], step: k, full: false, padded: false, span: line1, body: step(false) },
      { kind: 'map', dst: u, fn: binary('div', arg(0), arg(1)), args: [o, l], span: line3 },
      { kind: 'store', dst: out, src: u, span: line3 },
    ],
  });
}
