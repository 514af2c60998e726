// A compiled kernel library.
#pragma once
#include <napi.h>

#include <string>

namespace warpfold {

/** The launch ABI on the CPU: args[i] points at the i-th argument's value. */
using Kernel = void (*)(void* const* args);
using SetThreads = void (*)(int count);

/** `new CpuModule(path)`. Libraries stay loaded until the process ends: threads of their OpenMP runtime sleep in its code. */
class CpuModule : public Napi::ObjectWrap<CpuModule> {
 public:
  static constexpr napi_type_tag tag = {0x2b7e9c4d1f8a4360, 0x91d3c5b7a2e4f608};
  static constexpr const char* className = "CpuModule";
  static Napi::Function define(Napi::Env env);
  explicit CpuModule(const Napi::CallbackInfo& info);

  /** Throws R113 where the library has no such function. */
  Kernel kernel(const std::string& symbol) const;
  /** Sets the OpenMP threads of the calling thread; null for a library without OpenMP. */
  SetThreads setThreads() const;

 private:
  std::string path;
  void* library = nullptr;
};

}  // namespace warpfold
