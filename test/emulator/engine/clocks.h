// Who has seen what: vector clocks over the warps of a block, over its threads, and over what runs by itself.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace emulator {

constexpr int lanesPerWarp = 32, maxThreads = 1024, maxWarps = maxThreads / lanesPerWarp, maxBarriers = 64;
using Clock = std::uint32_t;

/** What was known at some moment, by component. */
using Seen = std::vector<Clock>;

/** What a component counts. */
enum class Actor { warp, copies, lane, stores, products, boxes };

/**
 * Components: for each warp the stretches between its barriers and arrivals; for each thread its committed groups of
 * copies, the stretches of its warp that it alone has passed on, and its committed groups of stores; for each warp its
 * groups of products; for each barrier of copies its phases. `seen` of a warp says up to where it knows each component to
 * be done; what a lane learns by itself it alone knows until its warp meets. Clocks go on from block to block, so what an
 * earlier block did is always seen and nothing needs clearing between blocks.
 */
class Clocks {
 public:
  void start(int warpCount, int threadCount) {
    warps = warpCount;
    threads = threadCount;
    components = 2 * warps + 3 * threads + maxBarriers;
    now.assign(components, 1);
    seen.assign(static_cast<std::size_t>(warps) * components, 0);
    ownCopies.assign(threads, 0);
    ownStores.assign(threads, 0);
    learned.assign(threads, {});
  }

  /** A new block: everything before it is seen by all. */
  void newBlock() {
    for (int w = 0; w < warps; w++) std::copy(now.begin(), now.end(), row(w));
    for (Clock& c : now) c++;
    born = now;
    for (auto& of : learned) of.clear();
  }

  int copiesOf(int thread) const { return warps + thread; }
  int laneOf(int thread) const { return warps + threads + thread; }
  int storesOf(int thread) const { return warps + 2 * threads + thread; }
  int productsOf(int warp) const { return warps + 3 * threads + warp; }
  int boxesOf(int barrier) const { return 2 * warps + 3 * threads + barrier; }
  /** What a component counts, and whose: a warp, a thread or a barrier by number. */
  std::pair<Actor, int> actorOf(int component) const {
    if (component < warps) return {Actor::warp, component};
    const int rest = component - warps;
    if (rest < 3 * threads) return {rest < threads ? Actor::copies : rest < 2 * threads ? Actor::lane : Actor::stores, rest % threads};
    return rest < 3 * threads + warps ? std::pair{Actor::products, rest - 3 * threads} : std::pair{Actor::boxes, rest - 3 * threads - warps};
  }

  Clock of(int component) const { return now[component]; }
  void advance(int component) { now[component]++; }
  /** Whether that was in this block. */
  bool isOfBlock(int component, Clock clock) const { return clock >= born[component]; }
  Clock largest() const { return *std::max_element(now.begin(), now.end()); }

  /** Whether a lane of `warp`, thread `thread`, knows that `component` is past `clock`. Lanes of one warp are not told apart here. */
  bool knows(int warp, int thread, int component, Clock clock) const {
    if (row(warp)[component] >= clock) return true;
    if (component == copiesOf(thread)) return ownCopies[thread] >= clock;
    if (component == storesOf(thread) && ownStores[thread] >= clock) return true;
    for (const auto& [from, what] : learned[thread])
      if ((*what)[component] >= clock) return true;
    return false;
  }
  /** Whether it knows that one lane, or all lanes, of another warp are past `clock`. */
  bool knowsLane(int warp, int thread, int other, Clock clock) const { return knows(warp, thread, laneOf(other), clock); }
  bool knowsLanes(int warp, int thread, int ofWarp, Clock clock) const {
    for (int t = ofWarp * lanesPerWarp; t < std::min((ofWarp + 1) * lanesPerWarp, threads); t++)
      if (!knowsLane(warp, thread, t, clock)) return false;
    return true;
  }
  /** The stretch that the lanes of a warp last met behind. */
  Clock met(int warp) const { return row(warp)[warp]; }

  /** The copies of `thread` that are issued from now on belong to the next group. */
  void commit(int thread) { now[copiesOf(thread)]++; }
  void commitStores(int thread) { now[storesOf(thread)]++; }
  /** `thread` alone knows that its groups up to `clock` are done. */
  void copiesDone(int thread, Clock clock) { ownCopies[thread] = std::max(ownCopies[thread], clock); }
  void storesDone(int thread, Clock clock) { ownStores[thread] = std::max(ownStores[thread], clock); }
  /** All lanes of `warp` know that. */
  void done(int warp, int component, Clock clock) { row(warp)[component] = std::max(row(warp)[component], clock); }

  /** Adds all that `thread` has done and knows. What it does from here on is not among it. */
  void tell(int warp, int thread, Seen& to) {
    if (to.empty()) to.assign(components, 0);
    join(to, row(warp));
    for (const auto& [from, what] : learned[thread]) join(to, what->data());
    to[copiesOf(thread)] = std::max(to[copiesOf(thread)], ownCopies[thread]);
    to[storesOf(thread)] = std::max(to[storesOf(thread)], ownStores[thread]);
    to[laneOf(thread)] = now[warp]++;
  }
  /** `thread` alone learns what barrier `from` was told. */
  void learn(int thread, int from, std::shared_ptr<const Seen> what) {
    if (!what) return;
    for (auto& known : learned[thread])
      if (known.first == from) return void(known.second = std::move(what));
    learned[thread].emplace_back(from, std::move(what));
  }

  bool learnedSame(int a, int b) const { return learned[a] == learned[b]; }

  /** The lanes of a warp have met. */
  void warpMeets(int warp) {
    Clock* mine = row(warp);
    mine[warp] = now[warp]++;
    joinedHere.clear();
    for (int t = warp * lanesPerWarp; t < std::min((warp + 1) * lanesPerWarp, threads); t++) {
      mine[copiesOf(t)] = std::max(mine[copiesOf(t)], ownCopies[t]);
      mine[storesOf(t)] = std::max(mine[storesOf(t)], ownStores[t]);
      for (const auto& [from, what] : learned[t]) {
        // Lanes mostly know the same.
        if (std::find(joinedHere.begin(), joinedHere.end(), what.get()) != joinedHere.end()) continue;
        joinedHere.push_back(what.get());
        hear(warp, *what);
      }
      learned[t].clear();
    }
  }

  /** What a warp whose lanes have met tells the others, and what it hears. */
  void tellOthers(int warp, Seen& to) const {
    if (to.empty()) to.assign(components, 0);
    join(to, row(warp));
  }
  void hear(int warp, const Seen& what) {
    Clock* mine = row(warp);
    for (int c = 0; c < components; c++) mine[c] = std::max(mine[c], what[c]);
  }

  /** All warps have met, the lanes of each before. */
  void blockMeets() {
    joined.assign(row(0), row(0) + components);
    for (int w = 1; w < warps; w++) join(joined, row(w));
    for (int w = 0; w < warps; w++) std::copy(joined.begin(), joined.end(), row(w));
  }

 private:
  Clock* row(int warp) { return seen.data() + static_cast<std::size_t>(warp) * components; }
  const Clock* row(int warp) const { return seen.data() + static_cast<std::size_t>(warp) * components; }
  static void join(Seen& to, const Clock* from) {
    for (std::size_t c = 0; c < to.size(); c++) to[c] = std::max(to[c], from[c]);
  }

  int warps = 0, threads = 0, components = 0;
  std::vector<Clock> now, born, seen, ownCopies, ownStores;
  Seen joined;
  std::vector<const Seen*> joinedHere;
  /** By thread: barriers whose phases it awaited since its warp met, and what it learned there. */
  std::vector<std::vector<std::pair<int, std::shared_ptr<const Seen>>>> learned;
};

}  // namespace emulator
