// Barriers of phases: arrivals of threads and bytes of boxes complete a phase, which wakes who awaits it.
#pragma once
#include "meet.h"
#include "sharedAccess.h"

namespace emulator {

constexpr int mostArrivals = (1 << 20) - 1;

inline std::string barrierText(const PhaseBarrier& b) { return "the barrier at shared byte " + std::to_string(b.offset); }

/** Whether the running thread knows that `thread` is past `clock`. */
inline bool isAfter(int thread, Clock clock) {
  const int warp = thread / lanesPerWarp;
  return thread == block.thread || block.clocks.knows(block.warp, block.thread, warp, clock) || block.clocks.knowsLane(block.warp, block.thread, thread, clock);
}

inline void makeBarrier(int offset, int arrivals, Pc pc) {
  const Accessor by = laneAccessor(pc);
  writeAt<8>(offset, by);
  if (arrivals < 1 || arrivals > mostArrivals) fail(threadText(block.thread) + ", " + placeText(pc) + ", initialises a barrier of " + std::to_string(arrivals) + " arrivals");
  if (static_cast<int>(block.barriers.size()) == maxBarriers) fail(threadText(block.thread) + ", " + placeText(pc) + ", initialises barrier " + std::to_string(maxBarriers + 1) + ": the emulator has " + std::to_string(maxBarriers) + " for a block");
  if (block.barrierAt.empty()) block.barrierAt.assign(static_cast<std::size_t>(block.sharedBytes + 7) / 8, 0);
  PhaseBarrier made{};
  made.offset = offset;
  made.arrivals = made.pending = arrivals;
  made.thread = block.thread;
  made.made = block.clocks.of(block.warp);
  made.pc = pc;
  block.barriers.push_back(std::move(made));
  block.barrierAt[offset / 8] = static_cast<std::uint8_t>(block.barriers.size());
}

/** The copy engine sees the barriers that the running thread has made. */
inline void showBarriers() {
  for (PhaseBarrier& b : block.barriers)
    if (b.thread == block.thread && b.fenced == 0) b.fenced = block.clocks.of(block.warp);
}

/** The number of the barrier that the running thread uses. */
inline int usedBarrier(int offset, Pc pc) {
  const auto who = [&] { return threadText(block.thread) + ", " + placeText(pc) + ", "; };
  const bool isThere = offset >= 0 && offset % 8 == 0 && offset + 8 <= block.sharedBytes && !block.barrierAt.empty() && block.barrierAt[offset / 8] != 0;
  if (!isThere) fail(who() + "uses a barrier at shared byte " + std::to_string(offset) + ", where none has been initialised");
  const int index = block.barrierAt[offset / 8] - 1;
  const PhaseBarrier& b = block.barriers[index];
  if (block.findsRaces && !isAfter(b.thread, b.made)) fail("race: " + who() + "uses " + barrierText(b) + "; " + threadText(b.thread) + ", " + placeText(b.pc) + ", initialised it; nothing orders the two");
  return index;
}

inline void wake(int thread) {
  block.threads[thread].awaiting = {};
  block.warps[thread / lanesPerWarp].ready |= 1u << thread % lanesPerWarp;
}

inline bool hasCompleted(const PhaseBarrier& b, int parity) { return (b.phase & 1) != parity; }
inline void observe(int index, int thread) {
  PhaseBarrier& b = block.barriers[index];
  b.awaitedPhase = b.phase;
  block.clocks.learn(thread, index, b.seen);
}

/** Begins the next phase if nothing of this one is missing; what is wrong with that, else empty. */
inline std::string completeIfDone(int index) {
  PhaseBarrier& b = block.barriers[index];
  if (b.pending > 0 || b.bytes > 0) return "";
  if (b.bytes < 0) return barrierText(b) + " gets " + std::to_string(-b.bytes) + " bytes more than its phase expects, of a copy at " + placeText(b.copy);
  if (b.underWay > 0) return "a phase of " + barrierText(b) + " completes while a box is under way to it that it does not expect, copied at " + placeText(b.copy);
  const int component = block.clocks.boxesOf(index);
  if (!b.told.empty()) b.told[component] = block.clocks.of(component);
  b.seen = std::make_shared<const Seen>(b.told);
  block.clocks.advance(component);
  b.phase++;
  b.pending = b.arrivals;
  std::vector<int> still;
  for (const int thread : b.waiting) {
    if (!hasCompleted(b, block.threads[thread].awaiting.parity)) {
      still.push_back(thread);
      continue;
    }
    observe(index, thread);
    wake(thread);
  }
  b.waiting = std::move(still);
  return "";
}

inline void arrive(int offset, int bytes, Pc pc) {
  const int index = usedBarrier(offset, pc);
  PhaseBarrier& b = block.barriers[index];
  const auto who = [&] { return threadText(block.thread) + ", " + placeText(pc) + ", "; };
  if (b.pending == 0) fail(who() + "arrives at " + barrierText(b) + ", which has had all " + std::to_string(b.arrivals) + " arrivals of this phase and waits for " + std::to_string(b.bytes) + " bytes");
  if (bytes < 0 || b.bytes + bytes > mostArrivals) fail(who() + "expects " + std::to_string(bytes) + " bytes at " + barrierText(b));
  block.clocks.tell(block.warp, block.thread, b.told);
  b.pending--;
  b.bytes += bytes;
  const std::string wrong = completeIfDone(index);
  if (!wrong.empty()) fail(who() + "arrives: " + wrong);
}

inline void awaitCompletion(int offset, int parity, Pc pc) {
  const int index = usedBarrier(offset, pc);
  PhaseBarrier& b = block.barriers[index];
  if (parity != 0 && parity != 1) fail(threadText(block.thread) + ", " + placeText(pc) + ", awaits parity " + std::to_string(parity) + " of " + barrierText(b));
  if (hasCompleted(b, parity)) return observe(index, block.thread);
  block.threads[block.thread].awaiting = {index, parity, pc};
  b.waiting.push_back(block.thread);
  leaveFiber();
}

/** What barriers leave behind at the end of a block; empty where all is well. */
inline std::string unawaited() {
  for (const PhaseBarrier& b : block.barriers)
    if (b.underWay > 0 || b.copiedPhase > b.awaitedPhase) return "the block ends before a box copied for " + barrierText(b) + " is awaited, " + placeText(b.copy);
  return "";
}

}  // namespace emulator
