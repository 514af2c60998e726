#include "tensorMap.h"

#include <cstring>

#include "check.h"

namespace warpfold {

namespace {

/** i32, f16, f32 and bf16 as CUtensorMapDataType numbers them; 0 for any other. */
uint64_t elementBytesOf(uint64_t type) {
  switch (type) {
    case 3: case 7: return 4;
    case 6: case 9: return 2;
    default: return 0;
  }
}

constexpr uint64_t mapAlignment = 16, mostMapLength = uint64_t{1} << 32, mostMapStep = uint64_t{1} << 40, mostInBox = 256, lineBytes = 128;

struct EmulatedMap {
  void* base;
  int rank;
  long dims[5], strides[4];
  int box[5], elementBytes;
};
static_assert(sizeof(EmulatedMap) <= sizeof(TensorMap));

}  // namespace

std::array<uint64_t, maxMapAxes - 1> BoxedTensor::steps() const {
  std::array<uint64_t, maxMapAxes - 1> steps{};
  uint64_t bytes = elementBytesOf(type);
  for (size_t i = 0; i + 1 < rank; i++) steps[i] = bytes *= lengths[i];
  return steps;
}

std::string BoxedTensor::text() const {
  const auto outermostFirst = [&](const std::array<uint64_t, maxMapAxes>& of) {
    std::string list;
    for (size_t i = rank; i-- > 0;) list += (list.empty() ? "" : ", ") + std::to_string(of[i]);
    return "[" + list + "]";
  };
  return "boxes of " + outermostFirst(box) + " in " + outermostFirst(lengths) + " elements of " + std::to_string(elementBytesOf(type)) + " bytes";
}

BoxedTensor boxedTensor(const double* word, const char* data, uint64_t bytes) {
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw Failure("R010", what);
  };
  BoxedTensor t{data, wholeNumber(word[0], "element type"), wholeNumber(word[1], "rank"), {}, {}};
  uint64_t step = elementBytesOf(t.type);
  require(step > 0, "an unknown element type");
  require(t.rank >= 1 && t.rank <= maxMapAxes, "the number of axes must be from 1 to 5");
  require(reinterpret_cast<uintptr_t>(data) % mapAlignment == 0, "memory must begin at a multiple of 16 bytes");
  for (size_t i = 0; i < t.rank; i++) {
    const uint64_t length = t.lengths[i] = wholeNumber(word[2 + i], "length"), box = t.box[i] = wholeNumber(word[2 + maxMapAxes + i], "box");
    require(length >= 1 && length <= mostMapLength, "lengths must be from 1 to 2^32");
    require(box >= 1 && box <= mostInBox, "a box must take from 1 to 256 positions of an axis");
    require(i > 0 || (box * step <= lineBytes && box * step % mapAlignment == 0), "a box must take a multiple of 16 bytes, at most 128, along the innermost axis");
    require(i == 0 || (step % mapAlignment == 0 && step < mostMapStep), "steps along an axis must be multiples of 16 bytes, below 2^40");
    // Below 2^40 · 2^32: what would not fit is longer than any memory.
    require(step <= bytes && length <= bytes / step, "the memory is smaller than its lengths say");
    step *= length;
  }
  require(step == bytes, "the memory is larger than its lengths say");
  return t;
}

std::shared_ptr<const TensorMap> emulatedMap(const BoxedTensor& t) {
  EmulatedMap map{const_cast<char*>(t.data), static_cast<int>(t.rank), {}, {}, {}, static_cast<int>(elementBytesOf(t.type))};
  const auto steps = t.steps();
  for (size_t i = 0; i < t.rank; i++) {
    map.dims[i] = static_cast<long>(t.lengths[i]);
    map.box[i] = static_cast<int>(t.box[i]);
    if (i > 0) map.strides[i - 1] = static_cast<long>(steps[i - 1]);
  }
  auto words = std::make_shared<TensorMap>();
  std::memcpy(words->bytes, &map, sizeof map);
  return words;
}

}  // namespace warpfold
