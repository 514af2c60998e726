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

/** Where the two neighbours lie that a lane of accumulators holds of the eight columns from `column` on, in its warp's upper or lower eight rows. */
template <class M> DEVICE Shared<typename M::Element> pairAt(const M& m, int lower, int column) {
  const int lane = laneOfWarp(), row = warpOfBlock() * 16 + lower * 8;
  if constexpr (M::perPiece == 4) return m.pieceAt(row, column / 4, lane / 4, lane % 4 / 2) + lane % 2 * 2;
  else return m.piece(row + lane / 4, column / 8) + lane % 4 * 2;
}
template <class T> DEVICE void readPair(float (&x)[2], Shared<T> from) {
  if constexpr (sizeof(T) == 4) {
    const Bytes8 both = readShared8(from);
    for (int j = 0; j < 2; j++) x[j] = memoryDetail::elementAt<T>(memoryDetail::Words<8>{{both.word[0], both.word[1]}}, j);
  } else {
    for (int j = 0; j < 2; j++) x[j] = float(from[j]);
  }
}

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

/** A tile of accumulators' frame from the matrix of its elements, whole words of it. */
template <class X, int ROWS, int COLS> DEVICE void take(X& tile, const Panels<float, ROWS, COLS>& from) {
  static_assert(matrixDetail::isOfWarpgroups<X> && COLS == X::ColumnAxis::length, "the matrix has the tile's rows and columns");
#pragma unroll
  for (int i = 0; i < X::count; i += 2) {
    float both[2];
    matrixDetail::readPair(both, matrixDetail::pairAt(from, i % 4 / 2, i / 4 * 8));
    tile.x[i] = both[0], tile.x[i + 1] = both[1];
  }
}

/** Of accumulators side by side, the I-th tile X. */
template <class X, int I, class Acc> DEVICE X& partOf(Acc& acc) {
  static_assert(matrixDetail::isOfWarpgroups<Acc> && X::ColumnAxis::length % 8 == 0 && (I + 1) * X::count <= Acc::count, "registers of whole columns");
  return reinterpret_cast<X&>(acc.x[I * X::count]);
}

/** A left operand from the matrix of its elements: its pieces as they are. */
template <class T, class X, int ROWS, int COLS> DEVICE void take(PackedOf<T, X>& tile, const Panels<T, ROWS, COLS>& from) {
  static_assert(matrixDetail::isOfWarpgroups<X> && COLS == X::ColumnAxis::length, "the matrix has the tile's rows and columns");
#pragma unroll
  for (int k = 0; k < COLS; k += 16) matrixDetail::leftPiece(reinterpret_cast<std::uint32_t(&)[4]>(tile.word[k / 4]), from, warpOfBlock() * 16, k);
}

/** What lies in columns from `valid` on becomes 0. */
template <class T, class X> DEVICE void keepColumns(PackedOf<T, X>& tile, int valid) {
  if (valid >= X::ColumnAxis::length) return;
#pragma unroll
  for (int i = 0; i < X::count; i += 2) {
    const int left = valid - columnOf<X>(X::at(i));
    tile.word[i / 2] &= left > 1 ? 0xFFFFFFFFu : left == 1 ? 0xFFFFu : 0u;
  }
}

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
  DEVICE void release() const { free(stage); }
  /** Readers: the one before it is not. */
  DEVICE void releaseBehind() const { free((stage == 0 ? STAGES : stage) - 1); }
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

/** Sends COLUMNS columns of memory a panel at a time, each to a place of its own. */
template <int COLUMNS, class Ring, class P, class... At> DEVICE void sendPanels(Ring& ring, const P& places, const TensorMap& map, int column, At... at) {
  constexpr int width = P::Matrix::perLine;
  // Threads that load have few registers.
#pragma unroll 1
  for (int i = 0; i < COLUMNS; i += width) {
    ring.claim();
    loadBox(places.at(ring.stage).data, map, ring.full(), column + i, at...);
  }
}

/** Calls f(at, other), or f(at, other, row, column), for every element of a tile of accumulators and the one that meets it, of panels as they arrive. */
template <class X, class Ring, class P, class F> DEVICE void eachReceived(const X&, Ring& ring, const P& places, F f) {
  using M = typename P::Matrix;
  static_assert(matrixDetail::isOfWarpgroups<X> && X::ColumnAxis::length % M::perLine == 0, "whole panels of whole rows");
  constexpr int held = M::perLine / 2;
#pragma unroll
  for (int first = 0; first < X::count; first += held) {
    ring.receive();
    const M panel = places.at(ring.stage);
#pragma unroll
    for (int i = first; i < first + held; i += 2) {
      float other[2];
      matrixDetail::readPair(other, matrixDetail::pairAt(panel, i % 4 / 2, (i - first) / 4 * 8));
#pragma unroll
      for (int j = 0; j < 2; j++) {
        const At at = X::at(i + j);
        if constexpr (std::is_invocable_v<F, At, float>) f(at, other[j]);
        else f(at, other[j], rowOf<X>(at), columnOf<X>(at));
      }
    }
    ring.release();
  }
}

/** Warps that compute, all of them: rows from `first` on of a matrix that was received become 0. */
template <int THREADS, class M> DEVICE void clearRows(const M& m, int first) {
  for (int i = threadOfBlock(); i < (M::height - first) * M::pieces; i += THREADS) writeShared16(m.piece(first + i / M::pieces, i % M::pieces), {{0, 0, 0, 0}});
  fenceAsync();
  namedBarrier(computingBarrier, THREADS);
}

/** Writes a panel's columns of a tile of accumulators, from register `first` on, to the rows of its warp. */
template <class M, class X> DEVICE void writePanel(const M& to, const X& from, int first) {
  using T = typename M::Element;
#pragma unroll
  for (int i = 0; i < M::perLine / 2; i += sizeof(T) == 2 ? 8 : 2) {
    if constexpr (sizeof(T) == 2) {
      std::uint32_t x[4];
#pragma unroll
      for (int j = 0; j < 4; j++) x[j] = packed<T>(from.x[first + i + 2 * j], from.x[first + i + 2 * j + 1]);
      storeMatrices(to.pieceAt(warpOfBlock() * 16, i / 4, laneOfWarp() % 16, laneOfWarp() / 16), x);
    } else {
      const memoryDetail::Words<8> both = memoryDetail::wordsOf<T, 2>(&from.x[first + i]);
      writeShared8(matrixDetail::pairAt(to, i % 4 / 2, i / 4 * 8), Bytes8{{both.word[0], both.word[1]}});
    }
  }
}

/**
 * Starts copies of a tile of accumulators to memory, each warpgroup for its 64 rows: STEP panels at a time, through a ring
 * of PLACES of them that all stores of a block go through one after another, this one from panel FIRST on. A panel is written
 * once the boxes that were stored from its place have been read. `column`, and `at` behind it: the first position there.
 */
template <int PLACES, int STEP, int FIRST, class P, class X, class... At> DEVICE void storePanels(const P& places, const X& from, const TensorMap& map, int column, At... at) {
  using M = typename P::Matrix;
  constexpr int held = M::perLine / 2, panels = X::count / held;
  static_assert(matrixDetail::isOfWarpgroups<X> && panels % STEP == 0 && PLACES % STEP == 0, "whole steps of whole panels");
  const int group = warpOfBlock() / 4;
  const bool isSender = threadOfBlock() % 128 == 0;
#pragma unroll
  for (int panel = 0; panel < panels; panel += STEP) {
    if (isSender) awaitStoresRead<PLACES / STEP - 1>();
    namedBarrier(groupBarrier + group, 128);
#pragma unroll
    for (int i = panel; i < panel + STEP; i++) writePanel(places.at((FIRST + i) % PLACES), from, i * held);
    fenceAsync();
    namedBarrier(groupBarrier + group, 128);
    if (!isSender) continue;
#pragma unroll
    for (int i = panel; i < panel + STEP; i++) storeBox(map, places.at((FIRST + i) % PLACES).data + group * 64 * M::perLine, column + i * M::perLine, at...);
    commitStores();
  }
}
