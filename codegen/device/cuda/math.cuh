// Elementary functions at full f32 accuracy, one thread at a time.
#pragma once

namespace math {
__device__ inline float exp(float x) { return expf(x); }
__device__ inline float exp2(float x) { return exp2f(x); }
__device__ inline float log(float x) { return logf(x); }
__device__ inline float log2(float x) { return log2f(x); }
__device__ inline float sin(float x) { return sinf(x); }
__device__ inline float cos(float x) { return cosf(x); }
__device__ inline float tanh(float x) { return tanhf(x); }
__device__ inline float power(float x, float y) { return powf(x, y); }
}  // namespace math
