#include "cudaProcessor.h"

#include <algorithm>
#include <cstring>

namespace warpfold {

namespace {

CudaAddress address(const char* data) { return static_cast<CudaAddress>(reinterpret_cast<uintptr_t>(data)); }

/** Beyond this much dynamic shared memory a function must say so before it is launched. */
constexpr unsigned plainSharedBytes = 48 << 10;
constexpr size_t smallStaging = size_t{1} << 20, largeStaging = size_t{64} << 20;

std::string shape(const Function& function, uint64_t blocks) {
  return std::to_string(blocks) + " blocks of " + std::to_string(function.threads) + " threads with " + std::to_string(function.sharedBytes) + " bytes of shared memory";
}

std::string place(const Function& function) { return function.label + " (" + function.source + ")"; }

struct EventMoment final : Moment {
  EventMoment(const CudaTable& cuda, CudaContext context) : cuda(cuda), context(context) {}
  ~EventMoment() override {
    cuda.CtxSetCurrent(context);
    if (event != nullptr) cuda.EventDestroy(event);
  }
  const CudaTable& cuda;
  CudaContext context;
  CudaEvent event = nullptr;
};

}  // namespace

CudaProcessor::CudaProcessor(std::shared_ptr<const CudaTable> table, uint64_t ordinal, bool debug, bool beside)
    : cuda(std::move(table)), debug(debug), beside(beside), small(*cuda, smallStaging), large(*cuda, largeStaging), maps(*cuda) {
  check("cuDeviceGet", cuda->DeviceGet(&device, static_cast<int>(std::min<uint64_t>(ordinal, INT32_MAX))));
  check("cuDeviceTotalMem", cuda->DeviceTotalMem(&totalBytes, device));
  check("cuDeviceGetAttribute", cuda->DeviceGetAttribute(&sharedPerBlock, cudaAttributeSharedPerBlock, device));
  check("cuDeviceGetAttribute", cuda->DeviceGetAttribute(&major, cudaAttributeMajor, device));
  check("cuDeviceGetAttribute", cuda->DeviceGetAttribute(&minor, cudaAttributeMinor, device));
  check("cuDevicePrimaryCtxRetain", cuda->DevicePrimaryCtxRetain(&context, device));
  try {
    check("cuCtxSetCurrent", cuda->CtxSetCurrent(context));
    check("cuStreamCreate", cuda->StreamCreate(&stream, cudaStreamNonBlocking));
    for (CudaEvent& event : groupDone) check("cuEventCreate", cuda->EventCreate(&event, cudaEventUntimed));
  } catch (...) {
    cuda->DevicePrimaryCtxRelease(device);
    throw;
  }
}

CudaProcessor::~CudaProcessor() {
  enter();
  if (files) files->drop();
  cuda->StreamSynchronize(stream);
  files.reset();
  tracer.reset();
  for (CudaEvent event : groupDone) cuda->EventDestroy(event);
  small.close();
  large.close();
  cuda->StreamDestroy(stream);
  cuda->DevicePrimaryCtxRelease(device);
}

void CudaProcessor::check(const char* call, CudaResult result) {
  if (result == cudaSuccess) return;
  const std::string during = underWay();
  fail(Failure("R022", cudaFailed(*cuda, call, result) + (during.empty() ? "" : "; " + during)), result);
}

void CudaProcessor::fail(Failure failure, CudaResult result) {
  if (isSticky(result) && !lost) {
    const std::lock_guard lock(lostMutex);
    lostBy = (failure.where.empty() ? "" : failure.where + ": ") + failure.text;
    lost = true;
  }
  throw failure;
}

void CudaProcessor::requireUsable() const {
  if (!lost) return;
  const std::lock_guard lock(lostMutex);
  throw Failure("R023", "the device is lost since a failure: " + lostBy, "", "close this device and open it again");
}

/** The kernels that may have caused an error which came to light only now, the last submitted first. */
std::string CudaProcessor::underWay() const {
  std::string text;
  for (auto it = recent.rbegin(); it != recent.rend(); ++it) {
    text += text.empty() ? "under way were " : ", ";
    text += it->function == nullptr ? "a recording of " + std::to_string(it->recorded) + " launches" : place(*it->function) + " as " + shape(*it->function, it->blocks);
  }
  return text;
}

size_t CudaProcessor::capacityBytes(size_t held) const {
  enter();
  size_t free = 0, total = 0;
  return cuda->MemGetInfo(&free, &total) == cudaSuccess ? free + held : totalBytes;
}

char* CudaProcessor::allocate(size_t bytes) {
  enter();
  CudaAddress data = 0;
  const CudaResult result = cuda->MemAlloc(&data, bytes);
  if (result == cudaOutOfMemory) return nullptr;
  if (result != cudaSuccess) fail(Failure("R022", cudaFailed(*cuda, "cuMemAlloc", result) + " for " + std::to_string(bytes) + " bytes"), result);
  return reinterpret_cast<char*>(static_cast<uintptr_t>(data));
}

void CudaProcessor::free(char* data) {
  enter();
  if (files) files->drop();
  cuda->StreamSynchronize(stream);
  cuda->MemFree(address(data));
}

std::shared_ptr<const TensorMap> CudaProcessor::tensorMap(const BoxedTensor& tensor) {
  if (auto known = maps.find(tensor)) return known;
  enter();
  return maps.make(tensor);
}

CudaModuleHandle CudaProcessor::load(const std::string& image, const std::string& path) {
  enter();
  CudaModuleHandle module = nullptr;
  const CudaResult result = cuda->ModuleLoadData(&module, image.c_str());
  if (result == cudaSuccess) return module;
  if (result == cudaNoBinaryForGpu || result == cudaUnsupportedPtx)
    throw Failure("R114", "the kernel file has no code for a GPU of compute capability " + std::to_string(major) + "." + std::to_string(minor) + ": " + cudaFailed(*cuda, "cuModuleLoadData", result), path, "run `warpfold build` with an nvcc that knows this GPU");
  if (isSticky(result)) fail(Failure("R022", cudaFailed(*cuda, "cuModuleLoadData", result), path), result);
  throw Failure("R113", "the kernel file does not load: " + cudaFailed(*cuda, "cuModuleLoadData", result), path, "run `warpfold build`");
}

void CudaProcessor::resolve(Function& function, const CudaModule& module, const std::string& symbol) {
  enter();
  if (function.sharedBytes > static_cast<unsigned>(sharedPerBlock))
    throw Failure("R114", "a block needs " + std::to_string(function.sharedBytes) + " bytes of shared memory, this GPU has " + std::to_string(sharedPerBlock), place(function));
  const CudaFunction found = module.function(*this, symbol);
  if (function.sharedBytes > plainSharedBytes) {
    const CudaResult result = cuda->FuncSetAttribute(found, cudaFunctionSharedBytes, static_cast<int>(function.sharedBytes));
    if (result != cudaSuccess) fail(Failure("R022", cudaFailed(*cuda, "cuFuncSetAttribute", result) + " for " + std::to_string(function.sharedBytes) + " bytes of shared memory", place(function)), result);
  }
  function.entry = found;
  // Others run code in which nothing waits.
  function.beginsEarly = function.beginsEarly && major == 9 && minor == 0;
}

/** Offsets lie on the device: checked against what the host wrote there last, and in debug mode against what is there. */
void CudaProcessor::checkOffsetsOf(const Launch& launch) {
  const std::string& label = launch.function->label;
  for (const OffsetsCheck& offsets : launch.checks) {
    const size_t bytes = offsets.count * sizeof(int32_t);
    if (debug) {
      std::vector<int32_t> there(offsets.count);
      download(reinterpret_cast<char*>(there.data()), reinterpret_cast<const char*>(offsets.offsets), bytes);
      checkOffsets(there.data(), offsets, label);
    } else if (offsets.written) {
      std::vector<int32_t> written(offsets.count);
      std::memcpy(written.data(), offsets.written.get(), bytes);
      checkOffsets(written.data(), offsets, label);
    }
  }
}

void CudaProcessor::settleFiles() {
  if (!files) return;
  try {
    files->settle();
  } catch (const CudaFailure& failure) {
    check(failure.call, failure.result);
  }
}

CudaResult CudaProcessor::started(const Function& function, unsigned blocks, void** args) {
  const auto entry = static_cast<CudaFunction>(function.entry);
  // Launch by launch, an error is that of the launch it is told for.
  if (!function.beginsEarly || debug) return cuda->LaunchKernel(entry, blocks, 1, 1, function.threads, 1, 1, function.sharedBytes, stream, args, nullptr);
  CudaLaunchAttribute early{cudaLaunchBeginsEarly, {}, {}};
  early.value = 1;
  const CudaLaunch launch{blocks, 1, 1, function.threads, 1, 1, function.sharedBytes, stream, &early, 1};
  return cuda->LaunchKernelEx(&launch, entry, args, nullptr);
}

void CudaProcessor::launch(Launch& launch) {
  requireUsable();
  settleFiles();
  const Function& function = *launch.function;
  if (!capturing) checkOffsetsOf(launch);
  if (launch.blocks == 0) return;
  std::vector<void*> args = launch.args();
  const CudaResult result = started(function, static_cast<unsigned>(launch.blocks), args.data());
  if (result != cudaSuccess) {
    const std::string during = isSticky(result) ? underWay() : "";
    fail(Failure("R022", cudaFailed(*cuda, "cuLaunchKernel", result) + ", launched as " + shape(function, launch.blocks) + (during.empty() ? "" : "; " + during), place(function)), result);
  }
  if (!capturing) submitted({&function, launch.blocks, 0}, 1);
}

/** See Note [Launches ahead]. */
void CudaProcessor::submitted(Submitted what, int launches) {
  recent.push_back(what);
  if (recent.size() > groupLaunches * groups) recent.pop_front();
  if (debug) return finish();
  inGroup += launches;
  if (inGroup < groupLaunches) return;
  inGroup = 0;
  check("cuEventRecord", cuda->EventRecord(groupDone[group], stream));
  groupOpen[group] = true;
  group = (group + 1) % groups;
  if (groupOpen[group]) check("cuEventSynchronize", cuda->EventSynchronize(groupDone[group]));
  groupOpen[group] = false;
}

void CudaProcessor::copy(char* to, const char* from, size_t bytes) {
  requireUsable();
  settleFiles();
  if (bytes > 0) check("cuMemcpyDtoDAsync", cuda->MemcpyDtoDAsync(address(to), address(from), bytes, stream));
}

void CudaProcessor::uploadFile(char* to, std::shared_ptr<const Mapping> file, size_t offset, size_t bytes) {
  requireUsable();
  if (!files) files = std::make_unique<CudaFiles>(*cuda, context, stream);
  files->add(to, std::move(file), offset, bytes, tracer);
}

void CudaProcessor::upload(char* to, const char* from, size_t bytes) {
  requireUsable();
  settleFiles();
  CudaStaging& staging = bytes > small.capacity() ? large : small;
  for (size_t done = 0; done < bytes;) {
    const size_t part = std::min(bytes - done, staging.capacity());
    char* pinned = staging.take(part, stream);
    copyInParallel(pinned, from + done, part);
    check("cuMemcpyHtoDAsync", cuda->MemcpyHtoDAsync(address(to + done), pinned, part, stream));
    done += part;
  }
}

/** Little passes through pinned memory, where the copy itself is fastest; much goes straight into pageable memory. */
void CudaProcessor::download(char* to, const char* from, size_t bytes) {
  requireUsable();
  settleFiles();
  const bool staged = bytes <= small.capacity();
  char* pinned = staged ? small.take(bytes, stream) : to;
  if (bytes > 0) check("cuMemcpyDtoHAsync", cuda->MemcpyDtoHAsync(pinned, address(from), bytes, stream));
  finish();
  if (staged) std::memcpy(to, pinned, bytes);
}

void CudaProcessor::finish() {
  requireUsable();
  settleFiles();
  check("cuStreamSynchronize", cuda->StreamSynchronize(stream));
  recent.clear();
  inGroup = 0;
  for (bool& open : groupOpen) open = false;
}

std::unique_ptr<Moment> CudaProcessor::moment() {
  requireUsable();
  settleFiles();
  auto moment = std::make_unique<EventMoment>(*cuda, context);
  check("cuEventCreate", cuda->EventCreate(&moment->event, cudaEventTimed));
  check("cuEventRecord", cuda->EventRecord(moment->event, stream));
  return moment;
}

double CudaProcessor::seconds(const Moment& from, const Moment& to) {
  float milliseconds = 0;
  check("cuEventElapsedTime", cuda->EventElapsedTime(&milliseconds, static_cast<const EventMoment&>(from).event, static_cast<const EventMoment&>(to).event));
  return static_cast<double>(milliseconds) / 1000;
}

}  // namespace warpfold

// Note [Launches ahead]
// A stream takes hundreds of launches ahead of the GPU, and none of them can be taken back. So the device's thread
// submits eight launches, marks the place by an event, and goes on only while at most two such groups are still under way:
// enough that the GPU never waits for the host, and cancel() leaves at most 24 launches to run. The same list of
// launches is what an error that comes to light later may be about.
