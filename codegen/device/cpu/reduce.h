// A row of numbers into one. Several partial results keep the adders busy; NaN anywhere makes the result NaN.
#pragma once
#include "number.h"
#include "vector.h"

namespace reduceDetail {

struct Sum {
  static constexpr float none = 0.0f;
  static constexpr int noneInt = 0;
  static Vector join(Vector a, Vector b) { return a + b; }
  static float join(float a, float b) { return a + b; }
  static int join(int a, int b) { return static_cast<int>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b)); }
};
struct Max {
  static constexpr float none = -__builtin_inff();
  static constexpr int noneInt = INT32_MIN;
  static Vector join(Vector a, Vector b) { return (a > b) | (a != a) ? a : b; }
  static float join(float a, float b) { return maximum(a, b); }
  static int join(int a, int b) { return maximum(a, b); }
};
struct Min {
  static constexpr float none = __builtin_inff();
  static constexpr int noneInt = INT32_MAX;
  static Vector join(Vector a, Vector b) { return (a < b) | (a != a) ? a : b; }
  static float join(float a, float b) { return minimum(a, b); }
  static int join(int a, int b) { return minimum(a, b); }
};

template <class Op> static inline float row(const float* x, int n) {
  constexpr int PARTS = 4;
  Vector parts[PARTS];
  for (Vector& p : parts) p = Vector{} + Op::none;
  int i = 0;
  for (; i + PARTS * LANES <= n; i += PARTS * LANES)
    for (int p = 0; p < PARTS; p++) parts[p] = Op::join(parts[p], loadVector(x + i + p * LANES));
  for (; i + LANES <= n; i += LANES) parts[0] = Op::join(parts[0], loadVector(x + i));
  const Vector joined = Op::join(Op::join(parts[0], parts[1]), Op::join(parts[2], parts[3]));
  float result = Op::none;
  for (int l = 0; l < LANES; l++) result = Op::join(result, joined[l]);
  for (; i < n; i++) result = Op::join(result, x[i]);
  return result;
}
template <class Op> static inline int row(const int* x, int n) {
  int result = Op::noneInt;
  for (int i = 0; i < n; i++) result = Op::join(result, x[i]);
  return result;
}

}  // namespace reduceDetail

/** Over the first n elements; the empty sum is 0, the empty maximum −∞, the empty minimum +∞. */
template <class T> static inline T sumOf(const T* x, int n) { return reduceDetail::row<reduceDetail::Sum>(x, n); }
template <class T> static inline T maxOf(const T* x, int n) { return reduceDetail::row<reduceDetail::Max>(x, n); }
template <class T> static inline T minOf(const T* x, int n) { return reduceDetail::row<reduceDetail::Min>(x, n); }
