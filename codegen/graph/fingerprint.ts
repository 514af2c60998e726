import { createHash } from 'node:crypto';
import type { Certificate } from '../../dsl/certificate.js';
import type { KernelDef } from '../../dsl/definition.js';
import type { Fold, FoldLoop } from '../../dsl/expr.js';
import { nodesOf } from '../../dsl/walk.js';
import { scalarKey } from './keys.js';

/** First hex digits of the hash of what a certificate says; places in the source do not count. */
export function fingerprint(c: Certificate): string {
  const text = JSON.stringify([
    c.axis, c.references.map((r) => [r.name, r.atom, r.start, r.slack, r.origin]),
    c.blocks.map((b) => [b.name, b.monoid, b.basis.map(scalarKey), b.transport.map((row) => row.map(scalarKey))]), c.epilogue.map(scalarKey),
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 4);
}

/** The loops of a graph, each once, operands' loops first. */
export function loopsOf(def: KernelDef): readonly FoldLoop[] {
  return [...new Set(nodesOf(def.results.map((r) => r.value)).filter((e): e is Fold => e.kind === 'fold').map((e) => e.loop))];
}

/** One line for the generated header: what the loop carries, and the certificate that proves it. */
export function loopText(loop: FoldLoop): string {
  const names = [...loop.references, ...loop.states].map((r) => r.carry.name);
  return `fold over ${loop.axis} carrying (${names.join(', ')}), certificate ${fingerprint(loop.certificate)}`;
}
