import { mapsOf } from './boxes.js';
import { clearsOf } from './clears.js';
import { compactedBounds } from './compacted.js';
import { atLeast0, ceilTo } from './affine.js';
import type { Channel, Clear, Load, Loop, Receive, Tile, TileKernel, TileStmt } from './ir.js';
import { bodyOf, readsOf, statements, withBody, writes } from './walk.js';

/**
 * Gives the loads of products' operands to threads of their own; what is first read by one statement travels together:
 *   load a; for k { load b; mma s += a·b }
 *   →  loading: send A; for k { send B }    computing: receive A; for k { receive B; mma s += a·b; release B }; release A
 * Precondition: `isForWarpgroups` or `isForWarps`.
 */
export function giveRoles(k: TileKernel): TileKernel {
  const { roles } = k.schedule;
  if (roles === 'uniform') return k;
  const channels = channelsOf(k.body, k.schedule.stages);
  const body = computing(k.body, { channels, clears: clearsOf(k), loops: [] });
  // Panels wait for warps that are done with their products; what the next products read does not wait with them.
  const loaders = [channels.filter((c) => !c.loads.some(isPanels)), channels.filter((c) => c.loads.some(isPanels))].filter((own) => own.length > 0);
  const given: TileKernel = { ...k, body, roles: { channels, loading: loaders.map((own) => loading(k.body, own)), products: roles } };
  return { ...given, args: [...k.args, ...mapsOf(given)] };
}

const isPanels = (l: Load): boolean => l.dst.layout === 'panels';
const isOperand = (s: TileStmt): s is Load => s.kind === 'load' && (s.dst.layout === 'operand' || isPanels(s));
const touches = (s: TileStmt, t: Tile): boolean => statements([s]).some((x) => readsOf(x).includes(t));

/** Channels of a block of statements and of those inside it; loops that load the same tiles share theirs. */
function channelsOf(body: readonly TileStmt[], stages: number, inLoop = false): readonly Channel[] {
  const groups = new Map<TileStmt | undefined, Load[]>();
  for (const s of body.filter(isOperand)) {
    const reader = body.find((x) => touches(x, s.dst));
    groups.set(reader, [...(groups.get(reader) ?? []), s]);
  }
  const own = [...groups.values()].flatMap((loads): readonly Channel[] => {
    const [first] = loads;
    return first ? [{ name: loads.length > 2 ? `${first.dst.name}AndOthers` : `${loads.map((l) => l.dst.name).join('And')}s`, stages: inLoop || isPanels(first) ? stages : 1, loads }] : [];
  });
  const inner = body.flatMap((s) => channelsOf(bodyOf(s), stages, inLoop || s.kind === 'loop'));
  return inner.reduce((all, c) => (all.some((o) => o.loads.length === c.loads.length && o.loads.every((l, i) => l.dst === c.loads[i]?.dst)) ? all : [...all, c]), own);
}

const channelOf = (s: Load, channels: readonly Channel[]): Channel => {
  const found = channels.find((c) => c.loads.some((l) => l.dst === s.dst));
  if (!found) throw new Error(`no channel brings '${s.dst.name}'`);
  return found;
};

interface Around { readonly channels: readonly Channel[]; readonly clears: (written: Tile, loops: readonly Loop[], at: TileStmt) => readonly Clear[]; readonly loops: readonly Loop[] }

/** What the warps that compute do: they receive a window in front of its first reader, and release it behind the last. */
function computing(body: readonly TileStmt[], around: Around): readonly TileStmt[] {
  const { channels, clears, loops } = around;
  const here = [...new Set(body.filter(isOperand).map((s) => channelOf(s, channels)))];
  const readers = (c: Channel): readonly number[] => body.flatMap((s, i) => (c.loads.some((l) => touches(s, l.dst)) ? [i] : []));
  const inner = (s: TileStmt): readonly TileStmt[] => {
    if (s.kind === 'loop') return ownWindows(withBody(s, computing(s.body, { ...around, loops: [...loops, s] })));
    return [s.kind === 'when' ? { ...s, body: computing(s.body, around), otherwise: computing(s.otherwise, around) } : s];
  };
  return body.flatMap((s, i): readonly TileStmt[] => {
    if (isOperand(s)) return [];
    const { span } = s;
    const before = here.filter((channel) => readers(channel)[0] === i).flatMap((channel): readonly TileStmt[] =>
      [{ kind: 'receive', channel, span: channel.loads[0]?.span ?? span }, ...channel.loads.flatMap((l) => clears(l.dst, loops, l))]);
    const after = here.filter((channel) => readers(channel).at(-1) === i).map((channel): TileStmt => ({ kind: 'release', channel, span }));
    return [...before, ...inner(s), ...writes(s).filter((t) => t.layout === 'packed').flatMap((t) => clears(t, loops, s)), ...after];
  });
}

/** Windows that change nothing of the own rows are received as all others are, and released at once. */
function ownWindows({ own, ...loop }: Loop): readonly TileStmt[] {
  const received = loop.body.filter((s): s is Receive => s.kind === 'receive');
  if (own === undefined || received.length === 0 || statements(loop.body).filter((s) => s.kind === 'receive').length > received.length) return [loop];
  if (statements(loop.body).some((s) => s.kind === 'clear' && s.dst.layout === 'operand')) throw new Error('warpgroups that clear a window together cannot leave it out');
  const passed = received.flatMap(({ channel, span }): readonly TileStmt[] => [{ kind: 'receive', channel, span }, { kind: 'release', channel, span }]);
  return [{ ...loop, to: own }, { ...loop, from: atLeast0(ceilTo(own, loop.step)), body: passed }];
}

/** What a thread that loads does for some channels: the sends, the loops and conditions around them, and the numbers that those ask for. */
function loading(body: readonly TileStmt[], channels: readonly Channel[]): readonly TileStmt[] {
  const needed = new Set(statements(pruned(body, channels, new Set())).flatMap(readsOf));
  for (let size = -1; size < needed.size;) {
    size = needed.size;
    for (const s of statements(body)) if (writes(s).some((t) => needed.has(t))) for (const t of readsOf(s)) needed.add(t);
  }
  return pruned(body, channels, needed);
}

/** Of a block, what sends, what encloses it, and what makes the tiles that are `needed`. */
function pruned(body: readonly TileStmt[], channels: readonly Channel[], needed: ReadonlySet<Tile>): readonly TileStmt[] {
  const sent = new Set<Channel>();
  return body.flatMap((s): readonly TileStmt[] => {
    if (isOperand(s)) {
      const channel = channels.find((c) => c.loads.some((l) => l.dst === s.dst));
      if (!channel || sent.has(channel)) return [];
      sent.add(channel);
      return [{ kind: 'send', channel, span: s.span }];
    }
    if (s.kind === 'loop') {
      const inner = pruned(s.body, channels, needed);
      // Whose rows are whose is nothing to a thread that loads for all of them.
      const { own: _, ...loop } = s;
      return inner.some(isSending) ? [{ ...loop, ...compactedBounds(s.from, s.to, s.args), body: inner }] : [];
    }
    if (s.kind === 'when') {
      const [body, otherwise] = [pruned(s.body, channels, needed), pruned(s.otherwise, channels, needed)];
      return [...body, ...otherwise].some(isSending) ? [{ ...s, body, otherwise }] : [];
    }
    return writes(s).some((t) => needed.has(t)) ? [s] : [];
  });
}

const isSending = (s: TileStmt): boolean => statements([s]).some((x) => x.kind === 'send');
