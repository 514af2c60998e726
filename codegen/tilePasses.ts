import type { Launch } from './graph/launch.js';
import type { Schedule } from './schedule/schedule.js';
import type { Target } from './targets/target.js';
import { accumulateInPlace } from './tile/accumulate.js';
import { loadAhead } from './tile/ahead.js';
import { placeBarriers } from './tile/barriers.js';
import { joinProducts } from './tile/beside.js';
import { isInLines } from './tile/boxes.js';
import { giveRoles } from './tile/channels.js';
import { detourLoads } from './tile/detours.js';
import { deferFactors } from './tile/factors.js';
import { loadEarly } from './tile/early.js';
import { spreadTiles } from './tile/frames.js';
import { fuseMaps } from './tile/fused.js';
import type { TileKernel } from './tile/ir.js';
import { sumApart } from './tile/lanes.js';
import { loadVectorsLate } from './tile/late.js';
import { loadsBeforeWaits, loadsFirst } from './tile/loads.js';
import { lower } from './tile/lower.js';
import { overlapProducts } from './tile/overlap.js';
import { holdOperands } from './tile/held.js';
import { packOperands } from './tile/packed.js';
import { loadInPanels } from './tile/panels.js';
import { takeApart } from './tile/parts.js';
import { orderPlaces } from './tile/places.js';
import { stageLoads } from './tile/pipes.js';
import { splitRegions } from './tile/regions.js';
import { dropReleases } from './tile/releases.js';
import { settleProducts } from './tile/settle.js';
import { stagedStores } from './tile/staged.js';
import { shareStorage } from './tile/storage.js';
import { isForWarpgroups, walksLess } from './tile/warpgroups.js';
import { isForWarps } from './tile/warps.js';
import { tracing, type Trace } from './trace.js';

/** One launch as a tile program under a schedule, whether it fits or not. */
export const launchTiles = (launch: Launch, schedule: Schedule, target: Target): TileKernel => compileTiles(launch, schedule, target, tracing());

/** The passes that turn a launch into a tile program ready to print. Throws where the schedule asks for roles that the launch cannot have. */
export function compileTiles(launch: Launch, schedule: Schedule, target: Target, trace: Trace): TileKernel {
  let t = trace.tile('lower', lower(launch, schedule, target.blockOf === 'caches' ? 'asMultiplied' : 'asStored'));
  if (target.blockOf === 'warps') t = trace.tile('parts', takeApart(t)); // before accumulate: each part is a state of its own
  t = trace.tile('accumulate', accumulateInPlace(t));         // before regions: they copy a loop's statements
  t = trace.tile('storage', shareStorage(t));                 // likewise: lifetimes are read off one copy
  t = trace.tile('regions', splitRegions(t, target.blockOf === 'caches' ? 'loops' : 'branches'));
  if (target.blockOf === 'caches') return t;
  t = trace.tile('frames', spreadTiles(t));                   // behind regions: masks are gone from whole windows
  t = trace.tile('lanes', sumApart(t));                       // what a lane holds is known now
  t = trace.tile('loads', loadsFirst(t));                     // to registers, hence behind frames
  t = trace.tile('fused', fuseMaps(t));                       // likewise: only registers are dear
  if (schedule.roles !== 'uniform') {
    const ready = detourLoads(t, (l) => isInLines(l, l.dst.shape.at(-1)?.axis ?? '', t.sizes));
    return schedule.roles.by === 'warps' ? warpRoles(ready, trace) : groupRoles(packOperands(holdOperands(loadVectorsLate(ready))), target, trace);
  }
  t = trace.tile('detours', detourLoads(t));                  // before pipes: what goes through shared memory can be staged
  t = trace.tile('pipes', stageLoads(t));                     // which loads are copies is known now
  t = trace.tile('ahead', loadAhead(t));                      // likewise, and which stand in front
  return trace.tile('barriers', placeBarriers(t));            // last: it reads what is shared
}

/** One thread loads, warps compute, each for itself: products are there when they are made. */
function warpRoles(t: TileKernel, trace: Trace): TileKernel {
  if (!isForWarps(t)) throw new Error('its products are not for warps that somebody loads for');
  const lean = trace.tile('factors', deferFactors(orderPlaces(t)));
  return trace.tile('roles', loadsBeforeWaits(dropReleases(giveRoles(lean))));
}

/** One thread loads, warpgroups compute, and their products run beside what follows them. */
function groupRoles(t: TileKernel, target: Target, trace: Trace): TileKernel {
  if (!isForWarpgroups(t)) throw new Error('its products are not for warpgroups');
  if (walksLess(t)) throw new Error('it walks less than a window');
  const wide = trace.tile('beside', joinProducts(t));         // before roles: what one product reads travels together
  const lean = trace.tile('factors', deferFactors(orderPlaces(wide)));
  const sent = loadEarly(loadInPanels(lean));
  const roomy = [...stagedStores(sent), sent, lean].map(giveRoles).find((k) => target.tileBytes(k) <= target.tileLimit);
  const given = trace.tile('roles', roomy ?? giveRoles(lean));
  const turned = trace.tile('overlap', dropReleases(overlapProducts(given))); // loops that are taken apart tell which release is the last
  return trace.tile('settle', settleProducts(turned));        // last: it reads the order of all statements
}
