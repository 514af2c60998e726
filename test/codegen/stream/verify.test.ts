import { describe, expect, test } from 'vitest';
import { disagreement } from '../../../codegen/stream/agreement.js';
import { stream } from '../../../codegen/stream/derive.js';
import { verify } from '../../../codegen/stream/verify.js';
import type { Certificate, ClosureBlock } from '../../../dsl/certificate.js';
import type { KernelDef } from '../../../dsl/definition.js';
import type { FoldLoop } from '../../../dsl/expr.js';
import { binary, lit, mapScalar, type Scalar, unary } from '../../../dsl/scalar.js';
import { nodesOf, rebuilder } from '../../../dsl/walk.js';
import { programs } from './programs.js';

const suite = programs('masks', 'variants', 'statistics', 'columns', 'general', 'scorers');
const streamedOf = (name: string): readonly [KernelDef, KernelDef] => {
  const def = suite.get(name);
  if (!def) throw new Error(`no program ${name}`);
  return [def, stream(def)];
};
const loopOf = (def: KernelDef): FoldLoop => {
  const loop = nodesOf(def.results.map((r) => r.value)).flatMap((e) => (e.kind === 'fold' ? [e.loop] : [])).at(-1);
  if (!loop) throw new Error('no fold');
  return loop;
};
const certificate = (name: string): Certificate => loopOf(streamedOf(name)[1]).certificate;
const withBlocks = (c: Certificate, change: (b: ClosureBlock) => ClosureBlock): Certificate => ({ ...c, blocks: c.blocks.map(change) });

/** Every place of `s` changed on its own by `f`, where `f` says something. */
function mutants(s: Scalar, f: (s: Scalar) => Scalar | undefined): readonly Scalar[] {
  const here = f(s);
  const children: Scalar[] = [];
  mapScalar(s, (c) => { children.push(c); return c; });
  const below = children.flatMap((child) => mutants(child, f).map((m) => mapScalar(s, (c) => (c === child ? m : c))));
  return here ? [here, ...below] : below;
}
/** A wrong sign, a lost factor, a wrong number: what a slip in T looks like. */
const slips = (s: Scalar): readonly Scalar[] => [
  ...mutants(s, (x) => (x.kind === 'binary' && x.op === 'sub' ? { ...x, a: x.b, b: x.a } : undefined)),
  ...mutants(s, (x) => (x.kind === 'unary' && (x.op === 'exp' || x.op === 'exp2') ? lit(1) : undefined)),
  ...mutants(s, (x) => (x.kind === 'lit' && x.value !== 0 ? lit(x.value + 1) : undefined)),
];

describe('the certificate of every program', () => {
  test.each([...suite.keys()])('%s passes, with 16 random partitions', (name) => {
    const [def, streamed] = streamedOf(name);
    for (const e of nodesOf(streamed.results.map((r) => r.value))) {
      if (e.kind !== 'fold') continue;
      const checked = verify(e.loop.certificate, (seed) => disagreement(def, streamed, seed), 16);
      expect(checked.agreement).toBeLessThan(1e-10);
      expect(checked.transport).toBeLessThan(1e-12);
    }
  });
});

describe('a broken certificate is rejected', () => {
  test.each(['full', 'entropy', 'variance', 'thirdMoment', 'covariance', 'divergence', 'maxShare'])('%s: each slip in an entry of T', (name) => {
    const c = certificate(name);
    let tried = 0;
    for (const [n, block] of c.blocks.entries()) for (const [i, row] of block.transport.entries()) for (const [j, entry] of row.entries()) for (const wrong of slips(entry)) {
      const broken = withBlocks(c, (b) => (b === c.blocks[n] ? { ...b, transport: b.transport.map((r, k) => (k === i ? r.map((t, l) => (l === j ? wrong : t)) : r)) } : b));
      tried += 1;
      expect(() => verify(broken), `entry ${i},${j} of ${block.name}`).toThrow(/transport|composition|monoid/);
    }
    expect(tried).toBeGreaterThan(0);
  });

  test('a factor that may be negative does not distribute over max', () => {
    const c = certificate('maxShare');
    expect(() => verify(withBlocks(c, (b) => (b.monoid === 'max' ? { ...b, basis: b.basis.map((p) => unary('neg', p)), transport: [[lit(-1)]] } : b)))).toThrow(/transport|composition|monoid/);
  });

  test('a reference that is the max of another atom bounds nothing', () => {
    const c = certificate('full');
    expect(() => verify({ ...c, references: c.references.map((r) => ({ ...r, atom: 1 })) })).toThrow(/range/);
  });

  test('an exponent that grows with the reference is out of range', () => {
    const c = certificate('full');
    const turned = (s: Scalar): Scalar => (s.kind === 'unary' && (s.op === 'exp' || s.op === 'exp2') && s.a.kind === 'binary' ? unary(s.op, binary('sub', s.a.b, s.a.a)) : mapScalar(s, turned));
    expect(() => verify(withBlocks(c, (b) => ({ ...b, basis: b.basis.map(turned), transport: b.transport.map((r) => r.map(turned)) })))).toThrow(/range/);
  });
});

describe('a fold that does not do what its source says is noticed', () => {
  test.each([
    ['full', 'a state that is not moved', (l: FoldLoop): FoldLoop => ({ ...l, states: l.states.map((s) => ({ ...s, moved: s.carry })) })],
    ['variance', 'a state that is not moved', (l: FoldLoop): FoldLoop => ({ ...l, states: l.states.map((s) => ({ ...s, moved: s.carry })) })],
    ['swigluSums', 'a state that starts at 1', (l: FoldLoop): FoldLoop => ({ ...l, states: l.states.map((s) => ({ ...s, init: 1 })) })],
    ['swigluSums', 'two states swapped', (l: FoldLoop): FoldLoop => ({ ...l, states: l.states.map((s, i) => ({ ...s, block: l.states[1 - i]?.block ?? s.block })) })],
  ])('%s: %s', (name, _, change) => {
    const [def, streamed] = streamedOf(name);
    const loop = loopOf(streamed);
    const wrong = change(loop);
    const go = rebuilder((e) => (e.kind === 'fold' && e.loop === loop ? { ...e, loop: wrong } : e));
    const broken: KernelDef = { ...streamed, results: streamed.results.map((r) => ({ ...r, value: go(r.value) })) };
    expect([1, 2, 3].some((seed) => disagreement(def, broken, seed) > 1e-3)).toBe(true);
  });
});
