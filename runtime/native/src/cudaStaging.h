// Pinned host memory through which bytes pass to and from a GPU.
#pragma once
#include <cstddef>

#include "cudaTable.h"

namespace warpfold {

/**
 * Two pinned buffers: while one is copied by the GPU the other is filled. Bytes are taken front to back; a buffer is
 * begun anew once the copies out of it have ended. Used by the device's thread, with its context current.
 */
class CudaStaging {
 public:
  CudaStaging(const CudaTable& cuda, size_t bufferBytes) : cuda(cuda), bufferBytes(bufferBytes) {}
  CudaStaging(const CudaStaging&) = delete;
  CudaStaging& operator=(const CudaStaging&) = delete;
  ~CudaStaging() { close(); }

  size_t capacity() const { return bufferBytes; }
  /** Pinned memory for at most `capacity` bytes that the caller uses on `stream` before it takes more; throws R022. */
  char* take(size_t bytes, CudaStream stream);
  /** Gives the buffers back; no copy may use them any more. */
  void close();

 private:
  struct Buffer { char* data = nullptr; CudaEvent done = nullptr; bool busy = false; };

  void check(const char* call, CudaResult result) const;
  void open(Buffer& buffer);

  const CudaTable& cuda;
  size_t bufferBytes, used = 0;
  Buffer buffers[2];
  int current = 0;
};

/** memcpy by several threads, which also meet the page faults of a mapped file together. */
void copyInParallel(char* to, const char* from, size_t bytes);

}  // namespace warpfold
