import type { Channel, Mma, Tile, TileKernel, TileStmt } from './ir.js';
import { operandsOf, readsOf, writes } from './walk.js';

/**
 * Products of warpgroups run beside what follows them; they are awaited where it matters:
 *   mma s <- a·b; mma o += p·v; map t <- s; release V   →   mma s; mma o; settle s; 1 pending; map t <- s; settle o; release V
 * Products finish in the order in which they began. Precondition: roles are given.
 */
export function settleProducts(k: TileKernel): TileKernel {
  if (!k.roles) return k;
  const { body, after } = walkBody(k.body, { running: [], windows: new Map() });
  return { ...k, body: [...body, ...waitFor(after.running.length - 1, after, body.at(-1)).stmts] };
}

/** A product under way, and which windows of channels it reads, by their number. */
interface Running { readonly product: Mma; readonly reads: ReadonlyMap<Channel, number> }
/** `windows`: of each channel, numbers of the windows that the warps have, oldest first. */
interface State { readonly running: readonly Running[]; readonly windows: ReadonlyMap<Channel, readonly number[]> }

function walkBody(body: readonly TileStmt[], before: State): { readonly body: readonly TileStmt[]; readonly after: State } {
  let state = before;
  const out: TileStmt[] = [];
  for (const s of body) {
    if (s.kind === 'loop' && s.once === true) {
      // Where it has no window, what follows waits for less than there is.
      const inner = walkBody(s.body, state);
      out.push({ ...s, body: inner.body });
      state = inner.after;
      continue;
    }
    if (s.kind === 'loop') {
      const { stmts, after } = loopOf(s, state);
      out.push(...stmts);
      state = after;
      continue;
    }
    if (s.kind === 'when') {
      const [yes, no] = [walkBody(s.body, state), walkBody(s.otherwise, state)];
      // Both ways leave the same behind, so that what follows can tell what runs.
      const same = keyOf(yes.after) === keyOf(no.after);
      const [a, b] = same ? [yes.body, no.body] : [[...yes.body, ...all(yes.after, s)], [...no.body, ...all(no.after, s)]];
      out.push({ ...s, body: a, otherwise: b });
      state = same ? yes.after : { running: [], windows: yes.after.windows };
      continue;
    }
    const waited = waitFor(conflict(s, state), state, s);
    out.push(...waited.stmts, s);
    state = step(s, waited.state);
  }
  return { body: out, after: state };
}

const all = (state: State, at: TileStmt): readonly TileStmt[] => waitFor(state.running.length - 1, state, at).stmts;

/** A loop's turns begin alike: with what the one before left running, else with nothing. */
function loopOf(s: TileStmt & { readonly kind: 'loop' }, before: State): { readonly stmts: readonly TileStmt[]; readonly after: State } {
  const turn = walkBody(s.body, before);
  if (keyOf(turn.after) === keyOf(before)) return { stmts: [{ ...s, body: turn.body }], after: turn.after };
  // The first turn may find less running than the others: what they wait for, it need not.
  const next = walkBody(s.body, turn.after);
  if (before.running.length === 0 && keyOf(next.after) === keyOf(turn.after)) return { stmts: [{ ...s, body: next.body }], after: next.after };
  const settled: State = { running: [], windows: before.windows };
  const alone = walkBody(s.body, settled);
  return { stmts: [...all(before, s), { ...s, body: [...alone.body, ...all(alone.after, s)] }], after: settled };
}

/** What runs, by what it reads and writes; windows count from the oldest that the warps have. */
function keyOf({ running, windows }: State): string {
  const own = [...windows].filter(([, w]) => w.length > 0).map(([c, w]) => `${c.name} ${w.length}`);
  const first = (c: Channel): number => windows.get(c)?.[0] ?? 0;
  return [...own, ...running.map((r) => `${writes(r.product).map((t) => t.name).join()}: ${operandsOf(r.product).map((t) => t.name).join()} ${[...r.reads].map(([c, n]) => `${c.name} ${n - first(c)}`).join()}`)].join('; ');
}

/** The youngest product under way that must have ended before `s`; −1 where there is none. */
function conflict(s: TileStmt, { running, windows }: State): number {
  if (s.kind === 'release') {
    const window = windows.get(s.channel)?.at(s.behind ? -2 : -1);
    return running.findLastIndex((r) => window !== undefined && r.reads.get(s.channel) === window);
  }
  const [reads, written] = [readsOf(s), writes(s)];
  return running.findLastIndex(({ product: p }) => {
    const made = writes(p);
    // Products add to the same accumulators one after another by themselves.
    if (s.kind === 'mma' && made.length === written.length && made.every((t, i) => t === written[i])) return operandsOf(s).some((t) => made.includes(t));
    return made.some((t) => reads.includes(t) || written.includes(t)) || (s.kind !== 'receive' && written.some((t) => operandsOf(p).includes(t)));
  });
}

function waitFor(index: number, { running, windows }: State, at: TileStmt | undefined): { readonly stmts: readonly TileStmt[]; readonly state: State } {
  if (index < 0 || !at) return { stmts: [], state: { running, windows } };
  const left = running.slice(index + 1);
  const finished = [...new Set(running.slice(0, index + 1).flatMap((r) => writes(r.product)))].filter((t: Tile) => !left.some((r) => writes(r.product).includes(t)));
  return { stmts: [{ kind: 'settle', pending: left.length, finished, span: at.span }], state: { running: left, windows } };
}

function step(s: TileStmt, { running, windows }: State): State {
  switch (s.kind) {
    case 'mma': {
      const reads = [...windows].flatMap(([c, w]): readonly (readonly [Channel, number])[] => (c.loads.some((l) => operandsOf(s).includes(l.dst)) ? [[c, w.at(-1) ?? 0]] : []));
      return { running: [...running, { product: s, reads: new Map(reads) }], windows };
    }
    case 'receive': {
      const own = windows.get(s.channel) ?? [];
      return { running, windows: new Map([...windows, [s.channel, [...own, (own.at(-1) ?? 0) + 1]]]) };
    }
    case 'release': {
      const own = windows.get(s.channel) ?? [];
      return { running, windows: new Map([...windows, [s.channel, s.behind ? own.slice(-1) : own.slice(0, -1)]]) };
    }
    default: return { running, windows };
  }
}
