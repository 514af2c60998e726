// A launch: its arguments behind guards, its blocks one after the other in random order, the threads of a block in turn.
#pragma once
#include <memory>
#include <mutex>
#include <numeric>
#include <stdexcept>

#include "copies.h"
#include "faults.h"
#include "launch.h"
#include "meet.h"

namespace emulator {

constexpr int mostSharedBytes = 227 << 10;

[[noreturn]] inline void threadMain() {
  block.body(block.args);
  for (const Copy& copy : block.threads[block.thread].copies)
    fail(threadText(block.thread) + " returns before its copy is awaited, " + placeText(copy.pc));
  leave();
  for (;;) leaveFiber();
}

inline void beginBlock(int index) {
  block.index = index;
  block.live = block.threadCount;
  block.warpsAtBarrier = 0;
  block.anyExited = false;
  block.unwritten.clear();
  std::memset(block.shared, 0xFF, static_cast<std::size_t>(block.sharedBytes));
  if (block.clocks.largest() > Shadow::lastClock / 2) {
    block.clocks.start(block.warpCount, block.threadCount);
    block.shadow.start(block.sharedBytes, block.warpCount);
  }
  block.clocks.newBlock();
  for (int t = 0; t < block.threadCount; t++) {
    Thread& thread = block.threads[t];
    thread.stack = block.stacks.fresh(t, threadMain);
    thread.copies.clear();
    thread.firstGroup = block.clocks.of(block.clocks.copiesOf(t));
  }
  for (int w = 0; w < block.warpCount; w++) {
    const int size = std::min(lanesPerWarp, block.threadCount - w * lanesPerWarp);
    const std::uint32_t exists = size == lanesPerWarp ? ~0u : (1u << size) - 1;
    block.warps[w] = {exists, exists, 0, 0, Meeting::warpBarrier, {}, {}};
  }
}

/** Runs the lanes of a warp that may run, each until it waits or returns, in random order. */
inline void runWarp(int index) {
  Warp& w = block.warps[index];
  const int odd = block.random.below(16) * 2 + 1, shift = block.random.below(lanesPerWarp);
  for (int i = 0; i < lanesPerWarp && !block.failed; i++) {
    const int lane = (i * odd + shift) % lanesPerWarp;
    if ((w.ready >> lane & 1) == 0) continue;
    w.ready &= ~(1u << lane);
    block.warp = index;
    block.lane = lane;
    block.thread = index * lanesPerWarp + lane;
    emulatorSwitch(&block.scheduler, block.threads[block.thread].stack);
  }
}

inline void runBlock(int index, std::vector<int>& order) {
  beginBlock(index);
  while (block.live > 0 && !block.failed) {
    block.random.shuffle(order);
    bool ran = false;
    for (const int w : order) {
      // A warp often goes on for a while, as on the hardware.
      while (block.warps[w].ready != 0 && !block.failed) {
        runWarp(w);
        ran = true;
        if (block.random.below(4) == 0) break;
      }
    }
    if (!ran) record("the block waits for ever:" + allWaiting());
  }
  if (!block.unwritten.empty()) record(block.unwritten);
}

/** What a launch was asked for: numbers behind its arguments. */
struct Request {
  void* const* args;
  std::uint32_t number(int index) const { return *static_cast<const std::uint32_t*>(args[index]); }
  int blocks() const { return static_cast<int>(number(0)); }
  std::uint32_t seed() const { return number(1); }
  Policy policy() const { return static_cast<Policy>(number(2)); }
  bool findsRaces() const { return number(3) != 0; }
  Use use(int arg) const { return static_cast<Use>(number(4 + arg) & 3); }
  /** Arrays have an even number of bytes. */
  std::size_t bytes(int arg) const { return (number(4 + arg) & ~3u) / 2; }
};

inline void prepare(const Kernel& kernel, const Request& request) {
  if (kernel.threads < 1 || kernel.threads > maxThreads) throw std::runtime_error(std::string(kernel.symbol) + ": " + std::to_string(kernel.threads) + " threads do not make a block");
  if (kernel.sharedBytes > mostSharedBytes) throw std::runtime_error(std::string(kernel.symbol) + ": " + std::to_string(kernel.sharedBytes) + " bytes of shared memory are more than a block can have");
  block.symbol = kernel.symbol;
  block.body = kernel.body;
  block.threadCount = kernel.threads;
  block.warpCount = (kernel.threads + lanesPerWarp - 1) / lanesPerWarp;
  block.count = request.blocks();
  block.threads.resize(block.threadCount);
  block.warps.resize(block.warpCount);
  block.stacks.reserve(block.threadCount);
  block.memory.resize(static_cast<std::size_t>(kernel.sharedBytes) + 128);
  block.shared = reinterpret_cast<char*>((reinterpret_cast<std::uintptr_t>(block.memory.data()) + 127) / 128 * 128);
  block.sharedBytes = kernel.sharedBytes;
  block.findsRaces = request.findsRaces();
  block.policy = request.policy();
  block.random = Random(request.seed());
  block.clocks.start(block.warpCount, block.threadCount);
  block.shadow.start(block.sharedBytes, block.warpCount);
  block.failed = false;
}

/** Gives back what a launch took: libraries stay loaded, and a process may load many. */
struct Release {
  Release() = default;
  Release(const Release&) = delete;
  Release& operator=(const Release&) = delete;
  ~Release() {
    block.stacks.release();
    block.memory = {};
    block.clocks = {};
    block.shadow = {};
    block.threads = {};
  }
};

inline std::string argumentName(const char* names, int index) {
  std::string rest(names);
  for (int i = 0; i < index && rest.find(',') != std::string::npos; i++) rest = rest.substr(rest.find(',') + 1);
  return rest.substr(0, rest.find(','));
}

inline void runLaunch(const Kernel& kernel, void* const* args) {
  static std::mutex one;
  const std::lock_guard lock(one);
  const Request request{args + kernel.arity};
  const Release release;
  prepare(kernel, request);
  std::vector<std::unique_ptr<Guarded>> arrays;
  std::vector<char*> pointers(kernel.arity);
  std::vector<void*> guarded(args, args + kernel.arity);
  for (int i = 0; i < kernel.arity; i++) {
    if (request.use(i) == Use::number) continue;
    arrays.push_back(std::make_unique<Guarded>(argumentName(kernel.arguments, i), *static_cast<char* const*>(args[i]), request.bytes(i), request.use(i), request.seed() % 2 == 0));
    pointers[i] = arrays.back()->begin();
    guarded[i] = &pointers[i];
  }
  block.args = guarded.data();
  std::vector<int> blocks(block.count), warps(block.warpCount);
  std::iota(blocks.begin(), blocks.end(), 0);
  std::iota(warps.begin(), warps.end(), 0);
  block.random.shuffle(blocks);
  {
    const Watch watch(arrays);
    for (std::size_t i = 0; i < blocks.size() && !block.failed; i++) runBlock(blocks[i], warps);
  }
  for (const auto& array : arrays)
    if (array->isOverrun()) record("something was written right beyond an end of " + array->title());
  if (block.failed)
    throw std::runtime_error(std::string(kernel.symbol) + ", block " + std::to_string(block.index) + " of " + std::to_string(block.count) + ": " + block.failure + " [seed " + std::to_string(request.seed()) + ", copies " + nameOf(block.policy) + "]");
  for (const auto& array : arrays) array->copyBack();
}

}  // namespace emulator
