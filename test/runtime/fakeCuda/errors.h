// What the fake driver answers with, and what it calls its errors.
#pragma once
#include <map>
#include <utility>

#include "world.h"

namespace fake {

constexpr Result invalidValue = 1, outOfMemory = 2, noDevice = 100, invalidDevice = 101, invalidImage = 200, invalidContext = 201, notFound = 500, illegalAddress = 700, captureUnsupported = 900;

inline const std::map<Result, std::pair<const char*, const char*>> errors = {
    {1, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}}, {2, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}},
    {100, {"CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"}}, {200, {"CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"}},
    {201, {"CUDA_ERROR_INVALID_CONTEXT", "invalid device context"}}, {209, {"CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"}},
    {222, {"CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain."}},
    {700, {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}}, {719, {"CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"}},
    {803, {"CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "system has unsupported display driver / cuda driver combination"}},
};

inline Result GetErrorName(Result result, const char** name) {
  *name = errors.count(result) == 0 ? nullptr : errors.at(result).first;
  return 0;
}
inline Result GetErrorString(Result result, const char** text) {
  *text = errors.count(result) == 0 ? nullptr : errors.at(result).second;
  return 0;
}

}  // namespace fake
