#include "cudaFiles.h"

#include <algorithm>

namespace warpfold {

namespace {

/** Large enough that a disk reads at its best, small enough that no thread is long alone at the end. */
constexpr size_t partBytes = size_t{4} << 20;
constexpr unsigned mostReaders = 16;

}  // namespace

CudaFiles::CudaFiles(const CudaTable& cuda, CudaContext context, CudaStream stream) : cuda(cuda), context(context), stream(stream) {
  // Reading waits for a disk more than it computes, so there are some even where there are few cores.
  const unsigned count = std::clamp(std::thread::hardware_concurrency(), 4u, mostReaders);
  for (unsigned i = 0; i < count; i++) threads.emplace_back([this, i] { read(static_cast<int>(i)); });
}

CudaFiles::~CudaFiles() {
  drop();
  {
    const std::lock_guard lock(mutex);
    stopping = true;
    wake.notify_all();
  }
  for (std::thread& thread : threads) thread.join();
}

void CudaFiles::add(char* to, std::shared_ptr<const Mapping> file, size_t offset, size_t bytes, const std::shared_ptr<Tracer>& tracer) {
  std::unique_lock lock(mutex);
  // Memory that changed hands while an earlier owner's bytes were read for it: those must not come last.
  const auto overlaps = [&](const auto& target) { return to < target.second && target.first < to + bytes; };
  if (std::any_of(targets.begin(), targets.end(), overlaps)) changed.wait(lock, [this] { return waiting.empty() && reading == 0; });
  if (waiting.empty() && reading == 0) targets.clear();
  targets.emplace_back(to, to + bytes);
  for (size_t done = 0; done < bytes; done += partBytes) {
    changed.wait(lock, [this] { return waiting.size() < 2 * threads.size(); });
    waiting.push_back({to + done, file, offset + done, std::min(partBytes, bytes - done), tracer});
    wake.notify_one();
  }
}

void CudaFiles::settle() {
  std::unique_lock lock(mutex);
  changed.wait(lock, [this] { return waiting.empty() && reading == 0; });
  targets.clear();
  if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
}

void CudaFiles::drop() {
  std::unique_lock lock(mutex);
  waiting.clear();
  changed.wait(lock, [this] { return reading == 0; });
  targets.clear();
}

void CudaFiles::read(int number) {
  cuda.CtxSetCurrent(context);
  Buffer buffers[2];
  int next = 0;
  std::unique_lock lock(mutex);
  for (;;) {
    wake.wait(lock, [this] { return stopping || !waiting.empty(); });
    if (stopping) break;
    const Part part = std::move(waiting.front());
    waiting.pop_front();
    reading++;
    changed.notify_all();
    const bool failed = failure != nullptr;
    lock.unlock();
    std::exception_ptr thrown;
    try {
      if (!failed) load(part, buffers[next], number);
    } catch (...) {
      thrown = std::current_exception();
    }
    next = 1 - next;
    lock.lock();
    if (thrown && !failure) failure = thrown;
    reading--;
    changed.notify_all();
  }
  for (Buffer& buffer : buffers) {
    if (buffer.busy) cuda.EventSynchronize(buffer.done);
    if (buffer.data != nullptr) cuda.MemFreeHost(buffer.data);
    if (buffer.done != nullptr) cuda.EventDestroy(buffer.done);
  }
}

void CudaFiles::load(const Part& part, Buffer& buffer, int number) const {
  if (buffer.done == nullptr) check("cuEventCreate", cuda.EventCreate(&buffer.done, cudaEventUntimed));
  if (buffer.data == nullptr) {
    void* data = nullptr;
    check("cuMemHostAlloc", cuda.MemHostAlloc(&data, partBytes, 0));
    buffer.data = static_cast<char*>(data);
  }
  if (buffer.busy) check("cuEventSynchronize", cuda.EventSynchronize(buffer.done));
  buffer.busy = false;
  const double began = Tracer::now();
  part.file->read(buffer.data, part.offset, part.bytes);
  if (part.tracer) part.tracer->add(laneFiles + number, "read", began, Tracer::now());
  check("cuMemcpyHtoDAsync", cuda.MemcpyHtoDAsync(static_cast<CudaAddress>(reinterpret_cast<uintptr_t>(part.to)), buffer.data, part.bytes, stream));
  check("cuEventRecord", cuda.EventRecord(buffer.done, stream));
  buffer.busy = true;
}

}  // namespace warpfold
