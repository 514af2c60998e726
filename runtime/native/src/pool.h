// Device memory: blocks in size classes, reused when freed, or each as large as was asked; and blocks adopted from mapped files.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "processor.h"

namespace warpfold {

class Mapping;

/** Memory of the pool; back in it when nobody holds it any more. */
using Memory = std::shared_ptr<char>;

/** The last write from the host to a block, where nothing has written there since: begins at byte `offset`. */
struct Written {
  std::shared_ptr<const char> bytes;
  uint64_t offset = 0, length = 0;
};

struct Block {
  char* data;
  /** What was asked for; accesses are checked against it. */
  size_t bytes;
  /** The pool's own memory; null for adopted memory. */
  Memory memory;
  /** Keeps adopted memory mapped; null for the pool's own blocks. */
  std::shared_ptr<const Mapping> mapping;
  bool readOnly;
  Written written;
};

/** Memory handed back to the system when it is destroyed. */
class Released {
 public:
  Released() = default;
  Released(Processor& processor, std::vector<char*> blocks) : processor(&processor), blocks(std::move(blocks)) {}
  Released(Released&& other) noexcept { *this = std::move(other); }
  Released& operator=(Released&& other) noexcept {
    clear();
    processor = other.processor;
    blocks = std::move(other.blocks);
    other.blocks.clear();
    return *this;
  }
  ~Released() { clear(); }
  void clear() {
    for (char* data : blocks) processor->free(data);
    blocks.clear();
  }

 private:
  Processor* processor = nullptr;
  std::vector<char*> blocks;
};

/**
 * Blocks by id; ids are never reused, so a stale id is found out. Used by the JavaScript thread alone. A freed block
 * may be handed out at once although queued work still uses it: the next owner's work queues behind that work.
 */
class Pool {
 public:
  /** `apart`: every block is an allocation of exactly its size that is never handed out again. */
  Pool(Processor& processor, bool apart) : apart(apart), processor(processor) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { close(); }

  /** Throws R014 where neither a free block nor the system has this much. */
  uint64_t allocate(size_t bytes);
  uint64_t adopt(char* data, size_t bytes, std::shared_ptr<const Mapping> mapping);
  void free(uint64_t id);
  /** The block; throws R011 for an id that is not alive. */
  Block& at(uint64_t id);
  /** The address of `bytes` bytes at `offset`; throws where they leave the block. */
  char* range(uint64_t id, uint64_t offset, uint64_t bytes, bool write);
  const bool apart;

  /** Free blocks, taken out of the pool. Queued work may still use them: destroy the result behind it. */
  Released takeFree();
  bool hasFree() const { return !freeBlocks.empty(); }
  /** Gives all memory back to the system; ids can still be freed. Nothing may use the memory any more. */
  void close();

  size_t allocatedBytes() const { return allocated; }
  size_t heldBytes() const { return held; }
  size_t peakBytes() const { return peak; }

 private:
  uint64_t insert(char* data, size_t capacity, size_t bytes);
  void recycle(char* data, size_t capacity);

  Processor& processor;
  std::unordered_map<uint64_t, Block> blocks;
  std::map<size_t, std::vector<char*>> freeBlocks;
  uint64_t nextId = 1;
  size_t allocated = 0, held = 0, peak = 0;
};

}  // namespace warpfold
