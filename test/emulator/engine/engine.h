// What the twin of the device's primitives calls. Each function knows from its return address which line called it.
#pragma once
#include <cstdint>

namespace emulator {

/** d += a · b or d = a · b: 64 rows by `columns`, 16 along the sum. `ByRows`: lines of the operand's memory run across the sum. */
struct ProductShape { int columns; bool isHalf, adds, leftInRegisters, leftByRows, rightByRows; };

int threadOfBlock();
int threadsOfBlock();
int blockOfGrid();
int blocksOfGrid();

void awaitLaunches();

void blockBarrier();
void warpBarrier();
std::uint32_t shuffleXor(std::uint32_t x, int mask);
std::uint32_t shuffleUp(std::uint32_t x, int by);
std::uint32_t shuffleFrom(std::uint32_t x, int lane);
std::uint32_t lanesWhere(bool x);

/** The bytes at `offset` of shared memory, for one access: checked to lie inside, to be aligned and not to race. */
template <int bytes> const char* sharedRead(int offset);
template <int bytes> char* sharedWrite(int offset);
int atomicAdd(int offset, int by);

void copyAsync16(int to, const void* from, int valid);
void commitCopies();
void waitCopies(int pending);

void loadMatrices(std::uint32_t* registers, int row, bool transposed);
void storeMatrices(const std::uint32_t* registers, int row);
void mma(float* d, const std::uint32_t* a, std::uint32_t b0, std::uint32_t b1, bool isHalf);

void initBarrier(int offset, int arrivals);
void fenceBarriers();
void arriveAt(int barrier, int bytes);
void awaitPhase(int barrier, int parity);
void fenceAsync();
void loadBox(int to, const void* map, int barrier, int rank, const int* at);
void storeBox(const void* map, int from, int rank, const int* at);
void commitStores();
void awaitStores(int pending, bool isWhole);
void namedBarrier(int number, int threads, bool waits);
void giveRegisters(int count);
void takeRegisters(int count);

void fenceProducts();
void commitProducts();
void awaitProducts(int pending);
/** One step of 16; `left` in registers or, where null, at `leftPlace`. */
void product(const ProductShape& shape, float* d, const std::uint32_t* left, std::uint64_t leftPlace, std::uint64_t rightPlace);

[[noreturn]] void misaligned(const void* global, int bytes);

}  // namespace emulator
