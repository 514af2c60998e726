// The block that is running: its threads as fibers, its warps, its shared memory. One block runs at a time.
#pragma once
#include <cstring>
#include <string>
#include <vector>

#include "boxes.h"
#include "clocks.h"
#include "fiber.h"
#include "place.h"
#include "products.h"
#include "random.h"
#include "shadow.h"

namespace emulator {

/** What lanes of a warp do together. A block barrier is one for each warp, and then for the block. */
enum class Meeting : std::uint8_t { blockBarrier, warpBarrier, shuffle, vote, loadMatrices, mma, namedBarrier, arriveNamed, product, fenceProducts, commitProducts, awaitProducts, registers, storeMatrices };
inline const char* nameOf(Meeting m) {
  static const char* const names[] = {"blockBarrier", "warpBarrier", "a shuffle", "a vote", "loadMatrices", "mmaSync", "namedBarrier", "arriveNamed", "a product", "fenceProducts", "commitProducts", "awaitProducts", "a change of registers", "storeMatrices"};
  return names[static_cast<int>(m)];
}

/** When something that runs by itself is done, between its issue and the wait that covers it. */
enum class Policy : std::int32_t { late, early, random };
inline const char* nameOf(Policy p) {
  static const char* const names[] = {"late", "early", "random"};
  return names[static_cast<int>(p)];
}

struct Copy { int to; const char* from; int valid; Clock group; Pc pc; bool landed; };

/** A box that is copied to global memory: its bytes, once they have been read. */
struct Store { Box box; int from; Clock group; Pc pc; int thread; std::vector<char> bytes; bool isRead, isWritten = false, isAwaited = false; };

/** The barrier of copies that a thread waits at. */
struct Awaiting { int barrier = -1, parity = 0; Pc pc = 0; };

struct Thread {
  void* stack;
  /** Copies that no wait has covered yet, oldest first. */
  std::vector<Copy> copies;
  /** Boxes under way to global memory. */
  std::vector<Store> stores;
  /** The clocks of its copies and of its stores when the block began. */
  Clock firstGroup, firstStores;
  Awaiting awaiting;
  /** Whether it has waited for the launches in front of this one. */
  bool hasAwaited;
};

/** A box under way to shared memory. */
struct Load { Box box; int to, barrier, bytes; int phase; Pc pc; int thread; };

/** Counts arrivals of threads and bytes of boxes, as an mbarrier does. */
struct PhaseBarrier {
  int offset, arrivals, pending, bytes, phase;
  /** Who made it, when, and when the copy engine was told of it (0: not yet). */
  int thread;
  Clock made, fenced;
  Pc pc;
  /** What the arrivals of this phase told, and what the last one told. */
  Seen told;
  std::shared_ptr<const Seen> seen;
  /** Threads that wait here; boxes of this phase that have not landed; the last phase with boxes, and the last awaited, from 1. */
  std::vector<int> waiting;
  int underWay, copiedPhase, awaitedPhase;
  Pc copy;
};

/** Warps at the barrier of one number: how many threads are needed, how many have come, and who waits. */
struct NamedBarrier { int needed = 0, come = 0; Pc pc = 0; Seen told; std::vector<int> waiting; };

/** One bit per lane in each mask. */
struct Warp {
  std::uint32_t exists, ready, exited, waiting;
  Meeting meeting;
  void* operands[lanesPerWarp];
  Pc places[lanesPerWarp];
  Products products;
  /** Registers that its threads asked for; 0: not yet. */
  int registers;
  Pc registersAt;
};

struct Block {
  int threadCount = 0, warpCount = 0, index = 0, count = 0;
  std::vector<Thread> threads;
  std::vector<Warp> warps;
  Stacks stacks;
  /** Thread, warp and lane that run. */
  int thread = 0, warp = 0, lane = 0;
  void* scheduler = nullptr;
  int live = 0, warpsAtBarrier = 0;
  bool anyExited = false;

  std::vector<char> memory;
  char* shared = nullptr;
  int sharedBytes = 0;
  Clocks clocks;
  Shadow shadow;
  bool findsRaces = true;
  /** Whether the kernel tells of its accesses to global memory. */
  bool telling = false;
  /** Whether the launch may begin before those in front of it have ended. */
  bool awaits = false;
  Fences fences;

  std::vector<PhaseBarrier> barriers;
  /** By 8 bytes of shared memory: the barrier there, from 1. */
  std::vector<std::uint8_t> barrierAt;
  std::vector<Load> loads;
  /** Stores of blocks that have ended, until the launch does. */
  std::vector<Store> left;
  NamedBarrier named[16];
  /** By warpgroup, what its warps multiply. */
  std::vector<std::vector<ProductCall>> productCalls;

  Policy policy = Policy::late;
  Random random;

  void (*body)(void* const*) = nullptr;
  void* const* args = nullptr;
  const char* symbol = "";
  bool failed = false;
  std::string failure;
  /** The first read of shared memory that nobody had written; empty where there was none. */
  std::string unwritten;
};

/** Hidden, so every kernel library has its own. */
inline Block block;

inline void leaveFiber() { emulatorSwitch(&block.threads[block.thread].stack, block.scheduler); }

inline std::string threadText(int thread) {
  return "thread " + std::to_string(thread) + " (warp " + std::to_string(thread / lanesPerWarp) + ", lane " + std::to_string(thread % lanesPerWarp) + ")";
}

/** Ends the launch with a report. Called on a fiber, which never goes on; on the scheduler's stack `record` alone. */
inline void record(const std::string& what) {
  if (block.failed) return;
  block.failed = true;
  block.failure = what;
}
[[noreturn]] inline void fail(const std::string& what) {
  record(what);
  for (;;) leaveFiber();
}

/** The running thread is about to touch global memory, which launches in front of this one may still write. */
inline void needLaunches(const char* verb, Pc pc) {
  if (block.awaits && !block.threads[block.thread].hasAwaited) fail(threadText(block.thread) + ", " + placeText(pc) + ", " + verb + " before awaitLaunches");
}

}  // namespace emulator
