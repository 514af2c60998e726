// hotKeys, sm_90a. From runtime/kernels/hotKeys.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// step 1: bias
// Blocks: n 64, g 1, r 64; 128 threads; shared 49 KiB.
namespace hotKeys_f32_d64_step1_block {
constexpr int BN = 64, D = 64, BR = 64;

__device__ static void block(const float* q, const float* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  float thresholdValue;
  auto& kTile = tileAt<float[BN][D]>(0);
  auto& qTile = tileAt<float[D][BR]>(16384);
  auto& hot = tileAt<float[BN][BR]>(32768);
  float scaleValue;
  auto& lseTile = tileAt<float[BR]>(49152);
  int zonesValue;
  auto& columnTile = tileAt<int[BN]>(49408);
  int edgeValue;
  int lengthValue;
  auto& zoned = tileAt<float[BN]>(49664);
  thresholdValue = float(threshold);
  load(kTile, k + (Index(n0) * nG + g0) * D, {Index(nG) * D, 1}, {validN, D});
  load(qTile, q + (Index(g0) * nR + r0) * D, {1, D}, {D, validR});
  blockBarrier();
  // hotKeys.ts:18  dot(q, k, 'd')
  mma(matrix(hot), matrix(kTile), matrix(qTile), validN, validR, D, overwrite);
  scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  zonesValue = int(zones);
  load(columnTile, column + Index(g0) * nN + n0, {1}, {validN});
  edgeValue = int(edge);
  lengthValue = int(length);
  blockBarrier();
  // hotKeys.ts:19  zoned = map(column, zones, edge, length, (column, zones, edge, length) => inZones(colum…
  each<BN>([&](int in) {
    const int value = lengthValue - edgeValue;
    zoned[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value) ? 1 : 0);
  });
  blockBarrier();
  // hotKeys.ts:20  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  each<BN, BR>([&](int in, int ir) {
    hot[in][ir] = float(thresholdValue < math::exp(hot[in][ir] * scaleValue - lseTile[ir]) && zoned[in] == 1.0f ? 1 : 0);
  });
  blockBarrier();
  // hotKeys.ts:21  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
  each<BN, BR>([&](int in, int ir) {
    hot[in][ir] = hot[in][ir] == 1.0f ? -INFINITY : 0.0f;
  });
  blockBarrier();
  store(bias + (Index(n0) * nG + g0) * nR + r0, {Index(nG) * nR, 1}, hot, {validN, validR});
}
}  // namespace hotKeys_f32_d64_step1_block

KERNEL(128) hotKeys_f32_d64_step1(const float* q, const float* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN) {
  using namespace hotKeys_f32_d64_step1_block;
  const int i = blockIdx.x;
  block(q, k, lse, column, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * blocks(nR, BR)) * BN, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 32, g 1, r 64; 128 threads; shared 33 KiB.
namespace hotKeys_f32_d64_step2_block {
constexpr int BR = 64, D = 64, BN = 32;

__device__ static void block(const float* q, const float* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  auto& excludedTile = tileAt<float[BR]>(0);
  float thresholdValue;
  auto& qTile = tileAt<float[BR][D]>(256);
  auto& kTile = tileAt<float[D][BN]>(16640);
  auto& hot = tileAt<float[BR][BN]>(24832);
  float scaleValue;
  auto& lseTile = tileAt<float[BR]>(33024);
  int zonesValue;
  auto& columnTile = tileAt<int[BN]>(33280);
  int edgeValue;
  int lengthValue;
  auto& zoned = tileAt<float[BN]>(33408);
  // hotKeys.ts:21  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  thresholdValue = float(threshold);
  load(qTile, q + (Index(g0) * nR + r0) * D, {D, 1}, {validR, D});
  scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  zonesValue = int(zones);
  edgeValue = int(edge);
  lengthValue = int(length);
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    load(kTile, k + (Index(n0) * nG + g0) * D, {1, Index(nG) * D}, {D, validN});
    blockBarrier();
    // hotKeys.ts:18  dot(q, k, 'd')
    mma(matrix(hot), matrix(qTile), matrix(kTile), validR, validN, D, overwrite);
    load(columnTile, column + Index(g0) * nN + n0, {1}, {validN});
    blockBarrier();
    // hotKeys.ts:19  zoned = map(column, zones, edge, length, (column, zones, edge, length) => inZones(colum…
    each<BN>([&](int in) {
      const int value = lengthValue - edgeValue;
      zoned[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value) ? 1 : 0);
    });
    blockBarrier();
    // hotKeys.ts:20  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    each<BR, BN>([&](int ir, int in) {
      hot[ir][in] = float(thresholdValue < math::exp(hot[ir][in] * scaleValue - lseTile[ir]) && zoned[in] == 1.0f ? 1 : 0);
    });
    blockBarrier();
    // hotKeys.ts:21  excluded = sum(cast('f32', hot), 'n')
    each<BR>([&](int ir) {
      excludedTile[ir] += sumOf(&hot[ir][0], 1, validN);
    });
  }
  blockBarrier();
  store(excluded + Index(g0) * nR + r0, {1}, excludedTile, {validR});
}
}  // namespace hotKeys_f32_d64_step2_block

KERNEL(128) hotKeys_f32_d64_step2(const float* q, const float* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN) {
  using namespace hotKeys_f32_d64_step2_block;
  const int i = blockIdx.x;
  block(q, k, lse, column, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / blocks(nR, BR), i % blocks(nR, BR) * BR);
}

// step 1: bias
// Blocks: n 64, g 1, r 64; 128 threads; shared 81 KiB.
namespace hotKeys_f32_d128_step1_block {
constexpr int BN = 64, D = 128, BR = 64;

__device__ static void block(const float* q, const float* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  float thresholdValue;
  auto& kTile = tileAt<float[BN][D]>(0);
  auto& qTile = tileAt<float[D][BR]>(32768);
  auto& hot = tileAt<float[BN][BR]>(65536);
  float scaleValue;
  auto& lseTile = tileAt<float[BR]>(81920);
  int zonesValue;
  auto& columnTile = tileAt<int[BN]>(82176);
  int edgeValue;
  int lengthValue;
  auto& zoned = tileAt<float[BN]>(82432);
  thresholdValue = float(threshold);
  load(kTile, k + (Index(n0) * nG + g0) * D, {Index(nG) * D, 1}, {validN, D});
  load(qTile, q + (Index(g0) * nR + r0) * D, {1, D}, {D, validR});
  blockBarrier();
  // hotKeys.ts:18  dot(q, k, 'd')
  mma(matrix(hot), matrix(kTile), matrix(qTile), validN, validR, D, overwrite);
  scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  zonesValue = int(zones);
  load(columnTile, column + Index(g0) * nN + n0, {1}, {validN});
  edgeValue = int(edge);
  lengthValue = int(length);
  blockBarrier();
  // hotKeys.ts:19  zoned = map(column, zones, edge, length, (column, zones, edge, length) => inZones(colum…
  each<BN>([&](int in) {
    const int value = lengthValue - edgeValue;
    zoned[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value) ? 1 : 0);
  });
  blockBarrier();
  // hotKeys.ts:20  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  each<BN, BR>([&](int in, int ir) {
    hot[in][ir] = float(thresholdValue < math::exp(hot[in][ir] * scaleValue - lseTile[ir]) && zoned[in] == 1.0f ? 1 : 0);
  });
  blockBarrier();
  // hotKeys.ts:21  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
  each<BN, BR>([&](int in, int ir) {
    hot[in][ir] = hot[in][ir] == 1.0f ? -INFINITY : 0.0f;
  });
  blockBarrier();
  store(bias + (Index(n0) * nG + g0) * nR + r0, {Index(nG) * nR, 1}, hot, {validN, validR});
}
}  // namespace hotKeys_f32_d128_step1_block

KERNEL(128) hotKeys_f32_d128_step1(const float* q, const float* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN) {
  using namespace hotKeys_f32_d128_step1_block;
  const int i = blockIdx.x;
  block(q, k, lse, column, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * blocks(nR, BR)) * BN, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 32, g 1, r 64; 128 threads; shared 57 KiB.
namespace hotKeys_f32_d128_step2_block {
constexpr int BR = 64, D = 128, BN = 32;

__device__ static void block(const float* q, const float* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  auto& excludedTile = tileAt<float[BR]>(0);
  float thresholdValue;
  auto& qTile = tileAt<float[BR][D]>(256);
  auto& kTile = tileAt<float[D][BN]>(33024);
  auto& hot = tileAt<float[BR][BN]>(49408);
  float scaleValue;
  auto& lseTile = tileAt<float[BR]>(57600);
  int zonesValue;
  auto& columnTile = tileAt<int[BN]>(57856);
  int edgeValue;
  int lengthValue;
  auto& zoned = tileAt<float[BN]>(57984);
  // hotKeys.ts:21  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  thresholdValue = float(threshold);
  load(qTile, q + (Index(g0) * nR + r0) * D, {D, 1}, {validR, D});
  scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  zonesValue = int(zones);
  edgeValue = int(edge);
  lengthValue = int(length);
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    load(kTile, k + (Index(n0) * nG + g0) * D, {1, Index(nG) * D}, {D, validN});
    blockBarrier();
    // hotKeys.ts:18  dot(q, k, 'd')
    mma(matrix(hot), matrix(qTile), matrix(kTile), validR, validN, D, overwrite);
    load(columnTile, column + Index(g0) * nN + n0, {1}, {validN});
    blockBarrier();
    // hotKeys.ts:19  zoned = map(column, zones, edge, length, (column, zones, edge, length) => inZones(colum…
    each<BN>([&](int in) {
      const int value = lengthValue - edgeValue;
      zoned[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value) ? 1 : 0);
    });
    blockBarrier();
    // hotKeys.ts:20  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    each<BR, BN>([&](int ir, int in) {
      hot[ir][in] = float(thresholdValue < math::exp(hot[ir][in] * scaleValue - lseTile[ir]) && zoned[in] == 1.0f ? 1 : 0);
    });
    blockBarrier();
    // hotKeys.ts:21  excluded = sum(cast('f32', hot), 'n')
    each<BR>([&](int ir) {
      excludedTile[ir] += sumOf(&hot[ir][0], 1, validN);
    });
  }
  blockBarrier();
  store(excluded + Index(g0) * nR + r0, {1}, excludedTile, {validR});
}
}  // namespace hotKeys_f32_d128_step2_block

KERNEL(128) hotKeys_f32_d128_step2(const float* q, const float* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN) {
  using namespace hotKeys_f32_d128_step2_block;
  const int i = blockIdx.x;
  block(q, k, lse, column, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / blocks(nR, BR), i % blocks(nR, BR) * BR);
}

// step 1: bias
// Blocks: n 64, g 1, r 64; 128 threads; shared 49 KiB.
namespace hotKeys_bf16_d64_step1_block {
constexpr int BN = 64, D = 64, BR = 64;

__device__ static void block(const bf16* q, const bf16* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  float thresholdValue;
  auto& kTile = tileAt<float[BN][D]>(0);
  auto& qTile = tileAt<float[D][BR]>(16384);
  auto& hot = tileAt<float[BN][BR]>(32768);
  float scaleValue;
  auto& lseTile = tileAt<float[BR]>(49152);
  int zonesValue;
  auto& columnTile = tileAt<int[BN]>(49408);
  int edgeValue;
  int lengthValue;
  auto& zoned = tileAt<float[BN]>(49664);
  thresholdValue = float(threshold);
  load(kTile, k + (Index(n0) * nG + g0) * D, {Index(nG) * D, 1}, {validN, D});
  load(qTile, q + (Index(g0) * nR + r0) * D, {1, D}, {D, validR});
  blockBarrier();
  // hotKeys.ts:18  dot(q, k, 'd')
  mma(matrix(hot), matrix(kTile), matrix(qTile), validN, validR, D, overwrite);
  scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  zonesValue = int(zones);
  load(columnTile, column + Index(g0) * nN + n0, {1}, {validN});
  edgeValue = int(edge);
  lengthValue = int(length);
  blockBarrier();
  // hotKeys.ts:19  zoned = map(column, zones, edge, length, (column, zones, edge, length) => inZones(colum…
  each<BN>([&](int in) {
    const int value = lengthValue - edgeValue;
    zoned[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value) ? 1 : 0);
  });
  blockBarrier();
  // hotKeys.ts:20  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  each<BN, BR>([&](int in, int ir) {
    hot[in][ir] = float(thresholdValue < math::exp(hot[in][ir] * scaleValue - lseTile[ir]) && zoned[in] == 1.0f ? 1 : 0);
  });
  blockBarrier();
  // hotKeys.ts:21  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
  each<BN, BR>([&](int in, int ir) {
    hot[in][ir] = hot[in][ir] == 1.0f ? -INFINITY : 0.0f;
  });
  blockBarrier();
  store(bias + (Index(n0) * nG + g0) * nR + r0, {Index(nG) * nR, 1}, hot, {validN, validR});
}
}  // namespace hotKeys_bf16_d64_step1_block

KERNEL(128) hotKeys_bf16_d64_step1(const bf16* q, const bf16* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN) {
  using namespace hotKeys_bf16_d64_step1_block;
  const int i = blockIdx.x;
  block(q, k, lse, column, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * blocks(nR, BR)) * BN, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 32, g 1, r 64; 128 threads; shared 33 KiB.
namespace hotKeys_bf16_d64_step2_block {
constexpr int BR = 64, D = 64, BN = 32;

__device__ static void block(const bf16* q, const bf16* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  auto& excludedTile = tileAt<float[BR]>(0);
  float thresholdValue;
  auto& qTile = tileAt<float[BR][D]>(256);
  auto& kTile = tileAt<float[D][BN]>(16640);
  auto& hot = tileAt<float[BR][BN]>(24832);
  float scaleValue;
  auto& lseTile = tileAt<float[BR]>(33024);
  int zonesValue;
  auto& columnTile = tileAt<int[BN]>(33280);
  int edgeValue;
  int lengthValue;
  auto& zoned = tileAt<float[BN]>(33408);
  // hotKeys.ts:21  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  thresholdValue = float(threshold);
  load(qTile, q + (Index(g0) * nR + r0) * D, {D, 1}, {validR, D});
  scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  zonesValue = int(zones);
  edgeValue = int(edge);
  lengthValue = int(length);
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    load(kTile, k + (Index(n0) * nG + g0) * D, {1, Index(nG) * D}, {D, validN});
    blockBarrier();
    // hotKeys.ts:18  dot(q, k, 'd')
    mma(matrix(hot), matrix(qTile), matrix(kTile), validR, validN, D, overwrite);
    load(columnTile, column + Index(g0) * nN + n0, {1}, {validN});
    blockBarrier();
    // hotKeys.ts:19  zoned = map(column, zones, edge, length, (column, zones, edge, length) => inZones(colum…
    each<BN>([&](int in) {
      const int value = lengthValue - edgeValue;
      zoned[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value) ? 1 : 0);
    });
    blockBarrier();
    // hotKeys.ts:20  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    each<BR, BN>([&](int ir, int in) {
      hot[ir][in] = float(thresholdValue < math::exp(hot[ir][in] * scaleValue - lseTile[ir]) && zoned[in] == 1.0f ? 1 : 0);
    });
    blockBarrier();
    // hotKeys.ts:21  excluded = sum(cast('f32', hot), 'n')
    each<BR>([&](int ir) {
      excludedTile[ir] += sumOf(&hot[ir][0], 1, validN);
    });
  }
  blockBarrier();
  store(excluded + Index(g0) * nR + r0, {1}, excludedTile, {validR});
}
}  // namespace hotKeys_bf16_d64_step2_block

KERNEL(128) hotKeys_bf16_d64_step2(const bf16* q, const bf16* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN) {
  using namespace hotKeys_bf16_d64_step2_block;
  const int i = blockIdx.x;
  block(q, k, lse, column, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / blocks(nR, BR), i % blocks(nR, BR) * BR);
}

// step 1: bias
// Blocks: n 64, g 1, r 64; 128 threads; shared 81 KiB.
namespace hotKeys_bf16_d128_step1_block {
constexpr int BN = 64, D = 128, BR = 64;

__device__ static void block(const bf16* q, const bf16* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  float thresholdValue;
  auto& kTile = tileAt<float[BN][D]>(0);
  auto& qTile = tileAt<float[D][BR]>(32768);
  auto& hot = tileAt<float[BN][BR]>(65536);
  float scaleValue;
  auto& lseTile = tileAt<float[BR]>(81920);
  int zonesValue;
  auto& columnTile = tileAt<int[BN]>(82176);
  int edgeValue;
  int lengthValue;
  auto& zoned = tileAt<float[BN]>(82432);
  thresholdValue = float(threshold);
  load(kTile, k + (Index(n0) * nG + g0) * D, {Index(nG) * D, 1}, {validN, D});
  load(qTile, q + (Index(g0) * nR + r0) * D, {1, D}, {D, validR});
  blockBarrier();
  // hotKeys.ts:18  dot(q, k, 'd')
  mma(matrix(hot), matrix(kTile), matrix(qTile), validN, validR, D, overwrite);
  scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  zonesValue = int(zones);
  load(columnTile, column + Index(g0) * nN + n0, {1}, {validN});
  edgeValue = int(edge);
  lengthValue = int(length);
  blockBarrier();
  // hotKeys.ts:19  zoned = map(column, zones, edge, length, (column, zones, edge, length) => inZones(colum…
  each<BN>([&](int in) {
    const int value = lengthValue - edgeValue;
    zoned[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value) ? 1 : 0);
  });
  blockBarrier();
  // hotKeys.ts:20  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  each<BN, BR>([&](int in, int ir) {
    hot[in][ir] = float(thresholdValue < math::exp(hot[in][ir] * scaleValue - lseTile[ir]) && zoned[in] == 1.0f ? 1 : 0);
  });
  blockBarrier();
  // hotKeys.ts:21  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
  each<BN, BR>([&](int in, int ir) {
    hot[in][ir] = hot[in][ir] == 1.0f ? -INFINITY : 0.0f;
  });
  blockBarrier();
  store(bias + (Index(n0) * nG + g0) * nR + r0, {Index(nG) * nR, 1}, hot, {validN, validR});
}
}  // namespace hotKeys_bf16_d128_step1_block

KERNEL(128) hotKeys_bf16_d128_step1(const bf16* q, const bf16* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN) {
  using namespace hotKeys_bf16_d128_step1_block;
  const int i = blockIdx.x;
  block(q, k, lse, column, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * blocks(nR, BR)) * BN, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 32, g 1, r 64; 128 threads; shared 57 KiB.
namespace hotKeys_bf16_d128_step2_block {
constexpr int BR = 64, D = 128, BN = 32;

__device__ static void block(const bf16* q, const bf16* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  auto& excludedTile = tileAt<float[BR]>(0);
  float thresholdValue;
  auto& qTile = tileAt<float[BR][D]>(256);
  auto& kTile = tileAt<float[D][BN]>(33024);
  auto& hot = tileAt<float[BR][BN]>(49408);
  float scaleValue;
  auto& lseTile = tileAt<float[BR]>(57600);
  int zonesValue;
  auto& columnTile = tileAt<int[BN]>(57856);
  int edgeValue;
  int lengthValue;
  auto& zoned = tileAt<float[BN]>(57984);
  // hotKeys.ts:21  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  thresholdValue = float(threshold);
  load(qTile, q + (Index(g0) * nR + r0) * D, {D, 1}, {validR, D});
  scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  zonesValue = int(zones);
  edgeValue = int(edge);
  lengthValue = int(length);
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    load(kTile, k + (Index(n0) * nG + g0) * D, {1, Index(nG) * D}, {D, validN});
    blockBarrier();
    // hotKeys.ts:18  dot(q, k, 'd')
    mma(matrix(hot), matrix(qTile), matrix(kTile), validR, validN, D, overwrite);
    load(columnTile, column + Index(g0) * nN + n0, {1}, {validN});
    blockBarrier();
    // hotKeys.ts:19  zoned = map(column, zones, edge, length, (column, zones, edge, length) => inZones(colum…
    each<BN>([&](int in) {
      const int value = lengthValue - edgeValue;
      zoned[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value) ? 1 : 0);
    });
    blockBarrier();
    // hotKeys.ts:20  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    each<BR, BN>([&](int ir, int in) {
      hot[ir][in] = float(thresholdValue < math::exp(hot[ir][in] * scaleValue - lseTile[ir]) && zoned[in] == 1.0f ? 1 : 0);
    });
    blockBarrier();
    // hotKeys.ts:21  excluded = sum(cast('f32', hot), 'n')
    each<BR>([&](int ir) {
      excludedTile[ir] += sumOf(&hot[ir][0], 1, validN);
    });
  }
  blockBarrier();
  store(excluded + Index(g0) * nR + r0, {1}, excludedTile, {validR});
}
}  // namespace hotKeys_bf16_d128_step2_block

KERNEL(128) hotKeys_bf16_d128_step2(const bf16* q, const bf16* k, const float* lse, const std::int32_t* column, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN) {
  using namespace hotKeys_bf16_d128_step2_block;
  const int i = blockIdx.x;
  block(q, k, lse, column, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / blocks(nR, BR), i % blocks(nR, BR) * BR);
}
