// Matrices that the copy engine fills and warpgroups multiply, in rings: one thread of a warpgroup of its own sends boxes
// ahead of their use, the others await them, and give their place back.
#pragma once
#include "asynchronous.cuh"
#include "matrix.cuh"

/**
 * A matrix in lines of 128 bytes: panels of as many columns as a line holds, one panel behind the other, every line's
 * pieces permuted by its row. This is what boxes are swizzled to and products read.
 */
template <class T, int ROWS, int COLS> struct Panels {
  using Element = T;
  static constexpr int rows = ROWS, cols = COLS, filled = COLS, height = ROWS;
  static constexpr int perPiece = 16 / sizeof(T), perLine = 128 / sizeof(T), pieces = COLS / perPiece, panels = COLS / perLine, panelBytes = ROWS * 128, bytes = panels * panelBytes;
  static_assert(COLS % perLine == 0 && ROWS % 8 == 0, "whole panels of whole groups of eight lines");
  Shared<T> data;

  DEVICE Shared<T> panel(int i) const { return data + i * (ROWS * perLine); }
  DEVICE Shared<T> piece(int row, int c) const { return data + ((c / 8 * ROWS + row) * perLine + (c % 8 ^ row % 8) * perPiece); }
  /** Piece (row + r, c + odd) for a multiple of 8 `row`, an even `c`, an `odd` of 0 or 1 and r below 16: see Note [Banks]. */
  DEVICE Shared<T> pieceAt(int row, int c, int r, int odd) const {
    return data + r * perLine + ((c % 8 * perPiece) ^ ((odd ^ r % 8) * perPiece)) + (c / 8 * ROWS + row) * perLine;
  }
  DEVICE Shared<T> element(int row, int col) const { return piece(row, col / perPiece) + col % perPiece; }
  DEVICE float get(int row, int col) const { return float(*element(row, col)); }
  DEVICE void set(int row, int col, float x) const { *element(row, col) = T(x); }
};

namespace matrixDetail {
template <class T, int R, int C> struct Extents<Panels<T, R, C>> {
  using Element = T;
  static constexpr int rows = R, cols = C, paddedRows = R, paddedCols = C;
};
template <class T, int R, int C> struct Extents<Transposed<Panels<T, R, C>>> {
  using Element = T;
  static constexpr int rows = C, cols = R, paddedRows = C, paddedCols = R;
};
template <class T, int R, int K> DEVICE void leftPiece(std::uint32_t (&a)[4], const Panels<T, R, K>& m, int row, int k) {
  loadMatrices(a, m.pieceAt(row, k / 8, laneOfWarp() % 16, laneOfWarp() / 16));
}

/** Where the 16 columns from `k` on of the rows from `row` on lie, for products that sum along the columns. */
template <class T, int R, int C> DEVICE std::uint64_t alongRows(const Panels<T, R, C>& m, int row, int k) {
  return operandAt(m.data + ((k / Panels<T, R, C>::perLine * R + row) * Panels<T, R, C>::perLine + k % Panels<T, R, C>::perLine), 16);
}
/** Where the 16 rows from `k` on of the columns from `col` on lie, for products that sum along the rows. */
template <class T, int R, int C> DEVICE std::uint64_t acrossRows(const Panels<T, R, C>& m, int k, int col) {
  return operandAt(m.data + (col / Panels<T, R, C>::perLine * R + k) * Panels<T, R, C>::perLine, Panels<T, R, C>::panelBytes);
}

/** Operands as the left and the right side: where a step of 16 along the sum lies, and whether lines run across it. */
template <class M> struct Side;
template <class T, int R, int C> struct Side<Panels<T, R, C>> {
  static constexpr bool leftByRows = false, rightByRows = true;
  static DEVICE std::uint64_t left(const Panels<T, R, C>& m, int row, int k) { return alongRows(m, row, k); }
  static DEVICE std::uint64_t right(const Panels<T, R, C>& m, int k, int col) { return acrossRows(m, k, col); }
};
template <class T, int R, int C> struct Side<Transposed<Panels<T, R, C>>> {
  static constexpr bool leftByRows = true, rightByRows = false;
  static DEVICE std::uint64_t left(const Transposed<Panels<T, R, C>>& m, int row, int k) { return acrossRows(m.of, k, row); }
  static DEVICE std::uint64_t right(const Transposed<Panels<T, R, C>>& m, int k, int col) { return alongRows(m.of, col, k); }
};

/** Columns of one product: the widest even part that PTX has. */
template <int COLS> constexpr int productColumns = COLS <= 256 ? COLS : COLS % 256 == 0 ? 256 : COLS % 192 == 0 ? 192 : COLS % 128 == 0 ? 128 : 64;

template <class Acc> constexpr bool isOfWarpgroups = Acc::RowAxis::pieces == 1 && Acc::Frame::warpsInRow == 1 && Acc::Frame::warpsInColumn % 4 == 0 && Acc::ColumnAxis::length % 16 == 0;
}  // namespace matrixDetail

/** Begins acc = lhs · rhs, or adds to what is there: both in shared memory. A group of products of its own, to be awaited. */
template <Update UPDATE, class Acc, class Left, class Right> DEVICE void beginProduct(Acc& acc, const Left& lhs, const Right& rhs) {
  using namespace matrixDetail;
  using T = typename Extents<Left>::Element;
  static_assert(isOfWarpgroups<Acc> && Extents<Left>::cols == Extents<Right>::rows && Extents<Left>::cols % 16 == 0, "whole steps of one sum");
  constexpr int columns = productColumns<Acc::ColumnAxis::length>;
  const int firstRow = warpOfBlock() / 4 * 64;
  fenceProducts();
#pragma unroll
  for (int k = 0; k < Extents<Left>::cols; k += 16)
#pragma unroll
    for (int col = 0; col < Acc::ColumnAxis::length; col += columns) {
      float(&d)[columns / 2] = reinterpret_cast<float(&)[columns / 2]>(acc.x[col / 2]);
      const std::uint64_t a = Side<Left>::left(lhs, firstRow, k), b = Side<Right>::right(rhs, k, col);
      if (UPDATE == overwrite && k == 0) Wgmma<columns>::template shared<T, false, Side<Left>::leftByRows, Side<Right>::rightByRows>(d, a, b);
      else Wgmma<columns>::template shared<T, true, Side<Left>::leftByRows, Side<Right>::rightByRows>(d, a, b);
    }
  commitProducts();
}

/** The same with the left operand in registers, rounded to the right one's type. */
template <Update UPDATE, class Acc, class Left, class Right> DEVICE void beginProductRegisters(Acc& acc, const Left& lhs, const Right& rhs) {
  using namespace matrixDetail;
  using T = typename Extents<Right>::Element;
  constexpr int over = Left::ColumnAxis::length, columns = productColumns<Acc::ColumnAxis::length>;
  static_assert(isOfWarpgroups<Acc> && over == Extents<Right>::rows && over % 16 == 0, "whole steps of one sum");
  std::uint32_t a[over / 16][4];
#pragma unroll
  for (int i = 0; i < over / 4; i++) a[i / 4][i % 4] = packed<T>(lhs.x[2 * i], lhs.x[2 * i + 1]);
  fenceProducts();
#pragma unroll
  for (int k = 0; k < over; k += 16)
#pragma unroll
    for (int col = 0; col < Acc::ColumnAxis::length; col += columns) {
      float(&d)[columns / 2] = reinterpret_cast<float(&)[columns / 2]>(acc.x[col / 2]);
      const std::uint64_t b = Side<Right>::right(rhs, k, col);
      if (UPDATE == overwrite && k == 0) Wgmma<columns>::template registers<T, false, Side<Right>::rightByRows>(d, a[k / 16], b);
      else Wgmma<columns>::template registers<T, true, Side<Right>::rightByRows>(d, a[k / 16], b);
    }
  commitProducts();
}

/** Until at most PENDING groups of products are under way; what the finished ones wrote may be read behind it. */
template <int PENDING, class... Acc> DEVICE void settle(Acc&... finished) {
  awaitProducts<PENDING>();
  (holdAccumulators(finished.x), ...);
}

/** Bytes of a channel's barriers. */
constexpr int channelBytes(int stages) { return 2 * stages * static_cast<int>(sizeof(Barrier)); }

/**
 * A ring of STAGES places for BYTES that travel together, from one thread to READERS warps. The thread that sends and each
 * one that reads have a copy each, which knows their own place in the ring.
 */
template <int STAGES, int BYTES, int READERS> struct Channel {
  Shared<Barrier> barriers;
  int stage = 0, phase = 0;
  DEVICE Shared<Barrier> full() const { return barriers + stage; }
  DEVICE Shared<Barrier> empty() const { return barriers + (STAGES + stage); }
  DEVICE void step() {
    stage++;
    if (stage == STAGES) stage = 0, phase ^= 1;
  }
  /** One thread of the block. */
  DEVICE void init() const {
    for (int i = 0; i < STAGES; i++) {
      initBarrier(barriers + i, 1);
      initBarrier(barriers + (STAGES + i), READERS);
    }
  }
  /** The sending thread: until a place is free. Boxes of BYTES in all follow, then a step. */
  DEVICE void claim() const {
    awaitPhase(empty(), phase ^ 1);
    arriveExpecting(full(), BYTES);
  }
  /** Readers: until what was sent is there. */
  DEVICE void await() const { awaitPhase(full(), phase); }
  /** Readers: what came is not read any more. */
  DEVICE void release() {
    warpBarrier();
    if (laneOfWarp() == 0) arriveAt(empty());
    step();
  }
};

/** Where a channel's matrices stand. */
template <class M> struct Places {
  Shared<typename M::Element> data;
  DEVICE M at(int stage) const { return {data + stage * (M::bytes / static_cast<int>(sizeof(typename M::Element)))}; }
};

/** Sends a matrix: a box for every panel. `at`: its first position on each axis of memory, innermost first. */
template <class M, class... At> DEVICE void send(const M& to, const TensorMap& map, Shared<Barrier> barrier, int column, At... at) {
#pragma unroll
  for (int i = 0; i < M::panels; i++) loadBox(to.panel(i), map, barrier, column + i * M::perLine, at...);
}
