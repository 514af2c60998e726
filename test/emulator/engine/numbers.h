// bf16, f16 and f8e4m3 as bits: to float exactly, from float to the nearest, ties to even.
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

inline float eightToFloat(std::uint8_t bits) {
  const std::uint32_t exponent = bits >> 3 & 15, mantissa = bits & 7;
  const float magnitude = exponent == 15 && mantissa == 7 ? floatOfBits(0x7FC00000) : exponent == 0 ? static_cast<float>(mantissa) * 0x1p-9f : floatOfBits((exponent + 120) << 23 | mantissa << 20);
  return bits & 0x80 ? -magnitude : magnitude;
}
inline std::uint8_t eightFromFloat(float x) {
  const std::uint32_t bits = bitsOfFloat(x), sign = bits >> 24 & 0x80, rest = bits & 0x7FFFFFFF;
  if (rest > 0x7F800000) return 0x7F;
  // The largest number is 448; there is no infinity.
  if (rest >= 0x43E00000) return static_cast<std::uint8_t>(sign | 0x7E);
  if (rest >= 0x3C800000) return static_cast<std::uint8_t>(sign | (rest - (120u << 23) + 0x7FFFF + (rest >> 20 & 1)) >> 20);
  // Below 2⁻⁶ all numbers are multiples of 2⁻⁹, the last place of a float from 2¹⁴ on.
  return static_cast<std::uint8_t>(sign | (bitsOfFloat(floatOfBits(rest) + 0x1p14f) - 0x46800000));
}

}  // namespace emulator
