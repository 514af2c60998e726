// Launch arguments as they come from JavaScript: see Note [Launch words].
#pragma once
#include <cstddef>

#include "pool.h"
#include "tasks.h"

namespace warpfold {

constexpr size_t maxLaunchArgs = 64, wordsPerArg = 16;
constexpr size_t wordsBytes(size_t args) { return args * wordsPerArg * sizeof(double); }

/**
 * Fills the arguments of `launch`, and adds the pool's memory that they lie in to `used` where that is given. Throws
 * R010, R011 or R019 for words that fit no block, and what the processor throws of a tensor map.
 */
void encodeArgs(Launch& launch, const double* words, size_t count, Processor& processor, Pool& pool, std::vector<Memory>* used);

}  // namespace warpfold
