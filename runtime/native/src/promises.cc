#include "promises.h"

#include <cstring>

#include "deviceThread.h"

namespace warpfold {

Napi::ArrayBuffer toArrayBuffer(Napi::Env env, const char* data, size_t length) {
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, length);
  if (length > 0) std::memcpy(buffer.Data(), data, length);
  return buffer;
}

void Promises::open(Napi::Env env, DeviceThread* owner) {
  device = owner;
  completed = Completed::New(env, "warpfold device", 0, 1, device);
  completed.Unref(env);
}

void Promises::close() { completed.Abort(); }

void Promises::notify() { completed.NonBlockingCall(); }

void Promises::deliver(Napi::Env env, Napi::Function, DeviceThread* device, void*) {
  if (static_cast<napi_env>(env) != nullptr) device->deliver(env);  // null: the environment is ending
}

void Promises::hold(Napi::Env env) {
  completed.Ref(env);
  device->Ref();  // nobody but the promise may refer to the device
}

void Promises::release(Napi::Env env) {
  completed.Unref(env);
  device->Unref();
}

Napi::Value Promises::create(Napi::Env env, Task& task) {
  task.promise = next++;
  if (waiting.empty()) hold(env);
  const Napi::Promise::Deferred deferred = Napi::Promise::Deferred::New(env);
  waiting.emplace(task.promise, deferred);
  return deferred.Promise();
}

Napi::Promise::Deferred Promises::take(Napi::Env env, uint64_t promise) {
  const auto found = waiting.find(promise);
  const Napi::Promise::Deferred deferred = found->second;
  waiting.erase(found);
  if (waiting.empty()) release(env);
  return deferred;
}

void Promises::settle(Napi::Env env, Completion& completion) {
  const Napi::Promise::Deferred deferred = take(env, completion.promise);
  if (completion.failure) deferred.Reject(toJs(env, *completion.failure));
  else if (completion.bytes) deferred.Resolve(toArrayBuffer(env, completion.bytes.get(), completion.length));
  else if (completion.number) deferred.Resolve(Napi::Number::New(env, *completion.number));
  else deferred.Resolve(env.Undefined());
}

void Promises::reject(Napi::Env env, uint64_t promise, const Failure& failure) { take(env, promise).Reject(toJs(env, failure)); }

void Promises::rejectAll(Napi::Env env, const Failure& failure) {
  if (waiting.empty()) return;
  for (auto& [id, deferred] : waiting) deferred.Reject(toJs(env, failure));
  waiting.clear();
  release(env);
}

}  // namespace warpfold
