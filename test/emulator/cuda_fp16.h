// f16 as CUDA's header of this name has it, as far as device code may use it.
#pragma once
#include "engine/numbers.h"

struct __half {
  std::uint16_t bits;
  __half() = default;
  __half(float x) : bits(emulator::halfFromFloat(x)) {}
  operator float() const { return emulator::halfToFloat(bits); }
};
