import { dtypeBytes } from '../../dsl/dtype.js';
import { scalarChildren, type Scalar } from '../../dsl/scalar.js';
import type { Tile, TileKernel, TileMap } from './ir.js';
import { readsOf, statements, writes } from './walk.js';

/**
 * Maps whose quotients may be off in their last bits: of the result 16 bits are kept, by the tile or by the stores that
 * alone read it, and a quotient reaches it by what leaves relative errors as they are (no sum in which terms may cancel).
 */
export function coarseMaps(k: TileKernel): ReadonlySet<TileMap> {
  const narrow = (dtype: Tile['dtype']): boolean => dtypeBytes[dtype] === 2;
  const all = statements(k.body).filter((s): s is TileMap => s.kind === 'map' && s.dst.dtype !== 'i32' && onlyScales(s.fn, true));
  // Only where statements run one after the other, once, is it plain who reads what a map made.
  const isStoredOnly = (map: TileMap): boolean => {
    const behind = k.body.slice(k.body.indexOf(map) + 1);
    const next = behind.findIndex((s) => statements([s]).some((x) => writes(x).includes(map.dst)));
    const readers = statements(next < 0 ? behind : behind.slice(0, next + 1)).filter((s) => readsOf(s).includes(map.dst));
    return readers.length > 0 && readers.every((s) => s.kind === 'store' && narrow(s.dst.dtype));
  };
  return new Set(all.filter((s) => narrow(s.dst.dtype) || (k.body.includes(s) && isStoredOnly(s))));
}

/** Whether no quotient stands where its relative error could grow; `isScale`: whether this place keeps relative errors. */
function onlyScales(s: Scalar, isScale: boolean): boolean {
  const all = (keeps: boolean): boolean => scalarChildren(s).every((c) => onlyScales(c, keeps));
  if (s.kind === 'binary') return s.op === 'mul' ? all(isScale) : s.op === 'div' ? isScale && all(isScale) : all(false);
  if (s.kind === 'unary') return all(isScale && (s.op === 'neg' || s.op === 'abs'));
  return s.kind === 'select' ? onlyScales(s.cond, false) && onlyScales(s.a, isScale) && onlyScales(s.b, isScale) : true;
}
