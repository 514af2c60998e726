// The CPU device: memory, a thread, and the JavaScript class through which both are used.
#pragma once
#include <napi.h>

#include <deque>
#include <memory>
#include <string>

#include "memory.h"
#include "promises.h"
#include "workQueue.h"

namespace warpfold {

/**
 * `new DeviceThread(threads)`. Tensors are (block id, byte offset); every range is checked here. Launch arguments pass
 * through `words`, a buffer of doubles, so that a launch is one call: see Note [Launch words].
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
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value trim(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  /** Settles the promises of what has completed; called on the JavaScript thread. */
  void deliver(Napi::Env js);

 private:
  struct Function { Kernel kernel; std::string label; };

  WorkQueue& work();
  void shutDown();
  static void onExit(void* self);

  napi_env env;
  int threads = 1;
  bool threadsSet = false;
  Pool pool;
  Promises promises;
  std::unique_ptr<WorkQueue> queue;
  std::deque<Function> functions;
  Napi::Reference<Napi::ArrayBuffer> words;
};

}  // namespace warpfold
