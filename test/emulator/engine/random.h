// Random choices that a seed repeats.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

namespace emulator {

/** Marsaglia's xorshift from a seed stirred once. */
struct Random {
  std::uint64_t state;
  explicit Random(std::uint64_t seed = 0) : state((seed + 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u | 1) {
    for (int i = 0; i < 4; i++) next();
  }
  std::uint32_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::uint32_t>(state >> 32);
  }
  /** From 0 up to, not including, `n`. */
  int below(int n) { return static_cast<int>((std::uint64_t{next()} * static_cast<std::uint32_t>(n)) >> 32); }
  void shuffle(std::vector<int>& order) {
    for (int i = static_cast<int>(order.size()) - 1; i > 0; i--) std::swap(order[i], order[below(i + 1)]);
  }
};

}  // namespace emulator
