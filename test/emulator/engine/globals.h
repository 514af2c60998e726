// What happened to arrays in global memory, for kernels that are compiled to tell: races between threads, between blocks,
// and with boxes that are under way.
#pragma once
#include <unordered_map>

#include "faults.h"
#include "sharedAccess.h"

namespace emulator {

/** An access to two bytes of global memory by some block. */
struct GlobalAccess { int blockIndex; std::uint32_t stamp; int component; Pc pc; };
struct GlobalCell { GlobalAccess write{-1, 0, 0, 0}; std::vector<GlobalAccess> reads; };

/** By address halved; empty unless the kernel tells of its accesses. */
inline std::unordered_map<std::uintptr_t, GlobalCell> globalCells;

/** The launch's array that an address lies in; null where it is in none. */
inline const Guarded* arrayAt(const char* address) {
  for (const auto& array : *faults.arrays)
    if (array->contains(address)) return array.get();
  return nullptr;
}

[[noreturn]] __attribute__((cold, noinline)) inline void reportGlobalRace(const GlobalAccess& met, bool wrote, const char* verb, const std::string& what, const Accessor& by) {
  const bool isOther = met.blockIndex != block.index;
  const Conflict earlier{true, wrote, false, met.component, laneOf(met.stamp), met.pc};
  const std::string who = isOther ? "block " + std::to_string(met.blockIndex) : earlierText(earlier);
  fail("race: " + threadText(by.thread) + ", " + placeText(by.pc) + ", " + verb + " " + what + "; " + who + ", " + placeText(met.pc) + (wrote ? ", wrote there" : ", read there") + (isOther ? "; blocks are in no order" : "; nothing orders the two"));
}

inline bool isBefore(const GlobalAccess& met, const Accessor& by) { return met.blockIndex == block.index && isOrdered(block.clocks, by, met.component, met.stamp); }

/** Notes an access to `bytes` bytes; `later`: it happens at some time until who knows so. */
inline void accessGlobal(const char* at, std::size_t bytes, bool writes, Later later, const char* verb, const Accessor& by) {
  if (!block.findsRaces || bytes == 0) return;
  const auto first = reinterpret_cast<std::uintptr_t>(at) / 2, end = (reinterpret_cast<std::uintptr_t>(at) + bytes + 1) / 2;
  const auto what = [at] { return "byte " + std::to_string(at - arrayAt(at)->begin()) + " of " + arrayAt(at)->title(); };
  const GlobalAccess made{block.index, stampOf(later.clock, by.lane), later.component, by.pc};
  for (auto c = first; c < end; c++) {
    GlobalCell& cell = globalCells[c];
    if (cell.write.blockIndex >= 0 && !isBefore(cell.write, by)) reportGlobalRace(cell.write, true, verb, what(), by);
    if (!writes) {
      bool isThere = false;
      for (GlobalAccess& read : cell.reads)
        if (read.component == made.component && laneOf(read.stamp) == by.lane && read.blockIndex == block.index) read = made, isThere = true;
      if (!isThere) cell.reads.push_back(made);
      continue;
    }
    for (const GlobalAccess& read : cell.reads)
      if (!isBefore(read, by)) reportGlobalRace(read, false, verb, what(), by);
    cell.reads.clear();
    cell.write = made;
  }
}

/** A lane's own access, as the compiler tells of it; what is not of the launch's arrays is the thread's own. */
inline void accessByLane(const void* at, std::size_t bytes, bool writes, Pc pc) {
  const auto* address = static_cast<const char*>(at);
  if (!block.telling || arrayAt(address) == nullptr) return;
  needLaunches(writes ? "writes" : "reads", pc);
  accessGlobal(address, bytes, writes, {block.warp, block.clocks.of(block.warp)}, writes ? "writes" : "reads", laneAccessor(pc));
}

/** The lines of a box that lie inside its tensor. */
inline void accessBox(const Box& box, bool writes, Later later, const Accessor& by) {
  if (!block.telling) return;
  const auto [begin, end] = insideOf(box);
  const int size = box.map.elementBytes;
  if (end <= begin) return;
  eachLine(box, [&, begin = begin, end = end](int, const char* line) {
    if (line != nullptr) accessGlobal(line + (box.at[0] + static_cast<long>(begin)) * size, static_cast<std::size_t>(end - begin) * size, writes, later, writes ? "begins to store a box to" : "begins to copy a box from", by);
  });
}

}  // namespace emulator

// What g++ calls under -fsanitize=thread, whose own library is not linked.
#define EMULATOR_TOLD(name, bytes, writes) \
  extern "C" __attribute__((visibility("hidden"), used)) void name(void* at) { ::emulator::accessByLane(at, bytes, writes, EMULATOR_CALLER); }
