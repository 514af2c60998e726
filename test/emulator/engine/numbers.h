// bf16 and f16 as bits: to float exactly, from float to the nearest, ties to even.
#pragma once
#include <cstdint>
#include <cstring>

namespace emulator {

inline std::uint32_t bitsOfFloat(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}
inline float floatOfBits(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

inline float bfloatToFloat(std::uint16_t bits) { return floatOfBits(std::uint32_t{bits} << 16); }
inline std::uint16_t bfloatFromFloat(float x) {
  const std::uint32_t bits = bitsOfFloat(x);
  if ((bits & 0x7FFFFFFF) > 0x7F800000) return 0x7FFF;
  return static_cast<std::uint16_t>((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

inline float halfToFloat(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t{bits & 0x8000u} << 16, rest = bits & 0x7FFFu;
  if (rest >= 0x7C00) return floatOfBits(sign | 0x7F800000 | (rest & 0x3FF) << 13);
  if (rest >= 0x400) return floatOfBits(sign | ((rest << 13) + (112u << 23)));
  return floatOfBits(sign | bitsOfFloat(static_cast<float>(rest) * 0x1p-24f));
}
inline std::uint16_t halfFromFloat(float x) {
  const std::uint32_t bits = bitsOfFloat(x), sign = bits >> 16 & 0x8000, rest = bits & 0x7FFFFFFF;
  if (rest > 0x7F800000) return 0x7FFF;
  // 65520 lies half-way between the largest number and what would follow.
  if (rest >= 0x477FF000) return static_cast<std::uint16_t>(sign | 0x7C00);
  if (rest >= 0x38800000) return static_cast<std::uint16_t>(sign | (rest - (112u << 23) + 0xFFF + (rest >> 13 & 1)) >> 13);
  // Below 2⁻¹⁴ all numbers are multiples of 2⁻²⁴, the last place of a float between 1/2 and 1.
  return static_cast<std::uint16_t>(sign | (bitsOfFloat(floatOfBits(rest) + 0.5f) - 0x3F000000));
}

}  // namespace emulator
