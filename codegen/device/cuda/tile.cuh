// Tiles: C arrays in the block's shared memory, outermost axis first; their elements are dealt out to the threads.
#pragma once
#include "number.cuh"

/** The block's shared memory, its size given at launch. */
extern __shared__ __align__(128) unsigned char sharedMemory[];

/** The tile that begins `offset` bytes into shared memory. */
template <class T> __device__ inline T& tileAt(int offset) { return *reinterpret_cast<T*>(sharedMemory + offset); }

/** What threads wrote to shared memory before is seen by all of the block behind it. */
__device__ inline void blockBarrier() { __syncthreads(); }

namespace tileDetail {

template <class T> struct Shape {
  using Element = T;
  static constexpr int rank = 0, count = 1;
};
template <class T, std::size_t N> struct Shape<T[N]> {
  using Element = typename Shape<T>::Element;
  static constexpr int rank = Shape<T>::rank + 1, count = static_cast<int>(N) * Shape<T>::count;
};

/** Where element `i` of a tile lies in memory, and whether it lies within the first `extent` elements of every axis. */
struct Spot { Index offset; bool valid; };
template <class T, std::size_t N> __device__ inline Spot spot(T (*)[N], int i, const Index* stride, const int* extent) {
  const int at = i / Shape<T>::count;
  Spot inner{0, true};
  if constexpr (Shape<T>::rank > 0) inner = spot(static_cast<T*>(nullptr), i % Shape<T>::count, stride + 1, extent + 1);
  return {at * stride[0] + inner.offset, at < extent[0] && inner.valid};
}

}  // namespace tileDetail

/** Calls f at every index of a tile of the given extents, each in one thread. */
template <int... N, class F> __device__ inline void each(F f) {
  constexpr int count = (N * ... * 1);
  if constexpr (sizeof...(N) == 1) {
    for (int i = threadIdx.x; i < count; i += blockDim.x) f(i);
  } else {
    constexpr int extents[] = {N...};
    for (int i = threadIdx.x; i < count; i += blockDim.x) {
      if constexpr (sizeof...(N) == 2) f(i / extents[1], i % extents[1]);
      else if constexpr (sizeof...(N) == 3) f(i / (extents[1] * extents[2]), i / extents[2] % extents[1], i % extents[2]);
      else if constexpr (sizeof...(N) == 4)
        f(i / (extents[1] * extents[2] * extents[3]), i / (extents[2] * extents[3]) % extents[1], i / extents[3] % extents[2], i % extents[3]);
      else static_assert(sizeof...(N) < 5, "a tile of more than four axes with an extent");
    }
  }
}

/** Reads the first `extent` elements of every axis; the rest of the tile becomes 0. */
template <class T, std::size_t N, class S>
__device__ inline void load(T (&tile)[N], const S* src, const Index (&stride)[tileDetail::Shape<T[N]>::rank], const int (&extent)[tileDetail::Shape<T[N]>::rank]) {
  using Shape = tileDetail::Shape<T[N]>;
  auto* to = reinterpret_cast<typename Shape::Element*>(&tile);
  for (int i = threadIdx.x; i < Shape::count; i += blockDim.x) {
    const tileDetail::Spot s = tileDetail::spot(&tile, i, stride, extent);
    to[i] = s.valid ? static_cast<typename Shape::Element>(src[s.offset]) : typename Shape::Element(0);
  }
}

/** Writes the first `extent` elements of every axis, rounding to what memory holds. */
template <class T, std::size_t N, class S>
__device__ inline void store(S* dst, const Index (&stride)[tileDetail::Shape<T[N]>::rank], T (&tile)[N], const int (&extent)[tileDetail::Shape<T[N]>::rank]) {
  using Shape = tileDetail::Shape<T[N]>;
  const auto* from = reinterpret_cast<const typename Shape::Element*>(&tile);
  for (int i = threadIdx.x; i < Shape::count; i += blockDim.x) {
    const tileDetail::Spot s = tileDetail::spot(&tile, i, stride, extent);
    if (s.valid) dst[s.offset] = static_cast<S>(from[i]);
  }
}

/** Every element of the tile. */
template <class T, std::size_t N, class V> __device__ inline void fill(T (&tile)[N], V value) {
  using Shape = tileDetail::Shape<T[N]>;
  auto* to = reinterpret_cast<typename Shape::Element*>(&tile);
  for (int i = threadIdx.x; i < Shape::count; i += blockDim.x) to[i] = value;
}

/** Rounds every element of the tile to E; each thread what it loaded itself. */
template <class E, class T, std::size_t N> __device__ inline void roundTile(T (&tile)[N]) {
  using Shape = tileDetail::Shape<T[N]>;
  auto* to = reinterpret_cast<typename Shape::Element*>(&tile);
  for (int i = threadIdx.x; i < Shape::count; i += blockDim.x) to[i] = rounded<E>(to[i]);
}

/** Over n elements `stride` apart, in one thread; the empty sum is 0, the empty maximum −∞, the empty minimum +∞. */
template <class T> __device__ inline T sumOf(const T* x, Index stride, int n) {
  T total = 0;
  for (int i = 0; i < n; i++) total += x[i * stride];
  return total;
}
__device__ inline float lowest(float) { return -INFINITY; }
__device__ inline int lowest(int) { return INT32_MIN; }
__device__ inline float highest(float) { return INFINITY; }
__device__ inline int highest(int) { return INT32_MAX; }
template <class T> __device__ inline T maxOf(const T* x, Index stride, int n) {
  T best = lowest(T{});
  for (int i = 0; i < n; i++) best = maximum(best, x[i * stride]);
  return best;
}
template <class T> __device__ inline T minOf(const T* x, Index stride, int n) {
  T best = highest(T{});
  for (int i = 0; i < n; i++) best = minimum(best, x[i * stride]);
  return best;
}
