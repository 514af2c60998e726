// What the copy engine knows of a tensor: where boxes of it lie in memory. A launch takes it by value.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace warpfold {

constexpr size_t maxMapAxes = 5;

/** A tensor that is copied in boxes: its element type as the driver numbers it, and its axes, innermost first, with the positions that a box takes of each; 0 beyond `rank`. */
struct BoxedTensor {
  const char* data;
  uint64_t type, rank;
  std::array<uint64_t, maxMapAxes> lengths, box;
  /** Bytes from one position to the next, along all axes but the innermost. */
  std::array<uint64_t, maxMapAxes - 1> steps() const;
  std::string text() const;
  bool operator==(const BoxedTensor& other) const {
    return data == other.data && type == other.type && rank == other.rank && lengths == other.lengths && box == other.box;
  }
};

struct alignas(64) TensorMap { unsigned char bytes[128]; };

/**
 * The tensor of `bytes` bytes at `data` that words of a launch describe (type, rank, lengths, box). Throws R010 for what
 * no copy engine takes.
 */
BoxedTensor boxedTensor(const double* word, const char* data, uint64_t bytes);

/** The map as the emulator of test/emulator reads it: EmulatedMap of its engine. */
std::shared_ptr<const TensorMap> emulatedMap(const BoxedTensor& tensor);

}  // namespace warpfold
