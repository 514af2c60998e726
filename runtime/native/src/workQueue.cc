#include "workQueue.h"

namespace warpfold {

WorkQueue::WorkQueue(Processor& processor, std::function<void()> notify) : processor(processor), notify(std::move(notify)), thread([this] { loop(); }) {}

void WorkQueue::loop() {
  processor.begin();
  std::unique_lock lock(mutex);
  for (;;) {
    waiting = true;
    if (tasks.empty()) drained.notify_all();
    wake.wait(lock, [this] { return stopping || !tasks.empty(); });
    waiting = false;
    if (stopping) return;
    std::unique_ptr<Task> task = std::move(tasks.front());
    tasks.pop_front();
    running = true;
    processor.cancelled = false;
    lock.unlock();
    Completion completion;
    completion.promise = task->promise;
    std::optional<Failure> thrown;
    // `failure` is written by this thread only, and read by the other one only while this one is idle.
    try {
      const auto work = [&] { task->run(processor, failure, completion); };
      const std::optional<Traced> traced = processor.tracer ? task->traced() : std::nullopt;
      if (traced) processor.tracer->around(*traced, work);
      else work();
      if (traced && processor.tracer->isFull()) processor.tracer->settle();
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

void WorkQueue::drain() {
  std::unique_lock lock(mutex);
  drained.wait(lock, [this] { return tasks.empty() && !running; });
}

std::vector<uint64_t> WorkQueue::cancel() {
  const std::lock_guard lock(mutex);
  processor.cancelled = running;
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
