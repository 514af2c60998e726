#include "workQueue.h"

#include <cstdlib>
#include <cstring>

namespace warpfold {

namespace {

void check(const OffsetsCheck& offsets, const std::string& label) {
  const int32_t* o = offsets.offsets;
  if (o[0] != 0) throw Failure("R110", "offsets begin with " + std::to_string(o[0]) + ", they must begin with 0", label);
  for (uint64_t i = 1; i < offsets.count; i++) {
    const int64_t length = int64_t{o[i]} - o[i - 1];
    if (length < 0) throw Failure("R110", "offsets fall from " + std::to_string(o[i - 1]) + " to " + std::to_string(o[i]), label);
    if (length > offsets.longest)
      throw Failure("R110", "offsets give position " + std::to_string(i - 1) + " a length of " + std::to_string(length) + ", the longest was said to be " + std::to_string(offsets.longest), label);
  }
  if (o[offsets.count - 1] != offsets.rows)
    throw Failure("R110", "offsets end with " + std::to_string(o[offsets.count - 1]) + ", the tensors have " + std::to_string(offsets.rows) + " rows", label);
}

}  // namespace

void Launch::run(std::optional<Failure>&, Completion&) {
  for (const OffsetsCheck& offsets : checks) check(offsets, *label);
  std::vector<void*> args(values.size());
  for (size_t i = 0; i < values.size(); i++) args[i] = &values[i];
  try {
    kernel(args.data());
  } catch (const std::bad_alloc&) {
    throw Failure("R014", "out of memory inside the kernel", *label);
  } catch (const std::exception& error) {
    throw Failure("R018", std::string("the kernel failed: ") + error.what(), *label);
  } catch (...) {
    throw Failure("R018", "the kernel failed", *label);
  }
}

void Copy::run(std::optional<Failure>&, Completion&) { std::memmove(to, staging ? staging.get() : from, bytes); }

void Read::run(std::optional<Failure>& failure, Completion& completion) {
  if (failure) {
    completion.failure = failure;
    return;
  }
  completion.bytes.reset(static_cast<char*>(std::malloc(bytes == 0 ? 1 : bytes)));
  if (!completion.bytes) {
    completion.failure = Failure("R014", "no memory for the result of read");
    return;
  }
  std::memcpy(completion.bytes.get(), from, bytes);
  completion.length = bytes;
}

void Sync::run(std::optional<Failure>& failure, Completion& completion) {
  completion.failure = std::move(failure);
  failure.reset();
}

WorkQueue::WorkQueue(std::function<void()> notify) : notify(std::move(notify)), thread([this] { loop(); }) {}

void WorkQueue::loop() {
  std::unique_lock lock(mutex);
  for (;;) {
    waiting = true;
    wake.wait(lock, [this] { return stopping || !tasks.empty(); });
    waiting = false;
    if (stopping) return;
    std::unique_ptr<Task> task = std::move(tasks.front());
    tasks.pop_front();
    running = true;
    lock.unlock();
    Completion completion;
    completion.promise = task->promise;
    std::optional<Failure> thrown;
    // `failure` is written by this thread only, and read by the other one only while this one is idle.
    try {
      task->run(failure, completion);
    } catch (const Failure& error) {
      thrown = error;
    } catch (const std::exception& error) {
      thrown = Failure("R018", error.what());
    }
    task.reset();
    lock.lock();
    running = false;
    if (thrown && !failure) failure = std::move(thrown);
    if (completion.promise == 0) continue;
    completions.push_back(std::move(completion));
    if (notified) continue;
    notified = true;
    lock.unlock();
    notify();
    lock.lock();
  }
}

void WorkQueue::push(std::unique_ptr<Task> task) {
  const std::lock_guard lock(mutex);
  tasks.push_back(std::move(task));
  if (waiting) wake.notify_one();
}

bool WorkQueue::isIdle() {
  const std::lock_guard lock(mutex);
  return tasks.empty() && !running && !failure;
}

std::vector<uint64_t> WorkQueue::cancel() {
  const std::lock_guard lock(mutex);
  std::vector<uint64_t> dropped;
  std::deque<std::unique_ptr<Task>> kept;
  for (auto& task : tasks) {
    if (!task->droppable) kept.push_back(std::move(task));
    else if (task->promise != 0) dropped.push_back(task->promise);
  }
  tasks = std::move(kept);
  return dropped;
}

std::vector<Completion> WorkQueue::takeCompletions() {
  const std::lock_guard lock(mutex);
  notified = false;
  return std::move(completions);
}

void WorkQueue::stop() {
  {
    const std::lock_guard lock(mutex);
    stopping = true;
    wake.notify_one();
  }
  if (thread.joinable()) thread.join();
  tasks.clear();
}

}  // namespace warpfold
