// Tiles in registers: which thread holds which element. A *frame* spreads rows and columns over the warps of a block; a
// tile, a vector of rows and a vector of columns of one frame meet element by element without any exchange.
#pragma once
#include <type_traits>
#include "number.cuh"

DEVICE int laneOfWarp() { return threadOfBlock() % 32; }
DEVICE int warpOfBlock() { return threadOfBlock() / 32; }
/** The warpgroup of this warp, the same number in all of its lanes and known to be. All lanes of the warp together. */
DEVICE int warpgroupOfBlock() { return shuffleFrom(threadOfBlock() / 128, 0); }

/** One register of a tile, with the slots of its row and its column in vectors. Constants once loops are unrolled. */
struct At { int i, row, col; };

template <int R, int C> struct WholeRows;

/**
 * The frame of tensor-core accumulators (m16n8k16): R × C warps, each with whole 16 × 8 pieces. Lane l of a piece holds
 * rows l / 4 and l / 4 + 8, columns 2·(l mod 4) and the next.
 */
template <int R, int C> struct Accumulators {
  using Whole = WholeRows<R, C>;
  static constexpr int threads = R * C * 32, warpsInRow = C, warpsInColumn = R, copies = 1;
  template <int ROWS> struct RowAxis {
    static constexpr int pieces = (ROWS + 16 * R - 1) / (16 * R), slots = 2 * pieces, length = pieces * 16 * R, size = ROWS;
    static DEVICE int position(int slot) { return (warpOfBlock() / C * pieces + slot / 2) * 16 + slot % 2 * 8 + laneOfWarp() / 4; }
  };
  template <int COLS> struct ColumnAxis {
    static constexpr int pieces = (COLS + 8 * C - 1) / (8 * C), slots = 2 * pieces, length = pieces * 8 * C, size = COLS, contiguous = 2;
    static DEVICE int position(int slot) { return (warpOfBlock() % C * pieces + slot / 2) * 8 + slot % 2 + laneOfWarp() % 4 * 2; }
  };
  template <class ROWS, class COLS> static constexpr DEVICE At at(int i) {
    return {i, i / 4 / COLS::pieces * 2 + i % 4 / 2, i / 4 % COLS::pieces * 2 + i % 2};
  }
  template <class ROWS, class COLS> static constexpr DEVICE int indexOf(int row, int col) { return (row / 2 * COLS::pieces + col / 2) * 4 + row % 2 * 2 + col % 2; }
  /** Lanes that share a row differ in these bits; those that share a column in the others. */
  static constexpr int rowLanes = 3;
  template <int ROWS, int COLS, class T = float> struct Tile;
  template <int ROWS, class T = float> struct Rows;
  template <int COLS, class T = float> struct Columns;
};

/** Left operands of those accumulators in registers: the C warps that share rows have all columns each. */
template <int R, int C> struct WholeRows {
  static constexpr int threads = R * C * 32, warpsInRow = 1, warpsInColumn = R, copies = C;
  template <int ROWS> using RowAxis = typename Accumulators<R, C>::template RowAxis<ROWS>;
  template <int COLS> struct ColumnAxis {
    static constexpr int pieces = (COLS + 7) / 8, slots = 2 * pieces, length = pieces * 8, size = COLS, contiguous = 2;
    static DEVICE int position(int slot) { return slot / 2 * 8 + slot % 2 + laneOfWarp() % 4 * 2; }
  };
  template <class ROWS, class COLS> static constexpr DEVICE At at(int i) { return Accumulators<R, C>::template at<ROWS, COLS>(i); }
  template <class ROWS, class COLS> static constexpr DEVICE int indexOf(int row, int col) { return Accumulators<R, C>::template indexOf<ROWS, COLS>(row, col); }
  static constexpr int rowLanes = 3;
  template <int ROWS, int COLS, class T = float> struct Tile;
  template <int COLS, class T = float> struct Columns;
};

/**
 * The frame of element-wise work: R × C warps; a warp has whole rows of its part, each lane V neighbouring columns at a time.
 */
template <int R, int C, int V> struct Spread {
  static constexpr int threads = R * C * 32, warpsInRow = C, warpsInColumn = R, copies = 1;
  template <int ROWS> struct RowAxis {
    static constexpr int slots = (ROWS + R - 1) / R, length = slots * R, size = ROWS;
    static DEVICE int position(int slot) { return slot * R + warpOfBlock() / C; }
  };
  template <int COLS> struct ColumnAxis {
    static constexpr int pieces = (COLS + 32 * V * C - 1) / (32 * V * C), slots = V * pieces, length = pieces * 32 * V * C, size = COLS, contiguous = V;
    static DEVICE int position(int slot) { return ((slot / V * C + warpOfBlock() % C) * 32 + laneOfWarp()) * V + slot % V; }
  };
  template <class ROWS, class COLS> static constexpr DEVICE At at(int i) { return {i, i / COLS::slots, i % COLS::slots}; }
  template <class ROWS, class COLS> static constexpr DEVICE int indexOf(int row, int col) { return row * COLS::slots + col; }
  static constexpr int rowLanes = 31;
  template <int ROWS, int COLS, class T = float> struct Tile;
  template <int ROWS, class T = float> struct Rows;
  template <int COLS, class T = float> struct Columns;
};

/** A tile of a frame: this thread's elements. What lies beyond ROWS and COLS is anything. */
template <class F, int ROWS, int COLS, class T> struct TileOf {
  using Frame = F;
  using Element = T;
  using RowAxis = typename F::template RowAxis<ROWS>;
  using ColumnAxis = typename F::template ColumnAxis<COLS>;
  static constexpr int count = RowAxis::slots * ColumnAxis::slots;
  T x[count];
  DEVICE T& operator[](At at) { return x[at.i]; }
  DEVICE T operator[](At at) const { return x[at.i]; }
  static constexpr DEVICE At at(int i) { return F::template at<RowAxis, ColumnAxis>(i); }
  static constexpr DEVICE int indexOf(int row, int col) { return F::template indexOf<RowAxis, ColumnAxis>(row, col); }
};
/** One number per row; every thread that has elements of a row has its number. */
template <class F, int ROWS, class T> struct RowsOf {
  using Frame = F;
  using Element = T;
  using RowAxis = typename F::template RowAxis<ROWS>;
  static constexpr int count = RowAxis::slots;
  T x[count];
  DEVICE T& operator[](At at) { return x[at.row]; }
  DEVICE T operator[](At at) const { return x[at.row]; }
  static constexpr DEVICE At at(int i) { return {i, i, 0}; }
};
/** One number per column. */
template <class F, int COLS, class T> struct ColumnsOf {
  using Frame = F;
  using Element = T;
  using ColumnAxis = typename F::template ColumnAxis<COLS>;
  static constexpr int count = ColumnAxis::slots;
  T x[count];
  DEVICE T& operator[](At at) { return x[at.col]; }
  DEVICE T operator[](At at) const { return x[at.col]; }
  static constexpr DEVICE At at(int i) { return {i, 0, i}; }
};
template <int R, int C> template <int ROWS, int COLS, class T> struct Accumulators<R, C>::Tile : TileOf<Accumulators<R, C>, ROWS, COLS, T> {};
template <int R, int C> template <int ROWS, class T> struct Accumulators<R, C>::Rows : RowsOf<Accumulators<R, C>, ROWS, T> {};
template <int R, int C> template <int COLS, class T> struct Accumulators<R, C>::Columns : ColumnsOf<Accumulators<R, C>, COLS, T> {};
template <int R, int C> template <int ROWS, int COLS, class T> struct WholeRows<R, C>::Tile : TileOf<WholeRows<R, C>, ROWS, COLS, T> {};
template <int R, int C> template <int COLS, class T> struct WholeRows<R, C>::Columns : ColumnsOf<WholeRows<R, C>, COLS, T> {};
template <int R, int C, int V> template <int ROWS, int COLS, class T> struct Spread<R, C, V>::Tile : TileOf<Spread<R, C, V>, ROWS, COLS, T> {};
template <int R, int C, int V> template <int ROWS, class T> struct Spread<R, C, V>::Rows : RowsOf<Spread<R, C, V>, ROWS, T> {};
template <int R, int C, int V> template <int COLS, class T> struct Spread<R, C, V>::Columns : ColumnsOf<Spread<R, C, V>, COLS, T> {};

namespace frameDetail {
template <class X, class = void> struct HasRows : std::false_type {};
template <class X> struct HasRows<X, std::void_t<typename X::RowAxis>> : std::true_type {};
template <class X, class = void> struct HasColumns : std::false_type {};
template <class X> struct HasColumns<X, std::void_t<typename X::ColumnAxis>> : std::true_type {};
}  // namespace frameDetail

/** Where an element stands in the tile. */
template <class X> DEVICE int rowOf(At at) { return X::RowAxis::position(at.row); }
template <class X> DEVICE int columnOf(At at) { return X::ColumnAxis::position(at.col); }

/** Calls f(at), or f(at, row, column) or f(at, position), for every element this thread holds. */
template <class X, class F> DEVICE void each(const X&, F f) {
#pragma unroll
  for (int i = 0; i < X::count; i++) {
    const At at = X::at(i);
    if constexpr (std::is_invocable_v<F, At>) f(at);
    else if constexpr (!frameDetail::HasColumns<X>::value) f(at, rowOf<X>(at));
    else if constexpr (!frameDetail::HasRows<X>::value) f(at, columnOf<X>(at));
    else f(at, rowOf<X>(at), columnOf<X>(at));
  }
}

template <class X, class V> DEVICE void fill(X& tile, V value) {
#pragma unroll
  for (int i = 0; i < X::count; i++) tile.x[i] = value;
}

/** Every row times its number; a warp whose rows all have 1 does nothing. */
template <class X, class R> DEVICE void scaleRows(X& tile, const R& by) {
  bool isScaled = false;
#pragma unroll
  for (int i = 0; i < R::count; i++) isScaled |= by.x[i] != 1.0f;
  if (lanesWhere(isScaled) != 0) each(tile, [&](At at) { tile[at] = tile[at] * by[at]; });
}

/** How two numbers become one, and what changes nothing. */
struct Sum {
  template <class A, class B> static DEVICE auto join(A a, B b) { return a + b; }
  static DEVICE float nothing(float) { return 0.0f; }
  static DEVICE int nothing(int) { return 0; }
};
struct Max {
  template <class A, class B> static DEVICE auto join(A a, B b) { return maximum(a, b); }
  static DEVICE float nothing(float) { return -INFINITY; }
  static DEVICE int nothing(int) { return INT32_MIN; }
};
struct Min {
  template <class A, class B> static DEVICE auto join(A a, B b) { return minimum(a, b); }
  static DEVICE float nothing(float) { return INFINITY; }
  static DEVICE int nothing(int) { return INT32_MAX; }
};

/** `apart`: each lane accumulates what it holds itself; `unite` joins the lanes later. */
enum Update { overwrite, accumulate, apart };

namespace rowDetail {
/** The shares of all lanes that hold elements of a row. */
template <class Op, class F, class T> DEVICE T ofLanes(T total) {
#pragma unroll
  for (int mask = 1; mask < 32; mask *= 2)
    if (mask & F::rowLanes) total = Op::join(total, shuffleXor(total, mask));
  return total;
}
}  // namespace rowDetail

/** Joins the first `valid` columns of each row. All warps of a row must be one. */
template <class Op, Update UPDATE, class R, class X> DEVICE void joinRows(R& to, const X& from, int valid) {
  using F = typename X::Frame;
  using T = typename X::Element;
  static_assert(F::warpsInRow == 1, "a row lies within one warp");
  const bool whole = valid >= X::ColumnAxis::length;
#pragma unroll
  for (int row = 0; row < X::RowAxis::slots; row++) {
    T total = Op::nothing(T{});
#pragma unroll
    for (int col = 0; col < X::ColumnAxis::slots; col++) {
      const T value = from.x[X::indexOf(row, col)];
      total = Op::join(total, whole || X::ColumnAxis::position(col) < valid ? value : Op::nothing(T{}));
    }
    if constexpr (UPDATE != apart) total = rowDetail::ofLanes<Op, F>(total);
    to.x[row] = UPDATE == overwrite ? total : Op::join(to.x[row], total);
  }
}

/** The first `valid` of a vector of columns joined, in every lane. Every warp has all of them. */
template <class Op, class C> DEVICE auto joinLine(const C& line, int valid) {
  using F = typename C::Frame;
  using T = typename C::Element;
  static_assert(F::warpsInRow == 1, "a line lies within one warp");
  T total = Op::nothing(T{});
#pragma unroll
  for (int col = 0; col < C::count; col++) total = Op::join(total, C::ColumnAxis::position(col) < valid ? line.x[col] : Op::nothing(T{}));
  return rowDetail::ofLanes<Op, F>(total);
}

/** Shares of rows that were joined apart become the rows' own. */
template <class Op, class R> DEVICE void unite(R& rows) {
#pragma unroll
  for (int row = 0; row < R::count; row++) rows.x[row] = rowDetail::ofLanes<Op, typename R::Frame>(rows.x[row]);
}

/** Joins the first `valid` rows of each column. All warps of a column must be one. */
template <class Op, Update UPDATE, class C, class X> DEVICE void joinColumns(C& to, const X& from, int valid) {
  using F = typename X::Frame;
  using T = typename X::Element;
  static_assert(F::warpsInColumn == 1, "a column lies within one warp");
#pragma unroll
  for (int col = 0; col < X::ColumnAxis::slots; col++) {
    T total = Op::nothing(T{});
#pragma unroll
    for (int row = 0; row < X::RowAxis::slots; row++)
      total = Op::join(total, X::RowAxis::position(row) < valid ? from.x[X::indexOf(row, col)] : Op::nothing(T{}));
#pragma unroll
    for (int mask = 1; mask < 32; mask *= 2)
      if (!(mask & F::rowLanes)) total = Op::join(total, shuffleXor(total, mask));
    to.x[col] = UPDATE == accumulate ? Op::join(to.x[col], total) : total;
  }
}

/**
 * Joins the first `valid` positions of the outer of two axes that make up the columns; the inner one, INNER long, stays.
 * Columns of accumulators go round every eight: shorter inner axes repeat within the four lanes that share a row.
 */
template <class Op, Update UPDATE, int INNER, class C, class X> DEVICE void joinOuterColumns(C& to, const X& from, int valid) {
  using T = typename X::Element;
  static_assert(X::Frame::warpsInRow == 1 && X::Frame::rowLanes == 3, "rows of accumulators that lie within one warp");
  static_assert(INNER == 2 || INNER == 4 || INNER % 8 == 0, "an inner axis that whole pieces hold");
  constexpr int pieces = INNER < 8 ? 1 : INNER / 8;
#pragma unroll
  for (int row = 0; row < X::RowAxis::slots; row++)
#pragma unroll
    for (int col = 0; col < 2 * pieces; col++) {
      T total = Op::nothing(T{});
#pragma unroll
      for (int at = col; at < X::ColumnAxis::slots; at += 2 * pieces)
        total = Op::join(total, X::ColumnAxis::position(at) < valid * INNER ? from.x[X::indexOf(row, at)] : Op::nothing(T{}));
#pragma unroll
      for (int mask = 1; mask < 4; mask *= 2)
        if (2 * mask >= INNER) total = Op::join(total, shuffleXor(total, mask));
      T& into = to.x[C::indexOf(row, col)];
      into = UPDATE == accumulate ? Op::join(into, total) : total;
    }
}

/** What lies in columns from `valid` on becomes 0. */
template <class X> DEVICE void keepColumns(X& tile, int valid) {
  if (valid >= X::ColumnAxis::length) return;
  each(tile, [&](At at, int, int col) { if (col >= valid) tile[at] = 0; });
}
