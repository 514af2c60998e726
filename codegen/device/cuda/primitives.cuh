// What the hardware does and C++ cannot say. Everything else of the device is ordinary C++ on top of this file, so a twin
// of this file alone (test/emulator/cuda/primitives.cuh) makes every emitted kernel run on a CPU. Nothing else of the
// device names threadIdx, an intrinsic, PTX or shared memory by a raw pointer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>

#define DEVICE __device__ __forceinline__
/** The one kind of function that is launched, with at most `threads` threads; `blocks` of them fit one multiprocessor. */
#define KERNEL(threads, blocks) extern "C" __global__ void __launch_bounds__(threads, blocks)

using Index = std::ptrdiff_t;
using bf16 = __nv_bfloat16;
using f16 = __half;

/** A place in the block's shared memory: index it, add to it, or hand it to the functions below. */
template <class T> using Shared = T*;

extern __shared__ __align__(1024) unsigned char sharedMemory[];
/** The element that begins `offset` bytes into shared memory. */
template <class T> DEVICE Shared<T> sharedAt(int offset) { return reinterpret_cast<T*>(sharedMemory + offset); }

DEVICE int threadOfBlock() { return static_cast<int>(threadIdx.x); }
/** The same, asked for where it is needed: what follows from it then takes no registers all along a loop. */
DEVICE int threadAgain() {
  int thread;
  asm volatile("mov.u32 %0, %%tid.x;" : "=r"(thread));
  return thread;
}
DEVICE int threadsOfBlock() { return static_cast<int>(blockDim.x); }
DEVICE int blockOfGrid() { return static_cast<int>(blockIdx.x); }
DEVICE int blocksOfGrid() { return static_cast<int>(gridDim.x); }

/**
 * All threads, before they touch global memory: until the launch in front of this one has ended, where this one began
 * before that. From here on the next one may begin. See Note [Launches that overlap].
 */
DEVICE void awaitLaunches() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.wait;\ngriddepcontrol.launch_dependents;" ::: "memory");
#endif
}

/** All threads of the block: what each wrote to shared memory before is seen by the others behind it. */
DEVICE void blockBarrier() { __syncthreads(); }
/** The same for the lanes of a warp. */
DEVICE void warpBarrier() { __syncwarp(); }

/** The value of the lane whose number differs in the bits of `mask`. All lanes of the warp together. */
DEVICE float shuffleXor(float x, int mask) { return __shfl_xor_sync(0xFFFFFFFFu, x, mask); }
DEVICE int shuffleXor(int x, int mask) { return __shfl_xor_sync(0xFFFFFFFFu, x, mask); }
/** The value of the lane `by` below; its own in lanes below `by`. */
DEVICE int shuffleUp(int x, int by) { return __shfl_up_sync(0xFFFFFFFFu, x, static_cast<unsigned>(by)); }
/** The value of one lane. */
DEVICE int shuffleFrom(int x, int lane) { return __shfl_sync(0xFFFFFFFFu, x, lane); }
DEVICE float shuffleFrom(float x, int lane) { return __shfl_sync(0xFFFFFFFFu, x, lane); }
/** One bit per lane of the warp. */
DEVICE std::uint32_t lanesWhere(bool x) { return __ballot_sync(0xFFFFFFFFu, x); }

/** 16 bytes that move together; both sides must be 16-byte aligned. */
struct alignas(16) Bytes16 { std::uint32_t word[4]; };
DEVICE void write16(void* global, const Bytes16& x) { *static_cast<uint4*>(global) = make_uint4(x.word[0], x.word[1], x.word[2], x.word[3]); }
/** 8 bytes that move together. */
struct alignas(8) Bytes8 { std::uint32_t word[2]; };
DEVICE void write8(void* global, const Bytes8& x) { *static_cast<uint2*>(global) = make_uint2(x.word[0], x.word[1]); }
/** Whether the own multiprocessor's cache keeps what is read: for lanes that read it again, not for what one of them reads once. */
enum class Keep { near, not_near };

/**
 * What lies there, or zeroes where `is` does not hold: read under a predicate, since around a branch the compiler waits for
 * one number before it asks for the next. In its place among what is awaited: never in front of a wait.
 */
template <Keep KEEP = Keep::near> DEVICE Bytes16 read16If(bool is, const void* global) {
  Bytes16 x;
  if constexpr (KEEP == Keep::near)
    asm volatile("{\n.reg .pred p;\nsetp.ne.s32 p, %4, 0;\nmov.u32 %0, 0;\nmov.u32 %1, 0;\nmov.u32 %2, 0;\nmov.u32 %3, 0;\n@p ld.global.v4.u32 {%0, %1, %2, %3}, [%5];\n}" : "=r"(x.word[0]), "=r"(x.word[1]), "=r"(x.word[2]), "=r"(x.word[3]) : "r"(static_cast<int>(is)), "l"(global));
  else
    asm volatile("{\n.reg .pred p;\nsetp.ne.s32 p, %4, 0;\nmov.u32 %0, 0;\nmov.u32 %1, 0;\nmov.u32 %2, 0;\nmov.u32 %3, 0;\n@p ld.global.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%5];\n}" : "=r"(x.word[0]), "=r"(x.word[1]), "=r"(x.word[2]), "=r"(x.word[3]) : "r"(static_cast<int>(is)), "l"(global));
  return x;
}
DEVICE Bytes8 read8If(bool is, const void* global) {
  Bytes8 x;
  asm volatile("{\n.reg .pred p;\nsetp.ne.s32 p, %2, 0;\nmov.u32 %0, 0;\nmov.u32 %1, 0;\n@p ld.global.v2.u32 {%0, %1}, [%3];\n}" : "=r"(x.word[0]), "=r"(x.word[1]) : "r"(static_cast<int>(is)), "l"(global));
  return x;
}
DEVICE std::uint32_t read4If(bool is, const void* global) {
  std::uint32_t x;
  asm volatile("{\n.reg .pred p;\nsetp.ne.s32 p, %1, 0;\nmov.u32 %0, 0;\n@p ld.global.u32 %0, [%2];\n}" : "=r"(x) : "r"(static_cast<int>(is)), "l"(global));
  return x;
}
DEVICE std::uint16_t read2If(bool is, const void* global) {
  std::uint16_t x;
  asm volatile("{\n.reg .pred p;\nsetp.ne.s32 p, %1, 0;\nmov.u16 %0, 0;\n@p ld.global.u16 %0, [%2];\n}" : "=h"(x) : "r"(static_cast<int>(is)), "l"(global));
  return x;
}
DEVICE std::uint8_t read1If(bool is, const void* global) {
  std::uint16_t x;
  asm volatile("{\n.reg .pred p;\nsetp.ne.s32 p, %1, 0;\nmov.u16 %0, 0;\n@p ld.global.u8 %0, [%2];\n}" : "=h"(x) : "r"(static_cast<int>(is)), "l"(global));
  return static_cast<std::uint8_t>(x);
}
template <class T> DEVICE Bytes8 readShared8(Shared<T> from) { return *reinterpret_cast<const Bytes8*>(from); }
template <class T> DEVICE void writeShared8(Shared<T> to, const Bytes8& x) { *reinterpret_cast<Bytes8*>(to) = x; }
template <class T> DEVICE Bytes16 readShared16(Shared<T> from) { return *reinterpret_cast<const Bytes16*>(from); }
template <class T> DEVICE void writeShared16(Shared<T> to, const Bytes16& x) { *reinterpret_cast<Bytes16*>(to) = x; }

template <class T> DEVICE std::uint32_t sharedAddress(Shared<T> p) { return static_cast<std::uint32_t>(__cvta_generic_to_shared(p)); }

/** Starts a copy of 16 bytes from global to shared memory, of which the first `valid` are read and the rest become 0. */
template <class T> DEVICE void copyAsync16(Shared<T> to, const void* from, int valid) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(sharedAddress(to)), "l"(from), "r"(valid) : "memory");
}
/** Closes this thread's group of copies; waits until at most N groups of this thread are still under way. */
DEVICE void commitCopies() { asm volatile("cp.async.commit_group;" ::: "memory"); }
template <int N> DEVICE void waitCopies() { asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory"); }

/** Four 8×8 matrices of 16-bit elements: lanes 8i … 8i + 7 point at the rows of matrix i, each lane gets elements 2·(lane mod 4) and the next of row lane / 4. */
template <class T> DEVICE void loadMatrices(std::uint32_t (&r)[4], Shared<T> row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];" : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(sharedAddress(row)) : "memory");
}
/** The same with every matrix transposed. */
template <class T> DEVICE void loadMatricesTransposed(std::uint32_t (&r)[4], Shared<T> row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];" : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3]) : "r"(sharedAddress(row)) : "memory");
}

/** d += a · b on tensor cores, m16n8k16, f32 accumulators. */
template <class T> DEVICE void mmaSync(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1);
template <> DEVICE void mmaSync<bf16>(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
template <> DEVICE void mmaSync<f16>(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

/** d = a · b. */
template <class T> DEVICE void mmaSyncFresh(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1);
template <> DEVICE void mmaSyncFresh<bf16>(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %10, %10, %10};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1), "f"(0.0f));
}
template <> DEVICE void mmaSyncFresh<f16>(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %10, %10, %10};"
      : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1), "f"(0.0f));
}

/** Two numbers rounded to nearest even, the first in the low half; where it is written, not where it is used. */
template <class T> DEVICE std::uint32_t packed(float low, float high);
template <> DEVICE std::uint32_t packed<bf16>(float low, float high) {
  std::uint32_t r;
  asm volatile("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(r) : "f"(high), "f"(low));
  return r;
}
template <> DEVICE std::uint32_t packed<f16>(float low, float high) {
  std::uint32_t r;
  asm volatile("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(r) : "f"(high), "f"(low));
  return r;
}

/** Four bits of exponent and three of mantissa; a NaN, no infinities: what is too large becomes the largest, 448. For memory alone. */
struct f8e4m3 {
  std::uint8_t bits;
  f8e4m3() = default;
  DEVICE explicit f8e4m3(float x) : bits(__nv_cvt_float_to_fp8(x, __NV_SATFINITE, __NV_E4M3)) {}
  DEVICE explicit operator float() const {
    const std::uint32_t magnitude = bits & 0x7F;
    // 2^120 moves the exponent's bias from 7 to 127, subnormals included.
    const std::uint32_t number = __float_as_uint(__uint_as_float(magnitude << 20) * 0x1p120f);
    return __uint_as_float(static_cast<std::uint32_t>(bits & 0x80) << 24 | (magnitude == 0x7F ? 0x7FC00000u : number));
  }
};
template <> DEVICE std::uint32_t packed<f8e4m3>(float low, float high) { return __nv_cvt_float2_to_fp8x2(make_float2(low, high), __NV_SATFINITE, __NV_E4M3); }

/** Two 16-bit numbers times what lies between the exponents' biases of T and of 8-bit numbers: 2^120 for bf16, 2^8 for f16. Exact, subnormals included. */
template <class T> DEVICE std::uint32_t rebased(std::uint32_t pair);
template <> DEVICE std::uint32_t rebased<bf16>(std::uint32_t pair) {
  std::uint32_t r;
  asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(r) : "r"(pair), "r"(0x7B807B80u), "r"(0x80008000u));
  return r;
}
template <> DEVICE std::uint32_t rebased<f16>(std::uint32_t pair) {
  std::uint32_t r;
  asm("fma.rn.f16x2 %0, %1, %2, %3;" : "=r"(r) : "r"(pair), "r"(0x5C005C00u), "r"(0x80008000u));
  return r;
}

/** 2^x within 2 units in the last place; 0 for −∞. */
DEVICE float exp2Fast(float x) {
  float r;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(x));
  return r;
}

/** 1 / x within 1 unit in the last place; 0 for what is beyond 2^126. */
DEVICE float reciprocalFast(float x) {
  float r;
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(x));
  return r;
}

/** a / b within 2 units in the last place, without the branch that an exact quotient takes. */
DEVICE float quotient(float a, float b) {
  float r;
  asm("div.full.f32 %0, %1, %2;" : "=f"(r) : "f"(a), "f"(b));
  return r;
}

/** The larger and the smaller; NaN if either is. */
DEVICE float largerOrNaN(float a, float b) {
  float r;
  asm("max.NaN.f32 %0, %1, %2;" : "=f"(r) : "f"(a), "f"(b));
  return r;
}
DEVICE float smallerOrNaN(float a, float b) {
  float r;
  asm("min.NaN.f32 %0, %1, %2;" : "=f"(r) : "f"(a), "f"(b));
  return r;
}

/** Adds to a counter in shared memory that several threads add to, and returns what it was. */
DEVICE int atomicAddShared(Shared<int> to, int by) { return atomicAdd(to, by); }

/** The number of bits set. */
DEVICE int bitsIn(std::uint32_t x) { return __popc(x); }
/** A number as its bits, and back. */
DEVICE std::uint32_t bitsOf(float x) { return __float_as_uint(x); }
DEVICE float fromBits(std::uint32_t x) { return __uint_as_float(x); }

// Note [Launches that overlap]
// Between two launches a GPU is idle for as long as the first one's last block runs, and then for a start. Where the runtime
// says so, blocks of the next launch start in what room there is, make their barriers ready and wait. A launch ends when
// all its threads have: each has waited for the launch before, so who waits for one launch has waited for all before it.
