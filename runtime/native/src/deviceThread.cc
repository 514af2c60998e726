#include "deviceThread.h"

#include <cstring>

#include "launchWords.h"
#include "mappedFile.h"

namespace warpfold {

namespace {

std::unique_ptr<char, void (*)(void*)> hostCopy(Bytes bytes) {
  auto* data = static_cast<char*>(std::malloc(bytes.length == 0 ? 1 : bytes.length));
  if (data == nullptr) throw Failure("R014", "no memory to queue a write of " + std::to_string(bytes.length) + " bytes");
  std::memcpy(data, bytes.data, bytes.length);
  return {data, std::free};
}

}  // namespace

Napi::Function DeviceThread::define(Napi::Env env) {
  using D = DeviceThread;
  const Napi::Function constructor = DefineClass(env, className, {});
  method<D, &D::getWords>(constructor, "words");
  method<D, &D::resolve>(constructor, "resolve");
  method<D, &D::allocate>(constructor, "allocate");
  method<D, &D::adopt>(constructor, "adopt");
  method<D, &D::free>(constructor, "free");
  method<D, &D::launch>(constructor, "launch");
  method<D, &D::write>(constructor, "write");
  method<D, &D::copy>(constructor, "copy");
  method<D, &D::read>(constructor, "read");
  method<D, &D::sync>(constructor, "sync");
  method<D, &D::cancel>(constructor, "cancel");
  method<D, &D::stats>(constructor, "stats");
  method<D, &D::trim>(constructor, "trim");
  method<D, &D::close>(constructor, "close");
  return constructor;
}

DeviceThread::DeviceThread(const Napi::CallbackInfo& info) : ObjectWrap(info), env(info.Env()) {
  guarded(info.Env(), [&] {
    const uint64_t wanted = sizeArg(info, 0, "threads");
    if (wanted < 1 || wanted > 4096) throw Failure("R010", "threads is " + std::to_string(wanted) + ", it must be from 1 to 4096");
    threads = static_cast<int>(wanted);
    words = Napi::Persistent(Napi::ArrayBuffer::New(info.Env(), wordsBytes(maxLaunchArgs)));
    promises.open(info.Env(), this);
    queue = std::make_unique<WorkQueue>([this] { promises.notify(); });
    napi_add_env_cleanup_hook(env, onExit, this);
  });
  info.This().As<Napi::Object>().TypeTag(&tag);
}

DeviceThread::~DeviceThread() { shutDown(); }

void DeviceThread::deliver(Napi::Env js) {
  if (!queue) return;
  for (Completion& completion : queue->takeCompletions()) promises.settle(js, completion);
}

/** The environment ends: running work is waited for, the rest is dropped, before anything it uses is unloaded. */
void DeviceThread::onExit(void* self) { static_cast<DeviceThread*>(self)->shutDown(); }

void DeviceThread::shutDown() {
  if (!queue) return;
  queue->stop();
  queue.reset();
  napi_remove_env_cleanup_hook(env, onExit, this);
  promises.close();
}

WorkQueue& DeviceThread::work() {
  if (!queue) throw Failure("R016", "the device is closed");
  return *queue;
}

Napi::Value DeviceThread::getWords(const Napi::CallbackInfo&) { return words.Value(); }

Napi::Value DeviceThread::resolve(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = work();
  const CpuModule& library = unwrap<CpuModule>(info[0]);
  functions.push_back({library.kernel(textArg(info, 1, "symbol")), textArg(info, 2, "label")});
  // The thread count belongs to the thread that calls, and to the OpenMP runtime that the first library brings.
  if (SetThreads setThreads = threadsSet ? nullptr : library.setThreads()) {
    auto task = std::make_unique<Configure>();
    task->setThreads = setThreads;
    task->threads = threads;
    tasks.push(std::move(task));
    threadsSet = true;
  }
  return Napi::Number::New(info.Env(), static_cast<double>(functions.size() - 1));
}

Napi::Value DeviceThread::allocate(const Napi::CallbackInfo& info) {
  work();
  return Napi::Number::New(info.Env(), static_cast<double>(pool.allocate(sizeArg(info, 0, "bytes"))));
}

/** A block over memory of a mapped file, or undefined where the bytes are not mapped, or not aligned, and must be copied. */
Napi::Value DeviceThread::adopt(const Napi::CallbackInfo& info) {
  work();
  const Bytes bytes = bytesArg(info, 0, "bytes");
  const uint64_t alignment = sizeArg(info, 1, "alignment");
  const bool aligned = alignment > 0 && reinterpret_cast<uintptr_t>(bytes.data) % alignment == 0;
  std::shared_ptr<const Mapping> mapping = bytes.length == 0 || !aligned ? nullptr : mappingOf(bytes.data, bytes.length);
  if (!mapping) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), static_cast<double>(pool.adopt(const_cast<char*>(bytes.data), bytes.length, std::move(mapping))));
}

Napi::Value DeviceThread::free(const Napi::CallbackInfo& info) {
  pool.free(sizeArg(info, 0, "block"));
  return info.Env().Undefined();
}

Napi::Value DeviceThread::launch(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = work();
  const uint64_t function = sizeArg(info, 0, "function"), count = sizeArg(info, 1, "count");
  if (function >= functions.size()) throw Failure("R010", "no such function");
  Napi::ArrayBuffer buffer = words.Value();
  if (count > maxLaunchArgs || buffer.ByteLength() < wordsBytes(count)) throw Failure("R010", "a launch takes at most " + std::to_string(maxLaunchArgs) + " arguments");
  auto task = std::make_unique<Launch>();
  task->kernel = functions[function].kernel;
  task->label = &functions[function].label;
  try {
    encodeArgs(*task, static_cast<const double*>(buffer.Data()), count, pool);
  } catch (Failure& failure) {
    failure.where = *task->label;
    throw;
  }
  tasks.push(std::move(task));
  return info.Env().Undefined();
}

Napi::Value DeviceThread::write(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = work();
  const Bytes bytes = bytesArg(info, 2, "bytes");
  char* to = pool.range(sizeArg(info, 0, "block"), sizeArg(info, 1, "offset"), bytes.length, true);
  if (tasks.isIdle()) {
    if (bytes.length > 0) std::memcpy(to, bytes.data, bytes.length);
    return info.Env().Undefined();
  }
  auto task = std::make_unique<Copy>();
  task->staging = hostCopy(bytes);
  task->to = to;
  task->bytes = bytes.length;
  tasks.push(std::move(task));
  return info.Env().Undefined();
}

Napi::Value DeviceThread::copy(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = work();
  const uint64_t bytes = sizeArg(info, 4, "bytes"), source = sizeArg(info, 2, "source");
  auto task = std::make_unique<Copy>();
  task->to = pool.range(sizeArg(info, 0, "target"), sizeArg(info, 1, "offset"), bytes, true);
  task->from = pool.range(source, sizeArg(info, 3, "offset"), bytes, false);
  task->bytes = bytes;
  task->keep = pool.at(source).mapping;
  tasks.push(std::move(task));
  return info.Env().Undefined();
}

/** An ArrayBuffer at once where nothing is queued, else a promise of one. */
Napi::Value DeviceThread::read(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = work();
  const uint64_t id = sizeArg(info, 0, "block"), bytes = sizeArg(info, 2, "bytes");
  const char* from = pool.range(id, sizeArg(info, 1, "offset"), bytes, false);
  if (bytes > (uint64_t{4} << 30)) throw Failure("R010", "a read of more than 4 GiB", "", "read slices");
  if (tasks.isIdle()) return toArrayBuffer(info.Env(), from, bytes);
  auto task = std::make_unique<Read>();
  task->from = from;
  task->bytes = bytes;
  task->keep = pool.at(id).mapping;
  const Napi::Value promise = promises.create(info.Env(), *task);
  tasks.push(std::move(task));
  return promise;
}

/** Undefined where nothing is queued, else a promise. */
Napi::Value DeviceThread::sync(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = work();
  if (tasks.isIdle()) return info.Env().Undefined();
  auto task = std::make_unique<Sync>();
  const Napi::Value promise = promises.create(info.Env(), *task);
  tasks.push(std::move(task));
  return promise;
}

Napi::Value DeviceThread::cancel(const Napi::CallbackInfo& info) {
  for (const uint64_t promise : work().cancel()) promises.reject(info.Env(), promise, Failure("R017", "the work was cancelled"));
  return info.Env().Undefined();
}

Napi::Value DeviceThread::stats(const Napi::CallbackInfo& info) {
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("allocatedBytes", static_cast<double>(pool.allocatedBytes()));
  result.Set("peakBytes", static_cast<double>(pool.peakBytes()));
  return result;
}

Napi::Value DeviceThread::trim(const Napi::CallbackInfo& info) {
  auto task = std::make_unique<Release>();
  WorkQueue& tasks = work();
  task->blocks = pool.takeFree();
  tasks.push(std::move(task));
  return info.Env().Undefined();
}

Napi::Value DeviceThread::close(const Napi::CallbackInfo& info) {
  if (!queue) return info.Env().Undefined();
  cancel(info);
  promises.rejectAll(info.Env(), Failure("R016", "the device was closed"));
  shutDown();
  return info.Env().Undefined();
}

}  // namespace warpfold
