import type { Certificate, ClosureBlock } from '../../dsl/certificate.js';
import { evalScalar, scalarChildren, type Scalar } from '../../dsl/scalar.js';

/** What was checked, with the worst relative error of each identity. */
export interface Verification { readonly transport: number; readonly composition: number; readonly monoid: boolean; readonly range: boolean; readonly agreement: number; readonly partitions: number }

/** Float64 leaves this much for a handful of exponentials. */
const tolerance = 1e-9;
const draws = 24;

/**
 * Checks a certificate against nothing but itself and arithmetic: φ(a; r′) = T·φ(a; r), T(r→r″) = T(r′→r″)·T(r→r′), every
 * entry of T distributes over its monoid, every exponent keeps its slack; then, through `disagreement`, that source and
 * fold agree under random partitions (one per seed). Throws an internal error that names what failed.
 */
export function verify(c: Certificate, disagreement: (seed: number) => number = () => 0, partitions = 0): Verification {
  const random = randomFrom(c.atoms.length * 7919 + c.references.length + 1);
  const transport = worstOf(c, (b) => transportError(b, c, random));
  const composition = worstOf(c, (b) => compositionError(b, c, random));
  if (!(transport < tolerance)) fail(c, `transport: φ(a; r′) differs from T·φ(a; r) by ${transport}`);
  if (!(composition < tolerance)) fail(c, `composition: T(r→r″) differs from T(r′→r″)·T(r→r′) by ${composition}`);
  for (const b of c.blocks) if (!distributes(b, c, random)) fail(c, `monoid: an entry of T does not distribute over ${b.monoid} of ${b.name}`);
  for (const b of c.blocks) if (!isBounded(b, c, random)) fail(c, `range: an exponent of ${b.name} exceeds its slack`);
  let agreement = 0;
  for (let seed = 0; seed < partitions; seed++) agreement = Math.max(agreement, disagreement(seed));
  if (!(agreement < 1e-6)) fail(c, `agreement: source and fold differ by ${agreement}`);
  return { transport, composition, monoid: true, range: true, agreement, partitions };
}

type Random = () => number;
/** xorshift32 in (−2, 2): the same draws in every run. */
function randomFrom(seed: number): Random {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return ((x >>> 0) / 2 ** 32) * 4 - 2;
  };
}

const worstOf = (c: Certificate, error: (b: ClosureBlock) => number): number => c.blocks.reduce((worst, b) => Math.max(worst, error(b)), 0);
const at = (s: Scalar, args: readonly number[]): number => evalScalar(s, { args, pos: anyPlace, size: anyPlace });
/** Positions and sizes do not depend on references: any number stands for them. */
const anyPlace: Readonly<Record<string, number>> = new Proxy({}, { get: () => 3 });
const list = (n: number, random: Random): readonly number[] => Array.from({ length: n }, random);
const entries = (b: ClosureBlock, atoms: readonly number[], from: readonly number[], to: readonly number[]): readonly (readonly number[])[] =>
  b.transport.map((row) => row.map((t) => at(t, [...atoms, ...from, ...to])));
/** Values too large for a float64 of this use, and places where the author's own function has none, say nothing. */
const difference = (x: number, y: number): number => (Number.isFinite(x) && Number.isFinite(y) ? Math.abs(x - y) / Math.max(1, Math.abs(x), Math.abs(y)) : Number.isNaN(x) === Number.isNaN(y) ? 0 : Infinity);
const dot = (row: readonly number[], column: readonly number[]): number => row.reduce((sum, t, j) => sum + (t === 0 ? 0 : t * (column[j] ?? NaN)), 0);

function transportError(b: ClosureBlock, c: Certificate, random: Random): number {
  let worst = 0;
  for (let n = 0; n < draws; n++) {
    const atoms = list(c.atoms.length, random);
    const [r, s] = [list(c.references.length, random), list(c.references.length, random)];
    const before = b.basis.map((phi) => at(phi, [...atoms, ...r]));
    const after = b.basis.map((phi) => at(phi, [...atoms, ...s]));
    for (const [i, row] of entries(b, atoms, r, s).entries()) worst = Math.max(worst, difference(dot(row, before), after[i] ?? NaN));
  }
  return worst;
}

function compositionError(b: ClosureBlock, c: Certificate, random: Random): number {
  let worst = 0;
  for (let n = 0; n < draws; n++) {
    const atoms = list(c.atoms.length, random);
    const [r, s, t] = [0, 1, 2].map(() => list(c.references.length, random));
    const [direct, first, second] = [entries(b, atoms, r ?? [], t ?? []), entries(b, atoms, r ?? [], s ?? []), entries(b, atoms, s ?? [], t ?? [])];
    for (const [i, row] of direct.entries()) for (const [j, x] of row.entries()) worst = Math.max(worst, difference(x, dot(second[i] ?? [], first.map((f) => f[j] ?? NaN))));
  }
  return worst;
}

/** Numbers distribute over sums; over max and min only positive factors do. */
function distributes(b: ClosureBlock, c: Certificate, random: Random): boolean {
  if (b.monoid === 'sum') return true;
  if (b.basis.length !== 1) return false;
  return Array.from({ length: draws }).every(() => {
    const [row] = entries(b, list(c.atoms.length, random), list(c.references.length, random), list(c.references.length, random));
    return (row?.[0] ?? NaN) > 0;
  });
}

/** With every atom at or below the max it has as a reference, no exponent that reads a reference exceeds the slack. */
function isBounded(b: ClosureBlock, c: Certificate, random: Random): boolean {
  const maxima = c.references.map((r, i) => ({ ...r, place: c.atoms.length + i })).filter((r) => r.rule === 'max');
  const exponents = b.basis.flatMap(exponentsOf).filter((e) => maxima.some((r) => readsOf(e).includes(r.place)));
  return Array.from({ length: draws }).every(() => {
    const atoms = list(c.atoms.length, random);
    const references = c.references.map((r) => (r.rule === 'max' ? (atoms[r.atom] ?? NaN) + Math.abs(random()) : random()));
    const slack = maxima.reduce((most, r) => Math.max(most, r.slack), 0);
    return exponents.every((e) => at(e, [...atoms, ...references]) <= slack + tolerance);
  });
}

const exponentsOf = (s: Scalar): readonly Scalar[] => [...(s.kind === 'unary' && (s.op === 'exp' || s.op === 'exp2') ? [s.a] : []), ...scalarChildren(s).flatMap(exponentsOf)];
const readsOf = (s: Scalar): readonly number[] => (s.kind === 'arg' ? [s.index] : scalarChildren(s).flatMap(readsOf));

function fail(c: Certificate, why: string): never {
  const [span] = c.atoms;
  throw new Error(`internal error in stage 'stream': certificate of the fold over '${c.axis}' fails its check\n  ${why}${span ? `\n  at ${span.file}:${span.line}:${span.column}  ${span.text}` : ''}`);
}
