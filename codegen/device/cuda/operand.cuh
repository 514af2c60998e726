// Operands of products: matrices in shared memory as global memory has them, 16 bytes at a time. The pieces of a row of
// 16-bit elements are permuted so that the eight rows a matrix load reads lie in different banks; rows of f32 are a piece apart.
#pragma once
#include "frame.cuh"

template <class T, int ROWS, int COLS> struct Operand {
  using Element = T;
  static constexpr int perPiece = 16 / sizeof(T), step = sizeof(T) == 2 ? 16 : 4;
  static constexpr int rows = ROWS, cols = COLS, filled = (COLS + step - 1) / step * step, pieces = filled / perPiece;
  /** Elements from row to row. */
  static constexpr int width = sizeof(T) == 2 ? filled : filled + perPiece;
  /** Rows up to the next 16, so that loads of whole matrices stay inside. */
  static constexpr int height = (ROWS + 15) / 16 * 16, bytes = height * width * static_cast<int>(sizeof(T));
  Shared<T> data;

  /** Which piece of its row stands at piece `c`: see Note [Banks]. */
  static DEVICE int permuted(int row, int c) {
    if constexpr (sizeof(T) != 2) return c;
    else if constexpr (pieces % 8 == 0) return (c & ~7) + ((c & 7) ^ (row & 7));
    else if constexpr (pieces % 4 == 0) return (c & ~3) + ((c & 3) ^ (row / 2 & 3));
    else if constexpr (pieces % 2 == 0) return (c & ~1) + ((c & 1) ^ (row / 4 & 1));
    else return c;
  }
  DEVICE Shared<T> piece(int row, int c) const { return data + (row * width + permuted(row, c) * perPiece); }
  /**
   * Piece (row + r, c + odd) for a multiple of 8 `row`, an even `c`, an `odd` of 0 or 1 and r below 16. What depends on the
   * lane alone, r and odd, is apart from the rest, which is constant in unrolled loops: see Note [Banks].
   */
  DEVICE Shared<T> pieceAt(int row, int c, int r, int odd) const {
    constexpr int group = sizeof(T) != 2 ? 1 : pieces % 8 == 0 ? 8 : pieces % 4 == 0 ? 4 : pieces % 2 == 0 ? 2 : 1;
    if constexpr (group == 1) return piece(row + r, c + odd);
    else {
      const int own = (odd ^ r / (8 / group) % group) * perPiece;
      return data + r * width + ((c % group * perPiece) ^ own) + (row * width + c / group * group * perPiece);
    }
  }
  DEVICE Shared<T> element(int row, int col) const { return piece(row, col / perPiece) + col % perPiece; }
  DEVICE float get(int row, int col) const { return float(*element(row, col)); }
  DEVICE void set(int row, int col, float x) const { *element(row, col) = T(x); }
};

/** A matrix read with rows and columns exchanged. */
template <class M> struct Transposed { M of; };
template <class M> DEVICE Transposed<M> transposed(M of) { return {of}; }

/** `stages` matrices, one of them in use. */
template <class M, int STAGES> struct Ring {
  Shared<typename M::Element> data;
  DEVICE M at(int stage) const { return {data + stage * (M::bytes / static_cast<int>(sizeof(typename M::Element)))}; }
};

/** The next and the previous stage of a ring. */
template <int STAGES> DEVICE int stageAfter(int stage) { return stage + 1 < STAGES ? stage + 1 : 0; }
template <int STAGES> DEVICE int stageBefore(int stage) { return stage > 0 ? stage - 1 : STAGES - 1; }

/** Whether 16 bytes can be read from here at once. */
DEVICE bool isAligned16(const void* p) { return reinterpret_cast<std::uintptr_t>(p) % 16 == 0; }

/** Copies one piece that may lie anywhere, element by element. */
template <class T> DEVICE void copyPiece(Shared<T> to, const T* from, int valid) {
#pragma unroll 1
  for (int j = 0; j < static_cast<int>(16 / sizeof(T)); j++) to[j] = j < valid ? from[j] : T(0.0f);
}
/** Starts the copy of one piece that lies at a multiple of 16 bytes. */
template <class T> DEVICE void startPiece(Shared<T> to, const T* from, int valid) {
  constexpr int most = 16 / sizeof(T);
  copyAsync16(to, from, static_cast<int>(sizeof(T)) * (valid < 0 ? 0 : valid < most ? valid : most));
}

/**
 * Starts copies of the first `rows` rows, `cols` elements of each; the rest becomes 0. Rows begin `stride` elements
 * apart, and their elements lie side by side. Done behind a wait for copies and a barrier.
 */
template <int THREADS, class M> DEVICE void copyRows(M to, int rows, int cols, const typename M::Element* from, Index stride) {
  using T = typename M::Element;
  if (!isAligned16(from) || stride % M::perPiece != 0) {
#pragma unroll 1
    for (int i = threadOfBlock(); i < M::height * M::pieces; i += THREADS) {
      const int r = i / M::pieces, c = i % M::pieces;
      copyPiece(to.piece(r, c), from + (r * stride + c * M::perPiece), r < rows ? cols - c * M::perPiece : 0);
    }
  } else if constexpr (THREADS % M::pieces == 0 && M::height % (THREADS / M::pieces) == 0) {
    // A thread keeps its piece of the row; where it steps by whole groups of eight rows, its pattern of banks stays as well.
    constexpr int step = THREADS / M::pieces;
    const int thread = threadAgain(), r = thread / M::pieces, c = thread % M::pieces, left = cols - c * M::perPiece;
    const T* own = from + (r * stride + c * M::perPiece);
    const auto place = [&](int i) {
      if constexpr (step % 8 == 0) return to.piece(r, c) + i * step * M::width;
      else return to.piece(r + i * step, c);
    };
    if (rows >= M::height && cols >= M::filled) {
#pragma unroll
      for (int i = 0; i < M::height / step; i++) copyAsync16(place(i), own + i * step * stride, 16);
      return;
    }
#pragma unroll
    for (int i = 0; i < M::height / step; i++) {
      const bool isRow = r + i * step < rows;
      startPiece(place(i), isRow ? own : from, isRow ? left : 0);
      own += step * stride;
    }
  } else {
#pragma unroll 1
    for (int i = threadOfBlock(); i < M::height * M::pieces; i += THREADS) {
      const int r = i / M::pieces, c = i % M::pieces;
      startPiece(to.piece(r, c), from + (r < rows ? r * stride + c * M::perPiece : 0), r < rows ? cols - c * M::perPiece : 0);
    }
  }
}

/** The same for rows that begin anywhere, row r at `row(r)`; null where there is none. */
template <int THREADS, class M, class Row> DEVICE void copyRowsAt(M to, int rows, int cols, Row row) {
#pragma unroll 1
  for (int i = threadOfBlock(); i < M::height * M::pieces; i += THREADS) {
    const int r = i / M::pieces, c = i % M::pieces;
    const typename M::Element* begin = r < rows ? row(r) : nullptr;
    const typename M::Element* from = begin == nullptr ? row(0) : begin + c * M::perPiece;
    const int valid = begin == nullptr ? 0 : cols - c * M::perPiece;
    // A piece that is there in part may be the memory's last.
    if (isAligned16(from) && (valid >= M::perPiece || valid <= 0)) startPiece(to.piece(r, c), from, valid);
    else copyPiece(to.piece(r, c), from, valid);
  }
}

/** Element by element, for what does not lie side by side: `element(r, c)` is where it lies, null where there is none. Done behind a barrier. */
template <int THREADS, class M, class At> DEVICE void copyElements(M to, int rows, int cols, At element) {
#pragma unroll 1
  for (int i = threadOfBlock(); i < M::height * M::filled; i += THREADS) {
    const int r = i / M::filled, c = i % M::filled;
    const typename M::Element* from = r < rows && c < cols ? element(r, c) : nullptr;
    *to.element(r, c) = from != nullptr ? *from : typename M::Element(0.0f);
  }
}

// Note [Banks]
// A matrix load reads 16 bytes from each of eight rows; it is served at once when they lie in different eighths of a
// 128-byte line. Rows of a multiple of 128 bytes all begin in the same eighth, so piece c of row r stands at c ^ (r mod 8).
// Of shorter rows several share a line and differ already in the upper bits; only the lower ones need permuting.
// The rows of eight matrices' loads begin at a multiple of 8, so r mod 8 is the lane's own, and c ^ r falls apart into a constant and
// a number of the lane: one exclusive or per address instead of a sum of products.
