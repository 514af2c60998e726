// The block that is running: its threads as fibers, its warps, its shared memory. One block runs at a time.
#pragma once
#include <cstring>
#include <string>
#include <vector>

#include "clocks.h"
#include "fiber.h"
#include "place.h"
#include "random.h"
#include "shadow.h"

namespace emulator {

/** What lanes of a warp do together. A block barrier is one for each warp, and then for the block. */
enum class Meeting : std::uint8_t { blockBarrier, warpBarrier, shuffle, vote, loadMatrices, mma };
inline const char* nameOf(Meeting m) {
  static const char* const names[] = {"blockBarrier", "warpBarrier", "a shuffle", "a vote", "loadMatrices", "mmaSync"};
  return names[static_cast<int>(m)];
}

/** When a copy's bytes land between its issue and the wait that covers it. */
enum class Policy : std::int32_t { late, early, random };
inline const char* nameOf(Policy p) {
  static const char* const names[] = {"late", "early", "random"};
  return names[static_cast<int>(p)];
}

struct Copy { int to; const char* from; int valid; Clock group; Pc pc; bool landed; };

struct Thread {
  void* stack;
  /** Copies that no wait has covered yet, oldest first. */
  std::vector<Copy> copies;
  /** The clock of its copies when the block began. */
  Clock firstGroup;
};

/** One bit per lane in each mask. */
struct Warp {
  std::uint32_t exists, ready, exited, waiting;
  Meeting meeting;
  void* operands[lanesPerWarp];
  Pc places[lanesPerWarp];
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

}  // namespace emulator
