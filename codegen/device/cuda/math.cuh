// Elementary functions, one thread at a time.
#pragma once
#include <cmath>
#include "number.cuh"

namespace math {
DEVICE float exp(float x) { return expf(x); }
DEVICE float exp2(float x) { return exp2Fast(x); }
DEVICE float log(float x) { return logf(x); }
DEVICE float log2(float x) { return log2f(x); }
DEVICE float sin(float x) { return sinf(x); }
DEVICE float cos(float x) { return cosf(x); }
DEVICE float tanh(float x) { return tanhf(x); }
DEVICE float power(float x, float y) { return powf(x, y); }
}  // namespace math
