/** The length of `axis` is the product of the lengths of `of`: what a rename, split or merge makes of them. */
export interface SizeRelation<K> { readonly axis: K; readonly of: readonly K[] }

/** Lengths that a relation does not allow: `axis` has `length`, the known ones of `of` have `product`. */
export interface SizeConflict<K> { readonly relation: SizeRelation<K>; readonly length: number; readonly product: number }

/** Calls `infer` for every length that follows from those `known`; the first conflict between them, if there is one. */
export function inferLengths<K>(relations: readonly SizeRelation<K>[], known: (axis: K) => number | undefined, infer: (axis: K, length: number) => void): SizeConflict<K> | undefined {
  for (let changed = true; changed;) {
    changed = false;
    for (const relation of relations) {
      const unknown = [relation.axis, ...relation.of].filter((a) => known(a) === undefined);
      if (unknown.length > 1) continue;
      const [missing] = unknown;
      const product = relation.of.reduce((n, a) => n * (known(a) ?? 1), 1);
      const length = known(relation.axis) ?? product;
      // Any length times 0 is 0: nothing follows.
      if (unknown.length === 1 && missing !== relation.axis && product === 0) continue;
      if (missing === undefined || missing === relation.axis ? length !== product : length % product !== 0) return { relation, length, product };
      if (missing === undefined) continue;
      infer(missing, missing === relation.axis ? product : length / product);
      changed = true;
    }
  }
  return undefined;
}
