import type { KernelDef, SizeRule } from '../../dsl/definition.js';
import type { TensorExpr } from '../../dsl/expr.js';
import { nodesOf, same } from '../../dsl/walk.js';
import { dedupe } from '../graph/dedupe.js';
import { disagreement } from './agreement.js';
import { cascades, isResident, reducedAxis, type Cascade } from './cascade.js';
import { absorbedBy, exitsOf } from './exits.js';
import { foldOf } from './fold.js';
import { isSingle, largest } from './largest.js';
import { namer } from './names.js';
import { rebuildFrom } from './rebuild.js';
import { refusePass } from './refuse.js';
import { withoutReferences } from './topK.js';
import { verify } from './verify.js';

/** Float64 on a few elements; a wrong derivation is off by far more. */
const agreementTolerance = 1e-6;

/**
 * `def` with every reduction over an axis that is dynamic, ragged or longer than 256 inside a fold that walks the axis
 * once in blocks: plain sums and contractions, and cascades with their references, states and a certificate. Reductions
 * of one cascade share one loop object. Throws CompileError S101 … S107 at the author's expression when a reduction has
 * no such form. A fold over another axis inside a fold's block stays nested: where the inner one does not depend on a
 * position the outer grid walks, it is the later stages' choice to compute it once, in scratch that is linear in the
 * sequence. The certificates are verified and the folds held against their source, unless `prove` is false.
 */
export function stream(def: KernelDef, prove = true): KernelDef {
  const source = topKOfData(dedupe(def));
  const nodes = nodesOf(source.results.map((r) => r.value));
  const groups = cascades(source);
  const absorbed = absorbedBy(nodes, groups);
  const exits = exitsOf(source, groups, absorbed);
  const names = namer(nodes.flatMap((e) => (e.kind === 'input' ? [e.name] : [])));
  const resultNames = new Map(source.results.map((r) => [underCasts(r.value), r.name]));
  const derived = new Map<Cascade, (e: TensorExpr) => TensorExpr>();
  const building = new Set<Cascade>();
  /** The fold that computes an exit of its cascade. */
  const fold = (cascade: Cascade, e: TensorExpr): TensorExpr => {
    const before = derived.get(cascade);
    if (before) return before(e);
    const [first] = cascade.members;
    if (building.has(cascade) && first) refusePass(first, [reducedAxis(first), reducedAxis(first)], e);
    building.add(cascade);
    const made = foldOf({ cascade, nodes, names, wanted: (x) => x.span.binding ?? resultNames.get(x), exits: exits.get(cascade) ?? [], isAbsorbed: (x) => absorbed.get(x) === cascade, rebuilt: (x) => go(x) });
    derived.set(cascade, made);
    return made(e);
  };
  const go: (e: TensorExpr) => TensorExpr = rebuildFrom((e) => {
    const cascade = groups.get(e) ?? absorbed.get(e);
    if (cascade) return fold(cascade, e);
    // A row that only exists block by block is searched block by block; one that stands in memory, there.
    const isComputed = e.kind === 'topk' && e.arg.kind !== 'input' && !isResident(def.sizes[e.axis]);
    return isComputed && isSingle(e, fixedSize(def.sizes[e.as])) ? largest(e, go(e.arg), names) : undefined;
  });
  const results = same(source.results, (r) => {
    const value = go(r.value);
    return value === r.value ? r : { ...r, value };
  });
  const streamed = dedupe({ ...source, results });
  if (!prove) return streamed;
  const loops = new Set(nodesOf(streamed.results.map((r) => r.value)).flatMap((e) => (e.kind === 'fold' ? [e.loop] : [])));
  for (const loop of loops) verify(loop.certificate);
  checkAgreement(def, streamed);
  return streamed;
}

const fixedSize = (rule: SizeRule | undefined): number | undefined => (rule?.kind === 'fixed' ? rule.size : undefined);

/** What a result rounds. */
const underCasts = (e: TensorExpr): TensorExpr => (e.kind === 'cast' ? underCasts(e.arg) : e);

/** Source and folds mean the same, on a small case cut at random: a failure is a bug of this stage, not the author's. */
function checkAgreement(source: KernelDef, streamed: KernelDef): void {
  const off = disagreement(source, streamed, 1);
  if (!(off < agreementTolerance)) throw new Error(`internal error in stage 'stream': kernel '${source.name}' and its folds differ by ${off}\n  at ${source.span.file}:${source.span.line}:${source.span.column}`);
}

/** Top-k over a streamed axis compares data, not what references make of it. */
function topKOfData(def: KernelDef): KernelDef {
  if (!nodesOf(def.results.map((r) => r.value)).some((e) => e.kind === 'topk')) return def;
  const groups = new Set(cascades(def).values());
  const changed = new Map<TensorExpr, TensorExpr>();
  for (const e of nodesOf(def.results.map((r) => r.value))) {
    const cascade = e.kind === 'topk' ? [...groups].find((c) => c.axis === e.axis && c.roles.sources(e.arg).length > 0) : undefined;
    const made = e.kind === 'topk' && cascade ? withoutReferences(e, cascade) : undefined;
    if (made) changed.set(e, made);
  }
  if (changed.size === 0) return def;
  const go = rebuildFrom((e) => changed.get(e));
  return dedupe({ ...def, results: same(def.results, (r) => ({ ...r, value: go(r.value) })) });
}
