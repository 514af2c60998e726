// Prints what a GPU does with the lanes of a warp, as test/golden/laneMaps.json, for the emulator to be held against:
//   nvcc -std=c++17 -arch=native -I codegen/device -o laneMaps test/gpu/laneMaps.cu && ./laneMaps > test/golden/laneMaps.json
#include <cstdio>
#include <vector>
#include "../emulator/fixtures/laneMaps.cu"

template <class Kernel> static bool print(const char* name, Kernel kernel, int words, bool isLast = false) {
  std::vector<int> host(words);
  int* device = nullptr;
  cudaMalloc(&device, words * sizeof(int));
  kernel<<<1, 32, 1024>>>(device, words);
  const cudaError_t status = cudaMemcpy(host.data(), device, words * sizeof(int), cudaMemcpyDeviceToHost);
  cudaFree(device);
  if (status != cudaSuccess) {
    std::fprintf(stderr, "%s: %s\n", name, cudaGetErrorString(status));
    return false;
  }
  std::printf("  \"%s\": \"", name);
  for (const int word : host) std::printf("%08x", static_cast<unsigned>(word));
  std::printf(isLast ? "\"\n" : "\",\n");
  return true;
}

int main() {
  std::printf("{\n");
  const bool done = print("matrices", matrices, 128) && print("matricesTransposed", matricesTransposed, 128) && print("productBf16", productBf16, 128) &&
      print("productF16", productF16, 128) && print("conversionsBf16", conversionsBf16, 4096) && print("conversionsF16", conversionsF16, 4096) &&
      print("exchanges", exchanges, 160) && print("partialCopies", partialCopies, 128, true);
  std::printf("}\n");
  return done ? 0 : 1;
}
