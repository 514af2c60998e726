// What Hopper does by itself while threads go on: copies of boxes between global and shared memory, and products of
// warpgroups. Of the device this file, wgmma.cuh and primitives.cuh alone hold PTX; test/emulator/cuda has a twin of each.
#pragma once
#include "wgmma.cuh"

/** How the copy engine finds boxes in a tensor: what `cuTensorMapEncodeTiled` makes, innermost axis first, swizzled by 128 bytes. */
struct alignas(64) TensorMap { unsigned char words[128]; };
#define TENSOR_MAP const __grid_constant__ TensorMap

/** Counts arrivals of threads and bytes of copies. Its phases complete one after another; their parity alternates, beginning with 0. */
using Barrier = std::uint64_t;

/** One thread, before any other uses the barrier: `arrivals` complete a phase, together with the bytes that are expected in it. */
DEVICE void initBarrier(Shared<Barrier> barrier, int arrivals) { asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(sharedAddress(barrier)), "r"(arrivals) : "memory"); }
/** The thread that initialised barriers, before a barrier of the block: the copy engine sees them. */
DEVICE void fenceBarriers() { asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory"); }
DEVICE void arriveAt(Shared<Barrier> barrier) { asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(sharedAddress(barrier)) : "memory"); }
/** An arrival, and `bytes` of copies more that complete the phase. */
DEVICE void arriveExpecting(Shared<Barrier> barrier, int bytes) { asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(sharedAddress(barrier)), "r"(bytes) : "memory"); }
/** Until the phase of this parity has completed. */
DEVICE void awaitPhase(Shared<Barrier> barrier, int parity) {
  asm volatile(
      "{\n.reg .pred done;\nWAIT:\nmbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1;\n@done bra DONE;\nbra WAIT;\nDONE:\n}" ::"r"(sharedAddress(barrier)), "r"(parity) : "memory");
}

/**
 * One thread: starts the copy of a box of the tensor to shared memory, at a multiple of 1,024 bytes; `at` are its first
 * positions, innermost axis first. What lies beyond the tensor becomes 0, and its bytes count.
 */
template <class T> DEVICE void loadBox(Shared<T> to, const TensorMap& map, Shared<Barrier> barrier, int a, int b) {
  asm volatile("cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];" ::"r"(sharedAddress(to)), "l"(&map), "r"(sharedAddress(barrier)), "r"(a), "r"(b) : "memory");
}
template <class T> DEVICE void loadBox(Shared<T> to, const TensorMap& map, Shared<Barrier> barrier, int a, int b, int c) {
  asm volatile("cp.async.bulk.tensor.3d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5}], [%2];" ::"r"(sharedAddress(to)), "l"(&map), "r"(sharedAddress(barrier)), "r"(a), "r"(b), "r"(c) : "memory");
}
template <class T> DEVICE void loadBox(Shared<T> to, const TensorMap& map, Shared<Barrier> barrier, int a, int b, int c, int d) {
  asm volatile("cp.async.bulk.tensor.4d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6}], [%2];" ::"r"(sharedAddress(to)), "l"(&map), "r"(sharedAddress(barrier)), "r"(a), "r"(b), "r"(c), "r"(d) : "memory");
}
template <class T> DEVICE void loadBox(Shared<T> to, const TensorMap& map, Shared<Barrier> barrier, int a, int b, int c, int d, int e) {
  asm volatile("cp.async.bulk.tensor.5d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6, %7}], [%2];" ::"r"(sharedAddress(to)), "l"(&map), "r"(sharedAddress(barrier)), "r"(a), "r"(b), "r"(c), "r"(d), "r"(e) : "memory");
}

/** One thread: starts the copy of a box from shared memory; elements beyond the tensor are not written. */
template <class T> DEVICE void storeBox(const TensorMap& map, Shared<T> from, int a, int b) {
  asm volatile("cp.async.bulk.tensor.2d.global.shared::cta.bulk_group [%1, {%2, %3}], [%0];" ::"r"(sharedAddress(from)), "l"(&map), "r"(a), "r"(b) : "memory");
}
template <class T> DEVICE void storeBox(const TensorMap& map, Shared<T> from, int a, int b, int c) {
  asm volatile("cp.async.bulk.tensor.3d.global.shared::cta.bulk_group [%1, {%2, %3, %4}], [%0];" ::"r"(sharedAddress(from)), "l"(&map), "r"(a), "r"(b), "r"(c) : "memory");
}
template <class T> DEVICE void storeBox(const TensorMap& map, Shared<T> from, int a, int b, int c, int d) {
  asm volatile("cp.async.bulk.tensor.4d.global.shared::cta.bulk_group [%1, {%2, %3, %4, %5}], [%0];" ::"r"(sharedAddress(from)), "l"(&map), "r"(a), "r"(b), "r"(c), "r"(d) : "memory");
}
template <class T> DEVICE void storeBox(const TensorMap& map, Shared<T> from, int a, int b, int c, int d, int e) {
  asm volatile("cp.async.bulk.tensor.5d.global.shared::cta.bulk_group [%1, {%2, %3, %4, %5, %6}], [%0];" ::"r"(sharedAddress(from)), "l"(&map), "r"(a), "r"(b), "r"(c), "r"(d), "r"(e) : "memory");
}
/** Closes this thread's group of stores; waits until at most N groups of this thread have still to read shared memory. Who exits need not wait for what they write. */
DEVICE void commitStores() { asm volatile("cp.async.bulk.commit_group;" ::: "memory"); }
template <int N> DEVICE void awaitStoresRead() { asm volatile("cp.async.bulk.wait_group.read %0;" ::"n"(N) : "memory"); }

/** What this thread wrote to shared memory is seen by copies of boxes and products that begin behind the next barrier. */
DEVICE void fenceAsync() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }

/** The counterpart of `loadMatrices`: lanes 8i … 8i + 7 point at the rows of matrix i. */
template <class T> DEVICE void storeMatrices(Shared<T> row, const std::uint32_t (&r)[4]) {
  asm volatile("stmatrix.sync.aligned.m8n8.x4.shared.b16 [%0], {%1, %2, %3, %4};" ::"r"(sharedAddress(row)), "r"(r[0]), "r"(r[1]), "r"(r[2]), "r"(r[3]) : "memory");
}

/** `threads` threads of whole warps, all at the barrier of one number (1 to 15); `arrive` does not wait. */
DEVICE void namedBarrier(int number, int threads) { asm volatile("bar.sync %0, %1;" ::"r"(number), "r"(threads) : "memory"); }
DEVICE void arriveNamed(int number, int threads) { asm volatile("bar.arrive %0, %1;" ::"r"(number), "r"(threads) : "memory"); }

/** All threads of a warpgroup, once, not in a branch of theirs: how many registers each may have from here on, a multiple of 8. */
template <int N> DEVICE void giveRegisters() { asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(N)); }
template <int N> DEVICE void takeRegisters() { asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(N)); }
