// The twin of codegen/device/cuda/primitives.cuh: the same names with the same meanings, for g++, over the emulator.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include "../engine/engine.h"

#define DEVICE inline __attribute__((always_inline))
#define KERNEL(threads, blocks) static void

using Index = std::ptrdiff_t;
using bf16 = __nv_bfloat16;
using f16 = __half;

/** An element of shared memory: reading and writing it is checked. */
template <class T> class SharedElement {
 public:
  DEVICE explicit SharedElement(int offset) : offset(offset) {}
  SharedElement(const SharedElement&) = default;
  DEVICE T get() const {
    T x;
    std::memcpy(&x, emulator::sharedRead<sizeof(T)>(offset), sizeof(T));
    return x;
  }
  DEVICE operator T() const { return get(); }
  template <class U, class = std::enable_if_t<!std::is_same_v<U, T> && std::is_constructible_v<U, T>>> DEVICE explicit operator U() const { return U(get()); }
  DEVICE const SharedElement& operator=(const T& x) const {
    std::memcpy(emulator::sharedWrite<sizeof(T)>(offset), &x, sizeof(T));
    return *this;
  }
  DEVICE const SharedElement& operator=(const SharedElement& x) const { return *this = x.get(); }
  template <class U> DEVICE const SharedElement& operator+=(U x) const { return *this = static_cast<T>(get() + x); }
  template <class U> DEVICE const SharedElement& operator-=(U x) const { return *this = static_cast<T>(get() - x); }
  template <class U> DEVICE const SharedElement& operator*=(U x) const { return *this = static_cast<T>(get() * x); }

 private:
  int offset;
};

/** A place in the block's shared memory: index it, add to it, or hand it to the functions below. */
template <class T> struct Shared {
  int offset = 0;
  DEVICE SharedElement<T> operator[](Index i) const { return SharedElement<T>(offset + static_cast<int>(i * static_cast<Index>(sizeof(T)))); }
  DEVICE SharedElement<T> operator*() const { return (*this)[0]; }
  DEVICE Shared operator+(Index i) const { return {offset + static_cast<int>(i * static_cast<Index>(sizeof(T)))}; }
  DEVICE Shared operator-(Index i) const { return *this + -i; }
  DEVICE Index operator-(Shared other) const { return (offset - other.offset) / static_cast<int>(sizeof(T)); }
  DEVICE Shared& operator+=(Index i) { return *this = *this + i; }
  DEVICE Shared& operator-=(Index i) { return *this = *this - i; }
  DEVICE Shared& operator++() { return *this += 1; }
  DEVICE Shared operator++(int) {
    const Shared before = *this;
    ++*this;
    return before;
  }
  DEVICE bool operator==(Shared other) const { return offset == other.offset; }
  DEVICE bool operator!=(Shared other) const { return offset != other.offset; }
  DEVICE bool operator<(Shared other) const { return offset < other.offset; }
};

/** The element that begins `offset` bytes into shared memory. */
template <class T> DEVICE Shared<T> sharedAt(int offset) { return {offset}; }

DEVICE int threadOfBlock() { return emulator::threadOfBlock(); }
DEVICE int threadAgain() { return emulator::threadOfBlock(); }
DEVICE int threadsOfBlock() { return emulator::threadsOfBlock(); }
DEVICE int blockOfGrid() { return emulator::blockOfGrid(); }
DEVICE int blocksOfGrid() { return emulator::blocksOfGrid(); }

/** Launches run one after the other here; that threads wait is all that is looked at. */
DEVICE void awaitLaunches() { ::emulator::awaitLaunches(); }

DEVICE void blockBarrier() { emulator::blockBarrier(); }
DEVICE void warpBarrier() { emulator::warpBarrier(); }

/** The bits of a number, and the number of bits. */
DEVICE std::uint32_t bitsOf(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}
DEVICE float fromBits(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

DEVICE float shuffleXor(float x, int mask) { return fromBits(emulator::shuffleXor(bitsOf(x), mask)); }
DEVICE int shuffleXor(int x, int mask) { return static_cast<int>(emulator::shuffleXor(static_cast<std::uint32_t>(x), mask)); }
DEVICE int shuffleUp(int x, int by) { return static_cast<int>(emulator::shuffleUp(static_cast<std::uint32_t>(x), by)); }
DEVICE int shuffleFrom(int x, int lane) { return static_cast<int>(emulator::shuffleFrom(static_cast<std::uint32_t>(x), lane)); }
DEVICE float shuffleFrom(float x, int lane) { return fromBits(emulator::shuffleFrom(bitsOf(x), lane)); }
DEVICE std::uint32_t lanesWhere(bool x) { return emulator::lanesWhere(x); }
DEVICE int bitsIn(std::uint32_t x) { return __builtin_popcount(x); }

template <class T> DEVICE T readWhole(const void* global) {
  if (reinterpret_cast<std::uintptr_t>(global) % sizeof(T) != 0) emulator::misaligned(global, sizeof(T));
  T x;
  std::memcpy(&x, global, sizeof x);
  return x;
}
template <class T> DEVICE void writeWhole(void* global, const T& x) {
  if (reinterpret_cast<std::uintptr_t>(global) % sizeof(T) != 0) emulator::misaligned(global, sizeof(T));
  std::memcpy(global, &x, sizeof x);
}
struct alignas(16) Bytes16 { std::uint32_t word[4]; };
DEVICE void write16(void* global, const Bytes16& x) { writeWhole(global, x); }
struct alignas(8) Bytes8 { std::uint32_t word[2]; };
DEVICE void write8(void* global, const Bytes8& x) { writeWhole(global, x); }
enum class Keep { near, not_near };
template <class T> DEVICE T readWholeIf(bool is, const void* global) { return is ? readWhole<T>(global) : T{}; }
template <Keep = Keep::near> DEVICE Bytes16 read16If(bool is, const void* global) { return readWholeIf<Bytes16>(is, global); }
DEVICE Bytes8 read8If(bool is, const void* global) { return readWholeIf<Bytes8>(is, global); }
DEVICE std::uint32_t read4If(bool is, const void* global) { return readWholeIf<std::uint32_t>(is, global); }
DEVICE std::uint16_t read2If(bool is, const void* global) { return readWholeIf<std::uint16_t>(is, global); }
DEVICE std::uint8_t read1If(bool is, const void* global) { return readWholeIf<std::uint8_t>(is, global); }
template <class T> DEVICE Bytes8 readShared8(Shared<T> from) {
  Bytes8 x;
  std::memcpy(&x, emulator::sharedRead<8>(from.offset), sizeof x);
  return x;
}
template <class T> DEVICE void writeShared8(Shared<T> to, const Bytes8& x) { std::memcpy(emulator::sharedWrite<8>(to.offset), &x, sizeof x); }
template <class T> DEVICE Bytes16 readShared16(Shared<T> from) {
  Bytes16 x;
  std::memcpy(&x, emulator::sharedRead<16>(from.offset), sizeof x);
  return x;
}
template <class T> DEVICE void writeShared16(Shared<T> to, const Bytes16& x) { std::memcpy(emulator::sharedWrite<16>(to.offset), &x, sizeof x); }

template <class T> DEVICE std::uint32_t sharedAddress(Shared<T> p) { return static_cast<std::uint32_t>(p.offset); }

template <class T> DEVICE void copyAsync16(Shared<T> to, const void* from, int valid) {
  // Touched here, so that a source out of bounds is found at the line that names it.
  if (valid > 0) {
    static_cast<void>(*static_cast<const volatile char*>(from));
    static_cast<void>(static_cast<const volatile char*>(from)[valid - 1]);
  }
  emulator::copyAsync16(to.offset, from, valid);
}
DEVICE void commitCopies() { emulator::commitCopies(); }
template <int N> DEVICE void waitCopies() { emulator::waitCopies(N); }

template <class T> DEVICE void loadMatrices(std::uint32_t (&r)[4], Shared<T> row) { emulator::loadMatrices(r, row.offset, false); }
template <class T> DEVICE void loadMatricesTransposed(std::uint32_t (&r)[4], Shared<T> row) { emulator::loadMatrices(r, row.offset, true); }

template <class T> DEVICE void mmaSync(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  static_assert(std::is_same_v<T, bf16> || std::is_same_v<T, f16>);
  emulator::mma(d, a, b0, b1, std::is_same_v<T, f16>);
}

template <class T> DEVICE void mmaSyncFresh(float (&d)[4], const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1) {
  for (float& x : d) x = 0.0f;
  mmaSync<T>(d, a, b0, b1);
}

template <class T> DEVICE std::uint32_t packed(float low, float high) {
  static_assert(std::is_same_v<T, bf16> || std::is_same_v<T, f16>);
  return T(low).bits | std::uint32_t{T(high).bits} << 16;
}

struct f8e4m3 {
  std::uint8_t bits;
  f8e4m3() = default;
  DEVICE explicit f8e4m3(float x) : bits(emulator::eightFromFloat(x)) {}
  DEVICE explicit operator float() const { return emulator::eightToFloat(bits); }
};
template <> DEVICE std::uint32_t packed<f8e4m3>(float low, float high) { return f8e4m3(low).bits | std::uint32_t{f8e4m3(high).bits} << 8; }

template <class T> DEVICE std::uint32_t rebased(std::uint32_t pair) {
  const auto half = [](std::uint32_t bits) {
    T x;
    x.bits = static_cast<std::uint16_t>(bits);
    return T(float(x) * (std::is_same_v<T, bf16> ? 0x1p120f : 0x1p8f)).bits;
  };
  return half(pair) | std::uint32_t{half(pair >> 16)} << 16;
}

/** Denormals count as 0, as on the hardware. */
DEVICE float exp2Fast(float x) {
  const float r = exp2f(x);
  return r < 0x1p-126f ? 0.0f : r;
}

DEVICE float reciprocalFast(float x) { return std::fabs(x) > 0x1p126f ? std::copysign(0.0f, x) : 1.0f / x; }
DEVICE float quotient(float a, float b) { return a / b; }

DEVICE float largerOrNaN(float a, float b) { return a != a || a > b ? a : b; }
DEVICE float smallerOrNaN(float a, float b) { return a != a || a < b ? a : b; }

DEVICE int atomicAddShared(Shared<int> to, int by) { return emulator::atomicAdd(to.offset, by); }
