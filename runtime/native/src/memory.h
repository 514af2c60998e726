// Device memory: 64-byte aligned blocks in size classes, reused when freed, and blocks adopted from mapped files.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace warpfold {

class Mapping;

struct Block {
  char* data;
  /** What was asked for; accesses are checked against it. */
  size_t bytes;
  /** What the block occupies; 0 for adopted memory. */
  size_t capacity;
  /** Keeps adopted memory mapped; null for the pool's own blocks. */
  std::shared_ptr<const Mapping> mapping;
};

/** Memory handed back to the system when it is destroyed. */
using Released = std::vector<std::unique_ptr<char, void (*)(void*)>>;

/**
 * Blocks by id; ids are never reused, so a stale id is found out. Used by the JavaScript thread alone. A freed block
 * may be handed out at once although queued work still uses it: the next owner's work queues behind that work.
 */
class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  uint64_t allocate(size_t bytes);
  uint64_t adopt(char* data, size_t bytes, std::shared_ptr<const Mapping> mapping);
  void free(uint64_t id);
  /** The block; throws R011 for an id that is not alive. */
  const Block& at(uint64_t id) const;
  /** The address of `bytes` bytes at `offset`; throws where they leave the block. */
  char* range(uint64_t id, uint64_t offset, uint64_t bytes, bool write) const;
  /** Free blocks, taken out of the pool. Queued work may still use them: destroy the result behind it. */
  Released takeFree();

  size_t allocatedBytes() const { return allocated; }
  size_t peakBytes() const { return peak; }

 private:
  uint64_t insert(Block block);

  std::unordered_map<uint64_t, Block> blocks;
  std::map<size_t, std::vector<char*>> freeBlocks;
  uint64_t nextId = 1;
  size_t allocated = 0, held = 0, peak = 0;
};

}  // namespace warpfold
