// hotKeysScaled, cpu. From runtime/kernels/hotKeys.ts by `warpfold compile`; do not edit.
#include "device.h"

// step 1: bias
// Blocks: n 128, g 1, r 128.
namespace hotKeysScaled_f32_d64_step1_block {
constexpr int BN = 128, D = 64, BR = 128;

static void block(const float* q, const f8e4m3* k, const float* kScale, const float* lse, const std::int32_t* column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  const int wideN = wide<BN>(validN);
  const int wideR = wide<BR>(validR);
  TILE float kTile[BN][D];
  TILE float hot[BN][BR];
  TILE float lseTile[BR];
  TILE int columnTile[BN];
  TILE float value[BN];
  const float thresholdValue = float(threshold);
  load(kTile, k + (Index(n0) * nG + g0) * D, {Index(nG) * D, 1}, {validN, D});
  const float* qTile = q + (Index(g0) * nR + r0) * D;
  // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
  mma(matrix(hot), matrix(kTile), {qTile, 1, D}, validN, validR, D, overwrite);
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  const int zonesValue = int(zones);
  load(columnTile, column2 + Index(g0) * nN + n0, {1}, {validN});
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  // hotKeys.ts:29  map(column, zones, edge, length, inZones)
  const int value2 = lengthValue - edgeValue;
  #pragma omp simd
  for (int in = 0; in < wideN; in++) value[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value2) ? 1 : 0);
  // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  for (int in = 0; in < validN; in++) {
    const float valueRow = value[in];
    #pragma omp simd
    for (int ir = 0; ir < wideR; ir++) hot[in][ir] = float(thresholdValue < math::exp(hot[in][ir] * (kScaleTile * scaleValue) - lseTile[ir]) && valueRow == 1.0f ? 1 : 0);
    // hotKeys.ts:37  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
    #pragma omp simd
    for (int ir = 0; ir < wideR; ir++) hot[in][ir] = hot[in][ir] == 1.0f ? -INFINITY : 0.0f;
  }
  store(bias + (Index(n0) * nG + g0) * nR + r0, {Index(nG) * nR, 1}, hot, {validN, validR});
}
}  // namespace hotKeysScaled_f32_d64_step1_block

KERNEL void hotKeysScaled_f32_d64_step1(void* const* args) {
  using namespace hotKeysScaled_f32_d64_step1_block;
  const float* q = tensor<const float>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* lse = tensor<const float>(args[3]);
  const std::int32_t* column2 = tensor<const std::int32_t>(args[4]);
  const float scale = scalar<float>(args[5]);
  const float threshold = scalar<float>(args[6]);
  const std::int32_t zones = scalar<std::int32_t>(args[7]);
  const std::int32_t edge = scalar<std::int32_t>(args[8]);
  const std::int32_t length = scalar<std::int32_t>(args[9]);
  float* bias = tensor<float>(args[10]);
  const int nG = size(args[11]);
  const int nR = size(args[12]);
  const int nN = size(args[13]);
  const int nBlocks = blocks(nN, BN), rBlocks = blocks(nR, BR);
  #pragma omp parallel for schedule(dynamic) if (nBlocks * nG * rBlocks > 1)
  for (int i = 0; i < nBlocks * nG * rBlocks; i++) block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * rBlocks) * BN, i / rBlocks % nG, i % rBlocks * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 32, g 1, r 128.
namespace hotKeysScaled_f32_d64_step2_block {
constexpr int BR = 128, D = 64, BN = 32;

static void block(const float* q, const f8e4m3* k, const float* kScale, const float* lse, const std::int32_t* column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  TILE float excludedTile[BR];
  TILE float qTile[BR][D];
  TILE float kTile[D][BN];
  TILE float hot[BR][BN];
  TILE float lseTile[BR];
  TILE int columnTile[BN];
  TILE float value[BN];
  // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  const float thresholdValue = float(threshold);
  load(qTile, q + (Index(g0) * nR + r0) * D, {D, 1}, {validR, D});
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  const int zonesValue = int(zones);
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    const int wideN = wide<BN>(validN);
    load(kTile, k + (Index(n0) * nG + g0) * D, {1, Index(nG) * D}, {D, validN});
    // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
    mma(matrix(hot), matrix(qTile), matrix(kTile), validR, validN, D, overwrite);
    load(columnTile, column2 + Index(g0) * nN + n0, {1}, {validN});
    // hotKeys.ts:29  map(column, zones, edge, length, inZones)
    const int value2 = lengthValue - edgeValue;
    #pragma omp simd
    for (int in = 0; in < wideN; in++) value[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value2) ? 1 : 0);
    // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    for (int ir = 0; ir < validR; ir++) {
      const float lseTileRow = lseTile[ir];
      #pragma omp simd
      for (int in = 0; in < wideN; in++) hot[ir][in] = float(thresholdValue < math::exp(hot[ir][in] * (kScaleTile * scaleValue) - lseTileRow) && value[in] == 1.0f ? 1 : 0);
      // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
      excludedTile[ir] += sumOf(hot[ir], validN);
    }
  }
  store(excluded + Index(g0) * nR + r0, {1}, excludedTile, {validR});
}
}  // namespace hotKeysScaled_f32_d64_step2_block

KERNEL void hotKeysScaled_f32_d64_step2(void* const* args) {
  using namespace hotKeysScaled_f32_d64_step2_block;
  const float* q = tensor<const float>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* lse = tensor<const float>(args[3]);
  const std::int32_t* column2 = tensor<const std::int32_t>(args[4]);
  const float scale = scalar<float>(args[5]);
  const float threshold = scalar<float>(args[6]);
  const std::int32_t zones = scalar<std::int32_t>(args[7]);
  const std::int32_t edge = scalar<std::int32_t>(args[8]);
  const std::int32_t length = scalar<std::int32_t>(args[9]);
  float* excluded = tensor<float>(args[10]);
  const int nG = size(args[11]);
  const int nR = size(args[12]);
  const int nN = size(args[13]);
  const int rBlocks = blocks(nR, BR);
  #pragma omp parallel for schedule(dynamic) if (nG * rBlocks > 1)
  for (int i = 0; i < nG * rBlocks; i++) block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / rBlocks, i % rBlocks * BR);
}

// step 1: bias
// Blocks: n 128, g 1, r 128.
namespace hotKeysScaled_f32_d128_step1_block {
constexpr int BN = 128, D = 128, BR = 128;

static void block(const float* q, const f8e4m3* k, const float* kScale, const float* lse, const std::int32_t* column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  const int wideN = wide<BN>(validN);
  const int wideR = wide<BR>(validR);
  TILE float kTile[BN][D];
  TILE float hot[BN][BR];
  TILE float lseTile[BR];
  TILE int columnTile[BN];
  TILE float value[BN];
  const float thresholdValue = float(threshold);
  load(kTile, k + (Index(n0) * nG + g0) * D, {Index(nG) * D, 1}, {validN, D});
  const float* qTile = q + (Index(g0) * nR + r0) * D;
  // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
  mma(matrix(hot), matrix(kTile), {qTile, 1, D}, validN, validR, D, overwrite);
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  const int zonesValue = int(zones);
  load(columnTile, column2 + Index(g0) * nN + n0, {1}, {validN});
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  // hotKeys.ts:29  map(column, zones, edge, length, inZones)
  const int value2 = lengthValue - edgeValue;
  #pragma omp simd
  for (int in = 0; in < wideN; in++) value[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value2) ? 1 : 0);
  // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  for (int in = 0; in < validN; in++) {
    const float valueRow = value[in];
    #pragma omp simd
    for (int ir = 0; ir < wideR; ir++) hot[in][ir] = float(thresholdValue < math::exp(hot[in][ir] * (kScaleTile * scaleValue) - lseTile[ir]) && valueRow == 1.0f ? 1 : 0);
    // hotKeys.ts:37  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
    #pragma omp simd
    for (int ir = 0; ir < wideR; ir++) hot[in][ir] = hot[in][ir] == 1.0f ? -INFINITY : 0.0f;
  }
  store(bias + (Index(n0) * nG + g0) * nR + r0, {Index(nG) * nR, 1}, hot, {validN, validR});
}
}  // namespace hotKeysScaled_f32_d128_step1_block

KERNEL void hotKeysScaled_f32_d128_step1(void* const* args) {
  using namespace hotKeysScaled_f32_d128_step1_block;
  const float* q = tensor<const float>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* lse = tensor<const float>(args[3]);
  const std::int32_t* column2 = tensor<const std::int32_t>(args[4]);
  const float scale = scalar<float>(args[5]);
  const float threshold = scalar<float>(args[6]);
  const std::int32_t zones = scalar<std::int32_t>(args[7]);
  const std::int32_t edge = scalar<std::int32_t>(args[8]);
  const std::int32_t length = scalar<std::int32_t>(args[9]);
  float* bias = tensor<float>(args[10]);
  const int nG = size(args[11]);
  const int nR = size(args[12]);
  const int nN = size(args[13]);
  const int nBlocks = blocks(nN, BN), rBlocks = blocks(nR, BR);
  #pragma omp parallel for schedule(dynamic) if (nBlocks * nG * rBlocks > 1)
  for (int i = 0; i < nBlocks * nG * rBlocks; i++) block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * rBlocks) * BN, i / rBlocks % nG, i % rBlocks * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 32, g 1, r 128.
namespace hotKeysScaled_f32_d128_step2_block {
constexpr int BR = 128, D = 128, BN = 32;

static void block(const float* q, const f8e4m3* k, const float* kScale, const float* lse, const std::int32_t* column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  TILE float excludedTile[BR];
  TILE float qTile[BR][D];
  TILE float kTile[D][BN];
  TILE float hot[BR][BN];
  TILE float lseTile[BR];
  TILE int columnTile[BN];
  TILE float value[BN];
  // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  const float thresholdValue = float(threshold);
  load(qTile, q + (Index(g0) * nR + r0) * D, {D, 1}, {validR, D});
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  const int zonesValue = int(zones);
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    const int wideN = wide<BN>(validN);
    load(kTile, k + (Index(n0) * nG + g0) * D, {1, Index(nG) * D}, {D, validN});
    // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
    mma(matrix(hot), matrix(qTile), matrix(kTile), validR, validN, D, overwrite);
    load(columnTile, column2 + Index(g0) * nN + n0, {1}, {validN});
    // hotKeys.ts:29  map(column, zones, edge, length, inZones)
    const int value2 = lengthValue - edgeValue;
    #pragma omp simd
    for (int in = 0; in < wideN; in++) value[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value2) ? 1 : 0);
    // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    for (int ir = 0; ir < validR; ir++) {
      const float lseTileRow = lseTile[ir];
      #pragma omp simd
      for (int in = 0; in < wideN; in++) hot[ir][in] = float(thresholdValue < math::exp(hot[ir][in] * (kScaleTile * scaleValue) - lseTileRow) && value[in] == 1.0f ? 1 : 0);
      // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
      excludedTile[ir] += sumOf(hot[ir], validN);
    }
  }
  store(excluded + Index(g0) * nR + r0, {1}, excludedTile, {validR});
}
}  // namespace hotKeysScaled_f32_d128_step2_block

KERNEL void hotKeysScaled_f32_d128_step2(void* const* args) {
  using namespace hotKeysScaled_f32_d128_step2_block;
  const float* q = tensor<const float>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* lse = tensor<const float>(args[3]);
  const std::int32_t* column2 = tensor<const std::int32_t>(args[4]);
  const float scale = scalar<float>(args[5]);
  const float threshold = scalar<float>(args[6]);
  const std::int32_t zones = scalar<std::int32_t>(args[7]);
  const std::int32_t edge = scalar<std::int32_t>(args[8]);
  const std::int32_t length = scalar<std::int32_t>(args[9]);
  float* excluded = tensor<float>(args[10]);
  const int nG = size(args[11]);
  const int nR = size(args[12]);
  const int nN = size(args[13]);
  const int rBlocks = blocks(nR, BR);
  #pragma omp parallel for schedule(dynamic) if (nG * rBlocks > 1)
  for (int i = 0; i < nG * rBlocks; i++) block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / rBlocks, i % rBlocks * BR);
}

// step 1: bias
// Blocks: n 128, g 1, r 128.
namespace hotKeysScaled_bf16_d64_step1_block {
constexpr int BN = 128, D = 64, BR = 128;

static void block(const bf16* q, const f8e4m3* k, const float* kScale, const float* lse, const std::int32_t* column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  const int wideN = wide<BN>(validN);
  const int wideR = wide<BR>(validR);
  TILE float kTile[BN][D];
  TILE float qTile[D][BR];
  TILE float hot[BN][BR];
  TILE float lseTile[BR];
  TILE int columnTile[BN];
  TILE float value[BN];
  const float thresholdValue = float(threshold);
  load(kTile, k + (Index(n0) * nG + g0) * D, {Index(nG) * D, 1}, {validN, D});
  load(qTile, q + (Index(g0) * nR + r0) * D, {1, D}, {D, validR});
  // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
  mma(matrix(hot), matrix(kTile), matrix(qTile), validN, validR, D, overwrite);
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  const int zonesValue = int(zones);
  load(columnTile, column2 + Index(g0) * nN + n0, {1}, {validN});
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  // hotKeys.ts:29  map(column, zones, edge, length, inZones)
  const int value2 = lengthValue - edgeValue;
  #pragma omp simd
  for (int in = 0; in < wideN; in++) value[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value2) ? 1 : 0);
  // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  for (int in = 0; in < validN; in++) {
    const float valueRow = value[in];
    #pragma omp simd
    for (int ir = 0; ir < wideR; ir++) hot[in][ir] = float(thresholdValue < math::exp(hot[in][ir] * (kScaleTile * scaleValue) - lseTile[ir]) && valueRow == 1.0f ? 1 : 0);
    // hotKeys.ts:37  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
    #pragma omp simd
    for (int ir = 0; ir < wideR; ir++) hot[in][ir] = hot[in][ir] == 1.0f ? -INFINITY : 0.0f;
  }
  store(bias + (Index(n0) * nG + g0) * nR + r0, {Index(nG) * nR, 1}, hot, {validN, validR});
}
}  // namespace hotKeysScaled_bf16_d64_step1_block

KERNEL void hotKeysScaled_bf16_d64_step1(void* const* args) {
  using namespace hotKeysScaled_bf16_d64_step1_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* lse = tensor<const float>(args[3]);
  const std::int32_t* column2 = tensor<const std::int32_t>(args[4]);
  const float scale = scalar<float>(args[5]);
  const float threshold = scalar<float>(args[6]);
  const std::int32_t zones = scalar<std::int32_t>(args[7]);
  const std::int32_t edge = scalar<std::int32_t>(args[8]);
  const std::int32_t length = scalar<std::int32_t>(args[9]);
  float* bias = tensor<float>(args[10]);
  const int nG = size(args[11]);
  const int nR = size(args[12]);
  const int nN = size(args[13]);
  const int nBlocks = blocks(nN, BN), rBlocks = blocks(nR, BR);
  #pragma omp parallel for schedule(dynamic) if (nBlocks * nG * rBlocks > 1)
  for (int i = 0; i < nBlocks * nG * rBlocks; i++) block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * rBlocks) * BN, i / rBlocks % nG, i % rBlocks * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 32, g 1, r 128.
namespace hotKeysScaled_bf16_d64_step2_block {
constexpr int BR = 128, D = 64, BN = 32;

static void block(const bf16* q, const f8e4m3* k, const float* kScale, const float* lse, const std::int32_t* column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  TILE float excludedTile[BR];
  TILE float qTile[BR][D];
  TILE float kTile[D][BN];
  TILE float hot[BR][BN];
  TILE float lseTile[BR];
  TILE int columnTile[BN];
  TILE float value[BN];
  // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  const float thresholdValue = float(threshold);
  load(qTile, q + (Index(g0) * nR + r0) * D, {D, 1}, {validR, D});
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  const int zonesValue = int(zones);
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    const int wideN = wide<BN>(validN);
    load(kTile, k + (Index(n0) * nG + g0) * D, {1, Index(nG) * D}, {D, validN});
    // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
    mma(matrix(hot), matrix(qTile), matrix(kTile), validR, validN, D, overwrite);
    load(columnTile, column2 + Index(g0) * nN + n0, {1}, {validN});
    // hotKeys.ts:29  map(column, zones, edge, length, inZones)
    const int value2 = lengthValue - edgeValue;
    #pragma omp simd
    for (int in = 0; in < wideN; in++) value[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value2) ? 1 : 0);
    // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    for (int ir = 0; ir < validR; ir++) {
      const float lseTileRow = lseTile[ir];
      #pragma omp simd
      for (int in = 0; in < wideN; in++) hot[ir][in] = float(thresholdValue < math::exp(hot[ir][in] * (kScaleTile * scaleValue) - lseTileRow) && value[in] == 1.0f ? 1 : 0);
      // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
      excludedTile[ir] += sumOf(hot[ir], validN);
    }
  }
  store(excluded + Index(g0) * nR + r0, {1}, excludedTile, {validR});
}
}  // namespace hotKeysScaled_bf16_d64_step2_block

KERNEL void hotKeysScaled_bf16_d64_step2(void* const* args) {
  using namespace hotKeysScaled_bf16_d64_step2_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* lse = tensor<const float>(args[3]);
  const std::int32_t* column2 = tensor<const std::int32_t>(args[4]);
  const float scale = scalar<float>(args[5]);
  const float threshold = scalar<float>(args[6]);
  const std::int32_t zones = scalar<std::int32_t>(args[7]);
  const std::int32_t edge = scalar<std::int32_t>(args[8]);
  const std::int32_t length = scalar<std::int32_t>(args[9]);
  float* excluded = tensor<float>(args[10]);
  const int nG = size(args[11]);
  const int nR = size(args[12]);
  const int nN = size(args[13]);
  const int rBlocks = blocks(nR, BR);
  #pragma omp parallel for schedule(dynamic) if (nG * rBlocks > 1)
  for (int i = 0; i < nG * rBlocks; i++) block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / rBlocks, i % rBlocks * BR);
}

// step 1: bias
// Blocks: n 128, g 1, r 128.
namespace hotKeysScaled_bf16_d128_step1_block {
constexpr int BN = 128, D = 128, BR = 128;

static void block(const bf16* q, const f8e4m3* k, const float* kScale, const float* lse, const std::int32_t* column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  const int wideN = wide<BN>(validN);
  const int wideR = wide<BR>(validR);
  TILE float kTile[BN][D];
  TILE float qTile[D][BR];
  TILE float hot[BN][BR];
  TILE float lseTile[BR];
  TILE int columnTile[BN];
  TILE float value[BN];
  const float thresholdValue = float(threshold);
  load(kTile, k + (Index(n0) * nG + g0) * D, {Index(nG) * D, 1}, {validN, D});
  load(qTile, q + (Index(g0) * nR + r0) * D, {1, D}, {D, validR});
  // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
  mma(matrix(hot), matrix(kTile), matrix(qTile), validN, validR, D, overwrite);
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  const int zonesValue = int(zones);
  load(columnTile, column2 + Index(g0) * nN + n0, {1}, {validN});
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  // hotKeys.ts:29  map(column, zones, edge, length, inZones)
  const int value2 = lengthValue - edgeValue;
  #pragma omp simd
  for (int in = 0; in < wideN; in++) value[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value2) ? 1 : 0);
  // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  for (int in = 0; in < validN; in++) {
    const float valueRow = value[in];
    #pragma omp simd
    for (int ir = 0; ir < wideR; ir++) hot[in][ir] = float(thresholdValue < math::exp(hot[in][ir] * (kScaleTile * scaleValue) - lseTile[ir]) && valueRow == 1.0f ? 1 : 0);
    // hotKeys.ts:37  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
    #pragma omp simd
    for (int ir = 0; ir < wideR; ir++) hot[in][ir] = hot[in][ir] == 1.0f ? -INFINITY : 0.0f;
  }
  store(bias + (Index(n0) * nG + g0) * nR + r0, {Index(nG) * nR, 1}, hot, {validN, validR});
}
}  // namespace hotKeysScaled_bf16_d128_step1_block

KERNEL void hotKeysScaled_bf16_d128_step1(void* const* args) {
  using namespace hotKeysScaled_bf16_d128_step1_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* lse = tensor<const float>(args[3]);
  const std::int32_t* column2 = tensor<const std::int32_t>(args[4]);
  const float scale = scalar<float>(args[5]);
  const float threshold = scalar<float>(args[6]);
  const std::int32_t zones = scalar<std::int32_t>(args[7]);
  const std::int32_t edge = scalar<std::int32_t>(args[8]);
  const std::int32_t length = scalar<std::int32_t>(args[9]);
  float* bias = tensor<float>(args[10]);
  const int nG = size(args[11]);
  const int nR = size(args[12]);
  const int nN = size(args[13]);
  const int nBlocks = blocks(nN, BN), rBlocks = blocks(nR, BR);
  #pragma omp parallel for schedule(dynamic) if (nBlocks * nG * rBlocks > 1)
  for (int i = 0; i < nBlocks * nG * rBlocks; i++) block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * rBlocks) * BN, i / rBlocks % nG, i % rBlocks * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 32, g 1, r 128.
namespace hotKeysScaled_bf16_d128_step2_block {
constexpr int BR = 128, D = 128, BN = 32;

static void block(const bf16* q, const f8e4m3* k, const float* kScale, const float* lse, const std::int32_t* column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  TILE float excludedTile[BR];
  TILE float qTile[BR][D];
  TILE float kTile[D][BN];
  TILE float hot[BR][BN];
  TILE float lseTile[BR];
  TILE int columnTile[BN];
  TILE float value[BN];
  // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  const float thresholdValue = float(threshold);
  load(qTile, q + (Index(g0) * nR + r0) * D, {D, 1}, {validR, D});
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  load(lseTile, lse + Index(g0) * nR + r0, {1}, {validR});
  const int zonesValue = int(zones);
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    const int wideN = wide<BN>(validN);
    load(kTile, k + (Index(n0) * nG + g0) * D, {1, Index(nG) * D}, {D, validN});
    // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
    mma(matrix(hot), matrix(qTile), matrix(kTile), validR, validN, D, overwrite);
    load(columnTile, column2 + Index(g0) * nN + n0, {1}, {validN});
    // hotKeys.ts:29  map(column, zones, edge, length, inZones)
    const int value2 = lengthValue - edgeValue;
    #pragma omp simd
    for (int in = 0; in < wideN; in++) value[in] = float((remainderOf(zonesValue, 2) == 1 && columnTile[in] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[in]) || (4 <= zonesValue && edgeValue < columnTile[in] && columnTile[in] < value2) ? 1 : 0);
    // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    for (int ir = 0; ir < validR; ir++) {
      const float lseTileRow = lseTile[ir];
      #pragma omp simd
      for (int in = 0; in < wideN; in++) hot[ir][in] = float(thresholdValue < math::exp(hot[ir][in] * (kScaleTile * scaleValue) - lseTileRow) && value[in] == 1.0f ? 1 : 0);
      // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
      excludedTile[ir] += sumOf(hot[ir], validN);
    }
  }
  store(excluded + Index(g0) * nR + r0, {1}, excludedTile, {validR});
}
}  // namespace hotKeysScaled_bf16_d128_step2_block

KERNEL void hotKeysScaled_bf16_d128_step2(void* const* args) {
  using namespace hotKeysScaled_bf16_d128_step2_block;
  const bf16* q = tensor<const bf16>(args[0]);
  const f8e4m3* k = tensor<const f8e4m3>(args[1]);
  const float* kScale = tensor<const float>(args[2]);
  const float* lse = tensor<const float>(args[3]);
  const std::int32_t* column2 = tensor<const std::int32_t>(args[4]);
  const float scale = scalar<float>(args[5]);
  const float threshold = scalar<float>(args[6]);
  const std::int32_t zones = scalar<std::int32_t>(args[7]);
  const std::int32_t edge = scalar<std::int32_t>(args[8]);
  const std::int32_t length = scalar<std::int32_t>(args[9]);
  float* excluded = tensor<float>(args[10]);
  const int nG = size(args[11]);
  const int nR = size(args[12]);
  const int nN = size(args[13]);
  const int rBlocks = blocks(nR, BR);
  #pragma omp parallel for schedule(dynamic) if (nG * rBlocks > 1)
  for (int i = 0; i < nG * rBlocks; i++) block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / rBlocks, i % rBlocks * BR);
}
