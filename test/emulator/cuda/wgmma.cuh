// The twin of codegen/device/cuda/wgmma.cuh: products of warpgroups that wait until the emulator does them.
#pragma once
#include <type_traits>
#include "primitives.cuh"

DEVICE void fenceProducts() { emulator::fenceProducts(); }
DEVICE void commitProducts() { emulator::commitProducts(); }
template <int N> DEVICE void awaitProducts() { emulator::awaitProducts(N); }
template <int N> DEVICE void holdAccumulators(float (&)[N]) {}

template <class T> DEVICE std::uint64_t operandAt(Shared<T> first, int panel) {
  constexpr std::uint64_t swizzle128 = 1ull << 62, eightLines = 1024 / 16;
  return swizzle128 | eightLines << 32 | static_cast<std::uint64_t>(panel / 16) << 16 | (sharedAddress(first) & 0x3FFFF) / 16;
}

template <int N> struct Wgmma {
  static_assert(N % 16 == 0 && N <= 256);
  template <class T, bool ADD, bool LEFT_BY_ROWS, bool RIGHT_BY_ROWS> static DEVICE void shared(float (&d)[N / 2], std::uint64_t a, std::uint64_t b) {
    emulator::product({N, std::is_same_v<T, f16>, ADD, false, LEFT_BY_ROWS, RIGHT_BY_ROWS}, d, nullptr, a, b);
  }
  template <class T, bool ADD, bool RIGHT_BY_ROWS> static DEVICE void registers(float (&d)[N / 2], const std::uint32_t (&a)[4], std::uint64_t b) {
    emulator::product({N, std::is_same_v<T, f16>, ADD, true, false, RIGHT_BY_ROWS}, d, a, 0, b);
  }
};
