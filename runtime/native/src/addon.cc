// What the addon exports, and what it knows about the machine.
#include <napi.h>

#include <cstdlib>
#include <cstring>

#include "check.h"
#include "cpuModule.h"
#include "cudaDriver.h"
#include "cudaModule.h"
#include "deviceThread.h"
#include "mappedFile.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace warpfold {

namespace {

/** The best x86-64 level that processor and operating system support, e.g. "x86-64-v3"; empty on other processors. */
const char* instructionSet() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return "x86-64-v4";
  if (__builtin_cpu_supports("x86-64-v3")) return "x86-64-v3";
  if (__builtin_cpu_supports("x86-64-v2")) return "x86-64-v2";
#endif
  return "";
}

std::string processorName() {
#if defined(__x86_64__)
  unsigned registers[12] = {};
  for (unsigned leaf = 0; leaf < 3; leaf++) {
    unsigned* r = registers + 4 * leaf;
    if (__get_cpuid(0x80000002u + leaf, r, r + 1, r + 2, r + 3) == 0) return "unknown processor";
  }
  char text[sizeof registers + 1] = {};
  std::memcpy(text, registers, sizeof registers);
  std::string name(text);
  const size_t first = name.find_first_not_of(' '), last = name.find_last_not_of(' ');
  return first == std::string::npos ? "unknown processor" : name.substr(first, last - first + 1);
#else
  return "unknown processor";
#endif
}

/** The processor: its name, and its instruction set or why no kernel runs on it. */
Napi::Value processor(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Object cpu = Napi::Object::New(env);
  const std::string set = instructionSet();
  cpu.Set("name", processorName());
  if (set.empty()) cpu.Set("why", "CPU kernels exist for x86-64 from level v2 on");
  else cpu.Set("instructionSet", set);
  return cpu;
}

/** install(class): what native failures are thrown as. */
Napi::Value install(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    if (!info[0].IsFunction()) throw Failure("R010", "install needs the error class");
    info.Env().GetInstanceData<Environment>()->errorClass = Napi::Persistent(info[0].As<Napi::Function>());
    return info.Env().Undefined();
  });
}

/**
 * Between launches OpenMP threads spin for about a quarter of a millisecond, then sleep: long enough to bridge the gap
 * to the next launch, short enough that an idle device uses no core. Must be set before a kernel brings libgomp in.
 */
void boundSpinning() {
  if (std::getenv("OMP_WAIT_POLICY") == nullptr) setenv("GOMP_SPINCOUNT", "20000", 0);
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(new Environment);
  static const bool bounded = (boundSpinning(), true);
  (void)bounded;
  exports.Set("processor", Napi::Function::New<processor>(env, "processor"));
  exports.Set("install", Napi::Function::New<install>(env, "install"));
  exports.Set("CpuModule", CpuModule::define(env));
  exports.Set("CudaDriver", CudaDriver::define(env));
  exports.Set("CudaModule", CudaModule::define(env));
  exports.Set("DeviceThread", DeviceThread::define(env));
  exports.Set("MappedFile", MappedFile::define(env));
  return exports;
}

}  // namespace

}  // namespace warpfold

static Napi::Object initialize(Napi::Env env, Napi::Object exports) { return warpfold::init(env, exports); }

NODE_API_MODULE(NODE_GYP_MODULE_NAME, initialize)
