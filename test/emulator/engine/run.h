// A launch: its arguments behind guards, its blocks one after the other in random order, the threads of a block in turn.
#pragma once
#include <memory>
#include <mutex>
#include <numeric>
#include <stdexcept>

#include "arguments.h"
#include "boxCopies.h"
#include "copies.h"
#include "faults.h"
#include "globals.h"
#include "launch.h"
#include "meet.h"
#include "named.h"
#include "warpgroup.h"

namespace emulator {

constexpr int mostSharedBytes = 227 << 10;

[[noreturn]] inline void threadMain() {
  block.body(block.args);
  for (const Copy& copy : block.threads[block.thread].copies)
    fail(threadText(block.thread) + " returns before its copy is awaited, " + placeText(copy.pc));
  for (const Product& product : block.warps[block.warp].products.queue)
    fail(threadText(block.thread) + " returns before a product of its warp is awaited, " + placeText(product.pc));
  leaveStores();
  // Who waits for this launch has waited for all before it, because each of its threads has.
  if (block.awaits && !block.threads[block.thread].hasAwaited) fail(threadText(block.thread) + " returns without awaitLaunches");
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
    thread.stores.clear();
    thread.firstStores = block.clocks.of(block.clocks.storesOf(t));
    thread.awaiting = {};
    thread.hasAwaited = false;
  }
  block.barriers.clear();
  std::fill(block.barrierAt.begin(), block.barrierAt.end(), std::uint8_t{0});
  block.loads.clear();
  for (NamedBarrier& b : block.named) b = {};
  block.productCalls.assign(static_cast<std::size_t>(block.warpCount + 3) / 4, {});
  block.fences.assign(block.threadCount, {});
  for (int w = 0; w < block.warpCount; w++) {
    const int size = std::min(lanesPerWarp, block.threadCount - w * lanesPerWarp);
    const std::uint32_t exists = size == lanesPerWarp ? ~0u : (1u << size) - 1;
    block.warps[w] = {exists, exists, 0, 0, Meeting::warpBarrier, {}, {}, {}, 0, 0};
    block.warps[w].products.firstGroup = block.clocks.of(block.clocks.productsOf(w));
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

/** Under the random policy something that runs by itself may be done now. */
inline void maybeAdvance() {
  if (block.policy != Policy::random) return;
  if (block.random.below(4) == 0) landSome();
  const int warp = block.random.below(block.warpCount);
  const Products& products = block.warps[warp].products;
  if (!products.queue.empty()) performUpTo(warp, static_cast<std::size_t>(block.random.below(static_cast<int>(products.queue.size()) + 1)));
}

inline void endBlock() {
  if (!block.unwritten.empty()) record(block.unwritten);
  for (const std::string& wrong : {unawaited(), unlikeProducts(), badRegisters()})
    if (!wrong.empty()) record(wrong);
  if (block.policy == Policy::random) finishLeft(true);
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
        maybeAdvance();
        if (block.random.below(4) == 0) break;
      }
    }
    // Late boxes land when nobody can go on without them.
    if (!ran && !landSome()) record("the block waits for ever:" + allWaiting());
  }
  endBlock();
}

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
  block.telling = kernel.tells;
  block.awaits = kernel.awaits;
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
    block.warps = {};
    block.barriers = {};
    block.barrierAt = {};
    block.loads = {};
    block.left = {};
    block.productCalls = {};
    block.fences = {};
    globalCells.clear();
  }
};

inline void runLaunch(const Kernel& kernel, void* const* args) {
  static std::mutex one;
  const std::lock_guard lock(one);
  const Request request{args + kernel.arity};
  const Release release;
  prepare(kernel, request);
  Arguments arguments(kernel, request);
  auto& arrays = arguments.arrays;
  block.args = arguments.values.data();
  std::vector<int> blocks(block.count), warps(block.warpCount);
  std::iota(blocks.begin(), blocks.end(), 0);
  std::iota(warps.begin(), warps.end(), 0);
  block.random.shuffle(blocks);
  {
    const Watch watch(arrays);
    for (std::size_t i = 0; i < blocks.size() && !block.failed; i++) runBlock(blocks[i], warps);
    if (!block.failed) finishLeft(false);
  }
  for (const auto& array : arrays)
    if (array->isOverrun()) record("something was written right beyond an end of " + array->title());
  if (block.failed)
    throw std::runtime_error(std::string(kernel.symbol) + ", block " + std::to_string(block.index) + " of " + std::to_string(block.count) + ": " + block.failure + " [seed " + std::to_string(request.seed()) + ", copies " + nameOf(block.policy) + "]");
  for (const auto& array : arrays) array->copyBack();
}

}  // namespace emulator
