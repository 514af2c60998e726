// Launch arguments as they come from JavaScript: see Note [Launch words].
#pragma once
#include <cstddef>

#include "memory.h"
#include "workQueue.h"

namespace warpfold {

constexpr size_t maxLaunchArgs = 64, wordsPerArg = 6;
constexpr size_t wordsBytes(size_t args) { return args * wordsPerArg * sizeof(double); }

/** Fills the arguments of `launch`. Throws R010, R011 or R019 for words that fit no block. */
void encodeArgs(Launch& launch, const double* words, size_t count, const Pool& pool);

}  // namespace warpfold
