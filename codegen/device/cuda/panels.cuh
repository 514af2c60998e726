// Operands as the copy engine brings them and products of warpgroups read them.
#pragma once
#include "operand.cuh"

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

/** Where a channel's matrices stand; a place holds TOGETHER of them, one behind the other. */
template <class M, int TOGETHER = 1> struct Places {
  using Matrix = M;
  Shared<typename M::Element> data;
  DEVICE M at(int stage) const { return {data + stage * (TOGETHER * M::bytes / static_cast<int>(sizeof(typename M::Element)))}; }
};
