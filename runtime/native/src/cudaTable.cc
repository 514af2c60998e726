#include "cudaTable.h"

#include <dlfcn.h>

namespace warpfold {

namespace {

/** What the kernels' compiler demands of a driver, and the version whose declarations the table has. */
constexpr int oldest = 13000, declared = 12000;

using GetVersion = CudaResult (*)(int* version);
/** Finds a function as it was declared in a version; legacy default stream. */
using GetProcAddress = CudaResult (*)(const char* name, void** function, int version, uint64_t flags, int* status);

std::string dotted(int version) { return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10); }

int versionOf(void* library, const std::string& path) {
  const auto getVersion = reinterpret_cast<GetVersion>(dlsym(library, "cuDriverGetVersion"));
  int version = 0;
  if (getVersion == nullptr || getVersion(&version) != cudaSuccess) throw Failure("R020", "the library is no CUDA driver: it does not say its version", path);
  return version;
}

void fill(CudaTable& table, void* library, const std::string& path) {
  const auto find = reinterpret_cast<GetProcAddress>(dlsym(library, "cuGetProcAddress_v2"));
  if (find == nullptr) throw Failure("R020", "the CUDA driver has no cuGetProcAddress", path);
  const auto get = [&](const char* name) {
    void* function = nullptr;
    int status = 0;
    return find(name, &function, declared, 0, &status) == cudaSuccess ? function : nullptr;
  };
#define WARPFOLD_FIND(name, parameters) table.name = reinterpret_cast<decltype(table.name)>(get("cu" #name));
#define WARPFOLD_DEMAND(name, parameters) \
  if (table.name == nullptr) throw Failure("R020", "the CUDA driver has no cu" #name, path);
  WARPFOLD_CUDA_FUNCTIONS(WARPFOLD_FIND)
  WARPFOLD_CUDA_FUNCTIONS(WARPFOLD_DEMAND)
  WARPFOLD_CUDA_OPTIONAL(WARPFOLD_FIND)
#undef WARPFOLD_FIND
#undef WARPFOLD_DEMAND
}

}  // namespace

std::string cudaFailed(const CudaTable& table, const std::string& call, CudaResult result) {
  const char *name = nullptr, *text = nullptr;
  table.GetErrorName(result, &name);
  table.GetErrorString(result, &text);
  return call + " failed with " + (name == nullptr ? "error " + std::to_string(result) : name) + (text == nullptr ? "" : std::string(" (") + text + ")");
}

/** The library stays loaded: the driver keeps threads and handlers of its own. */
std::shared_ptr<const CudaTable> openCudaDriver(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw Failure("R020", std::string("there is no GPU driver: ") + dlerror());
  auto table = std::make_shared<CudaTable>();
  table->version = versionOf(library, path);
  if (table->version < oldest)
    throw Failure("R021", "the GPU driver is made for CUDA " + dotted(table->version) + ", the kernels need CUDA " + dotted(oldest), "", "install a GPU driver of version 580 or later");
  fill(*table, library, path);
  const CudaResult started = table->Init(0);
  if (started == cudaNoDevice) throw Failure("R020", "the GPU driver sees no GPU");
  if (started != cudaSuccess) throw Failure("R020", "the GPU driver does not start: " + cudaFailed(*table, "cuInit", started));
  return table;
}

bool isSticky(CudaResult result) {
  switch (result) {
    case cudaDeinitialized: case cudaEccUncorrectable: case cudaNvlinkUncorrectable: case cudaContained: case cudaIllegalAddress: case cudaLaunchTimeout:
    case cudaContextIsDestroyed: case cudaAssert: case cudaHardwareStackError: case cudaIllegalInstruction: case cudaMisalignedAddress:
    case cudaInvalidAddressSpace: case cudaInvalidPc: case cudaLaunchFailed: case cudaUnknown:
      return true;
    default:
      return false;
  }
}

}  // namespace warpfold
