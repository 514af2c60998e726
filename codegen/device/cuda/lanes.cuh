// Windows of memory under way in shared memory: every lane copies there what it will compute with itself. Many bytes then are
// on their way and take no registers, and a lane waits for its own copies alone.
#pragma once
#include "memory.cuh"

/** A lane's share of one window of a tile, in pieces of 16 bytes: those of neighbouring lanes lie side by side. */
template <class X, class T> struct LaneWindow {
  using Of = X;
  static constexpr int rows = X::RowAxis::slots, perPiece = readAtOnce<X, T>, groups = X::ColumnAxis::slots / perPiece, threads = X::Frame::threads;
  static constexpr int bytes = rows * groups * threads * 16;
  static_assert(perPiece * sizeof(T) == 16, "lanes copy pieces of 16 bytes");
  Shared<T> data;

  DEVICE Shared<T> piece(int i, int g) const { return data + ((i * groups + g) * threads + threadOfBlock()) * perPiece; }
  template <Keep KEEP> DEVICE void fetchRow(int i, const T* from, int cols) const {
#pragma unroll
    for (int g = 0; g < groups; g++) {
      const int c = X::ColumnAxis::position(g * perPiece);
      copyAsync16(piece(i, g), memoryDetail::behind(from, c), from != nullptr && c < cols ? 16 : 0);
    }
  }
};

/** `STAGES` windows of a tile in every lane; where no vectors may be read there is one, and what is in it is read when it is taken. */
template <class X, class T, int STAGES, bool IN_VECTORS> struct LaneRing {
  Shared<T> data;
  DEVICE LaneWindow<X, T> at(int stage) const { return {data + stage * (LaneWindow<X, T>::bytes / static_cast<int>(sizeof(T)))}; }
};
template <class X, class T, int STAGES> struct LaneRing<X, T, STAGES, false> {
  Shared<T> data;
  Unread<X, T, false> only;
  DEVICE Unread<X, T, false>& at(int) { return only; }
};

/** The tile of a window whose copies have ended. */
template <class X, class T> DEVICE void take(X& tile, const LaneWindow<X, T>& window) {
  Unread<X, T, true> read;
#pragma unroll
  for (int i = 0; i < window.rows; i++)
#pragma unroll
    for (int g = 0; g < window.groups; g++) {
      const Bytes16 x = readShared16(window.piece(i, g));
#pragma unroll
      for (int j = 0; j < 4; j++) read.words[i][g].word[j] = x.word[j];
    }
  take(tile, read);
}
