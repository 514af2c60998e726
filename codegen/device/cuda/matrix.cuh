// Matrix multiplication on tiles: dst (+)= lhs · rhs, in f32.
#pragma once
#include "number.cuh"

enum Update { overwrite, accumulate };

/** A matrix in a tile, with any strides. */
struct Matrix { float* data; Index row, col; };
template <std::size_t R, std::size_t C> __device__ inline Matrix matrix(float (&tile)[R][C]) { return {&tile[0][0], static_cast<Index>(C), 1}; }
template <std::size_t R, std::size_t C> __device__ inline Matrix transposed(float (&tile)[R][C]) { return {&tile[0][0], 1, static_cast<Index>(C)}; }

/** Over the first `rows`, `cols` and `over` of each. A thread owns four neighbouring columns of a row. */
__device__ inline void mma(Matrix dst, Matrix lhs, Matrix rhs, int rows, int cols, int over, Update update) {
  constexpr int OWN = 4;
  const int groups = (cols + OWN - 1) / OWN;
  for (int i = threadIdx.x; i < rows * groups; i += blockDim.x) {
    const int r = i / groups, c = i % groups * OWN;
    const int own = cols - c < OWN ? cols - c : OWN;
    float acc[OWN] = {};
    for (int k = 0; k < over; k++) {
      const float a = lhs.data[r * lhs.row + k * lhs.col];
      for (int j = 0; j < OWN; j++)
        if (j < own) acc[j] += a * rhs.data[k * rhs.row + (c + j) * rhs.col];
    }
    for (int j = 0; j < own; j++) {
      float& to = dst.data[r * dst.row + (c + j) * dst.col];
      to = update == accumulate ? to + acc[j] : acc[j];
    }
  }
}
