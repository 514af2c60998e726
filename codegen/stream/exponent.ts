import type { Scalar } from '../../dsl/scalar.js';
import type { Normalizer } from './frame.js';
import { expOf, isUnit, plus, powerOf, timesPart, unit, type Factor, type Part, type Sum } from './parts.js';
import { refuseExponent, type Place } from './refuse.js';
import { argsOf, linearScalar } from './table.js';

/** exp(base·Σ): data adds up to one exponent of data, the rest to one of factors. Throws S104 where data multiplies a reference. */
export function expSum(sum: Sum, base: number, s: Scalar, at: Scalar, n: Normalizer, place: Place): Sum {
  let data: ReadonlyMap<number, number> = new Map();
  let free: Part = unit;
  let coef = 1;
  for (const term of sum) {
    const isFree = isUnit(term.data);
    for (const f of term.factors) {
      if (isFree) {
        if (isUnit(f.part)) coef *= Math.exp(f.coef * base);
        else free = timesPart(free, freeExponent(f, base, n));
      } else {
        if (!isConst(f.part, n)) return refuseExponent(s, at, place);
        const whole = unshifted(timesPart(term.data, f.part), n);
        if (!whole) return refuseExponent(s, at, place);
        data = plus(data, new Map([[dataAtom(whole.data, n), f.coef * base]]));
        if (whole.lost) free = timesPart(free, linear(n.table.partScalar(whole.lost), -f.coef * base, n));
      }
    }
  }
  const made = dataExponent(data, n);
  return [{ data: made.data, factors: [{ coef, part: timesPart(free, made.free) }] }];
}

/** c·(x − r) as data c·x and what it lacks, c·r; a lone x − r stays. `undefined` for products of several such. */
function unshifted(p: Part, n: Normalizer): { readonly data: Part; readonly lost: Part | undefined } | undefined {
  const shifted = [...p.pow].flatMap(([atom, power]) => { const a = n.table.at(atom); return a.kind === 'shifted' ? [{ atom, power, a }] : []; });
  const [only, ...more] = shifted;
  if (!only || (p.pow.size === 1 && only.power === 1 && p.exp.size === 0 && p.guards.length === 0)) return { data: p, lost: undefined };
  if (more.length > 0 || only.power !== 1) return undefined;
  const rest: Part = { ...p, pow: new Map([...p.pow].filter(([a]) => a !== only.atom)) };
  return { data: timesPart(rest, powerOf(only.a.base)), lost: timesPart(rest, powerOf(n.table.atom({ kind: 'reference', reference: only.a.reference }))) };
}

/** Whether a factor follows no reference, so that it may join the data. */
function isConst(p: Part, n: Normalizer): boolean {
  return [...p.pow.keys(), ...p.exp.keys(), ...p.guards].every((atom) => n.table.at(atom).kind === 'free' && argsOf(n.table.scalarOf(atom)).every((i) => {
    const l = n.table.leafAt(i);
    return l.kind === 'tensor' && n.classes(l.e) === 'const';
  }));
}

function dataAtom(p: Part, n: Normalizer): number {
  const [only] = p.pow;
  if (p.pow.size === 1 && only && only[1] === 1 && p.exp.size === 0 && p.guards.length === 0) return only[0];
  return n.table.atom({ kind: 'data', scalar: n.table.partScalar(p) });
}

/** exp of data: one atom with a positive coefficient, relative to its reference where it has one. */
function dataExponent(form: ReadonlyMap<number, number>, n: Normalizer): { readonly data: Part; readonly free: Part } {
  if (form.size === 0) return { data: unit, free: unit };
  const [first] = form;
  if (form.size === 1 && first) {
    const [atom, c] = unscaled(first[0], first[1], n);
    // A running max bounds e^{c·x} from above for c > 0 alone.
    if (c > 0) return n.table.at(atom).kind === 'shifted' ? { data: expOf(atom, c), free: unit } : relative(atom, c, n);
  }
  // Several atoms, or a negative one: the whole exponent is an atom of its own. A shifted atom returns to its base.
  const bases = [...form].reduce<ReadonlyMap<number, number>>((sum, [a, c]) => plus(sum, new Map([[n.table.baseOf(a), c]])), new Map());
  const back = [...form].reduce<ReadonlyMap<number, number>>((sum, [a, c]) => {
    const at = n.table.at(a);
    return at.kind === 'shifted' ? plus(sum, new Map([[n.table.atom({ kind: 'reference', reference: at.reference }), -c]])) : sum;
  }, new Map());
  const made = relative(n.table.atom({ kind: 'data', scalar: linearScalar(bases, n.table.scalarOf) }), 1, n);
  return { data: made.data, free: timesPart(made.free, { ...unit, exp: back }) };
}

/** e^{c·x} = e^{c(x−r)} · e^{c·r} */
function relative(atom: number, c: number, n: Normalizer): { readonly data: Part; readonly free: Part } {
  const shift = n.shifts.get(atom);
  if (!shift) return { data: expOf(atom, c), free: unit };
  const { reference, base, unit: scale } = shift;
  return { data: expOf(n.table.atom({ kind: 'shifted', base, reference }), c * scale), free: expOf(n.table.atom({ kind: 'reference', reference }), c * scale) };
}

/** c·(2·x) = (2c)·x where the author takes the max of x. */
function unscaled(atom: number, c: number, n: Normalizer): readonly [number, number] {
  const a = n.table.at(atom);
  if (a.kind !== 'data' || n.authors.has(n.table.key(a.scalar))) return [atom, c];
  const s = a.scalar;
  const [factor, rest] = s.kind !== 'binary' || s.op !== 'mul' ? [undefined, undefined] : s.a.kind === 'lit' ? [s.a.value, s.b] : s.b.kind === 'lit' ? [s.b.value, s.a] : [undefined, undefined];
  if (factor === undefined || rest === undefined || !n.authors.has(n.table.key(rest))) return [atom, c];
  return [n.table.atom({ kind: 'data', scalar: rest }), c * factor];
}

/** exp(c · factor): sums open into their terms, and e^{c·log x} is x^c. */
function freeExponent(f: Factor, base: number, n: Normalizer): Part {
  const [only] = f.part.pow;
  const isAtom = f.part.pow.size === 1 && only !== undefined && only[1] === 1 && f.part.exp.size === 0 && f.part.guards.length === 0;
  if (isAtom && n.table.at(only[0]).kind === 'reference') return expOf(only[0], f.coef * base);
  return linear(isAtom ? n.table.scalarOf(only[0]) : n.table.partScalar(f.part), f.coef * base, n);
}

/** e^{c·s} as a part, `s` opened along sums, literal factors and maps. */
function linear(s: Scalar, c: number, n: Normalizer): Part {
  const alias = n.references.get(n.table.key(s));
  if (alias) return expOf(n.table.atom({ kind: 'reference', reference: alias.reference }), c * alias.unit);
  if (s.kind === 'binary' && s.op === 'add') return timesPart(linear(s.a, c, n), linear(s.b, c, n));
  if (s.kind === 'binary' && s.op === 'sub') return timesPart(linear(s.a, c, n), linear(s.b, -c, n));
  if (s.kind === 'unary' && s.op === 'neg') return linear(s.a, -c, n);
  if (s.kind === 'binary' && s.op === 'mul' && s.a.kind === 'lit') return linear(s.b, c * s.a.value, n);
  if (s.kind === 'binary' && s.op === 'mul' && s.b.kind === 'lit') return linear(s.a, c * s.b.value, n);
  if (s.kind === 'unary' && s.op === 'log') return powerOf(n.table.atom({ kind: 'free', scalar: s.a }), c);
  if (s.kind === 'unary' && s.op === 'log2') return powerOf(n.table.atom({ kind: 'free', scalar: s.a }), c * Math.LOG2E);
  if (s.kind === 'arg') {
    const l = n.table.leafAt(s.index);
    if (l.kind === 'reference') return expOf(n.table.atom({ kind: 'reference', reference: l.index }), c);
    if (l.kind === 'tensor' && l.e.kind === 'map' && n.classes(l.e) === 'free') return linear(n.table.lift(l.e.fn, l.e.args), c, n);
  }
  return expOf(n.table.atom({ kind: 'free', scalar: s }), c);
}

