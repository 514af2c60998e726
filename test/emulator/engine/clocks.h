// Who has seen what: vector clocks over the warps of a block and over the copies that its threads have under way.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace emulator {

constexpr int lanesPerWarp = 32, maxThreads = 1024, maxWarps = maxThreads / lanesPerWarp;
using Clock = std::uint32_t;

/**
 * Components: one for each warp, counting the stretches between its barriers, then one for each thread's copies, counting
 * committed groups. `seen` of a warp says up to where it knows each component to be done. Clocks go on from block to block,
 * so what an earlier block did is always seen and nothing needs clearing between blocks.
 */
class Clocks {
 public:
  void start(int warpCount, int threadCount) {
    warps = warpCount;
    components = warpCount + threadCount;
    now.assign(components, 1);
    seen.assign(static_cast<std::size_t>(warps) * components, 0);
    ownCopies.assign(threadCount, 0);
  }

  /** A new block: everything before it is seen by all. */
  void newBlock() {
    for (int w = 0; w < warps; w++) std::copy(now.begin(), now.end(), row(w));
    for (Clock& c : now) c++;
    born = now;
  }

  int copiesOf(int thread) const { return warps + thread; }
  Clock of(int component) const { return now[component]; }
  /** Whether that was in this block. */
  bool isOfBlock(int component, Clock clock) const { return clock >= born[component]; }
  Clock largest() const { return *std::max_element(now.begin(), now.end()); }

  /** Whether a lane of `warp`, thread `thread`, knows that `component` is past `clock`. Lanes of one warp are not told apart here. */
  bool knows(int warp, int thread, int component, Clock clock) const {
    return row(warp)[component] >= clock || (component == warps + thread && ownCopies[thread] >= clock);
  }

  /** The copies of `thread` that are issued from now on belong to the next group. */
  void commit(int thread) { now[warps + thread]++; }
  /** `thread` alone knows that its groups up to `clock` are done. */
  void copiesDone(int thread, Clock clock) { ownCopies[thread] = std::max(ownCopies[thread], clock); }

  /** The lanes of a warp have met. */
  void warpMeets(int warp) {
    Clock* mine = row(warp);
    mine[warp] = now[warp]++;
    const int first = warp * lanesPerWarp, end = std::min(first + lanesPerWarp, components - warps);
    for (int t = first; t < end; t++) mine[warps + t] = std::max(mine[warps + t], ownCopies[t]);
  }

  /** All warps have met, the lanes of each before. */
  void blockMeets() {
    joined.assign(row(0), row(0) + components);
    for (int w = 1; w < warps; w++)
      for (int c = 0; c < components; c++) joined[c] = std::max(joined[c], row(w)[c]);
    for (int w = 0; w < warps; w++) std::copy(joined.begin(), joined.end(), row(w));
  }

 private:
  Clock* row(int warp) { return seen.data() + static_cast<std::size_t>(warp) * components; }
  const Clock* row(int warp) const { return seen.data() + static_cast<std::size_t>(warp) * components; }

  int warps = 0, components = 0;
  std::vector<Clock> now, born, seen, ownCopies, joined;
};

}  // namespace emulator
