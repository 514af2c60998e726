import { nowhere } from '../../dsl/span.js';
import type { Barrier, Tile, TileKernel, TileStmt } from './ir.js';
import { extended } from './sides.js';
import { readsOf, writes } from './walk.js';

/**
 * Places a barrier of the whole block wherever a statement touches a tile in shared memory that another thread may still
 * read or write:
 *   load s; map p ← s   →   load s; barrier; map p ← s
 * Tiles in registers and single numbers are every thread's own; a pipe's step is a barrier itself, its priming is not: a
 * loop around it comes back while some threads still read the last stage. Precondition: no barriers yet, and storage is
 * final (tiles that share memory would have to count as one).
 */
export function placeBarriers(kernel: TileKernel): TileKernel {
  const isShared = (t: Tile): boolean => extended(t).length > 0 && (t.layout === 'array' || t.layout === 'operand');
  const { body, after } = walkBody(kernel.body, nothing, isShared);
  // A loop that would have awaited them may not run at all; no block may end with copies under way.
  return { ...kernel, body: after.copied.size > 0 ? [...body, { kind: 'barrier', copies: true, alone: true, span: nowhere }] : body };
}

/** Tiles touched since the last barrier; `copied`: those whose loads may still be under way. */
interface Pending { readonly read: ReadonlySet<Tile>; readonly written: ReadonlySet<Tile>; readonly copied: ReadonlySet<Tile> }
const nothing: Pending = { read: new Set(), written: new Set(), copied: new Set() };

type IsShared = (t: Tile) => boolean;

function walkBody(body: readonly TileStmt[], before: Pending, isShared: IsShared): { readonly body: readonly TileStmt[]; readonly after: Pending } {
  let pending = before;
  const out: TileStmt[] = [];
  for (const s of body) {
    if (s.kind === 'loop') {
      // A second turn begins with what the first left pending, and the body may not run at all.
      const first = walkBody(s.body, pending, isShared);
      const again = walkBody(s.body, union(pending, first.after), isShared);
      out.push({ ...s, body: again.body });
      pending = union(pending, again.after);
      continue;
    }
    if (s.kind === 'when') {
      const [body, otherwise] = [walkBody(s.body, pending, isShared), walkBody(s.otherwise, pending, isShared)];
      out.push({ ...s, body: body.body, otherwise: otherwise.body });
      pending = union(body.after, otherwise.after);
      continue;
    }
    // All that a pipe started its own steps have awaited: only loads from before it may be left.
    if (s.kind === 'drain' && pending.copied.size === 0) continue;
    if (conflicts(s, pending)) {
      // Copies that the statement does not touch may stay under way.
      const copies = [...readsOf(s), ...touched(s)].some((t) => pending.copied.has(t));
      out.push({ kind: 'barrier', copies, span: nowhere } satisfies Barrier);
      pending = copies ? nothing : { read: nothing.read, written: pending.copied, copied: pending.copied };
    }
    out.push(s);
    if (s.kind === 'advance') pending = s.pipe.held === 'shared' ? nothing : pending;
    else if (s.kind === 'drain') pending = { ...pending, copied: nothing.copied };
    else pending = { read: add(pending.read, readsOf(s), isShared), written: add(pending.written, touched(s), isShared), copied: s.kind === 'load' && s.dst.layout === 'operand' ? add(pending.copied, [s.dst], isShared) : pending.copied };
  }
  return { body: out, after: pending };
}

const add = (set: ReadonlySet<Tile>, tiles: readonly Tile[], isShared: IsShared): ReadonlySet<Tile> => new Set([...set, ...tiles.filter(isShared)]);
const union = (a: Pending, b: Pending): Pending => ({ read: new Set([...a.read, ...b.read]), written: new Set([...a.written, ...b.written]), copied: new Set([...a.copied, ...b.copied]) });

/** What a statement writes here and now: a pipe's step writes behind its own barrier. */
const touched = (s: TileStmt): readonly Tile[] => (s.kind === 'prime' && s.pipe.held === 'shared' ? s.pipe.loads.map((l) => l.dst) : s.kind === 'advance' ? [] : writes(s));

const conflicts = (s: TileStmt, pending: Pending): boolean =>
  s.kind !== 'advance' && (readsOf(s).some((t) => pending.written.has(t)) || touched(s).some((t) => pending.written.has(t) || pending.read.has(t)));
