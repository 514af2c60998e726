import type { Certificate, ClosureBlock, Reference } from '../../dsl/certificate.js';
import type { Axis, Carry, TensorExpr } from '../../dsl/expr.js';
import { arg, binary, lit, type Scalar } from '../../dsl/scalar.js';
import { bound, type Span } from '../../dsl/span.js';
import type { Accumulator, Closure, Side } from './closure.js';
import type { Part } from './parts.js';
import type { ReferencePlan } from './reference.js';
import { known, productScalar, renumber, type Table } from './table.js';
import { entryScalar } from './transport.js';

/** What a certificate is written from. */
export interface Derivation {
  readonly axis: Axis;
  readonly table: Table;
  readonly plans: readonly ReferencePlan[];
  readonly closed: Closure;
  readonly used: readonly number[];
  readonly usedReferences: readonly number[];
  readonly carries: ReadonlyMap<number, Carry>;
  /** Of references. */
  readonly names: ReadonlyMap<number, string>;
  readonly results: readonly Scalar[];
}

/** The record of a derivation, as scalar code over its atoms alone. */
export function certificateOf(d: Derivation): Certificate {
  const atoms = atomsOf(d);
  const place = (id: string): number => known(atoms.get(id), `atom ${id}`).index;
  const reference = (r: number): number => atoms.size + d.usedReferences.indexOf(r);
  const blocks = chains(d).map((chain): ClosureBlock => ({
    name: chain.map((i) => known(d.carries.get(i), 'state').name).join(' '),
    monoid: known(d.closed.accumulators[chain[0] ?? 0], 'accumulator').monoid,
    basis: chain.map((i) => basisOf(known(d.closed.accumulators[i], 'accumulator'), d.table, place, reference)),
    transport: chain.map((i) => chain.map((j) => {
      // Both factors of a product may move into one state: (x + δ)·(x + δ) has x·δ twice.
      const entries = known(d.closed.rows[i], 'row').filter((e) => e.from === j).map((e) => entryScalar(e.move, reference, (r) => reference(r) + d.usedReferences.length));
      return entries.length > 0 ? entries.reduce((a, b) => binary('add', a, b)) : lit(0);
    })),
  }));
  return {
    axis: d.axis,
    atoms: [...atoms.values()].map((a) => a.span),
    references: d.usedReferences.map((r): Reference => referenceRecord(known(d.plans[r], 'reference'), known(d.names.get(r), 'name'), place)),
    blocks,
    epilogue: d.results.map((s) => epilogueOf(s, d)),
  };
}

function referenceRecord(p: ReferencePlan, name: string, place: (id: string) => number): Reference {
  const atom = place(atomId(p.base));
  return p.kind === 'max'
    ? { name, rule: 'max', atom, start: p.start, slack: 0, origin: p.author ? 'author' : 'introduced' }
    : { name, rule: 'mean', atom, start: 0, slack: Infinity, origin: 'introduced' };
}

const atomId = (atom: number): string => `atom ${atom}`;
const rawId = (s: Side & { readonly kind: 'raw' }, table: Table): string => `raw ${table.key(table.leaf({ kind: 'tensor', e: s.e }))}`;

/** Data that stands in a basis function or under a reference, numbered. */
function atomsOf(d: Derivation): ReadonlyMap<string, { readonly index: number; readonly span: Span }> {
  const found = new Map<string, { readonly index: number; readonly span: Span }>();
  const add = (id: string, span: Span): void => void (found.has(id) || found.set(id, { index: found.size, span }));
  const part = (p: Part): void => {
    for (const atom of [...p.exp.keys(), ...p.pow.keys(), ...p.guards]) {
      const inner = d.table.innerOf(atom);
      const base = d.table.baseOf(atom);
      if (inner) part(inner);
      else add(atomId(base), atomSpan(base, d.table));
    }
  };
  for (const r of d.usedReferences) {
    const { base } = known(d.plans[r], 'reference');
    add(atomId(base), atomSpan(base, d.table));
  }
  for (const i of d.used) for (const side of sidesOf(known(d.closed.accumulators[i], 'accumulator'))) {
    if (side.kind === 'part') part(side.part);
    else add(rawId(side, d.table), tensorSpan(side.e));
  }
  return found;
}

/** A tensor's own place rather than that of the code that reads it. */
function atomSpan(atom: number, table: Table): Span {
  const s = table.scalarOf(atom);
  const l = s.kind === 'arg' ? table.leafAt(s.index) : undefined;
  return l?.kind === 'tensor' ? tensorSpan(l.e) : s.span;
}
const tensorSpan = (e: TensorExpr): Span => (e.kind === 'input' ? bound(e.span, e.name) : e.span);

const sidesOf = (a: Accumulator): readonly Side[] => (a.rhs ? [a.lhs, a.rhs] : [a.lhs]);

function basisOf(a: Accumulator, table: Table, place: (id: string) => number, reference: (r: number) => number): Scalar {
  const isBounded = (id: number): boolean => table.at(id).kind !== 'data';
  const atom = (id: number): Scalar => {
    const at = table.at(id);
    const inner = table.innerOf(id);
    // An operator pushed onto data is linear: it moves as the data under it.
    if (inner) return productScalar(inner, atom, isBounded);
    return at.kind === 'shifted' ? binary('sub', arg(place(atomId(at.base))), arg(reference(at.reference))) : arg(place(atomId(id)));
  };
  return sidesOf(a).map((s) => (s.kind === 'raw' ? arg(place(rawId(s, table))) : productScalar(s.part, atom, isBounded))).reduce((x, y) => binary('mul', x, y));
}

/** States that move into each other, each chain once. */
function chains(d: Derivation): readonly (readonly number[])[] {
  const left = new Set(d.used);
  const linked = (i: number): readonly number[] => d.used.filter((j) => (d.closed.rows[i] ?? []).some((e) => e.from === j) || (d.closed.rows[j] ?? []).some((e) => e.from === i));
  const collect = (i: number): readonly number[] => {
    if (!left.delete(i)) return [];
    return [i, ...linked(i).flatMap(collect)];
  };
  return d.used.map(collect).filter((c) => c.length > 0).map((c) => [...c].sort((a, b) => a - b));
}

/** A result over the fold's references, then its states, then whatever else it reads in order of appearance. */
function epilogueOf(s: Scalar, d: Derivation): Scalar {
  const others: number[] = [];
  return renumber(s, (i) => {
    const l = d.table.leafAt(i);
    if (l.kind === 'reference') return d.usedReferences.indexOf(l.index);
    if (l.kind === 'state') return d.usedReferences.length + d.used.indexOf(l.index);
    if (!others.includes(i)) others.push(i);
    return d.usedReferences.length + d.used.length + others.indexOf(i);
  });
}
