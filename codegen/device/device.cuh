// What generated kernels for CUDA call; every kernel includes it once. All threads of a block call these functions
// together unless the comment says otherwise, and none of them waits: barriers stand in the kernel's text.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include "cuda/number.cuh"
#include "cuda/math.cuh"
#include "cuda/tile.cuh"
#include "cuda/matrix.cuh"
#include "cuda/topk.cuh"

/** The one kind of function that is launched. */
#define KERNEL(threads) extern "C" __global__ void __launch_bounds__(threads)
