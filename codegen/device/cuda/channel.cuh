// Matrices that the copy engine fills and warpgroups multiply, in rings: one thread of a warpgroup of its own sends boxes
// ahead of their use, the others await them, and give their place back.
#pragma once
#include "asynchronous.cuh"
#include "matrix.cuh"

namespace matrixDetail {
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

/**
 * A left operand in registers, rounded to T and two neighbours to a register, of the shape of a tile X of accumulators.
 * Elements are written in their order: the second of a pair packs both.
 */
template <class T, class X> struct PackedOf {
  using Frame = typename X::Frame;
  using Element = float;
  using RowAxis = typename X::RowAxis;
  using ColumnAxis = typename X::ColumnAxis;
  static constexpr int count = X::count;
  std::uint32_t word[count / 2];
  float first;
  struct Place {
    PackedOf& of;
    int i;
    DEVICE void operator=(float x) const {
      if (i % 2 == 0) of.first = x;
      else of.word[i / 2] = packed<T>(of.first, x);
    }
  };
  DEVICE Place operator[](At at) { return {*this, at.i}; }
  static constexpr DEVICE At at(int i) { return X::at(i); }
};

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

/** The same with the left operand in registers, packed for products. */
template <Update UPDATE, class Acc, class T, class X, class Right> DEVICE void beginProduct(Acc& acc, const PackedOf<T, X>& lhs, const Right& rhs) {
  using namespace matrixDetail;
  constexpr int over = X::ColumnAxis::length, columns = productColumns<Acc::ColumnAxis::length>;
  static_assert(isOfWarpgroups<Acc> && over == Extents<Right>::rows && over % 16 == 0, "whole steps of one sum");
  fenceProducts();
#pragma unroll
  for (int k = 0; k < over; k += 16)
#pragma unroll
    for (int col = 0; col < Acc::ColumnAxis::length; col += columns) {
      float(&d)[columns / 2] = reinterpret_cast<float(&)[columns / 2]>(acc.x[col / 2]);
      const std::uint32_t(&a)[4] = reinterpret_cast<const std::uint32_t(&)[4]>(lhs.word[k / 4]);
      const std::uint64_t b = Side<Right>::right(rhs, k, col);
      if (UPDATE == overwrite && k == 0) Wgmma<columns>::template registers<T, false, Side<Right>::rightByRows>(d, a, b);
      else Wgmma<columns>::template registers<T, true, Side<Right>::rightByRows>(d, a, b);
    }
  commitProducts();
}

/** Until at most PENDING groups of products are under way; what the finished ones wrote may be read behind it. */
template <int PENDING, class... Acc> DEVICE void settle(Acc&... finished) {
  awaitProducts<PENDING>();
  (holdAccumulators(finished.x), ...);
}

/** Numbers of named barriers: of all warps that compute, and of each warpgroup. */
constexpr int computingBarrier = 1, groupBarrier = 2;

/** Bytes of a channel's barriers. */
constexpr int channelBytes(int stages) { return 2 * stages * static_cast<int>(sizeof(Barrier)); }

/**
 * A ring of STAGES places for BYTES that travel together, from one thread to READERS warps. Every thread that sends or
 * reads has a copy, which knows its own place in the ring.
 */
template <int STAGES, int BYTES, int READERS> struct Channel {
  Shared<Barrier> barriers;
  /** The place of the window that was claimed or received last. */
  int stage = STAGES - 1;
  int phase = 1;
  /** The place of the window before it that is not released yet; −1 where there is none. */
  int behind = -1;
  DEVICE Shared<Barrier> full() const { return barriers + stage; }
  DEVICE void step() {
    stage = stageAfter<STAGES>(stage);
    if (stage == 0) phase ^= 1;
  }
  /** One thread of the block, before any other does anything. */
  DEVICE void init() const {
    for (int i = 0; i < STAGES; i++) {
      initBarrier(barriers + i, 1);
      initBarrier(barriers + (STAGES + i), READERS);
    }
  }
  /** The sending thread: until a place is free. Boxes of BYTES in all follow. */
  DEVICE void claim() {
    step();
    awaitPhase(barriers + (STAGES + stage), phase ^ 1);
    arriveExpecting(full(), BYTES);
  }
  /** Readers: until what was sent next is there. */
  DEVICE void receive() {
    step();
    awaitPhase(full(), phase);
  }
  /** Readers: the window that was received last is not read any more. */
  DEVICE void release() {
    free(stage);
    behind = -1;
  }
  /** Readers: the one before it, where there is one; the last one will be. */
  DEVICE void releaseBehind() {
    if (behind >= 0) free(behind);
    behind = stage;
  }
  DEVICE void free(int place) const {
    warpBarrier();
    if (laneOfWarp() == 0) arriveAt(barriers + (STAGES + place));
  }
};

/** Sends a matrix: a box for every panel. `at`: its first position on each axis of memory, innermost first. */
template <class M, class... At> DEVICE void send(const M& to, const TensorMap& map, Shared<Barrier> barrier, int column, At... at) {
#pragma unroll
  for (int i = 0; i < M::panels; i++) loadBox(to.panel(i), map, barrier, column + i * M::perLine, at...);
}

/** Warps that compute, all of them: rows from `first` on of a matrix that was received become 0. */
template <int THREADS, class M> DEVICE void clearRows(const M& m, int first) {
  for (int i = threadOfBlock(); i < (M::height - first) * M::pieces; i += THREADS) writeShared16(m.piece(first + i / M::pieces, i % M::pieces), {{0, 0, 0, 0}});
  fenceAsync();
  namedBarrier(computingBarrier, THREADS);
}

/** Writes a tile of accumulators to the rows of its warpgroup in shared memory, once boxes that the warpgroup sent from there before have been read. */
template <class M, class X> DEVICE void stageRows(const M& to, const X& from) {
  using T = typename M::Element;
  static_assert(matrixDetail::isOfWarpgroups<X> && M::cols == X::ColumnAxis::length, "the matrix has the tile's rows and columns");
  const int group = warpOfBlock() / 4;
  if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();
  namedBarrier(groupBarrier + group, 128);
#pragma unroll
  for (int n = 0; n < X::ColumnAxis::pieces; n += 2) {
    std::uint32_t x[4];
#pragma unroll
    for (int j = 0; j < 4; j++) x[j] = packed<T>(from.x[n * 4 + 2 * j], from.x[n * 4 + 2 * j + 1]);
    storeMatrices(to.pieceAt(warpOfBlock() * 16, n, laneOfWarp() % 16, laneOfWarp() / 16), x);
  }
  fenceAsync();
  namedBarrier(groupBarrier + group, 128);
}

/** Starts copies of a warpgroup's 64 rows of a matrix to memory: `column`, `row` and `at` are its first position there. */
template <class M, class... At> DEVICE void sendRows(const M& from, const TensorMap& map, int column, At... at) {
  if (threadOfBlock() % 128 != 0) return;
#pragma unroll
  for (int i = 0; i < M::panels; i++) storeBox(map, from.panel(i) + warpOfBlock() / 4 * 64 * M::perLine, column + i * M::perLine, at...);
  commitStores();
}
