// Elementary functions without branches or tables, so that loops over them vectorise. Errors are within a few units in
// the last place; infinities, NaN and subnormal results are those of IEEE.
#pragma once
#include <cstdint>
#include "vector.h"

namespace math {

static inline float fromBits(std::int32_t b) { return __builtin_bit_cast(float, b); }
static inline std::int32_t toBits(float x) { return __builtin_bit_cast(std::int32_t, x); }

/** Adding and subtracting it rounds to the nearest integer, which then stands in the low bits. */
constexpr float ROUND = 0x1.8p23f;

/** p · 2ⁿ for n in [−252, 254], exact up to the last rounding. */
static inline float scale(float p, std::int32_t n) {
  const std::int32_t half = n >> 1;
  return p * fromBits((half + 127) << 23) * fromBits((n - half + 127) << 23);
}

/** e^r − 1 − r over r² … for |r| ≤ ln2 / 2. */
static inline float expPolynomial(float r) {
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  return p * r * r + r + 1.0f;
}

static inline float exp2(float x) {
  const float low = x < -152.0f ? -152.0f : x;
  const float y = low > 129.0f ? 129.0f : low;
  const float shifted = y + ROUND;
  const float n = shifted - ROUND;
  return scale(expPolynomial((y - n) * 0.693147180559945f), toBits(shifted) - toBits(ROUND));
}

static inline float exp(float x) {
  const float low = x < -105.0f ? -105.0f : x;
  const float y = low > 89.0f ? 89.0f : low;
  const float shifted = y * 1.44269504088896f + ROUND;
  const float n = shifted - ROUND;
  const float r = (y - n * 0.693359375f) + n * 2.12194440e-4f;
  return scale(expPolynomial(r), toBits(shifted) - toBits(ROUND));
}

/** x = m · 2ᵉ with m in [√½, √2), for positive finite x; returns log m as m − 1 − … in two parts. */
struct Parts { float high, low, exponent; };
static inline Parts logParts(float x) {
  const bool small = x < 0x1p-126f;
  const float y = small ? x * 0x1p25f : x;
  const std::int32_t b = toBits(y) - 0x3F3504F3;
  const float m = fromBits((b & 0x7FFFFF) + 0x3F3504F3);
  const float e = static_cast<float>(b >> 23) - (small ? 25.0f : 0.0f);
  const float f = m - 1.0f;
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  const float square = f * f;
  return {f, p * f * square - 0.5f * square, e};
}

/** `value` for positive finite x, what log says elsewhere. */
static inline float logSpecials(float x, float value) {
  const float positive = x < __builtin_inff() ? value : x;
  const float nonNegative = x > 0.0f ? positive : x == 0.0f ? -__builtin_inff() : __builtin_nanf("");
  return x != x ? x : nonNegative;
}

static inline float log(float x) {
  const Parts s = logParts(x);
  const float low = s.low + s.exponent * -2.12194440e-4f;
  return logSpecials(x, s.high + low + s.exponent * 0.693359375f);
}

static inline float log2(float x) {
  const Parts s = logParts(x);
  // log2(e) = 1 + 0.4427: the part that is 1 is added exactly.
  const float rest = s.low * 0.44269504088896f + s.high * 0.44269504088896f;
  return logSpecials(x, rest + s.low + s.high + s.exponent);
}

static inline float tanh(float x) {
  const float a = __builtin_fabsf(x);
  const float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float near = p * z * x + x;
  const float far = 1.0f - 2.0f / (exp(a + a) + 1.0f);
  return a < 0.625f ? near : x < 0.0f ? -far : x > 0.0f ? far : x;
}

/** Quadrant and remainder of x / (π/2), in double precision with π/2 in two parts. Angles beyond 2⁵⁰ have no accuracy left: NaN. */
struct Angle { float rest; std::int32_t quadrant; };
static inline Angle angle(float x) {
  const double y = x;
  const double shifted = y * 0.63661977236758134308 + 0x1.8p52;
  const double n = shifted - 0x1.8p52;
  const double rest = y - n * 1.57079632679489661923 - n * 6.123233995736766e-17;
  const double valid = y < 0x1p50 && y > -0x1p50 ? rest : __builtin_nan("");
  return {static_cast<float>(valid), static_cast<std::int32_t>(__builtin_bit_cast(std::int64_t, shifted))};
}

static inline float sinOf(Angle a, std::int32_t turn) {
  const float r = a.rest, z = r * r;
  float s = -1.9515295891e-4f;
  s = s * z + 8.3321608736e-3f;
  s = s * z - 1.6666654611e-1f;
  const float sine = s * z * r + r;
  float c = 2.443315711809948e-5f;
  c = c * z - 1.388731625493765e-3f;
  c = c * z + 4.166664568298827e-2f;
  const float cosine = c * z * z - 0.5f * z + 1.0f;
  const std::int32_t quadrant = a.quadrant + turn;
  const float value = quadrant & 1 ? cosine : sine;
  return quadrant & 2 ? -value : value;
}

static inline float sin(float x) { return sinOf(angle(x), 0); }
static inline float cos(float x) { return sinOf(angle(x), 1); }

/** aᵇ as JavaScript has it: NaN for 1 to the NaN or to an infinity, unlike C. */
static inline float power(float a, float b) {
  const bool undefined = b != b || (__builtin_fabsf(a) == 1.0f && __builtin_fabsf(b) == __builtin_inff());
  return undefined ? __builtin_nanf("") : static_cast<float>(__builtin_pow(a, b));
}

}  // namespace math
