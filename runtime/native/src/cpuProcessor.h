// The CPU as a processor: its memory is the host's, its work is function calls.
#pragma once
#include "cpuModule.h"
#include "mappedFile.h"
#include "processor.h"
#include "tasks.h"

namespace warpfold {

class CpuProcessor final : public Processor {
 public:
  char* allocate(size_t bytes) override;
  void free(char* data) override { std::free(data); }
  /** For the emulator: what runs on the processor itself takes none. */
  std::shared_ptr<const TensorMap> tensorMap(const BoxedTensor& tensor) override { return emulatedMap(tensor); }
  size_t memoryBytes() const override;
  size_t capacityBytes(size_t) const override { return memoryBytes(); }
  const char* owner() const override { return "the machine's"; }
  bool isHost() const override { return true; }
  void requireUsable() const override {}

  void begin() override {}
  void launch(Launch& launch) override;
  void copy(char* to, const char* from, size_t bytes) override;
  void upload(char* to, const char* from, size_t bytes) override { copy(to, from, bytes); }
  void uploadFile(char* to, std::shared_ptr<const Mapping> file, size_t offset, size_t bytes) override { file->read(to, offset, bytes); }
  void download(char* to, const char* from, size_t bytes) override { copy(to, from, bytes); }
  void finish() override {}
  void replay(Recording& recording) override;
  std::unique_ptr<Moment> moment() override;
  double seconds(const Moment& from, const Moment& to) override;
};

/** Sets how many threads a library's kernels use; must run on the device's thread. */
struct SetKernelThreads final : Task {
  SetThreads setThreads = nullptr;
  int threads = 1;
  SetKernelThreads() { droppable = false; }
  void run(Processor&, std::optional<Failure>&, Completion&) override { setThreads(threads); }
};

}  // namespace warpfold
