// chunkAttention, sm_80. From runtime/kernels/chunkAttention.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 32, kParts 1, c 1, q 4, g 1, r 4; 32 threads; shared 39 KiB.
namespace chunkAttention_f32_d64_few_part_block {
constexpr int BQ = 4, BR = 4, D = 64, BK = 32;
using Warps = Accumulators<1, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32);
    const int value = floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 4, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + nK - nQ + 1), 32) * 32);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(product, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = product[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? product[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, e, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttention_f32_d64_few_part_block

KERNEL(32, 1) chunkAttention_f32_d64_few_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_f32_d64_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace chunkAttention_f32_d64_few_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
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
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttention_f32_d64_few_join_block

KERNEL(64, 1) chunkAttention_f32_d64_few_join(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_f32_d64_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 32, kParts 1, c 1, q 16, g 1, r 4; 128 threads; shared 51 KiB.
namespace chunkAttention_f32_d64_short_part_block {
constexpr int BQ = 16, BR = 4, D = 64, BK = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32);
    const int value = floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 16, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + nK - nQ + 1), 32) * 32);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, s, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttention_f32_d64_short_part_block

KERNEL(128, 1) chunkAttention_f32_d64_short_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_f32_d64_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace chunkAttention_f32_d64_short_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
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
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttention_f32_d64_short_join_block

KERNEL(64, 1) chunkAttention_f32_d64_short_join(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_f32_d64_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 32, kParts 1, c 1, q 64, g 1, r 1; 128 threads; shared 51 KiB.
namespace chunkAttention_f32_d64_shared_part_block {
constexpr int BQ = 64, D = 64, BK = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32);
    const int value = floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + nK - nQ + 1), 32) * 32);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, s, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
    });
    each(l, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace chunkAttention_f32_d64_shared_part_block

KERNEL(128, 1) chunkAttention_f32_d64_shared_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_f32_d64_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * nR), i / (blocks(qLongest, BQ) * nG * nR) % nC, i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 1, c 1, q 16, g 1, r 1, d 64; 128 threads; shared 0 KiB.
namespace chunkAttention_f32_d64_shared_join_block {
constexpr int BQ = 16, D = 64, BKParts = 1;
using Warps = Spread<4, 1, 2>;

DEVICE void block(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      each(mPartsTile, [&](At at, int iq) {
        mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      each(lPartsTile, [&](At at, int iq) {
        lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      load(oPartsTile, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(oTile, alpha);
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      each(oTile, [&](At at) {
        oTile[at] = Sum::join(oTile[at], oTile3[at]);
      });
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    scaleRows(oTile, value2);
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_f32_d64_shared_join_block

KERNEL(128, 1) chunkAttention_f32_d64_shared_join(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_f32_d64_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (blocks(qLongest, BQ) * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % blocks(qLongest, BQ) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 32, c 1, q 64, g 1, r 1; 128 threads; shared 51 KiB.
namespace chunkAttention_f32_d64_block {
constexpr int BQ = 64, D = 64, BK = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ o, float* __restrict__ lse, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
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
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float scaleValue = float(scale);
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + nK - nQ + 1), 32) * 32);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    for (int k0 = 0; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(oTile, alpha);
      mmaRegisters<accumulate>(oTile, s, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    each(value, [&](At at) {
      value[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    scaleRows(oTile, value);
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_f32_d64_block

KERNEL(128, 1) chunkAttention_f32_d64(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ o, float* __restrict__ lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttention_f32_d64_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 16, kParts 1, c 1, q 4, g 1, r 4; 32 threads; shared 42 KiB.
namespace chunkAttention_f32_d128_few_part_block {
constexpr int BQ = 4, BR = 4, D = 128, BK = 16;
using Warps = Accumulators<1, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16);
    const int value = floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 4, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + nK - nQ + 1), 16) * 16);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(product, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = product[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? product[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, e, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttention_f32_d128_few_part_block

KERNEL(32, 1) chunkAttention_f32_d128_few_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_f32_d128_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace chunkAttention_f32_d128_few_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
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
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttention_f32_d128_few_join_block

KERNEL(128, 1) chunkAttention_f32_d128_few_join(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_f32_d128_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 16, kParts 1, c 1, q 16, g 1, r 4; 128 threads; shared 66 KiB.
namespace chunkAttention_f32_d128_short_part_block {
constexpr int BQ = 16, BR = 4, D = 128, BK = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16);
    const int value = floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 16, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + nK - nQ + 1), 16) * 16);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, s, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttention_f32_d128_short_part_block

KERNEL(128, 1) chunkAttention_f32_d128_short_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_f32_d128_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace chunkAttention_f32_d128_short_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
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
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttention_f32_d128_short_join_block

KERNEL(128, 1) chunkAttention_f32_d128_short_join(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_f32_d128_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 16, kParts 1, c 1, q 64, g 1, r 1; 128 threads; shared 66 KiB.
namespace chunkAttention_f32_d128_shared_part_block {
constexpr int BQ = 64, D = 128, BK = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16);
    const int value = floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + nK - nQ + 1), 16) * 16);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      mmaRegisters<accumulate>(o, s, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
    });
    each(l, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace chunkAttention_f32_d128_shared_part_block

KERNEL(128, 1) chunkAttention_f32_d128_shared_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_f32_d128_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * nR), i / (blocks(qLongest, BQ) * nG * nR) % nC, i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 1, c 1, q 16, g 1, r 1, d 128; 128 threads; shared 0 KiB.
namespace chunkAttention_f32_d128_shared_join_block {
constexpr int BQ = 16, D = 128, BKParts = 1;
using Warps = Spread<4, 1, 4>;

DEVICE void block(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      each(mPartsTile, [&](At at, int iq) {
        mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      each(lPartsTile, [&](At at, int iq) {
        lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      load(oPartsTile, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(oTile, alpha);
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      each(oTile, [&](At at) {
        oTile[at] = Sum::join(oTile[at], oTile3[at]);
      });
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    scaleRows(oTile, value2);
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_f32_d128_shared_join_block

KERNEL(128, 1) chunkAttention_f32_d128_shared_join(float* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_f32_d128_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (blocks(qLongest, BQ) * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % blocks(qLongest, BQ) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 16, c 1, q 64, g 1, r 1; 128 threads; shared 66 KiB.
namespace chunkAttention_f32_d128_block {
constexpr int BQ = 64, D = 128, BK = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ o, float* __restrict__ lse, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
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
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float scaleValue = float(scale);
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + nK - nQ + 1), 16) * 16);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    for (int k0 = 0; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(oTile, alpha);
      mmaRegisters<accumulate>(oTile, s, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    each(value, [&](At at) {
      value[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    scaleRows(oTile, value);
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_f32_d128_block

KERNEL(128, 1) chunkAttention_f32_d128(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, float* __restrict__ o, float* __restrict__ lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttention_f32_d128_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, kParts 1, c 1, q 4, g 1, r 4; 32 threads; shared 34 KiB.
namespace chunkAttention_bf16_d64_few_part_block {
constexpr int BQ = 4, BR = 4, D = 64, BK = 64;
using Warps = Accumulators<1, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  Warps::Tile<BQ * BR, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(18432)};
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 4, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      each(value, [&](At at) {
        value[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttention_bf16_d64_few_part_block

KERNEL(32, 1) chunkAttention_bf16_d64_few_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_bf16_d64_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace chunkAttention_bf16_d64_few_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
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
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttention_bf16_d64_few_join_block

KERNEL(64, 1) chunkAttention_bf16_d64_few_join(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_bf16_d64_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, kParts 1, c 1, q 16, g 1, r 4; 128 threads; shared 40 KiB.
namespace chunkAttention_bf16_d64_short_part_block {
constexpr int BQ = 16, BR = 4, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  Warps::Tile<BQ * BR, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(24576)};
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 16, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      each(value, [&](At at) {
        value[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttention_bf16_d64_short_part_block

KERNEL(128, 1) chunkAttention_bf16_d64_short_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_bf16_d64_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace chunkAttention_bf16_d64_short_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
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
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttention_bf16_d64_short_join_block

KERNEL(64, 1) chunkAttention_bf16_d64_short_join(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_bf16_d64_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, kParts 1, c 1, q 128, g 1, r 1; 128 threads; shared 48 KiB.
namespace chunkAttention_bf16_d64_shared_part_block {
constexpr int BQ = 128, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  Warps::Tile<BQ, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(32768)};
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      each(value, [&](At at) {
        value[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
    });
    each(l, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace chunkAttention_bf16_d64_shared_part_block

KERNEL(128, 1) chunkAttention_bf16_d64_shared_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_bf16_d64_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * nR), i / (blocks(qLongest, BQ) * nG * nR) % nC, i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 1, c 1, q 16, g 1, r 1, d 64; 128 threads; shared 0 KiB.
namespace chunkAttention_bf16_d64_shared_join_block {
constexpr int BQ = 16, D = 64, BKParts = 1;
using Warps = Spread<4, 1, 2>;

DEVICE void block(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      each(mPartsTile, [&](At at, int iq) {
        mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      each(lPartsTile, [&](At at, int iq) {
        lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      load(oPartsTile, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(oTile, alpha);
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      each(oTile, [&](At at) {
        oTile[at] = Sum::join(oTile[at], oTile3[at]);
      });
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    scaleRows(oTile, value2);
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_bf16_d64_shared_join_block

KERNEL(128, 1) chunkAttention_bf16_d64_shared_join(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_bf16_d64_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (blocks(qLongest, BQ) * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % blocks(qLongest, BQ) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, c 1, q 128, g 1, r 1; 128 threads; shared 48 KiB.
namespace chunkAttention_bf16_d64_block {
constexpr int BQ = 128, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, bf16* __restrict__ o, float* __restrict__ lse, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
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
  Warps::Tile<BQ, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(32768)};
  Warps::Rows<BQ> value2;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float scaleValue = float(scale);
    const int kEnd = minimum(nK, minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    for (int k0 = 0; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(oTile, alpha);
      each(value, [&](At at) {
        value[at] = s[at];
      });
      mmaRegisters<accumulate>(oTile, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    scaleRows(oTile, value2);
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_bf16_d64_block

KERNEL(128, 1) chunkAttention_bf16_d64(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, bf16* __restrict__ o, float* __restrict__ lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttention_bf16_d64_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, kParts 1, c 1, q 4, g 1, r 4; 32 threads; shared 68 KiB.
namespace chunkAttention_bf16_d128_few_part_block {
constexpr int BQ = 4, BR = 4, D = 128, BK = 64;
using Warps = Accumulators<1, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  Warps::Tile<BQ * BR, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(36864)};
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 4, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      each(value, [&](At at) {
        value[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttention_bf16_d128_few_part_block

KERNEL(32, 1) chunkAttention_bf16_d128_few_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_bf16_d128_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace chunkAttention_bf16_d128_few_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
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
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttention_bf16_d128_few_join_block

KERNEL(128, 1) chunkAttention_bf16_d128_few_join(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_bf16_d128_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, kParts 1, c 1, q 16, g 1, r 4; 128 threads; shared 80 KiB.
namespace chunkAttention_bf16_d128_short_part_block {
constexpr int BQ = 16, BR = 4, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  Warps::Tile<BQ * BR, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(49152)};
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 16, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      each(value, [&](At at) {
        value[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace chunkAttention_bf16_d128_short_part_block

KERNEL(128, 1) chunkAttention_bf16_d128_short_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_bf16_d128_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace chunkAttention_bf16_d128_short_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
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
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha;
      });
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(oTile, oTile3, validKParts);
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = oTile[at] * value2;
    });
    const float lseTile = m * 0.6931472f + math::log(l);
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) o[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
    if (threadOfBlock() == 0) lse[(Index(qStart + q0) * nG + g0) * nR + r0] = float(lseTile);
  }
}
}  // namespace chunkAttention_bf16_d128_short_join_block

KERNEL(128, 1) chunkAttention_bf16_d128_short_join(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_bf16_d128_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, oParts
// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, kParts 1, c 1, q 128, g 1, r 1; 128 threads; shared 96 KiB.
namespace chunkAttention_bf16_d128_shared_part_block {
constexpr int BQ = 128, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
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
  Warps::Tile<BQ, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(65536)};
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(o, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float scaleValue = float(scale);
    // chunkAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(o, alpha);
      each(value, [&](At at) {
        value[at] = s[at];
      });
      mmaRegisters<accumulate>(o, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    each(m, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
    });
    each(l, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
    });
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    store(o, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace chunkAttention_bf16_d128_shared_part_block

KERNEL(128, 1) chunkAttention_bf16_d128_shared_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts) {
  using namespace chunkAttention_bf16_d128_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, mParts, lParts, oParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * nR), i / (blocks(qLongest, BQ) * nG * nR) % nC, i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// join: o, lse
// fold over kParts carrying (m, l, o), certificate 124b
// Blocks: kParts 1, c 1, q 16, g 1, r 1, d 128; 128 threads; shared 0 KiB.
namespace chunkAttention_bf16_d128_shared_join_block {
constexpr int BQ = 16, D = 128, BKParts = 1;
using Warps = Spread<4, 1, 4>;

DEVICE void block(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
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
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      each(mPartsTile, [&](At at, int iq) {
        mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      each(lPartsTile, [&](At at, int iq) {
        lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      load(oPartsTile, validQ, D, [&](int iq) { return oParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(oTile, alpha);
      each(oTile3, [&](At at) {
        oTile3[at] = oPartsTile[at] * alpha2[at];
      });
      each(oTile, [&](At at) {
        oTile[at] = Sum::join(oTile[at], oTile3[at]);
      });
      // chunkAttention.ts:14  softmax(s, 'k')
      m = value;
    }
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    scaleRows(oTile, value2);
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_bf16_d128_shared_join_block

KERNEL(128, 1) chunkAttention_bf16_d128_shared_join(bf16* __restrict__ o, float* __restrict__ lse, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ oParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace chunkAttention_bf16_d128_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(o, lse, mParts, lParts, oParts, qOffsets, nKParts, nC, nG, nR, i / (blocks(qLongest, BQ) * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % blocks(qLongest, BQ) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, c 1, q 128, g 1, r 1; 128 threads; shared 96 KiB.
namespace chunkAttention_bf16_d128_block {
constexpr int BQ = 128, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, bf16* __restrict__ o, float* __restrict__ lse, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
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
  Warps::Tile<BQ, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(65536)};
  Warps::Rows<BQ> value2;
  Warps::Rows<BQ> lseTile;
  // chunkAttention.ts:9  chunkAttention = kernel('chunkAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // chunkAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    fill(oTile, 0.0f);
    copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    const float scaleValue = float(scale);
    const int kEnd = minimum(nK, minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    constexpr int kPipeStages = 2;
    const auto kPipeLoad = [&](int k0, int stage) {
      const int validK = minimum(BK, nK - k0);
      copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
      copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    };
    int kPipeStage = kPipeStages - 1;
    const int kPipeEnd = kEnd;
    for (int stage = 0; stage < kPipeStages - 1; stage++) {
      if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
      commitCopies();
    }
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    for (int k0 = 0; k0 < kEnd; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f);
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
        });
      }
      // chunkAttention.ts:14  softmax(s, 'k')
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
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      scaleRows(oTile, alpha);
      each(value, [&](At at) {
        value[at] = s[at];
      });
      mmaRegisters<accumulate>(oTile, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:14  l = softmax(s, 'k')
    unite<Sum>(l);
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    scaleRows(oTile, value2);
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_bf16_d128_block

KERNEL(128, 1) chunkAttention_bf16_d128(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, bf16* __restrict__ o, float* __restrict__ lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttention_bf16_d128_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}
