// The twin of codegen/device/cuda/asynchronous.cuh: barriers of phases and boxes under way in the emulator.
#pragma once
#include "wgmma.cuh"

/** Holds an EmulatedMap of engine/boxes.h. */
struct alignas(8) TensorMap { unsigned char words[128]; };
#define TENSOR_MAP const TensorMap&

using Barrier = std::uint64_t;

DEVICE void initBarrier(Shared<Barrier> barrier, int arrivals) { emulator::initBarrier(barrier.offset, arrivals); }
DEVICE void fenceBarriers() { emulator::fenceBarriers(); }
DEVICE void arriveAt(Shared<Barrier> barrier) { emulator::arriveAt(barrier.offset, 0); }
DEVICE void arriveExpecting(Shared<Barrier> barrier, int bytes) { emulator::arriveAt(barrier.offset, bytes); }
DEVICE void awaitPhase(Shared<Barrier> barrier, int parity) { emulator::awaitPhase(barrier.offset, parity); }

template <class T> DEVICE void loadBox(Shared<T> to, const TensorMap& map, Shared<Barrier> barrier, int a, int b) {
  const int at[] = {a, b};
  emulator::loadBox(to.offset, &map, barrier.offset, 2, at);
}
template <class T> DEVICE void loadBox(Shared<T> to, const TensorMap& map, Shared<Barrier> barrier, int a, int b, int c) {
  const int at[] = {a, b, c};
  emulator::loadBox(to.offset, &map, barrier.offset, 3, at);
}
template <class T> DEVICE void loadBox(Shared<T> to, const TensorMap& map, Shared<Barrier> barrier, int a, int b, int c, int d) {
  const int at[] = {a, b, c, d};
  emulator::loadBox(to.offset, &map, barrier.offset, 4, at);
}
template <class T> DEVICE void loadBox(Shared<T> to, const TensorMap& map, Shared<Barrier> barrier, int a, int b, int c, int d, int e) {
  const int at[] = {a, b, c, d, e};
  emulator::loadBox(to.offset, &map, barrier.offset, 5, at);
}

template <class T> DEVICE void storeBox(const TensorMap& map, Shared<T> from, int a, int b) {
  const int at[] = {a, b};
  emulator::storeBox(&map, from.offset, 2, at);
}
template <class T> DEVICE void storeBox(const TensorMap& map, Shared<T> from, int a, int b, int c) {
  const int at[] = {a, b, c};
  emulator::storeBox(&map, from.offset, 3, at);
}
template <class T> DEVICE void storeBox(const TensorMap& map, Shared<T> from, int a, int b, int c, int d) {
  const int at[] = {a, b, c, d};
  emulator::storeBox(&map, from.offset, 4, at);
}
template <class T> DEVICE void storeBox(const TensorMap& map, Shared<T> from, int a, int b, int c, int d, int e) {
  const int at[] = {a, b, c, d, e};
  emulator::storeBox(&map, from.offset, 5, at);
}
DEVICE void commitStores() { emulator::commitStores(); }
template <int N> DEVICE void awaitStoresRead() { emulator::awaitStores(N, false); }

DEVICE void fenceAsync() { emulator::fenceAsync(); }

template <class T> DEVICE void storeMatrices(Shared<T> row, const std::uint32_t (&r)[4]) { emulator::storeMatrices(r, row.offset); }

DEVICE void namedBarrier(int number, int threads) { emulator::namedBarrier(number, threads, true); }
DEVICE void arriveNamed(int number, int threads) { emulator::namedBarrier(number, threads, false); }

template <int N> DEVICE void giveRegisters() { emulator::giveRegisters(N); }
template <int N> DEVICE void takeRegisters() { emulator::takeRegisters(N); }
