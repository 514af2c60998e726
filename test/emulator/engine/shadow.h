// What happened to each half-word of shared memory: its last write, and since then the last read of each warp.
#pragma once
#include <cstring>

#include "clocks.h"
#include "place.h"

namespace emulator {

/** Lanes are numbers below 32. */
constexpr std::uint32_t wholeWarp = 32, severalLanes = 33, atomicLane = 64;

/** The earlier of two accesses that nothing orders. `isUnwritten`: what was read has not been written in this block. */
struct Conflict { bool found, earlierWrites, earlierIsCopy, earlierIsAtomic; int component; std::uint32_t lane; Pc pc; bool isUnwritten = false; };

/** `stamp`: clock · 256 + lane; 0: never. */
struct Access { std::uint32_t stamp; Pc pc; };
struct Write { std::uint32_t stamp; Pc pc; std::uint32_t component; };

/** Who accesses: a lane of a warp, or that warp as a whole. */
struct Accessor { int warp, thread; std::uint32_t lane; Pc pc; };

/**
 * Cells are half-words, the smallest element a kernel keeps in shared memory, so elements never share one. Accesses by
 * one lane are in order; those of different lanes of a warp only across barriers.
 */
class Shadow {
 public:
  static constexpr int cellBytes = 2;
  static constexpr Clock lastClock = (1u << 24) - 1;

  void start(int sharedBytes, int warpCount) {
    cells = (sharedBytes + cellBytes - 1) / cellBytes;
    warps = warpCount;
    writes.assign(cells, Write{0, 0, 0});
    reads.assign(static_cast<std::size_t>(cells) * warps, Access{0, 0});
  }

  Conflict read(const Clocks& clocks, const Accessor& by, int first, int count) {
    const std::uint32_t stamp = stampOf(clocks.of(by.warp), by.lane);
    Access* mine = reads.data() + static_cast<std::size_t>(by.warp) * cells;
    Conflict met{};
    for (int c = first; c < first + count; c++) {
      const Write& w = writes[c];
      const auto component = static_cast<int>(w.component);
      if (!clocks.isOfBlock(component, clockOf(w.stamp))) met.isUnwritten = true;
      else if (!ordered(clocks, by, component, w.stamp)) return conflict(w);
      mark(mine[c], stamp, by.pc);
    }
    return met;
  }

  Conflict write(const Clocks& clocks, const Accessor& by, int first, int count) {
    const Conflict met = before(clocks, by, first, count);
    if (met.found) return met;
    const Write made{stampOf(clocks.of(by.warp), by.lane), by.pc, static_cast<std::uint32_t>(by.warp)};
    for (int c = first; c < first + count; c++) writes[c] = made;
    return {};
  }

  /** A write that happens at some time from now on, and is seen by who knows that `component` is past its clock. */
  Conflict writeLater(const Clocks& clocks, const Accessor& by, int component, int first, int count) {
    const Conflict met = before(clocks, by, first, count);
    if (met.found) return met;
    const Write made{stampOf(clocks.of(component), by.lane), by.pc, static_cast<std::uint32_t>(component)};
    for (int c = first; c < first + count; c++) writes[c] = made;
    return {};
  }

  /** Reads and writes in one step; such steps do not conflict with each other. */
  Conflict atomic(const Clocks& clocks, Accessor by, int first, int count) {
    by.lane |= atomicLane;
    const Conflict met = before(clocks, by, first, count);
    if (met.found) return met;
    const Write made{stampOf(clocks.of(by.warp), by.lane), by.pc, static_cast<std::uint32_t>(by.warp)};
    Access* mine = reads.data() + static_cast<std::size_t>(by.warp) * cells;
    for (int c = first; c < first + count; c++) {
      writes[c] = made;
      mark(mine[c], made.stamp, by.pc);
    }
    return {};
  }

 private:
  static std::uint32_t stampOf(Clock clock, std::uint32_t lane) { return clock << 8 | lane; }
  static Clock clockOf(std::uint32_t stamp) { return stamp >> 8; }
  static std::uint32_t laneOf(std::uint32_t stamp) { return stamp & 255; }

  static bool ordered(const Clocks& clocks, const Accessor& by, int component, std::uint32_t stamp) {
    if (clocks.knows(by.warp, by.thread, component, clockOf(stamp))) return true;
    if ((laneOf(stamp) & by.lane & atomicLane) != 0) return true;
    return component == by.warp && by.lane != wholeWarp && (laneOf(stamp) & ~atomicLane) == (by.lane & ~atomicLane);
  }

  static void mark(Access& last, std::uint32_t stamp, Pc pc) {
    // Within one stretch, reads of a second lane stay beside those of the first.
    if (clockOf(last.stamp) == clockOf(stamp) && ((last.stamp ^ stamp) & ~atomicLane) != 0) stamp = stampOf(clockOf(stamp), severalLanes | (last.stamp & stamp & atomicLane));
    last = {stamp, pc};
  }

  /** The first access that a write by `by` is not ordered after. */
  Conflict before(const Clocks& clocks, const Accessor& by, int first, int count) const {
    for (int c = first; c < first + count; c++) {
      const Write& w = writes[c];
      if (w.stamp != 0 && !ordered(clocks, by, static_cast<int>(w.component), w.stamp)) return conflict(w);
    }
    for (int warp = 0; warp < warps; warp++) {
      const Access* theirs = reads.data() + static_cast<std::size_t>(warp) * cells;
      for (int c = first; c < first + count; c++)
        if (theirs[c].stamp != 0 && !ordered(clocks, by, warp, theirs[c].stamp)) return {true, false, false, (theirs[c].stamp & atomicLane) != 0, warp, laneOf(theirs[c].stamp) & ~atomicLane, theirs[c].pc};
    }
    return {};
  }

  Conflict conflict(const Write& w) const {
    const auto component = static_cast<int>(w.component);
    return {true, true, component >= warps, (w.stamp & atomicLane) != 0, component >= warps ? component - warps : component, laneOf(w.stamp) & ~atomicLane, w.pc};
  }

  int cells = 0, warps = 0;
  std::vector<Write> writes;
  std::vector<Access> reads;
};

}  // namespace emulator
