// Compiled kernels of one .fatbin file, loaded into a device's context.
#pragma once
#include <napi.h>

#include <string>

#include "cudaTable.h"

namespace warpfold {

class CudaProcessor;

/** `new CudaModule(thread, path)`; gone with the device. */
class CudaModule : public Napi::ObjectWrap<CudaModule> {
 public:
  static constexpr napi_type_tag tag = {0x9e1b4f7c2a8d6305, 0xd3c6a0b5e7f41928};
  static constexpr const char* className = "CudaModule";
  static Napi::Function define(Napi::Env env);
  explicit CudaModule(const Napi::CallbackInfo& info);

  /** Throws R010 for a module of another device, R113 where it has no such function. */
  CudaFunction function(const CudaProcessor& processor, const std::string& symbol) const;

 private:
  const CudaProcessor* owner = nullptr;
  std::string path;
  CudaModuleHandle module = nullptr;
};

}  // namespace warpfold
