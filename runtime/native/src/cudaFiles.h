// Files on their way to a GPU: several threads read, and each part is copied as soon as it has been read.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "cudaTable.h"
#include "mappedFile.h"
#include "tracer.h"

namespace warpfold {

/** A call of the driver that failed on a reading thread. */
struct CudaFailure : std::exception {
  CudaFailure(const char* call, CudaResult result) : call(call), result(result) {}
  const char* call;
  CudaResult result;
};

/**
 * Readers with two pinned buffers each: one is copied by the GPU while the other is read into. All copies go to one stream,
 * each when its part has been read, so what uses the bytes must be submitted behind `settle`.
 */
class CudaFiles {
 public:
  CudaFiles(const CudaTable& cuda, CudaContext context, CudaStream stream);
  CudaFiles(const CudaFiles&) = delete;
  CudaFiles& operator=(const CudaFiles&) = delete;
  /** The stream's copies must have ended. */
  ~CudaFiles();

  /** Begins to read; waits where much is to be read already. */
  void add(char* to, std::shared_ptr<const Mapping> file, size_t offset, size_t bytes, const std::shared_ptr<Tracer>& tracer);
  /** Waits until everything has been read and its copy is submitted. Throws the first failure since the last call: Failure or CudaFailure. */
  void settle();
  /** Forgets what has not been begun, and waits for the rest. Its failure stays for `settle`. */
  void drop();

 private:
  struct Part { char* to; std::shared_ptr<const Mapping> file; size_t offset, bytes; std::shared_ptr<Tracer> tracer; };
  struct Buffer { char* data = nullptr; CudaEvent done = nullptr; bool busy = false; };

  void read(int number);
  void load(const Part& part, Buffer& buffer, int number) const;
  void check(const char* call, CudaResult result) const { if (result != cudaSuccess) throw CudaFailure(call, result); }

  const CudaTable& cuda;
  const CudaContext context;
  const CudaStream stream;
  std::mutex mutex;
  std::condition_variable wake, changed;
  std::deque<Part> waiting;
  /** What was added since all was read last: [begin, end). */
  std::vector<std::pair<const char*, const char*>> targets;
  size_t reading = 0;
  std::exception_ptr failure;
  bool stopping = false;
  std::vector<std::thread> threads;
};

}  // namespace warpfold
