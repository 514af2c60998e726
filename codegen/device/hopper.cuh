// What generated kernels for sm_90a call beside the functions of every CUDA kernel. Their blocks have warpgroups that
// compute and one, the last, of which a single thread keeps the copy engine busy.
#pragma once
#include "device.cuh"
#include "cuda/channel.cuh"
