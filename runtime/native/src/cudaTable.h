// The CUDA driver as a table of functions, found in a library that may be absent. Declares what of cuda.h is used here.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "check.h"

namespace warpfold {

using CudaResult = int;
using CudaDevice = int;
using CudaAddress = unsigned long long;
using CudaContext = struct CudaContextTag*;
using CudaStream = struct CudaStreamTag*;
using CudaEvent = struct CudaEventTag*;
using CudaModuleHandle = struct CudaModuleTag*;
using CudaFunction = struct CudaFunctionTag*;
using CudaGraph = struct CudaGraphTag*;
using CudaGraphExec = struct CudaGraphExecTag*;
using CudaGraphNode = struct CudaGraphNodeTag*;

enum : CudaResult {
  cudaSuccess = 0, cudaOutOfMemory = 2, cudaDeinitialized = 4, cudaNoDevice = 100, cudaInvalidImage = 200, cudaNoBinaryForGpu = 209,
  cudaEccUncorrectable = 214, cudaNvlinkUncorrectable = 220, cudaUnsupportedPtx = 222, cudaContained = 226, cudaNotFound = 500, cudaIllegalAddress = 700,
  cudaLaunchTimeout = 702, cudaContextIsDestroyed = 709, cudaAssert = 710, cudaHardwareStackError = 714, cudaIllegalInstruction = 715,
  cudaMisalignedAddress = 716, cudaInvalidAddressSpace = 717, cudaInvalidPc = 718, cudaLaunchFailed = 719, cudaUnknown = 999,
};
enum : unsigned { cudaEventTimed = 0, cudaEventUntimed = 2, cudaStreamNonBlocking = 1, cudaCaptureRelaxed = 2, cudaSetDependencies = 1 };
enum : int {
  cudaAttributeProcessors = 16, cudaAttributeMajor = 75, cudaAttributeMinor = 76, cudaAttributeSharedPerBlock = 97,
  cudaFunctionSharedBytes = 8, cudaLaunchBeginsEarly = 6, cudaInterleaveNone = 0, cudaSwizzle128 = 3, cudaPromote256 = 3, cudaFillZero = 0,
};

/** `CUlaunchAttribute` and `CUlaunchConfig`. */
struct CudaLaunchAttribute { int id; char pad[4]; union { char whole[64]; int value; }; };
struct CudaLaunch { unsigned gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes; CudaStream stream; CudaLaunchAttribute* attributes; unsigned attributeCount; };

/** Name, and the parameters that its declaration in cuda.h of CUDA 12 has. */
#define WARPFOLD_CUDA_FUNCTIONS(X)                                                                             \
  X(Init, (unsigned flags))                                                                                    \
  X(GetErrorName, (CudaResult result, const char** name))                                                      \
  X(GetErrorString, (CudaResult result, const char** text))                                                    \
  X(DeviceGetCount, (int* count))                                                                              \
  X(DeviceGet, (CudaDevice * device, int ordinal))                                                             \
  X(DeviceGetName, (char* name, int length, CudaDevice device))                                                \
  X(DeviceGetAttribute, (int* value, int attribute, CudaDevice device))                                        \
  X(DeviceTotalMem, (size_t * bytes, CudaDevice device))                                                       \
  X(DevicePrimaryCtxRetain, (CudaContext * context, CudaDevice device))                                        \
  X(DevicePrimaryCtxRelease, (CudaDevice device))                                                              \
  X(CtxSetCurrent, (CudaContext context))                                                                      \
  X(MemAlloc, (CudaAddress * address, size_t bytes))                                                           \
  X(MemFree, (CudaAddress address))                                                                            \
  X(MemGetInfo, (size_t * free, size_t * total))                                                               \
  X(MemHostAlloc, (void** data, size_t bytes, unsigned flags))                                                 \
  X(MemFreeHost, (void* data))                                                                                 \
  X(MemcpyHtoDAsync, (CudaAddress to, const void* from, size_t bytes, CudaStream stream))                      \
  X(MemcpyDtoHAsync, (void* to, CudaAddress from, size_t bytes, CudaStream stream))                            \
  X(MemcpyDtoDAsync, (CudaAddress to, CudaAddress from, size_t bytes, CudaStream stream))                      \
  X(StreamCreate, (CudaStream * stream, unsigned flags))                                                       \
  X(StreamDestroy, (CudaStream stream))                                                                        \
  X(StreamSynchronize, (CudaStream stream))                                                                    \
  X(StreamBeginCapture, (CudaStream stream, unsigned mode))                                                    \
  X(StreamEndCapture, (CudaStream stream, CudaGraph * graph))                                                  \
  X(StreamGetCaptureInfo, (CudaStream stream, int* status, uint64_t* id, CudaGraph* graph, const CudaGraphNode** nodes, size_t* count)) \
  X(StreamUpdateCaptureDependencies, (CudaStream stream, CudaGraphNode * nodes, size_t count, unsigned flags)) \
  X(GraphInstantiateWithFlags, (CudaGraphExec * exec, CudaGraph graph, unsigned long long flags))                       \
  X(GraphUpload, (CudaGraphExec exec, CudaStream stream))                                                      \
  X(GraphDestroy, (CudaGraph graph))                                                                           \
  X(GraphLaunch, (CudaGraphExec exec, CudaStream stream))                                                      \
  X(GraphExecDestroy, (CudaGraphExec exec))                                                                    \
  X(EventCreate, (CudaEvent * event, unsigned flags))                                                          \
  X(EventRecord, (CudaEvent event, CudaStream stream))                                                         \
  X(EventSynchronize, (CudaEvent event))                                                                       \
  X(EventElapsedTime, (float* milliseconds, CudaEvent from, CudaEvent to))                                     \
  X(EventDestroy, (CudaEvent event))                                                                           \
  X(ModuleLoadData, (CudaModuleHandle * module, const void* image))                                            \
  X(ModuleGetFunction, (CudaFunction * function, CudaModuleHandle module, const char* name))                   \
  X(FuncSetAttribute, (CudaFunction function, int attribute, int value))                                       \
  X(LaunchKernel, (CudaFunction function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ, \
                   unsigned sharedBytes, CudaStream stream, void** args, void** extra))                         \
  X(LaunchKernelEx, (const CudaLaunch* launch, CudaFunction function, void** args, void** extra))

/** What a driver may lack; null then. */
#define WARPFOLD_CUDA_OPTIONAL(X)                                                                                                              \
  X(TensorMapEncodeTiled, (void* map, int type, uint32_t rank, void* data, const uint64_t* lengths, const uint64_t* steps, const uint32_t* box, \
                           const uint32_t* every, int interleave, int swizzle, int promotion, int fill))

struct CudaTable {
#define WARPFOLD_FIELD(name, parameters) CudaResult(*name) parameters = nullptr;
  WARPFOLD_CUDA_FUNCTIONS(WARPFOLD_FIELD)
  WARPFOLD_CUDA_OPTIONAL(WARPFOLD_FIELD)
#undef WARPFOLD_FIELD
  /** 13000 for CUDA 13.0. */
  int version = 0;
};

/** Opens and initialises the driver. Throws R020 where there is none or it does not start, R021 where it is too old. */
std::shared_ptr<const CudaTable> openCudaDriver(const std::string& library);

/** "cuMemAlloc failed with CUDA_ERROR_OUT_OF_MEMORY (out of memory)". */
std::string cudaFailed(const CudaTable& table, const std::string& call, CudaResult result);

/** Whether a result says that nothing runs in this context any more. */
bool isSticky(CudaResult result);

}  // namespace warpfold
