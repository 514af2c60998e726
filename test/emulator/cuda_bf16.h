// bf16 as CUDA's header of this name has it, as far as device code may use it.
#pragma once
#include "engine/numbers.h"

struct __nv_bfloat16 {
  std::uint16_t bits;
  __nv_bfloat16() = default;
  __nv_bfloat16(float x) : bits(emulator::bfloatFromFloat(x)) {}
  operator float() const { return emulator::bfloatToFloat(bits); }
};
