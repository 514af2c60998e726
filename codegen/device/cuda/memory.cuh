// Between global memory and tiles in registers: rows whose columns lie side by side move in vectors where they are aligned.
#pragma once
#include <cstring>
#include "frame.cuh"

namespace memoryDetail {

template <int BYTES> struct Words { std::uint32_t word[BYTES / 4]; };
template <int BYTES> DEVICE Words<BYTES> readWords(const void* from) {
  Words<BYTES> out;
  if constexpr (BYTES == 4) out.word[0] = *static_cast<const std::uint32_t*>(from);
  else if constexpr (BYTES == 8) {
    const Bytes8 x = read8(from);
    out.word[0] = x.word[0], out.word[1] = x.word[1];
  } else {
#pragma unroll
    for (int i = 0; i < BYTES / 16; i++) {
      const Bytes16 x = read16(static_cast<const char*>(from) + 16 * i);
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

/**
 * The first `rows` rows (or those for which `rows(r)` holds) and `cols` columns; the rest becomes 0. Row r begins at
 * `row(r)` or `row(at, r)`, null where there is none, and its columns lie side by side. A count may be a constant of the
 * host's, which has a value but no address here.
 */
template <class X, class Rows, class Row> DEVICE void load(X& tile, Rows rows, int cols, Row row) {
  using namespace memoryDetail;
  using E = typename X::Element;
  using T = std::remove_cv_t<std::remove_reference_t<decltype(*rowAt(row, At{}, 0))>>;
  constexpr int V = X::ColumnAxis::contiguous, slots = X::RowAxis::slots, groups = X::ColumnAxis::slots / V, bytes = V * static_cast<int>(sizeof(T));
  const T* from[slots];
  bool inVectors = hasWords<T, V> && cols % V == 0;
#pragma unroll
  for (int i = 0; i < slots; i++) {
    const int r = X::RowAxis::position(i);
    from[i] = isRow(rows, r) ? rowAt(row, At{0, i, 0}, r) : nullptr;
    inVectors = inVectors && isAligned<T, V>(from[i]);
  }
  if constexpr (hasWords<T, V>) {
    if (inVectors) {
      // All reads are under way before the first is looked at.
      Words<bytes> words[slots][groups];
#pragma unroll
      for (int i = 0; i < slots; i++)
#pragma unroll
        for (int g = 0; g < groups; g++) {
          const int c = X::ColumnAxis::position(g * V);
          words[i][g] = from[i] != nullptr && c < cols ? readWords<bytes>(from[i] + c) : Words<bytes>{};
        }
#pragma unroll
      for (int i = 0; i < slots; i++)
#pragma unroll
        for (int g = 0; g < groups; g++)
#pragma unroll
          for (int j = 0; j < V; j++) tile.x[X::indexOf(i, g * V + j)] = static_cast<E>(elementAt<T>(words[i][g], j));
      return;
    }
  }
#pragma unroll
  for (int i = 0; i < slots; i++)
#pragma unroll
    for (int g = 0; g < groups; g++)
#pragma unroll
      for (int j = 0; j < V; j++) {
        const int c = X::ColumnAxis::position(g * V) + j;
        tile.x[X::indexOf(i, g * V + j)] = from[i] != nullptr && c < cols ? static_cast<E>(from[i][c]) : E(0);
      }
}

/** The first `cols` of a vector of columns, which lie side by side from `from` on; the rest becomes 0. */
template <class X, class T> DEVICE void loadLine(X& line, int cols, const T* from) {
  using namespace memoryDetail;
  using E = typename X::Element;
  constexpr int V = X::ColumnAxis::contiguous, groups = X::ColumnAxis::slots / V, bytes = V * static_cast<int>(sizeof(T));
  if constexpr (hasWords<T, V>) {
    if (cols % V == 0 && isAligned<T, V>(from)) {
      Words<bytes> words[groups];
#pragma unroll
      for (int g = 0; g < groups; g++) {
        const int c = X::ColumnAxis::position(g * V);
        words[g] = c < cols ? readWords<bytes>(from + c) : Words<bytes>{};
      }
#pragma unroll
      for (int i = 0; i < X::count; i++) line.x[i] = static_cast<E>(elementAt<T>(words[i / V], i % V));
      return;
    }
  }
#pragma unroll
  for (int i = 0; i < X::count; i++) {
    const int c = X::ColumnAxis::position(i);
    line.x[i] = c < cols ? static_cast<E>(from[c]) : E(0);
  }
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
