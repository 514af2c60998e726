// linear, sm_80. From runtime/kernels/linear.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (out), certificate 068a
// Blocks: e 256, q 1, f 8; 128 threads; shared 32 KiB.
namespace linear_f32_one_block {
constexpr int BF = 8, BE = 256;
using Warps = Spread<4, 1, 4>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ out, int nE, int nF, int q0, int f0) {
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BF> outTile;
  Warps::Columns<BE> xTile;
  Warps::Tile<BF, BE> wTile;
  Warps::Tile<BF, BE> productTerms;
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  const int eRest = floorDivide(nE, 256) * 256;
  constexpr int eRingStages = IN_VECTORS ? 4 : 2;
  LaneRing<decltype(wTile), float, eRingStages, IN_VECTORS> wTileRing{sharedAt<float>(0)};
  const auto eRingLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    fetch(wTileRing.at(stage), validF, validE, [&](int if2) { return w + Index(f0) * nE + e0 + Index(if2) * nE; });
  };
  int eRingStage = eRingStages - 1;
  const int eRingEnd = nE;
  for (int stage = 0; stage < eRingStages - 1; stage++) {
    if (stage * BE < eRingEnd) eRingLoad(stage * BE, stage);
    commitCopies();
  }
  Unread<decltype(xTile), float, IN_VECTORS> xTileNext;
  const auto eAheadLoad = [&](int e0) {
    const int validE = minimum(BE, nE - e0);
    fetchLine(xTileNext, validE, x + Index(q0) * nE + e0);
  };
  eAheadLoad(0);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    eRingStage = stageAfter<eRingStages>(eRingStage);
    waitCopies<eRingStages - 2>();
    take(wTile, wTileRing.at(eRingStage));
    if (e0 + (eRingStages - 1) * BE < eRingEnd) eRingLoad(e0 + (eRingStages - 1) * BE, stageBefore<eRingStages>(eRingStage));
    commitCopies();
    take(xTile, xTileNext);
    eAheadLoad(e0 + BE);
    if (e0 < eRest) {
      each(productTerms, [&](At at) {
        productTerms[at] = xTile[at] * wTile[at];
      });
    }
    else {
      each(productTerms, [&](At at, int if2, int ie) {
        productTerms[at] = e0 + ie < nE ? xTile[at] * wTile[at] : 0.0f;
      });
    }
    joinRows<Sum, apart>(outTile, productTerms, BE);
  }
  unite<Sum>(outTile);
  each(outTile, [&](At at, int if2) {
    if (if2 < validF && isOwner<decltype(outTile)>()) out[Index(q0) * nF + f0 + if2] = float(outTile[at]);
  });
}
}  // namespace linear_f32_one_block

KERNEL(128, 1) linear_f32_one(const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace linear_f32_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, nQ, blocks(nF, BF));
  if (inVectors<4>(w, nE) && inVectors<4>(x, nE)) block<true>(x, w, out, nE, nF, tile.row, tile.column * BF);
  else block<false>(x, w, out, nE, nF, tile.row, tile.column * BF);
}

// fold over e carrying (out), certificate 068a
// Blocks: e 32, q 16, f 64; 128 threads; shared 45 KiB.
namespace linear_f32_few_block {
constexpr int BQ = 16, BF = 64, BE = 32;
using Warps = Accumulators<1, 4>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> outTile;
  const Ring<Operand<float, BQ, BE>, 4> xTile{sharedAt<float>(0)};
  const Ring<Operand<float, BF, BE>, 4> wTile{sharedAt<float>(9216)};
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  // linear.ts:8  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 4;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTile.at(stage), validF, validE, w + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linear.ts:9  dot(x, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linear.ts:8  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linear.ts:9  dot(x, w, 'e')
    mma<accumulate>(outTile, xTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
  }
  store(outTile, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace linear_f32_few_block

KERNEL(128, 1) linear_f32_few(const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace linear_f32_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, w, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (out), certificate 068a
// Blocks: e 16, q 64, f 64; 128 threads; shared 30 KiB.
namespace linear_f32_block {
constexpr int BQ = 64, BF = 64, BE = 16;
using Warps = Accumulators<2, 2>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> outTile;
  const Ring<Operand<float, BQ, BE>, 3> xTile{sharedAt<float>(0)};
  const Ring<Operand<float, BF, BE>, 3> wTile{sharedAt<float>(15360)};
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  // linear.ts:8  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTile.at(stage), validF, validE, w + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linear.ts:9  dot(x, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linear.ts:8  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linear.ts:9  dot(x, w, 'e')
    mma<accumulate>(outTile, xTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
  }
  store(outTile, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace linear_f32_block

KERNEL(128, 1) linear_f32(const float* __restrict__ x, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace linear_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, w, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (out), certificate 068a
// Blocks: e 512, q 1, f 8; 128 threads; shared 32 KiB.
namespace linear_bf16_one_block {
constexpr int BF = 8, BE = 512;
using Warps = Spread<4, 1, 8>;

template <bool IN_VECTORS> DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ w, bf16* __restrict__ out, int nE, int nF, int q0, int f0) {
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BF> outTile;
  Warps::Columns<BE> xTile;
  Warps::Tile<BF, BE> wTile;
  Warps::Tile<BF, BE> productTerms;
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  const int eRest = floorDivide(nE, 512) * 512;
  constexpr int eRingStages = IN_VECTORS ? 4 : 2;
  LaneRing<decltype(wTile), bf16, eRingStages, IN_VECTORS> wTileRing{sharedAt<bf16>(0)};
  const auto eRingLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    fetch(wTileRing.at(stage), validF, validE, [&](int if2) { return w + Index(f0) * nE + e0 + Index(if2) * nE; });
  };
  int eRingStage = eRingStages - 1;
  const int eRingEnd = nE;
  for (int stage = 0; stage < eRingStages - 1; stage++) {
    if (stage * BE < eRingEnd) eRingLoad(stage * BE, stage);
    commitCopies();
  }
  Unread<decltype(xTile), bf16, IN_VECTORS> xTileNext;
  const auto eAheadLoad = [&](int e0) {
    const int validE = minimum(BE, nE - e0);
    fetchLine(xTileNext, validE, x + Index(q0) * nE + e0);
  };
  eAheadLoad(0);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    eRingStage = stageAfter<eRingStages>(eRingStage);
    waitCopies<eRingStages - 2>();
    take(wTile, wTileRing.at(eRingStage));
    if (e0 + (eRingStages - 1) * BE < eRingEnd) eRingLoad(e0 + (eRingStages - 1) * BE, stageBefore<eRingStages>(eRingStage));
    commitCopies();
    take(xTile, xTileNext);
    eAheadLoad(e0 + BE);
    if (e0 < eRest) {
      each(productTerms, [&](At at) {
        productTerms[at] = xTile[at] * wTile[at];
      });
    }
    else {
      each(productTerms, [&](At at, int if2, int ie) {
        productTerms[at] = e0 + ie < nE ? xTile[at] * wTile[at] : 0.0f;
      });
    }
    joinRows<Sum, apart>(outTile, productTerms, BE);
  }
  unite<Sum>(outTile);
  each(outTile, [&](At at, int if2) {
    if (if2 < validF && isOwner<decltype(outTile)>()) out[Index(q0) * nF + f0 + if2] = bf16(outTile[at]);
  });
}
}  // namespace linear_bf16_one_block

KERNEL(128, 1) linear_bf16_one(const bf16* __restrict__ x, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace linear_bf16_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, nQ, blocks(nF, BF));
  if (inVectors<8>(w, nE) && inVectors<8>(x, nE)) block<true>(x, w, out, nE, nF, tile.row, tile.column * BF);
  else block<false>(x, w, out, nE, nF, tile.row, tile.column * BF);
}

// fold over e carrying (out), certificate 068a
// Blocks: e 128, q 16, f 64; 128 threads; shared 80 KiB.
namespace linear_bf16_few_block {
constexpr int BQ = 16, BF = 64, BE = 128;
using Warps = Accumulators<1, 4>;

DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> outTile;
  const Ring<Operand<bf16, BQ, BE>, 4> xTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BF, BE>, 4> wTile{sharedAt<bf16>(16384)};
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  // linear.ts:8  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 4;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTile.at(stage), validF, validE, w + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linear.ts:9  dot(x, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linear.ts:8  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linear.ts:9  dot(x, w, 'e')
    mma<accumulate>(outTile, xTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
  }
  store(outTile, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace linear_bf16_few_block

KERNEL(128, 1) linear_bf16_few(const bf16* __restrict__ x, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace linear_bf16_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, w, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (out), certificate 068a
// Blocks: e 64, q 128, f 128; 128 threads; shared 96 KiB.
namespace linear_bf16_block {
constexpr int BQ = 128, BF = 128, BE = 64;
using Warps = Accumulators<2, 2>;

DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> outTile;
  const Ring<Operand<bf16, BQ, BE>, 3> xTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BF, BE>, 3> wTile{sharedAt<bf16>(49152)};
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  // linear.ts:8  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTile.at(stage), validF, validE, w + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linear.ts:9  dot(x, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linear.ts:8  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linear.ts:9  dot(x, w, 'e')
    mma<accumulate>(outTile, xTile.at(ePipeStage), transposed(wTile.at(ePipeStage)));
  }
  store(outTile, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace linear_bf16_block

KERNEL(128, 1) linear_bf16(const bf16* __restrict__ x, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace linear_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, w, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}
