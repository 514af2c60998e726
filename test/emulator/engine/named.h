// Barriers of some warps, by number, and the registers that warpgroups hand each other.
#pragma once
#include "meet.h"

namespace emulator {

/** A warp comes to a barrier of `threads` threads; `waits`: and goes on only with all of them. */
inline void meetNamed(int number, int threads, bool waits, Pc pc) {
  struct Call { int number, threads; } mine{number, threads};
  if (!arrive(waits ? Meeting::namedBarrier : Meeting::arriveNamed, &mine, pc)) return leaveFiber();
  const auto who = [&] { return "warp " + std::to_string(block.warp) + ", " + placeText(pc) + ", "; };
  for (const void* other : block.warps[block.warp].operands)
    if (static_cast<const Call*>(other)->number != number || static_cast<const Call*>(other)->threads != threads) fail(who() + "comes to a named barrier of which its lanes say different numbers");
  if (number < 1 || number > 15) fail(who() + "comes to named barrier " + std::to_string(number) + "; there are 1 to 15");
  if (threads < lanesPerWarp || threads % lanesPerWarp != 0 || threads > block.threadCount) fail(who() + "comes to named barrier " + std::to_string(number) + " of " + std::to_string(threads) + " threads, not whole warps of the block's " + std::to_string(block.threadCount));
  NamedBarrier& b = block.named[number];
  if (b.come == 0) b.needed = threads, b.pc = pc;
  if (b.needed != threads) fail(who() + "comes to named barrier " + std::to_string(number) + " of " + std::to_string(threads) + " threads; who came first, " + placeText(b.pc) + ", said " + std::to_string(b.needed));
  block.clocks.warpMeets(block.warp);
  block.clocks.tellOthers(block.warp, b.told);
  b.come += lanesPerWarp;
  const int self = block.warp;
  if (waits) b.waiting.push_back(self);
  if (b.come < b.needed) {
    if (waits) return leaveFiber();
    return release(self);
  }
  for (const int warp : b.waiting) {
    block.clocks.hear(warp, b.told);
    release(warp);
  }
  if (!waits) release(self);
  b = {};
}

constexpr int registersOfBlock = 1 << 16, fewestRegisters = 24, mostRegisters = 256;

/** All lanes of a warp say how many registers each may have from here on. */
inline void changeRegisters(int count, Pc pc) {
  int none = 0;
  together(Meeting::registers, none, pc, [count, pc](int* const*) {
    Warp& w = block.warps[block.warp];
    const auto who = [&] { return "warp " + std::to_string(block.warp) + ", " + placeText(pc) + ", "; };
    if (count < fewestRegisters || count > mostRegisters || count % 8 != 0) fail(who() + "asks for " + std::to_string(count) + " registers, no multiple of 8 from 24 to 256");
    if (w.registers != 0) fail(who() + "changes its registers a second time, after " + placeText(w.registersAt));
    w.registers = count;
    w.registersAt = pc;
  });
}

/** What is wrong with the registers that warps asked for, at the end of a block; empty where nothing is. */
inline std::string badRegisters() {
  // What the compiler may give every thread.
  const int before = std::min(mostRegisters - 1, registersOfBlock / block.threadCount) / 8 * 8;
  int total = 0;
  Pc last = 0;
  for (int w = 0; w < block.warpCount; w++) {
    const Warp& warp = block.warps[w];
    const Warp& first = block.warps[w / 4 * 4];
    if (warp.registers != first.registers) return "warps " + std::to_string(w / 4 * 4) + " and " + std::to_string(w) + " of one warpgroup ask for different registers, at " + placeText(warp.registers == 0 ? first.registersAt : warp.registersAt);
    if (warp.registers > before) last = warp.registersAt;
    total += (warp.registers == 0 ? before : warp.registers) * lanesPerWarp;
  }
  return last == 0 || total <= registersOfBlock ? "" : "warps wait for registers for ever, at " + placeText(last) + ": the block's would be " + std::to_string(total) + " of " + std::to_string(registersOfBlock);
}

}  // namespace emulator
