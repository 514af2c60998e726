// Asynchronous copies: legal at any time between issue and the wait that covers them; the policy decides when.
#pragma once
#include "block.h"

namespace emulator {

inline void land(Copy& copy) {
  std::memset(block.shared + copy.to, 0, 16);
  std::memcpy(block.shared + copy.to, copy.from, static_cast<std::size_t>(copy.valid));
  copy.landed = true;
}

inline void issueCopy(int to, const void* from, int valid, Pc pc) {
  Thread& t = block.threads[block.thread];
  t.copies.push_back({to, static_cast<const char*>(from), valid, block.clocks.of(block.clocks.copiesOf(block.thread)), pc, false});
  if (block.policy == Policy::early || (block.policy == Policy::random && block.random.below(3) == 0)) land(t.copies.back());
}

inline void commitGroup() { block.clocks.commit(block.thread); }

/** At most `pending` groups of the running thread are still under way. */
inline void waitForGroups(int pending) {
  Thread& t = block.threads[block.thread];
  const Clock next = block.clocks.of(block.clocks.copiesOf(block.thread));
  if (next - t.firstGroup <= static_cast<Clock>(pending)) return;
  const Clock done = next - 1 - static_cast<Clock>(pending);
  std::size_t kept = 0;
  for (Copy& copy : t.copies) {
    if (copy.group > done) t.copies[kept++] = copy;
    else if (!copy.landed) land(copy);
  }
  t.copies.resize(kept);
  block.clocks.copiesDone(block.thread, done);
  FencesOf& fences = block.fences[block.thread];
  if (fences.awaited.empty() || fences.awaited.back().first < done) fences.awaited.push_back({done, static_cast<std::uint32_t>(fences.at.size())});
}

/** Under the random policy some copies of the running thread land now. */
inline void maybeLand() {
  if (block.policy != Policy::random) return;
  for (Copy& copy : block.threads[block.thread].copies)
    if (!copy.landed && block.random.below(4) == 0) land(copy);
}

}  // namespace emulator
