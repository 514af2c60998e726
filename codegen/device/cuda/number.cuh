// Numbers in memory and integer arithmetic, one thread at a time.
#pragma once
#include <cmath>
#include <cstdint>
#include "cuda/primitives.cuh"

/** x rounded to T and back. */
template <class T> DEVICE float rounded(float x) { return float(T(x)); }

/** A float's integer part as i32, wrapping like a 32-bit conversion in JavaScript; 0 for NaN and infinities. */
DEVICE int toInt(float x) {
  if (fabsf(x) < 0x1p31f) return static_cast<int>(x);
  return fabsf(x) < 0x1p55f ? static_cast<int>(static_cast<std::uint32_t>(static_cast<long long>(x))) : 0;
}

/** ⌊a / b⌋ and the remainder with the sign of a; 0 where b is 0. Without branches, so that many elements are under way at a time. */
DEVICE int floorDivide(int a, int b) {
  const int by = b == 0 || b == -1 ? 1 : b, quotient = a / by;
  const int floored = quotient - (a != quotient * by && (a < 0) != (by < 0));
  return b == 0 ? 0 : b == -1 ? static_cast<int>(0u - static_cast<unsigned>(floored)) : floored;
}
DEVICE int remainderOf(int a, int b) { return b == 0 ? 0 : a % (b == 0 || b == -1 ? 1 : b); }
DEVICE float remainderOf(float a, float b) { return fmodf(a, b); }

/** The larger and the smaller; NaN if either is. */
DEVICE float maximum(float a, float b) { return largerOrNaN(a, b); }
DEVICE float minimum(float a, float b) { return smallerOrNaN(a, b); }
DEVICE int maximum(int a, int b) { return a > b ? a : b; }
DEVICE int minimum(int a, int b) { return a < b ? a : b; }

/** Whether a number counts as true: neither zero nor NaN. */
DEVICE bool truth(float x) { return x < 0 || x > 0; }
DEVICE bool truth(int x) { return x != 0; }
DEVICE bool truth(bool x) { return x; }

/** Whether a position lies on an axis of length n. */
DEVICE bool inside(int at, int n) { return static_cast<unsigned>(at) < static_cast<unsigned>(n); }

/** How many blocks of `block` cover `size` elements. */
DEVICE int blocks(int size, int block) { return (size + block - 1) / block; }

/** A block of a plane of blocks. */
struct Place { int row, column; };
/** The place of block `i` when `tall` rows at a time are gone through column by column: the blocks that run together then share rows and columns alike. */
DEVICE Place grouped(int i, int rows, int columns, int tall = 16) {
  if (tall > rows) tall = rows;
  const int first = i / (tall * columns) * tall, height = rows - first < tall ? rows - first : tall, rest = i - first * columns;
  return {first + rest % height, rest / height};
}

/** How many walks over so many bytes each find what others read in the cache. Its halves hold copies for each other, and what runs shares it with the walks before and behind: a third of it is counted on. */
DEVICE int walksInCache(Index bytes) {
  constexpr Index room = Index(1) << 24, least = Index(1) << 10;
  return bytes < room ? static_cast<int>(room / (bytes < least ? least : bytes)) : 1;
}
