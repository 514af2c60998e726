// chunkAttentionScaled, sm_80. From runtime/kernels/chunkAttention.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 32, kParts 1, c 1, q 4, g 1, r 4; 32 threads; shared 39 KiB.
namespace chunkAttentionScaled_f32_d64_few_part_block {
constexpr int BQ = 4, BR = 4, D = 64, BK = 32;
using Warps = Accumulators<1, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> o;
  const Operand<float, BQ * BR, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(4352)};
  Warps::Tile<BQ * BR, BK> product;
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> e;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(21760)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 4, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + nK - nQ + 1), 32) * 32);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(product, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = product[at] * value;
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? product[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(e, [&](At at) {
        e[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, e, BK);
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, e, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttentionScaled_f32_d64_few_part_block

KERNEL(32, 1) chunkAttentionScaled_f32_d64_few_part(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_f32_d64_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace chunkAttentionScaled_f32_d64_few_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> oTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> oPartsTile;
  Warps::Tile<BKParts, D> oTile3;
  Warps::Columns<D> value3;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(oPartsTile, validKParts, D, [&](int iKParts) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      // chunkAttention.ts:28  softmax(s, 'k')
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    const float vScaleTile = float(vScale[g0]);
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2 * vScaleTile;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttentionScaled_f32_d64_few_join_block

KERNEL(64, 1) chunkAttentionScaled_f32_d64_few_join(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_f32_d64_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 32, kParts 1, c 1, q 16, g 1, r 4; 128 threads; shared 51 KiB.
namespace chunkAttentionScaled_f32_d64_short_part_block {
constexpr int BQ = 16, BR = 4, D = 64, BK = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> o;
  const Operand<float, BQ * BR, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(17408)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(34816)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 16, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + nK - nQ + 1), 32) * 32);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, s, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttentionScaled_f32_d64_short_part_block

KERNEL(128, 1) chunkAttentionScaled_f32_d64_short_part(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_f32_d64_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace chunkAttentionScaled_f32_d64_short_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> oTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> oPartsTile;
  Warps::Tile<BKParts, D> oTile3;
  Warps::Columns<D> value3;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(oPartsTile, validKParts, D, [&](int iKParts) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      // chunkAttention.ts:28  softmax(s, 'k')
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    const float vScaleTile = float(vScale[g0]);
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2 * vScaleTile;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttentionScaled_f32_d64_short_join_block

KERNEL(64, 1) chunkAttentionScaled_f32_d64_short_join(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_f32_d64_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 32, kParts 1, c 1, q 64, g 1, r 1; 128 threads; shared 51 KiB.
namespace chunkAttentionScaled_f32_d64_shared_part_block {
constexpr int BQ = 64, D = 64, BK = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> o;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(17408)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(34816)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + nK - nQ + 1), 32) * 32);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, s, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
    });
    each(l, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
    });
    store(o, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace chunkAttentionScaled_f32_d64_shared_part_block

KERNEL(128, 1) chunkAttentionScaled_f32_d64_shared_part(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_f32_d64_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * nR), i / (blocks(qLongest, BQ) * nG * nR) % nC, i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 1, c 1, q 16, g 1, r 1, d 64; 128 threads; shared 0 KiB.
namespace chunkAttentionScaled_f32_d64_shared_join_block {
constexpr int BQ = 16, D = 64, BKParts = 1;
using Warps = Spread<4, 1, 2>;

DEVICE void block(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  Warps::Rows<BQ> mPartsTile;
  Warps::Rows<BQ> kPartsMax;
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> lPartsTile;
  Warps::Rows<BQ> alpha2;
  Warps::Rows<BQ> l3;
  Warps::Tile<BQ, D> oPartsTile;
  Warps::Tile<BQ, D> oTile3;
  Warps::Rows<BQ> value2;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      each(mPartsTile, [&](At at, int iq) {
        mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      each(lPartsTile, [&](At at, int iq) {
        lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      load(oPartsTile, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
      // chunkAttention.ts:28  softmax(s, 'k')
      each(kPartsMax, [&](At at) {
        kPartsMax[at] = mPartsTile[at];
      });
      each(value, [&](At at) {
        value[at] = maximum(m[at], kPartsMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - value[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(alpha2, [&](At at) {
        alpha2[at] = math::exp2(mPartsTile[at] - value[at]);
      });
      each(l3, [&](At at) {
        l3[at] = lPartsTile[at] * alpha2[at];
      });
      each(l, [&](At at) {
        l[at] = Sum::join(l[at], l3[at]);
      });
      scaleRows(oTile, alpha);
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      each(oTile, [&](At at) {
        oTile[at] = Sum::join(oTile[at], oTile3[at]);
      });
      m = value;
    }
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    const float vScaleTile = float(vScale[g0]);
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value2[at] * vScaleTile;
    });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttentionScaled_f32_d64_shared_join_block

KERNEL(128, 1) chunkAttentionScaled_f32_d64_shared_join(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_f32_d64_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (blocks(qLongest, BQ) * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % blocks(qLongest, BQ) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 32, c 1, q 64, g 1, r 1; 128 threads; shared 51 KiB.
namespace chunkAttentionScaled_f32_d64_block {
constexpr int BQ = 64, D = 64, BK = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, float scale, float* __restrict__ o, float* __restrict__ lse, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(17408)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(34816)};
  Warps::Rows<BQ> value2;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + nK - nQ + 1), 32) * 32);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int k0 = 0; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(oTile, alpha);
      mmaRegisters<accumulate>(oTile, s, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    const float vScaleTile = float(vScale[g0]);
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value2[at] * vScaleTile;
    });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttentionScaled_f32_d64_block

KERNEL(128, 1) chunkAttentionScaled_f32_d64(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, float scale, float* __restrict__ o, float* __restrict__ lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttentionScaled_f32_d64_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, vScale, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 16, kParts 1, c 1, q 4, g 1, r 4; 32 threads; shared 42 KiB.
namespace chunkAttentionScaled_f32_d128_few_part_block {
constexpr int BQ = 4, BR = 4, D = 128, BK = 16;
using Warps = Accumulators<1, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> o;
  const Operand<float, BQ * BR, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(8448)};
  Warps::Tile<BQ * BR, BK> product;
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> e;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(25344)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 4, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + nK - nQ + 1), 16) * 16);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(product, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = product[at] * value;
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? product[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(e, [&](At at) {
        e[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, e, BK);
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, e, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttentionScaled_f32_d128_few_part_block

KERNEL(32, 1) chunkAttentionScaled_f32_d128_few_part(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_f32_d128_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace chunkAttentionScaled_f32_d128_few_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> oTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> oPartsTile;
  Warps::Tile<BKParts, D> oTile3;
  Warps::Columns<D> value3;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(oPartsTile, validKParts, D, [&](int iKParts) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      // chunkAttention.ts:28  softmax(s, 'k')
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    const float vScaleTile = float(vScale[g0]);
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2 * vScaleTile;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttentionScaled_f32_d128_few_join_block

KERNEL(128, 1) chunkAttentionScaled_f32_d128_few_join(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_f32_d128_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 16, kParts 1, c 1, q 16, g 1, r 4; 128 threads; shared 66 KiB.
namespace chunkAttentionScaled_f32_d128_short_part_block {
constexpr int BQ = 16, BR = 4, D = 128, BK = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> o;
  const Operand<float, BQ * BR, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(33792)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(50688)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 16, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + nK - nQ + 1), 16) * 16);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, s, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttentionScaled_f32_d128_short_part_block

KERNEL(128, 1) chunkAttentionScaled_f32_d128_short_part(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_f32_d128_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace chunkAttentionScaled_f32_d128_short_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> oTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> oPartsTile;
  Warps::Tile<BKParts, D> oTile3;
  Warps::Columns<D> value3;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(oPartsTile, validKParts, D, [&](int iKParts) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      // chunkAttention.ts:28  softmax(s, 'k')
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    const float vScaleTile = float(vScale[g0]);
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2 * vScaleTile;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttentionScaled_f32_d128_short_join_block

KERNEL(128, 1) chunkAttentionScaled_f32_d128_short_join(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_f32_d128_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 16, kParts 1, c 1, q 64, g 1, r 1; 128 threads; shared 66 KiB.
namespace chunkAttentionScaled_f32_d128_shared_part_block {
constexpr int BQ = 64, D = 128, BK = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> o;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(33792)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(50688)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + nK - nQ + 1), 16) * 16);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, s, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
    });
    each(l, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
    });
    store(o, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace chunkAttentionScaled_f32_d128_shared_part_block

KERNEL(128, 1) chunkAttentionScaled_f32_d128_shared_part(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_f32_d128_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * nR), i / (blocks(qLongest, BQ) * nG * nR) % nC, i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 1, c 1, q 16, g 1, r 1, d 128; 128 threads; shared 0 KiB.
namespace chunkAttentionScaled_f32_d128_shared_join_block {
constexpr int BQ = 16, D = 128, BKParts = 1;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  Warps::Rows<BQ> mPartsTile;
  Warps::Rows<BQ> kPartsMax;
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> lPartsTile;
  Warps::Rows<BQ> alpha2;
  Warps::Rows<BQ> l3;
  Warps::Tile<BQ, D> oPartsTile;
  Warps::Tile<BQ, D> oTile3;
  Warps::Rows<BQ> value2;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      each(mPartsTile, [&](At at, int iq) {
        mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      each(lPartsTile, [&](At at, int iq) {
        lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      load(oPartsTile, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
      // chunkAttention.ts:28  softmax(s, 'k')
      each(kPartsMax, [&](At at) {
        kPartsMax[at] = mPartsTile[at];
      });
      each(value, [&](At at) {
        value[at] = maximum(m[at], kPartsMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - value[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(alpha2, [&](At at) {
        alpha2[at] = math::exp2(mPartsTile[at] - value[at]);
      });
      each(l3, [&](At at) {
        l3[at] = lPartsTile[at] * alpha2[at];
      });
      each(l, [&](At at) {
        l[at] = Sum::join(l[at], l3[at]);
      });
      scaleRows(oTile, alpha);
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      each(oTile, [&](At at) {
        oTile[at] = Sum::join(oTile[at], oTile3[at]);
      });
      m = value;
    }
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    const float vScaleTile = float(vScale[g0]);
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value2[at] * vScaleTile;
    });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttentionScaled_f32_d128_shared_join_block

KERNEL(128, 1) chunkAttentionScaled_f32_d128_shared_join(const float* __restrict__ vScale, float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_f32_d128_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (blocks(qLongest, BQ) * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % blocks(qLongest, BQ) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 16, c 1, q 64, g 1, r 1; 128 threads; shared 66 KiB.
namespace chunkAttentionScaled_f32_d128_block {
constexpr int BQ = 64, D = 128, BK = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, float scale, float* __restrict__ o, float* __restrict__ lse, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(33792)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(50688)};
  Warps::Rows<BQ> value2;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + nK - nQ + 1), 16) * 16);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int k0 = 0; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(oTile, alpha);
      mmaRegisters<accumulate>(oTile, s, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    const float vScaleTile = float(vScale[g0]);
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value2[at] * vScaleTile;
    });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttentionScaled_f32_d128_block

KERNEL(128, 1) chunkAttentionScaled_f32_d128(const float* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, float scale, float* __restrict__ o, float* __restrict__ lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttentionScaled_f32_d128_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, vScale, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 64, kParts 1, c 1, q 4, g 1, r 4; 32 threads; shared 34 KiB.
namespace chunkAttentionScaled_bf16_d64_few_part_block {
constexpr int BQ = 4, BR = 4, D = 64, BK = 64;
using Warps = Accumulators<1, 1>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> o;
  const Operand<bf16, BQ * BR, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(2048)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value2;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(18432)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 4, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(o, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value2, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttentionScaled_bf16_d64_few_part_block

KERNEL(32, 1) chunkAttentionScaled_bf16_d64_few_part(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_bf16_d64_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace chunkAttentionScaled_bf16_d64_few_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> oTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> oPartsTile;
  Warps::Tile<BKParts, D> oTile3;
  Warps::Columns<D> value3;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(oPartsTile, validKParts, D, [&](int iKParts) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      // chunkAttention.ts:28  softmax(s, 'k')
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    const float vScaleTile = float(vScale[g0]);
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2 * vScaleTile;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttentionScaled_bf16_d64_few_join_block

KERNEL(64, 1) chunkAttentionScaled_bf16_d64_few_join(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_bf16_d64_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 64, kParts 1, c 1, q 16, g 1, r 4; 128 threads; shared 40 KiB.
namespace chunkAttentionScaled_bf16_d64_short_part_block {
constexpr int BQ = 16, BR = 4, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> o;
  const Operand<bf16, BQ * BR, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(8192)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value2;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(24576)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 16, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(o, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value2, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttentionScaled_bf16_d64_short_part_block

KERNEL(128, 1) chunkAttentionScaled_bf16_d64_short_part(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_bf16_d64_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace chunkAttentionScaled_bf16_d64_short_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> oTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> oPartsTile;
  Warps::Tile<BKParts, D> oTile3;
  Warps::Columns<D> value3;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(oPartsTile, validKParts, D, [&](int iKParts) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      // chunkAttention.ts:28  softmax(s, 'k')
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    const float vScaleTile = float(vScale[g0]);
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2 * vScaleTile;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttentionScaled_bf16_d64_short_join_block

KERNEL(64, 1) chunkAttentionScaled_bf16_d64_short_join(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_bf16_d64_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 64, kParts 1, c 1, q 128, g 1, r 1; 128 threads; shared 48 KiB.
namespace chunkAttentionScaled_bf16_d64_shared_part_block {
constexpr int BQ = 128, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> o;
  const Operand<bf16, BQ, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(16384)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Tile<BQ, BK> value2;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(32768)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(o, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value2, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
    });
    each(l, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
    });
    store(o, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace chunkAttentionScaled_bf16_d64_shared_part_block

KERNEL(128, 1) chunkAttentionScaled_bf16_d64_shared_part(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_bf16_d64_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * nR), i / (blocks(qLongest, BQ) * nG * nR) % nC, i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 1, c 1, q 16, g 1, r 1, d 64; 128 threads; shared 0 KiB.
namespace chunkAttentionScaled_bf16_d64_shared_join_block {
constexpr int BQ = 16, D = 64, BKParts = 1;
using Warps = Spread<4, 1, 2>;

DEVICE void block(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  Warps::Rows<BQ> mPartsTile;
  Warps::Rows<BQ> kPartsMax;
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> lPartsTile;
  Warps::Rows<BQ> alpha2;
  Warps::Rows<BQ> l3;
  Warps::Tile<BQ, D> oPartsTile;
  Warps::Tile<BQ, D> oTile3;
  Warps::Rows<BQ> value2;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      each(mPartsTile, [&](At at, int iq) {
        mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      each(lPartsTile, [&](At at, int iq) {
        lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      load(oPartsTile, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
      // chunkAttention.ts:28  softmax(s, 'k')
      each(kPartsMax, [&](At at) {
        kPartsMax[at] = mPartsTile[at];
      });
      each(value, [&](At at) {
        value[at] = maximum(m[at], kPartsMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - value[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(alpha2, [&](At at) {
        alpha2[at] = math::exp2(mPartsTile[at] - value[at]);
      });
      each(l3, [&](At at) {
        l3[at] = lPartsTile[at] * alpha2[at];
      });
      each(l, [&](At at) {
        l[at] = Sum::join(l[at], l3[at]);
      });
      scaleRows(oTile, alpha);
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      each(oTile, [&](At at) {
        oTile[at] = Sum::join(oTile[at], oTile3[at]);
      });
      m = value;
    }
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    const float vScaleTile = float(vScale[g0]);
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value2[at] * vScaleTile;
    });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttentionScaled_bf16_d64_shared_join_block

KERNEL(128, 1) chunkAttentionScaled_bf16_d64_shared_join(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_bf16_d64_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (blocks(qLongest, BQ) * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % blocks(qLongest, BQ) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 64, c 1, q 128, g 1, r 1; 128 threads; shared 48 KiB.
namespace chunkAttentionScaled_bf16_d64_block {
constexpr int BQ = 128, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, float scale, bf16* __restrict__ o, float* __restrict__ lse, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  const Operand<bf16, BQ, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(16384)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Tile<BQ, BK> value2;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(32768)};
  Warps::Rows<BQ> value3;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    const int kEnd = minimum(nK, minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int k0 = 0; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(oTile, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      mmaRegisters<accumulate>(oTile, value2, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    each(value3, [&](At at) {
      value3[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    const float vScaleTile = float(vScale[g0]);
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value3[at] * vScaleTile;
    });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttentionScaled_bf16_d64_block

KERNEL(128, 1) chunkAttentionScaled_bf16_d64(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, float scale, bf16* __restrict__ o, float* __restrict__ lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttentionScaled_bf16_d64_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, vScale, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 64, kParts 1, c 1, q 4, g 1, r 4; 32 threads; shared 68 KiB.
namespace chunkAttentionScaled_bf16_d128_few_part_block {
constexpr int BQ = 4, BR = 4, D = 128, BK = 64;
using Warps = Accumulators<1, 1>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> o;
  const Operand<bf16, BQ * BR, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(4096)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value2;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(36864)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 4, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(o, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value2, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttentionScaled_bf16_d128_few_part_block

KERNEL(32, 1) chunkAttentionScaled_bf16_d128_few_part(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_bf16_d128_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace chunkAttentionScaled_bf16_d128_few_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> oTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> oPartsTile;
  Warps::Tile<BKParts, D> oTile3;
  Warps::Columns<D> value3;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(oPartsTile, validKParts, D, [&](int iKParts) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      // chunkAttention.ts:28  softmax(s, 'k')
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    const float vScaleTile = float(vScale[g0]);
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2 * vScaleTile;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttentionScaled_bf16_d128_few_join_block

KERNEL(128, 1) chunkAttentionScaled_bf16_d128_few_join(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_bf16_d128_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 64, kParts 1, c 1, q 16, g 1, r 4; 128 threads; shared 80 KiB.
namespace chunkAttentionScaled_bf16_d128_short_part_block {
constexpr int BQ = 16, BR = 4, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> o;
  const Operand<bf16, BQ * BR, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(16384)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value2;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(49152)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 16, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(o, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value2, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttentionScaled_bf16_d128_short_part_block

KERNEL(128, 1) chunkAttentionScaled_bf16_d128_short_part(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_bf16_d128_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace chunkAttentionScaled_bf16_d128_short_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> oTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> oPartsTile;
  Warps::Tile<BKParts, D> oTile3;
  Warps::Columns<D> value3;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(oPartsTile, validKParts, D, [&](int iKParts) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      // chunkAttention.ts:28  softmax(s, 'k')
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    const float vScaleTile = float(vScale[g0]);
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2 * vScaleTile;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttentionScaled_bf16_d128_short_join_block

KERNEL(128, 1) chunkAttentionScaled_bf16_d128_short_join(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_bf16_d128_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 64, kParts 1, c 1, q 128, g 1, r 1; 128 threads; shared 96 KiB.
namespace chunkAttentionScaled_bf16_d128_shared_part_block {
constexpr int BQ = 128, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> o;
  const Operand<bf16, BQ, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(32768)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Tile<BQ, BK> value2;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(65536)};
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(o, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:28  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:28  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(o, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value2, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
    });
    each(l, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
    });
    store(o, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace chunkAttentionScaled_bf16_d128_shared_part_block

KERNEL(128, 1) chunkAttentionScaled_bf16_d128_shared_part(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttentionScaled_bf16_d128_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * nR), i / (blocks(qLongest, BQ) * nG * nR) % nC, i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 0de9
// Blocks: kParts 1, c 1, q 16, g 1, r 1, d 128; 128 threads; shared 0 KiB.
namespace chunkAttentionScaled_bf16_d128_shared_join_block {
constexpr int BQ = 16, D = 128, BKParts = 1;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nG, int nKParts, int nC, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  Warps::Rows<BQ> mPartsTile;
  Warps::Rows<BQ> kPartsMax;
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> lPartsTile;
  Warps::Rows<BQ> alpha2;
  Warps::Rows<BQ> l3;
  Warps::Tile<BQ, D> oPartsTile;
  Warps::Tile<BQ, D> oTile3;
  Warps::Rows<BQ> value2;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      each(mPartsTile, [&](At at, int iq) {
        mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      each(lPartsTile, [&](At at, int iq) {
        lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      load(oPartsTile, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
      // chunkAttention.ts:28  softmax(s, 'k')
      each(kPartsMax, [&](At at) {
        kPartsMax[at] = mPartsTile[at];
      });
      each(value, [&](At at) {
        value[at] = maximum(m[at], kPartsMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - value[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(alpha2, [&](At at) {
        alpha2[at] = math::exp2(mPartsTile[at] - value[at]);
      });
      each(l3, [&](At at) {
        l3[at] = lPartsTile[at] * alpha2[at];
      });
      each(l, [&](At at) {
        l[at] = Sum::join(l[at], l3[at]);
      });
      scaleRows(oTile, alpha);
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      each(oTile, [&](At at) {
        oTile[at] = Sum::join(oTile[at], oTile3[at]);
      });
      m = value;
    }
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    const float vScaleTile = float(vScale[g0]);
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value2[at] * vScaleTile;
    });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttentionScaled_bf16_d128_shared_join_block

KERNEL(128, 1) chunkAttentionScaled_bf16_d128_shared_join(const float* __restrict__ vScale, bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nG, int nKParts, int nC, int qLongest, int nR) {
  using namespace chunkAttentionScaled_bf16_d128_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(vScale, o, lse, mParts, lParts, oParts, qOffsets, nG, nKParts, nC, nR, i / (blocks(qLongest, BQ) * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % blocks(qLongest, BQ) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, o), certificate 0de9
// Blocks: k 64, c 1, q 128, g 1, r 1; 128 threads; shared 96 KiB.
namespace chunkAttentionScaled_bf16_d128_block {
constexpr int BQ = 128, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, float scale, bf16* __restrict__ o, float* __restrict__ lse, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  const Operand<bf16, BQ, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(32768)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Tile<BQ, BK> value2;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(65536)};
  Warps::Rows<BQ> value3;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:22  chunkAttentionScaled = kernel('chunkAttentionScaled', { c: 'dynamic', q: ragged('c'), k: ragged('c'), …
  if (q0 < nQ) {
    // chunkAttention.ts:28  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(oTile, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float kScaleTile = float(kScale[g0]);
    const float scaleValue = float(scale);
    // chunkAttention.ts:27  map(dot(q, cast(q.dtype, k), 'd'), kScale, scale, (s, kScale, scale, at) => at.…
    const float value = kScaleTile * (scaleValue * 1.442695f);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    const int kEnd = minimum(nK, minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      widenRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      widenRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    for (int k0 = 0; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:27  dot(q, cast(q.dtype, k), 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * value;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * value : -INFINITY;
        });
      }
      // chunkAttention.ts:28  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(oTile, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      mmaRegisters<accumulate>(oTile, value2, vTile.at(kPipeStage));
      m = mNew;
    }
    // chunkAttention.ts:24  k = k: In<'f8e4m3', ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:28  l = softmax(s, 'k')
    unite<Sum>(l);
    // chunkAttention.ts:29  map(o, vScale, (o, vScale) => o * vScale)
    each(value3, [&](At at) {
      value3[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    const float vScaleTile = float(vScale[g0]);
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value3[at] * vScaleTile;
    });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttentionScaled_bf16_d128_block

KERNEL(128, 1) chunkAttentionScaled_bf16_d128(const bf16* __restrict__ q, const f8e4m3* __restrict__ k, const f8e4m3* __restrict__ v, const float* __restrict__ kScale, const float* __restrict__ vScale, float scale, bf16* __restrict__ o, float* __restrict__ lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttentionScaled_bf16_d128_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, kScale, vScale, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}
