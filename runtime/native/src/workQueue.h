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

#include "check.h"
#include "cpuModule.h"
#include "memory.h"

namespace warpfold {

/** What a read or sync has to say to JavaScript. */
struct Completion {
  uint64_t promise = 0;
  std::optional<Failure> failure;
  /** A read's bytes, from malloc. */
  std::unique_ptr<char, void (*)(void*)> bytes{nullptr, std::free};
  size_t length = 0;
};

struct Task {
  virtual ~Task() = default;
  /** `failure` is the first failure since the last sync; what is thrown becomes it. */
  virtual void run(std::optional<Failure>& failure, Completion& completion) = 0;
  /** Who waits for it; 0: nobody. */
  uint64_t promise = 0;
  /** False for work that must happen even when cancelled, such as giving memory back. */
  bool droppable = true;
};

/** Offsets of a ragged axis, checked when the launch runs because only then their contents are known. */
struct OffsetsCheck { const int32_t* offsets; uint64_t count; int64_t rows, longest; };

struct Launch final : Task {
  Kernel kernel = nullptr;
  const std::string* label = nullptr;
  std::vector<uint64_t> values;
  std::vector<OffsetsCheck> checks;
  std::vector<std::shared_ptr<const Mapping>> keep;
  void run(std::optional<Failure>&, Completion&) override;
};

struct Copy final : Task {
  char* to = nullptr;
  const char* from = nullptr;
  size_t bytes = 0;
  /** Host bytes of a write, copied when it was queued; null for a copy between blocks. */
  std::unique_ptr<char, void (*)(void*)> staging{nullptr, std::free};
  std::shared_ptr<const Mapping> keep;
  void run(std::optional<Failure>&, Completion&) override;
};

struct Read final : Task {
  const char* from = nullptr;
  size_t bytes = 0;
  std::shared_ptr<const Mapping> keep;
  void run(std::optional<Failure>&, Completion&) override;
};

struct Sync final : Task {
  void run(std::optional<Failure>&, Completion&) override;
};

struct Release final : Task {
  Released blocks;
  Release() { droppable = false; }
  void run(std::optional<Failure>&, Completion&) override { blocks.clear(); }
};

struct Configure final : Task {
  SetThreads setThreads = nullptr;
  int threads = 1;
  Configure() { droppable = false; }
  void run(std::optional<Failure>&, Completion&) override { setThreads(threads); }
};

class WorkQueue {
 public:
  /** `notify` is called on the device thread when completions wait to be taken. */
  explicit WorkQueue(std::function<void()> notify);
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;
  ~WorkQueue() { stop(); }

  void push(std::unique_ptr<Task> task);
  /** Nothing queued, nothing running, nothing failed: the caller may touch device memory itself. */
  bool isIdle();
  /** Drops what has not started; the promises of what was dropped. */
  std::vector<uint64_t> cancel();
  std::vector<Completion> takeCompletions();
  /** Drops what has not started, waits for what runs, ends the thread. */
  void stop();

 private:
  void loop();

  std::function<void()> notify;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::unique_ptr<Task>> tasks;
  std::vector<Completion> completions;
  std::optional<Failure> failure;
  bool waiting = false, running = false, stopping = false, notified = false;
  std::thread thread;
};

}  // namespace warpfold
