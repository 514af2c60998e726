// Between global memory and tiles in registers: rows whose columns lie side by side move in vectors where they are aligned.
#pragma once
#include <cstring>
#include "frame.cuh"

namespace memoryDetail {

template <int BYTES> struct Words { std::uint32_t word[BYTES / 4]; };
/** What lies there where `is` holds, else zeroes; see `read16If`. */
template <int BYTES, Keep KEEP = Keep::near> DEVICE Words<BYTES> readWordsIf(bool is, const void* from) {
  Words<BYTES> out;
  if constexpr (BYTES == 4) out.word[0] = read4If(is, from);
  else if constexpr (BYTES == 8) {
    const Bytes8 x = read8If(is, from);
    out.word[0] = x.word[0], out.word[1] = x.word[1];
  } else {
#pragma unroll
    for (int i = 0; i < BYTES / 16; i++) {
      const Bytes16 x = read16If<KEEP>(is, static_cast<const char*>(from) + 16 * i);
#pragma unroll
      for (int j = 0; j < 4; j++) out.word[4 * i + j] = x.word[j];
    }
  }
  return out;
}
template <int BYTES> DEVICE void writeWords(void* to, const Words<BYTES>& in) {
  if constexpr (BYTES == 4) *static_cast<std::uint32_t*>(to) = in.word[0];
  else if constexpr (BYTES == 8) write8(to, {{in.word[0], in.word[1]}});
  else {
#pragma unroll
    for (int i = 0; i < BYTES / 16; i++) write16(static_cast<char*>(to) + 16 * i, {{in.word[4 * i], in.word[4 * i + 1], in.word[4 * i + 2], in.word[4 * i + 3]}});
  }
}

/** Element j of a vector of T, and the vector made of V numbers. */
template <class T, int BYTES> DEVICE T elementAt(const Words<BYTES>& w, int j) {
  T x;
  if constexpr (sizeof(T) == 4) std::memcpy(&x, &w.word[j], 4);
  else if constexpr (sizeof(T) == 1) x.bits = static_cast<std::uint8_t>(w.word[j / 4] >> (j % 4 * 8));
  else {
    const std::uint16_t half = static_cast<std::uint16_t>(w.word[j / 2] >> (j % 2 * 16));
    std::memcpy(&x, &half, 2);
  }
  return x;
}
template <class T, int V, class E> DEVICE Words<V * static_cast<int>(sizeof(T))> wordsOf(const E* x) {
  Words<V * static_cast<int>(sizeof(T))> out;
  if constexpr (sizeof(T) == 4) {
#pragma unroll
    for (int j = 0; j < V; j++) {
      const T y = static_cast<T>(x[j]);
      std::memcpy(&out.word[j], &y, 4);
    }
  } else if constexpr (sizeof(T) == 1) {
#pragma unroll
    for (int j = 0; j < V; j += 4) out.word[j / 4] = packed<T>(x[j], x[j + 1]) | packed<T>(x[j + 2], x[j + 3]) << 16;
  } else {
#pragma unroll
    for (int j = 0; j < V; j += 2) out.word[j / 2] = packed<T>(x[j], x[j + 1]);
  }
  return out;
}
/** Whether vectors of V elements can be moved at once: their bytes make whole words. */
template <class T, int V> constexpr bool hasWords = V > 1 && V * sizeof(T) % 4 == 0 && (V * sizeof(T) <= 8 || V * sizeof(T) % 16 == 0);
template <class T, int V> DEVICE bool isAligned(const T* p) {
  constexpr std::uintptr_t bytes = V * sizeof(T) < 16 ? V * sizeof(T) : 16;
  return reinterpret_cast<std::uintptr_t>(p) % bytes == 0;
}

}  // namespace memoryDetail

namespace memoryDetail {
/** Whether row r is one: `rows` counts them, or says so itself. */
template <class R> DEVICE bool isRow(const R& rows, int r) {
  if constexpr (std::is_convertible_v<R, int>) return r < rows;
  else return rows(r);
}
/** Where row r begins. */
template <class F> DEVICE auto rowAt(const F& row, At at, int r) {
  if constexpr (std::is_invocable_v<F, At, int>) return row(at, r);
  else return row(r);
}
}  // namespace memoryDetail

namespace memoryDetail {
/** The bits of a number in the low end of a word, or zeroes where `is` does not hold; see `read16If`. */
template <class T> DEVICE Words<4> bitsIf(bool is, const T* from) {
  if constexpr (sizeof(T) == 4) return {{read4If(is, from)}};
  else if constexpr (sizeof(T) == 2) return {{read2If(is, from)}};
  else return {{read1If(is, from)}};
}
}  // namespace memoryDetail
/** The number at `from`, or 0 where `is` does not hold. */
template <class T> DEVICE T readIf(bool is, const T* from) { return memoryDetail::elementAt<T>(memoryDetail::bitsIf(is, from), 0); }

namespace memoryDetail {
template <class X> constexpr int rowSlots() {
  if constexpr (frameDetail::HasRows<X>::value) return X::RowAxis::slots;
  else return 1;
}
/** Where number i would be, which may be beyond what there is. */
template <class T> DEVICE const T* behind(const T* from, int i) { return reinterpret_cast<const T*>(reinterpret_cast<std::uintptr_t>(from) + static_cast<std::uintptr_t>(i) * sizeof(T)); }
}  // namespace memoryDetail

/** Columns that a lane of X reads of T at a time: vectors that make whole words, or single numbers. */
template <class X, class T> constexpr int readAtOnce = memoryDetail::hasWords<T, X::ColumnAxis::contiguous> ? X::ColumnAxis::contiguous : 1;
/** Whether vectors of V numbers may be read at once from the beginning of every row, where rows of so many numbers lie behind each other. */
template <int V, class T> DEVICE bool inVectors(const T* from, int length) {
  if constexpr (memoryDetail::hasWords<T, V>) return length % V == 0 && memoryDetail::isAligned<T, V>(from);
  else return true;
}

/**
 * What memory, which is of T, has for a tile or a line of columns, there or still under way: vectors as they come. They take
 * fewer registers than the tile, and nobody waits for them before they are taken.
 */
template <class X, class T, bool IN_VECTORS> struct Unread {
  using Of = X;
  static constexpr int V = readAtOnce<X, T>, rows = memoryDetail::rowSlots<X>(), groups = X::ColumnAxis::slots / V;
  static constexpr int bytes = V == 1 ? 4 : V * static_cast<int>(sizeof(T));
  memoryDetail::Words<bytes> words[rows][groups];

  /** A row's first `cols` columns, which lie side by side from `from` on, null where there is none. */
  template <Keep KEEP> DEVICE void fetchRow(int i, const T* from, int cols) {
    if (from == nullptr) cols = 0;
#pragma unroll
    for (int g = 0; g < groups; g++) {
      const int c = X::ColumnAxis::position(g * V);
      if constexpr (V > 1) words[i][g] = memoryDetail::readWordsIf<bytes, KEEP>(c < cols, memoryDetail::behind(from, c));
      else words[i][g] = memoryDetail::bitsIf(c < cols, memoryDetail::behind(from, c));
    }
  }
  DEVICE T at(int i, int slot) const { return memoryDetail::elementAt<T>(words[i][slot / V], slot % V); }
};
/** Where no vectors may be read: what is asked for is read when it is taken, number by number. */
template <class X, class T> struct Unread<X, T, false> {
  using Of = X;
  static constexpr int rows = memoryDetail::rowSlots<X>();
  const T* from[rows];
  int cols;

  template <Keep KEEP> DEVICE void fetchRow(int i, const T* row, int count) { from[i] = row, cols = count; }
  DEVICE T at(int i, int slot) const {
    const int c = X::ColumnAxis::position(slot);
    return readIf(from[i] != nullptr && c < cols, memoryDetail::behind(from[i], c));
  }
};

/**
 * Asks for the first `rows` rows (or those for which `rows(r)` holds) and `cols` columns; the rest becomes 0. Row r begins at
 * `row(r)` or `row(at, r)`, null where there is none, and its columns lie side by side. A count may be a constant of the
 * host's, which has a value but no address here.
 */
template <class U, class Rows, class Row> DEVICE void fetch(U&& unread, Rows rows, int cols, Row row) {
  using X = typename std::remove_reference_t<U>::Of;
#pragma unroll
  for (int i = 0; i < unread.rows; i++) {
    const int r = X::RowAxis::position(i);
    // Every number of the tile is one lane's.
    unread.template fetchRow<Keep::not_near>(i, memoryDetail::isRow(rows, r) ? memoryDetail::rowAt(row, At{0, i, 0}, r) : nullptr, cols);
  }
}
/** Asks for the first `cols` of a vector of columns, which lie side by side from `from` on; the rest becomes 0. */
template <class X, class T, bool IN_VECTORS> DEVICE void fetchLine(Unread<X, T, IN_VECTORS>& unread, int cols, const T* from) {
  unread.template fetchRow<Keep::near>(0, from, cols);
}

/** The tile or line of what was asked for; waits for it. */
template <class X, class T, bool IN_VECTORS> DEVICE void take(X& tile, const Unread<X, T, IN_VECTORS>& unread) {
  using E = typename X::Element;
#pragma unroll
  for (int i = 0; i < unread.rows; i++)
#pragma unroll
    for (int j = 0; j < X::ColumnAxis::slots; j++) {
      if constexpr (frameDetail::HasRows<X>::value) tile.x[X::indexOf(i, j)] = static_cast<E>(unread.at(i, j));
      else tile.x[j] = static_cast<E>(unread.at(i, j));
    }
}

/** Asks and waits; see `fetch`. */
template <class X, class Rows, class Row> DEVICE void load(X& tile, Rows rows, int cols, Row row) {
  using namespace memoryDetail;
  using T = std::remove_cv_t<std::remove_reference_t<decltype(*rowAt(row, At{}, 0))>>;
  constexpr int V = readAtOnce<X, T>;
  bool areWhole = cols % V == 0;
#pragma unroll
  for (int i = 0; i < X::RowAxis::slots; i++) {
    const int r = X::RowAxis::position(i);
    areWhole = areWhole && isAligned<T, V>(isRow(rows, r) ? rowAt(row, At{0, i, 0}, r) : nullptr);
  }
  const auto now = [&](auto unread) {
    fetch(unread, rows, cols, row);
    take(tile, unread);
  };
  if (areWhole) now(Unread<X, T, true>{});
  else now(Unread<X, T, false>{});
}

/** Asks and waits; see `fetchLine`. */
template <class X, class T> DEVICE void loadLine(X& line, int cols, const T* from) {
  constexpr int V = readAtOnce<X, T>;
  const auto now = [&](auto unread) {
    fetchLine(unread, cols, from);
    take(line, unread);
  };
  if (cols % V == 0 && memoryDetail::isAligned<T, V>(from)) now(Unread<X, T, true>{});
  else now(Unread<X, T, false>{});
}

/** Writes the first `rows` rows and `cols` columns, rounding to what memory holds. Rows as in `load`. */
template <class X, class Rows, class Row> DEVICE void store(const X& tile, Rows rows, int cols, Row row) {
  using namespace memoryDetail;
  using E = typename X::Element;
  using T = std::remove_cv_t<std::remove_reference_t<decltype(*rowAt(row, At{}, 0))>>;
  constexpr int V = X::ColumnAxis::contiguous;
#pragma unroll
  for (int i = 0; i < X::RowAxis::slots; i++) {
    const int r = X::RowAxis::position(i);
    if (!isRow(rows, r)) continue;
    T* to = rowAt(row, At{0, i, 0}, r);
#pragma unroll
    for (int g = 0; g < X::ColumnAxis::slots; g += V) {
      const int c = X::ColumnAxis::position(g);
      bool done = false;
      if constexpr (hasWords<T, V>) {
        if (c + V <= cols && isAligned<T, V>(to + c)) {
          E x[V];
#pragma unroll
          for (int j = 0; j < V; j++) x[j] = tile.x[X::indexOf(i, g + j)];
          writeWords<V * static_cast<int>(sizeof(T))>(to + c, wordsOf<T, V>(x));
          done = true;
        }
      }
      if (!done) {
#pragma unroll
        for (int j = 0; j < V; j++)
          if (c + j < cols) to[c + j] = static_cast<T>(tile.x[X::indexOf(i, g + j)]);
      }
    }
  }
}

/** Whether this thread, of all that hold an element, is the one that stores it. */
template <class X> DEVICE bool isOwner() {
  using F = typename X::Frame;
  constexpr int warps = F::warpsInRow * F::copies;
  const bool isFirst = F::copies == 1 || warpOfBlock() % warps == 0;
  if constexpr (!frameDetail::HasColumns<X>::value) return (laneOfWarp() & F::rowLanes) == 0 && warpOfBlock() % warps == 0;
  else if constexpr (!frameDetail::HasRows<X>::value) return isFirst && (laneOfWarp() & ~F::rowLanes) == 0 && warpOfBlock() / warps == 0;
  else return isFirst;
}
