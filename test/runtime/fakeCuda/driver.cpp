// A libcuda.so.1 on host memory, for tests where no GPU is. "Kernels" are host functions that follow the launch ABI:
// an image is the text `FAKE <library>` and one line `<function> <arguments>` for each function, `v` for a value and `m`
// for a tensor map, `-` for none, or
// `ERROR <code>`: what loading it ends with.
#include "errors.h"
#include "streams.h"
#include "world.h"

using namespace fake;

namespace {
struct Map {
  void* base;
  int rank;
  long dims[5], strides[4];
  int box[5], elementBytes;
};
struct alignas(64) Value { unsigned char bytes[128]; };
static_assert(sizeof(Map) <= sizeof(Value));

char* pointer(unsigned long long address) { return reinterpret_cast<char*>(static_cast<uintptr_t>(address)); }

Result Init(unsigned) {
  ENTER("cuInit");
  return w.config.number("devices", 1) == 0 ? noDevice : 0;
}
Result DeviceGetCount(int* count) {
  ENTER("cuDeviceGetCount");
  *count = static_cast<int>(w.config.number("devices", 1));
  return 0;
}
Result DeviceGet(int* device, int ordinal) {
  ENTER("cuDeviceGet");
  *device = ordinal;
  return ordinal < w.config.number("devices", 1) ? 0 : invalidDevice;
}
Result DeviceGetName(char* name, int length, int device) {
  ENTER("cuDeviceGetName");
  std::strncpy(name, ("Fake GPU " + std::to_string(device)).c_str(), static_cast<size_t>(length));
  return 0;
}
Result DeviceGetAttribute(int* value, int attribute, int) {
  ENTER("cuDeviceGetAttribute");
  const double capability = w.config.number("capability", 90);
  if (attribute == 16) *value = static_cast<int>(w.config.number("processors", 132));
  else if (attribute == 75) *value = static_cast<int>(capability) / 10;
  else if (attribute == 76) *value = static_cast<int>(capability) % 10;
  else if (attribute == 97) *value = static_cast<int>(w.config.number("shared", 232448));
  else return invalidValue;
  return 0;
}
Result DeviceTotalMem(size_t* bytes, int) {
  ENTER("cuDeviceTotalMem");
  *bytes = static_cast<size_t>(w.config.number("memory", 1 << 30));
  return 0;
}
Result DevicePrimaryCtxRetain(int** made, int) {
  ENTER("cuDevicePrimaryCtxRetain");
  w.retained++;
  *made = &context;
  return 0;
}
/** The last release ends the context: what was left in it is logged, and its error forgotten. */
Result DevicePrimaryCtxRelease(int) {
  World& w = World::world();
  const std::lock_guard lock(w.mutex);
  if (--w.retained > 0) return 0;
  w.log("closed, left " + std::to_string(w.device.size()) + " blocks, " + std::to_string(w.pinned.size()) + " pinned, " + std::to_string(w.streams.size()) + " streams, " + std::to_string(w.events.size()) + " events");
  w.sticky = 0;
  return 0;
}
Result CtxSetCurrent(int* context) {
  ENTER("cuCtxSetCurrent");
  current = context;
  return 0;
}

Result MemAlloc(unsigned long long* address, size_t bytes) {
  ENTER_CONTEXT("cuMemAlloc");
  size_t held = bytes;
  for (const auto& [data, size] : w.device) held += size;
  if (held > w.config.number("memory", 1 << 30)) return outOfMemory;
  char* data = static_cast<char*>(std::malloc(bytes));
  std::memset(data, 0xff, bytes);
  w.device[data] = bytes;
  *address = reinterpret_cast<uintptr_t>(data);
  w.log("allocated " + std::to_string(bytes));
  return 0;
}
/** Waits for all work, as the driver does; what still reads freed memory reads nonsense. */
Result MemFree(unsigned long long address) {
  World& w = World::world();
  const std::lock_guard lock(w.mutex);
  if (current == nullptr) return invalidContext;
  const auto found = w.device.find(pointer(address));
  if (found == w.device.end()) return invalidValue;
  for (Stream* stream : w.streams) runAll(*stream);
  w.log("freed " + std::to_string(found->second));
  std::memset(found->first, 0xee, found->second);
  std::free(found->first);
  w.device.erase(found);
  return w.sticky;
}
Result MemGetInfo(size_t* free, size_t* total) {
  ENTER_CONTEXT("cuMemGetInfo");
  *total = *free = static_cast<size_t>(w.config.number("memory", 1 << 30));
  for (const auto& [data, size] : w.device) *free -= size;
  return 0;
}
Result MemHostAlloc(void** data, size_t bytes, unsigned) {
  ENTER_CONTEXT("cuMemHostAlloc");
  *data = std::malloc(bytes);
  w.pinned[static_cast<char*>(*data)] = bytes;
  return 0;
}
Result MemFreeHost(void* data) {
  World& w = World::world();
  const std::lock_guard lock(w.mutex);
  for (Stream* stream : w.streams) runAll(*stream);
  w.pinned.erase(static_cast<char*>(data));
  std::free(data);
  return w.sticky;
}

/** Pinned memory is read when the work is done, pageable memory before the call returns. */
Result MemcpyHtoDAsync(unsigned long long to, const void* from, size_t bytes, Stream* stream) {
  ENTER_CONTEXT("cuMemcpyHtoDAsync");
  if (!inside(w.device, pointer(to), bytes)) return invalidValue;
  const char* source = static_cast<const char*>(from);
  submit(*stream, [=] { return std::memcpy(pointer(to), source, bytes), 0; });
  if (inside(w.pinned, source, bytes)) return 0;
  return stream->capturing ? captureUnsupported : runAll(*stream);
}
Result MemcpyDtoHAsync(void* to, unsigned long long from, size_t bytes, Stream* stream) {
  ENTER_CONTEXT("cuMemcpyDtoHAsync");
  if (!inside(w.device, pointer(from), bytes)) return invalidValue;
  submit(*stream, [=] { return std::memcpy(to, pointer(from), bytes), 0; });
  if (inside(w.pinned, static_cast<char*>(to), bytes)) return 0;
  return stream->capturing ? captureUnsupported : runAll(*stream);
}
Result MemcpyDtoDAsync(unsigned long long to, unsigned long long from, size_t bytes, Stream* stream) {
  ENTER_CONTEXT("cuMemcpyDtoDAsync");
  if (!inside(w.device, pointer(to), bytes) || !inside(w.device, pointer(from), bytes)) return invalidValue;
  submit(*stream, [=] { return std::memcpy(pointer(to), pointer(from), bytes), 0; });
  return 0;
}

Result EventCreate(Event** event, unsigned) {
  ENTER_CONTEXT("cuEventCreate");
  w.events.insert(*event = new Event);
  return 0;
}
Result EventRecord(Event* event, Stream* stream) {
  ENTER_CONTEXT("cuEventRecord");
  if (stream->capturing) return captureUnsupported;
  event->stream = stream;
  event->position = stream->done + stream->queue.size() + 1;
  submit(*stream, [event, &w] {
    if (w.events.count(event) != 0) event->at = std::chrono::steady_clock::now();
    return 0;
  });
  return 0;
}
Result EventSynchronize(Event* event) {
  ENTER_CONTEXT("cuEventSynchronize");
  return event->stream == nullptr ? 0 : runTo(*event->stream, event->position);
}
Result EventElapsedTime(float* milliseconds, Event* from, Event* to) {
  ENTER_CONTEXT("cuEventElapsedTime");
  *milliseconds = std::chrono::duration<float, std::milli>(to->at - from->at).count();
  return 0;
}
Result EventDestroy(Event* event) {
  World& w = World::world();
  const std::lock_guard lock(w.mutex);
  w.events.erase(event);
  delete event;
  return 0;
}

Result ModuleLoadData(Module** module, const void* image) {
  ENTER_CONTEXT("cuModuleLoadData");
  std::istringstream text(static_cast<const char*>(image));
  std::string kind, what;
  text >> kind >> what;
  if (kind == "ERROR") return std::stoi(what);
  if (kind != "FAKE") return invalidImage;
  void* library = dlopen(what.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return invalidImage;
  *module = new Module{library, {}};
  for (std::string name; text >> name;) text >> (*module)->functions[name];
  w.log("loaded " + std::to_string((*module)->functions.size()) + " functions");
  return 0;
}
Result ModuleGetFunction(Function** function, Module* module, const char* name) {
  ENTER_CONTEXT("cuModuleGetFunction");
  const auto found = module->functions.find(name);
  void* entry = found == module->functions.end() ? nullptr : dlsym(module->library, name);
  if (entry == nullptr) return notFound;
  w.log(std::string("found ") + name);
  w.functions.insert(*function = new Function{reinterpret_cast<void (*)(void* const*)>(entry), name, found->second, 48 << 10});
  return 0;
}
Result FuncSetAttribute(Function* function, int attribute, int value) {
  ENTER_CONTEXT("cuFuncSetAttribute");
  if (attribute != 8 || value > w.config.number("shared", 232448)) return invalidValue;
  function->sharedLimit = value;
  w.log("shared " + function->name + " " + std::to_string(value));
  return 0;
}
/** A map says what it was made of, as fixtures/kernels.cpp reads it. */
Result TensorMapEncodeTiled(void* map, int type, uint32_t rank, void* data, const uint64_t* lengths, const uint64_t* steps, const uint32_t* box, const uint32_t* every, int interleave, int swizzle, int promotion, int fill) {
  ENTER_CONTEXT("cuTensorMapEncodeTiled");
  if (reinterpret_cast<uintptr_t>(map) % 64 != 0 || rank < 1 || rank > 5 || interleave != 0 || swizzle != 3 || promotion != 3 || fill != 0) return invalidValue;
  const int elementBytes = type == 6 || type == 9 ? 2 : type == 3 || type == 7 ? 4 : 0;
  Map made{data, static_cast<int>(rank), {}, {}, {}, elementBytes};
  size_t bytes = static_cast<size_t>(elementBytes);
  for (uint32_t i = 0; i < rank; i++) {
    if (every[i] != 1) return invalidValue;
    made.dims[i] = static_cast<long>(lengths[i]);
    made.box[i] = static_cast<int>(box[i]);
    bytes *= lengths[i];
    if (i + 1 < rank) made.strides[i] = static_cast<long>(steps[i]);
  }
  if (elementBytes == 0 || !inside(w.device, static_cast<char*>(data), bytes)) return invalidValue;
  std::memcpy(map, &made, sizeof made);
  w.log("mapped " + std::to_string(rank) + " axes of type " + std::to_string(type));
  return 0;
}
/** Arguments are read now, the function runs later; an exception is an access to a wrong address. */
Result LaunchKernel(Function* function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ, unsigned sharedBytes, Stream* stream, void** args, void**) {
  ENTER_CONTEXT("cuLaunchKernel");
  const uint64_t threads = uint64_t{blockX} * blockY * blockZ;
  if (gridX == 0 || gridY != 1 || gridZ != 1 || threads == 0 || threads > 1024 || sharedBytes > static_cast<unsigned>(function->sharedLimit)) return invalidValue;
  std::vector<Value> values(function->args == "-" ? 0 : function->args.size());
  for (size_t i = 0; i < values.size(); i++) std::memcpy(&values[i], args[i], function->args[i] == 'm' ? sizeof(Value) : sizeof(uint64_t));
  w.log("launch " + function->name + " " + std::to_string(gridX) + " " + std::to_string(threads) + " " + std::to_string(sharedBytes));
  submit(*stream, [function, values]() mutable -> Result {
    std::vector<void*> pointers(values.size());
    for (size_t i = 0; i < values.size(); i++) pointers[i] = &values[i];
    try {
      function->entry(pointers.data());
      return 0;
    } catch (...) {
      return illegalAddress;
    }
  });
  return 0;
}
struct LaunchAttribute { int id; char pad[4]; union { char whole[64]; int value; }; };
struct LaunchConfig { unsigned gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes; Stream* stream; LaunchAttribute* attributes; unsigned count; };
Result LaunchKernelEx(const LaunchConfig* c, Function* function, void** args, void** extra) {
  if (c->count != 1 || c->attributes->id != 6 || c->attributes->value != 1) return invalidValue;
  {
    ENTER_CONTEXT("cuLaunchKernelEx");
    w.log("early " + function->name);
  }
  return LaunchKernel(function, c->gridX, c->gridY, c->gridZ, c->blockX, c->blockY, c->blockZ, c->sharedBytes, c->stream, args, extra);
}

#define ROW(name) {"cu" #name, reinterpret_cast<void*>(&name)}
const std::map<std::string, void*> functions = {
    ROW(GetErrorName), ROW(GetErrorString), ROW(Init), ROW(DeviceGetCount), ROW(DeviceGet), ROW(DeviceGetName), ROW(DeviceGetAttribute), ROW(DeviceTotalMem),
    ROW(DevicePrimaryCtxRetain), ROW(DevicePrimaryCtxRelease), ROW(CtxSetCurrent), ROW(MemAlloc), ROW(MemFree), ROW(MemGetInfo), ROW(MemHostAlloc), ROW(MemFreeHost),
    ROW(MemcpyHtoDAsync), ROW(MemcpyDtoHAsync), ROW(MemcpyDtoDAsync), ROW(StreamCreate), ROW(StreamDestroy), ROW(StreamSynchronize), ROW(StreamBeginCapture),
    ROW(StreamEndCapture), ROW(StreamGetCaptureInfo), ROW(StreamUpdateCaptureDependencies), ROW(GraphInstantiateWithFlags), ROW(GraphUpload), ROW(GraphDestroy), ROW(GraphLaunch), ROW(GraphExecDestroy), ROW(EventCreate), ROW(EventRecord),
    ROW(EventSynchronize), ROW(EventElapsedTime), ROW(EventDestroy), ROW(ModuleLoadData), ROW(ModuleGetFunction), ROW(FuncSetAttribute), ROW(LaunchKernel), ROW(LaunchKernelEx), ROW(TensorMapEncodeTiled),
};

}  // namespace

extern "C" Result cuDriverGetVersion(int* version) {
  ENTER("cuDriverGetVersion");
  *version = static_cast<int>(w.config.number("version", 13000));
  return 0;
}

extern "C" Result cuGetProcAddress_v2(const char* name, void** function, int, uint64_t, int*) {
  ENTER("cuGetProcAddress");
  const auto found = functions.find(name);
  *function = found == functions.end() || w.config.word("without") == name ? nullptr : found->second;
  return *function == nullptr ? notFound : 0;
}
