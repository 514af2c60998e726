#include "cudaMaps.h"

namespace warpfold {

size_t CudaMaps::Hash::operator()(const BoxedTensor& t) const {
  uint64_t hash = reinterpret_cast<uintptr_t>(t.data) ^ t.type << 56 ^ t.rank << 60;
  for (size_t i = 0; i < maxMapAxes; i++) hash = (hash ^ t.lengths[i] ^ t.box[i] << 40) * 0x9e3779b97f4a7c15;
  return hash ^ hash >> 32;
}

std::shared_ptr<const TensorMap> CudaMaps::find(const BoxedTensor& t) const {
  const auto found = known.find(t);
  return found == known.end() ? nullptr : found->second;
}

std::shared_ptr<const TensorMap> CudaMaps::make(const BoxedTensor& t) {
  if (cuda.TensorMapEncodeTiled == nullptr) throw Failure("R114", "this GPU driver makes none", "", "open the device with target 'sm_80'");
  auto map = std::make_shared<TensorMap>();
  const auto steps = t.steps();
  uint32_t box[maxMapAxes], every[maxMapAxes];
  for (size_t i = 0; i < maxMapAxes; i++) {
    box[i] = static_cast<uint32_t>(t.box[i]);
    every[i] = 1;
  }
  const CudaResult result = cuda.TensorMapEncodeTiled(map.get(), static_cast<int>(t.type), static_cast<uint32_t>(t.rank), const_cast<char*>(t.data), t.lengths.data(), steps.data(), box, every,
                                                      cudaInterleaveNone, cudaSwizzle128, cudaPromote256, cudaFillZero);
  if (result != cudaSuccess) throw Failure("R022", t.text() + ": " + cudaFailed(cuda, "cuTensorMapEncodeTiled", result));
  // What is used again soon is made anew then.
  if (known.size() >= most) known.clear();
  return known[t] = std::move(map);
}

}  // namespace warpfold
