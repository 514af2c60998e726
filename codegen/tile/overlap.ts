import { binary, type Scalar } from '../../dsl/scalar.js';
import { floorTo, larger, plus } from './affine.js';
import type { Loop, Mma, Release, TileKernel, TileStmt } from './ir.js';
import { mapBlocks, operandsOf, readsOf, statements, writes } from './walk.js';

/**
 * Turns loops so that products run beside what else a turn does. Where products follow from one another, a turn begins the
 * next window's first products before the last window's last ones, and what stands between them runs beside the latter:
 *   for k { mma s <- a·b; map p <- s; mma o += p·v }
 *   →  once { mma s; map p }; for the others { mma s; mma o += p·v; map p <- s }; once { mma o += p·v }
 * Elsewhere a window is released when the next one's products have begun. Precondition: roles are given.
 */
export function overlapProducts(k: TileKernel): TileKernel {
  if (!k.roles) return k;
  const inside = k.schedule.overlap !== 'none';
  const body = mapBlocks(k.body, (block) => {
    const turned = block.flatMap((s): readonly TileStmt[] => (s.kind === 'loop' ? ((inside ? turnedChain(s) : undefined) ?? turnedReleases(s)) : [s]));
    return turned.length === block.length && turned.every((s, i) => s === block[i]) ? block : turned;
  });
  return { ...k, body: mapBlocks(body, sinkReleases) };
}

const isMma = (s: TileStmt): s is Mma => s.kind === 'mma';

/** What a turn does: products of what was loaded, what stands between, and products of what stands between. */
interface Turn { readonly first: readonly TileStmt[]; readonly between: readonly TileStmt[]; readonly last: readonly TileStmt[] }

function turnedChain(loop: Loop): readonly TileStmt[] | undefined {
  const turn = turnOf(loop);
  if (!turn) return undefined;
  const { first, between, last } = turn;
  const { span } = loop;
  const next = plus(loop.from, loop.step);
  // The last window there is; where there is none, the end.
  const behind = (s: Scalar): Scalar => (isZero(loop.from) ? s : binary('add', loop.from, s, span));
  const length = isZero(loop.from) ? plus(loop.to, -1) : binary('sub', plus(loop.to, -1), loop.from, span);
  const final = larger(loop.from, behind(floorTo(length, loop.step)));
  return [
    { ...loop, once: true, body: [...first, ...between] },
    // Of windows with one behind them none reaches beyond the axis.
    { ...loop, from: next, body: [...first, ...last.filter((s) => s.kind !== 'clear'), ...between] },
    { ...loop, from: final, once: true, body: last },
  ];
}

const isZero = (s: Scalar): boolean => s.kind === 'lit' && s.value === 0;

/** The parts of a loop's body; undefined where products do not follow from one another, or would meet if their order changed. */
function turnOf(loop: Loop): Turn | undefined {
  const products = loop.body.filter(isMma);
  const made = new Set(loop.body.flatMap((s) => statements([s]).flatMap(writes)));
  const late = products.filter((s) => operandsOf(s).some((t) => t.layout === 'packed' && made.has(t)));
  const early = products.filter((s) => !late.includes(s));
  if (late.length === 0 || early.length === 0 || early.some((s) => s.accumulate)) return undefined;
  const brings = (s: TileStmt, of: readonly Mma[]): boolean => (s.kind === 'receive' || s.kind === 'release') && s.channel.loads.some((l) => of.some((p) => operandsOf(p).includes(l.dst)));
  // What was computed is cleared where it was computed.
  const clears = (s: TileStmt, of: readonly Mma[]): boolean => s.kind === 'clear' && s.dst.layout === 'operand' && of.some((p) => operandsOf(p).includes(s.dst));
  const isLast = (s: TileStmt): boolean => late.some((p) => p === s) || ((brings(s, late) || clears(s, late)) && !brings(s, early) && !clears(s, early));
  const isFirst = (s: TileStmt): boolean => early.some((p) => p === s) || ((s.kind === 'receive' || s.kind === 'clear') && (brings(s, early) || clears(s, early)));
  const first = loop.body.filter(isFirst);
  const last = loop.body.filter(isLast);
  const between = loop.body.filter((s) => !isFirst(s) && !isLast(s));
  const moved = [...first, ...between, ...last];
  // Every pair that changes places must be indifferent to it.
  const indifferent = (a: TileStmt, b: TileStmt): boolean => !meet(a, b);
  const legal = moved.every((a, i) => moved.slice(i + 1).every((b) => loop.body.indexOf(a) < loop.body.indexOf(b) || indifferent(a, b)));
  const turns = last.every((a) => first.every((b) => indifferent(a, b)));
  return legal && turns && last.every((s) => s.kind !== 'loop' && s.kind !== 'when') ? { first, between, last } : undefined;
}

/** Whether the order of two statements matters. */
function meet(a: TileStmt, b: TileStmt): boolean {
  const touched = (s: TileStmt): { readonly reads: ReadonlySet<unknown>; readonly written: ReadonlySet<unknown> } => {
    const inside = statements([s]);
    return { reads: new Set(inside.flatMap(readsOf)), written: new Set(inside.flatMap(writes)) };
  };
  const [x, y] = [touched(a), touched(b)];
  return [...x.written].some((t) => y.reads.has(t) || y.written.has(t)) || [...x.reads].some((t) => y.written.has(t));
}

/** A loop that ends in releases keeps its window until the next one's products run: they need not be awaited in between. */
function turnedReleases(loop: Loop): readonly TileStmt[] {
  const releases = loop.body.filter((s): s is Release => s.kind === 'release');
  const at = loop.body.findIndex((s) => s.kind === 'release');
  const rest = loop.body.filter((s) => s.kind !== 'release');
  // Products alone may be under way across turns, and only where nobody asks for what they make.
  const accumulates = rest.some(isMma) && rest.every((s) => s.kind === 'receive' || (isMma(s) && s.accumulate));
  if (releases.length === 0 || !accumulates || loop.body.slice(at).some((s) => s.kind !== 'release')) return [loop];
  const behind = releases.map((r): Release => ({ ...r, behind: { axis: loop.axis, from: loop.from, args: loop.args } }));
  return [{ ...loop, body: [...rest, ...behind] }, { ...loop, once: true, body: releases }];
}

/** Moves releases behind everything that does not ask for the products which read the window. */
function sinkReleases(block: readonly TileStmt[]): readonly TileStmt[] {
  let out: readonly TileStmt[] = block;
  for (const release of block.filter((s): s is Release => s.kind === 'release' && s.behind === undefined)) {
    const at = out.indexOf(release);
    const readers = new Set(out.slice(0, at).filter(isMma).filter((p) => release.channel.loads.some((l) => operandsOf(p).includes(l.dst))).flatMap(writes));
    if (readers.size === 0) continue;
    const stops = (s: TileStmt): boolean => statements([s]).some((x) => [...readsOf(x), ...writes(x)].some((t) => readers.has(t)) || (x.kind === 'receive' && x.channel === release.channel));
    const behind = out.slice(at + 1);
    const stop = behind.findIndex(stops);
    const to = stop < 0 ? behind.length : stop;
    out = [...out.slice(0, at), ...behind.slice(0, to), release, ...behind.slice(to)];
  }
  return out.every((s, i) => s === block[i]) ? block : out;
}
