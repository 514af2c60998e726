import { nowhere } from '../../dsl/span.js';
import type { Barrier, Tile, TileKernel, TileStmt } from './ir.js';
import { readsOf, writes } from './walk.js';

/**
 * Places a barrier of the whole block wherever a statement touches a tile that another thread may still read or write:
 *   load s; map p ← s   →   load s; barrier; map p ← s
 * A tile of one number is every thread's own. Precondition: no barriers yet, and storage is final (tiles that share
 * memory would have to count as one).
 */
export function placeBarriers(kernel: TileKernel): TileKernel {
  const { body } = walkBody(kernel.body, { read: new Set(), written: new Set() });
  return { ...kernel, body };
}

/** Tiles touched since the last barrier. */
interface Pending { readonly read: ReadonlySet<Tile>; readonly written: ReadonlySet<Tile> }

function walkBody(body: readonly TileStmt[], before: Pending): { readonly body: readonly TileStmt[]; readonly after: Pending } {
  let pending = before;
  const out: TileStmt[] = [];
  for (const s of body) {
    if (s.kind === 'loop' || s.kind === 'when') {
      // A second turn begins with what the first left pending, and the body may not run at all.
      const first = walkBody(s.body, pending);
      const again = walkBody(s.body, s.kind === 'loop' ? union(pending, first.after) : pending);
      out.push({ ...s, body: again.body });
      pending = union(pending, again.after);
      continue;
    }
    if (conflicts(s, pending)) {
      out.push({ kind: 'barrier', name: '', warps: 0, span: nowhere } satisfies Barrier);
      pending = { read: new Set(), written: new Set() };
    }
    out.push(s);
    pending = { read: add(pending.read, readsOf(s)), written: add(pending.written, writes(s)) };
  }
  return { body: out, after: pending };
}

const isShared = (t: Tile): boolean => t.shape.some((a) => a.size > 1);
const add = (set: ReadonlySet<Tile>, tiles: readonly Tile[]): ReadonlySet<Tile> => new Set([...set, ...tiles.filter(isShared)]);
const union = (a: Pending, b: Pending): Pending => ({ read: new Set([...a.read, ...b.read]), written: new Set([...a.written, ...b.written]) });

const conflicts = (s: TileStmt, pending: Pending): boolean =>
  readsOf(s).some((t) => pending.written.has(t)) || writes(s).some((t) => pending.written.has(t) || pending.read.has(t));
