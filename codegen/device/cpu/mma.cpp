// Matrix multiplication on tiles, compiled once per instruction set and linked into every kernel's library.
#include "mma.h"
#include <algorithm>

namespace {

// Six rows of accumulators hide the latency of the multiply-add and leave registers for one row of rhs.
constexpr int ROWS = 6;
// A panel of rhs, DEPTH × WIDTH, stays in the near caches while all rows pass over it.
#if defined(__AVX512F__)
constexpr int VECTORS = 4, DEPTH = 256;
#else
constexpr int VECTORS = 2, DEPTH = 512;
#endif
constexpr int WIDTH = VECTORS * LANES;
// Up to here rhs is dotted along the contraction instead of being turned into panels.
constexpr int FEW = 3;

/** R rows, V vectors of columns. rhs is read in rows of `rhsRow`. */
template <int R, int V>
void micro(float* dst, Index dstRow, const float* lhs, Index lhsRow, Index lhsOver, const float* rhs, Index rhsRow, int over, bool add) {
  Vector acc[R][V];
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) acc[r][v] = add ? loadVector(dst + r * dstRow + v * LANES) : Vector{};
  // Two base pointers reach six rows with the strides 0, 1 and 2 of x86 addressing.
  const float* upper = lhs;
  const float* lower = lhs + 3 * lhsRow;
  for (int k = 0; k < over; k++) {
    Vector b[V];
    for (int v = 0; v < V; v++) b[v] = loadVector(rhs + v * LANES);
    for (int r = 0; r < R; r++) {
      const float a = r < 3 ? upper[r * lhsRow] : lower[(r - 3) * lhsRow];
      for (int v = 0; v < V; v++) acc[r][v] += a * b[v];
    }
    upper += lhsOver;
    lower += lhsOver;
    rhs += rhsRow;
  }
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) storeVector(dst + r * dstRow + v * LANES, acc[r][v]);
}

template <int V>
void microRows(int rows, float* dst, Index dstRow, const float* lhs, Index lhsRow, Index lhsOver, const float* rhs, Index rhsRow, int over, bool add) {
  switch (rows) {
    case 1: return micro<1, V>(dst, dstRow, lhs, lhsRow, lhsOver, rhs, rhsRow, over, add);
    case 2: return micro<2, V>(dst, dstRow, lhs, lhsRow, lhsOver, rhs, rhsRow, over, add);
    case 3: return micro<3, V>(dst, dstRow, lhs, lhsRow, lhsOver, rhs, rhsRow, over, add);
    case 4: return micro<4, V>(dst, dstRow, lhs, lhsRow, lhsOver, rhs, rhsRow, over, add);
    case 5: return micro<5, V>(dst, dstRow, lhs, lhsRow, lhsOver, rhs, rhsRow, over, add);
    default: return micro<6, V>(dst, dstRow, lhs, lhsRow, lhsOver, rhs, rhsRow, over, add);
  }
}

/** Up to ROWS rows and WIDTH columns, rhs padded to whole vectors. */
void microTile(int rows, int vectors, float* dst, Index dstRow, const float* lhs, Index lhsRow, Index lhsOver, const float* rhs, Index rhsRow, int over, bool add) {
  switch (vectors) {
    case 1: return microRows<1>(rows, dst, dstRow, lhs, lhsRow, lhsOver, rhs, rhsRow, over, add);
    case 2: return microRows<2>(rows, dst, dstRow, lhs, lhsRow, lhsOver, rhs, rhsRow, over, add);
#if defined(__AVX512F__)
    case 3: return microRows<3>(rows, dst, dstRow, lhs, lhsRow, lhsOver, rhs, rhsRow, over, add);
    default: return microRows<4>(rows, dst, dstRow, lhs, lhsRow, lhsOver, rhs, rhsRow, over, add);
#else
    default: return;
#endif
  }
}

/** For blocks of S lanes: which of two vectors' lanes make the first, and which the second, once their off-diagonal blocks have changed places. */
template <int S> struct Exchange {
  alignas(64) std::int32_t first[LANES], second[LANES];
  constexpr Exchange() : first(), second() {
    for (int l = 0; l < LANES; l++) {
      first[l] = l & S ? LANES + l - S : l;
      second[l] = l & S ? LANES + l : l + S;
    }
  }
};

/** LANES × LANES in registers: block by block of doubling size, the off-diagonal blocks change places. */
template <int S = 1> static inline void transposeVectors(Vector (&x)[LANES]) {
  if constexpr (S < LANES) {
    static constexpr Exchange<S> exchange;
    const IntVector first = *reinterpret_cast<const IntVector*>(exchange.first), second = *reinterpret_cast<const IntVector*>(exchange.second);
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++) {
      if (i & S) continue;
      const Vector a = x[i], b = x[i + S];
      x[i] = __builtin_shuffle(a, b, first);
      x[i + S] = __builtin_shuffle(a, b, second);
    }
    transposeVectors<2 * S>(x);
  }
}

/** panel[k][j] = rhs[j][k], rhs contiguous along k. */
void packTransposed(float* panel, const float* rhs, Index rhsCol, Index over, Index cols) {
  Index j = 0;
  for (; j + LANES <= cols; j += LANES) {
    Index k = 0;
    for (; k + LANES <= over; k += LANES) {
      Vector x[LANES];
#pragma GCC unroll 16
      for (int i = 0; i < LANES; i++) x[i] = loadVector(rhs + (j + i) * rhsCol + k);
      transposeVectors(x);
#pragma GCC unroll 16
      for (int i = 0; i < LANES; i++) storeVector(panel + (k + i) * WIDTH + j, x[i]);
    }
    for (float* row = panel + k * WIDTH + j; k < over; k++, row += WIDTH)
      for (int i = 0; i < LANES; i++) row[i] = rhs[(j + i) * rhsCol + k];
  }
  for (; j < cols; j++)
    for (Index k = 0; k < over; k++) panel[k * WIDTH + j] = rhs[j * rhsCol + k];
}

/** A panel of rhs, rows of WIDTH, zero from `cols` to the next whole vector. */
void pack(float* panel, const float* rhs, Index row, Index col, int over, int cols) {
  if (row == 1) {
    packTransposed(panel, rhs, col, over, cols);
  } else {
    for (int k = 0; k < over; k++)
      for (int j = 0; j < cols; j++) panel[k * WIDTH + j] = rhs[k * row + j * col];
  }
  for (int k = 0; k < over; k++)
    for (int j = cols; j % LANES != 0; j++) panel[k * WIDTH + j] = 0;
}

void panels(Matrix dst, ConstMatrix lhs, ConstMatrix rhs, int rows, int cols, int over, bool add) {
  alignas(64) float panel[DEPTH * WIDTH];
  alignas(64) float edge[ROWS * WIDTH];
  for (int k = 0; k < over; k += DEPTH) {
    const int depth = std::min(DEPTH, over - k);
    for (int j = 0; j < cols; j += WIDTH) {
      const int width = std::min(WIDTH, cols - j);
      const int vectors = (width + LANES - 1) / LANES;
      const bool whole = width % LANES == 0;
      const float* b = rhs.data + k * rhs.row + j * rhs.col;
      Index bRow = rhs.row;
      // Rows far apart are worth gathering when more than one group of rows passes over them.
      if (rhs.col != 1 || !whole || (rows > ROWS && rhs.row > 4 * WIDTH)) {
        pack(panel, b, rhs.row, rhs.col, depth, width);
        b = panel;
        bRow = WIDTH;
      }
      for (int i = 0; i < rows; i += ROWS) {
        const int group = std::min(ROWS, rows - i);
        const float* a = lhs.data + i * lhs.row + k * lhs.col;
        float* d = dst.data + i * dst.row + j * dst.col;
        if (whole && dst.col == 1) {
          microTile(group, vectors, d, dst.row, a, lhs.row, lhs.col, b, bRow, depth, add);
          continue;
        }
        microTile(group, vectors, edge, WIDTH, a, lhs.row, lhs.col, b, bRow, depth, false);
        for (int r = 0; r < group; r++)
          for (int c = 0; c < width; c++) {
            float& to = d[r * dst.row + c * dst.col];
            to = add ? to + edge[r * WIDTH + c] : edge[r * WIDTH + c];
          }
      }
    }
    add = true;
  }
}

/** R rows of lhs dotted with C columns of rhs, both contiguous along the contraction. */
template <int R, int C>
void dot(float* dst, Index dstRow, Index dstCol, const float* lhs, Index lhsRow, const float* rhs, Index rhsCol, int over, bool add) {
  Vector acc[R][C] = {};
  int k = 0;
  for (; k + LANES <= over; k += LANES) {
    Vector a[R];
    for (int r = 0; r < R; r++) a[r] = loadVector(lhs + r * lhsRow + k);
    for (int c = 0; c < C; c++) {
      const Vector b = loadVector(rhs + c * rhsCol + k);
      for (int r = 0; r < R; r++) acc[r][c] += a[r] * b;
    }
  }
  for (int r = 0; r < R; r++)
    for (int c = 0; c < C; c++) {
      float sum = sumLanes(acc[r][c]);
      for (int rest = k; rest < over; rest++) sum += lhs[r * lhsRow + rest] * rhs[c * rhsCol + rest];
      float& to = dst[r * dstRow + c * dstCol];
      to = add ? to + sum : sum;
    }
}

template <int R>
void dotRows(Matrix dst, ConstMatrix lhs, ConstMatrix rhs, int cols, int over, bool add) {
  int c = 0;
  for (; c + 4 <= cols; c += 4) dot<R, 4>(dst.data + c * dst.col, dst.row, dst.col, lhs.data, lhs.row, rhs.data + c * rhs.col, rhs.col, over, add);
  for (; c < cols; c++) dot<R, 1>(dst.data + c * dst.col, dst.row, dst.col, lhs.data, lhs.row, rhs.data + c * rhs.col, rhs.col, over, add);
}

void dots(Matrix dst, ConstMatrix lhs, ConstMatrix rhs, int rows, int cols, int over, bool add) {
  switch (rows) {
    case 1: return dotRows<1>(dst, lhs, rhs, cols, over, add);
    case 2: return dotRows<2>(dst, lhs, rhs, cols, over, add);
    default: return dotRows<3>(dst, lhs, rhs, cols, over, add);
  }
}

}  // namespace

void mma(Matrix dst, ConstMatrix lhs, ConstMatrix rhs, int rows, int cols, int over, Update update) {
  // The side with more elements, or the one that is contiguous in dst, becomes the columns.
  const bool fewColumns = cols <= FEW && cols < rows;
  if (fewColumns || (dst.col != 1 && dst.row == 1 && rows > FEW)) {
    std::swap(dst.row, dst.col);
    std::swap(lhs.row, lhs.col);
    std::swap(rhs.row, rhs.col);
    std::swap(lhs, rhs);
    std::swap(rows, cols);
  }
  if (over == 0 && update == overwrite) {
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < cols; c++) dst.data[r * dst.row + c * dst.col] = 0;
  } else if (rows <= FEW && rows > 0 && lhs.col == 1 && rhs.row == 1) {
    dots(dst, lhs, rhs, rows, cols, over, update == accumulate);
  } else {
    panels(dst, lhs, rhs, rows, cols, over, update == accumulate);
  }
}
