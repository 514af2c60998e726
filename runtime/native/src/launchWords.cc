#include "launchWords.h"

#include <cmath>
#include <cstring>

namespace warpfold {

namespace {

enum ArgKind { argI32, argF32, argRead, argWrite, argOffsets, argWholeOffsets, argReadMap, argWriteMap };

uint64_t numberBits(double kind, double word) {
  uint64_t value = 0;
  if (kind == argF32) {
    const auto number = static_cast<float>(word);
    std::memcpy(&value, &number, sizeof number);
    return value;
  }
  if (!(word >= -2147483648.0 && word <= 2147483647.0) || word != std::floor(word)) throw Failure("R010", "a launch argument is not an i32");
  const auto number = static_cast<int32_t>(word);
  std::memcpy(&value, &number, sizeof number);
  return value;
}

/** The host's copy of these bytes, where it wrote them all in one piece; else null. */
std::shared_ptr<const char> writtenAt(const Block& block, uint64_t offset, uint64_t bytes) {
  const Written& w = block.written;
  if (!w.bytes || offset < w.offset || offset + bytes > w.offset + w.length) return nullptr;
  return {w.bytes, w.bytes.get() + (offset - w.offset)};
}

/** What is wrong with a map is told with the name of its argument. */
std::shared_ptr<const TensorMap> mapAt(const double* word, const char* data, uint64_t bytes, Processor& processor, const std::vector<std::string>& names, size_t index) {
  try {
    return processor.tensorMap(boxedTensor(word + 4, data, bytes));
  } catch (Failure& failure) {
    failure.text = "the tensor map of " + (index < names.size() ? "`" + names[index] + "`" : "argument " + std::to_string(index)) + ": " + failure.text;
    throw;
  }
}

}  // namespace

void encodeArgs(Launch& launch, const double* word, size_t count, Processor& processor, Pool& pool, std::vector<Memory>* used) {
  launch.values.assign(count, 0);
  for (size_t i = 0; i < count; i++, word += wordsPerArg) {
    const double kind = word[0];
    if (kind == argI32 || kind == argF32) {
      launch.values[i] = numberBits(kind, word[1]);
      continue;
    }
    const bool isOffsets = kind == argOffsets || kind == argWholeOffsets;
    const bool isMap = kind == argReadMap || kind == argWriteMap, isWritten = kind == argWrite || kind == argWriteMap;
    if (kind != argRead && !isWritten && !isMap && !isOffsets) throw Failure("R010", "a launch argument of unknown kind");
    const uint64_t id = wholeNumber(word[1], "block"), offset = wholeNumber(word[2], "offset"), size = wholeNumber(word[3], "length");
    if (isOffsets && (size == 0 || size > (uint64_t{1} << 40))) throw Failure("R010", "the number of offsets");
    const uint64_t bytes = isOffsets ? size * sizeof(int32_t) : size;
    char* data = pool.range(id, offset, bytes, isWritten);
    Block& block = pool.at(id);
    launch.values[i] = reinterpret_cast<uint64_t>(data);
    if (isOffsets)
      launch.checks.push_back({reinterpret_cast<const int32_t*>(data), size, static_cast<int64_t>(wholeNumber(word[4], "rows")), static_cast<int64_t>(wholeNumber(word[5], "longest")), kind == argWholeOffsets, writtenAt(block, offset, bytes)});
    if (isMap) launch.maps.emplace_back(i, mapAt(word, data, bytes, processor, launch.function->argNames, i));
    if (isWritten) block.written = {};
    if (block.mapping) launch.keep.push_back(block.mapping);
    if (used == nullptr) continue;
    launch.touched.push_back({data, bytes, isWritten});
    if (block.memory) used->push_back(block.memory);
  }
}

}  // namespace warpfold

// Note [Launch words]
// Sixteen doubles per argument: kind, then
//   0 i32, 1 f32: the value
//   2 read, 3 write: block, byte offset, byte length
//   4 offsets of a ragged axis, 5 ones that leave out no row: block, byte offset, how many, packed rows, longest length
//   6 map of what is read, 7 of what is written: block, byte offset, byte length, element type (CUtensorMapDataType), number
//     of axes, then, innermost axis first and 0 behind the last, five lengths, and five numbers of positions in a box
// One call into the addon costs about as much as reading all of them; a call per argument would cost ten times that.
