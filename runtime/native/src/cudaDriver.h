// The JavaScript face of the CUDA driver: whether it can be used, and which GPUs there are.
#pragma once
#include <napi.h>

#include "cudaTable.h"

namespace warpfold {

/** `new CudaDriver(library)`: `.version()`, `.hasTensorMaps()`, `.devices()`. */
class CudaDriver : public Napi::ObjectWrap<CudaDriver> {
 public:
  static constexpr napi_type_tag tag = {0x4c0e8d3a6b7f1295, 0xa7d2e9f40c5b8136};
  static constexpr const char* className = "CudaDriver";
  static Napi::Function define(Napi::Env env);
  explicit CudaDriver(const Napi::CallbackInfo& info);

  Napi::Value version(const Napi::CallbackInfo& info);
  Napi::Value hasTensorMaps(const Napi::CallbackInfo& info);
  Napi::Value devices(const Napi::CallbackInfo& info);
  const std::shared_ptr<const CudaTable>& table() const { return functions; }

 private:
  std::shared_ptr<const CudaTable> functions;
};

}  // namespace warpfold
