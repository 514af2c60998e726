#include "deviceThread.h"

#include <sstream>

#include "cpuProcessor.h"
#include "cudaDriver.h"
#include "cudaModule.h"
#include "cudaProcessor.h"
#include "launchWords.h"
#include "mappedFile.h"

namespace warpfold {

namespace {

int threadCount(uint64_t wanted) {
  if (wanted < 1 || wanted > 4096) throw Failure("R010", "threads is " + std::to_string(wanted) + ", it must be from 1 to 4096");
  return static_cast<int>(wanted);
}

std::vector<std::string> listed(const std::string& text) {
  std::vector<std::string> items;
  std::istringstream rest(text);
  for (std::string item; std::getline(rest, item, ',');) items.push_back(item);
  return items;
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
  method<D, &D::startTimer>(constructor, "startTimer");
  method<D, &D::stopTimer>(constructor, "stopTimer");
  method<D, &D::beginTrace>(constructor, "beginTrace");
  method<D, &D::endTrace>(constructor, "endTrace");
  method<D, &D::beginRecording>(constructor, "beginRecording");
  method<D, &D::endRecording>(constructor, "endRecording");
  method<D, &D::replay>(constructor, "replay");
  method<D, &D::dropRecording>(constructor, "dropRecording");
  method<D, &D::stats>(constructor, "stats");
  method<D, &D::trim>(constructor, "trim");
  method<D, &D::close>(constructor, "close");
  return constructor;
}

DeviceThread::DeviceThread(const Napi::CallbackInfo& info) : ObjectWrap(info), env(info.Env()) {
  guarded(info.Env(), [&] {
    bool apart = false;
    if (info[0].IsObject()) {
      processor = std::make_unique<CudaProcessor>(unwrap<CudaDriver>(info[0]).table(), sizeArg(info, 1, "ordinal"), info[2].ToBoolean().Value(), info[4].ToBoolean().Value());
      apart = info[3].ToBoolean().Value();
    } else {
      threads = threadCount(sizeArg(info, 0, "threads"));
      processor = std::make_unique<CpuProcessor>();
    }
    pool = std::make_unique<Pool>(*processor, apart);
    words = Napi::Persistent(Napi::ArrayBuffer::New(info.Env(), wordsBytes(maxLaunchArgs)));
    promises.open(info.Env(), this);
    queue = std::make_unique<WorkQueue>(*processor, [this] { promises.notify(); });
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
  timers.clear();
  recording.reset();
  recordings.clear();
  pool->close();
  processor.reset();
  napi_remove_env_cleanup_hook(env, onExit, this);
  promises.close();
}

Processor& DeviceThread::openProcessor() {
  if (!queue) throw Failure("R016", "the device is closed");
  processor->requireUsable();
  return *processor;
}

WorkQueue& DeviceThread::work(const char* what) {
  openProcessor();
  return openQueue(what);
}

WorkQueue& DeviceThread::openQueue(const char* what) {
  if (!queue) throw Failure("R016", "the device is closed");
  if (recording && what != nullptr) throw Failure("R010", std::string("a recording takes launches and copies, it cannot ") + what);
  return *queue;
}

void DeviceThread::submit(std::unique_ptr<Task> task) {
  if (recording) recording->recording->tasks.push_back(std::move(task));
  else queue->push(std::move(task));
}

Napi::Value DeviceThread::getWords(const Napi::CallbackInfo&) { return words.Value(); }

/** resolve(module, symbol, label, source, threads, sharedBytes, argNames, beginsEarly); the last five for a GPU only. */
Napi::Value DeviceThread::resolve(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = work();
  Function function;
  const std::string symbol = textArg(info, 1, "symbol");
  function.label = textArg(info, 2, "label");
  if (auto* gpu = dynamic_cast<CudaProcessor*>(processor.get())) {
    function.source = textArg(info, 3, "source");
    function.threads = static_cast<unsigned>(sizeArg(info, 4, "threads"));
    function.sharedBytes = static_cast<unsigned>(sizeArg(info, 5, "sharedBytes"));
    function.argNames = listed(textArg(info, 6, "argNames"));
    function.beginsEarly = info[7].ToBoolean();
    gpu->resolve(function, unwrap<CudaModule>(info[0]), symbol);
  } else {
    const CpuModule& library = unwrap<CpuModule>(info[0]);
    function.entry = reinterpret_cast<void*>(library.kernel(symbol));
    // The thread count belongs to the thread that calls, and to the OpenMP runtime that the first library brings.
    if (SetThreads setThreads = threads == 0 ? nullptr : library.setThreads()) {
      auto task = std::make_unique<SetKernelThreads>();
      task->setThreads = setThreads;
      task->threads = threads;
      tasks.push(std::move(task));
      threads = 0;
    }
  }
  functions.push_back(std::move(function));
  return Napi::Number::New(info.Env(), static_cast<double>(functions.size() - 1));
}

/** Free memory goes back to the system behind the work that may still use it. */
void DeviceThread::giveBack() {
  auto task = std::make_unique<Release>();
  task->blocks = pool->takeFree();
  queue->push(std::move(task));
}

Napi::Value DeviceThread::allocate(const Napi::CallbackInfo& info) {
  work();
  return Napi::Number::New(info.Env(), static_cast<double>(allocateBlock(sizeArg(info, 0, "bytes"))));
}

/** What the pool keeps for reuse is given back before memory is called short: it may be there in other sizes. */
uint64_t DeviceThread::allocateBlock(uint64_t bytes) {
  try {
    return pool->allocate(bytes);
  } catch (const Failure& failure) {
    if (failure.code != "R014" || !pool->hasFree()) throw;
  }
  giveBack();
  queue->drain();
  return pool->allocate(bytes);
}

/**
 * A block of a mapped file's bytes that cannot be written: the file's own pages on the CPU, a copy on a GPU. Undefined
 * where the bytes are not mapped, or not aligned: they may change, and must be copied before the call returns.
 */
Napi::Value DeviceThread::adopt(const Napi::CallbackInfo& info) {
  work("adopt memory");
  const Bytes bytes = bytesArg(info, 0, "bytes");
  const uint64_t alignment = sizeArg(info, 1, "alignment");
  const bool aligned = alignment > 0 && reinterpret_cast<uintptr_t>(bytes.data) % alignment == 0;
  std::shared_ptr<const Mapping> mapping = bytes.length == 0 || !aligned ? nullptr : mappingOf(bytes.data, bytes.length);
  if (!mapping) return info.Env().Undefined();
  if (processor->isHost()) return Napi::Number::New(info.Env(), static_cast<double>(pool->adopt(const_cast<char*>(bytes.data), bytes.length, std::move(mapping))));
  const uint64_t block = allocateBlock(bytes.length);
  auto task = std::make_unique<Copy>();
  task->to = pool->at(block).data;
  task->from = bytes.data;
  task->bytes = bytes.length;
  task->upload = true;
  task->keep = std::move(mapping);
  queue->push(std::move(task));
  pool->at(block).readOnly = true;
  return Napi::Number::New(info.Env(), static_cast<double>(block));
}

Napi::Value DeviceThread::free(const Napi::CallbackInfo& info) {
  pool->free(sizeArg(info, 0, "block"));
  // A recording may still hold it, and then has it until it is dropped itself.
  if (pool->apart && queue) giveBack();
  return info.Env().Undefined();
}

Napi::Value DeviceThread::stats(const Napi::CallbackInfo& info) {
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("allocatedBytes", static_cast<double>(pool->allocatedBytes()));
  result.Set("peakBytes", static_cast<double>(pool->peakBytes()));
  if (processor) result.Set("capacityBytes", static_cast<double>(processor->capacityBytes(pool->heldBytes())));
  return result;
}

Napi::Value DeviceThread::trim(const Napi::CallbackInfo& info) {
  work("trim");
  giveBack();
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
