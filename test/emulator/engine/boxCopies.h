// Boxes under way: to shared memory until a phase of their barrier completes, to global memory until their thread's wait.
#pragma once
#include "barriers.h"
#include "globals.h"

namespace emulator {

/** The box of a map at a position, and where it stands in shared memory: aligned and inside. */
inline Box boxAt(const void* words, int rank, const int* at, int shared, Pc pc) {
  Box box{mapIn(words), {}};
  const auto who = [&] { return threadText(block.thread) + ", " + placeText(pc) + ", "; };
  if (box.map.rank != rank) fail(who() + "copies a box at " + std::to_string(rank) + " positions of a tensor of " + std::to_string(box.map.rank) + " axes");
  std::copy_n(at, rank, box.at.begin());
  if (shared < 0 || shared + box.bytes() > block.sharedBytes) fail(who() + "copies a box to or from " + bytesText(shared, box.bytes()) + ", but the block has " + std::to_string(block.sharedBytes));
  if (shared % boxAlignment != 0) fail(who() + "copies a box to or from shared byte " + std::to_string(shared) + ", not a multiple of " + std::to_string(boxAlignment));
  if (!block.barrierAt.empty())
    for (int i = shared / 8; i < (shared + box.bytes()) / 8; i++)
      if (block.barrierAt[i] != 0) rejectBarrier(i * 8, laneAccessor(pc));
  return box;
}

/** A box arrives; what is wrong with that, else empty. */
inline std::string landBox(const Load& load) {
  readBox(load.box, block.shared, load.to);
  PhaseBarrier& b = block.barriers[load.barrier];
  b.bytes -= load.bytes;
  b.underWay--;
  return completeIfDone(load.barrier);
}

inline void issueLoad(int to, const void* map, int barrier, int rank, const int* at, Pc pc) {
  needLaunches("begins to copy a box", pc);
  const Box box = boxAt(map, rank, at, to, pc);
  const int index = usedBarrier(barrier, pc);
  PhaseBarrier& b = block.barriers[index];
  if (b.fenced == 0 || (block.findsRaces && !isAfter(b.thread, b.fenced)))
    fail(threadText(block.thread) + ", " + placeText(pc) + ", copies a box for " + barrierText(b) + ", which the copy engine may not see: no fenceBarriers lies behind its initialisation, " + placeText(b.pc));
  const Accessor by = laneAccessor(pc);
  const int component = block.clocks.boxesOf(index);
  if (block.findsRaces) {
    const Conflict met = block.shadow.writePieces(block.clocks, block.fences, by, {component, block.clocks.of(component)}, to / Shadow::pieceBytes, box.bytes() / Shadow::pieceBytes);
    if (met.found) reportRace(met, "begins to copy a box to", to, box.bytes(), by);
  }
  accessBox(box, false, {component, block.clocks.of(component)}, by);
  b.underWay++;
  b.copiedPhase = b.phase + 1;
  b.copy = pc;
  const Load load{box, to, index, box.bytes(), b.phase, pc, block.thread};
  if (block.policy != Policy::early) return block.loads.push_back(load);
  const std::string wrong = landBox(load);
  if (!wrong.empty()) fail(wrong);
}

/** One box of those under way to shared memory lands. Whether there was one; for the scheduler. */
inline bool landSome() {
  if (block.loads.empty()) return false;
  std::swap(block.loads[static_cast<std::size_t>(block.random.below(static_cast<int>(block.loads.size())))], block.loads.back());
  const Load load = block.loads.back();
  block.loads.pop_back();
  const std::string wrong = landBox(load);
  if (!wrong.empty()) record(wrong);
  return true;
}

inline void readStore(Store& store) {
  if (store.isRead) return;
  store.bytes.assign(block.shared + store.from, block.shared + store.from + store.box.bytes());
  store.isRead = true;
}
inline void finishStore(Store& store) {
  readStore(store);
  writeBox(store.box, store.bytes.data());
}

inline void issueStore(const void* map, int from, int rank, const int* at, Pc pc) {
  needLaunches("begins to store a box", pc);
  const Box box = boxAt(map, rank, at, from, pc);
  const Accessor by = laneAccessor(pc);
  const int component = block.clocks.storesOf(block.thread);
  if (block.findsRaces) {
    const Conflict met = block.shadow.readPieces(block.clocks, block.fences, by, block.warpCount + block.warp, {component, block.clocks.of(component)}, from / Shadow::pieceBytes, box.bytes() / Shadow::pieceBytes);
    if (met.found) reportRace(met, "begins to store a box from", from, box.bytes(), by);
    if (met.isUnwritten) noteUnwritten(from, box.bytes(), by);
  }
  accessBox(box, true, {block.clocks.writtenOf(block.thread), block.clocks.of(component)}, by);
  Thread& t = block.threads[block.thread];
  t.stores.push_back({box, from, block.clocks.of(component), pc, block.thread, {}, false});
  if (block.policy == Policy::late || (block.policy == Policy::random && block.random.below(2) == 0)) return;
  readStore(t.stores.back());
  if (block.policy == Policy::random && block.random.below(2) == 0) return;
  finishStore(t.stores.back());
  t.stores.back().isWritten = true;
}

inline void commitGroupOfStores() { block.clocks.commitStores(block.thread); }

/** At most `pending` groups of the running thread have still to read shared memory; `isWhole`: or to write. */
inline void waitForStores(int pending, bool isWhole) {
  Thread& t = block.threads[block.thread];
  const Clock next = block.clocks.of(block.clocks.storesOf(block.thread));
  if (next - t.firstStores <= static_cast<Clock>(pending)) return;
  const Clock done = next - 1 - static_cast<Clock>(pending);
  for (Store& store : t.stores) {
    if (store.group > done) continue;
    readStore(store);
    store.isAwaited = true;
    if (!isWhole || store.isWritten) continue;
    finishStore(store);
    store.isWritten = true;
  }
  block.clocks.storesDone(block.thread, done);
  if (isWhole) block.clocks.storesWritten(block.thread, done);
}

/** The running thread returns: its stores must have been read; they may be written later. */
inline void leaveStores() {
  Thread& t = block.threads[block.thread];
  for (Store& store : t.stores) {
    if (!store.isAwaited) fail(threadText(block.thread) + " returns before a box that it stores has been read, " + placeText(store.pc));
    if (!store.isWritten) block.left.push_back(std::move(store));
  }
  t.stores.clear();
}

/** Everything that is left is written, in any order; `some`: or a part of it. */
inline void finishLeft(bool some) {
  while (!block.left.empty() && !(some && block.random.below(2) == 0)) {
    std::swap(block.left[static_cast<std::size_t>(block.random.below(static_cast<int>(block.left.size())))], block.left.back());
    finishStore(block.left.back());
    block.left.pop_back();
  }
}

}  // namespace emulator
