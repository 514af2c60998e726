// Every access to shared memory: inside its bounds, aligned, in order with the others.
#pragma once
#include "block.h"

namespace emulator {

inline Accessor laneAccessor(Pc pc) { return {block.warp, block.thread, static_cast<std::uint32_t>(block.lane), pc}; }

inline std::string bytesText(int offset, int bytes) { return "shared bytes " + std::to_string(offset) + " to " + std::to_string(offset + bytes - 1); }

[[noreturn]] __attribute__((cold, noinline)) inline void rejectAddress(int offset, int bytes, const Accessor& by) {
  const std::string who = threadText(by.thread) + ", " + placeText(by.pc) + ", accesses " + bytesText(offset, bytes);
  if (offset < 0 || offset + bytes > block.sharedBytes) fail(who + ", but the block has " + std::to_string(block.sharedBytes));
  fail(who + ", not a multiple of " + std::to_string(bytes));
}

/** Who made the earlier access of a conflict. */
inline std::string earlierText(const Conflict& met) {
  const auto [actor, index] = block.clocks.actorOf(met.component);
  switch (actor) {
    case Actor::copies: return "a copy issued by " + threadText(index);
    case Actor::stores: return "a store of a box issued by " + threadText(index);
    case Actor::products: return "a product of warp " + std::to_string(index);
    case Actor::boxes: return "a copy of a box for the barrier at shared byte " + std::to_string(block.barriers[index].offset);
    default: return met.lane < lanesPerWarp ? threadText(index * lanesPerWarp + static_cast<int>(met.lane)) : "lanes of warp " + std::to_string(index);
  }
}

[[noreturn]] __attribute__((cold, noinline)) inline void reportRace(const Conflict& met, const char* verb, int offset, int bytes, const Accessor& by) {
  const std::string earlier = earlierText(met) + ", " + placeText(met.pc) + (met.earlierIsAtomic ? ", added to them" : met.earlierWrites ? ", wrote them" : ", read them");
  fail("race: " + threadText(by.thread) + ", " + placeText(by.pc) + ", " + verb + " " + bytesText(offset, bytes) + "; " + earlier + (met.isUnfenced ? "; no fenceAsync of that thread comes between" : "; nothing orders the two"));
}

/** Whoever writes it later without order says more about why; without one this is the report. */
inline void noteUnwritten(int offset, int bytes, const Accessor& by) {
  if (block.unwritten.empty()) block.unwritten = threadText(by.thread) + ", " + placeText(by.pc) + ", reads " + bytesText(offset, bytes) + ", which nobody wrote";
}

[[noreturn]] __attribute__((cold, noinline)) inline void rejectBarrier(int offset, const Accessor& by) {
  fail(threadText(by.thread) + ", " + placeText(by.pc) + ", accesses shared byte " + std::to_string(offset) + ", where a barrier is, initialised at " + placeText(block.barriers[block.barrierAt[offset / 8] - 1].pc));
}

/** How many fences for asynchronous accesses a thread has come to. */
inline std::uint32_t fencesOf(int thread) { return static_cast<std::uint32_t>(block.fences[thread].size()); }

template <int bytes> void checkAddress(int offset, const Accessor& by) {
  if (offset < 0 || offset + bytes > block.sharedBytes || offset % bytes != 0) rejectAddress(offset, bytes, by);
  if (block.barriers.empty()) return;
  for (int i = offset / 8; i <= (offset + bytes - 1) / 8; i++)
    if (block.barrierAt[i] != 0) rejectBarrier(i * 8, by);
}

constexpr int firstCell(int offset) { return offset / Shadow::cellBytes; }
constexpr int cellsOf(int bytes) { return (bytes + Shadow::cellBytes - 1) / Shadow::cellBytes; }

template <int bytes> const char* readAt(int offset, const Accessor& by) {
  checkAddress<bytes>(offset, by);
  if (block.findsRaces) {
    const Conflict met = block.shadow.read(block.clocks, by, firstCell(offset), cellsOf(bytes));
    if (met.found) reportRace(met, "reads", offset, bytes, by);
    if (met.isUnwritten) noteUnwritten(offset, bytes, by);
  }
  return block.shared + offset;
}

template <int bytes> char* writeAt(int offset, const Accessor& by) {
  checkAddress<bytes>(offset, by);
  if (block.findsRaces) {
    const Conflict met = block.shadow.write(block.clocks, by, firstCell(offset), cellsOf(bytes), fencesOf(by.thread));
    if (met.found) reportRace(met, "writes", offset, bytes, by);
  }
  return block.shared + offset;
}

template <int bytes> char* atomicAt(int offset, const Accessor& by) {
  checkAddress<bytes>(offset, by);
  if (block.findsRaces) {
    const Conflict met = block.shadow.atomic(block.clocks, by, firstCell(offset), cellsOf(bytes), fencesOf(by.thread));
    if (met.found) reportRace(met, "adds to", offset, bytes, by);
  }
  return block.shared + offset;
}

/** The target of a copy of 16 bytes that the running thread issues. */
inline void copyAt(int offset, const Accessor& by) {
  checkAddress<16>(offset, by);
  if (!block.findsRaces) return;
  const Conflict met = block.shadow.writeLater(block.clocks, by, block.clocks.copiesOf(by.thread), firstCell(offset), cellsOf(16));
  if (met.found) reportRace(met, "issues a copy to", offset, 16, by);
}

}  // namespace emulator
