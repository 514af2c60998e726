import type { Axis } from '../../../dsl/expr.js';
import { address, type Place, product, strideFactors } from '../../emit/address.js';
import type { Emission } from '../../emit/emission.js';
import type { TileTopK } from '../../tile/ir.js';

export function printTopK(s: TileTopK, e: Emission): void {
  const start = (own: Axis): Place => (axis) => (axis === own ? undefined : e.origin(axis));
  const to = `${address(e, s.dst, start(s.as))}, ${product(strideFactors(e, s.dst, s.as))}, ${e.length(s.as)}`;
  const from = `${address(e, s.src, start(s.axis))}, ${product(strideFactors(e, s.src, s.axis))}, ${e.length(s.axis)}`;
  e.line(`topk(${to}, ${from});`);
}
