import type { KernelDef, SizeRule } from '../../../dsl/definition.js';
import type { Axis, Carry, Fold, FoldLoop, TensorExpr } from '../../../dsl/expr.js';
import { dot, input, map, reduce } from '../../../dsl/ops.js';
import { arg, binary, lit, pos, select, size, unary, type Scalar } from '../../../dsl/scalar.js';
import { nowhere } from '../../../dsl/span.js';
import type { Launch } from '../../../codegen/graph/launch.js';

export const at = { ...nowhere };
export const named = (binding: string) => ({ ...nowhere, binding });
export const mul = (a: Scalar, b: Scalar): Scalar => binary('mul', a, b);
export const sub = (a: Scalar, b: Scalar): Scalar => binary('sub', a, b);
export const exp2 = (a: Scalar): Scalar => unary('exp2', a);
export const x0 = arg(0);
export const x1 = arg(1);
export const x2 = arg(2);

export const carry = (name: string, axes: readonly Axis[]): Carry => ({ kind: 'carry', name, dtype: 'f32', axes, span: named(name) });

const noCertificate = (axis: Axis): FoldLoop['certificate'] => ({ axis, atoms: [], references: [], blocks: [], epilogue: [] });

/** The sum fold with no reference: Σ over `axis`, block by block. */
export function sumFold(name: string, axis: Axis, block: TensorExpr): Fold {
  const c = carry(name, block.axes);
  const loop: FoldLoop = { axis, references: [], states: [{ carry: c, monoid: 'sum', init: 0, moved: c, block }], certificate: noCertificate(axis) };
  return { kind: 'fold', loop, result: c, dtype: 'f32', axes: c.axes, span: named(name) };
}

export function launchOf(name: string, sizes: Readonly<Record<Axis, SizeRule>>, results: readonly (readonly [name: string, order: readonly Axis[], value: TensorExpr])[], inputs: readonly TensorExpr[]): Launch {
  const def: KernelDef = {
    name, variant: '', file: 'test.ts', sizes, dtypes: {}, span: nowhere,
    params: inputs.flatMap((i) => (i.kind === 'input' ? [{ name: i.name, dtype: i.dtype, order: i.axes, span: i.span }] : [])),
    results: results.map(([n, order, value]) => ({ name: n, dtype: value.dtype, order, value, span: nowhere })),
  };
  return { symbol: name, what: '', def, scratch: new Set(), results: new Set(results.map(([n]) => n)), kept: new Set() };
}

export const dynamic: SizeRule = { kind: 'dynamic' };
export const fixed = (n: number): SizeRule => ({ kind: 'fixed', size: n });

/** out[t, f] = Σ_e x[t, e]·w[f, e] + bias[f]. */
export function matmul(): Launch {
  const x = input('x', 'f32', ['t', 'e'], at);
  const w = input('w', 'f32', ['f', 'e'], at);
  const bias = input('bias', 'f32', ['f'], at);
  const y = sumFold('y', 'e', dot(x, w, 'e', named('xw')));
  return launchOf('matmul', { t: dynamic, e: dynamic, f: dynamic }, [['out', ['t', 'f'], map(binary('add', x0, x1), [y, bias], named('out'))]], [x, w, bias]);
}

/** The online cascade without a mask or with the causal one; see {@link cascadeWhere}. */
export const cascade = (causal: boolean): Launch => cascadeWhere(causal ? binary('le', pos('k'), pos('q')) : undefined);

/**
 * The online cascade: o = Σ_k p·v / Σ_k p with p = 2^(s − m), m = max s; lse = m + log2 Σ p. Scores are −∞ where `cond`
 * fails (`shown`) or holds (`hidden`); it may read `extra` inputs as args 2, 3, ….
 */
export function cascadeWhere(cond: Scalar | undefined, extra: readonly TensorExpr[] = [], mask: 'shown' | 'hidden' = 'shown'): Launch {
  const axes = { q: dynamic, k: dynamic, d: fixed(8) };
  const q = input('q', 'f32', ['q', 'd'], at);
  const k = input('k', 'f32', ['k', 'd'], at);
  const v = input('v', 'f32', ['k', 'd'], at);
  const scale = input('scale', 'f32', [], at);
  const scaled = mul(x0, x1);
  const masked = lit(-Infinity);
  const score = cond === undefined ? scaled : mask === 'shown' ? select(cond, scaled, masked) : select(cond, masked, scaled);
  const s = map(score, [dot(q, k, 'd', named('qk')), scale, ...extra], named('s'), ['q', 'k']);
  const m = carry('m', ['q']);
  const l = carry('l', ['q']);
  const o = carry('o', ['q', 'd']);
  const next = map(binary('max', x0, x1), [m, reduce('max', s, 'k', named('rowMax'))], named('mNext'));
  const p = map(exp2(sub(x0, x1)), [s, next], named('p'));
  const alpha = exp2(sub(x1, x2));
  const loop: FoldLoop = {
    axis: 'k',
    references: [{ carry: m, start: -(2 ** 100), next }],
    states: [
      { carry: l, monoid: 'sum', init: 0, moved: map(mul(x0, alpha), [l, m, next], named('lMoved')), block: reduce('sum', p, 'k', named('lBlock')) },
      { carry: o, monoid: 'sum', init: 0, moved: map(mul(x0, alpha), [o, m, next], named('oMoved')), block: dot(p, v, 'k', named('oBlock')) },
    ],
    certificate: noCertificate('k'),
  };
  const fold = (result: TensorExpr, name: string): Fold => ({ kind: 'fold', loop, result, dtype: 'f32', axes: result.axes, span: named(name) });
  const divided = map(select(binary('eq', x1, lit(0)), lit(0), binary('div', x0, x1)), [o, l], named('out'));
  const lse = map(binary('add', x0, unary('log2', x1)), [m, l], named('lse'));
  return launchOf('cascade', axes, [['o', ['q', 'd'], fold(divided, 'o')], ['lse', ['q'], fold(lse, 'lse')]], [q, k, v, scale, ...extra]);
}

/** out[q, e] = x · gain / √(Σ x² / e + eps): the walked axis is the folded one. */
export function norm(): Launch {
  const x = input('x', 'f32', ['q', 'e'], at);
  const gain = input('gain', 'f32', ['e'], at);
  const squares = sumFold('squares', 'e', reduce('sum', map(mul(x0, x0), [x], named('x2')), 'e', named('sum')));
  const scale = map(unary('rsqrt', binary('add', binary('div', x0, size('e')), lit(1e-5))), [squares], named('scale'));
  return launchOf('norm', { q: dynamic, e: dynamic }, [['out', ['q', 'e'], map(mul(mul(x0, x1), x2), [x, scale, gain], named('out'))]], [x, gain]);
}
