#include "cpuProcessor.h"

#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstring>

namespace warpfold {

namespace {

constexpr size_t cacheLine = 64, hugePage = size_t{2} << 20;

struct ClockMoment final : Moment {
  std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();
};

}  // namespace

/** Large blocks ask for huge pages: a matmul walks them with far fewer TLB misses. */
char* CpuProcessor::allocate(size_t bytes) {
  const bool huge = bytes >= 2 * hugePage;
  void* data = nullptr;
  if (posix_memalign(&data, huge ? hugePage : cacheLine, bytes) != 0) return nullptr;
  if (huge) madvise(data, bytes / hugePage * hugePage, MADV_HUGEPAGE);
  return static_cast<char*>(data);
}

size_t CpuProcessor::memoryBytes() const {
  static const size_t bytes = [] {
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? static_cast<size_t>(pages) * static_cast<size_t>(page) : SIZE_MAX;
  }();
  return bytes;
}

void CpuProcessor::launch(Launch& launch) {
  const Function& function = *launch.function;
  for (const OffsetsCheck& check : launch.checks) checkOffsets(check.offsets, check, function.label);
  std::vector<void*> args = launch.args();
  try {
    reinterpret_cast<Kernel>(function.entry)(args.data());
  } catch (const std::bad_alloc&) {
    throw Failure("R014", "out of memory inside the kernel", function.label);
  } catch (const std::exception& error) {
    throw Failure("R018", std::string("the kernel failed: ") + error.what(), function.label);
  } catch (...) {
    throw Failure("R018", "the kernel failed", function.label);
  }
}

void CpuProcessor::copy(char* to, const char* from, size_t bytes) {
  if (bytes > 0) std::memmove(to, from, bytes);
}

void CpuProcessor::replay(Recording& recording) {
  std::optional<Failure> none;
  Completion nobody;
  for (auto& task : recording.tasks)
    if (!cancelled) task->run(*this, none, nobody);
}

std::unique_ptr<Moment> CpuProcessor::moment() { return std::make_unique<ClockMoment>(); }

double CpuProcessor::seconds(const Moment& from, const Moment& to) {
  return std::chrono::duration<double>(static_cast<const ClockMoment&>(to).at - static_cast<const ClockMoment&>(from).at).count();
}

}  // namespace warpfold
