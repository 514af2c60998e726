// The methods of DeviceThread that queue work.
#include <cstring>

#include "deviceThread.h"
#include "launchWords.h"
#include "mappedFile.h"

namespace warpfold {

namespace {

/** A write of at most so many bytes is remembered until the device writes there: offsets are checked against it. */
constexpr size_t rememberedBytes = size_t{64} << 10;

std::shared_ptr<const char> hostCopy(Bytes bytes) {
  auto* data = static_cast<char*>(std::malloc(bytes.length == 0 ? 1 : bytes.length));
  if (data == nullptr) throw Failure("R014", "no memory to queue a write of " + std::to_string(bytes.length) + " bytes");
  if (bytes.length > 0) std::memcpy(data, bytes.data, bytes.length);
  return {data, [](const char* p) { std::free(const_cast<char*>(p)); }};
}

}  // namespace

/** launch(function, count, blocks): the arguments are in `words`, the number of blocks matters to a GPU only. */
Napi::Value DeviceThread::launch(const Napi::CallbackInfo& info) {
  work();
  const uint64_t function = sizeArg(info, 0, "function"), count = sizeArg(info, 1, "count");
  if (function >= functions.size()) throw Failure("R010", "no such function");
  Napi::ArrayBuffer buffer = words.Value();
  if (count > maxLaunchArgs || buffer.ByteLength() < wordsBytes(count)) throw Failure("R010", "a launch takes at most " + std::to_string(maxLaunchArgs) + " arguments");
  auto task = std::make_unique<Launch>();
  task->function = &functions[function];
  task->blocks = info[2].IsUndefined() ? 1 : sizeArg(info, 2, "blocks");
  try {
    encodeArgs(*task, static_cast<const double*>(buffer.Data()), count, *processor, *pool, recording ? &recording->memory : nullptr);
  } catch (Failure& failure) {
    failure.where = task->function->label;
    throw;
  }
  submit(std::move(task));
  return info.Env().Undefined();
}

/** write(block, offset, bytes, lasts): with `lasts` the bytes stay as they are, and a GPU reads those of a mapped file itself. */
Napi::Value DeviceThread::write(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = work("write");
  const Bytes bytes = bytesArg(info, 2, "bytes");
  const uint64_t id = sizeArg(info, 0, "block"), offset = sizeArg(info, 1, "offset");
  char* to = pool->range(id, offset, bytes.length, true);
  if (isFree(tasks)) {
    if (bytes.length > 0) std::memcpy(to, bytes.data, bytes.length);
    return info.Env().Undefined();
  }
  auto task = std::make_unique<Copy>();
  task->to = to;
  task->bytes = bytes.length;
  task->upload = true;
  if (!processor->isHost() && bytes.length > 0 && info[3].ToBoolean()) task->keep = mappingOf(bytes.data, bytes.length);
  if (task->keep) task->from = bytes.data;
  else task->host = hostCopy(bytes);
  pool->at(id).written = task->host && bytes.length <= rememberedBytes ? Written{task->host, offset, bytes.length} : Written{};
  tasks.push(std::move(task));
  return info.Env().Undefined();
}

Napi::Value DeviceThread::copy(const Napi::CallbackInfo& info) {
  work();
  const uint64_t bytes = sizeArg(info, 4, "bytes"), target = sizeArg(info, 0, "target"), source = sizeArg(info, 2, "source");
  auto task = std::make_unique<Copy>();
  task->to = pool->range(target, sizeArg(info, 1, "offset"), bytes, true);
  task->from = pool->range(source, sizeArg(info, 3, "offset"), bytes, false);
  task->bytes = bytes;
  task->keep = pool->at(source).mapping;
  pool->at(target).written = {};
  if (recording)
    for (const uint64_t id : {target, source})
      if (pool->at(id).memory) recording->memory.push_back(pool->at(id).memory);
  submit(std::move(task));
  return info.Env().Undefined();
}

/** An ArrayBuffer at once where nothing is queued on the CPU, else a promise of one. */
Napi::Value DeviceThread::read(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = openQueue("read");
  const uint64_t id = sizeArg(info, 0, "block"), bytes = sizeArg(info, 2, "bytes");
  const char* from = pool->range(id, sizeArg(info, 1, "offset"), bytes, false);
  if (bytes > (uint64_t{4} << 30)) throw Failure("R010", "a read of more than 4 GiB", "", "read slices");
  if (isFree(tasks)) return toArrayBuffer(info.Env(), from, bytes);
  auto task = std::make_unique<Read>();
  task->from = from;
  task->bytes = bytes;
  task->keep = pool->at(id).mapping;
  const Napi::Value promise = promises.create(info.Env(), *task);
  tasks.push(std::move(task));
  return promise;
}

/** Undefined where nothing is queued on the CPU, else a promise. */
Napi::Value DeviceThread::sync(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = openQueue("wait");
  if (isFree(tasks)) return info.Env().Undefined();
  auto task = std::make_unique<Sync>();
  const Napi::Value promise = promises.create(info.Env(), *task);
  tasks.push(std::move(task));
  return promise;
}

Napi::Value DeviceThread::cancel(const Napi::CallbackInfo& info) {
  if (!queue) throw Failure("R016", "the device is closed");
  for (const uint64_t promise : queue->cancel()) promises.reject(info.Env(), promise, Failure("R017", "the work was cancelled"));
  return info.Env().Undefined();
}

/** A timer that runs from this point in the order of work. */
Napi::Value DeviceThread::startTimer(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = work("be timed inside");
  auto task = std::make_unique<StartTimer>();
  task->timer = std::make_shared<Timer>();
  const uint64_t id = nextId++;
  timers.emplace(id, task->timer);
  tasks.push(std::move(task));
  return Napi::Number::New(info.Env(), static_cast<double>(id));
}

/** A promise of the seconds from the timer's start to this point. */
Napi::Value DeviceThread::stopTimer(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = openQueue("be timed inside");
  const auto found = timers.find(sizeArg(info, 0, "timer"));
  if (found == timers.end()) throw Failure("R010", "no such timer");
  auto task = std::make_unique<StopTimer>();
  task->timer = std::move(found->second);
  timers.erase(found);
  const Napi::Value promise = promises.create(info.Env(), *task);
  tasks.push(std::move(task));
  return promise;
}

/** From here to endTrace it is noted when launches and copies run. */
Napi::Value DeviceThread::beginTrace(const Napi::CallbackInfo& info) {
  work("be traced inside").push(std::make_unique<BeginTrace>());
  tracing = true;
  return info.Env().Undefined();
}

/** A promise of what was noted, as the text of JSON in UTF-8. */
Napi::Value DeviceThread::endTrace(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = openQueue("be traced inside");
  tracing = false;
  auto task = std::make_unique<EndTrace>();
  const Napi::Value promise = promises.create(info.Env(), *task);
  tasks.push(std::move(task));
  return promise;
}

/** From here to endRecording, launches and copies are kept instead of run. */
Napi::Value DeviceThread::beginRecording(const Napi::CallbackInfo& info) {
  work("begin another one");
  recording = std::make_unique<Recorded>();
  recording->recording = std::make_shared<Recording>();
  return info.Env().Undefined();
}

Napi::Value DeviceThread::endRecording(const Napi::CallbackInfo& info) {
  if (!recording) throw Failure("R010", "no recording was begun");
  const uint64_t id = nextId++;
  auto task = std::make_unique<Prepare>();
  task->recording = recordings.emplace(id, std::move(*recording)).first->second.recording;
  recording.reset();
  if (queue) queue->push(std::move(task));
  return Napi::Number::New(info.Env(), static_cast<double>(id));
}

Napi::Value DeviceThread::replay(const Napi::CallbackInfo& info) {
  WorkQueue& tasks = work("replay another one");
  const auto found = recordings.find(sizeArg(info, 0, "recording"));
  if (found == recordings.end()) throw Failure("R011", "a recording that was disposed");
  auto task = std::make_unique<Replay>();
  task->recording = found->second.recording;
  tasks.push(std::move(task));
  return info.Env().Undefined();
}

/** Its memory may be handed out at once: the next owner's work queues behind the last replay. */
Napi::Value DeviceThread::dropRecording(const Napi::CallbackInfo& info) {
  recordings.erase(sizeArg(info, 0, "recording"));
  if (pool->apart && queue) giveBack();
  return info.Env().Undefined();
}

}  // namespace warpfold
