// logits, sm_80. From runtime/kernels/logits.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (out), certificate a03a
// Blocks: e 256, q 1, t 8; 128 threads; shared 32 KiB.
namespace logits_f32_one_block {
constexpr int BT = 8, BE = 256;
using Warps = Spread<4, 1, 4>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ h, const float* __restrict__ w, float* __restrict__ out, int nE, int nT, int q0, int t0) {
  const int validT = minimum(BT, nT - t0);
  Warps::Rows<BT> outTile;
  Warps::Columns<BE> hTile;
  Warps::Tile<BT, BE> wTile;
  Warps::Tile<BT, BE> outTerms;
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  const int eRest = floorDivide(nE, 256) * 256;
  constexpr int eRingStages = IN_VECTORS ? 4 : 2;
  LaneRing<decltype(wTile), float, eRingStages, IN_VECTORS> wTileRing{sharedAt<float>(0)};
  const auto eRingLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    fetch(wTileRing.at(stage), validT, validE, [&](int it) { return w + Index(t0) * nE + e0 + Index(it) * nE; });
  };
  int eRingStage = eRingStages - 1;
  const int eRingEnd = nE;
  for (int stage = 0; stage < eRingStages - 1; stage++) {
    if (stage * BE < eRingEnd) eRingLoad(stage * BE, stage);
    commitCopies();
  }
  Unread<decltype(hTile), float, IN_VECTORS> hTileNext;
  const auto eAheadLoad = [&](int e0) {
    const int validE = minimum(BE, nE - e0);
    fetchLine(hTileNext, validE, h + Index(q0) * nE + e0);
  };
  eAheadLoad(0);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    eRingStage = stageAfter<eRingStages>(eRingStage);
    waitCopies<eRingStages - 2>();
    take(wTile, wTileRing.at(eRingStage));
    if (e0 + (eRingStages - 1) * BE < eRingEnd) eRingLoad(e0 + (eRingStages - 1) * BE, stageBefore<eRingStages>(eRingStage));
    commitCopies();
    take(hTile, hTileNext);
    eAheadLoad(e0 + BE);
    if (e0 < eRest) {
      each(outTerms, [&](At at) {
        outTerms[at] = hTile[at] * wTile[at];
      });
    }
    else {
      each(outTerms, [&](At at, int it, int ie) {
        outTerms[at] = e0 + ie < nE ? hTile[at] * wTile[at] : 0.0f;
      });
    }
    joinRows<Sum, apart>(outTile, outTerms, BE);
  }
  unite<Sum>(outTile);
  each(outTile, [&](At at, int it) {
    if (it < validT && isOwner<decltype(outTile)>()) out[Index(q0) * nT + t0 + it] = float(outTile[at]);
  });
}
}  // namespace logits_f32_one_block

KERNEL(128, 1) logits_f32_one(const float* __restrict__ h, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT) {
  using namespace logits_f32_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, nQ, blocks(nT, BT));
  if (inVectors<4>(w, nE) && inVectors<4>(h, nE)) block<true>(h, w, out, nE, nT, tile.row, tile.column * BT);
  else block<false>(h, w, out, nE, nT, tile.row, tile.column * BT);
}

// fold over e carrying (out), certificate a03a
// Blocks: e 32, q 16, t 64; 128 threads; shared 45 KiB.
namespace logits_f32_few_block {
constexpr int BQ = 16, BT = 64, BE = 32;
using Warps = Accumulators<1, 4>;

DEVICE void block(const float* __restrict__ h, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT, int q0, int t0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validT = minimum(BT, nT - t0);
  Warps::Tile<BQ, BT> outTile;
  const Ring<Operand<float, BQ, BE>, 4> hTile{sharedAt<float>(0)};
  const Ring<Operand<float, BT, BE>, 4> wTile{sharedAt<float>(9216)};
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  // logits.ts:5  h = h: In<E, ['q', 'e']>
  constexpr int ePipeStages = 4;
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
  // logits.ts:6  out = dot(h, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // logits.ts:5  h = h: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // logits.ts:6  out = dot(h, w, 'e')
    mma<accumulate>(outTile, hTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
  }
  store(outTile, validQ, validT, [&](int iq) { return out + Index(q0) * nT + t0 + Index(iq) * nT; });
}
}  // namespace logits_f32_few_block

KERNEL(128, 1) logits_f32_few(const float* __restrict__ h, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT) {
  using namespace logits_f32_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nT, BT));
  block(h, w, out, nQ, nE, nT, tile.row * BQ, tile.column * BT);
}

// fold over e carrying (out), certificate a03a
// Blocks: e 16, q 64, t 64; 128 threads; shared 30 KiB.
namespace logits_f32_block {
constexpr int BQ = 64, BT = 64, BE = 16;
using Warps = Accumulators<2, 2>;

DEVICE void block(const float* __restrict__ h, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT, int q0, int t0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validT = minimum(BT, nT - t0);
  Warps::Tile<BQ, BT> outTile;
  const Ring<Operand<float, BQ, BE>, 3> hTile{sharedAt<float>(0)};
  const Ring<Operand<float, BT, BE>, 3> wTile{sharedAt<float>(15360)};
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  // logits.ts:5  h = h: In<E, ['q', 'e']>
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
  // logits.ts:6  out = dot(h, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // logits.ts:5  h = h: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // logits.ts:6  out = dot(h, w, 'e')
    mma<accumulate>(outTile, hTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
  }
  store(outTile, validQ, validT, [&](int iq) { return out + Index(q0) * nT + t0 + Index(iq) * nT; });
}
}  // namespace logits_f32_block

KERNEL(128, 1) logits_f32(const float* __restrict__ h, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT) {
  using namespace logits_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nT, BT));
  block(h, w, out, nQ, nE, nT, tile.row * BQ, tile.column * BT);
}

// fold over e carrying (out), certificate a03a
// Blocks: e 512, q 1, t 8; 128 threads; shared 32 KiB.
namespace logits_bf16_one_block {
constexpr int BT = 8, BE = 512;
using Warps = Spread<4, 1, 8>;

template <bool IN_VECTORS> DEVICE void block(const bf16* __restrict__ h, const bf16* __restrict__ w, float* __restrict__ out, int nE, int nT, int q0, int t0) {
  const int validT = minimum(BT, nT - t0);
  Warps::Rows<BT> outTile;
  Warps::Columns<BE> hTile;
  Warps::Tile<BT, BE> wTile;
  Warps::Tile<BT, BE> outTerms;
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  const int eRest = floorDivide(nE, 512) * 512;
  constexpr int eRingStages = IN_VECTORS ? 4 : 2;
  LaneRing<decltype(wTile), bf16, eRingStages, IN_VECTORS> wTileRing{sharedAt<bf16>(0)};
  const auto eRingLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    fetch(wTileRing.at(stage), validT, validE, [&](int it) { return w + Index(t0) * nE + e0 + Index(it) * nE; });
  };
  int eRingStage = eRingStages - 1;
  const int eRingEnd = nE;
  for (int stage = 0; stage < eRingStages - 1; stage++) {
    if (stage * BE < eRingEnd) eRingLoad(stage * BE, stage);
    commitCopies();
  }
  Unread<decltype(hTile), bf16, IN_VECTORS> hTileNext;
  const auto eAheadLoad = [&](int e0) {
    const int validE = minimum(BE, nE - e0);
    fetchLine(hTileNext, validE, h + Index(q0) * nE + e0);
  };
  eAheadLoad(0);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    eRingStage = stageAfter<eRingStages>(eRingStage);
    waitCopies<eRingStages - 2>();
    take(wTile, wTileRing.at(eRingStage));
    if (e0 + (eRingStages - 1) * BE < eRingEnd) eRingLoad(e0 + (eRingStages - 1) * BE, stageBefore<eRingStages>(eRingStage));
    commitCopies();
    take(hTile, hTileNext);
    eAheadLoad(e0 + BE);
    if (e0 < eRest) {
      each(outTerms, [&](At at) {
        outTerms[at] = hTile[at] * wTile[at];
      });
    }
    else {
      each(outTerms, [&](At at, int it, int ie) {
        outTerms[at] = e0 + ie < nE ? hTile[at] * wTile[at] : 0.0f;
      });
    }
    joinRows<Sum, apart>(outTile, outTerms, BE);
  }
  unite<Sum>(outTile);
  each(outTile, [&](At at, int it) {
    if (it < validT && isOwner<decltype(outTile)>()) out[Index(q0) * nT + t0 + it] = float(outTile[at]);
  });
}
}  // namespace logits_bf16_one_block

KERNEL(128, 1) logits_bf16_one(const bf16* __restrict__ h, const bf16* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT) {
  using namespace logits_bf16_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, nQ, blocks(nT, BT));
  if (inVectors<8>(w, nE) && inVectors<8>(h, nE)) block<true>(h, w, out, nE, nT, tile.row, tile.column * BT);
  else block<false>(h, w, out, nE, nT, tile.row, tile.column * BT);
}

// fold over e carrying (out), certificate a03a
// Blocks: e 128, q 16, t 64; 128 threads; shared 80 KiB.
namespace logits_bf16_few_block {
constexpr int BQ = 16, BT = 64, BE = 128;
using Warps = Accumulators<1, 4>;

DEVICE void block(const bf16* __restrict__ h, const bf16* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT, int q0, int t0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validT = minimum(BT, nT - t0);
  Warps::Tile<BQ, BT> outTile;
  const Ring<Operand<bf16, BQ, BE>, 4> hTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BT, BE>, 4> wTile{sharedAt<bf16>(16384)};
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  // logits.ts:5  h = h: In<E, ['q', 'e']>
  constexpr int ePipeStages = 4;
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
  // logits.ts:6  out = dot(h, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // logits.ts:5  h = h: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // logits.ts:6  out = dot(h, w, 'e')
    mma<accumulate>(outTile, hTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
  }
  store(outTile, validQ, validT, [&](int iq) { return out + Index(q0) * nT + t0 + Index(iq) * nT; });
}
}  // namespace logits_bf16_few_block

KERNEL(128, 1) logits_bf16_few(const bf16* __restrict__ h, const bf16* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT) {
  using namespace logits_bf16_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nT, BT));
  block(h, w, out, nQ, nE, nT, tile.row * BQ, tile.column * BT);
}

// fold over e carrying (out), certificate a03a
// Blocks: e 64, q 128, t 128; 128 threads; shared 96 KiB.
namespace logits_bf16_block {
constexpr int BQ = 128, BT = 128, BE = 64;
using Warps = Accumulators<2, 2>;

DEVICE void block(const bf16* __restrict__ h, const bf16* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT, int q0, int t0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validT = minimum(BT, nT - t0);
  Warps::Tile<BQ, BT> outTile;
  const Ring<Operand<bf16, BQ, BE>, 3> hTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BT, BE>, 3> wTile{sharedAt<bf16>(49152)};
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  // logits.ts:5  h = h: In<E, ['q', 'e']>
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
  // logits.ts:6  out = dot(h, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // logits.ts:5  h = h: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // logits.ts:6  out = dot(h, w, 'e')
    mma<accumulate>(outTile, hTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
  }
  store(outTile, validQ, validT, [&](int iq) { return out + Index(q0) * nT + t0 + Index(iq) * nT; });
}
}  // namespace logits_bf16_block

KERNEL(128, 1) logits_bf16(const bf16* __restrict__ h, const bf16* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT) {
  using namespace logits_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nT, BT));
  block(h, w, out, nQ, nE, nT, tile.row * BQ, tile.column * BT);
}
