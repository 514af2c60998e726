import type { Channel, Mma, Tile, TileStmt } from '../../../codegen/tile/ir.js';
import { bodyOf, readsOf, writes } from '../../../codegen/tile/walk.js';

/** A product that may still run, and the window of each channel that it reads. */
interface Running { readonly product: Mma; readonly windows: ReadonlyMap<Channel, number> }

/**
 * Follows what the computing warps of a block carry out, and says what is wrong with it: a result that is read or written
 * while a product still makes it, or whose end no `settle` told of; a left operand in registers that changes while a product
 * reads it; a window that is given back while a product reads it, that is read when it is not there, or that keeps the place
 * which a later one is sent to. `isPersistent`: places of other tiles follow, so all windows are to be given back.
 */
export function settledChecker(isPersistent: boolean): (s: TileStmt | 'end') => void {
  let running: readonly Running[] = [];
  /** Results whose products have ended without a `settle` that names them. */
  let untold: ReadonlySet<Tile> = new Set();
  const held = new Map<Channel, readonly number[]>();
  const received = new Map<Channel, number>();
  const wrong = (s: TileStmt, why: string): never => { throw new Error(`${s.kind}: ${why}`); };
  const windowsOf = (s: TileStmt, tiles: readonly Tile[]): ReadonlyMap<Channel, number> => new Map([...received.keys()].flatMap((c): readonly (readonly [Channel, number])[] => {
    if (!c.loads.some((l) => tiles.includes(l.dst))) return [];
    const window = held.get(c)?.at(-1);
    return window === undefined ? wrong(s, `no window of '${c.name}' is there`) : [[c, window]];
  }));
  const release = (s: TileStmt, c: Channel, window: number | undefined): void => {
    if (window === undefined) return;
    if (running.some((r) => r.windows.get(c) === window)) wrong(s, `a product reads the window of '${c.name}'`);
    held.set(c, (held.get(c) ?? []).filter((w) => w !== window));
  };
  return (s) => {
    if (s === 'end') {
      const kept = [...held].find(([, windows]) => windows.length > 0);
      if (kept && isPersistent) throw new Error(`end: a window of '${kept[0].name}' is never released`);
      if (running.length > 0) throw new Error('end: a product still runs');
      held.clear();
      received.clear();
      return;
    }
    switch (s.kind) {
      case 'receive': {
        const next = (received.get(s.channel) ?? 0) + 1;
        if (held.get(s.channel)?.includes(next - s.channel.stages) === true) wrong(s, `nothing has released the place of '${s.channel.name}' that it is sent to`);
        received.set(s.channel, next);
        held.set(s.channel, [...(held.get(s.channel) ?? []), next]);
        return;
      }
      case 'release': {
        const own = held.get(s.channel) ?? [];
        if (own.length === 0) wrong(s, `no window of '${s.channel.name}' is there`);
        return release(s, s.channel, s.behind ? own.at(-2) : own.at(-1));
      }
      case 'settle': {
        const ended = running.slice(0, Math.max(0, running.length - s.pending)).map((r) => r.product.dst);
        running = running.slice(ended.length);
        const early = s.finished.find((t) => running.some((r) => r.product.dst === t));
        if (early) wrong(s, `a product that may run still makes '${early.name}'`);
        untold = new Set([...untold, ...ended].filter((t) => !s.finished.includes(t) && !running.some((r) => r.product.dst === t)));
        return;
      }
      default: {
        // What stands inside is seen by itself.
        const [reads, written] = [readsOf(s), writes(s)];
        const isContinued = (t: Tile): boolean => s.kind === 'mma' && t === s.dst && t !== s.lhs && t !== s.rhs;
        const meets = running.find(({ product: p }) => [...reads, ...written].some((t) => t === p.dst && !isContinued(t)) || written.some((t) => t === p.lhs || t === p.rhs));
        if (meets) wrong(s, `the product that makes '${meets.product.dst.name}' may still run`);
        const told = [...reads, ...written].find((t) => untold.has(t) && !isContinued(t));
        if (told) wrong(s, `no settle has told that '${told.name}' is there`);
        const windows = bodyOf(s).length > 0 ? new Map<Channel, number>() : windowsOf(s, reads);
        if (s.kind === 'mma') running = [...running, { product: s, windows }];
      }
    }
  };
}
