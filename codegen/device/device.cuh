// What generated kernels for CUDA call; every kernel includes it once. All threads of a block call these functions
// together unless the comment says otherwise, and none of them waits: barriers and waits stand in the kernel's text.
#pragma once
#include "cuda/primitives.cuh"
#include "cuda/number.cuh"
#include "cuda/math.cuh"
#include "cuda/frame.cuh"
#include "cuda/operand.cuh"
#include "cuda/bytes.cuh"
#include "cuda/matrix.cuh"
#include "cuda/memory.cuh"
#include "cuda/lanes.cuh"
#include "cuda/array.cuh"
#include "cuda/topk.cuh"
