// The largest elements of a row, by position.
#pragma once
#include "number.cuh"

namespace topkDetail {

/** Unsigned order of keys = order of values; NaN comes first, both zeros are equal. */
__device__ inline std::uint32_t keyOf(float x) {
  const std::uint32_t b = __float_as_uint(x + 0.0f);
  return x != x ? 0 : b >> 31 ? ~b : b | 0x80000000u;
}
__device__ inline std::uint32_t keyOf(int x) { return static_cast<std::uint32_t>(x) ^ 0x80000000u; }
__device__ inline float comparable(float x) { return x; }
__device__ inline float comparable(bf16 x) { return float(x); }
__device__ inline float comparable(f16 x) { return float(x); }
__device__ inline int comparable(int x) { return x; }

}  // namespace topkDetail

/**
 * Positions of the `count` largest of n elements, ascending; ties go to the lower position; −1 where there are fewer
 * elements. The threshold is found bit by bit from the top; then one warp writes the chosen positions in order.
 */
template <class T> __device__ void topk(std::int32_t* positions, Index positionStride, int count, const T* values, Index valueStride, int n) {
  using namespace topkDetail;
  __shared__ int above;
  const int found = count < n ? count : n;
  std::uint32_t least = 0;
  int ties = found;
  for (int bit = 31; bit >= 0; bit--) {
    const std::uint32_t trial = least | 1u << bit;
    if (threadIdx.x == 0) above = 0;
    __syncthreads();
    int own = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) own += keyOf(comparable(values[i * valueStride])) >= trial;
    atomicAdd(&above, own);
    __syncthreads();
    if (above >= found) least = trial;
    __syncthreads();
  }
  if (threadIdx.x >= 32) return;
  int greater = 0;
  for (int i = threadIdx.x; i < n; i += 32) greater += keyOf(comparable(values[i * valueStride])) > least;
  for (int lane = 16; lane > 0; lane /= 2) greater += __shfl_xor_sync(0xFFFFFFFFu, greater, lane);
  ties = found - greater;
  int written = 0;
  const unsigned before = (1u << threadIdx.x) - 1;
  for (int base = 0; base < n; base += 32) {
    const int i = base + static_cast<int>(threadIdx.x);
    const std::uint32_t key = i < n ? keyOf(comparable(values[i * valueStride])) : 0;
    const unsigned equal = __ballot_sync(0xFFFFFFFFu, i < n && key == least);
    const bool taken = i < n && (key > least || (key == least && __popc(equal & before) < ties));
    const unsigned all = __ballot_sync(0xFFFFFFFFu, taken);
    if (taken) positions[(written + __popc(all & before)) * positionStride] = i;
    written += __popc(all);
    ties -= min(ties, __popc(equal));
  }
  for (int i = written + static_cast<int>(threadIdx.x); i < count; i += 32) positions[i * positionStride] = -1;
}
