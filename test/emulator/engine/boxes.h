// Boxes of tensors in global memory, and how they lie in shared memory.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace emulator {

constexpr int mostAxes = 5, lineBytes = 128, boxAlignment = 1024;

/**
 * What a TensorMap holds here; whoever launches fills it. Axes innermost first; `strides` in bytes, of axes 1 and up; `box`:
 * positions that a copy takes on each axis.
 */
struct EmulatedMap {
  void* base;
  int rank;
  long dims[mostAxes];
  long strides[mostAxes - 1];
  int box[mostAxes];
  int elementBytes;
};
static_assert(sizeof(EmulatedMap) <= 128, "a tensor map has 128 bytes");

inline EmulatedMap mapIn(const void* words) {
  EmulatedMap map;
  std::memcpy(&map, words, sizeof map);
  return map;
}

/** A box of a tensor: `at` are its first positions. */
struct Box {
  EmulatedMap map;
  std::array<int, mostAxes> at;
  int lines() const {
    int n = 1;
    for (int i = 1; i < map.rank; i++) n *= map.box[i];
    return n;
  }
  int bytes() const { return lines() * lineBytes; }
};

/** What a driver would not make a map of; empty where it would. `bytes`: of the memory. */
inline std::string whyNoMap(const EmulatedMap& map, std::size_t bytes) {
  if (map.rank < 1 || map.rank > mostAxes) return "it has " + std::to_string(map.rank) + " axes, not 1 to 5";
  if (reinterpret_cast<std::uintptr_t>(map.base) % 16 != 0) return "its memory does not begin at a multiple of 16 bytes";
  if (map.box[0] * map.elementBytes != lineBytes) return "its boxes have lines of " + std::to_string(map.box[0] * map.elementBytes) + " bytes, not 128";
  std::size_t end = static_cast<std::size_t>(map.elementBytes);
  for (int i = 0; i < map.rank; i++) {
    const long stride = i == 0 ? map.elementBytes : map.strides[i - 1];
    if (map.dims[i] < 1 || map.dims[i] > 1L << 32) return "axis " + std::to_string(i) + " is " + std::to_string(map.dims[i]) + " long";
    if (map.box[i] < 1 || map.box[i] > 256) return "its boxes take " + std::to_string(map.box[i]) + " positions of axis " + std::to_string(i) + ", not 1 to 256";
    if (i > 0 && (stride % 16 != 0 || stride < 0 || stride >= 1L << 40)) return "axis " + std::to_string(i) + " has a stride of " + std::to_string(stride) + " bytes, no multiple of 16 below 2^40";
    end += static_cast<std::size_t>(map.dims[i] - 1) * static_cast<std::size_t>(stride);
  }
  return end > bytes ? "it reaches to byte " + std::to_string(end) + " of " + std::to_string(bytes) : "";
}

/** Where 16 bytes of a line stand among its eight pieces: the copy engine permutes them by bits 7 to 9 of the address. */
constexpr int swizzled(int address) { return address ^ (address >> 3 & 0x70); }

/** Calls f(where it lies in the box's bytes, where axis 0 begins in global memory, or null beyond the tensor) for every line. */
template <class F> void eachLine(const Box& box, F f) {
  const EmulatedMap& map = box.map;
  std::array<int, mostAxes> i{};
  for (int line = 0; line < box.lines(); line++) {
    bool isInside = true;
    const char* from = static_cast<const char*>(map.base);
    for (int axis = 1; axis < map.rank; axis++) {
      const long x = static_cast<long>(box.at[axis]) + i[axis];
      isInside = isInside && x >= 0 && x < map.dims[axis];
      from += x * map.strides[axis - 1];
    }
    f(line * lineBytes, isInside ? const_cast<char*>(from) : nullptr);
    for (int axis = 1; axis < map.rank && ++i[axis] == map.box[axis]; axis++) i[axis] = 0;
  }
}

/** Elements of a line of the box that lie inside the tensor, first and behind the last. */
inline std::pair<int, int> insideOf(const Box& box) {
  const long begin = std::max(0L, -static_cast<long>(box.at[0])), end = std::min(static_cast<long>(box.map.box[0]), box.map.dims[0] - box.at[0]);
  return {static_cast<int>(std::min(begin, static_cast<long>(box.map.box[0]))), static_cast<int>(std::max(begin, end))};
}

/** Copies a box to shared memory at `to`, a multiple of 1,024. */
inline void readBox(const Box& box, char* shared, int to) {
  const auto [begin, end] = insideOf(box);
  const int size = box.map.elementBytes;
  eachLine(box, [&](int at, const char* from) {
    char line[lineBytes] = {};
    if (from != nullptr && end > begin) std::memcpy(line + begin * size, from + (box.at[0] + static_cast<long>(begin)) * size, static_cast<std::size_t>(end - begin) * size);
    for (int c = 0; c < lineBytes; c += 16) std::memcpy(shared + swizzled(to + at + c), line + c, 16);
  });
}

/** Writes the bytes of a box, as they lay in shared memory, to the tensor. */
inline void writeBox(const Box& box, const char* bytes) {
  const auto [begin, end] = insideOf(box);
  const int size = box.map.elementBytes;
  eachLine(box, [&](int at, char* to) {
    if (to == nullptr || end <= begin) return;
    char line[lineBytes];
    for (int c = 0; c < lineBytes; c += 16) std::memcpy(line + c, bytes + swizzled(at + c), 16);
    std::memcpy(to + (box.at[0] + static_cast<long>(begin)) * size, line + begin * size, static_cast<std::size_t>(end - begin) * size);
  });
}

}  // namespace emulator
