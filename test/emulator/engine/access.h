// Accesses to memory: who made them and when, and which are in order.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "clocks.h"
#include "place.h"

namespace emulator {

/** Lanes are numbers below 32. */
constexpr std::uint32_t wholeWarp = 32, severalLanes = 33, atomicLane = 64;

/** The earlier of two accesses that nothing orders. `isUnwritten`: what was read has not been written in this block. */
struct Conflict {
  bool found, earlierWrites, earlierIsAtomic;
  int component;
  std::uint32_t lane;
  Pc pc;
  bool isUnwritten = false;
  /** The later access does not see what the earlier wrote, because no fence came between. */
  bool isUnfenced = false;
};

/** `stamp`: clock · 256 + lane; 0: never. */
struct Access { std::uint32_t stamp; Pc pc; };
/** `fences`: how many fences for asynchronous accesses the thread had come to. */
struct Write { std::uint32_t stamp; Pc pc; std::uint32_t component, fences; };
struct PieceAccess { std::uint32_t stamp; Pc pc; std::uint32_t component; };

/** Who accesses: a lane of a warp, or that warp as a whole. */
struct Accessor { int warp, thread; std::uint32_t lane; Pc pc; };
/** An access that runs by itself, and is seen by who knows that `component` is past its clock. */
struct Later { int component; Clock clock; };

constexpr std::uint32_t stampOf(Clock clock, std::uint32_t lane) { return clock << 8 | lane; }
constexpr Clock clockOf(std::uint32_t stamp) { return stamp >> 8; }
constexpr std::uint32_t laneOf(std::uint32_t stamp) { return stamp & 255; }

/** Whether who accesses now knows of an access of `component` with that stamp that it is done. */
inline bool isOrdered(const Clocks& clocks, const Accessor& by, int component, std::uint32_t stamp) {
  if (clocks.knows(by.warp, by.thread, component, clockOf(stamp))) return true;
  if ((laneOf(stamp) & by.lane & atomicLane) != 0) return true;
  if (!clocks.isWarp(component)) return false;
  const std::uint32_t lane = laneOf(stamp) & ~atomicLane;
  if (component == by.warp && by.lane != wholeWarp && lane == (by.lane & ~atomicLane) && lane < lanesPerWarp) return true;
  if (lane < lanesPerWarp) return clocks.knowsLane(by.warp, by.thread, component * lanesPerWarp + static_cast<int>(lane), clockOf(stamp));
  return clocks.knowsLanes(by.warp, by.thread, component, clockOf(stamp));
}

/** A thread's fences for asynchronous accesses: their clocks, in order; and after how many it had awaited which groups of copies. */
struct FencesOf {
  std::vector<Clock> at;
  std::vector<std::pair<Clock, std::uint32_t>> awaited;
};
using Fences = std::vector<FencesOf>;

}  // namespace emulator
