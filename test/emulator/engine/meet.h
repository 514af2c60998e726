// Meetings of lanes and of warps: who arrives waits for the rest, the last one acts for all.
#pragma once
#include <algorithm>

#include "block.h"

namespace emulator {

inline int firstLane(std::uint32_t mask) { return __builtin_ctz(mask); }

/** Which named barrier a warp waits at, and how many have come. */
inline std::string namedText(int warp) {
  for (int i = 0; i < 16; i++) {
    const NamedBarrier& b = block.named[i];
    if (std::find(b.waiting.begin(), b.waiting.end(), warp) != b.waiting.end()) return " " + std::to_string(i) + " (" + std::to_string(b.come) + " of " + std::to_string(b.needed) + " threads have come)";
  }
  return "";
}

/** What a phase waits for. */
inline std::string missingText(const PhaseBarrier& b) {
  const std::string arrivals = std::to_string(b.pending) + " of " + std::to_string(b.arrivals) + " arrivals";
  return b.bytes < 0 ? arrivals + " are missing, and " + std::to_string(-b.bytes) + " bytes have come that none of them expects" : arrivals + " and " + std::to_string(b.bytes) + " bytes are missing";
}

/** What lanes of a warp wait for at barriers of phases. */
inline std::string parkedText(int warp, std::uint32_t lanes) {
  std::string text;
  while (lanes != 0) {
    const Awaiting at = block.threads[warp * lanesPerWarp + firstLane(lanes)].awaiting;
    const PhaseBarrier& b = block.barriers[at.barrier];
    std::uint32_t same = 0;
    for (int l = 0; l < lanesPerWarp; l++) {
      const int thread = warp * lanesPerWarp + l;
      if ((lanes >> l & 1) == 0) continue;
      const Awaiting& other = block.threads[thread].awaiting;
      if (other.barrier == at.barrier && other.pc == at.pc) same |= 1u << l;
    }
    text += " " + std::to_string(__builtin_popcount(same)) + " lanes at awaitPhase of the barrier at shared byte " + std::to_string(b.offset) + ", phase " + std::to_string(b.phase) + ", parity " + std::to_string(at.parity) + ": " + missingText(b) + ", " + placeText(at.pc) + ";";
    lanes &= ~same;
  }
  return text;
}

/** What a warp waits for and where, one line for each distinct place. */
inline std::string waitingText(int index) {
  const Warp& w = block.warps[index];
  std::string text;
  if (w.exited == w.exists) return " has returned";
  std::uint32_t rest = w.waiting;
  while (rest != 0) {
    const Pc pc = w.places[firstLane(rest)];
    std::uint32_t same = 0;
    for (int l = 0; l < lanesPerWarp; l++)
      if ((rest >> l & 1) != 0 && w.places[l] == pc) same |= 1u << l;
    text += " " + std::to_string(__builtin_popcount(same)) + " lanes at " + nameOf(w.meeting) + namedText(index) + ", " + placeText(pc) + ";";
    rest &= ~same;
  }
  std::uint32_t parked = 0;
  for (int l = 0; l < lanesPerWarp && index * lanesPerWarp + l < block.threadCount; l++) parked |= static_cast<std::uint32_t>(block.threads[index * lanesPerWarp + l].awaiting.barrier >= 0) << l;
  text += parkedText(index, parked);
  if (w.exited != 0) text += " " + std::to_string(__builtin_popcount(w.exited)) + " lanes have returned;";
  const std::uint32_t missing = w.exists & ~w.waiting & ~w.exited & ~parked;
  if (missing != 0) text += " " + std::to_string(__builtin_popcount(missing)) + " lanes on their way;";
  text.pop_back();
  return text;
}

/** The same of all warps, neighbours that wait for the same in one line. */
inline std::string allWaiting() {
  std::string text;
  for (int w = 0; w < block.warpCount;) {
    const std::string waits = waitingText(w);
    const int first = w++;
    while (w < block.warpCount && waitingText(w) == waits) w++;
    text += "\n  warp" + (w - first > 1 ? "s " + std::to_string(first) + " to " + std::to_string(w - 1) : " " + std::to_string(first)) + ":" + waits;
  }
  return text;
}

/** Puts the running lane's operands down. Whether it is the last of its warp. */
inline bool arrive(Meeting meeting, void* operands, Pc pc) {
  Warp& w = block.warps[block.warp];
  if (w.exited != 0) fail(threadText(block.thread) + " is at " + nameOf(meeting) + ", " + placeText(pc) + ", but lane " + std::to_string(firstLane(w.exited)) + " of its warp has returned");
  if (meeting != Meeting::blockBarrier && w.exists != ~0u) fail(threadText(block.thread) + " is at " + nameOf(meeting) + ", " + placeText(pc) + ", in a warp of " + std::to_string(__builtin_popcount(w.exists)) + " threads");
  if (w.waiting != 0) {
    const int other = firstLane(w.waiting);
    if (w.meeting != meeting || !samePlace(w.places[other], pc))
      fail("lanes of warp " + std::to_string(block.warp) + " have parted: lane " + std::to_string(block.lane) + " is at " + nameOf(meeting) + ", " + placeText(pc) + "; lane " + std::to_string(other) + " is at " + nameOf(w.meeting) + ", " + placeText(w.places[other]));
  }
  w.meeting = meeting;
  w.operands[block.lane] = operands;
  w.places[block.lane] = pc;
  w.waiting |= 1u << block.lane;
  return w.waiting == w.exists;
}

/** The lanes of a warp may go on; the running one does anyway. */
inline void release(int warp) {
  Warp& w = block.warps[warp];
  w.waiting = 0;
  w.ready = w.exists;
  if (warp == block.warp) w.ready &= ~(1u << block.lane);
}

/** Calls `perform` with all lanes' operands once the whole warp has arrived. */
template <class Operands, class Perform> void together(Meeting meeting, Operands& mine, Pc pc, Perform perform) {
  if (!arrive(meeting, &mine, pc)) return leaveFiber();
  perform(reinterpret_cast<Operands* const*>(block.warps[block.warp].operands));
  release(block.warp);
}

inline void meetWarp(Pc pc) {
  if (!arrive(Meeting::warpBarrier, nullptr, pc)) return leaveFiber();
  block.clocks.warpMeets(block.warp);
  release(block.warp);
}

inline void meetBlock(Pc pc) {
  if (block.anyExited) fail(threadText(block.thread) + " waits at blockBarrier, " + placeText(pc) + ", but other threads of the block have returned" + allWaiting());
  if (!arrive(Meeting::blockBarrier, nullptr, pc)) return leaveFiber();
  block.clocks.warpMeets(block.warp);
  if (++block.warpsAtBarrier < block.warpCount) return leaveFiber();
  block.warpsAtBarrier = 0;
  block.clocks.blockMeets();
  for (int w = 0; w < block.warpCount; w++) release(w);
}

/** The running thread has returned. */
inline void leave() {
  Warp& w = block.warps[block.warp];
  block.live--;
  block.anyExited = true;
  w.exited |= 1u << block.lane;
  if (w.waiting != 0) fail(threadText(block.thread) + " returns while lanes of its warp wait" + allWaiting());
  if (block.warpsAtBarrier != 0) fail(threadText(block.thread) + " returns while other warps wait at blockBarrier" + allWaiting());
}

}  // namespace emulator
