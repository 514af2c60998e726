// The largest elements of a row, by position.
#pragma once
#include "frame.cuh"

namespace topkDetail {

/** Unsigned order of keys = order of values; NaN comes first, both zeros are equal. */
DEVICE std::uint32_t keyOf(float x) {
  const std::uint32_t b = bitsOf(x + 0.0f);
  return x != x ? 0 : b >> 31 ? ~b : b | 0x80000000u;
}
DEVICE std::uint32_t keyOf(int x) { return static_cast<std::uint32_t>(x) ^ 0x80000000u; }
DEVICE std::uint32_t keyOf(bf16 x) { return keyOf(float(x)); }
DEVICE std::uint32_t keyOf(f16 x) { return keyOf(float(x)); }
DEVICE std::uint32_t keyOf(f8e4m3 x) { return keyOf(float(x)); }

constexpr int digits = 256, perLane = digits / 32, mostWarps = 32;

/** The digit, from the top, at which the counts reach `wanted`; how many lie above it. Every warp on its own. */
struct Crossing { int digit, above; };
DEVICE Crossing crossing(Shared<int> counts, int wanted) {
  const int lane = laneOfWarp(), top = digits - 1 - lane * perLane;
  int own = 0;
  for (int j = 0; j < perLane; j++) own += counts[top - j];
  int upTo = own;
  for (int by = 1; by < 32; by *= 2) {
    const int below = shuffleUp(upTo, by);
    if (lane >= by) upTo += below;
  }
  // The first lane whose digits reach the wanted number looks for the digit.
  const bool reaches = upTo >= wanted;
  const std::uint32_t who = lanesWhere(reaches);
  int first = 0;
  while (first < 31 && (who >> first & 1u) == 0) first++;
  int above = upTo - own, digit = top;
  for (int j = 0; j < perLane; j++) {
    const int here = counts[top - j];
    if (above + here >= wanted) {
      digit = top - j;
      break;
    }
    above += here;
  }
  return {shuffleFrom(digit, first), shuffleFrom(above, first)};
}

}  // namespace topkDetail

/** Bytes of shared memory that `topk` uses. */
constexpr int topkBytes = (topkDetail::digits + 2 * topkDetail::mostWarps) * 4;

/**
 * Positions of the `count` largest of n elements, ascending; ties go to the lower position; −1 where there are fewer
 * elements. The threshold is found digit by digit from the top; then each warp writes what its part of the row has.
 */
template <class T> DEVICE void topk(std::int32_t* positions, Index positionStride, int count, const T* values, Index valueStride, int n) {
  using namespace topkDetail;
  const Shared<int> counts = sharedAt<int>(0), ofWarp = counts + digits;
  const int found = count < n ? count : n;
  std::uint32_t least = 0;
  int ties = found;
  for (int shift = 24; shift >= 0; shift -= 8) {
    for (int i = threadOfBlock(); i < digits; i += threadsOfBlock()) counts[i] = 0;
    blockBarrier();
    for (int i = threadOfBlock(); i < n; i += threadsOfBlock()) {
      const std::uint32_t key = keyOf(values[i * valueStride]);
      if (shift == 24 || key >> (shift + 8) == least >> (shift + 8)) atomicAddShared(counts + static_cast<int>(key >> shift & 255u), 1);
    }
    blockBarrier();
    const Crossing c = crossing(counts, ties);
    least |= static_cast<std::uint32_t>(c.digit) << shift;
    ties -= c.above;
    blockBarrier();
  }
  if (found == 0) least = 0xFFFFFFFFu;
  const int warps = threadsOfBlock() / 32, warp = warpOfBlock(), lane = laneOfWarp();
  const int part = (n + 32 * warps - 1) / (32 * warps) * 32, begin = warp * part, end = begin + part < n ? begin + part : n;
  int greater = 0, equal = 0;
  for (int i = begin + lane; i < end; i += 32) {
    const std::uint32_t key = keyOf(values[i * valueStride]);
    greater += key > least;
    equal += key == least;
  }
  for (int mask = 16; mask > 0; mask /= 2) {
    greater += shuffleXor(greater, mask);
    equal += shuffleXor(equal, mask);
  }
  if (lane == 0) {
    ofWarp[2 * warp] = greater;
    ofWarp[2 * warp + 1] = equal;
  }
  blockBarrier();
  int written = 0;
  for (int w = 0; w < warp; w++) {
    const int before = ofWarp[2 * w + 1];
    const int taken = before < ties ? before : ties;
    written += ofWarp[2 * w] + taken;
    ties -= taken;
  }
  const std::uint32_t lower = (1u << lane) - 1;
  for (int base = begin; base < begin + part; base += 32) {
    const int i = base + lane;
    const std::uint32_t key = i < end ? keyOf(values[i * valueStride]) : 0;
    const std::uint32_t same = lanesWhere(i < end && key == least);
    const bool isTaken = i < end && (key > least || (key == least && bitsIn(same & lower) < ties));
    const std::uint32_t taken = lanesWhere(isTaken);
    if (isTaken) positions[(written + bitsIn(taken & lower)) * positionStride] = i;
    written += bitsIn(taken);
    const int used = bitsIn(same);
    ties -= used < ties ? used : ties;
  }
  for (int i = found + threadOfBlock(); i < count; i += threadsOfBlock()) positions[i * positionStride] = -1;
}
