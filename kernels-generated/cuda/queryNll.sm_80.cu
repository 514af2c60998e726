// queryNll, sm_80. From runtime/kernels/queryNll.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (acc), certificate c3a5
// fold over t carrying (m, l), certificate 45ea
// fold over e carrying (own), certificate d6ba
// Blocks: e 32, t 64, q 64; 128 threads; shared 32 KiB.
namespace queryNll_f32_block {
constexpr int BQ = 64, BT = 64, BE = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* h, const float* w, const std::int32_t* target, float* out, int nQ, int nE, int nT, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, BT> acc;
  const Ring<Operand<float, BQ, BE>, 2> hTile{sharedAt<float>(0)};
  const Ring<Operand<float, BT, BE>, 2> wTile{sharedAt<float>(16384)};
  Warps::Rows<BQ> tMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> all;
  Warps::Rows<BQ> own;
  Warps::Tile<BQ, BE> hTile2;
  Warps::Rows<BQ, int> targetTile;
  Warps::Tile<BQ, BE> picked;
  Warps::Tile<BQ, BE> ownTerms;
  Warps::Rows<BQ> outTile;
  // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  for (int t0 = 0; t0 < nT; t0 += BT) {
    const int validT = minimum(BT, nT - t0);
    fill(acc, 0.0f);
    // queryNll.ts:8  h = h: In<E, ['q', 'e']>
    constexpr int ePipeStages = 2;
    const auto ePipeLoad = [&](int e0, int stage) {
      const int validE = minimum(BE, nE - e0);
      copyRows<Warps::threads>(hTile.at(stage), validQ, validE, h + Index(q0) * nE + e0, nE);
      copyRows<Warps::threads>(wTile.at(stage), validT, validE, w + Index(t0) * nE + e0, nE);
    };
    int ePipeStage = ePipeStages - 1;
    const int ePipeEnd = nE;
    for (int stage = 0; stage < ePipeStages - 1; stage++) {
      if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
      commitCopies();
    }
    // queryNll.ts:9  dot(h, w, 'e')
    for (int e0 = 0; e0 < nE; e0 += BE) {
      // queryNll.ts:8  h = h: In<E, ['q', 'e']>
      ePipeStage = stageAfter<ePipeStages>(ePipeStage);
      waitCopies<ePipeStages - 2>();
      blockBarrier();
      if (e0 + BE < ePipeEnd) ePipeLoad(e0 + BE, stageBefore<ePipeStages>(ePipeStage));
      commitCopies();
      // queryNll.ts:9  dot(h, w, 'e')
      mma(acc, hTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
    }
    // queryNll.ts:8  h = h: In<E, ['q', 'e']>
    waitCopies<0>();
    // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
    joinRows<Max, overwrite>(tMax, acc, validT);
    each(mNew, [&](At at) {
      mNew[at] = maximum(m[at], tMax[at]);
    });
    each(alpha, [&](At at) {
      alpha[at] = math::exp(m[at] - mNew[at]);
    });
    each(l, [&](At at) {
      l[at] = l[at] * alpha[at];
    });
    each(acc, [&](At at) {
      acc[at] = math::exp(acc[at] - mNew[at]);
    });
    joinRows<Sum, accumulate>(l, acc, validT);
    m = mNew;
  }
  each(all, [&](At at) {
    all[at] = m[at] + math::log(l[at]);
  });
  // queryNll.ts:10  own = dot(h, gather(w, 't', target), 'e')
  fill(own, 0.0f);
  each(targetTile, [&](At at, int iq) {
    targetTile[at] = iq < validQ ? int(target[q0 + iq]) : 0;
  });
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(hTile2, validQ, validE, [&](int iq) { return h + Index(q0 + iq) * nE + e0; });
    load(picked, validQ, validE, [&](At at, int iq) { return inside(targetTile[at], nT) ? w + Index(targetTile[at]) * nE + e0 : nullptr; });
    each(ownTerms, [&](At at) {
      ownTerms[at] = hTile2[at] * picked[at];
    });
    joinRows<Sum, accumulate>(own, ownTerms, validE);
  }
  // queryNll.ts:11  out = map(all, own, (all, own) => all - own)
  each(outTile, [&](At at) {
    outTile[at] = all[at] - own[at];
  });
  each(outTile, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(outTile)>()) out[q0 + iq] = float(outTile[at]);
  });
}
}  // namespace queryNll_f32_block

KERNEL(128, 1) queryNll_f32(const float* h, const float* w, const std::int32_t* target, float* out, int nQ, int nE, int nT) {
  using namespace queryNll_f32_block;
  const int i = blockOfGrid();
  block(h, w, target, out, nQ, nE, nT, i * BQ);
}

// fold over e carrying (acc), certificate c3a5
// fold over t carrying (m, l), certificate 45ea
// fold over e carrying (own), certificate d6ba
// Blocks: e 32, t 64, q 64; 128 threads; shared 16 KiB.
namespace queryNll_bf16_block {
constexpr int BQ = 64, BT = 64, BE = 32;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* h, const bf16* w, const std::int32_t* target, float* out, int nQ, int nE, int nT, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, BT> acc;
  const Ring<Operand<bf16, BQ, BE>, 2> hTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BT, BE>, 2> wTile{sharedAt<bf16>(8192)};
  Warps::Rows<BQ> tMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> all;
  Warps::Rows<BQ> own;
  Warps::Tile<BQ, BE> hTile2;
  Warps::Rows<BQ, int> targetTile;
  Warps::Tile<BQ, BE> picked;
  Warps::Tile<BQ, BE> ownTerms;
  Warps::Rows<BQ> outTile;
  // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  for (int t0 = 0; t0 < nT; t0 += BT) {
    const int validT = minimum(BT, nT - t0);
    fill(acc, 0.0f);
    // queryNll.ts:8  h = h: In<E, ['q', 'e']>
    constexpr int ePipeStages = 2;
    const auto ePipeLoad = [&](int e0, int stage) {
      const int validE = minimum(BE, nE - e0);
      copyRows<Warps::threads>(hTile.at(stage), validQ, validE, h + Index(q0) * nE + e0, nE);
      copyRows<Warps::threads>(wTile.at(stage), validT, validE, w + Index(t0) * nE + e0, nE);
    };
    int ePipeStage = ePipeStages - 1;
    const int ePipeEnd = nE;
    for (int stage = 0; stage < ePipeStages - 1; stage++) {
      if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
      commitCopies();
    }
    // queryNll.ts:9  dot(h, w, 'e')
    for (int e0 = 0; e0 < nE; e0 += BE) {
      // queryNll.ts:8  h = h: In<E, ['q', 'e']>
      ePipeStage = stageAfter<ePipeStages>(ePipeStage);
      waitCopies<ePipeStages - 2>();
      blockBarrier();
      if (e0 + BE < ePipeEnd) ePipeLoad(e0 + BE, stageBefore<ePipeStages>(ePipeStage));
      commitCopies();
      // queryNll.ts:9  dot(h, w, 'e')
      mma(acc, hTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
    }
    // queryNll.ts:8  h = h: In<E, ['q', 'e']>
    waitCopies<0>();
    // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
    joinRows<Max, overwrite>(tMax, acc, validT);
    each(mNew, [&](At at) {
      mNew[at] = maximum(m[at], tMax[at]);
    });
    each(alpha, [&](At at) {
      alpha[at] = math::exp(m[at] - mNew[at]);
    });
    each(l, [&](At at) {
      l[at] = l[at] * alpha[at];
    });
    each(acc, [&](At at) {
      acc[at] = math::exp(acc[at] - mNew[at]);
    });
    joinRows<Sum, accumulate>(l, acc, validT);
    m = mNew;
  }
  each(all, [&](At at) {
    all[at] = m[at] + math::log(l[at]);
  });
  // queryNll.ts:10  own = dot(h, gather(w, 't', target), 'e')
  fill(own, 0.0f);
  each(targetTile, [&](At at, int iq) {
    targetTile[at] = iq < validQ ? int(target[q0 + iq]) : 0;
  });
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(hTile2, validQ, validE, [&](int iq) { return h + Index(q0 + iq) * nE + e0; });
    load(picked, validQ, validE, [&](At at, int iq) { return inside(targetTile[at], nT) ? w + Index(targetTile[at]) * nE + e0 : nullptr; });
    each(ownTerms, [&](At at) {
      ownTerms[at] = hTile2[at] * picked[at];
    });
    joinRows<Sum, accumulate>(own, ownTerms, validE);
  }
  // queryNll.ts:11  out = map(all, own, (all, own) => all - own)
  each(outTile, [&](At at) {
    outTile[at] = all[at] - own[at];
  });
  each(outTile, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(outTile)>()) out[q0 + iq] = float(outTile[at]);
  });
}
}  // namespace queryNll_bf16_block

KERNEL(128, 1) queryNll_bf16(const bf16* h, const bf16* w, const std::int32_t* target, float* out, int nQ, int nE, int nT) {
  using namespace queryNll_bf16_block;
  const int i = blockOfGrid();
  block(h, w, target, out, nQ, nE, nT, i * BQ);
}
