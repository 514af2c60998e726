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

[[noreturn]] __attribute__((cold, noinline)) inline void reportRace(const Conflict& met, const char* verb, int offset, int bytes, const Accessor& by) {
  std::string earlier = met.earlierIsCopy ? "a copy issued by " + threadText(met.component)
      : met.lane < lanesPerWarp           ? threadText(met.component * lanesPerWarp + static_cast<int>(met.lane))
                                          : "lanes of warp " + std::to_string(met.component);
  earlier += ", " + placeText(met.pc) + (met.earlierIsAtomic ? ", added to them" : met.earlierWrites ? ", wrote them" : ", read them");
  fail("race: " + threadText(by.thread) + ", " + placeText(by.pc) + ", " + verb + " " + bytesText(offset, bytes) + "; " + earlier + "; nothing orders the two");
}

template <int bytes> void checkAddress(int offset, const Accessor& by) {
  if (offset < 0 || offset + bytes > block.sharedBytes || offset % bytes != 0) rejectAddress(offset, bytes, by);
}

constexpr int firstCell(int offset) { return offset / Shadow::cellBytes; }
constexpr int cellsOf(int bytes) { return (bytes + Shadow::cellBytes - 1) / Shadow::cellBytes; }

template <int bytes> const char* readAt(int offset, const Accessor& by) {
  checkAddress<bytes>(offset, by);
  if (block.findsRaces) {
    const Conflict met = block.shadow.read(block.clocks, by, firstCell(offset), cellsOf(bytes));
    if (met.found) reportRace(met, "reads", offset, bytes, by);
    // Whoever writes it later without order says more about why; without one this is the report.
    if (met.isUnwritten && block.unwritten.empty()) block.unwritten = threadText(by.thread) + ", " + placeText(by.pc) + ", reads " + bytesText(offset, bytes) + ", which nobody wrote";
  }
  return block.shared + offset;
}

template <int bytes> char* writeAt(int offset, const Accessor& by) {
  checkAddress<bytes>(offset, by);
  if (block.findsRaces) {
    const Conflict met = block.shadow.write(block.clocks, by, firstCell(offset), cellsOf(bytes));
    if (met.found) reportRace(met, "writes", offset, bytes, by);
  }
  return block.shared + offset;
}

template <int bytes> char* atomicAt(int offset, const Accessor& by) {
  checkAddress<bytes>(offset, by);
  if (block.findsRaces) {
    const Conflict met = block.shadow.atomic(block.clocks, by, firstCell(offset), cellsOf(bytes));
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
