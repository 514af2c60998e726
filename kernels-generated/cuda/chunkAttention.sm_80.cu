// chunkAttention, sm_80. From runtime/kernels/chunkAttention.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, c 1, q 64, g 1, r 1; 128 threads; shared 80 KiB.
namespace chunkAttention_f32_d64_block {
constexpr int BQ = 64, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* q, const float* k, const float* v, float scale, float* o, float* lse, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(16384)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(49152)};
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
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64), kEnd));
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
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      fill(s, 0.0f);
      mma(s, qTile, transposed(kTile.at(kPipeStage)));
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
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
      joinRows<Sum, accumulate>(l, s, BK);
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha[at];
      });
      mmaRegisters(oTile, s, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      fill(s, 0.0f);
      mma(s, qTile, transposed(kTile.at(kPipeStage)));
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
      // chunkAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, validK);
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
      joinRows<Sum, accumulate>(l, s, validK);
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha[at];
      });
      keepColumns(s, validK);
      mmaRegisters(oTile, s, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    each(value, [&](At at) {
      value[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value[at];
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0 + iq) * nG + g0) * nR + r0) * D; });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0 + iq) * nG + g0) * nR + r0] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_f32_d64_block

KERNEL(128, 1) chunkAttention_f32_d64(const float* q, const float* k, const float* v, float scale, float* o, float* lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttention_f32_d64_block;
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, c 1, q 64, g 1, r 1; 128 threads; shared 160 KiB.
namespace chunkAttention_f32_d128_block {
constexpr int BQ = 64, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* q, const float* k, const float* v, float scale, float* o, float* lse, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(32768)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(98304)};
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
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64), kEnd));
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
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      fill(s, 0.0f);
      mma(s, qTile, transposed(kTile.at(kPipeStage)));
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
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
      joinRows<Sum, accumulate>(l, s, BK);
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha[at];
      });
      mmaRegisters(oTile, s, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      fill(s, 0.0f);
      mma(s, qTile, transposed(kTile.at(kPipeStage)));
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
      // chunkAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, validK);
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
      joinRows<Sum, accumulate>(l, s, validK);
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha[at];
      });
      keepColumns(s, validK);
      mmaRegisters(oTile, s, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    each(value, [&](At at) {
      value[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value[at];
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0 + iq) * nG + g0) * nR + r0) * D; });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0 + iq) * nG + g0) * nR + r0] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_f32_d128_block

KERNEL(128, 1) chunkAttention_f32_d128(const float* q, const float* k, const float* v, float scale, float* o, float* lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttention_f32_d128_block;
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, c 1, q 64, g 1, r 1; 128 threads; shared 40 KiB.
namespace chunkAttention_bf16_d64_block {
constexpr int BQ = 64, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* q, const bf16* k, const bf16* v, float scale, bf16* o, float* lse, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> oTile;
  const Operand<bf16, BQ, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(8192)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Tile<BQ, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(24576)};
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
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64), kEnd));
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
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      fill(s, 0.0f);
      mma(s, qTile, transposed(kTile.at(kPipeStage)));
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
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
      joinRows<Sum, accumulate>(l, s, BK);
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha[at];
      });
      each(value, [&](At at) {
        value[at] = s[at];
      });
      mmaRegisters(oTile, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      fill(s, 0.0f);
      mma(s, qTile, transposed(kTile.at(kPipeStage)));
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
      // chunkAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, validK);
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
      joinRows<Sum, accumulate>(l, s, validK);
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha[at];
      });
      each(value, [&](At at) {
        value[at] = s[at];
      });
      keepColumns(value, validK);
      mmaRegisters(oTile, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value2[at];
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0 + iq) * nG + g0) * nR + r0) * D; });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0 + iq) * nG + g0) * nR + r0] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_bf16_d64_block

KERNEL(128, 1) chunkAttention_bf16_d64(const bf16* q, const bf16* k, const bf16* v, float scale, bf16* o, float* lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttention_bf16_d64_block;
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, c 1, q 64, g 1, r 1; 128 threads; shared 80 KiB.
namespace chunkAttention_bf16_d128_block {
constexpr int BQ = 64, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* q, const bf16* k, const bf16* v, float scale, bf16* o, float* lse, const int* qOffsets, const int* kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
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
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(49152)};
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
    const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + nK - nQ);
    const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64), kEnd));
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
    for (int k0 = 0; k0 < kRest; k0 += BK) {
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      fill(s, 0.0f);
      mma(s, qTile, transposed(kTile.at(kPipeStage)));
      each(s, [&](At at) {
        s[at] = s[at] * (scaleValue * 1.442695f);
      });
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
      joinRows<Sum, accumulate>(l, s, BK);
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha[at];
      });
      each(value, [&](At at) {
        value[at] = s[at];
      });
      mmaRegisters(oTile, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    for (int k0 = kRest; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      kPipeStage = stageAfter<kPipeStages>(kPipeStage);
      waitCopies<kPipeStages - 2>();
      blockBarrier();
      if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
      commitCopies();
      // chunkAttention.ts:13  dot(q, k, 'd')
      fill(s, 0.0f);
      mma(s, qTile, transposed(kTile.at(kPipeStage)));
      each(s, [&](At at, int iq, int ik) {
        s[at] = k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
      });
      // chunkAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, validK);
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
      joinRows<Sum, accumulate>(l, s, validK);
      // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
      each(oTile, [&](At at) {
        oTile[at] = oTile[at] * alpha[at];
      });
      each(value, [&](At at) {
        value[at] = s[at];
      });
      keepColumns(value, validK);
      mmaRegisters(oTile, value, vTile.at(kPipeStage));
      // chunkAttention.ts:14  softmax(s, 'k')
      m = mNew;
    }
    // chunkAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
    waitCopies<0>();
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    each(oTile, [&](At at) {
      oTile[at] = oTile[at] * value2[at];
    });
    store(oTile, validQ, D, [&](int iq) { return o + ((Index(qStart + q0 + iq) * nG + g0) * nR + r0) * D; });
    each(lseTile, [&](At at) {
      lseTile[at] = m[at] * 0.6931472f + math::log(l[at]);
    });
    each(lseTile, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(lseTile)>()) lse[(Index(qStart + q0 + iq) * nG + g0) * nR + r0] = float(lseTile[at]);
    });
  }
}
}  // namespace chunkAttention_bf16_d128_block

KERNEL(128, 1) chunkAttention_bf16_d128(const bf16* q, const bf16* k, const bf16* v, float scale, bf16* o, float* lse, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace chunkAttention_bf16_d128_block;
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, o, lse, qOffsets, kOffsets, nG, nR, i / (blocks(qLongest, BQ) * nG * nR), i / (nG * nR) % blocks(qLongest, BQ) * BQ, i / nR % nG, i % nR);
}
