// Numbers of sixteen and of eight bits in memory, and rounding to them.
#pragma once
#include <cstdint>
#include "vector.h"
#if defined(__F16C__)
#include <immintrin.h>
#endif

/** The upper half of a float; rounded to nearest, ties to even. */
struct bf16 {
  std::uint16_t bits;
  bf16() = default;
  bf16(float x) {
    const std::uint32_t b = __builtin_bit_cast(std::uint32_t, x);
    const std::uint32_t rounded = (b + 0x7FFF + (b >> 16 & 1)) >> 16;
    bits = static_cast<std::uint16_t>(x != x ? b >> 16 | 0x40 : rounded);
  }
  operator float() const { return __builtin_bit_cast(float, static_cast<std::uint32_t>(bits) << 16); }
};

/** IEEE half precision. */
struct f16 {
  std::uint16_t bits;
  f16() = default;
#if defined(__F16C__)
  f16(float x) : bits(static_cast<std::uint16_t>(_cvtss_sh(x, 0))) {}
  operator float() const { return _cvtsh_ss(bits); }
#else
  f16(float x) {
    const std::uint32_t b = __builtin_bit_cast(std::uint32_t, x);
    const std::uint32_t sign = b >> 16 & 0x8000, magnitude = b & 0x7FFFFFFF;
    std::uint32_t h;
    if (magnitude > 0x7F800000) {
      h = 0x7E00 | (magnitude >> 13 & 0x3FF);
    } else if (magnitude >= 0x477FF000) {
      h = 0x7C00;
    } else if (magnitude < 0x38800000) {
      // Adding 0.5 leaves the subnormal's bits, rounded, at the low end.
      h = __builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, magnitude) + 0.5f) - 0x3F000000;
    } else {
      h = (magnitude - 0x38000000 + 0xFFF + (magnitude >> 13 & 1)) >> 13;
    }
    bits = static_cast<std::uint16_t>(sign | h);
  }
  operator float() const {
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16, magnitude = bits & 0x7FFF;
    if (magnitude >= 0x7C00) return __builtin_bit_cast(float, sign | 0x7F800000 | (magnitude & 0x3FF) << 13);
    // 2^112 moves the exponent's bias from 15 to 127, subnormals included.
    return __builtin_bit_cast(float, sign | __builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, magnitude << 13) * 0x1p112f));
  }
#endif
};

/** Four bits of exponent and three of mantissa; a NaN, no infinities: what is too large becomes the largest, 448. */
struct f8e4m3 {
  std::uint8_t bits;
  f8e4m3() = default;
  f8e4m3(float x) {
    const std::uint32_t b = __builtin_bit_cast(std::uint32_t, x);
    const std::uint32_t sign = b >> 24 & 0x80, magnitude = b & 0x7FFFFFFF;
    std::uint32_t code;
    if (magnitude > 0x7F800000) {
      code = 0x7F;
    } else if (magnitude >= 0x43E00000) {
      code = 0x7E;
    } else if (magnitude < 0x3C800000) {
      // Below 2⁻⁶ all numbers are multiples of 2⁻⁹, the last place of a float from 2¹⁴ on.
      code = __builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, magnitude) + 0x1p14f) - 0x46800000;
    } else {
      code = (magnitude - 0x3C000000 + 0x7FFFF + (magnitude >> 20 & 1)) >> 20;
    }
    bits = static_cast<std::uint8_t>(sign | code);
  }
  operator float() const {
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x80) << 24, magnitude = bits & 0x7F;
    // 2^120 moves the exponent's bias from 7 to 127, subnormals included.
    const std::uint32_t number = __builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, magnitude << 20) * 0x1p120f);
    return __builtin_bit_cast(float, sign | (magnitude == 0x7F ? 0x7FC00000 : number));
  }
};

/** x rounded to T and back. */
template <class T> static inline float rounded(float x) { return T(x); }

/** A float's integer part as i32, wrapping like a 32-bit conversion in JavaScript; 0 for NaN and infinities. */
static inline int toInt(float x) {
  if (__builtin_fabsf(x) < 0x1p31f) return static_cast<int>(x);
  return __builtin_fabsf(x) < 0x1p55f ? static_cast<int>(static_cast<std::uint32_t>(static_cast<std::int64_t>(x))) : 0;
}

/** ⌊a / b⌋ and the remainder with the sign of a; 0 where b is 0. */
static inline int floorDivide(int a, int b) {
  // The two divisors that the processor traps on.
  if (b == 0) return 0;
  if (b == -1) return static_cast<int>(0u - static_cast<unsigned>(a));
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}
static inline int remainderOf(int a, int b) { return b == 0 || b == -1 ? 0 : a % b; }
static inline float remainderOf(float a, float b) { return __builtin_fmodf(a, b); }

/** The larger and the smaller; NaN if either is. */
static inline float maximum(float a, float b) { return a > b || a != a ? a : b; }
static inline float minimum(float a, float b) { return a < b || a != a ? a : b; }
static inline int maximum(int a, int b) { return a > b ? a : b; }
static inline int minimum(int a, int b) { return a < b ? a : b; }

/** Whether a number counts as true: neither zero nor NaN. */
static inline bool truth(float x) { return x < 0 || x > 0; }
static inline bool truth(int x) { return x != 0; }
static inline bool truth(bool x) { return x; }

/** Whether an index lies on an axis of `size` elements. */
static inline bool inside(int index, int size) { return index >= 0 && index < size; }
