// A fiber: a call stack of its own, and the switch from one stack to another.
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <new>

#ifndef __x86_64__
#error "the emulator switches stacks in x86-64 assembly"
#endif

// Saves what a call preserves and the stack pointer, goes on where the other stack left off.
extern "C" __attribute__((visibility("hidden"))) void emulatorSwitch(void** save, void* load);
asm(R"(.text
.globl emulatorSwitch
.hidden emulatorSwitch
.type emulatorSwitch, @function
emulatorSwitch:
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret
.size emulatorSwitch, .-emulatorSwitch
)");

namespace emulator {

constexpr std::size_t stackBytes = std::size_t{256} << 10;

/** Stacks for many fibers, each behind a page that may not be touched. Memory is taken as the stacks are used. */
class Stacks {
 public:
  Stacks() = default;
  Stacks(const Stacks&) = delete;
  Stacks& operator=(const Stacks&) = delete;
  ~Stacks() { release(); }

  void reserve(int count) {
    if (count <= reserved) return;
    release();
    bytes = static_cast<std::size_t>(count) * stackBytes;
    void* made = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made == MAP_FAILED) throw std::bad_alloc();
    base = static_cast<char*>(made);
    reserved = count;
    for (int i = 0; i < count; i++)
      if (mprotect(base + i * stackBytes, pageBytes(), PROT_NONE) != 0) throw std::bad_alloc();
  }

  /** A stack pointer for emulatorSwitch that enters `entry`, which must not return. */
  void* fresh(int index, void (*entry)()) const {
    auto** top = reinterpret_cast<void**>(base + (index + 1) * stackBytes - 64);
    *--top = nullptr;
    *--top = reinterpret_cast<void*>(entry);
    for (int i = 0; i < 6; i++) *--top = nullptr;
    return top;
  }

  bool holds(const void* address) const { return address >= base && address < base + bytes; }

  void release() {
    if (base != nullptr) munmap(base, bytes);
    base = nullptr;
    bytes = 0;
    reserved = 0;
  }

  static std::size_t pageBytes() {
    static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return page;
  }

 private:
  char* base = nullptr;
  std::size_t bytes = 0;
  int reserved = 0;
};

}  // namespace emulator
