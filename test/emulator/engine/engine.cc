// The emulator's own code, compiled once and linked into every kernel library.
#include "engine.h"

#include <cstring>

#include "block.h"
#include "boxCopies.h"
#include "copies.h"
#include "faults.h"
#include "globals.h"
#include "launch.h"
#include "matrices.h"
#include "meet.h"
#include "named.h"
#include "run.h"
#include "sharedAccess.h"
#include "warpgroup.h"

namespace emulator {

void launch(const Kernel& kernel, void* const* args) { runLaunch(kernel, args); }

int threadOfBlock() { return block.thread; }
int threadsOfBlock() { return block.threadCount; }
int blockOfGrid() { return block.index; }
int blocksOfGrid() { return block.count; }

void awaitLaunches() { block.threads[block.thread].hasAwaited = true; }

void blockBarrier() {
  maybeLand();
  meetBlock(EMULATOR_CALLER);
}
void warpBarrier() {
  maybeLand();
  meetWarp(EMULATOR_CALLER);
}

namespace {

struct Exchange { std::uint32_t value; int lane; std::uint32_t result; };

/** Each lane gets the value of the lane that it names. */
std::uint32_t exchange(std::uint32_t value, int lane, Pc pc) {
  Exchange mine{value, lane, 0};
  maybeLand();
  together(Meeting::shuffle, mine, pc, [](Exchange* const* lanes) {
    for (int l = 0; l < lanesPerWarp; l++) lanes[l]->result = lanes[lanes[l]->lane & (lanesPerWarp - 1)]->value;
  });
  return mine.result;
}

}  // namespace

std::uint32_t shuffleXor(std::uint32_t x, int mask) { return exchange(x, block.lane ^ mask, EMULATOR_CALLER); }
std::uint32_t shuffleUp(std::uint32_t x, int by) { return exchange(x, block.lane < by ? block.lane : block.lane - by, EMULATOR_CALLER); }
std::uint32_t shuffleFrom(std::uint32_t x, int lane) { return exchange(x, lane, EMULATOR_CALLER); }

std::uint32_t lanesWhere(bool x) {
  struct Vote { bool x; std::uint32_t result; } mine{x, 0};
  together(Meeting::vote, mine, EMULATOR_CALLER, [](Vote* const* lanes) {
    std::uint32_t all = 0;
    for (int l = 0; l < lanesPerWarp; l++) all |= static_cast<std::uint32_t>(lanes[l]->x) << l;
    for (int l = 0; l < lanesPerWarp; l++) lanes[l]->result = all;
  });
  return mine.result;
}

template <int bytes> const char* sharedRead(int offset) { return readAt<bytes>(offset, laneAccessor(EMULATOR_CALLER)); }
template <int bytes> char* sharedWrite(int offset) { return writeAt<bytes>(offset, laneAccessor(EMULATOR_CALLER)); }
template const char* sharedRead<1>(int);
template const char* sharedRead<2>(int);
template const char* sharedRead<4>(int);
template const char* sharedRead<8>(int);
template const char* sharedRead<16>(int);
template char* sharedWrite<1>(int);
template char* sharedWrite<2>(int);
template char* sharedWrite<4>(int);
template char* sharedWrite<8>(int);
template char* sharedWrite<16>(int);

int atomicAdd(int offset, int by) {
  char* at = atomicAt<sizeof(int)>(offset, laneAccessor(EMULATOR_CALLER));
  int before;
  std::memcpy(&before, at, sizeof before);
  const int after = static_cast<int>(static_cast<unsigned>(before) + static_cast<unsigned>(by));
  std::memcpy(at, &after, sizeof after);
  return before;
}

void copyAsync16(int to, const void* from, int valid) {
  const Pc pc = EMULATOR_CALLER;
  if (valid < 0 || valid > 16) fail(threadText(block.thread) + ", " + placeText(pc) + ", copies " + std::to_string(valid) + " of 16 bytes");
  if (valid > 0 && reinterpret_cast<std::uintptr_t>(from) % 16 != 0) fail(threadText(block.thread) + ", " + placeText(pc) + ", copies 16 bytes from a global address that is not a multiple of 16");
  needLaunches("begins to copy", pc);
  copyAt(to, laneAccessor(pc));
  issueCopy(to, from, valid, pc);
}
void commitCopies() {
  commitGroup();
  maybeLand();
}
void waitCopies(int pending) {
  maybeLand();
  waitForGroups(pending);
}

void loadMatrices(std::uint32_t* registers, int row, bool transposed) {
  struct Load { std::uint32_t* registers; int row; bool transposed; Pc pc; } mine{registers, row, transposed, EMULATOR_CALLER};
  maybeLand();
  together(Meeting::loadMatrices, mine, mine.pc, [](Load* const* lanes) {
    std::uint16_t matrices[4][8][8];
    for (int l = 0; l < lanesPerWarp; l++) std::memcpy(matrices[l / 8][l % 8], readAt<16>(lanes[l]->row, {block.warp, block.warp * lanesPerWarp + l, wholeWarp, lanes[l]->pc}), 16);
    for (int l = 0; l < lanesPerWarp; l++)
      for (int i = 0; i < 4; i++) lanes[l]->registers[i] = fragmentOf(matrices[i], l, lanes[l]->transposed);
  });
}

void storeMatrices(const std::uint32_t* registers, int row) {
  struct Save { const std::uint32_t* registers; int row; Pc pc; } mine{registers, row, EMULATOR_CALLER};
  maybeLand();
  together(Meeting::storeMatrices, mine, mine.pc, [](Save* const* lanes) {
    // A row counts as written by the lane that points at it.
    for (int l = 0; l < lanesPerWarp; l++) {
      char* to = writeAt<16>(lanes[l]->row, {block.warp, block.warp * lanesPerWarp + l, static_cast<std::uint32_t>(l), lanes[l]->pc});
      for (int c = 0; c < 4; c++) std::memcpy(to + 4 * c, &lanes[l % 8 * 4 + c]->registers[l / 8], 4);
    }
  });
}

void mma(float* d, const std::uint32_t* a, std::uint32_t b0, std::uint32_t b1, bool isHalf) {
  MmaOperands mine{d, a, {b0, b1}, isHalf};
  together(Meeting::mma, mine, EMULATOR_CALLER, multiply);
}

void initBarrier(int offset, int arrivals) { makeBarrier(offset, arrivals, EMULATOR_CALLER); }
void fenceBarriers() { showBarriers(); }
void arriveAt(int barrier, int bytes) { arrive(barrier, bytes, EMULATOR_CALLER); }
void awaitPhase(int barrier, int parity) { awaitCompletion(barrier, parity, EMULATOR_CALLER); }
void fenceAsync() { block.fences[block.thread].at.push_back(block.clocks.of(block.warp)); }
void loadBox(int to, const void* map, int barrier, int rank, const int* at) { issueLoad(to, map, barrier, rank, at, EMULATOR_CALLER); }
void storeBox(const void* map, int from, int rank, const int* at) { issueStore(map, from, rank, at, EMULATOR_CALLER); }
void commitStores() { commitGroupOfStores(); }
void awaitStores(int pending, bool isWhole) { waitForStores(pending, isWhole); }
void namedBarrier(int number, int threads, bool waits) {
  maybeLand();
  meetNamed(number, threads, waits, EMULATOR_CALLER);
}
void giveRegisters(int count) { changeRegisters(count, false, EMULATOR_CALLER); }
void takeRegisters(int count) { changeRegisters(count, true, EMULATOR_CALLER); }

void fenceProducts() { fenceForProducts(EMULATOR_CALLER); }
void commitProducts() { commitGroupOfProducts(EMULATOR_CALLER); }
void awaitProducts(int pending) { waitForProducts(pending, EMULATOR_CALLER); }
void product(const ProductShape& shape, float* d, const std::uint32_t* left, std::uint64_t leftPlace, std::uint64_t rightPlace) {
  ProductOperands mine{d, left, leftPlace, rightPlace};
  beginProduct(shape, mine, EMULATOR_CALLER);
}

void misaligned(const void*, int bytes) {
  const std::string size = std::to_string(bytes);
  fail(threadText(block.thread) + ", " + placeText(EMULATOR_CALLER) + ", accesses " + size + " bytes at a global address that is no multiple of " + size);
}

}  // namespace emulator

EMULATOR_TOLD(__tsan_read1, 1, false)
EMULATOR_TOLD(__tsan_read2, 2, false)
EMULATOR_TOLD(__tsan_read4, 4, false)
EMULATOR_TOLD(__tsan_read8, 8, false)
EMULATOR_TOLD(__tsan_read16, 16, false)
EMULATOR_TOLD(__tsan_unaligned_read2, 2, false)
EMULATOR_TOLD(__tsan_unaligned_read4, 4, false)
EMULATOR_TOLD(__tsan_unaligned_read8, 8, false)
EMULATOR_TOLD(__tsan_unaligned_read16, 16, false)
EMULATOR_TOLD(__tsan_write1, 1, true)
EMULATOR_TOLD(__tsan_write2, 2, true)
EMULATOR_TOLD(__tsan_write4, 4, true)
EMULATOR_TOLD(__tsan_write8, 8, true)
EMULATOR_TOLD(__tsan_write16, 16, true)
EMULATOR_TOLD(__tsan_unaligned_write2, 2, true)
EMULATOR_TOLD(__tsan_unaligned_write4, 4, true)
EMULATOR_TOLD(__tsan_unaligned_write8, 8, true)
EMULATOR_TOLD(__tsan_unaligned_write16, 16, true)
extern "C" {
#define EMULATOR_HOOK __attribute__((visibility("hidden"), used)) void
EMULATOR_HOOK __tsan_read_range(void* at, unsigned long bytes) { emulator::accessByLane(at, bytes, false, EMULATOR_CALLER); }
EMULATOR_HOOK __tsan_write_range(void* at, unsigned long bytes) { emulator::accessByLane(at, bytes, true, EMULATOR_CALLER); }
EMULATOR_HOOK __tsan_init() {}
EMULATOR_HOOK __tsan_func_entry(void*) {}
EMULATOR_HOOK __tsan_func_exit() {}
}
