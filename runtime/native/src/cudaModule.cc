#include "cudaModule.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "cudaProcessor.h"
#include "deviceThread.h"

namespace warpfold {

namespace {

std::string imageAt(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Failure("R113", std::string("the kernel file cannot be read: ") + std::strerror(errno), path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

Napi::Function CudaModule::define(Napi::Env env) { return DefineClass(env, className, {}); }

CudaModule::CudaModule(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  guarded(info.Env(), [&] {
    auto* processor = dynamic_cast<CudaProcessor*>(&unwrap<DeviceThread>(info[0]).openProcessor());
    path = textArg(info, 1, "path");
    if (processor == nullptr) throw Failure("R010", "a kernel file for a GPU needs a GPU's device");
    owner = processor;
    module = processor->load(imageAt(path), path);
  });
  info.This().As<Napi::Object>().TypeTag(&tag);
}

CudaFunction CudaModule::function(const CudaProcessor& processor, const std::string& symbol) const {
  if (&processor != owner) throw Failure("R010", "a kernel file of another device", path);
  const CudaTable& cuda = processor.table();
  CudaFunction found = nullptr;
  const CudaResult result = cuda.ModuleGetFunction(&found, module, symbol.c_str());
  if (result == cudaNotFound) throw Failure("R113", "the kernel file has no function '" + symbol + "'", path);
  if (result != cudaSuccess) throw Failure("R022", cudaFailed(cuda, "cuModuleGetFunction", result) + " for '" + symbol + "'", path);
  return found;
}

}  // namespace warpfold
