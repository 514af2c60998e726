// Products of tiles: acc = lhs · rhs, or added to what is there. Operands of one 16-bit type go through tensor cores, all others through f32
// multiply-adds in the same frame. The left operand lies in shared memory or in registers, the right one in shared memory.
#pragma once
#include "memory.cuh"
#include "panels.cuh"

namespace matrixDetail {

/** The 16 × 16 piece of the left operand at (row, k) as the tensor core wants it. */
template <class T, int R, int K> DEVICE void leftPiece(std::uint32_t (&a)[4], const Operand<T, R, K>& m, int row, int k) {
  loadMatrices(a, m.pieceAt(row, k / 8, laneOfWarp() % 16, laneOfWarp() / 16));
}
template <class T, int R, int K> DEVICE void leftPiece(std::uint32_t (&a)[4], const Panels<T, R, K>& m, int row, int k) {
  loadMatrices(a, m.pieceAt(row, k / 8, laneOfWarp() % 16, laneOfWarp() / 16));
}
template <class T, int K, int R> DEVICE void leftPiece(std::uint32_t (&a)[4], const Transposed<Operand<T, K, R>>& m, int row, int k) {
  const int matrix = laneOfWarp() / 8;
  loadMatricesTransposed(a, m.of.pieceAt(k, row / 8, matrix / 2 * 8 + laneOfWarp() % 8, matrix % 2));
}
template <class T, int K, int R> DEVICE void leftPiece(std::uint32_t (&a)[4], const Transposed<Panels<T, K, R>>& m, int row, int k) {
  const int matrix = laneOfWarp() / 8;
  loadMatricesTransposed(a, m.of.pieceAt(k, row / 8, matrix / 2 * 8 + laneOfWarp() % 8, matrix % 2));
}

/** Two neighbouring 16 × 8 pieces of the right operand at (k, column): b[0], b[1] of the one, b[2], b[3] of the other. */
template <class T, int K, int N> DEVICE void rightPieces(std::uint32_t (&b)[4], const Operand<T, K, N>& m, int k, int column) {
  const int matrix = laneOfWarp() / 8;
  loadMatricesTransposed(b, m.pieceAt(k, column / 8, matrix % 2 * 8 + laneOfWarp() % 8, matrix / 2));
}
template <class T, int N, int K> DEVICE void rightPieces(std::uint32_t (&b)[4], const Transposed<Operand<T, N, K>>& m, int k, int column) {
  const int matrix = laneOfWarp() / 8;
  loadMatrices(b, m.of.pieceAt(column, k / 8, matrix / 2 * 8 + laneOfWarp() % 8, matrix % 2));
}

template <class T, int K, int N> DEVICE void rightPieces(std::uint32_t (&b)[4], const Panels<T, K, N>& m, int k, int column) {
  const int matrix = laneOfWarp() / 8;
  loadMatricesTransposed(b, m.pieceAt(k, column / 8, matrix % 2 * 8 + laneOfWarp() % 8, matrix / 2));
}
template <class T, int N, int K> DEVICE void rightPieces(std::uint32_t (&b)[4], const Transposed<Panels<T, N, K>>& m, int k, int column) {
  const int matrix = laneOfWarp() / 8;
  loadMatrices(b, m.of.pieceAt(column, k / 8, matrix / 2 * 8 + laneOfWarp() % 8, matrix % 2));
}

/** Elements and extents whatever way round a matrix is stored. */
template <class T, int R, int C> DEVICE float elementOf(const Operand<T, R, C>& m, int row, int col) { return m.get(row, col); }
template <class T, int R, int C> DEVICE float elementOf(const Transposed<Operand<T, R, C>>& m, int row, int col) { return m.of.get(col, row); }
template <class M> struct Extents;
template <class T, int R, int C> struct Extents<Operand<T, R, C>> {
  using Element = T;
  static constexpr int rows = R, cols = C, paddedRows = Operand<T, R, C>::height, paddedCols = Operand<T, R, C>::filled;
};
template <class T, int R, int C> struct Extents<Transposed<Operand<T, R, C>>> {
  using Element = T;
  static constexpr int rows = C, cols = R, paddedRows = Operand<T, R, C>::filled, paddedCols = Operand<T, R, C>::height;
};
template <class T, int R, int C> struct Extents<Panels<T, R, C>> {
  using Element = T;
  static constexpr int rows = R, cols = C, paddedRows = R, paddedCols = C;
};
template <class T, int R, int C> struct Extents<Transposed<Panels<T, R, C>>> {
  using Element = T;
  static constexpr int rows = C, cols = R, paddedRows = C, paddedCols = R;
};
template <class T> constexpr bool isHalf = std::is_same_v<T, bf16> || std::is_same_v<T, f16>;

/** One piece of the accumulators, from register `i` on. */
template <class T, class Acc> DEVICE void product(Acc& acc, int i, const std::uint32_t (&a)[4], std::uint32_t b0, std::uint32_t b1, bool isFresh) {
  float(&d)[4] = reinterpret_cast<float(&)[4]>(acc.x[i]);
  if (isFresh) mmaSyncFresh<T>(d, a, b0, b1);
  else mmaSync<T>(d, a, b0, b1);
}

/** Steps of 16 along the sum; `left(a, piece row, k)` gives the left piece. */
template <class T, int OVER, Update UPDATE, class Acc, class Right, class Left> DEVICE void tensorCores(Acc& acc, const Right& rhs, Left left) {
  using Rows = typename Acc::RowAxis;
  using Cols = typename Acc::ColumnAxis;
  constexpr int C = Acc::Frame::warpsInRow;
  static_assert(C == 1 || Cols::pieces % 2 == 0, "right pieces come in pairs");
  const int firstColumn = warpOfBlock() % C * (Cols::pieces * 8);
#pragma unroll
  for (int k = 0; k < OVER; k += 16) {
    std::uint32_t a[Rows::pieces][4];
#pragma unroll
    for (int m = 0; m < Rows::pieces; m++) left(a[m], m, k);
#pragma unroll
    for (int n = 0; n < Cols::pieces; n += 2) {
      std::uint32_t b[4];
      rightPieces(b, rhs, k, firstColumn + n * 8);
#pragma unroll
      for (int m = 0; m < Rows::pieces; m++) {
        product<T>(acc, (m * Cols::pieces + n) * 4, a[m], b[0], b[1], UPDATE == overwrite && k == 0);
        if (n + 1 < Cols::pieces) product<T>(acc, (m * Cols::pieces + n + 1) * 4, a[m], b[2], b[3], UPDATE == overwrite && k == 0);
      }
    }
  }
}

/** One step along the sum with f32 multiply-adds; `left(row slot, k)` gives the left element. */
template <class Acc, class Right, class Left> DEVICE void multiplyAdd(Acc& acc, const Right& rhs, int k, Left left) {
  float a[Acc::RowAxis::slots], b[Acc::ColumnAxis::slots];
#pragma unroll
  for (int row = 0; row < Acc::RowAxis::slots; row++) a[row] = left(row, k);
#pragma unroll
  for (int col = 0; col < Acc::ColumnAxis::slots; col++) b[col] = elementOf(rhs, k, Acc::ColumnAxis::position(col));
#pragma unroll
  for (int row = 0; row < Acc::RowAxis::slots; row++)
#pragma unroll
    for (int col = 0; col < Acc::ColumnAxis::slots; col++) acc.x[Acc::indexOf(row, col)] += a[row] * b[col];
}

}  // namespace matrixDetail

/** A tile of accumulators' frame from the matrix of its elements in shared memory; a vector of columns from its first row. */
template <class X, class M> DEVICE void take(X& tile, const M& from) {
  using T = typename M::Element;
  if constexpr (!frameDetail::HasRows<X>::value) {
    each(tile, [&](At at, int col) { tile[at] = from.get(0, col); });
  } else if constexpr (matrixDetail::isHalf<T> && X::ColumnAxis::pieces % 2 == 0 && X::Frame::warpsInRow == 1) {
    static_assert(M::height >= X::RowAxis::length && M::filled >= X::ColumnAxis::length, "the matrix covers the frame");
    const int firstRow = warpOfBlock() / X::Frame::copies * (X::RowAxis::pieces * 16);
#pragma unroll
    for (int m = 0; m < X::RowAxis::pieces; m++)
#pragma unroll
      for (int n = 0; n < X::ColumnAxis::pieces; n += 2) {
        std::uint32_t a[4];
        matrixDetail::leftPiece(a, from, firstRow + m * 16, n * 8);
        const memoryDetail::Words<16> words{{a[0], a[1], a[2], a[3]}};
        // Word j: two neighbours of the upper or the lower eight rows, of this piece or the next.
#pragma unroll
        for (int j = 0; j < 8; j++) tile.x[X::indexOf(m * 2 + j / 2 % 2, (n + j / 4) * 2 + j % 2)] = float(memoryDetail::elementAt<T>(words, j));
      }
  } else {
    each(tile, [&](At at, int row, int col) { tile[at] = from.get(row, col); });
  }
}

/** The left operand in shared memory. */
template <Update UPDATE, class Acc, class Left, class Right> DEVICE void mma(Acc& acc, const Left& lhs, const Right& rhs) {
  using namespace matrixDetail;
  using A = Extents<Left>;
  using B = Extents<Right>;
  using T = typename A::Element;
  static_assert(A::paddedRows >= Acc::RowAxis::length && B::paddedCols >= Acc::ColumnAxis::length, "operands cover the frame");
  if constexpr (isHalf<T> && std::is_same_v<T, typename B::Element>) {
    const int firstRow = warpOfBlock() / Acc::Frame::warpsInRow * (Acc::RowAxis::pieces * 16);
    constexpr int over = A::paddedCols < B::paddedRows ? A::paddedCols : B::paddedRows;
    tensorCores<T, over, UPDATE>(acc, rhs, [&](std::uint32_t (&a)[4], int m, int k) { leftPiece(a, lhs, firstRow + m * 16, k); });
  } else {
    constexpr int over = A::cols < B::rows ? A::cols : B::rows;
    if (UPDATE == overwrite) fill(acc, 0.0f);
#pragma unroll 4
    for (int k = 0; k < over; k++)
      multiplyAdd(acc, rhs, k, [&](int row, int at) { return elementOf(lhs, Acc::RowAxis::position(row), at); });
  }
}

/** The left operand in registers, rounded to the right one's type where that has 16 bits. */
template <Update UPDATE, class Acc, class Left, class Right> DEVICE void mmaRegisters(Acc& acc, const Left& lhs, const Right& rhs) {
  using namespace matrixDetail;
  using T = typename Extents<Right>::Element;
  constexpr int pieces = Left::ColumnAxis::pieces;
  if constexpr (isHalf<T>) {
    static_assert(pieces % 2 == 0, "the sum runs over whole steps of 16");
    // All rounded first: from there on the numbers' registers are free.
    std::uint32_t whole[Left::RowAxis::pieces * pieces * 2];
#pragma unroll
    for (int i = 0; i < Left::RowAxis::pieces * pieces * 2; i++) whole[i] = packed<T>(lhs.x[2 * i], lhs.x[2 * i + 1]);
    tensorCores<T, pieces * 8, UPDATE>(acc, rhs, [&](std::uint32_t (&a)[4], int m, int k) {
#pragma unroll
      for (int j = 0; j < 4; j++) a[j] = whole[(m * pieces + k / 8) * 2 + j];
    });
  } else {
    if (UPDATE == overwrite) fill(acc, 0.0f);
#pragma unroll
    for (int k = 0; k < pieces * 8; k++)
      multiplyAdd(acc, rhs, k, [&](int row, int at) {
        // The element lies with one of the four lanes that share the row.
        return shuffleFrom(lhs.x[Left::indexOf(row, at / 8 * 2 + at % 2)], (laneOfWarp() & ~3) | at % 8 / 2);
      });
  }
}
