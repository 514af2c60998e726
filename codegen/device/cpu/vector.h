// Vectors as wide as the instruction set this file is compiled for.
#pragma once
#include <cstddef>
#include <cstdint>

using Index = std::ptrdiff_t;

#if defined(__AVX512F__)
constexpr int LANES = 16;
#elif defined(__AVX2__)
constexpr int LANES = 8;
#else
constexpr int LANES = 4;
#endif

typedef float Vector __attribute__((vector_size(LANES * 4)));
typedef std::int32_t IntVector __attribute__((vector_size(LANES * 4)));
typedef Vector UnalignedVector __attribute__((aligned(4), may_alias));

static inline Vector loadVector(const float* from) { return *reinterpret_cast<const UnalignedVector*>(from); }
static inline void storeVector(float* to, Vector x) { *reinterpret_cast<UnalignedVector*>(to) = x; }

/** n rounded up to whole vectors, at most the width of the tile. */
template <int WIDTH> static inline int wide(int n) {
  const int whole = (n + LANES - 1) / LANES * LANES;
  return whole < WIDTH ? whole : WIDTH;
}

static inline float sumLanes(Vector x) {
  float sum = 0;
  for (int i = 0; i < LANES; i++) sum += x[i];
  return sum;
}
