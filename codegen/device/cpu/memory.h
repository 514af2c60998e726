// Between memory and tiles. A tile is a C array, outermost axis first; memory is a pointer and one stride per axis of the tile.
#pragma once
#include <type_traits>
#include "number.h"
#include "vector.h"

namespace memoryDetail {

template <class A> struct Rank { static constexpr int value = 0; };
template <class T, std::size_t N> struct Rank<T[N]> { static constexpr int value = Rank<T>::value + 1; };

template <class T, class S> static inline void copyRow(T* dst, const S* src, int n) {
  for (int i = 0; i < n; i++) dst[i] = static_cast<T>(src[i]);
}
#if defined(__F16C__)
static inline void copyRow(float* dst, const f16* src, int n) {
  int i = 0;
  for (; i + 8 <= n; i += 8) _mm256_storeu_ps(dst + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(src + i))));
  for (; i < n; i++) dst[i] = src[i];
}
static inline void copyRow(f16* dst, const float* src, int n) {
  int i = 0;
  for (; i + 8 <= n; i += 8) _mm_storeu_si128(reinterpret_cast<__m128i*>(dst + i), _mm256_cvtps_ph(_mm256_loadu_ps(src + i), 0));
  for (; i < n; i++) dst[i] = src[i];
}
#endif

template <class T, std::size_t N, class S> static void loadAxis(T (&tile)[N], const S* src, const Index* stride, const int* extent) {
  if constexpr (Rank<T>::value == 0) {
    if (stride[0] == 1) copyRow(tile, src, extent[0]);
    else
      for (int i = 0; i < extent[0]; i++) tile[i] = static_cast<T>(src[i * stride[0]]);
  } else if constexpr (Rank<T>::value == 1) {
    if (stride[0] == 1 && stride[1] != 1) {
      // Memory runs along the other axis: read whole lines of it.
      for (int j = 0; j < extent[1]; j++)
        for (int i = 0; i < extent[0]; i++) tile[i][j] = static_cast<std::remove_reference_t<decltype(tile[0][0])>>(src[i + j * stride[1]]);
    } else {
      for (int i = 0; i < extent[0]; i++) loadAxis(tile[i], src + i * stride[0], stride + 1, extent + 1);
    }
  } else {
    for (int i = 0; i < extent[0]; i++) loadAxis(tile[i], src + i * stride[0], stride + 1, extent + 1);
  }
}

template <class T, std::size_t N, class S> static void storeAxis(S* dst, const Index* stride, const T (&tile)[N], const int* extent) {
  if constexpr (Rank<T>::value == 0) {
    if (stride[0] == 1) copyRow(dst, tile, extent[0]);
    else
      for (int i = 0; i < extent[0]; i++) dst[i * stride[0]] = static_cast<S>(tile[i]);
  } else {
    for (int i = 0; i < extent[0]; i++) storeAxis(dst + i * stride[0], stride + 1, tile[i], extent + 1);
  }
}

}  // namespace memoryDetail

/** Reads the first `extent` elements of every axis. The rest of the tile stays as it is: no sum, product or store looks at it. */
template <class T, std::size_t N, class S>
static inline void load(T (&tile)[N], const S* src, const Index (&stride)[memoryDetail::Rank<T[N]>::value], const int (&extent)[memoryDetail::Rank<T[N]>::value]) {
  memoryDetail::loadAxis(tile, src, stride, extent);
}

/** Writes the first `extent` elements of every axis, rounding to what memory holds. */
template <class T, std::size_t N, class S>
static inline void store(S* dst, const Index (&stride)[memoryDetail::Rank<T[N]>::value], const T (&tile)[N], const int (&extent)[memoryDetail::Rank<T[N]>::value]) {
  memoryDetail::storeAxis(dst, stride, tile, extent);
}

/** Every element of the tile. */
template <class T, std::size_t N, class V> static inline void fill(T (&tile)[N], V value) {
  for (std::size_t i = 0; i < N; i++)
    if constexpr (memoryDetail::Rank<T>::value == 0) tile[i] = value;
    else fill(tile[i], value);
}

/** Rounds every element of the tile to T. */
template <class T, std::size_t N, class E> static inline void roundTile(E (&tile)[N]) {
  for (std::size_t i = 0; i < N; i++)
    if constexpr (memoryDetail::Rank<E>::value == 0) tile[i] = rounded<T>(tile[i]);
    else roundTile<T>(tile[i]);
}
