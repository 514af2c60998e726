// The promises of reads and syncs, and the way from the device thread to the JavaScript thread.
#pragma once
#include <napi.h>

#include <unordered_map>

#include "workQueue.h"

namespace warpfold {

class DeviceThread;

Napi::ArrayBuffer toArrayBuffer(Napi::Env env, const char* data, size_t length);

/** All but `notify` belong to the JavaScript thread. Open promises keep the process and the device alive; an idle device does not. */
class Promises {
 public:
  void open(Napi::Env env, DeviceThread* owner);
  /** After this nothing is delivered any more. */
  void close();
  /** From the device thread: makes the JavaScript thread call `device->deliver`. */
  void notify();

  /** A promise that `task` settles. */
  Napi::Value create(Napi::Env env, Task& task);
  void settle(Napi::Env env, Completion& completion);
  void reject(Napi::Env env, uint64_t promise, const Failure& failure);
  void rejectAll(Napi::Env env, const Failure& failure);

 private:
  static void deliver(Napi::Env env, Napi::Function, DeviceThread* device, void*);
  using Completed = Napi::TypedThreadSafeFunction<DeviceThread, void, &Promises::deliver>;
  /** The promise, no longer waited for. */
  Napi::Promise::Deferred take(Napi::Env env, uint64_t promise);

  void hold(Napi::Env env);
  void release(Napi::Env env);

  DeviceThread* device = nullptr;
  Completed completed;
  std::unordered_map<uint64_t, Napi::Promise::Deferred> waiting;
  uint64_t next = 1;
};

}  // namespace warpfold
