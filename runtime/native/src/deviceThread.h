// A device: its memory, its thread, and the JavaScript class through which both are used.
#pragma once
#include <napi.h>

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "pool.h"
#include "processor.h"
#include "promises.h"
#include "workQueue.h"

namespace warpfold {

/**
 * `new DeviceThread(threads)` for the CPU, `new DeviceThread(driver, ordinal, debug, apart)` for a GPU. Tensors are (block id,
 * byte offset); every range is checked here. Launch arguments pass through `words`, a buffer of doubles, so that a launch
 * is one call: see Note [Launch words].
 */
class DeviceThread : public Napi::ObjectWrap<DeviceThread> {
 public:
  static constexpr napi_type_tag tag = {0x7d4a1e8c5b2f9063, 0xc6b1f0e3d2a59487};
  static constexpr const char* className = "DeviceThread";
  static Napi::Function define(Napi::Env env);
  explicit DeviceThread(const Napi::CallbackInfo& info);
  ~DeviceThread() override;

  Napi::Value getWords(const Napi::CallbackInfo& info);
  Napi::Value resolve(const Napi::CallbackInfo& info);
  Napi::Value allocate(const Napi::CallbackInfo& info);
  Napi::Value adopt(const Napi::CallbackInfo& info);
  Napi::Value free(const Napi::CallbackInfo& info);
  Napi::Value launch(const Napi::CallbackInfo& info);
  Napi::Value write(const Napi::CallbackInfo& info);
  Napi::Value copy(const Napi::CallbackInfo& info);
  Napi::Value read(const Napi::CallbackInfo& info);
  Napi::Value sync(const Napi::CallbackInfo& info);
  Napi::Value cancel(const Napi::CallbackInfo& info);
  Napi::Value startTimer(const Napi::CallbackInfo& info);
  Napi::Value stopTimer(const Napi::CallbackInfo& info);
  Napi::Value beginTrace(const Napi::CallbackInfo& info);
  Napi::Value endTrace(const Napi::CallbackInfo& info);
  Napi::Value beginRecording(const Napi::CallbackInfo& info);
  Napi::Value endRecording(const Napi::CallbackInfo& info);
  Napi::Value replay(const Napi::CallbackInfo& info);
  Napi::Value dropRecording(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value trim(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  /** Settles the promises of what has completed; called on the JavaScript thread. */
  void deliver(Napi::Env js);
  /** Where this device's work is done; throws R016 when it is closed. */
  Processor& openProcessor();

 private:
  /** `memory` keeps what the recorded work uses from being handed out again. */
  struct Recorded { std::shared_ptr<Recording> recording; std::vector<Memory> memory; };

  /** The queue of an open device; throws R010 while a recording is made where `what` cannot be recorded. */
  WorkQueue& openQueue(const char* what);
  /** The same where the device is usable too. Who waits needs no such device: the failure that ended it is told first. */
  WorkQueue& work(const char* what = nullptr);
  void submit(std::unique_ptr<Task> task);
  /** Whether host memory can be touched at once: nothing is queued on the CPU, and no trace asks when it is touched. */
  bool isFree(WorkQueue& tasks) { return processor->isHost() && !tracing && tasks.isIdle(); }
  uint64_t allocateBlock(uint64_t bytes);
  void giveBack();
  void shutDown();
  static void onExit(void* self);

  napi_env env;
  /** OpenMP threads of CPU kernels; 0 once the device's own thread knows. */
  int threads = 0;
  std::unique_ptr<Processor> processor;
  std::unique_ptr<Pool> pool;
  Promises promises;
  std::unique_ptr<WorkQueue> queue;
  std::deque<Function> functions;
  Napi::Reference<Napi::ArrayBuffer> words;
  std::map<uint64_t, std::shared_ptr<Timer>> timers;
  std::map<uint64_t, Recorded> recordings;
  std::unique_ptr<Recorded> recording;
  bool tracing = false;
  uint64_t nextId = 1;
};

}  // namespace warpfold
