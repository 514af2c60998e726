#include "memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "check.h"

namespace warpfold {

namespace {

constexpr size_t cacheLine = 64, hugePage = size_t{2} << 20;

/** The class that holds `bytes`: four classes per power of two, so at most a quarter is lost; multiples of 64 throughout. */
size_t sizeClass(size_t bytes) {
  if (bytes <= 4 * cacheLine) return bytes == 0 ? cacheLine : (bytes + cacheLine - 1) / cacheLine * cacheLine;
  size_t power = 4 * cacheLine;
  while (power < bytes) power *= 2;
  const size_t step = power / 8;
  return (bytes + step - 1) / step * step;
}

size_t physicalBytes() {
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 ? static_cast<size_t>(pages) * static_cast<size_t>(page) : SIZE_MAX;
}

/** Null where the system has no memory. Large blocks ask for huge pages: a matmul walks them with far fewer TLB misses. */
char* systemAllocate(size_t capacity) {
  const bool huge = capacity >= 2 * hugePage;
  const size_t alignment = huge ? hugePage : cacheLine;
  void* data = nullptr;
  if (posix_memalign(&data, alignment, capacity) != 0) return nullptr;
  if (huge) madvise(data, capacity / hugePage * hugePage, MADV_HUGEPAGE);
  return static_cast<char*>(data);
}

std::string megabytes(size_t bytes) { return std::to_string((bytes + 1048575) / 1048576) + " MiB"; }

}  // namespace

Pool::~Pool() {
  for (auto& [id, block] : blocks)
    if (!block.mapping) std::free(block.data);
  for (auto& [capacity, list] : freeBlocks)
    for (char* data : list) std::free(data);
}

uint64_t Pool::insert(Block block) {
  const uint64_t id = nextId++;
  blocks.emplace(id, std::move(block));
  return id;
}

uint64_t Pool::allocate(size_t bytes) {
  static const size_t limit = physicalBytes();
  if (bytes > limit) throw Failure("R014", "a tensor of " + megabytes(bytes) + " exceeds the machine's " + megabytes(limit));
  const size_t wanted = sizeClass(bytes);
  // A free block up to twice as large serves as well: less is held than by asking the system again.
  const auto found = freeBlocks.lower_bound(wanted);
  if (found != freeBlocks.end() && found->first <= 2 * wanted) {
    const size_t capacity = found->first;
    char* data = found->second.back();
    const uint64_t id = insert({data, bytes, capacity, nullptr});
    found->second.pop_back();
    if (found->second.empty()) freeBlocks.erase(found);
    allocated += capacity;
    return id;
  }
  char* data = held + wanted > limit ? nullptr : systemAllocate(wanted);
  if (data == nullptr)
    throw Failure("R014", "no " + megabytes(bytes) + " left: the device holds " + megabytes(held) + " of the machine's " + megabytes(limit), "",
                  "dispose tensors, call trim(), or use smaller chunks");
  const uint64_t id = insert({data, bytes, wanted, nullptr});
  allocated += wanted;
  held += wanted;
  if (held > peak) peak = held;
  return id;
}

uint64_t Pool::adopt(char* data, size_t bytes, std::shared_ptr<const Mapping> mapping) { return insert({data, bytes, 0, std::move(mapping)}); }

void Pool::free(uint64_t id) {
  const auto found = blocks.find(id);
  if (found == blocks.end()) throw Failure("R011", "memory freed twice");
  const Block& block = found->second;
  if (!block.mapping) {
    freeBlocks[block.capacity].push_back(block.data);
    allocated -= block.capacity;
  }
  blocks.erase(found);
}

const Block& Pool::at(uint64_t id) const {
  const auto found = blocks.find(id);
  if (found == blocks.end()) throw Failure("R011", "memory that is not allocated");
  return found->second;
}

char* Pool::range(uint64_t id, uint64_t offset, uint64_t bytes, bool write) const {
  const Block& block = at(id);
  if (offset > block.bytes || bytes > block.bytes - offset)
    throw Failure("R010", "bytes " + std::to_string(offset) + " to " + std::to_string(offset + bytes) + " of a block of " + std::to_string(block.bytes));
  if (write && block.mapping) throw Failure("R019", "adopted memory is read-only");
  return block.data + offset;
}

Released Pool::takeFree() {
  Released released;
  for (auto& [capacity, list] : freeBlocks) {
    held -= capacity * list.size();
    for (char* data : list) released.emplace_back(data, std::free);
  }
  freeBlocks.clear();
  return released;
}

}  // namespace warpfold
