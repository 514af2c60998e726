import type { Channel, TileKernel, TileStmt } from './ir.js';
import { statements } from './walk.js';

/**
 * Takes away releases of windows that nobody waits for: where a block has one place, those behind which it receives no more of
 * the channel. What is left in the last turns of loops is not known here.
 *   receive A; for k { receive B; mma s += a·b; release B }; release A   →   receive A; for k { receive B; mma s += a·b; release B }
 */
export function dropReleases(k: TileKernel): TileKernel {
  if (!k.roles || k.schedule.persistent) return k;
  return { ...k, body: claimed(k.body, new Set()) };
}

/** A block of statements without the releases of channels of which nothing is received any more; `later`: what is received behind it. */
function claimed(block: readonly TileStmt[], later: ReadonlySet<Channel>): readonly TileStmt[] {
  let received = later;
  return block.toReversed().flatMap((s): readonly TileStmt[] => {
    if (s.kind === 'release') return received.has(s.channel) ? [s] : [];
    const behind = received;
    received = new Set([...behind, ...statements([s]).flatMap((x) => (x.kind === 'receive' ? [x.channel] : []))]);
    // A loop's next turn receives what this one releases.
    if (s.kind === 'loop') return [s.once === true ? { ...s, body: claimed(s.body, behind) } : s];
    return [s.kind === 'when' ? { ...s, body: claimed(s.body, behind), otherwise: claimed(s.otherwise, behind) } : s];
  }).toReversed();
}
