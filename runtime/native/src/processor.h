// What devices differ in: where memory lies and how work is done.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "check.h"
#include "tensorMap.h"

namespace warpfold {

/** A function ready to be launched. `threads` and `sharedBytes` are of one block; a CPU function has its grid inside. */
struct Function {
  void* entry = nullptr;
  /** The kernel, and the file that says what it computes. */
  std::string label, source;
  unsigned threads = 0, sharedBytes = 0;
  /** Of a GPU's function that itself waits for the launch in front of it. */
  bool beginsEarly = false;
  /** Of a GPU's function: what its arguments are called. */
  std::vector<std::string> argNames;
};

/**
 * Offsets of a ragged axis, checked when the launch runs because only then their contents are known. `written`: what
 * the host wrote there last, where that is known. `whole`: they must leave out no row.
 */
struct OffsetsCheck {
  const int32_t* offsets;
  uint64_t count;
  int64_t rows, longest;
  bool whole;
  std::shared_ptr<const char> written;
};

/** A point in the order of work, to measure from or to. */
struct Moment {
  virtual ~Moment() = default;
};

struct Launch;
struct Recording;
class Mapping;
class Tracer;

/** Where work is done. `allocate`, `free`, `tensorMap` and the questions may come from any thread, all else from the device's own. */
class Processor {
 public:
  virtual ~Processor() = default;
  /** Present while work is traced; the device's own thread sets it. */
  std::shared_ptr<Tracer> tracer;

  /** Null where no memory is left. */
  virtual char* allocate(size_t bytes) = 0;
  /** Waits for work that still uses the memory. */
  virtual void free(char* data) = 0;
  /** How its copies find boxes in a tensor. */
  virtual std::shared_ptr<const TensorMap> tensorMap(const BoxedTensor& tensor) = 0;
  /** How much memory there is, and whose it is in a sentence: "the machine's". */
  virtual size_t memoryBytes() const = 0;
  /** How much of it a device could hold that holds `held` bytes now: what others hold is taken off where that is known. */
  virtual size_t capacityBytes(size_t held) const = 0;
  virtual const char* owner() const = 0;
  /** Whether the host reads and writes this memory like its own. */
  virtual bool isHost() const = 0;
  /** Throws where nothing can run any more. */
  virtual void requireUsable() const = 0;

  /** The device's thread begins. */
  virtual void begin() = 0;
  virtual void launch(Launch& launch) = 0;
  virtual void copy(char* to, const char* from, size_t bytes) = 0;
  /** From host memory, which may change as soon as this returns. */
  virtual void upload(char* to, const char* from, size_t bytes) = 0;
  /** From a file. May go on reading when this returns: what uses the bytes waits for them. */
  virtual void uploadFile(char* to, std::shared_ptr<const Mapping> file, size_t offset, size_t bytes) = 0;
  /** To host memory, behind all work before. */
  virtual void download(char* to, const char* from, size_t bytes) = 0;
  /** Waits until all work before has run; throws the failure of some of it. */
  virtual void finish() = 0;
  /** What the first replay would do itself, so that it need not. */
  virtual void prepare(Recording&) {}
  virtual void replay(Recording& recording) = 0;
  /** True from cancel() on until the next task: what runs a recording launch by launch stops there. */
  std::atomic<bool> cancelled{false};
  virtual std::unique_ptr<Moment> moment() = 0;
  /** Seconds of work between two moments, once both have passed. */
  virtual double seconds(const Moment& from, const Moment& to) = 0;
};

/** Throws R110 for offsets that do not cut `rows` rows, or some of them, into pieces of at most `longest`. */
void checkOffsets(const int32_t* offsets, const OffsetsCheck& check, const std::string& label);

}  // namespace warpfold
