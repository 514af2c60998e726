// The largest elements of a row, by position.
#pragma once
#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>
#include "vector.h"

namespace topkDetail {

/** Unsigned order of keys = order of values; NaN comes first, both zeros are equal. */
static inline std::uint32_t keyOf(float x) {
  const std::uint32_t b = __builtin_bit_cast(std::uint32_t, x + 0.0f);
  return x != x ? 0 : b >> 31 ? ~b : b | 0x80000000u;
}
static inline std::uint32_t keyOf(std::int32_t x) { return static_cast<std::uint32_t>(x) ^ 0x80000000u; }

/** The count-th largest key, and how many of the keys equal to it belong to the largest `count`. */
struct Threshold { std::uint32_t key; int ties; };
static Threshold select(const std::vector<std::uint32_t>& keys, int count) {
  std::uint32_t prefix = 0, mask = 0;
  for (const int shift : {21, 10, 0}) {
    const int bits = shift == 0 ? 10 : 11;
    int histogram[2048] = {};
    const std::uint32_t digitMask = (1u << bits) - 1;
    for (const std::uint32_t k : keys)
      if ((k & mask) == prefix) histogram[k >> shift & digitMask]++;
    std::uint32_t digit = digitMask;
    for (; histogram[digit] < count; digit--) count -= histogram[digit];
    prefix |= digit << shift;
    mask |= digitMask << shift;
  }
  return {prefix, count};
}

}  // namespace topkDetail

/** Positions of the `count` largest of n elements, ascending; ties go to the lower position; −1 where there are fewer elements. */
template <class T>
static void topk(std::int32_t* positions, Index positionStride, int count, const T* values, Index valueStride, int n) {
  using Key = std::conditional_t<std::is_integral_v<T>, std::int32_t, float>;
  static thread_local std::vector<std::uint32_t> keys;
  keys.resize(n);
  for (int i = 0; i < n; i++) keys[i] = topkDetail::keyOf(static_cast<Key>(values[i * valueStride]));
  const int found = std::min(count, n);
  topkDetail::Threshold least = found > 0 ? topkDetail::select(keys, found) : topkDetail::Threshold{0, 0};
  int written = 0;
  for (int i = 0; i < n && written < found; i++) {
    if (keys[i] < least.key || (keys[i] == least.key && least.ties-- <= 0)) continue;
    positions[written++ * positionStride] = i;
  }
  for (; written < count; written++) positions[written * positionStride] = -1;
}
