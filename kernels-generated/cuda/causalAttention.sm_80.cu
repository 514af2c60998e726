// causalAttention, sm_80. From runtime/kernels/causalAttention.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 32, kParts 1, q 4, g 1, r 4; 32 threads; shared 39 KiB.
namespace causalAttention_f32_d64_few_part_block {
constexpr int BQ = 4, BR = 4, D = 64, BK = 32;
using Warps = Accumulators<1, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Operand<float, BQ * BR, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(4352)};
  Warps::Tile<BQ * BR, BK> product;
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> e;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(21760)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32);
  const int value = floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32;
  const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 4, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + firstValue + 1), 32) * 32);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(product, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = product[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int row, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + firstValue ? product[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    mmaRegisters<accumulate>(out, e, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
  });
  each(l, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
  });
  store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
}
}  // namespace causalAttention_f32_d64_few_part_block

KERNEL(32, 1) causalAttention_f32_d64_few_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_f32_d64_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * blocks(nR, BR)), i / (nG * blocks(nR, BR)) % blocks(nQ, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace causalAttention_f32_d64_few_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // causalAttention.ts:13  softmax(s, 'k')
  m = -1.8288332e+30f;
  l = 0.0f;
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    const int validKParts = minimum(BKParts, nKParts - kParts0);
    each(lPartsTile, [&](At at, int iKParts) {
      lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(nQ) * nG * nR * D); });
    eachElement<BKParts>([&](int iKParts) {
      mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    blockBarrier();
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha;
    });
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
    m = value;
  }
  const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
  each(value3, [&](At at) {
    value3[at] = outTile[at] * value2;
  });
  each(value3, [&](At at, int id) {
    if (isOwner<decltype(value3)>()) out[((Index(q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
  });
}
}  // namespace causalAttention_f32_d64_few_join_block

KERNEL(64, 1) causalAttention_f32_d64_few_join(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_f32_d64_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)), i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 32, kParts 1, q 16, g 1, r 4; 128 threads; shared 51 KiB.
namespace causalAttention_f32_d64_short_part_block {
constexpr int BQ = 16, BR = 4, D = 64, BK = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Operand<float, BQ * BR, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(17408)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(34816)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32);
  const int value = floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32;
  const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 16, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + firstValue + 1), 32) * 32);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int row, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    mmaRegisters<accumulate>(out, s, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
  });
  each(l, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
  });
  store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
}
}  // namespace causalAttention_f32_d64_short_part_block

KERNEL(128, 1) causalAttention_f32_d64_short_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_f32_d64_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * blocks(nR, BR)), i / (nG * blocks(nR, BR)) % blocks(nQ, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace causalAttention_f32_d64_short_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // causalAttention.ts:13  softmax(s, 'k')
  m = -1.8288332e+30f;
  l = 0.0f;
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    const int validKParts = minimum(BKParts, nKParts - kParts0);
    each(lPartsTile, [&](At at, int iKParts) {
      lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(nQ) * nG * nR * D); });
    eachElement<BKParts>([&](int iKParts) {
      mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    blockBarrier();
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha;
    });
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
    m = value;
  }
  const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
  each(value3, [&](At at) {
    value3[at] = outTile[at] * value2;
  });
  each(value3, [&](At at, int id) {
    if (isOwner<decltype(value3)>()) out[((Index(q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
  });
}
}  // namespace causalAttention_f32_d64_short_join_block

KERNEL(64, 1) causalAttention_f32_d64_short_join(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_f32_d64_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)), i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 32, kParts 1, q 64, g 1, r 1; 128 threads; shared 51 KiB.
namespace causalAttention_f32_d64_shared_part_block {
constexpr int BQ = 64, D = 64, BK = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> out;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(17408)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(34816)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32);
  const int value = floorDivide(floorDivide(floorDivide(nK + 31, 32) * 32, 32) + nKParts - 1, nKParts) * 32;
  const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 64, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + firstValue + 1), 32) * 32);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    mmaRegisters<accumulate>(out, s, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
  });
  each(l, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
  });
  store(out, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_f32_d64_shared_part_block

KERNEL(128, 1) causalAttention_f32_d64_shared_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_f32_d64_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * nR), i / (nG * nR) % blocks(nQ, BQ) * BQ, i / nR % nG, i % nR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 1, q 16, g 1, r 1, d 64; 128 threads; shared 0 KiB.
namespace causalAttention_f32_d64_shared_join_block {
constexpr int BQ = 16, D = 64, BKParts = 1;
using Warps = Spread<4, 1, 2>;

DEVICE void block(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  Warps::Rows<BQ> mPartsTile;
  Warps::Rows<BQ> kPartsMax;
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> lPartsTile;
  Warps::Rows<BQ> alpha2;
  Warps::Rows<BQ> l3;
  Warps::Tile<BQ, D> outPartsTile;
  Warps::Tile<BQ, D> outTile3;
  Warps::Rows<BQ> value2;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    each(mPartsTile, [&](At at, int iq) {
      mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
    });
    each(lPartsTile, [&](At at, int iq) {
      lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
    });
    load(outPartsTile, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
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
    scaleRows(outTile, alpha);
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    each(outTile, [&](At at) {
      outTile[at] = Sum::join(outTile[at], outTile3[at]);
    });
    m = value;
  }
  each(value2, [&](At at) {
    value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  scaleRows(outTile, value2);
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_f32_d64_shared_join_block

KERNEL(128, 1) causalAttention_f32_d64_shared_join(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_f32_d64_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 32, q 64, g 1, r 1; 128 threads; shared 51 KiB.
namespace causalAttention_f32_d64_block {
constexpr int BQ = 64, D = 64, BK = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ out, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(17408)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(34816)};
  Warps::Rows<BQ> value;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 32) * 32, floorDivide(maximum(0, q0 + firstValue + 1), 32) * 32);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
  for (int k0 = 0; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(outTile, alpha);
    mmaRegisters<accumulate>(outTile, s, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(value, [&](At at) {
    value[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  scaleRows(outTile, value);
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_f32_d64_block

KERNEL(128, 1) causalAttention_f32_d64(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ out, int nQ, int nG, int nR, int nK) {
  using namespace causalAttention_f32_d64_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, out, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 16, kParts 1, q 4, g 1, r 4; 32 threads; shared 42 KiB.
namespace causalAttention_f32_d128_few_part_block {
constexpr int BQ = 4, BR = 4, D = 128, BK = 16;
using Warps = Accumulators<1, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Operand<float, BQ * BR, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(8448)};
  Warps::Tile<BQ * BR, BK> product;
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> e;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(25344)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16);
  const int value = floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16;
  const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 4, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + firstValue + 1), 16) * 16);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(product, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = product[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int row, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + firstValue ? product[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    mmaRegisters<accumulate>(out, e, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
  });
  each(l, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
  });
  store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
}
}  // namespace causalAttention_f32_d128_few_part_block

KERNEL(32, 1) causalAttention_f32_d128_few_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_f32_d128_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * blocks(nR, BR)), i / (nG * blocks(nR, BR)) % blocks(nQ, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace causalAttention_f32_d128_few_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // causalAttention.ts:13  softmax(s, 'k')
  m = -1.8288332e+30f;
  l = 0.0f;
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    const int validKParts = minimum(BKParts, nKParts - kParts0);
    each(lPartsTile, [&](At at, int iKParts) {
      lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(nQ) * nG * nR * D); });
    eachElement<BKParts>([&](int iKParts) {
      mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    blockBarrier();
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha;
    });
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
    m = value;
  }
  const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
  each(value3, [&](At at) {
    value3[at] = outTile[at] * value2;
  });
  each(value3, [&](At at, int id) {
    if (isOwner<decltype(value3)>()) out[((Index(q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
  });
}
}  // namespace causalAttention_f32_d128_few_join_block

KERNEL(128, 1) causalAttention_f32_d128_few_join(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_f32_d128_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)), i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 16, kParts 1, q 16, g 1, r 4; 128 threads; shared 66 KiB.
namespace causalAttention_f32_d128_short_part_block {
constexpr int BQ = 16, BR = 4, D = 128, BK = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Operand<float, BQ * BR, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(33792)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(50688)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16);
  const int value = floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16;
  const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 16, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + firstValue + 1), 16) * 16);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int row, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    mmaRegisters<accumulate>(out, s, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
  });
  each(l, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
  });
  store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
}
}  // namespace causalAttention_f32_d128_short_part_block

KERNEL(128, 1) causalAttention_f32_d128_short_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_f32_d128_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * blocks(nR, BR)), i / (nG * blocks(nR, BR)) % blocks(nQ, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace causalAttention_f32_d128_short_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // causalAttention.ts:13  softmax(s, 'k')
  m = -1.8288332e+30f;
  l = 0.0f;
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    const int validKParts = minimum(BKParts, nKParts - kParts0);
    each(lPartsTile, [&](At at, int iKParts) {
      lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(nQ) * nG * nR * D); });
    eachElement<BKParts>([&](int iKParts) {
      mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    blockBarrier();
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha;
    });
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
    m = value;
  }
  const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
  each(value3, [&](At at) {
    value3[at] = outTile[at] * value2;
  });
  each(value3, [&](At at, int id) {
    if (isOwner<decltype(value3)>()) out[((Index(q0) * nG + g0) * nR + r0) * D + d0 + id] = float(value3[at]);
  });
}
}  // namespace causalAttention_f32_d128_short_join_block

KERNEL(128, 1) causalAttention_f32_d128_short_join(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_f32_d128_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)), i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 16, kParts 1, q 64, g 1, r 1; 128 threads; shared 66 KiB.
namespace causalAttention_f32_d128_shared_part_block {
constexpr int BQ = 64, D = 128, BK = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> out;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(33792)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(50688)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16);
  const int value = floorDivide(floorDivide(floorDivide(nK + 15, 16) * 16, 16) + nKParts - 1, nKParts) * 16;
  const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 64, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + firstValue + 1), 16) * 16);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    mmaRegisters<accumulate>(out, s, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
  });
  each(l, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
  });
  store(out, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_f32_d128_shared_part_block

KERNEL(128, 1) causalAttention_f32_d128_shared_part(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_f32_d128_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * nR), i / (nG * nR) % blocks(nQ, BQ) * BQ, i / nR % nG, i % nR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 1, q 16, g 1, r 1, d 128; 128 threads; shared 0 KiB.
namespace causalAttention_f32_d128_shared_join_block {
constexpr int BQ = 16, D = 128, BKParts = 1;
using Warps = Spread<4, 1, 4>;

DEVICE void block(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  Warps::Rows<BQ> mPartsTile;
  Warps::Rows<BQ> kPartsMax;
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> lPartsTile;
  Warps::Rows<BQ> alpha2;
  Warps::Rows<BQ> l3;
  Warps::Tile<BQ, D> outPartsTile;
  Warps::Tile<BQ, D> outTile3;
  Warps::Rows<BQ> value2;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    each(mPartsTile, [&](At at, int iq) {
      mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
    });
    each(lPartsTile, [&](At at, int iq) {
      lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
    });
    load(outPartsTile, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
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
    scaleRows(outTile, alpha);
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    each(outTile, [&](At at) {
      outTile[at] = Sum::join(outTile[at], outTile3[at]);
    });
    m = value;
  }
  each(value2, [&](At at) {
    value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  scaleRows(outTile, value2);
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_f32_d128_shared_join_block

KERNEL(128, 1) causalAttention_f32_d128_shared_join(float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_f32_d128_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 16, q 64, g 1, r 1; 128 threads; shared 66 KiB.
namespace causalAttention_f32_d128_block {
constexpr int BQ = 64, D = 128, BK = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ out, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(33792)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(50688)};
  Warps::Rows<BQ> value;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 16) * 16, floorDivide(maximum(0, q0 + firstValue + 1), 16) * 16);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
  for (int k0 = 0; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(outTile, alpha);
    mmaRegisters<accumulate>(outTile, s, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(value, [&](At at) {
    value[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  scaleRows(outTile, value);
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_f32_d128_block

KERNEL(128, 1) causalAttention_f32_d128(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ v, float scale, std::int32_t first, float* __restrict__ out, int nQ, int nG, int nR, int nK) {
  using namespace causalAttention_f32_d128_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, out, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, kParts 1, q 4, g 1, r 4; 32 threads; shared 34 KiB.
namespace causalAttention_bf16_d64_few_part_block {
constexpr int BQ = 4, BR = 4, D = 64, BK = 64;
using Warps = Accumulators<1, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Operand<bf16, BQ * BR, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(2048)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(18432)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
  const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
  const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 4, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int row, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    each(value, [&](At at) {
      value[at] = s[at];
    });
    mmaRegisters<accumulate>(out, value, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
  });
  each(l, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
  });
  store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
}
}  // namespace causalAttention_bf16_d64_few_part_block

KERNEL(32, 1) causalAttention_bf16_d64_few_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_bf16_d64_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * blocks(nR, BR)), i / (nG * blocks(nR, BR)) % blocks(nQ, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace causalAttention_bf16_d64_few_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // causalAttention.ts:13  softmax(s, 'k')
  m = -1.8288332e+30f;
  l = 0.0f;
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    const int validKParts = minimum(BKParts, nKParts - kParts0);
    each(lPartsTile, [&](At at, int iKParts) {
      lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(nQ) * nG * nR * D); });
    eachElement<BKParts>([&](int iKParts) {
      mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    blockBarrier();
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha;
    });
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
    m = value;
  }
  const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
  each(value3, [&](At at) {
    value3[at] = outTile[at] * value2;
  });
  each(value3, [&](At at, int id) {
    if (isOwner<decltype(value3)>()) out[((Index(q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
  });
}
}  // namespace causalAttention_bf16_d64_few_join_block

KERNEL(64, 1) causalAttention_bf16_d64_few_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_bf16_d64_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)), i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, kParts 1, q 16, g 1, r 4; 128 threads; shared 40 KiB.
namespace causalAttention_bf16_d64_short_part_block {
constexpr int BQ = 16, BR = 4, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Operand<bf16, BQ * BR, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(8192)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(24576)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
  const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
  const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 16, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int row, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    each(value, [&](At at) {
      value[at] = s[at];
    });
    mmaRegisters<accumulate>(out, value, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
  });
  each(l, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
  });
  store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
}
}  // namespace causalAttention_bf16_d64_short_part_block

KERNEL(128, 1) causalAttention_bf16_d64_short_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_bf16_d64_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * blocks(nR, BR)), i / (nG * blocks(nR, BR)) % blocks(nQ, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace causalAttention_bf16_d64_short_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // causalAttention.ts:13  softmax(s, 'k')
  m = -1.8288332e+30f;
  l = 0.0f;
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    const int validKParts = minimum(BKParts, nKParts - kParts0);
    each(lPartsTile, [&](At at, int iKParts) {
      lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(nQ) * nG * nR * D); });
    eachElement<BKParts>([&](int iKParts) {
      mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    blockBarrier();
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha;
    });
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
    m = value;
  }
  const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
  each(value3, [&](At at) {
    value3[at] = outTile[at] * value2;
  });
  each(value3, [&](At at, int id) {
    if (isOwner<decltype(value3)>()) out[((Index(q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
  });
}
}  // namespace causalAttention_bf16_d64_short_join_block

KERNEL(64, 1) causalAttention_bf16_d64_short_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_bf16_d64_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)), i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, kParts 1, q 128, g 1, r 1; 128 threads; shared 48 KiB.
namespace causalAttention_bf16_d64_shared_part_block {
constexpr int BQ = 128, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> out;
  const Operand<bf16, BQ, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(16384)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Tile<BQ, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(32768)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
  const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
  const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 128, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    each(value, [&](At at) {
      value[at] = s[at];
    });
    mmaRegisters<accumulate>(out, value, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
  });
  each(l, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
  });
  store(out, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_bf16_d64_shared_part_block

KERNEL(128, 1) causalAttention_bf16_d64_shared_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_bf16_d64_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * nR), i / (nG * nR) % blocks(nQ, BQ) * BQ, i / nR % nG, i % nR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 1, q 16, g 1, r 1, d 64; 128 threads; shared 0 KiB.
namespace causalAttention_bf16_d64_shared_join_block {
constexpr int BQ = 16, D = 64, BKParts = 1;
using Warps = Spread<4, 1, 2>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  Warps::Rows<BQ> mPartsTile;
  Warps::Rows<BQ> kPartsMax;
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> lPartsTile;
  Warps::Rows<BQ> alpha2;
  Warps::Rows<BQ> l3;
  Warps::Tile<BQ, D> outPartsTile;
  Warps::Tile<BQ, D> outTile3;
  Warps::Rows<BQ> value2;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    each(mPartsTile, [&](At at, int iq) {
      mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
    });
    each(lPartsTile, [&](At at, int iq) {
      lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
    });
    load(outPartsTile, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
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
    scaleRows(outTile, alpha);
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    each(outTile, [&](At at) {
      outTile[at] = Sum::join(outTile[at], outTile3[at]);
    });
    m = value;
  }
  each(value2, [&](At at) {
    value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  scaleRows(outTile, value2);
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_bf16_d64_shared_join_block

KERNEL(128, 1) causalAttention_bf16_d64_shared_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_bf16_d64_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, q 128, g 1, r 1; 128 threads; shared 48 KiB.
namespace causalAttention_bf16_d64_block {
constexpr int BQ = 128, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, bf16* __restrict__ out, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  const Operand<bf16, BQ, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(16384)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Tile<BQ, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(32768)};
  Warps::Rows<BQ> value2;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kEnd = minimum(nK, minimum(q0 + 128, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
  for (int k0 = 0; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(outTile, alpha);
    each(value, [&](At at) {
      value[at] = s[at];
    });
    mmaRegisters<accumulate>(outTile, value, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(value2, [&](At at) {
    value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  scaleRows(outTile, value2);
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_bf16_d64_block

KERNEL(128, 1) causalAttention_bf16_d64(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, bf16* __restrict__ out, int nQ, int nG, int nR, int nK) {
  using namespace causalAttention_bf16_d64_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, out, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, kParts 1, q 4, g 1, r 4; 32 threads; shared 68 KiB.
namespace causalAttention_bf16_d128_few_part_block {
constexpr int BQ = 4, BR = 4, D = 128, BK = 64;
using Warps = Accumulators<1, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Operand<bf16, BQ * BR, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(4096)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(36864)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
  const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
  const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 4, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int row, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    each(value, [&](At at) {
      value[at] = s[at];
    });
    mmaRegisters<accumulate>(out, value, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
  });
  each(l, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
  });
  store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
}
}  // namespace causalAttention_bf16_d128_few_part_block

KERNEL(32, 1) causalAttention_bf16_d128_few_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_bf16_d128_few_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * blocks(nR, BR)), i / (nG * blocks(nR, BR)) % blocks(nQ, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace causalAttention_bf16_d128_few_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // causalAttention.ts:13  softmax(s, 'k')
  m = -1.8288332e+30f;
  l = 0.0f;
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    const int validKParts = minimum(BKParts, nKParts - kParts0);
    each(lPartsTile, [&](At at, int iKParts) {
      lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(nQ) * nG * nR * D); });
    eachElement<BKParts>([&](int iKParts) {
      mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    blockBarrier();
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha;
    });
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
    m = value;
  }
  const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
  each(value3, [&](At at) {
    value3[at] = outTile[at] * value2;
  });
  each(value3, [&](At at, int id) {
    if (isOwner<decltype(value3)>()) out[((Index(q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
  });
}
}  // namespace causalAttention_bf16_d128_few_join_block

KERNEL(128, 1) causalAttention_bf16_d128_few_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_bf16_d128_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)), i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, kParts 1, q 16, g 1, r 4; 128 threads; shared 80 KiB.
namespace causalAttention_bf16_d128_short_part_block {
constexpr int BQ = 16, BR = 4, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validR = minimum(BR, nR - r0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Operand<bf16, BQ * BR, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(16384)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(49152)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
  const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
  const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 16, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int row, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    each(value, [&](At at) {
      value[at] = s[at];
    });
    mmaRegisters<accumulate>(out, value, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
  });
  each(l, [&](At at, int row) {
    if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
  });
  store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * nQ + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
}
}  // namespace causalAttention_bf16_d128_short_part_block

KERNEL(128, 1) causalAttention_bf16_d128_short_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_bf16_d128_short_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * blocks(nR, BR)), i / (nG * blocks(nR, BR)) % blocks(nQ, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace causalAttention_bf16_d128_short_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // causalAttention.ts:13  softmax(s, 'k')
  m = -1.8288332e+30f;
  l = 0.0f;
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    const int validKParts = minimum(BKParts, nKParts - kParts0);
    each(lPartsTile, [&](At at, int iKParts) {
      lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(nQ) * nG * nR * D); });
    eachElement<BKParts>([&](int iKParts) {
      mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(nQ) * nG * nR)]));
    });
    blockBarrier();
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha;
    });
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
    m = value;
  }
  const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
  each(value3, [&](At at) {
    value3[at] = outTile[at] * value2;
  });
  each(value3, [&](At at, int id) {
    if (isOwner<decltype(value3)>()) out[((Index(q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
  });
}
}  // namespace causalAttention_bf16_d128_short_join_block

KERNEL(128, 1) causalAttention_bf16_d128_short_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_bf16_d128_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)), i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, kParts 1, q 128, g 1, r 1; 128 threads; shared 96 KiB.
namespace causalAttention_bf16_d128_shared_part_block {
constexpr int BQ = 128, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts, int kParts0, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> out;
  const Operand<bf16, BQ, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(32768)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Tile<BQ, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(65536)};
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(out, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
  const int value2 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
  const int kEnd = minimum(minimum(kParts0 * value2 + value2, nK), minimum(q0 + 128, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (kFirst + stage * BK < kPipeEnd) kPipeLoad(kFirst + stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  softmax(s, 'k')
  for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(out, alpha);
    each(value, [&](At at) {
      value[at] = s[at];
    });
    mmaRegisters<accumulate>(out, value, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(m, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
  });
  each(l, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
  });
  store(out, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_bf16_d128_shared_part_block

KERNEL(128, 1) causalAttention_bf16_d128_shared_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nQ, int nG, int nR, int nK, int nKParts) {
  using namespace causalAttention_bf16_d128_shared_part_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, mParts, lParts, outParts, nQ, nG, nR, nK, nKParts, i / (blocks(nQ, BQ) * nG * nR), i / (nG * nR) % blocks(nQ, BQ) * BQ, i / nR % nG, i % nR);
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 1, q 16, g 1, r 1, d 128; 128 threads; shared 0 KiB.
namespace causalAttention_bf16_d128_shared_join_block {
constexpr int BQ = 16, D = 128, BKParts = 1;
using Warps = Spread<4, 1, 4>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR, int q0, int g0, int r0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  Warps::Rows<BQ> mPartsTile;
  Warps::Rows<BQ> kPartsMax;
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> lPartsTile;
  Warps::Rows<BQ> alpha2;
  Warps::Rows<BQ> l3;
  Warps::Tile<BQ, D> outPartsTile;
  Warps::Tile<BQ, D> outTile3;
  Warps::Rows<BQ> value2;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
    each(mPartsTile, [&](At at, int iq) {
      mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
    });
    each(lPartsTile, [&](At at, int iq) {
      lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
    });
    load(outPartsTile, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * nQ + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
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
    scaleRows(outTile, alpha);
    each(outTile3, [&](At at) {
      outTile3[at] = outPartsTile[at] * alpha2[at];
    });
    each(outTile, [&](At at) {
      outTile[at] = Sum::join(outTile[at], outTile3[at]);
    });
    m = value;
  }
  each(value2, [&](At at) {
    value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  scaleRows(outTile, value2);
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_bf16_d128_shared_join_block

KERNEL(128, 1) causalAttention_bf16_d128_shared_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, int nKParts, int nQ, int nG, int nR) {
  using namespace causalAttention_bf16_d128_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, nKParts, nQ, nG, nR, i / (nG * nR * blocks(D, D)) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, q 128, g 1, r 1; 128 threads; shared 96 KiB.
namespace causalAttention_bf16_d128_block {
constexpr int BQ = 128, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, bf16* __restrict__ out, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  const Operand<bf16, BQ, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(32768)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Tile<BQ, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(65536)};
  Warps::Rows<BQ> value2;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kEnd = minimum(nK, minimum(q0 + 128, nQ) + firstValue);
  const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64);
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  constexpr int kPipeStages = 2;
  const auto kPipeLoad = [&](int k0, int stage) {
    const int validK = minimum(BK, nK - k0);
    copyRows<Warps::threads>(kTile.at(stage), validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
    copyRows<Warps::threads>(vTile.at(stage), validK, D, v + (Index(k0) * nG + g0) * D, Index(nG) * D);
  };
  int kPipeStage = kPipeStages - 1;
  const int kPipeEnd = kEnd;
  for (int stage = 0; stage < kPipeStages - 1; stage++) {
    if (stage * BK < kPipeEnd) kPipeLoad(stage * BK, stage);
    commitCopies();
  }
  // causalAttention.ts:13  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
  for (int k0 = 0; k0 < kEnd; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    mma<overwrite>(s, qTile, transposed(kTile.at(kPipeStage)));
    if (k0 < kRest) {
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
    }
    else {
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
    }
    // causalAttention.ts:13  softmax(s, 'k')
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
    scaleRows(outTile, alpha);
    each(value, [&](At at) {
      value[at] = s[at];
    });
    mmaRegisters<accumulate>(outTile, value, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  l = softmax(s, 'k')
  unite<Sum>(l);
  each(value2, [&](At at) {
    value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  scaleRows(outTile, value2);
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
}
}  // namespace causalAttention_bf16_d128_block

KERNEL(128, 1) causalAttention_bf16_d128(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, float scale, std::int32_t first, bf16* __restrict__ out, int nQ, int nG, int nR, int nK) {
  using namespace causalAttention_bf16_d128_block;
  awaitLaunches();
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, out, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}
