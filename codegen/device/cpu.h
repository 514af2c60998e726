// What generated kernels for the CPU call. Installed as device.h; every kernel includes it once.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include "cpu/vector.h"
#include "cpu/number.h"
#include "cpu/math.h"
#include "cpu/memory.h"
#include "cpu/reduce.h"
#include "cpu/mma.h"
#include "cpu/topk.h"

/** The one kind of symbol a library of kernels exports. */
#define KERNEL extern "C" __attribute__((visibility("default")))

/** A tile belongs to its thread and outlives the block: some are larger than a stack should hold. */
#define TILE alignas(64) static thread_local

/** Arguments of a launch, each behind a pointer to its value: a tensor's value is its address, a scalar's or size's the number. */
template <class T> static inline T* tensor(const void* argument) { return *static_cast<T* const*>(argument); }
template <class T> static inline T scalar(const void* argument) { return *static_cast<const T*>(argument); }
static inline int size(const void* argument) { return scalar<std::int32_t>(argument); }

/** How many blocks of `block` cover `size` elements. */
static inline int blocks(int size, int block) { return (size + block - 1) / block; }
