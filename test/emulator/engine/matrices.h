// Which lane holds which elements of a matrix, and the product of two, as the PTX manual has them.
#pragma once
#include <cstdint>

#include "block.h"
#include "numbers.h"

namespace emulator {

/** Two neighbours of one 8×8 matrix in one lane's register: row lane / 4, columns 2·(lane mod 4) and the next. */
inline std::uint32_t fragmentOf(const std::uint16_t (&matrix)[8][8], int lane, bool transposed) {
  const int r = lane / 4, c = lane % 4 * 2;
  const std::uint32_t low = transposed ? matrix[c][r] : matrix[r][c], high = transposed ? matrix[c + 1][r] : matrix[r][c + 1];
  return low | high << 16;
}

/** m16n8k16: each lane's four registers of a, two of b, four f32 of d. */
struct MmaOperands { float* d; const std::uint32_t* a; std::uint32_t b[2]; bool isHalf; };

/** d += a · b. Products are exact in f32; their sum runs over k in order, which is not the hardware's. */
inline void multiply(MmaOperands* const* lanes) {
  float a[16][16], b[16][8];
  const bool isHalf = lanes[0]->isHalf;
  const auto number = [isHalf](std::uint32_t pair, int half) {
    const auto bits = static_cast<std::uint16_t>(pair >> 16 * half);
    return isHalf ? halfToFloat(bits) : bfloatToFloat(bits);
  };
  for (int l = 0; l < lanesPerWarp; l++) {
    const int group = l / 4, pair = l % 4 * 2;
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < 4; i++) a[group + 8 * (i & 1)][pair + half + 8 * (i >> 1)] = number(lanes[l]->a[i], half);
      for (int i = 0; i < 2; i++) b[pair + half + 8 * i][group] = number(lanes[l]->b[i], half);
    }
  }
  for (int r = 0; r < 16; r++) {
    float sum[8] = {};
    for (int k = 0; k < 16; k++)
      for (int c = 0; c < 8; c++) sum[c] += a[r][k] * b[k][c];
    for (int c = 0; c < 8; c++) lanes[r % 8 * 4 + c / 2]->d[r / 8 * 2 + c % 2] += sum[c];
  }
}

}  // namespace emulator
