/**
 * A product: Π atomⁿ · exp(Σ c·atom), times [c] for every guard (0 where the condition fails, whatever the rest is).
 * Atoms are numbers that a table gives out.
 */
export interface Part {
  readonly pow: ReadonlyMap<number, number>;
  readonly exp: ReadonlyMap<number, number>;
  readonly guards: readonly number[];
}
/** A number times a product of atoms that do not vary along the fold's axis. */
export interface Factor { readonly coef: number; readonly part: Part }
/** A product of data, times the sum of its factors. */
export interface Term { readonly data: Part; readonly factors: readonly Factor[] }
/** A body in normal form: Σ data · Σ factor. No two terms have the same data; none has no factor. Empty: zero. */
export type Sum = readonly Term[];

export const unit: Part = { pow: new Map(), exp: new Map(), guards: [] };
export const isUnit = (p: Part): boolean => p.pow.size === 0 && p.exp.size === 0 && p.guards.length === 0;
export const powerOf = (atom: number, n = 1): Part => ({ ...unit, pow: new Map([[atom, n]]) });
export const expOf = (atom: number, c = 1): Part => ({ ...unit, exp: new Map([[atom, c]]) });
export const guardOf = (atom: number): Part => ({ ...unit, guards: [atom] });
export const number = (coef: number): Sum => (coef === 0 ? [] : [{ data: unit, factors: [{ coef, part: unit }] }]);
export const dataTerm = (data: Part): Sum => [{ data, factors: [{ coef: 1, part: unit }] }];
export const freeTerm = (part: Part, coef = 1): Sum => [{ data: unit, factors: [{ coef, part }] }];

/** Text that two parts share exactly when they are equal. */
export function partKey(p: Part): string {
  const list = (m: ReadonlyMap<number, number>): string => [...m].sort(([a], [b]) => a - b).map(([a, n]) => `${a}^${n}`).join('·');
  return `${list(p.pow)}|${list(p.exp)}|${[...p.guards].sort((a, b) => a - b).join(',')}`;
}

export function timesPart(a: Part, b: Part): Part {
  if (isUnit(a)) return b;
  if (isUnit(b)) return a;
  return { pow: plus(a.pow, b.pow), exp: plus(a.exp, b.exp), guards: [...new Set([...a.guards, ...b.guards])] };
}

/** pⁿ; a guard stays itself. Only for n > 0 when there are guards. */
export function raise(p: Part, n: number): Part {
  const scaled = (m: ReadonlyMap<number, number>): ReadonlyMap<number, number> => new Map([...m].map(([a, c]) => [a, c * n]));
  return { pow: scaled(p.pow), exp: scaled(p.exp), guards: p.guards };
}

/** Coefficients of linear forms added; zeros vanish. */
export function plus(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>, scale = 1): ReadonlyMap<number, number> {
  const sum = new Map(a);
  for (const [atom, c] of b) {
    const total = (sum.get(atom) ?? 0) + c * scale;
    if (total === 0) sum.delete(atom);
    else sum.set(atom, total);
  }
  return sum;
}

/** Terms with the same data become one, factors with the same part too; what cancels vanishes. */
export function addSums(...sums: readonly Sum[]): Sum {
  const terms = new Map<string, { data: Part; factors: Map<string, Factor> }>();
  for (const term of sums.flat()) {
    const key = partKey(term.data);
    const into = terms.get(key) ?? { data: term.data, factors: new Map<string, Factor>() };
    terms.set(key, into);
    for (const f of term.factors) {
      const k = partKey(f.part);
      into.factors.set(k, { part: f.part, coef: (into.factors.get(k)?.coef ?? 0) + f.coef });
    }
  }
  return [...terms.values()]
    .map(({ data, factors }) => ({ data, factors: [...factors.values()].filter((f) => f.coef !== 0) }))
    .filter((t) => t.factors.length > 0);
}

export function scaleSum(s: Sum, by: number): Sum {
  return by === 0 ? [] : s.map((t) => ({ ...t, factors: t.factors.map((f) => ({ ...f, coef: f.coef * by })) }));
}

/** Every data part times `p`. */
export const timesData = (s: Sum, p: Part): Sum => addSums(s.map((t) => ({ ...t, data: timesPart(t.data, p) })));
/** Every factor times `p`. */
export const timesFree = (s: Sum, p: Part): Sum => addSums(s.map((t) => ({ ...t, factors: t.factors.map((f) => ({ ...f, part: timesPart(f.part, p) })) })));
