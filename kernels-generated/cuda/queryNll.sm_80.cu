// queryNll, sm_80. From runtime/kernels/queryNll.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// part: mParts, lParts
// fold over e carrying (acc), certificate c3a5
// fold over t carrying (m, l), certificate 45ea
// Blocks: e 16, t 64, tParts 1, q 64; 128 threads; shared 30 KiB.
namespace queryNll_f32_shared_part_block {
constexpr int BQ = 64, BT = 64, BE = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ h, const float* __restrict__ w, float* __restrict__ mParts, float* __restrict__ lParts, int nQ, int nE, int nT, int nTParts, int tParts0, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, BT> acc;
  const Ring<Operand<float, BQ, BE>, 3> hTile{sharedAt<float>(0)};
  const Ring<Operand<float, BT, BE>, 3> wTile{sharedAt<float>(15360)};
  Warps::Rows<BQ> tMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  const int value = floorDivide(floorDivide(floorDivide(nT + 63, 64) * 64, 64) + nTParts - 1, nTParts) * 64;
  for (int t0 = tParts0 * (floorDivide(floorDivide(floorDivide(nT + 63, 64) * 64, 64) + nTParts - 1, nTParts) * 64); t0 < minimum(tParts0 * value + value, nT); t0 += BT) {
    const int validT = minimum(BT, nT - t0);
    fill(acc, 0.0f);
    blockBarrier();
    // queryNll.ts:8  h = h: In<E, ['q', 'e']>
    constexpr int ePipeStages = 3;
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
      if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
      commitCopies();
      // queryNll.ts:9  dot(h, w, 'e')
      mma<accumulate>(acc, hTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
    }
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
    joinRows<Sum, apart>(l, acc, validT);
    m = mNew;
  }
  unite<Sum>(l);
  each(m, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(m)>()) mParts[Index(tParts0) * nQ + q0 + iq] = float(m[at]);
  });
  each(l, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(l)>()) lParts[Index(tParts0) * nQ + q0 + iq] = float(l[at]);
  });
}
}  // namespace queryNll_f32_shared_part_block

KERNEL(128, 1) queryNll_f32_shared_part(const float* __restrict__ h, const float* __restrict__ w, float* __restrict__ mParts, float* __restrict__ lParts, int nQ, int nE, int nT, int nTParts) {
  using namespace queryNll_f32_shared_part_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(h, w, mParts, lParts, nQ, nE, nT, nTParts, i / blocks(nQ, BQ), i % blocks(nQ, BQ) * BQ);
}

// join: out
// fold over tParts carrying (m, l), certificate 45ea
// fold over e carrying (own), certificate d6ba
// Blocks: tParts 32, e 16, q 1; 128 threads; shared 1 KiB.
namespace queryNll_f32_shared_join_block {
constexpr int BTParts = 32, BE = 16;
using Warps = Spread<4, 1, 1>;

DEVICE void block(const float* __restrict__ h, const float* __restrict__ w, const std::int32_t* __restrict__ target, float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, int nQ, int nE, int nT, int nTParts, int q0) {
  float m;
  float l;
  Warps::Columns<BTParts> mPartsTile;
  float tPartsMax;
  Warps::Columns<BTParts> lPartsTile;
  Warps::Columns<BTParts> l3;
  float own;
  Warps::Rows<BE> hTile;
  Warps::Rows<BE> picked;
  const Array<float, BE> ownTerms{sharedAt<float>(0)};
  // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
  m = -1.2676506e+30f;
  l = 0.0f;
  for (int tParts0 = 0; tParts0 < nTParts; tParts0 += BTParts) {
    const int validTParts = minimum(BTParts, nTParts - tParts0);
    each(mPartsTile, [&](At at, int iTParts) {
      mPartsTile[at] = float(readIf(iTParts < validTParts, &mParts[Index(tParts0) * nQ + q0 + Index(iTParts) * nQ]));
    });
    each(lPartsTile, [&](At at, int iTParts) {
      lPartsTile[at] = float(readIf(iTParts < validTParts, &lParts[Index(tParts0) * nQ + q0 + Index(iTParts) * nQ]));
    });
    tPartsMax = joinLine<Max>(mPartsTile, validTParts);
    const float value = maximum(m, tPartsMax);
    const float alpha = math::exp(m - value);
    l = l * alpha;
    each(l3, [&](At at) {
      l3[at] = lPartsTile[at] * math::exp(mPartsTile[at] - value);
    });
    l = Sum::join(l, joinLine<Sum>(l3, validTParts));
    m = value;
  }
  const float all = m + math::log(l);
  // queryNll.ts:10  own = dot(h, gather(w, 't', target), 'e')
  own = 0.0f;
  const int targetTile = int(target[q0]);
  const int eRest = floorDivide(nE, 16) * 16;
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    each(hTile, [&](At at, int ie) {
      hTile[at] = float(readIf(ie < validE, &h[Index(q0) * nE + e0 + ie]));
    });
    each(picked, [&](At at, int ie) {
      const int position = targetTile;
      picked[at] = ie < validE && inside(position, nT) ? float(w[Index(position) * nE + e0 + ie]) : 0.0f;
    });
    if (e0 < eRest) {
      blockBarrier();
      each(hTile, [&](At at, int ie) {
        if (isOwner<decltype(hTile)>()) ownTerms(ie) = hTile[at] * picked[at];
      });
    }
    else {
      blockBarrier();
      each(hTile, [&](At at, int ie) {
        if (isOwner<decltype(hTile)>()) ownTerms(ie) = e0 + ie < nE ? hTile[at] * picked[at] : 0.0f;
      });
    }
    blockBarrier();
    own = Sum::join(own, joined<Sum>(BE, [&](int ie) { return ownTerms(ie); }));
  }
  // queryNll.ts:11  out = map(all, own, (all, own) => all - own)
  const float outTile = all - own;
  if (threadOfBlock() == 0) out[q0] = float(outTile);
}
}  // namespace queryNll_f32_shared_join_block

KERNEL(128, 1) queryNll_f32_shared_join(const float* __restrict__ h, const float* __restrict__ w, const std::int32_t* __restrict__ target, float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, int nQ, int nE, int nT, int nTParts) {
  using namespace queryNll_f32_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(h, w, target, out, mParts, lParts, nQ, nE, nT, nTParts, i);
}

// fold over e carrying (acc), certificate c3a5
// fold over t carrying (m, l), certificate 45ea
// fold over e carrying (own), certificate d6ba
// Blocks: e 16, t 64, q 64; 128 threads; shared 30 KiB.
namespace queryNll_f32_block {
constexpr int BQ = 64, BT = 64, BE = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ h, const float* __restrict__ w, const std::int32_t* __restrict__ target, float* __restrict__ out, int nQ, int nE, int nT, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, BT> acc;
  const Ring<Operand<float, BQ, BE>, 3> hTile{sharedAt<float>(0)};
  const Ring<Operand<float, BT, BE>, 3> wTile{sharedAt<float>(15360)};
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
    blockBarrier();
    // queryNll.ts:8  h = h: In<E, ['q', 'e']>
    constexpr int ePipeStages = 3;
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
      if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
      commitCopies();
      // queryNll.ts:9  dot(h, w, 'e')
      mma<accumulate>(acc, hTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
    }
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
    joinRows<Sum, apart>(l, acc, validT);
    m = mNew;
  }
  unite<Sum>(l);
  each(all, [&](At at) {
    all[at] = m[at] + math::log(l[at]);
  });
  // queryNll.ts:10  own = dot(h, gather(w, 't', target), 'e')
  fill(own, 0.0f);
  each(targetTile, [&](At at, int iq) {
    targetTile[at] = int(readIf(iq < validQ, &target[q0 + iq]));
  });
  const int eRest = floorDivide(nE, 16) * 16;
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(hTile2, validQ, validE, [&](int iq) { return h + Index(q0) * nE + e0 + Index(iq) * nE; });
    load(picked, validQ, validE, [&](At at, int iq) { return inside(targetTile[at], nT) ? w + Index(targetTile[at]) * nE + e0 : nullptr; });
    if (e0 < eRest) {
      each(ownTerms, [&](At at) {
        ownTerms[at] = hTile2[at] * picked[at];
      });
    }
    else {
      each(ownTerms, [&](At at, int iq, int ie) {
        ownTerms[at] = e0 + ie < nE ? hTile2[at] * picked[at] : 0.0f;
      });
    }
    joinRows<Sum, apart>(own, ownTerms, BE);
  }
  unite<Sum>(own);
  // queryNll.ts:11  out = map(all, own, (all, own) => all - own)
  each(outTile, [&](At at) {
    outTile[at] = all[at] - own[at];
  });
  each(outTile, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(outTile)>()) out[q0 + iq] = float(outTile[at]);
  });
}
}  // namespace queryNll_f32_block

KERNEL(128, 1) queryNll_f32(const float* __restrict__ h, const float* __restrict__ w, const std::int32_t* __restrict__ target, float* __restrict__ out, int nQ, int nE, int nT) {
  using namespace queryNll_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(h, w, target, out, nQ, nE, nT, i * BQ);
}

// part: mParts, lParts
// fold over e carrying (acc), certificate c3a5
// fold over t carrying (m, l), certificate 45ea
// Blocks: e 64, t 128, tParts 1, q 128; 128 threads; shared 96 KiB.
namespace queryNll_bf16_shared_part_block {
constexpr int BQ = 128, BT = 128, BE = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ h, const bf16* __restrict__ w, float* __restrict__ mParts, float* __restrict__ lParts, int nQ, int nE, int nT, int nTParts, int tParts0, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, BT> acc;
  const Ring<Operand<bf16, BQ, BE>, 3> hTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BT, BE>, 3> wTile{sharedAt<bf16>(49152)};
  Warps::Rows<BQ> tMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  const int value = floorDivide(floorDivide(floorDivide(nT + 127, 128) * 128, 128) + nTParts - 1, nTParts) * 128;
  for (int t0 = tParts0 * (floorDivide(floorDivide(floorDivide(nT + 127, 128) * 128, 128) + nTParts - 1, nTParts) * 128); t0 < minimum(tParts0 * value + value, nT); t0 += BT) {
    const int validT = minimum(BT, nT - t0);
    fill(acc, 0.0f);
    blockBarrier();
    // queryNll.ts:8  h = h: In<E, ['q', 'e']>
    constexpr int ePipeStages = 3;
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
      if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
      commitCopies();
      // queryNll.ts:9  dot(h, w, 'e')
      mma<accumulate>(acc, hTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
    }
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
    joinRows<Sum, apart>(l, acc, validT);
    m = mNew;
  }
  unite<Sum>(l);
  each(m, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(m)>()) mParts[Index(tParts0) * nQ + q0 + iq] = float(m[at]);
  });
  each(l, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(l)>()) lParts[Index(tParts0) * nQ + q0 + iq] = float(l[at]);
  });
}
}  // namespace queryNll_bf16_shared_part_block

KERNEL(128, 1) queryNll_bf16_shared_part(const bf16* __restrict__ h, const bf16* __restrict__ w, float* __restrict__ mParts, float* __restrict__ lParts, int nQ, int nE, int nT, int nTParts) {
  using namespace queryNll_bf16_shared_part_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(h, w, mParts, lParts, nQ, nE, nT, nTParts, i / blocks(nQ, BQ), i % blocks(nQ, BQ) * BQ);
}

// join: out
// fold over tParts carrying (m, l), certificate 45ea
// fold over e carrying (own), certificate d6ba
// Blocks: tParts 32, e 64, q 1; 128 threads; shared 1 KiB.
namespace queryNll_bf16_shared_join_block {
constexpr int BTParts = 32, BE = 64;
using Warps = Spread<4, 1, 2>;

template <bool IN_VECTORS> DEVICE void block(const bf16* __restrict__ h, const bf16* __restrict__ w, const std::int32_t* __restrict__ target, float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, int nQ, int nE, int nT, int nTParts, int q0) {
  float m;
  float l;
  const Array<float, BTParts> mPartsTile{sharedAt<float>(0)};
  float tPartsMax;
  Warps::Rows<BTParts> lPartsTile;
  const Array<float, BTParts> l3{sharedAt<float>(128)};
  float own;
  Warps::Columns<BE> hTile;
  Warps::Columns<BE> picked;
  Warps::Columns<BE> ownTerms;
  // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
  m = -1.2676506e+30f;
  l = 0.0f;
  for (int tParts0 = 0; tParts0 < nTParts; tParts0 += BTParts) {
    const int validTParts = minimum(BTParts, nTParts - tParts0);
    each(lPartsTile, [&](At at, int iTParts) {
      lPartsTile[at] = float(readIf(iTParts < validTParts, &lParts[Index(tParts0) * nQ + q0 + Index(iTParts) * nQ]));
    });
    eachElement<BTParts>([&](int iTParts) {
      mPartsTile(iTParts) = float(readIf(iTParts < validTParts, &mParts[Index(tParts0) * nQ + q0 + Index(iTParts) * nQ]));
    });
    blockBarrier();
    tPartsMax = joined<Max>(validTParts, [&](int iTParts) { return mPartsTile(iTParts); });
    const float value = maximum(m, tPartsMax);
    const float alpha = math::exp(m - value);
    l = l * alpha;
    each(lPartsTile, [&](At at, int iTParts) {
      if (isOwner<decltype(lPartsTile)>()) l3(iTParts) = lPartsTile[at] * math::exp(mPartsTile(iTParts) - value);
    });
    blockBarrier();
    l = Sum::join(l, joined<Sum>(validTParts, [&](int iTParts) { return l3(iTParts); }));
    m = value;
  }
  const float all = m + math::log(l);
  // queryNll.ts:10  own = dot(h, gather(w, 't', target), 'e')
  own = 0.0f;
  const int targetTile = int(target[q0]);
  const int eRest = floorDivide(nE, 64) * 64;
  Unread<decltype(hTile), bf16, IN_VECTORS> hTileNext;
  const auto eAheadLoad = [&](int e0) {
    const int validE = minimum(BE, nE - e0);
    fetchLine(hTileNext, validE, h + Index(q0) * nE + e0);
  };
  eAheadLoad(0);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    take(hTile, hTileNext);
    eAheadLoad(e0 + BE);
    each(picked, [&](At at, int ie) {
      const int position = targetTile;
      picked[at] = ie < validE && inside(position, nT) ? float(w[Index(position) * nE + e0 + ie]) : 0.0f;
    });
    if (e0 < eRest) {
      each(ownTerms, [&](At at) {
        ownTerms[at] = hTile[at] * picked[at];
      });
    }
    else {
      each(ownTerms, [&](At at, int ie) {
        ownTerms[at] = e0 + ie < nE ? hTile[at] * picked[at] : 0.0f;
      });
    }
    own = Sum::join(own, joinLine<Sum>(ownTerms, BE));
  }
  // queryNll.ts:11  out = map(all, own, (all, own) => all - own)
  const float outTile = all - own;
  if (threadOfBlock() == 0) out[q0] = float(outTile);
}
}  // namespace queryNll_bf16_shared_join_block

KERNEL(128, 1) queryNll_bf16_shared_join(const bf16* __restrict__ h, const bf16* __restrict__ w, const std::int32_t* __restrict__ target, float* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, int nQ, int nE, int nT, int nTParts) {
  using namespace queryNll_bf16_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  if (inVectors<2>(h, nE)) block<true>(h, w, target, out, mParts, lParts, nQ, nE, nT, nTParts, i);
  else block<false>(h, w, target, out, mParts, lParts, nQ, nE, nT, nTParts, i);
}

// fold over e carrying (acc), certificate c3a5
// fold over t carrying (m, l), certificate 45ea
// fold over e carrying (own), certificate d6ba
// Blocks: e 64, t 128, q 128; 128 threads; shared 96 KiB.
namespace queryNll_bf16_block {
constexpr int BQ = 128, BT = 128, BE = 64;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* __restrict__ h, const bf16* __restrict__ w, const std::int32_t* __restrict__ target, float* __restrict__ out, int nQ, int nE, int nT, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, BT> acc;
  const Ring<Operand<bf16, BQ, BE>, 3> hTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BT, BE>, 3> wTile{sharedAt<bf16>(49152)};
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
    blockBarrier();
    // queryNll.ts:8  h = h: In<E, ['q', 'e']>
    constexpr int ePipeStages = 3;
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
      if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
      commitCopies();
      // queryNll.ts:9  dot(h, w, 'e')
      mma<accumulate>(acc, hTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
    }
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
    joinRows<Sum, apart>(l, acc, validT);
    m = mNew;
  }
  unite<Sum>(l);
  each(all, [&](At at) {
    all[at] = m[at] + math::log(l[at]);
  });
  // queryNll.ts:10  own = dot(h, gather(w, 't', target), 'e')
  fill(own, 0.0f);
  each(targetTile, [&](At at, int iq) {
    targetTile[at] = int(readIf(iq < validQ, &target[q0 + iq]));
  });
  const int eRest = floorDivide(nE, 64) * 64;
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(hTile2, validQ, validE, [&](int iq) { return h + Index(q0) * nE + e0 + Index(iq) * nE; });
    load(picked, validQ, validE, [&](At at, int iq) { return inside(targetTile[at], nT) ? w + Index(targetTile[at]) * nE + e0 : nullptr; });
    if (e0 < eRest) {
      each(ownTerms, [&](At at) {
        ownTerms[at] = hTile2[at] * picked[at];
      });
    }
    else {
      each(ownTerms, [&](At at, int iq, int ie) {
        ownTerms[at] = e0 + ie < nE ? hTile2[at] * picked[at] : 0.0f;
      });
    }
    joinRows<Sum, apart>(own, ownTerms, BE);
  }
  unite<Sum>(own);
  // queryNll.ts:11  out = map(all, own, (all, own) => all - own)
  each(outTile, [&](At at) {
    outTile[at] = all[at] - own[at];
  });
  each(outTile, [&](At at, int iq) {
    if (iq < validQ && isOwner<decltype(outTile)>()) out[q0 + iq] = float(outTile[at]);
  });
}
}  // namespace queryNll_bf16_block

KERNEL(128, 1) queryNll_bf16(const bf16* __restrict__ h, const bf16* __restrict__ w, const std::int32_t* __restrict__ target, float* __restrict__ out, int nQ, int nE, int nT) {
  using namespace queryNll_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(h, w, target, out, nQ, nE, nT, i * BQ);
}
