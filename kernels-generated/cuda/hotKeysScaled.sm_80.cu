// hotKeysScaled, sm_80. From runtime/kernels/hotKeys.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// step 1: bias
// Blocks: n 64, g 1, r 64; 64 threads; shared 34 KiB.
namespace hotKeysScaled_f32_d64_step1_block {
constexpr int BN = 64, D = 64, BR = 64;
using Warps = Accumulators<2, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  const Operand<float, BN, D> kTile{sharedAt<float>(0)};
  const Operand<float, BR, D> qTile{sharedAt<float>(17408)};
  Warps::Tile<BN, BR> hot;
  Warps::Columns<BR> lseTile;
  Warps::Rows<BN, int> columnTile;
  Warps::Rows<BN> value;
  const float thresholdValue = float(threshold);
  widenRows<Warps::threads>(kTile, validN, D, k + (Index(n0) * nG + g0) * D, Index(nG) * D);
  copyRows<Warps::threads>(qTile, validR, D, q + (Index(g0) * nR + r0) * D, D);
  commitCopies();
  waitCopies<0>();
  blockBarrier();
  // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
  mma<overwrite>(hot, kTile, transposed(qTile));
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  loadLine(lseTile, validR, lse + Index(g0) * nR + r0);
  const int zonesValue = int(zones);
  each(columnTile, [&](At at, int in) {
    columnTile[at] = int(readIf(in < validN, &column2[Index(g0) * nN + n0 + in]));
  });
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  // hotKeys.ts:29  map(column, zones, edge, length, inZones)
  each(value, [&](At at) {
    const int value2 = lengthValue - edgeValue;
    value[at] = float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value2) ? 1 : 0);
  });
  // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  each(hot, [&](At at) {
    hot[at] = float(thresholdValue < math::exp(hot[at] * (kScaleTile * scaleValue) - lseTile[at]) && value[at] == 1.0f ? 1 : 0);
  });
  // hotKeys.ts:37  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
  each(hot, [&](At at) {
    hot[at] = hot[at] == 1.0f ? -INFINITY : 0.0f;
  });
  store(hot, validN, validR, [&](int in) { return bias + (Index(n0) * nG + g0) * nR + r0 + Index(in) * (Index(nG) * nR); });
}
}  // namespace hotKeysScaled_f32_d64_step1_block

KERNEL(64, 1) hotKeysScaled_f32_d64_step1(const float* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ bias, int nG, int nR, int nN) {
  using namespace hotKeysScaled_f32_d64_step1_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * blocks(nR, BR)) * BN, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 8, g 1, r 64; 64 threads; shared 22 KiB.
namespace hotKeysScaled_f32_d64_step2_block {
constexpr int BR = 64, D = 64, BN = 8;
using Warps = Accumulators<2, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BR> excludedTile;
  const Operand<float, BR, D> qTile{sharedAt<float>(0)};
  const Operand<float, BN, D> kTile{sharedAt<float>(17408)};
  Warps::Tile<BR, BN> product;
  Warps::Rows<BR> lseTile;
  Warps::Columns<BN, int> columnTile;
  Warps::Columns<BN> value;
  Warps::Tile<BR, BN> hot;
  // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  const float thresholdValue = float(threshold);
  copyRows<Warps::threads>(qTile, validR, D, q + (Index(g0) * nR + r0) * D, D);
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  each(lseTile, [&](At at, int ir) {
    lseTile[at] = float(readIf(ir < validR, &lse[Index(g0) * nR + r0 + ir]));
  });
  const int zonesValue = int(zones);
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  const int nRest = floorDivide(nN, 8) * 8;
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    blockBarrier();
    widenRows<Warps::threads>(kTile, validN, D, k + (Index(n0) * nG + g0) * D, Index(nG) * D);
    commitCopies();
    waitCopies<0>();
    blockBarrier();
    // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
    mma<overwrite>(product, qTile, transposed(kTile));
    loadLine(columnTile, validN, column2 + Index(g0) * nN + n0);
    // hotKeys.ts:29  map(column, zones, edge, length, inZones)
    if (n0 < nRest) {
      each(value, [&](At at) {
        const int value2 = lengthValue - edgeValue;
        value[at] = float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value2) ? 1 : 0);
      });
    }
    else {
      each(value, [&](At at, int in) {
        const int value3 = lengthValue - edgeValue;
        value[at] = n0 + in < nN ? float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value3 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value3) ? 1 : 0) : -INFINITY;
      });
    }
    // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    each(hot, [&](At at) {
      hot[at] = float(thresholdValue < math::exp(product[at] * (kScaleTile * scaleValue) - lseTile[at]) && value[at] == 1.0f ? 1 : 0);
    });
    // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
    joinRows<Sum, apart>(excludedTile, hot, BN);
  }
  unite<Sum>(excludedTile);
  each(excludedTile, [&](At at, int ir) {
    if (ir < validR && isOwner<decltype(excludedTile)>()) excluded[Index(g0) * nR + r0 + ir] = float(excludedTile[at]);
  });
  commitCopies();
  waitCopies<0>();
}
}  // namespace hotKeysScaled_f32_d64_step2_block

KERNEL(64, 1) hotKeysScaled_f32_d64_step2(const float* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ excluded, int nG, int nR, int nN) {
  using namespace hotKeysScaled_f32_d64_step2_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / blocks(nR, BR), i % blocks(nR, BR) * BR);
}

// step 1: bias
// Blocks: n 64, g 1, r 64; 64 threads; shared 66 KiB.
namespace hotKeysScaled_f32_d128_step1_block {
constexpr int BN = 64, D = 128, BR = 64;
using Warps = Accumulators<2, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  const Operand<float, BN, D> kTile{sharedAt<float>(0)};
  const Operand<float, BR, D> qTile{sharedAt<float>(33792)};
  Warps::Tile<BN, BR> hot;
  Warps::Columns<BR> lseTile;
  Warps::Rows<BN, int> columnTile;
  Warps::Rows<BN> value;
  const float thresholdValue = float(threshold);
  widenRows<Warps::threads>(kTile, validN, D, k + (Index(n0) * nG + g0) * D, Index(nG) * D);
  copyRows<Warps::threads>(qTile, validR, D, q + (Index(g0) * nR + r0) * D, D);
  commitCopies();
  waitCopies<0>();
  blockBarrier();
  // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
  mma<overwrite>(hot, kTile, transposed(qTile));
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  loadLine(lseTile, validR, lse + Index(g0) * nR + r0);
  const int zonesValue = int(zones);
  each(columnTile, [&](At at, int in) {
    columnTile[at] = int(readIf(in < validN, &column2[Index(g0) * nN + n0 + in]));
  });
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  // hotKeys.ts:29  map(column, zones, edge, length, inZones)
  each(value, [&](At at) {
    const int value2 = lengthValue - edgeValue;
    value[at] = float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value2) ? 1 : 0);
  });
  // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  each(hot, [&](At at) {
    hot[at] = float(thresholdValue < math::exp(hot[at] * (kScaleTile * scaleValue) - lseTile[at]) && value[at] == 1.0f ? 1 : 0);
  });
  // hotKeys.ts:37  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
  each(hot, [&](At at) {
    hot[at] = hot[at] == 1.0f ? -INFINITY : 0.0f;
  });
  store(hot, validN, validR, [&](int in) { return bias + (Index(n0) * nG + g0) * nR + r0 + Index(in) * (Index(nG) * nR); });
}
}  // namespace hotKeysScaled_f32_d128_step1_block

KERNEL(64, 1) hotKeysScaled_f32_d128_step1(const float* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ bias, int nG, int nR, int nN) {
  using namespace hotKeysScaled_f32_d128_step1_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * blocks(nR, BR)) * BN, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 8, g 1, r 64; 64 threads; shared 42 KiB.
namespace hotKeysScaled_f32_d128_step2_block {
constexpr int BR = 64, D = 128, BN = 8;
using Warps = Accumulators<2, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BR> excludedTile;
  const Operand<float, BR, D> qTile{sharedAt<float>(0)};
  const Operand<float, BN, D> kTile{sharedAt<float>(33792)};
  Warps::Tile<BR, BN> product;
  Warps::Rows<BR> lseTile;
  Warps::Columns<BN, int> columnTile;
  Warps::Columns<BN> value;
  Warps::Tile<BR, BN> hot;
  // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  const float thresholdValue = float(threshold);
  copyRows<Warps::threads>(qTile, validR, D, q + (Index(g0) * nR + r0) * D, D);
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  each(lseTile, [&](At at, int ir) {
    lseTile[at] = float(readIf(ir < validR, &lse[Index(g0) * nR + r0 + ir]));
  });
  const int zonesValue = int(zones);
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  const int nRest = floorDivide(nN, 8) * 8;
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    blockBarrier();
    widenRows<Warps::threads>(kTile, validN, D, k + (Index(n0) * nG + g0) * D, Index(nG) * D);
    commitCopies();
    waitCopies<0>();
    blockBarrier();
    // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
    mma<overwrite>(product, qTile, transposed(kTile));
    loadLine(columnTile, validN, column2 + Index(g0) * nN + n0);
    // hotKeys.ts:29  map(column, zones, edge, length, inZones)
    if (n0 < nRest) {
      each(value, [&](At at) {
        const int value2 = lengthValue - edgeValue;
        value[at] = float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value2) ? 1 : 0);
      });
    }
    else {
      each(value, [&](At at, int in) {
        const int value3 = lengthValue - edgeValue;
        value[at] = n0 + in < nN ? float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value3 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value3) ? 1 : 0) : -INFINITY;
      });
    }
    // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    each(hot, [&](At at) {
      hot[at] = float(thresholdValue < math::exp(product[at] * (kScaleTile * scaleValue) - lseTile[at]) && value[at] == 1.0f ? 1 : 0);
    });
    // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
    joinRows<Sum, apart>(excludedTile, hot, BN);
  }
  unite<Sum>(excludedTile);
  each(excludedTile, [&](At at, int ir) {
    if (ir < validR && isOwner<decltype(excludedTile)>()) excluded[Index(g0) * nR + r0 + ir] = float(excludedTile[at]);
  });
  commitCopies();
  waitCopies<0>();
}
}  // namespace hotKeysScaled_f32_d128_step2_block

KERNEL(64, 1) hotKeysScaled_f32_d128_step2(const float* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ excluded, int nG, int nR, int nN) {
  using namespace hotKeysScaled_f32_d128_step2_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / blocks(nR, BR), i % blocks(nR, BR) * BR);
}

// step 1: bias
// Blocks: n 128, g 1, r 128; 128 threads; shared 32 KiB.
namespace hotKeysScaled_bf16_d64_step1_block {
constexpr int BN = 128, D = 64, BR = 128;
using Warps = Accumulators<2, 2>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  const Operand<bf16, BN, D> kTile{sharedAt<bf16>(0)};
  const Operand<bf16, BR, D> qTile{sharedAt<bf16>(16384)};
  Warps::Tile<BN, BR> hot;
  Warps::Columns<BR> lseTile;
  Warps::Rows<BN, int> columnTile;
  Warps::Rows<BN> value;
  const float thresholdValue = float(threshold);
  widenRows<Warps::threads>(kTile, validN, D, k + (Index(n0) * nG + g0) * D, Index(nG) * D);
  copyRows<Warps::threads>(qTile, validR, D, q + (Index(g0) * nR + r0) * D, D);
  commitCopies();
  waitCopies<0>();
  blockBarrier();
  // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
  mma<overwrite>(hot, kTile, transposed(qTile));
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  loadLine(lseTile, validR, lse + Index(g0) * nR + r0);
  const int zonesValue = int(zones);
  each(columnTile, [&](At at, int in) {
    columnTile[at] = int(readIf(in < validN, &column2[Index(g0) * nN + n0 + in]));
  });
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  // hotKeys.ts:29  map(column, zones, edge, length, inZones)
  each(value, [&](At at) {
    const int value2 = lengthValue - edgeValue;
    value[at] = float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value2) ? 1 : 0);
  });
  // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  each(hot, [&](At at) {
    hot[at] = float(thresholdValue < math::exp(hot[at] * (kScaleTile * scaleValue) - lseTile[at]) && value[at] == 1.0f ? 1 : 0);
  });
  // hotKeys.ts:37  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
  each(hot, [&](At at) {
    hot[at] = hot[at] == 1.0f ? -INFINITY : 0.0f;
  });
  store(hot, validN, validR, [&](int in) { return bias + (Index(n0) * nG + g0) * nR + r0 + Index(in) * (Index(nG) * nR); });
}
}  // namespace hotKeysScaled_bf16_d64_step1_block

KERNEL(128, 1) hotKeysScaled_bf16_d64_step1(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ bias, int nG, int nR, int nN) {
  using namespace hotKeysScaled_bf16_d64_step1_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * blocks(nR, BR)) * BN, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 8, g 1, r 256; 256 threads; shared 34 KiB.
namespace hotKeysScaled_bf16_d64_step2_block {
constexpr int BR = 256, D = 64, BN = 8;
using Warps = Accumulators<8, 1>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BR> excludedTile;
  const Operand<bf16, BR, D> qTile{sharedAt<bf16>(0)};
  const Operand<bf16, BN, D> kTile{sharedAt<bf16>(32768)};
  Warps::Tile<BR, BN> hot;
  Warps::Rows<BR> lseTile;
  Warps::Columns<BN, int> columnTile;
  Warps::Columns<BN> value;
  // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  const float thresholdValue = float(threshold);
  copyRows<Warps::threads>(qTile, validR, D, q + (Index(g0) * nR + r0) * D, D);
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  each(lseTile, [&](At at, int ir) {
    lseTile[at] = float(readIf(ir < validR, &lse[Index(g0) * nR + r0 + ir]));
  });
  const int zonesValue = int(zones);
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  const int nRest = floorDivide(nN, 8) * 8;
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    blockBarrier();
    widenRows<Warps::threads>(kTile, validN, D, k + (Index(n0) * nG + g0) * D, Index(nG) * D);
    commitCopies();
    waitCopies<0>();
    blockBarrier();
    // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
    mma<overwrite>(hot, qTile, transposed(kTile));
    loadLine(columnTile, validN, column2 + Index(g0) * nN + n0);
    // hotKeys.ts:29  map(column, zones, edge, length, inZones)
    if (n0 < nRest) {
      each(value, [&](At at) {
        const int value2 = lengthValue - edgeValue;
        value[at] = float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value2) ? 1 : 0);
      });
    }
    else {
      each(value, [&](At at, int in) {
        const int value3 = lengthValue - edgeValue;
        value[at] = n0 + in < nN ? float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value3 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value3) ? 1 : 0) : -INFINITY;
      });
    }
    // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    each(hot, [&](At at) {
      hot[at] = float(thresholdValue < math::exp(hot[at] * (kScaleTile * scaleValue) - lseTile[at]) && value[at] == 1.0f ? 1 : 0);
    });
    // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
    joinRows<Sum, apart>(excludedTile, hot, BN);
  }
  unite<Sum>(excludedTile);
  each(excludedTile, [&](At at, int ir) {
    if (ir < validR && isOwner<decltype(excludedTile)>()) excluded[Index(g0) * nR + r0 + ir] = float(excludedTile[at]);
  });
  commitCopies();
  waitCopies<0>();
}
}  // namespace hotKeysScaled_bf16_d64_step2_block

KERNEL(256, 1) hotKeysScaled_bf16_d64_step2(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ excluded, int nG, int nR, int nN) {
  using namespace hotKeysScaled_bf16_d64_step2_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / blocks(nR, BR), i % blocks(nR, BR) * BR);
}

// step 1: bias
// Blocks: n 128, g 1, r 128; 128 threads; shared 64 KiB.
namespace hotKeysScaled_bf16_d128_step1_block {
constexpr int BN = 128, D = 128, BR = 128;
using Warps = Accumulators<2, 2>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ bias, int nG, int nR, int nN, int n0, int g0, int r0) {
  const int validN = minimum(BN, nN - n0);
  const int validR = minimum(BR, nR - r0);
  const Operand<bf16, BN, D> kTile{sharedAt<bf16>(0)};
  const Operand<bf16, BR, D> qTile{sharedAt<bf16>(32768)};
  Warps::Tile<BN, BR> hot;
  Warps::Columns<BR> lseTile;
  Warps::Rows<BN, int> columnTile;
  Warps::Rows<BN> value;
  const float thresholdValue = float(threshold);
  widenRows<Warps::threads>(kTile, validN, D, k + (Index(n0) * nG + g0) * D, Index(nG) * D);
  copyRows<Warps::threads>(qTile, validR, D, q + (Index(g0) * nR + r0) * D, D);
  commitCopies();
  waitCopies<0>();
  blockBarrier();
  // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
  mma<overwrite>(hot, kTile, transposed(qTile));
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  loadLine(lseTile, validR, lse + Index(g0) * nR + r0);
  const int zonesValue = int(zones);
  each(columnTile, [&](At at, int in) {
    columnTile[at] = int(readIf(in < validN, &column2[Index(g0) * nN + n0 + in]));
  });
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  // hotKeys.ts:29  map(column, zones, edge, length, inZones)
  each(value, [&](At at) {
    const int value2 = lengthValue - edgeValue;
    value[at] = float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value2) ? 1 : 0);
  });
  // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
  each(hot, [&](At at) {
    hot[at] = float(thresholdValue < math::exp(hot[at] * (kScaleTile * scaleValue) - lseTile[at]) && value[at] == 1.0f ? 1 : 0);
  });
  // hotKeys.ts:37  bias = map(hot, (hot) => hot === 1 ? -Infinity : 0)
  each(hot, [&](At at) {
    hot[at] = hot[at] == 1.0f ? -INFINITY : 0.0f;
  });
  store(hot, validN, validR, [&](int in) { return bias + (Index(n0) * nG + g0) * nR + r0 + Index(in) * (Index(nG) * nR); });
}
}  // namespace hotKeysScaled_bf16_d128_step1_block

KERNEL(128, 1) hotKeysScaled_bf16_d128_step1(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ bias, int nG, int nR, int nN) {
  using namespace hotKeysScaled_bf16_d128_step1_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, bias, nG, nR, nN, i / (nG * blocks(nR, BR)) * BN, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// step 2: excluded
// fold over n carrying (excluded), certificate 51af
// Blocks: n 8, g 1, r 256; 256 threads; shared 68 KiB.
namespace hotKeysScaled_bf16_d128_step2_block {
constexpr int BR = 256, D = 128, BN = 8;
using Warps = Accumulators<8, 1>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ excluded, int nG, int nR, int nN, int g0, int r0) {
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BR> excludedTile;
  const Operand<bf16, BR, D> qTile{sharedAt<bf16>(0)};
  const Operand<bf16, BN, D> kTile{sharedAt<bf16>(65536)};
  Warps::Tile<BR, BN> hot;
  Warps::Rows<BR> lseTile;
  Warps::Columns<BN, int> columnTile;
  Warps::Columns<BN> value;
  // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
  fill(excludedTile, 0.0f);
  const float thresholdValue = float(threshold);
  copyRows<Warps::threads>(qTile, validR, D, q + (Index(g0) * nR + r0) * D, D);
  const float kScaleTile = float(kScale[g0]);
  const float scaleValue = float(scale);
  each(lseTile, [&](At at, int ir) {
    lseTile[at] = float(readIf(ir < validR, &lse[Index(g0) * nR + r0 + ir]));
  });
  const int zonesValue = int(zones);
  const int edgeValue = int(edge);
  const int lengthValue = int(length);
  const int nRest = floorDivide(nN, 8) * 8;
  for (int n0 = 0; n0 < nN; n0 += BN) {
    const int validN = minimum(BN, nN - n0);
    blockBarrier();
    widenRows<Warps::threads>(kTile, validN, D, k + (Index(n0) * nG + g0) * D, Index(nG) * D);
    commitCopies();
    waitCopies<0>();
    blockBarrier();
    // hotKeys.ts:28  dot(q, cast(q.dtype, k), 'd')
    mma<overwrite>(hot, qTile, transposed(kTile));
    loadLine(columnTile, validN, column2 + Index(g0) * nN + n0);
    // hotKeys.ts:29  map(column, zones, edge, length, inZones)
    if (n0 < nRest) {
      each(value, [&](At at) {
        const int value2 = lengthValue - edgeValue;
        value[at] = float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value2 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value2) ? 1 : 0);
      });
    }
    else {
      each(value, [&](At at, int in) {
        const int value3 = lengthValue - edgeValue;
        value[at] = n0 + in < nN ? float((remainderOf(zonesValue, 2) == 1 && columnTile[at] < edgeValue) || (remainderOf(floorDivide(zonesValue, 2), 2) == 1 && value3 < columnTile[at]) || (4 <= zonesValue && edgeValue < columnTile[at] && columnTile[at] < value3) ? 1 : 0) : -INFINITY;
      });
    }
    // hotKeys.ts:36  hot = map(p, zoned, threshold, (p, zoned, threshold) => p > threshold && zoned === 1 …
    each(hot, [&](At at) {
      hot[at] = float(thresholdValue < math::exp(hot[at] * (kScaleTile * scaleValue) - lseTile[at]) && value[at] == 1.0f ? 1 : 0);
    });
    // hotKeys.ts:37  excluded = sum(cast('f32', hot), 'n')
    joinRows<Sum, apart>(excludedTile, hot, BN);
  }
  unite<Sum>(excludedTile);
  each(excludedTile, [&](At at, int ir) {
    if (ir < validR && isOwner<decltype(excludedTile)>()) excluded[Index(g0) * nR + r0 + ir] = float(excludedTile[at]);
  });
  commitCopies();
  waitCopies<0>();
}
}  // namespace hotKeysScaled_bf16_d128_step2_block

KERNEL(256, 1) hotKeysScaled_bf16_d128_step2(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const float* __restrict__ kScale, const float* __restrict__ lse, const std::int32_t* __restrict__ column2, float scale, float threshold, std::int32_t zones, std::int32_t edge, std::int32_t length, float* __restrict__ excluded, int nG, int nR, int nN) {
  using namespace hotKeysScaled_bf16_d128_step2_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, kScale, lse, column2, scale, threshold, zones, edge, length, excluded, nG, nR, nN, i / blocks(nR, BR), i % blocks(nR, BR) * BR);
}
