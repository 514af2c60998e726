// Tiles that no frame holds: arrays in shared memory, outermost axis first, whose elements are dealt out to the threads.
#pragma once
#include "frame.cuh"

template <class T, int... N> struct Array {
  Shared<T> data;
  static constexpr int count = (N * ... * 1);
  template <class... I> static DEVICE int offset(I... i) {
    const int at[] = {i...};
    constexpr int extents[] = {N...};
    int total = 0;
    for (int a = 0; a < static_cast<int>(sizeof...(N)); a++) total = total * extents[a] + at[a];
    return total;
  }
  template <class... I> DEVICE decltype(auto) operator()(I... i) const { return data[offset(i...)]; }
};

/** Calls f at every index of a tile of the given extents, each in one thread. */
template <int... N, class F> DEVICE void eachElement(F f) {
  constexpr int count = (N * ... * 1), rank = sizeof...(N);
  constexpr int extents[] = {N..., 1};
  for (int i = threadOfBlock(); i < count; i += threadsOfBlock()) {
    if constexpr (rank == 1) f(i);
    else if constexpr (rank == 2) f(i / extents[1], i % extents[1]);
    else if constexpr (rank == 3) f(i / (extents[1] * extents[2]), i / extents[2] % extents[1], i % extents[2]);
    else if constexpr (rank == 4) f(i / (extents[1] * extents[2] * extents[3]), i / (extents[2] * extents[3]) % extents[1], i / extents[3] % extents[2], i % extents[3]);
    else static_assert(rank < 5, "a tile of more than four axes with an extent");
  }
}

/** f(0) … f(n − 1) joined, in one thread. */
template <class Op, class F> DEVICE auto joined(int n, F f) {
  using T = decltype(f(0) + f(0));
  T total = Op::nothing(T{});
  for (int i = 0; i < n; i++) total = Op::template join<T>(total, f(i));
  return total;
}
