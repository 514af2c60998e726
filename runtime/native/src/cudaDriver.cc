#include "cudaDriver.h"

namespace warpfold {

Napi::Function CudaDriver::define(Napi::Env env) {
  const Napi::Function constructor = DefineClass(env, className, {});
  method<CudaDriver, &CudaDriver::version>(constructor, "version");
  method<CudaDriver, &CudaDriver::hasTensorMaps>(constructor, "hasTensorMaps");
  method<CudaDriver, &CudaDriver::devices>(constructor, "devices");
  return constructor;
}

CudaDriver::CudaDriver(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  guarded(info.Env(), [&] { functions = openCudaDriver(textArg(info, 0, "library")); });
  info.This().As<Napi::Object>().TypeTag(&tag);
}

Napi::Value CudaDriver::version(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), functions->version); }

Napi::Value CudaDriver::hasTensorMaps(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), functions->TensorMapEncodeTiled != nullptr); }

Napi::Value CudaDriver::devices(const Napi::CallbackInfo& info) {
  const CudaTable& cuda = *functions;
  const auto check = [&](const char* call, CudaResult result) {
    if (result != cudaSuccess) throw Failure("R022", cudaFailed(cuda, call, result));
  };
  int count = 0;
  check("cuDeviceGetCount", cuda.DeviceGetCount(&count));
  Napi::Array all = Napi::Array::New(info.Env(), static_cast<size_t>(count));
  for (int i = 0; i < count; i++) {
    CudaDevice device = 0;
    char name[256] = {};
    size_t bytes = 0;
    check("cuDeviceGet", cuda.DeviceGet(&device, i));
    check("cuDeviceGetName", cuda.DeviceGetName(name, sizeof name - 1, device));
    check("cuDeviceTotalMem", cuda.DeviceTotalMem(&bytes, device));
    const auto attribute = [&](int which) {
      int value = 0;
      check("cuDeviceGetAttribute", cuda.DeviceGetAttribute(&value, which, device));
      return static_cast<double>(value);
    };
    Napi::Object entry = Napi::Object::New(info.Env());
    entry.Set("name", name);
    entry.Set("major", attribute(cudaAttributeMajor));
    entry.Set("minor", attribute(cudaAttributeMinor));
    entry.Set("processors", attribute(cudaAttributeProcessors));
    entry.Set("memoryBytes", static_cast<double>(bytes));
    all.Set(static_cast<uint32_t>(i), entry);
  }
  return all;
}

}  // namespace warpfold
