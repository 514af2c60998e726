// causalAttention, sm_80. From runtime/kernels/causalAttention.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, q 64, g 1, r 1; 128 threads; shared 80 KiB.
namespace causalAttention_f32_d64_block {
constexpr int BQ = 64, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* out, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(16384)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(49152)};
  Warps::Rows<BQ> value;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + firstValue);
  const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64), kEnd));
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
  for (int k0 = 0; k0 < kRest; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    fill(s, 0.0f);
    mma(s, qTile, transposed(kTile.at(kPipeStage)));
    each(s, [&](At at) {
      s[at] = s[at] * (scaleValue * 1.442695f);
    });
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
    joinRows<Sum, accumulate>(l, s, BK);
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha[at];
    });
    mmaRegisters(outTile, s, vTile.at(kPipeStage));
    m = mNew;
  }
  for (int k0 = kRest; k0 < kEnd; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    fill(s, 0.0f);
    mma(s, qTile, transposed(kTile.at(kPipeStage)));
    each(s, [&](At at, int iq, int ik) {
      s[at] = k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
    });
    // causalAttention.ts:13  softmax(s, 'k')
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha[at];
    });
    keepColumns(s, validK);
    mmaRegisters(outTile, s, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
  each(value, [&](At at) {
    value[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  each(outTile, [&](At at) {
    outTile[at] = outTile[at] * value[at];
  });
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0 + iq) * nG + g0) * nR + r0) * D; });
}
}  // namespace causalAttention_f32_d64_block

KERNEL(128, 1) causalAttention_f32_d64(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* out, int nQ, int nG, int nR, int nK) {
  using namespace causalAttention_f32_d64_block;
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, out, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, q 64, g 1, r 1; 128 threads; shared 160 KiB.
namespace causalAttention_f32_d128_block {
constexpr int BQ = 64, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* out, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  const Operand<float, BQ, D> qTile{sharedAt<float>(0)};
  const Ring<Operand<float, BK, D>, 2> kTile{sharedAt<float>(32768)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  const Ring<Operand<float, BK, D>, 2> vTile{sharedAt<float>(98304)};
  Warps::Rows<BQ> value;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + firstValue);
  const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64), kEnd));
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
  for (int k0 = 0; k0 < kRest; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    fill(s, 0.0f);
    mma(s, qTile, transposed(kTile.at(kPipeStage)));
    each(s, [&](At at) {
      s[at] = s[at] * (scaleValue * 1.442695f);
    });
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
    joinRows<Sum, accumulate>(l, s, BK);
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha[at];
    });
    mmaRegisters(outTile, s, vTile.at(kPipeStage));
    m = mNew;
  }
  for (int k0 = kRest; k0 < kEnd; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    fill(s, 0.0f);
    mma(s, qTile, transposed(kTile.at(kPipeStage)));
    each(s, [&](At at, int iq, int ik) {
      s[at] = k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
    });
    // causalAttention.ts:13  softmax(s, 'k')
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha[at];
    });
    keepColumns(s, validK);
    mmaRegisters(outTile, s, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
  each(value, [&](At at) {
    value[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  each(outTile, [&](At at) {
    outTile[at] = outTile[at] * value[at];
  });
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0 + iq) * nG + g0) * nR + r0) * D; });
}
}  // namespace causalAttention_f32_d128_block

KERNEL(128, 1) causalAttention_f32_d128(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* out, int nQ, int nG, int nR, int nK) {
  using namespace causalAttention_f32_d128_block;
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, out, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, q 64, g 1, r 1; 128 threads; shared 40 KiB.
namespace causalAttention_bf16_d64_block {
constexpr int BQ = 64, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* out, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  const Operand<bf16, BQ, D> qTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BK, D>, 2> kTile{sharedAt<bf16>(8192)};
  Warps::Tile<BQ, BK> s;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Tile<BQ, BK> value;
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(24576)};
  Warps::Rows<BQ> value2;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + firstValue);
  const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64), kEnd));
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
  for (int k0 = 0; k0 < kRest; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    fill(s, 0.0f);
    mma(s, qTile, transposed(kTile.at(kPipeStage)));
    each(s, [&](At at) {
      s[at] = s[at] * (scaleValue * 1.442695f);
    });
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
    joinRows<Sum, accumulate>(l, s, BK);
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha[at];
    });
    each(value, [&](At at) {
      value[at] = s[at];
    });
    mmaRegisters(outTile, value, vTile.at(kPipeStage));
    m = mNew;
  }
  for (int k0 = kRest; k0 < kEnd; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    fill(s, 0.0f);
    mma(s, qTile, transposed(kTile.at(kPipeStage)));
    each(s, [&](At at, int iq, int ik) {
      s[at] = k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
    });
    // causalAttention.ts:13  softmax(s, 'k')
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha[at];
    });
    each(value, [&](At at) {
      value[at] = s[at];
    });
    keepColumns(value, validK);
    mmaRegisters(outTile, value, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
  each(value2, [&](At at) {
    value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  each(outTile, [&](At at) {
    outTile[at] = outTile[at] * value2[at];
  });
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0 + iq) * nG + g0) * nR + r0) * D; });
}
}  // namespace causalAttention_bf16_d64_block

KERNEL(128, 1) causalAttention_bf16_d64(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* out, int nQ, int nG, int nR, int nK) {
  using namespace causalAttention_bf16_d64_block;
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, out, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, q 64, g 1, r 1; 128 threads; shared 80 KiB.
namespace causalAttention_bf16_d128_block {
constexpr int BQ = 64, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* out, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
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
  const Ring<Operand<bf16, BK, D>, 2> vTile{sharedAt<bf16>(49152)};
  Warps::Rows<BQ> value2;
  // causalAttention.ts:13  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(qTile, validQ, D, q + ((Index(q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
  const float scaleValue = float(scale);
  const int kEnd = minimum(nK, minimum(q0 + 64, nQ) + firstValue);
  const int kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64), kEnd));
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
  for (int k0 = 0; k0 < kRest; k0 += BK) {
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    fill(s, 0.0f);
    mma(s, qTile, transposed(kTile.at(kPipeStage)));
    each(s, [&](At at) {
      s[at] = s[at] * (scaleValue * 1.442695f);
    });
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
    joinRows<Sum, accumulate>(l, s, BK);
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha[at];
    });
    each(value, [&](At at) {
      value[at] = s[at];
    });
    mmaRegisters(outTile, value, vTile.at(kPipeStage));
    m = mNew;
  }
  for (int k0 = kRest; k0 < kEnd; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
    kPipeStage = stageAfter<kPipeStages>(kPipeStage);
    waitCopies<kPipeStages - 2>();
    blockBarrier();
    if (k0 + BK < kPipeEnd) kPipeLoad(k0 + BK, stageBefore<kPipeStages>(kPipeStage));
    commitCopies();
    // causalAttention.ts:12  dot(q, k, 'd')
    fill(s, 0.0f);
    mma(s, qTile, transposed(kTile.at(kPipeStage)));
    each(s, [&](At at, int iq, int ik) {
      s[at] = k0 + ik <= q0 + iq + firstValue ? s[at] * (scaleValue * 1.442695f) : -INFINITY;
    });
    // causalAttention.ts:13  softmax(s, 'k')
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
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * alpha[at];
    });
    each(value, [&](At at) {
      value[at] = s[at];
    });
    keepColumns(value, validK);
    mmaRegisters(outTile, value, vTile.at(kPipeStage));
    m = mNew;
  }
  // causalAttention.ts:10  k = k: In<E, ['k', 'g', 'd']>
  waitCopies<0>();
  // causalAttention.ts:13  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
  each(value2, [&](At at) {
    value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
  });
  each(outTile, [&](At at) {
    outTile[at] = outTile[at] * value2[at];
  });
  store(outTile, validQ, D, [&](int iq) { return out + ((Index(q0 + iq) * nG + g0) * nR + r0) * D; });
}
}  // namespace causalAttention_bf16_d128_block

KERNEL(128, 1) causalAttention_bf16_d128(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* out, int nQ, int nG, int nR, int nK) {
  using namespace causalAttention_bf16_d128_block;
  const int i = blocksOfGrid() - 1 - blockOfGrid();
  block(q, k, v, scale, first, out, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}
