// When work ran: spans of launches and copies by the device's own clock, and of files by the host's, on one time line.
#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "processor.h"

namespace warpfold {

/** What runs beside each other; the readers of files are numbered from `files` on. */
enum Lane : int { laneKernels = 0, laneCopies = 1, laneFiles = 2 };

/** What a task is in a trace. */
struct Traced { Lane lane; std::string name; };

/** Notes spans from its beginning on. Times are milliseconds of the steady clock, whose zero the operating system chose. */
class Tracer {
 public:
  /** Waits for the device, whose clock is compared with the host's. On the device's thread, as all but `add`. */
  explicit Tracer(Processor& processor);

  /** Does work on the device between two moments. */
  template <class Work>
  void around(Traced what, Work work) {
    std::unique_ptr<Moment> from = processor.moment();
    work();
    open.push_back({std::move(what), std::move(from), processor.moment()});
  }
  /** Whether so much is open that it should be settled: the device then waits some milliseconds, which would else be all of a trace's gaps. */
  bool isFull() const { return open.size() >= 65536; }
  /** Waits for the device: what was open becomes spans. */
  void settle();
  /** From any thread. */
  void add(int lane, const std::string& name, double from, double to);
  /** JSON: `names`, and `spans` of [lane, name's number, begin, end]. */
  std::string text();

  static double now() { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

 private:
  struct Open { Traced what; std::unique_ptr<Moment> from, to; };
  struct Span { int lane; size_t name; double from, to; };

  Processor& processor;
  /** A moment whose time is known. Not far in the past: the driver tells differences as floats. */
  std::unique_ptr<Moment> base;
  double baseTime = 0;
  std::vector<Open> open;
  std::mutex mutex;
  std::unordered_map<std::string, size_t> numbers;
  std::vector<std::string> names;
  std::vector<Span> spans;
};

}  // namespace warpfold
