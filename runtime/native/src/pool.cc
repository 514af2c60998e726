#include "pool.h"

#include <algorithm>
#include <string>

#include "check.h"

namespace warpfold {

namespace {

constexpr size_t smallest = 64, largestStep = size_t{16} << 20;

/**
 * The class that holds `bytes`: four classes per power of two, so at most a quarter is lost, and never more than 16 MiB;
 * multiples of 64 throughout.
 */
size_t sizeClass(size_t bytes) {
  if (bytes <= 4 * smallest) return bytes == 0 ? smallest : (bytes + smallest - 1) / smallest * smallest;
  size_t power = 4 * smallest;
  while (power < bytes) power *= 2;
  const size_t step = std::min(power / 8, largestStep);
  return (bytes + step - 1) / step * step;
}

std::string megabytes(size_t bytes) { return std::to_string((bytes + 1048575) / 1048576) + " MiB"; }

}  // namespace

uint64_t Pool::insert(char* data, size_t capacity, size_t bytes) {
  const uint64_t id = nextId++;
  Memory memory(data, [this, capacity](char* freed) { recycle(freed, capacity); });
  blocks.emplace(id, Block{data, bytes, std::move(memory), nullptr, false, {}});
  allocated += capacity;
  return id;
}

void Pool::recycle(char* data, size_t capacity) {
  freeBlocks[capacity].push_back(data);
  allocated -= capacity;
}

uint64_t Pool::allocate(size_t bytes) {
  const size_t limit = processor.memoryBytes();
  if (bytes > limit) throw Failure("R014", "a tensor of " + megabytes(bytes) + " exceeds " + processor.owner() + " " + megabytes(limit));
  const size_t wanted = apart ? std::max<size_t>(bytes, 1) : sizeClass(bytes);
  // A free block up to twice as large serves as well: less is held than by asking the system again.
  const auto found = apart ? freeBlocks.end() : freeBlocks.lower_bound(wanted);
  if (found != freeBlocks.end() && found->first <= 2 * wanted) {
    const size_t capacity = found->first;
    char* data = found->second.back();
    found->second.pop_back();
    if (found->second.empty()) freeBlocks.erase(found);
    return insert(data, capacity, bytes);
  }
  char* data = held + wanted > limit ? nullptr : processor.allocate(wanted);
  if (data == nullptr)
    throw Failure("R014", "no " + megabytes(bytes) + " left: the device holds " + megabytes(held) + " of " + processor.owner() + " " + megabytes(limit), "",
                  "dispose tensors, call trim(), or use smaller chunks");
  held += wanted;
  peak = std::max(peak, held);
  return insert(data, wanted, bytes);
}

uint64_t Pool::adopt(char* data, size_t bytes, std::shared_ptr<const Mapping> mapping) {
  const uint64_t id = nextId++;
  blocks.emplace(id, Block{data, bytes, nullptr, std::move(mapping), true, {}});
  return id;
}

void Pool::free(uint64_t id) {
  if (blocks.erase(id) == 0) throw Failure("R011", "memory freed twice");
}

Block& Pool::at(uint64_t id) {
  const auto found = blocks.find(id);
  if (found == blocks.end()) throw Failure("R011", "memory that is not allocated");
  return found->second;
}

char* Pool::range(uint64_t id, uint64_t offset, uint64_t bytes, bool write) {
  const Block& block = at(id);
  if (offset > block.bytes || bytes > block.bytes - offset)
    throw Failure("R010", "bytes " + std::to_string(offset) + " to " + std::to_string(offset + bytes) + " of a block of " + std::to_string(block.bytes));
  if (write && block.readOnly) throw Failure("R019", "adopted memory is read-only");
  return block.data + offset;
}

Released Pool::takeFree() {
  std::vector<char*> all;
  for (auto& [capacity, list] : freeBlocks) {
    held -= capacity * list.size();
    all.insert(all.end(), list.begin(), list.end());
  }
  freeBlocks.clear();
  return {processor, std::move(all)};
}

void Pool::close() {
  for (auto& [id, block] : blocks) {
    block.memory.reset();
    block.mapping.reset();
    block.written = {};
  }
  takeFree();
}

}  // namespace warpfold
