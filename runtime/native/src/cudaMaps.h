// Tensor maps as the CUDA driver encodes them, kept for launches that take the same again.
#pragma once
#include <unordered_map>

#include "cudaTable.h"
#include "tensorMap.h"

namespace warpfold {

/** Of one device; used by the JavaScript thread alone. A map says only where boxes lie: it stays right whoever has the memory next. */
class CudaMaps {
 public:
  explicit CudaMaps(const CudaTable& cuda) : cuda(cuda) {}
  /** Null where it was not made, or long ago. */
  std::shared_ptr<const TensorMap> find(const BoxedTensor& tensor) const;
  /** In the device's context. Throws R022 where the driver refuses, R114 where it has no tensor maps. */
  std::shared_ptr<const TensorMap> make(const BoxedTensor& tensor);

 private:
  struct Hash { size_t operator()(const BoxedTensor& t) const; };
  /** More than the launches of a model's layer take. */
  static constexpr size_t most = 1024;
  const CudaTable& cuda;
  std::unordered_map<BoxedTensor, std::shared_ptr<const TensorMap>, Hash> known;
};

}  // namespace warpfold
