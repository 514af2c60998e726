// swiglu, sm_80. From runtime/kernels/swiglu.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (a, b), certificate 963d
// Blocks: e 256, q 1, f 8; 128 threads; shared 48 KiB.
namespace swiglu_f32_one_block {
constexpr int BF = 8, BE = 256;
using Warps = Spread<4, 1, 4>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nE, int nF, int q0, int f0) {
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BF> a;
  Warps::Rows<BF> b;
  Warps::Columns<BE> xTile;
  Warps::Tile<BF, BE> gateTile;
  Warps::Tile<BF, BE> aTerms;
  Warps::Tile<BF, BE> upTile;
  Warps::Rows<BF> value;
  // swiglu.ts:9  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:10  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:11  map(a, b, gated)
  constexpr int eRingStages = IN_VECTORS ? 3 : 2;
  LaneRing<decltype(gateTile), float, eRingStages, IN_VECTORS> gateTileRing{sharedAt<float>(0)};
  LaneRing<decltype(upTile), float, eRingStages, IN_VECTORS> upTileRing{sharedAt<float>(24576)};
  const auto eRingLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    fetch(gateTileRing.at(stage), validF, validE, [&](int if2) { return gate + Index(f0) * nE + e0 + Index(if2) * nE; });
    fetch(upTileRing.at(stage), validF, validE, [&](int if2) { return up + Index(f0) * nE + e0 + Index(if2) * nE; });
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
    const int validE = minimum(BE, nE - e0);
    eRingStage = stageAfter<eRingStages>(eRingStage);
    waitCopies<eRingStages - 2>();
    take(gateTile, gateTileRing.at(eRingStage));
    take(upTile, upTileRing.at(eRingStage));
    if (e0 + (eRingStages - 1) * BE < eRingEnd) eRingLoad(e0 + (eRingStages - 1) * BE, stageBefore<eRingStages>(eRingStage));
    commitCopies();
    take(xTile, xTileNext);
    eAheadLoad(e0 + BE);
    // swiglu.ts:9  a = dot(x, gate, 'e')
    each(aTerms, [&](At at) {
      aTerms[at] = xTile[at] * gateTile[at];
    });
    joinRows<Sum, apart>(a, aTerms, validE);
    // swiglu.ts:10  b = dot(x, up, 'e')
    each(aTerms, [&](At at) {
      aTerms[at] = xTile[at] * upTile[at];
    });
    joinRows<Sum, apart>(b, aTerms, validE);
  }
  // swiglu.ts:9  a = dot(x, gate, 'e')
  unite<Sum>(a);
  // swiglu.ts:10  b = dot(x, up, 'e')
  unite<Sum>(b);
  // swiglu.ts:11  map(a, b, gated)
  each(value, [&](At at) {
    value[at] = a[at] / (1.0f + math::exp(-a[at])) * b[at];
  });
  each(value, [&](At at, int if2) {
    if (if2 < validF && isOwner<decltype(value)>()) out[Index(q0) * nF + f0 + if2] = float(value[at]);
  });
}
}  // namespace swiglu_f32_one_block

KERNEL(128, 1) swiglu_f32_one(const float* __restrict__ x, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace swiglu_f32_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, nQ, blocks(nF, BF));
  if (inVectors<4>(gate, nE) && inVectors<4>(up, nE) && inVectors<4>(x, nE)) block<true>(x, gate, up, out, nE, nF, tile.row, tile.column * BF);
  else block<false>(x, gate, up, out, nE, nF, tile.row, tile.column * BF);
}

// fold over e carrying (a, b), certificate 963d
// Blocks: e 32, q 16, f 64; 128 threads; shared 81 KiB.
namespace swiglu_f32_few_block {
constexpr int BQ = 16, BF = 64, BE = 32;
using Warps = Accumulators<1, 4>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> a;
  Warps::Tile<BQ, BF> b;
  const Ring<Operand<float, BQ, BE>, 4> xTile{sharedAt<float>(0)};
  const Ring<Operand<float, BF, BE>, 4> gateTile{sharedAt<float>(9216)};
  const Ring<Operand<float, BF, BE>, 4> upTile{sharedAt<float>(46080)};
  // swiglu.ts:9  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:10  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:8  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 4;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gateTile.at(stage), validF, validE, gate + Index(f0) * nE + e0, nE);
    copyRows<Warps::threads>(upTile.at(stage), validF, validE, up + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // swiglu.ts:11  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // swiglu.ts:8  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // swiglu.ts:9  a = dot(x, gate, 'e')
    mma<accumulate>(a, xTile.at(ePipeStage), transposed(gateTile.at(ePipeStage)));
    // swiglu.ts:10  b = dot(x, up, 'e')
    mma<accumulate>(b, xTile.at(ePipeStage), transposed(upTile.at(ePipeStage)));
  }
  each(a, [&](At at) {
    a[at] = a[at] / (1.0f + math::exp(-a[at])) * b[at];
  });
  store(a, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace swiglu_f32_few_block

KERNEL(128, 1) swiglu_f32_few(const float* __restrict__ x, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace swiglu_f32_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gate, up, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (a, b), certificate 963d
// Blocks: e 16, q 64, f 64; 128 threads; shared 45 KiB.
namespace swiglu_f32_block {
constexpr int BQ = 64, BF = 64, BE = 16;
using Warps = Accumulators<2, 2>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> a;
  Warps::Tile<BQ, BF> b;
  const Ring<Operand<float, BQ, BE>, 3> xTile{sharedAt<float>(0)};
  const Ring<Operand<float, BF, BE>, 3> gateTile{sharedAt<float>(15360)};
  const Ring<Operand<float, BF, BE>, 3> upTile{sharedAt<float>(30720)};
  // swiglu.ts:9  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:10  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:8  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gateTile.at(stage), validF, validE, gate + Index(f0) * nE + e0, nE);
    copyRows<Warps::threads>(upTile.at(stage), validF, validE, up + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // swiglu.ts:11  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // swiglu.ts:8  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // swiglu.ts:9  a = dot(x, gate, 'e')
    mma<accumulate>(a, xTile.at(ePipeStage), transposed(gateTile.at(ePipeStage)));
    // swiglu.ts:10  b = dot(x, up, 'e')
    mma<accumulate>(b, xTile.at(ePipeStage), transposed(upTile.at(ePipeStage)));
  }
  each(a, [&](At at) {
    a[at] = a[at] / (1.0f + math::exp(-a[at])) * b[at];
  });
  store(a, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace swiglu_f32_block

KERNEL(128, 1) swiglu_f32(const float* __restrict__ x, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace swiglu_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gate, up, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (a, b), certificate 963d
// Blocks: e 512, q 1, f 8; 128 threads; shared 48 KiB.
namespace swiglu_bf16_one_block {
constexpr int BF = 8, BE = 512;
using Warps = Spread<4, 1, 8>;

template <bool IN_VECTORS> DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nE, int nF, int q0, int f0) {
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BF> a;
  Warps::Rows<BF> b;
  Warps::Columns<BE> xTile;
  Warps::Tile<BF, BE> gateTile;
  Warps::Tile<BF, BE> aTerms;
  Warps::Tile<BF, BE> upTile;
  Warps::Rows<BF> value;
  // swiglu.ts:9  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:10  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:11  map(a, b, gated)
  constexpr int eRingStages = IN_VECTORS ? 3 : 2;
  LaneRing<decltype(gateTile), bf16, eRingStages, IN_VECTORS> gateTileRing{sharedAt<bf16>(0)};
  LaneRing<decltype(upTile), bf16, eRingStages, IN_VECTORS> upTileRing{sharedAt<bf16>(24576)};
  const auto eRingLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    fetch(gateTileRing.at(stage), validF, validE, [&](int if2) { return gate + Index(f0) * nE + e0 + Index(if2) * nE; });
    fetch(upTileRing.at(stage), validF, validE, [&](int if2) { return up + Index(f0) * nE + e0 + Index(if2) * nE; });
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
    const int validE = minimum(BE, nE - e0);
    eRingStage = stageAfter<eRingStages>(eRingStage);
    waitCopies<eRingStages - 2>();
    take(gateTile, gateTileRing.at(eRingStage));
    take(upTile, upTileRing.at(eRingStage));
    if (e0 + (eRingStages - 1) * BE < eRingEnd) eRingLoad(e0 + (eRingStages - 1) * BE, stageBefore<eRingStages>(eRingStage));
    commitCopies();
    take(xTile, xTileNext);
    eAheadLoad(e0 + BE);
    // swiglu.ts:9  a = dot(x, gate, 'e')
    each(aTerms, [&](At at) {
      aTerms[at] = xTile[at] * gateTile[at];
    });
    joinRows<Sum, apart>(a, aTerms, validE);
    // swiglu.ts:10  b = dot(x, up, 'e')
    each(aTerms, [&](At at) {
      aTerms[at] = xTile[at] * upTile[at];
    });
    joinRows<Sum, apart>(b, aTerms, validE);
  }
  // swiglu.ts:9  a = dot(x, gate, 'e')
  unite<Sum>(a);
  // swiglu.ts:10  b = dot(x, up, 'e')
  unite<Sum>(b);
  // swiglu.ts:11  map(a, b, gated)
  each(value, [&](At at) {
    value[at] = quotient(a[at], 1.0f + math::exp(-a[at])) * b[at];
  });
  each(value, [&](At at, int if2) {
    if (if2 < validF && isOwner<decltype(value)>()) out[Index(q0) * nF + f0 + if2] = bf16(value[at]);
  });
}
}  // namespace swiglu_bf16_one_block

KERNEL(128, 1) swiglu_bf16_one(const bf16* __restrict__ x, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace swiglu_bf16_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, nQ, blocks(nF, BF));
  if (inVectors<8>(gate, nE) && inVectors<8>(up, nE) && inVectors<8>(x, nE)) block<true>(x, gate, up, out, nE, nF, tile.row, tile.column * BF);
  else block<false>(x, gate, up, out, nE, nF, tile.row, tile.column * BF);
}

// fold over e carrying (a, b), certificate 963d
// Blocks: e 128, q 16, f 64; 128 threads; shared 144 KiB.
namespace swiglu_bf16_few_block {
constexpr int BQ = 16, BF = 64, BE = 128;
using Warps = Accumulators<1, 4>;

DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> a;
  Warps::Tile<BQ, BF> b;
  const Ring<Operand<bf16, BQ, BE>, 4> xTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BF, BE>, 4> gateTile{sharedAt<bf16>(16384)};
  const Ring<Operand<bf16, BF, BE>, 4> upTile{sharedAt<bf16>(81920)};
  // swiglu.ts:9  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:10  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:8  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 4;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gateTile.at(stage), validF, validE, gate + Index(f0) * nE + e0, nE);
    copyRows<Warps::threads>(upTile.at(stage), validF, validE, up + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // swiglu.ts:11  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // swiglu.ts:8  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // swiglu.ts:9  a = dot(x, gate, 'e')
    mma<accumulate>(a, xTile.at(ePipeStage), transposed(gateTile.at(ePipeStage)));
    // swiglu.ts:10  b = dot(x, up, 'e')
    mma<accumulate>(b, xTile.at(ePipeStage), transposed(upTile.at(ePipeStage)));
  }
  each(a, [&](At at) {
    a[at] = quotient(a[at], 1.0f + math::exp(-a[at])) * b[at];
  });
  store(a, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace swiglu_bf16_few_block

KERNEL(128, 1) swiglu_bf16_few(const bf16* __restrict__ x, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace swiglu_bf16_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gate, up, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (a, b), certificate 963d
// Blocks: e 64, q 128, f 128; 256 threads; shared 144 KiB.
namespace swiglu_bf16_block {
constexpr int BQ = 128, BF = 128, BE = 64;
using Warps = Accumulators<4, 2>;

DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> a;
  Warps::Tile<BQ, BF> b;
  const Ring<Operand<bf16, BQ, BE>, 3> xTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BF, BE>, 3> gateTile{sharedAt<bf16>(49152)};
  const Ring<Operand<bf16, BF, BE>, 3> upTile{sharedAt<bf16>(98304)};
  // swiglu.ts:9  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:10  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:8  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gateTile.at(stage), validF, validE, gate + Index(f0) * nE + e0, nE);
    copyRows<Warps::threads>(upTile.at(stage), validF, validE, up + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // swiglu.ts:11  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // swiglu.ts:8  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // swiglu.ts:9  a = dot(x, gate, 'e')
    mma<accumulate>(a, xTile.at(ePipeStage), transposed(gateTile.at(ePipeStage)));
    // swiglu.ts:10  b = dot(x, up, 'e')
    mma<accumulate>(b, xTile.at(ePipeStage), transposed(upTile.at(ePipeStage)));
  }
  each(a, [&](At at) {
    a[at] = quotient(a[at], 1.0f + math::exp(-a[at])) * b[at];
  });
  store(a, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace swiglu_bf16_block

KERNEL(256, 1) swiglu_bf16(const bf16* __restrict__ x, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace swiglu_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gate, up, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}
