// Prints what Hopper does with lanes, lines and edges, as test/golden/laneMapsHopper.json, for the emulator to be held against:
//   nvcc -std=c++17 -gencode arch=compute_90a,code=sm_90a -I codegen/device -o laneMapsHopper test/gpu/laneMapsHopper.cu && ./laneMapsHopper > test/golden/laneMapsHopper.json
#include <cuda.h>
#include <cstdio>
#include <cstdint>
#include <vector>
#include "../emulator/fixtures/laneMapsHopper.cu"

static bool succeeded(const char* name, cudaError_t status) {
  if (status != cudaSuccess) std::fprintf(stderr, "%s: %s\n", name, cudaGetErrorString(status));
  return status == cudaSuccess;
}

static bool printWords(const char* name, const int* device, int words) {
  std::vector<int> host(words);
  if (!succeeded(name, cudaMemcpy(host.data(), device, words * sizeof(int), cudaMemcpyDeviceToHost))) return false;
  static bool isFirst = true;
  std::printf("%s  \"%s\": \"", isFirst ? "" : ",\n", name);
  isFirst = false;
  for (const int word : host) std::printf("%08x", static_cast<unsigned>(word));
  std::printf("\"");
  return true;
}

template <class Kernel> static bool print(const char* name, Kernel kernel, int threads, int sharedBytes, int words) {
  int* out = nullptr;
  cudaMalloc(&out, words * sizeof(int));
  cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, sharedBytes);
  kernel<<<1, threads, sharedBytes>>>(out, words);
  const bool done = succeeded(name, cudaGetLastError()) && printWords(name, out, words);
  cudaFree(out);
  return done;
}

/** Axes of a tensor, innermost first, and what a box takes of each. */
struct Tensor {
  CUtensorMapDataType type;
  int elementBytes;
  std::vector<cuuint64_t> lengths;
  std::vector<cuuint32_t> box;
  std::size_t elements() const {
    std::size_t n = 1;
    for (const cuuint64_t length : lengths) n *= length;
    return n;
  }
};

using Encode = CUresult (*)(CUtensorMap*, CUtensorMapDataType, cuuint32_t, void*, const cuuint64_t*, const cuuint64_t*, const cuuint32_t*, const cuuint32_t*, CUtensorMapInterleave, CUtensorMapSwizzle, CUtensorMapL2promotion, CUtensorMapFloatOOBfill);

static bool mapOf(const char* name, const Tensor& tensor, void* memory, TensorMap& map) {
  void* entry = nullptr;
  cudaDriverEntryPointQueryResult found;
  if (!succeeded(name, cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &entry, 12000, cudaEnableDefault, &found))) return false;
  std::vector<cuuint64_t> strides;
  cuuint64_t stride = tensor.elementBytes;
  for (std::size_t i = 0; i + 1 < tensor.lengths.size(); i++) strides.push_back(stride *= tensor.lengths[i]);
  const std::vector<cuuint32_t> steps(tensor.lengths.size(), 1);
  const CUresult result = reinterpret_cast<Encode>(entry)(reinterpret_cast<CUtensorMap*>(&map), tensor.type, static_cast<cuuint32_t>(tensor.lengths.size()), memory, tensor.lengths.data(), strides.data(),
      tensor.box.data(), steps.data(), CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B, CU_TENSOR_MAP_L2_PROMOTION_NONE, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  if (result != CUDA_SUCCESS) std::fprintf(stderr, "%s: cuTensorMapEncodeTiled: %d\n", name, static_cast<int>(result));
  return result == CUDA_SUCCESS;
}

/** Boxes of a tensor whose i-th element has the bits of i + 1. */
template <class Kernel> static bool printBoxes(const char* name, Kernel kernel, const Tensor& tensor, int words) {
  std::vector<unsigned char> host(tensor.elements() * tensor.elementBytes);
  for (std::size_t i = 0; i < tensor.elements(); i++)
    for (int b = 0; b < tensor.elementBytes; b++) host[i * tensor.elementBytes + b] = static_cast<unsigned char>((i + 1) >> 8 * b);
  void* memory = nullptr;
  int* out = nullptr;
  TensorMap map;
  cudaMalloc(&memory, host.size());
  cudaMalloc(&out, words * sizeof(int));
  cudaMemcpy(memory, host.data(), host.size(), cudaMemcpyHostToDevice);
  if (!mapOf(name, tensor, memory, map)) return false;
  kernel<<<1, 32, 4096 + 64>>>(out, words, map);
  const bool done = succeeded(name, cudaGetLastError()) && printWords(name, out, words);
  cudaFree(memory);
  cudaFree(out);
  return done;
}

static bool printStored(const char* name) {
  const Tensor tensor{CU_TENSOR_MAP_DATA_TYPE_INT32, 4, {40, 11}, {32, 8}};
  int* out = nullptr;
  TensorMap map;
  cudaMalloc(&out, 440 * sizeof(int));
  cudaMemset(out, 0xFF, 440 * sizeof(int));
  if (!mapOf(name, tensor, out, map)) return false;
  storedBoxes<<<1, 32, 3072>>>(out, 440, map);
  const bool done = succeeded(name, cudaGetLastError()) && printWords(name, out, 440);
  cudaFree(out);
  return done;
}

#define PRINT_PRODUCT(N, HOW, WORDS) print("product" #N HOW_NAME(HOW), product##N##HOW, 256, 98304, WORDS)
#define HOW_NAME(HOW) #HOW
#define PRINT_PRODUCTS(N, WORDS) \
  PRINT_PRODUCT(N, AlongAlong, WORDS) && PRINT_PRODUCT(N, AlongAcross, WORDS) && PRINT_PRODUCT(N, AcrossAlong, WORDS) && PRINT_PRODUCT(N, AcrossAcross, WORDS) && PRINT_PRODUCT(N, RegistersAlong, WORDS) && PRINT_PRODUCT(N, RegistersAcross, WORDS)

int main() {
  std::printf("{\n");
  const auto bf16Type = CU_TENSOR_MAP_DATA_TYPE_BFLOAT16;
  const bool done = PRINT_PRODUCTS(64, 4096) && PRINT_PRODUCTS(128, 256) && PRINT_PRODUCTS(256, 256) && PRINT_PRODUCT(128, F16AlongAcross, 256) && PRINT_PRODUCT(128, F16RegistersAlong, 256) &&
      printBoxes("boxes2", boxes2, {bf16Type, 2, {104, 21}, {64, 8}}, 6 * 256) && printBoxes("boxesF32", boxesF32, {CU_TENSOR_MAP_DATA_TYPE_FLOAT32, 4, {40, 11}, {32, 8}}, 3 * 256) &&
      printBoxes("boxes3", boxes3, {bf16Type, 2, {72, 5, 7}, {64, 3, 4}}, 3 * 384) && printBoxes("boxes4", boxes4, {bf16Type, 2, {64, 3, 4, 3}, {64, 2, 3, 2}}, 2 * 384) &&
      printBoxes("boxes5", boxes5, {bf16Type, 2, {64, 3, 2, 3, 4}, {64, 2, 1, 2, 3}}, 2 * 384) && print("storedMatrices", storedMatrices, 32, 512, 128) && printStored("storedBoxes");
  std::printf("\n}\n");
  return done ? 0 : 1;
}
