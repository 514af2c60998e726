// Elementary functions, one thread at a time.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include "number.cuh"

namespace math {
DEVICE float exp(float x) { return expf(x); }
DEVICE float exp2(float x) { return exp2Fast(x); }
DEVICE float log(float x) { return logf(x); }
DEVICE float log2(float x) { return log2f(x); }

/** Quarters of a turn in an angle, of which the last two bits count, and the rest, at most half a quarter. */
struct Angle { float rest; int quarter; };
/**
 * Angles beyond 2⁵⁰ have no accuracy left: NaN. Large ones are multiplied by 2 / π as whole numbers, of which only what counts
 * is kept: 2 bits of quarters and 62 behind the point. No table of its digits: that would live in local memory.
 */
DEVICE Angle angle(float x) {
  const float n = rintf(x * 0.636619747f);
  Angle a{fmaf(n, -5.39030286e-15f, fmaf(n, -7.54978942e-8f, fmaf(n, -1.57079625f, x))), static_cast<int>(n)};
  if (!(fabsf(x) <= 105615.0f)) {
    std::uint32_t bits;
    memcpy(&bits, &x, sizeof x);
    const unsigned __int128 digits = static_cast<unsigned __int128>(0xA2F9836E4E441529) << 64 | 0xFC2757D1F534DDC0;
    const std::uint64_t turns = static_cast<std::uint64_t>(digits >> maximum(0, 216 - static_cast<int>(bits >> 23 & 255))) * (bits & 0x7fffff | 0x800000);
    const std::uint64_t quarters = (turns + (1ull << 61)) >> 62;
    const float rest = static_cast<float>(static_cast<std::int64_t>(turns - (quarters << 62))) * 3.40612158e-19f;
    a = {fabsf(x) < 0x1p50f ? copysignf(1.0f, x) * rest : NAN, x < 0 ? -static_cast<int>(quarters) : static_cast<int>(quarters)};
  }
  return a;
}
DEVICE float sineOf(Angle a, int turned) {
  const float r = a.rest, z = r * r;
  const float sine = fmaf(fmaf(fmaf(-1.9515295891e-4f, z, 8.3321608736e-3f), z, -1.6666654611e-1f) * z, r, r);
  const float cosine = fmaf(fmaf(fmaf(2.443315711809948e-5f, z, -1.388731625493765e-3f), z, 4.166664568298827e-2f) * z, z, fmaf(-0.5f, z, 1.0f));
  const int quarter = a.quarter + turned;
  const float value = quarter & 1 ? cosine : sine;
  return quarter & 2 ? -value : value;
}
/** Within 2 units in the last place up to 100,000, within 2⁻²² beyond. */
DEVICE float sin(float x) { return sineOf(angle(x), 0); }
DEVICE float cos(float x) { return sineOf(angle(x), 1); }

/**
 * Within 5 units in the last place: a series where 1 − 2 / (e^2x + 1) has lost digits, that beyond. Without branches: lanes go
 * both ways as a rule, and one after the other waits for both.
 */
DEVICE float tanh(float x) {
  const float z = x * x;
  const float series = fmaf(x * z, fmaf(fmaf(fmaf(fmaf(-5.83642164e-3f, z, 2.07420726e-2f), z, -5.37665008e-2f), z, 1.33316984e-1f), z, -3.33332884e-1f), x);
  const float rest = fmaf(-2.0f, reciprocalFast(exp2Fast(x * 2.88539008f) + 1.0f), 1.0f);
  return z < 0.36f ? series : rest;
}
DEVICE float power(float x, float y) { return powf(x, y); }
}  // namespace math
