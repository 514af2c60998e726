#include "cudaStaging.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <vector>

namespace warpfold {

namespace {

constexpr size_t alignment = 256, bytesPerThread = size_t{4} << 20;
constexpr unsigned mostThreads = 8;

/** Maps the pages of a range in one call instead of one fault each; only a hint, which old kernels do not know. */
void populate(const char* data, size_t bytes) {
#ifdef MADV_POPULATE_READ
  static const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t first = reinterpret_cast<uintptr_t>(data) / page * page;
  madvise(reinterpret_cast<void*>(first), reinterpret_cast<uintptr_t>(data) + bytes - first, MADV_POPULATE_READ);
#else
  (void)data, (void)bytes;
#endif
}

}  // namespace

void CudaStaging::close() {
  for (Buffer& buffer : buffers) {
    if (buffer.data != nullptr) cuda.MemFreeHost(buffer.data);
    if (buffer.done != nullptr) cuda.EventDestroy(buffer.done);
    buffer = {};
  }
}

void CudaStaging::check(const char* call, CudaResult result) const {
  if (result != cudaSuccess) throw Failure("R022", cudaFailed(cuda, call, result) + " for host memory of " + std::to_string(bufferBytes) + " bytes");
}

void CudaStaging::open(Buffer& buffer) {
  void* data = nullptr;
  check("cuEventCreate", cuda.EventCreate(&buffer.done, cudaEventUntimed));
  check("cuMemHostAlloc", cuda.MemHostAlloc(&data, bufferBytes, 0));
  buffer.data = static_cast<char*>(data);
}

char* CudaStaging::take(size_t bytes, CudaStream stream) {
  if (buffers[current].data == nullptr) open(buffers[current]);
  if (used + bytes > bufferBytes) {
    check("cuEventRecord", cuda.EventRecord(buffers[current].done, stream));
    buffers[current].busy = true;
    current = 1 - current;
    used = 0;
    Buffer& next = buffers[current];
    if (next.data == nullptr) open(next);
    if (next.busy) check("cuEventSynchronize", cuda.EventSynchronize(next.done));
    next.busy = false;
  }
  char* data = buffers[current].data + used;
  used = std::min(bufferBytes, used + (bytes + alignment - 1) / alignment * alignment);
  return data;
}

void copyInParallel(char* to, const char* from, size_t bytes) {
  const size_t count = std::clamp<size_t>(bytes / bytesPerThread, 1, std::max(1u, std::min(mostThreads, std::thread::hardware_concurrency())));
  const auto part = [=](size_t i) {
    const size_t begin = bytes * i / count, end = bytes * (i + 1) / count;
    if (count > 1) populate(from + begin, end - begin);
    std::memcpy(to + begin, from + begin, end - begin);
  };
  std::vector<std::thread> threads;
  for (size_t i = 1; i < count; i++) threads.emplace_back(part, i);
  part(0);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace warpfold
