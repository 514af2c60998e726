// What the twin of the device's primitives calls. Each function knows from its return address which line called it.
#pragma once
#include <cstdint>

namespace emulator {

int threadOfBlock();
int threadsOfBlock();
int blockOfGrid();
int blocksOfGrid();

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
void mma(float* d, const std::uint32_t* a, std::uint32_t b0, std::uint32_t b1, bool isHalf);

[[noreturn]] void misaligned(const void* global, int bytes);

}  // namespace emulator
