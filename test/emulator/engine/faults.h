// Accesses to guard pages become reports: the fiber that made one is left as it is, the process goes on.
#pragma once
#include <pthread.h>
#include <signal.h>
#include <ucontext.h>

#include <memory>
#include <vector>

#include "block.h"
#include "guard.h"

namespace emulator {

struct Fault { char* address; Pc pc; };

/** What the handler needs: who runs kernels, and where a fiber goes that cannot go on. */
struct Faults {
  volatile bool watching = false;
  pthread_t owner{};
  struct sigaction previous[2];
  bool installed = false;
  Fault fault{};
  std::vector<std::unique_ptr<Guarded>>* arrays = nullptr;
  std::unique_ptr<char[]> handlerStack, landingStack;
};
inline Faults faults;

constexpr std::size_t signalStackBytes = std::size_t{64} << 10;

inline std::string faultText() {
  const char* address = faults.fault.address;
  const std::string who = threadText(block.thread) + ", " + placeText(faults.fault.pc) + ", ";
  for (const auto& array : *faults.arrays)
    if (array->holds(address)) return who + (array->complaint(address).rfind("writes", 0) == 0 ? "" : "reaches ") + array->complaint(address);
  if (block.stacks.holds(address)) return who + "needs more than " + std::to_string(stackBytes >> 10) + " KiB of stack";
  return who + "reaches memory that belongs to no argument";
}

/** Where a fiber lands after a fault, on a stack of its own. */
[[noreturn]] inline void landAfterFault() { fail(faultText()); }

inline void onFault(int signal, siginfo_t* info, void* raw) {
  auto* context = static_cast<ucontext_t*>(raw);
  if (faults.watching && pthread_equal(pthread_self(), faults.owner) != 0) {
    const greg_t* registers = context->uc_mcontext.gregs;
    const void* at = reinterpret_cast<void*>(registers[REG_RIP]);
    // memset and its like have no frame: who called them is on top of the stack.
    const void* caller = isOurs(at) ? at : *reinterpret_cast<void* const*>(registers[REG_RSP]);
    faults.fault = {static_cast<char*>(info->si_addr), isOurs(caller) ? pcOf(caller) - (caller == at ? 0 : 1) : 0};
    const auto top = reinterpret_cast<std::uintptr_t>(faults.landingStack.get() + stackBytes) / 64 * 64;
    context->uc_mcontext.gregs[REG_RSP] = static_cast<greg_t>(top - 8);
    context->uc_mcontext.gregs[REG_RIP] = reinterpret_cast<greg_t>(&landAfterFault);
    return;
  }
  const struct sigaction& before = faults.previous[signal == SIGBUS];
  if ((before.sa_flags & SA_SIGINFO) != 0) return before.sa_sigaction(signal, info, raw);
  if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) return before.sa_handler(signal);
  sigaction(signal, &before, nullptr);
}

/** While it lives, faults of the calling thread's fibers become reports about `arrays`. */
class Watch {
 public:
  explicit Watch(std::vector<std::unique_ptr<Guarded>>& arrays) {
    if (!faults.handlerStack) {
      faults.handlerStack.reset(new char[signalStackBytes]);
      faults.landingStack.reset(new char[stackBytes]);
    }
    stack_t own{};
    own.ss_sp = faults.handlerStack.get();
    own.ss_size = signalStackBytes;
    sigaltstack(&own, &before);
    if (!faults.installed) {
      struct sigaction action{};
      action.sa_sigaction = onFault;
      action.sa_flags = SA_SIGINFO | SA_ONSTACK;
      sigaction(SIGSEGV, &action, &faults.previous[0]);
      sigaction(SIGBUS, &action, &faults.previous[1]);
      faults.installed = true;
    }
    faults.arrays = &arrays;
    faults.owner = pthread_self();
    faults.watching = true;
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    faults.watching = false;
    sigaltstack(&before, nullptr);
  }

 private:
  stack_t before{};
};

}  // namespace emulator
