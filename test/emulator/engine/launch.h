// Runs every block of a launch. A kernel library holds one function per launch, made by EMULATED below.
#pragma once
#include <cstdint>
#include <type_traits>
#include <utility>

namespace emulator {

/** A kernel as its library knows it. `arguments`: their names, comma-separated. */
struct Kernel {
  const char* symbol;
  const char* arguments;
  int threads, sharedBytes, arity;
  void (*body)(void* const* args);
  /** One bit for each argument that is a tensor map. */
  std::uint64_t maps;
  /** Whether it waits itself for the launches in front of it, and is compiled to tell of its accesses to global memory. */
  bool awaits, tells;
  bool isMap(int arg) const { return (maps >> arg & 1) != 0; }
};

/**
 * Behind the kernel's own arguments come int32 numbers: blocks, seed, policy, whether races are looked for; then for each
 * argument what it is (0 a number, 1 an array to read, 2 one to write, 3 one to write whose contents do not matter yet) and
 * four times its bytes, in one. A map's are those of its memory; its value is EmulatedMap of boxes.h. Throws std::runtime_error with a report.
 */
void launch(const Kernel& kernel, void* const* args);

template <auto kernel> struct Body;
template <class... Parameters, void (*kernel)(Parameters...)> struct Body<kernel> {
  static constexpr int arity = sizeof...(Parameters);
  /** Maps are what comes by reference. */
  static constexpr std::uint64_t maps = [] {
    std::uint64_t bits = 0, bit = 1;
    ((bits |= std::is_reference_v<Parameters> ? bit : 0, bit <<= 1), ...);
    return bits;
  }();
  static void call(void* const* args) { call(args, std::index_sequence_for<Parameters...>()); }
  template <std::size_t... I> static void call(void* const* args, std::index_sequence<I...>) { kernel(*static_cast<std::remove_reference_t<Parameters>*>(args[I])...); }
};

}  // namespace emulator

#ifdef __SANITIZE_THREAD__
#define EMULATOR_TELLS true
#else
#define EMULATOR_TELLS false
#endif

/** Exports the launch of a kernel under its own name, with the CPU's launch ABI and more arguments. */
#define EMULATED(symbol, arguments, threads, sharedBytes, awaits)                                      \
  namespace emulated_##symbol {                                                                        \
  using Body = ::emulator::Body<static_cast<decltype(&::symbol)>(&::symbol)>;                          \
  constexpr ::emulator::Kernel kernel{#symbol, arguments, threads, sharedBytes, Body::arity, Body::call, Body::maps, awaits, EMULATOR_TELLS}; \
  }                                                                                                    \
  extern "C" __attribute__((visibility("default"))) void symbol(void* const* args) { ::emulator::launch(emulated_##symbol::kernel, args); }
