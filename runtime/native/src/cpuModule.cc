#include "cpuModule.h"

#include <dlfcn.h>

#include "check.h"

namespace warpfold {

Napi::Function CpuModule::define(Napi::Env env) { return DefineClass(env, className, {}); }

CpuModule::CpuModule(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  guarded(info.Env(), [&] {
    path = textArg(info, 0, "path");
    if (path.empty() || path[0] != '/') throw Failure("R010", "a kernel library needs an absolute path", path);
    library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) throw Failure("R113", std::string("the kernel library does not load: ") + dlerror(), path);
  });
  info.This().As<Napi::Object>().TypeTag(&tag);
}

Kernel CpuModule::kernel(const std::string& symbol) const {
  void* address = dlsym(library, symbol.c_str());
  if (address == nullptr) throw Failure("R113", "the kernel library has no function '" + symbol + "'", path);
  return reinterpret_cast<Kernel>(address);
}

SetThreads CpuModule::setThreads() const { return reinterpret_cast<SetThreads>(dlsym(library, "omp_set_num_threads")); }

}  // namespace warpfold
