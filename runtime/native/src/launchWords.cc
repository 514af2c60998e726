#include "launchWords.h"

#include <cmath>
#include <cstring>

namespace warpfold {

namespace {

enum ArgKind { argI32, argF32, argRead, argWrite, argOffsets };

}  // namespace

void encodeArgs(Launch& launch, const double* word, size_t count, const Pool& pool) {
  launch.values.assign(count, 0);
  for (size_t i = 0; i < count; i++, word += wordsPerArg) {
    uint64_t& value = launch.values[i];
    const double kind = word[0];
    if (kind == argI32) {
      if (!(word[1] >= -2147483648.0 && word[1] <= 2147483647.0) || word[1] != std::floor(word[1])) throw Failure("R010", "a launch argument is not an i32");
      const auto number = static_cast<int32_t>(word[1]);
      std::memcpy(&value, &number, sizeof number);
    } else if (kind == argF32) {
      const auto number = static_cast<float>(word[1]);
      std::memcpy(&value, &number, sizeof number);
    } else if (kind == argRead || kind == argWrite || kind == argOffsets) {
      const uint64_t id = wholeNumber(word[1], "block"), offset = wholeNumber(word[2], "offset"), size = wholeNumber(word[3], "length");
      if (kind == argOffsets && (size == 0 || size > (uint64_t{1} << 40))) throw Failure("R010", "the number of offsets");
      char* data = pool.range(id, offset, kind == argOffsets ? size * sizeof(int32_t) : size, kind == argWrite);
      value = reinterpret_cast<uint64_t>(data);
      if (kind == argOffsets)
        launch.checks.push_back({reinterpret_cast<const int32_t*>(data), size, static_cast<int64_t>(wholeNumber(word[4], "rows")), static_cast<int64_t>(wholeNumber(word[5], "longest"))});
      if (pool.at(id).mapping) launch.keep.push_back(pool.at(id).mapping);
    } else {
      throw Failure("R010", "a launch argument of unknown kind");
    }
  }
}

}  // namespace warpfold

// Note [Launch words]
// Six doubles per argument: kind, then
//   0 i32, 1 f32: the value
//   2 read, 3 write: block, byte offset, byte length
//   4 offsets of a ragged axis: block, byte offset, how many, packed rows, longest length
// One call into the addon costs about as much as reading all of them; a call per argument would cost ten times that.
