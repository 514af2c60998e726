// Matrix multiplication on tiles: dst (+)= lhs · rhs.
#pragma once
#include <cstddef>
#include "vector.h"

enum Update { overwrite, accumulate };

/** A matrix in a tile or in memory: its first element, how far apart its rows are and how far apart its columns. */
struct Matrix {
  float* data;
  Index row, col;
};
struct ConstMatrix {
  const float* data;
  Index row, col;
  ConstMatrix(const float* first, Index rowStride, Index colStride) : data(first), row(rowStride), col(colStride) {}
  ConstMatrix(Matrix m) : data(m.data), row(m.row), col(m.col) {}
};

/** A tile of two axes as it stands, and with its axes exchanged. */
template <std::size_t R, std::size_t C> static inline Matrix matrix(float (&tile)[R][C]) { return {&tile[0][0], C, 1}; }
template <std::size_t R, std::size_t C> static inline Matrix transposed(float (&tile)[R][C]) { return {&tile[0][0], 1, C}; }

/** dst (+)= lhs · rhs over the first `rows`, `cols` and `over` of each; nothing beyond them is read or written. */
void mma(Matrix dst, ConstMatrix lhs, ConstMatrix rhs, int rows, int cols, int over, Update update);
