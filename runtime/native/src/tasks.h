// The kinds of work that are queued on a device.
#pragma once
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "pool.h"
#include "processor.h"
#include "tracer.h"

namespace warpfold {

/** What a read, a sync or a timer has to say to JavaScript. */
struct Completion {
  uint64_t promise = 0;
  std::optional<Failure> failure;
  /** A read's bytes, from malloc. */
  std::unique_ptr<char, void (*)(void*)> bytes{nullptr, std::free};
  size_t length = 0;
  std::optional<double> number;
};

/** Bytes of the device's memory that a task reads or writes. */
struct Touched { const char* data; size_t bytes; bool written; };

struct Task {
  virtual ~Task() = default;
  /** `failure` is the first failure since the last sync; what is thrown becomes it. */
  virtual void run(Processor& processor, std::optional<Failure>& failure, Completion& completion) = 0;
  /** What a trace says of it; nothing where it is not the device's work. */
  virtual std::optional<Traced> traced() const { return std::nullopt; }
  /** All that it touches, of a task that is recorded. */
  virtual std::vector<Touched> touches() const { return {}; }
  /** Who waits for it; 0: nobody. */
  uint64_t promise = 0;
  /** False for work that must happen even when cancelled, such as giving memory back. */
  bool droppable = true;
};

struct Launch final : Task {
  const Function* function = nullptr;
  uint64_t blocks = 1;
  std::vector<uint64_t> values;
  /** By the index of their argument, in the place of a value. */
  std::vector<std::pair<size_t, std::shared_ptr<const TensorMap>>> maps;
  std::vector<OffsetsCheck> checks;
  std::vector<std::shared_ptr<const Mapping>> keep;
  /** Known where it is recorded. */
  std::vector<Touched> touched;
  std::vector<Touched> touches() const override { return touched; }
  /** Where the value of each argument lies, until this is gone. */
  std::vector<void*> args();
  void run(Processor& processor, std::optional<Failure>&, Completion&) override { processor.launch(*this); }
  std::optional<Traced> traced() const override { return Traced{laneKernels, function->label}; }
};

/** Between blocks, or, with `upload`, from host memory. */
struct Copy final : Task {
  char* to = nullptr;
  const char* from = nullptr;
  size_t bytes = 0;
  bool upload = false;
  /** Host bytes of a write, copied when it was queued. */
  std::shared_ptr<const char> host;
  std::shared_ptr<const Mapping> keep;
  void run(Processor& processor, std::optional<Failure>&, Completion&) override;
  std::vector<Touched> touches() const override { return {{to, bytes, true}, {from, bytes, false}}; }
  /** Those who read a file tell of it themselves. */
  std::optional<Traced> traced() const override { return upload && keep ? std::nullopt : std::optional(Traced{laneCopies, upload ? "upload" : "copy"}); }
};

struct Read final : Task {
  const char* from = nullptr;
  size_t bytes = 0;
  std::shared_ptr<const Mapping> keep;
  void run(Processor& processor, std::optional<Failure>& failure, Completion& completion) override;
  std::optional<Traced> traced() const override { return Traced{laneCopies, "download"}; }
};

/** Reports the first failure since the last sync, and clears it. */
struct Sync final : Task {
  void run(Processor& processor, std::optional<Failure>& failure, Completion& completion) override;
};

/** Gives memory back to the system. */
struct Release final : Task {
  Released blocks;
  Release() { droppable = false; }
  void run(Processor&, std::optional<Failure>&, Completion&) override { blocks.clear(); }
};

/** Two moments and the time between them. */
struct Timer { std::unique_ptr<Moment> begin, end; };

struct StartTimer final : Task {
  std::shared_ptr<Timer> timer;
  void run(Processor& processor, std::optional<Failure>&, Completion&) override { timer->begin = processor.moment(); }
};

struct StopTimer final : Task {
  std::shared_ptr<Timer> timer;
  void run(Processor& processor, std::optional<Failure>& failure, Completion& completion) override;
};

/** Launches and copies to be run again and again; `compiled` is what the processor made of them. */
struct Recording {
  std::vector<std::unique_ptr<Task>> tasks;
  std::shared_ptr<void> compiled;
};

struct Prepare final : Task {
  std::shared_ptr<Recording> recording;
  void run(Processor& processor, std::optional<Failure>&, Completion&) override { processor.prepare(*recording); }
};

struct Replay final : Task {
  std::shared_ptr<Recording> recording;
  void run(Processor& processor, std::optional<Failure>&, Completion&) override { processor.replay(*recording); }
  std::optional<Traced> traced() const override { return Traced{laneKernels, "replay of " + std::to_string(recording->tasks.size()) + " launches"}; }
};

struct BeginTrace final : Task {
  BeginTrace() { droppable = false; }
  void run(Processor& processor, std::optional<Failure>&, Completion&) override { processor.tracer = std::make_shared<Tracer>(processor); }
};

/** The trace's text, as the bytes of a read. */
struct EndTrace final : Task {
  EndTrace() { droppable = false; }
  void run(Processor& processor, std::optional<Failure>& failure, Completion& completion) override;
};

}  // namespace warpfold
