// A GPU as a processor: one stream, whose work the device's thread submits a bounded number of launches ahead.
#pragma once
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "cudaMaps.h"
#include "cudaFiles.h"
#include "cudaModule.h"
#include "cudaStaging.h"
#include "cudaTable.h"
#include "tasks.h"

namespace warpfold {

class CudaProcessor final : public Processor {
 public:
  /**
   * `debug`: waits for every launch, so that a failure names it, and reads back offsets to check them. `beside`: what was
   * recorded runs side by side where nothing touches what another one writes.
   */
  CudaProcessor(std::shared_ptr<const CudaTable> cuda, uint64_t ordinal, bool debug, bool beside);
  ~CudaProcessor() override;

  char* allocate(size_t bytes) override;
  void free(char* data) override;
  std::shared_ptr<const TensorMap> tensorMap(const BoxedTensor& tensor) override;
  size_t memoryBytes() const override { return totalBytes; }
  size_t capacityBytes(size_t held) const override;
  const char* owner() const override { return "the GPU's"; }
  bool isHost() const override { return false; }
  void requireUsable() const override;

  void begin() override { enter(); }
  void launch(Launch& launch) override;
  void copy(char* to, const char* from, size_t bytes) override;
  void upload(char* to, const char* from, size_t bytes) override;
  void uploadFile(char* to, std::shared_ptr<const Mapping> file, size_t offset, size_t bytes) override;
  void download(char* to, const char* from, size_t bytes) override;
  void finish() override;
  void prepare(Recording& recording) override;
  void replay(Recording& recording) override;
  std::unique_ptr<Moment> moment() override;
  double seconds(const Moment& from, const Moment& to) override;

  const CudaTable& table() const { return *cuda; }
  /** Loads an image. Throws R114 where it has no code for this GPU, R113 where it is none. */
  CudaModuleHandle load(const std::string& image, const std::string& path);
  /** Fills in the entry of a function whose other fields are set. Throws R113, R114 where it needs more shared memory than there is. */
  void resolve(Function& function, const CudaModule& module, const std::string& symbol);

 private:
  /** What was submitted last: a launch, or a recording of several. */
  struct Submitted { const Function* function; uint64_t blocks; size_t recorded; };

  void enter() const { cuda->CtxSetCurrent(context); }
  /** Before anything that may use what files are still being read for. */
  void settleFiles();
  /** Throws R022 for a failed call, naming what was under way. */
  void check(const char* call, CudaResult result);
  [[noreturn]] void fail(Failure failure, CudaResult result);
  void checkOffsetsOf(const Launch& launch);
  CudaResult started(const Function& function, unsigned blocks, void** args);
  void submitted(Submitted what, int launches);
  std::string underWay() const;
  void runEach(Recording& recording);
  void runBeside(Recording& recording);
  void capture(Recording& recording);

  const std::shared_ptr<const CudaTable> cuda;
  const bool debug, beside;
  CudaDevice device = 0;
  CudaContext context = nullptr;
  CudaStream stream = nullptr;
  size_t totalBytes = 0;
  int sharedPerBlock = 0, major = 0, minor = 0;
  CudaStaging small, large;
  CudaMaps maps;
  /** From the first file on. */
  std::unique_ptr<CudaFiles> files;
  bool capturing = false;

  /** See Note [Launches ahead]. */
  static constexpr int groupLaunches = 8, groups = 3;
  CudaEvent groupDone[groups] = {};
  bool groupOpen[groups] = {};
  int group = 0, inGroup = 0;
  std::deque<Submitted> recent;

  std::atomic<bool> lost{false};
  mutable std::mutex lostMutex;
  std::string lostBy;
};

}  // namespace warpfold
