// Products of warpgroups: how descriptors say where operands lie, which lane holds which accumulators, the arithmetic.
#pragma once
#include <cstdint>
#include <cstring>
#include <vector>

#include "boxes.h"
#include "clocks.h"
#include "engine.h"
#include "numbers.h"
#include "place.h"

namespace emulator {

constexpr int overSum = 16, rowsOfWarp = 16, mostColumns = 256;

/** An operand in shared memory as the 64 bits of its descriptor say: lines of 128 bytes in groups of eight. */
struct OperandPlace {
  int start, leading, stride, base, mode;
  explicit OperandPlace(std::uint64_t bits)
      : start(static_cast<int>(bits & 0x3FFF) * 16), leading(static_cast<int>(bits >> 16 & 0x3FFF) * 16), stride(static_cast<int>(bits >> 32 & 0x3FFF) * 16), base(static_cast<int>(bits >> 49 & 7)), mode(static_cast<int>(bits >> 62)) {}
  /** Where the eight elements from (i, k) on lie: along the sum, or across it. */
  int piece(int i, int k, bool byRows) const {
    return swizzled(byRows ? start + i / 64 * leading + i % 64 * 2 + k / 8 * stride + k % 8 * lineBytes : start + i / 8 * stride + i % 8 * lineBytes + k * 2);
  }
};

/** Calls f(address, i, k) for every 16 bytes of the operand from row or column `first` on. */
template <class F> void eachPiece(const OperandPlace& place, bool byRows, int first, int count, F f) {
  for (int i = first; i < first + count; i += byRows ? 8 : 1)
    for (int k = 0; k < overSum; k += byRows ? 1 : 8) f(place.piece(i, k, byRows), i - first, k);
}

/** Its numbers, element (i, k) at to[i · iStep + k · kStep]. */
inline void readOperand(const char* shared, const OperandPlace& place, bool byRows, bool isHalf, int first, int count, float* to, int iStep, int kStep) {
  eachPiece(place, byRows, first, count, [&](int at, int i, int k) {
    std::uint16_t bits[8];
    std::memcpy(bits, shared + at, sizeof bits);
    float* out = to + i * iStep + k * kStep;
    const int step = byRows ? iStep : kStep;
    for (int j = 0; j < 8; j++) out[j * step] = isHalf ? halfToFloat(bits[j]) : bfloatToFloat(bits[j]);
  });
}

/** Row and column of accumulator `e` of a lane, within its warp's 16 rows. */
constexpr int rowOfAccumulator(int lane, int e) { return lane / 4 + e / 2 % 2 * 8; }
constexpr int columnOfAccumulator(int lane, int e) { return e / 4 * 8 + lane % 4 * 2 + e % 2; }

using Lanes8 = float __attribute__((vector_size(32), aligned(4)));

/** d += a · b for one warp's rows; products are exact, sums run over k in order. `a`: [16][16], `b`: [16][columns], `d`: [16][columns]. */
__attribute__((target_clones("arch=x86-64-v3", "default"), optimize("O3"), noinline)) static void multiplyRows(float* d, const float* a, const float* b, int columns) {
  for (int c = 0; c < columns; c += 16)
    for (int r = 0; r < rowsOfWarp; r += 4) {
      Lanes8 sum[4][2] = {};
      for (int k = 0; k < overSum; k++) {
        const auto* right = reinterpret_cast<const Lanes8*>(b + k * columns + c);
        for (int i = 0; i < 4; i++) {
          sum[i][0] += a[(r + i) * overSum + k] * right[0];
          sum[i][1] += a[(r + i) * overSum + k] * right[1];
        }
      }
      for (int i = 0; i < 4; i++) {
        auto* to = reinterpret_cast<Lanes8*>(d + (r + i) * columns + c);
        to[0] += sum[i][0];
        to[1] += sum[i][1];
      }
    }
}

/** What accumulators hold while a product is under way: a number that is none. */
constexpr std::uint32_t underWayBits = 0x7FF0DEAD;

/** Accumulators of a warp that products under way write: their values by rows, and where they go to. */
struct Accumulators {
  float* at[lanesPerWarp];
  int columns;
  std::vector<float> values;
  Clock lastGroup;
  Pc pc;
};

/** Registers that products have read: what they held at the last fence. */
struct Watched {
  std::uint32_t* at[lanesPerWarp];
  int words;
  std::vector<std::uint32_t> held;
};

/** One product of one warp under way: a quarter of a warpgroup's. */
struct Product {
  ProductShape shape;
  std::uint64_t left, right;
  std::uint32_t leftRegisters[lanesPerWarp][4];
  int accumulators;
  Clock group;
  Pc pc;
  bool isDone;
};

/** What a warp has under way; groups end where clocks say so. */
struct Products {
  std::vector<Product> queue;
  std::vector<Accumulators> accumulators;
  std::vector<Watched> watched;
  Clock firstGroup = 0;
  int calls = 0, fences = 0;
};

/** What the four warps of a warpgroup do together. */
struct ProductCall { Pc pc; std::uint64_t left, right; int columns; };

/** Does the product that a warp, the `quarter`-th of its warpgroup, has under way. */
inline void perform(Products& products, Product& p, const char* shared, int quarter) {
  alignas(32) static float a[rowsOfWarp * overSum], b[overSum * mostColumns];
  const int columns = p.shape.columns;
  if (p.shape.leftInRegisters) {
    for (int lane = 0; lane < lanesPerWarp; lane++)
      for (int i = 0; i < 8; i++) {
        const auto bits = static_cast<std::uint16_t>(p.leftRegisters[lane][i / 2] >> i % 2 * 16);
        a[(lane / 4 + i / 2 % 2 * 8) * overSum + lane % 4 * 2 + i % 2 + i / 4 * 8] = p.shape.isHalf ? halfToFloat(bits) : bfloatToFloat(bits);
      }
  } else {
    readOperand(shared, OperandPlace(p.left), p.shape.leftByRows, p.shape.isHalf, quarter * rowsOfWarp, rowsOfWarp, a, overSum, 1);
  }
  readOperand(shared, OperandPlace(p.right), p.shape.rightByRows, p.shape.isHalf, 0, columns, b, 1, columns);
  float* d = products.accumulators[p.accumulators].values.data();
  if (!p.shape.adds) std::memset(d, 0, sizeof(float) * rowsOfWarp * static_cast<std::size_t>(columns));
  multiplyRows(d, a, b, columns);
  p.isDone = true;
}

}  // namespace emulator
