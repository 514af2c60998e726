// One thread that runs queued work in order. Knows nothing of JavaScript.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tasks.h"

namespace warpfold {

class WorkQueue {
 public:
  /** `notify` is called on the device thread when completions wait to be taken. */
  WorkQueue(Processor& processor, std::function<void()> notify);
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;
  ~WorkQueue() { stop(); }

  void push(std::unique_ptr<Task> task);
  /** Nothing queued, nothing running, nothing failed: the caller may touch host memory of the device itself. */
  bool isIdle();
  /** Waits until nothing is queued or running. */
  void drain();
  /** Drops what has not started; the promises of what was dropped. */
  std::vector<uint64_t> cancel();
  std::vector<Completion> takeCompletions();
  /** Drops what has not started, waits for what runs, ends the thread. */
  void stop();

 private:
  void loop();

  Processor& processor;
  std::function<void()> notify;
  std::mutex mutex;
  std::condition_variable wake, drained;
  std::deque<std::unique_ptr<Task>> tasks;
  std::vector<Completion> completions;
  std::optional<Failure> failure;
  bool waiting = false, running = false, stopping = false, notified = false;
  std::thread thread;
};

}  // namespace warpfold
