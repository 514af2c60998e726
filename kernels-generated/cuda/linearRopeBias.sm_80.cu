// linearRopeBias, sm_80. From runtime/kernels/linearRope.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (acc), certificate 9a49
// Blocks: e 256, q 1, h 1, d 4; 128 threads; shared 32 KiB.
namespace linearRopeBias_f32_d32_one_block {
constexpr int BD = 4, BE = 256, P = 2, D = 32;
using Warps = Spread<4, 1, 4>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nE, int nH, int q0, int h0, int d0) {
  Warps::Rows<BD> accAt0;
  Warps::Rows<BD> accAt1;
  Warps::Columns<BE> xTile;
  Warps::Tile<BD, BE> wTileAt0;
  Warps::Tile<BD, BE> wTileAt1;
  Warps::Tile<BD, BE> productTermsAt0;
  Warps::Tile<BD, BE> productTermsAt1;
  Warps::Rows<BD> biasTileAt0;
  Warps::Rows<BD> biasTileAt1;
  Warps::Rows<BD> valueAt0;
  Warps::Rows<BD> valueAt1;
  Warps::Rows<BD> cosTile;
  Warps::Rows<BD> otherAt0;
  Warps::Rows<BD> otherAt1;
  Warps::Rows<BD> sinTile;
  Warps::Rows<BD> value3At0;
  Warps::Rows<BD> value3At1;
  each(biasTileAt0, [&](At at, int id) {
    biasTileAt0[at] = float(bias[Index(h0) * P * D + d0 + id]);
  });
  each(biasTileAt1, [&](At at, int id) {
    biasTileAt1[at] = float(bias[(Index(h0) * P + 1) * D + d0 + id]);
  });
  each(cosTile, [&](At at, int id) {
    cosTile[at] = float(cos[Index(q0) * D + d0 + id]);
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = float(sin[Index(q0) * D + d0 + id]);
  });
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  constexpr int eRingStages = IN_VECTORS ? 4 : 2;
  LaneRing<decltype(wTileAt0), float, eRingStages, IN_VECTORS> wTileAt0Ring{sharedAt<float>(0)};
  LaneRing<decltype(wTileAt1), float, eRingStages, IN_VECTORS> wTileAt1Ring{sharedAt<float>(16384)};
  const auto eRingLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    fetch(wTileAt0Ring.at(stage), BD, validE, [&](int id) { return w + (Index(h0) * P * D + d0) * nE + e0 + Index(id) * nE; });
    fetch(wTileAt1Ring.at(stage), BD, validE, [&](int id) { return w + ((Index(h0) * P + 1) * D + d0) * nE + e0 + Index(id) * nE; });
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
    take(wTileAt0, wTileAt0Ring.at(eRingStage));
    take(wTileAt1, wTileAt1Ring.at(eRingStage));
    if (e0 + (eRingStages - 1) * BE < eRingEnd) eRingLoad(e0 + (eRingStages - 1) * BE, stageBefore<eRingStages>(eRingStage));
    commitCopies();
    take(xTile, xTileNext);
    eAheadLoad(e0 + BE);
    each(productTermsAt0, [&](At at) {
      productTermsAt0[at] = xTile[at] * wTileAt0[at];
    });
    each(productTermsAt1, [&](At at) {
      productTermsAt1[at] = xTile[at] * wTileAt1[at];
    });
    joinRows<Sum, apart>(accAt0, productTermsAt0, validE);
    joinRows<Sum, apart>(accAt1, productTermsAt1, validE);
  }
  unite<Sum>(accAt0);
  unite<Sum>(accAt1);
  each(valueAt0, [&](At at) {
    valueAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(valueAt1, [&](At at) {
    valueAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = valueAt1;
  otherAt1 = valueAt0;
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(value3At0, [&](At at) {
    value3At0[at] = valueAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(value3At1, [&](At at) {
    value3At1[at] = valueAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  each(value3At0, [&](At at, int id) {
    if (isOwner<decltype(value3At0)>()) out[((Index(q0) * nH + h0) * P) * D + d0 + id] = float(value3At0[at]);
  });
  each(value3At1, [&](At at, int id) {
    if (isOwner<decltype(value3At1)>()) out[((Index(q0) * nH + h0) * P + 1) * D + d0 + id] = float(value3At1[at]);
  });
}
}  // namespace linearRopeBias_f32_d32_one_block

KERNEL(128, 1) linearRopeBias_f32_d32_one(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_f32_d32_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
  if (inVectors<4>(w, nE) && inVectors<4>(w, nE) && inVectors<4>(x, nE)) block<true>(x, w, bias, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
  else block<false>(x, w, bias, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 32, q 16, h 1, d 32; 64 threads; shared 45 KiB.
namespace linearRopeBias_f32_d32_few_block {
constexpr int BQ = 16, D = 32, BE = 32, P = 2;
using Warps = Accumulators<1, 2>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 4> xTile{sharedAt<float>(0)};
  const Ring<Operand<float, D, BE>, 4> wTileAt0{sharedAt<float>(9216)};
  const Ring<Operand<float, D, BE>, 4> wTileAt1{sharedAt<float>(27648)};
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> valueAt0;
  Warps::Tile<BQ, D> valueAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  Warps::Tile<BQ, D> value3At0;
  Warps::Tile<BQ, D> value3At1;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:30  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 4;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt0, xTile.at(ePipeStage), transposed(wTileAt0.at(ePipeStage)));
    mma<accumulate>(accAt1, xTile.at(ePipeStage), transposed(wTileAt1.at(ePipeStage)));
  }
  loadLine(biasTileAt0, D, bias + Index(h0) * P * D + d0);
  loadLine(biasTileAt1, D, bias + (Index(h0) * P + 1) * D + d0);
  each(valueAt0, [&](At at) {
    valueAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(valueAt1, [&](At at) {
    valueAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = valueAt1;
  otherAt1 = valueAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(value3At0, [&](At at) {
    value3At0[at] = valueAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(value3At1, [&](At at) {
    value3At1[at] = valueAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(value3At0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(value3At1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_f32_d32_few_block

KERNEL(64, 1) linearRopeBias_f32_d32_few(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_f32_d32_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 16, q 64, h 1, d 32; 128 threads; shared 30 KiB.
namespace linearRopeBias_f32_d32_block {
constexpr int BQ = 64, D = 32, BE = 16, P = 2;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 3> xTile{sharedAt<float>(0)};
  const Ring<Operand<float, D, BE>, 3> wTileAt0{sharedAt<float>(15360)};
  const Ring<Operand<float, D, BE>, 3> wTileAt1{sharedAt<float>(23040)};
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:30  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt0, xTile.at(ePipeStage), transposed(wTileAt0.at(ePipeStage)));
    mma<accumulate>(accAt1, xTile.at(ePipeStage), transposed(wTileAt1.at(ePipeStage)));
  }
  loadLine(biasTileAt0, D, bias + Index(h0) * P * D + d0);
  loadLine(biasTileAt1, D, bias + (Index(h0) * P + 1) * D + d0);
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_f32_d32_block

KERNEL(128, 1) linearRopeBias_f32_d32(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_f32_d32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 256, q 1, h 1, d 4; 128 threads; shared 32 KiB.
namespace linearRopeBias_f32_d64_one_block {
constexpr int BD = 4, BE = 256, P = 2, D = 64;
using Warps = Spread<4, 1, 4>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nE, int nH, int q0, int h0, int d0) {
  Warps::Rows<BD> accAt0;
  Warps::Rows<BD> accAt1;
  Warps::Columns<BE> xTile;
  Warps::Tile<BD, BE> wTileAt0;
  Warps::Tile<BD, BE> wTileAt1;
  Warps::Tile<BD, BE> productTermsAt0;
  Warps::Tile<BD, BE> productTermsAt1;
  Warps::Rows<BD> biasTileAt0;
  Warps::Rows<BD> biasTileAt1;
  Warps::Rows<BD> valueAt0;
  Warps::Rows<BD> valueAt1;
  Warps::Rows<BD> cosTile;
  Warps::Rows<BD> otherAt0;
  Warps::Rows<BD> otherAt1;
  Warps::Rows<BD> sinTile;
  Warps::Rows<BD> value3At0;
  Warps::Rows<BD> value3At1;
  each(biasTileAt0, [&](At at, int id) {
    biasTileAt0[at] = float(bias[Index(h0) * P * D + d0 + id]);
  });
  each(biasTileAt1, [&](At at, int id) {
    biasTileAt1[at] = float(bias[(Index(h0) * P + 1) * D + d0 + id]);
  });
  each(cosTile, [&](At at, int id) {
    cosTile[at] = float(cos[Index(q0) * D + d0 + id]);
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = float(sin[Index(q0) * D + d0 + id]);
  });
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  constexpr int eRingStages = IN_VECTORS ? 4 : 2;
  LaneRing<decltype(wTileAt0), float, eRingStages, IN_VECTORS> wTileAt0Ring{sharedAt<float>(0)};
  LaneRing<decltype(wTileAt1), float, eRingStages, IN_VECTORS> wTileAt1Ring{sharedAt<float>(16384)};
  const auto eRingLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    fetch(wTileAt0Ring.at(stage), BD, validE, [&](int id) { return w + (Index(h0) * P * D + d0) * nE + e0 + Index(id) * nE; });
    fetch(wTileAt1Ring.at(stage), BD, validE, [&](int id) { return w + ((Index(h0) * P + 1) * D + d0) * nE + e0 + Index(id) * nE; });
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
    take(wTileAt0, wTileAt0Ring.at(eRingStage));
    take(wTileAt1, wTileAt1Ring.at(eRingStage));
    if (e0 + (eRingStages - 1) * BE < eRingEnd) eRingLoad(e0 + (eRingStages - 1) * BE, stageBefore<eRingStages>(eRingStage));
    commitCopies();
    take(xTile, xTileNext);
    eAheadLoad(e0 + BE);
    each(productTermsAt0, [&](At at) {
      productTermsAt0[at] = xTile[at] * wTileAt0[at];
    });
    each(productTermsAt1, [&](At at) {
      productTermsAt1[at] = xTile[at] * wTileAt1[at];
    });
    joinRows<Sum, apart>(accAt0, productTermsAt0, validE);
    joinRows<Sum, apart>(accAt1, productTermsAt1, validE);
  }
  unite<Sum>(accAt0);
  unite<Sum>(accAt1);
  each(valueAt0, [&](At at) {
    valueAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(valueAt1, [&](At at) {
    valueAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = valueAt1;
  otherAt1 = valueAt0;
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(value3At0, [&](At at) {
    value3At0[at] = valueAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(value3At1, [&](At at) {
    value3At1[at] = valueAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  each(value3At0, [&](At at, int id) {
    if (isOwner<decltype(value3At0)>()) out[((Index(q0) * nH + h0) * P) * D + d0 + id] = float(value3At0[at]);
  });
  each(value3At1, [&](At at, int id) {
    if (isOwner<decltype(value3At1)>()) out[((Index(q0) * nH + h0) * P + 1) * D + d0 + id] = float(value3At1[at]);
  });
}
}  // namespace linearRopeBias_f32_d64_one_block

KERNEL(128, 1) linearRopeBias_f32_d64_one(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_f32_d64_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
  if (inVectors<4>(w, nE) && inVectors<4>(w, nE) && inVectors<4>(x, nE)) block<true>(x, w, bias, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
  else block<false>(x, w, bias, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 32, q 16, h 1, d 64; 128 threads; shared 81 KiB.
namespace linearRopeBias_f32_d64_few_block {
constexpr int BQ = 16, D = 64, BE = 32, P = 2;
using Warps = Accumulators<1, 4>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 4> xTile{sharedAt<float>(0)};
  const Ring<Operand<float, D, BE>, 4> wTileAt0{sharedAt<float>(9216)};
  const Ring<Operand<float, D, BE>, 4> wTileAt1{sharedAt<float>(46080)};
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:30  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 4;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt0, xTile.at(ePipeStage), transposed(wTileAt0.at(ePipeStage)));
    mma<accumulate>(accAt1, xTile.at(ePipeStage), transposed(wTileAt1.at(ePipeStage)));
  }
  loadLine(biasTileAt0, D, bias + Index(h0) * P * D + d0);
  loadLine(biasTileAt1, D, bias + (Index(h0) * P + 1) * D + d0);
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_f32_d64_few_block

KERNEL(128, 1) linearRopeBias_f32_d64_few(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_f32_d64_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 16, q 64, h 1, d 64; 128 threads; shared 45 KiB.
namespace linearRopeBias_f32_d64_block {
constexpr int BQ = 64, D = 64, BE = 16, P = 2;
using Warps = Accumulators<2, 2>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 3> xTile{sharedAt<float>(0)};
  const Ring<Operand<float, D, BE>, 3> wTileAt0{sharedAt<float>(15360)};
  const Ring<Operand<float, D, BE>, 3> wTileAt1{sharedAt<float>(30720)};
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:30  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt0, xTile.at(ePipeStage), transposed(wTileAt0.at(ePipeStage)));
    mma<accumulate>(accAt1, xTile.at(ePipeStage), transposed(wTileAt1.at(ePipeStage)));
  }
  loadLine(biasTileAt0, D, bias + Index(h0) * P * D + d0);
  loadLine(biasTileAt1, D, bias + (Index(h0) * P + 1) * D + d0);
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_f32_d64_block

KERNEL(128, 1) linearRopeBias_f32_d64(const float* __restrict__ x, const float* __restrict__ w, const float* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_f32_d64_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 512, q 1, h 1, d 4; 128 threads; shared 32 KiB.
namespace linearRopeBias_bf16_d32_one_block {
constexpr int BD = 4, BE = 512, P = 2, D = 32;
using Warps = Spread<4, 1, 8>;

template <bool IN_VECTORS> DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nE, int nH, int q0, int h0, int d0) {
  Warps::Rows<BD> accAt0;
  Warps::Rows<BD> accAt1;
  Warps::Columns<BE> xTile;
  Warps::Tile<BD, BE> wTileAt0;
  Warps::Tile<BD, BE> wTileAt1;
  Warps::Tile<BD, BE> productTermsAt0;
  Warps::Tile<BD, BE> productTermsAt1;
  Warps::Rows<BD> biasTileAt0;
  Warps::Rows<BD> biasTileAt1;
  Warps::Rows<BD> valueAt0;
  Warps::Rows<BD> valueAt1;
  Warps::Rows<BD> cosTile;
  Warps::Rows<BD> otherAt0;
  Warps::Rows<BD> otherAt1;
  Warps::Rows<BD> sinTile;
  Warps::Rows<BD> value3At0;
  Warps::Rows<BD> value3At1;
  each(biasTileAt0, [&](At at, int id) {
    biasTileAt0[at] = float(bias[Index(h0) * P * D + d0 + id]);
  });
  each(biasTileAt1, [&](At at, int id) {
    biasTileAt1[at] = float(bias[(Index(h0) * P + 1) * D + d0 + id]);
  });
  each(cosTile, [&](At at, int id) {
    cosTile[at] = float(cos[Index(q0) * D + d0 + id]);
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = float(sin[Index(q0) * D + d0 + id]);
  });
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  constexpr int eRingStages = IN_VECTORS ? 4 : 2;
  LaneRing<decltype(wTileAt0), bf16, eRingStages, IN_VECTORS> wTileAt0Ring{sharedAt<bf16>(0)};
  LaneRing<decltype(wTileAt1), bf16, eRingStages, IN_VECTORS> wTileAt1Ring{sharedAt<bf16>(16384)};
  const auto eRingLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    fetch(wTileAt0Ring.at(stage), BD, validE, [&](int id) { return w + (Index(h0) * P * D + d0) * nE + e0 + Index(id) * nE; });
    fetch(wTileAt1Ring.at(stage), BD, validE, [&](int id) { return w + ((Index(h0) * P + 1) * D + d0) * nE + e0 + Index(id) * nE; });
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
    take(wTileAt0, wTileAt0Ring.at(eRingStage));
    take(wTileAt1, wTileAt1Ring.at(eRingStage));
    if (e0 + (eRingStages - 1) * BE < eRingEnd) eRingLoad(e0 + (eRingStages - 1) * BE, stageBefore<eRingStages>(eRingStage));
    commitCopies();
    take(xTile, xTileNext);
    eAheadLoad(e0 + BE);
    each(productTermsAt0, [&](At at) {
      productTermsAt0[at] = xTile[at] * wTileAt0[at];
    });
    each(productTermsAt1, [&](At at) {
      productTermsAt1[at] = xTile[at] * wTileAt1[at];
    });
    joinRows<Sum, apart>(accAt0, productTermsAt0, validE);
    joinRows<Sum, apart>(accAt1, productTermsAt1, validE);
  }
  unite<Sum>(accAt0);
  unite<Sum>(accAt1);
  each(valueAt0, [&](At at) {
    valueAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(valueAt1, [&](At at) {
    valueAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = valueAt1;
  otherAt1 = valueAt0;
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(value3At0, [&](At at) {
    value3At0[at] = valueAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(value3At1, [&](At at) {
    value3At1[at] = valueAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  each(value3At0, [&](At at, int id) {
    if (isOwner<decltype(value3At0)>()) out[((Index(q0) * nH + h0) * P) * D + d0 + id] = bf16(value3At0[at]);
  });
  each(value3At1, [&](At at, int id) {
    if (isOwner<decltype(value3At1)>()) out[((Index(q0) * nH + h0) * P + 1) * D + d0 + id] = bf16(value3At1[at]);
  });
}
}  // namespace linearRopeBias_bf16_d32_one_block

KERNEL(128, 1) linearRopeBias_bf16_d32_one(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_bf16_d32_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
  if (inVectors<8>(w, nE) && inVectors<8>(w, nE) && inVectors<8>(x, nE)) block<true>(x, w, bias, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
  else block<false>(x, w, bias, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 128, q 16, h 1, d 32; 64 threads; shared 80 KiB.
namespace linearRopeBias_bf16_d32_few_block {
constexpr int BQ = 16, D = 32, BE = 128, P = 2;
using Warps = Accumulators<1, 2>;

DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<bf16, BQ, BE>, 4> xTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, D, BE>, 4> wTileAt0{sharedAt<bf16>(16384)};
  const Ring<Operand<bf16, D, BE>, 4> wTileAt1{sharedAt<bf16>(49152)};
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> valueAt0;
  Warps::Tile<BQ, D> valueAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  Warps::Tile<BQ, D> value3At0;
  Warps::Tile<BQ, D> value3At1;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:30  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 4;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt0, xTile.at(ePipeStage), transposed(wTileAt0.at(ePipeStage)));
    mma<accumulate>(accAt1, xTile.at(ePipeStage), transposed(wTileAt1.at(ePipeStage)));
  }
  loadLine(biasTileAt0, D, bias + Index(h0) * P * D + d0);
  loadLine(biasTileAt1, D, bias + (Index(h0) * P + 1) * D + d0);
  each(valueAt0, [&](At at) {
    valueAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(valueAt1, [&](At at) {
    valueAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = valueAt1;
  otherAt1 = valueAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(value3At0, [&](At at) {
    value3At0[at] = valueAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(value3At1, [&](At at) {
    value3At1[at] = valueAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(value3At0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(value3At1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_bf16_d32_few_block

KERNEL(64, 1) linearRopeBias_bf16_d32_few(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_bf16_d32_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 64, q 128, h 1, d 32; 256 threads; shared 72 KiB.
namespace linearRopeBias_bf16_d32_block {
constexpr int BQ = 128, D = 32, BE = 64, P = 2;
using Warps = Accumulators<8, 1>;

DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<bf16, BQ, BE>, 3> xTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, D, BE>, 3> wTileAt0{sharedAt<bf16>(49152)};
  const Ring<Operand<bf16, D, BE>, 3> wTileAt1{sharedAt<bf16>(61440)};
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:30  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt0, xTile.at(ePipeStage), transposed(wTileAt0.at(ePipeStage)));
    mma<accumulate>(accAt1, xTile.at(ePipeStage), transposed(wTileAt1.at(ePipeStage)));
  }
  loadLine(biasTileAt0, D, bias + Index(h0) * P * D + d0);
  loadLine(biasTileAt1, D, bias + (Index(h0) * P + 1) * D + d0);
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_bf16_d32_block

KERNEL(256, 1) linearRopeBias_bf16_d32(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_bf16_d32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 512, q 1, h 1, d 4; 128 threads; shared 32 KiB.
namespace linearRopeBias_bf16_d64_one_block {
constexpr int BD = 4, BE = 512, P = 2, D = 64;
using Warps = Spread<4, 1, 8>;

template <bool IN_VECTORS> DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nE, int nH, int q0, int h0, int d0) {
  Warps::Rows<BD> accAt0;
  Warps::Rows<BD> accAt1;
  Warps::Columns<BE> xTile;
  Warps::Tile<BD, BE> wTileAt0;
  Warps::Tile<BD, BE> wTileAt1;
  Warps::Tile<BD, BE> productTermsAt0;
  Warps::Tile<BD, BE> productTermsAt1;
  Warps::Rows<BD> biasTileAt0;
  Warps::Rows<BD> biasTileAt1;
  Warps::Rows<BD> valueAt0;
  Warps::Rows<BD> valueAt1;
  Warps::Rows<BD> cosTile;
  Warps::Rows<BD> otherAt0;
  Warps::Rows<BD> otherAt1;
  Warps::Rows<BD> sinTile;
  Warps::Rows<BD> value3At0;
  Warps::Rows<BD> value3At1;
  each(biasTileAt0, [&](At at, int id) {
    biasTileAt0[at] = float(bias[Index(h0) * P * D + d0 + id]);
  });
  each(biasTileAt1, [&](At at, int id) {
    biasTileAt1[at] = float(bias[(Index(h0) * P + 1) * D + d0 + id]);
  });
  each(cosTile, [&](At at, int id) {
    cosTile[at] = float(cos[Index(q0) * D + d0 + id]);
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = float(sin[Index(q0) * D + d0 + id]);
  });
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  constexpr int eRingStages = IN_VECTORS ? 4 : 2;
  LaneRing<decltype(wTileAt0), bf16, eRingStages, IN_VECTORS> wTileAt0Ring{sharedAt<bf16>(0)};
  LaneRing<decltype(wTileAt1), bf16, eRingStages, IN_VECTORS> wTileAt1Ring{sharedAt<bf16>(16384)};
  const auto eRingLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    fetch(wTileAt0Ring.at(stage), BD, validE, [&](int id) { return w + (Index(h0) * P * D + d0) * nE + e0 + Index(id) * nE; });
    fetch(wTileAt1Ring.at(stage), BD, validE, [&](int id) { return w + ((Index(h0) * P + 1) * D + d0) * nE + e0 + Index(id) * nE; });
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
    take(wTileAt0, wTileAt0Ring.at(eRingStage));
    take(wTileAt1, wTileAt1Ring.at(eRingStage));
    if (e0 + (eRingStages - 1) * BE < eRingEnd) eRingLoad(e0 + (eRingStages - 1) * BE, stageBefore<eRingStages>(eRingStage));
    commitCopies();
    take(xTile, xTileNext);
    eAheadLoad(e0 + BE);
    each(productTermsAt0, [&](At at) {
      productTermsAt0[at] = xTile[at] * wTileAt0[at];
    });
    each(productTermsAt1, [&](At at) {
      productTermsAt1[at] = xTile[at] * wTileAt1[at];
    });
    joinRows<Sum, apart>(accAt0, productTermsAt0, validE);
    joinRows<Sum, apart>(accAt1, productTermsAt1, validE);
  }
  unite<Sum>(accAt0);
  unite<Sum>(accAt1);
  each(valueAt0, [&](At at) {
    valueAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(valueAt1, [&](At at) {
    valueAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = valueAt1;
  otherAt1 = valueAt0;
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(value3At0, [&](At at) {
    value3At0[at] = valueAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(value3At1, [&](At at) {
    value3At1[at] = valueAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  each(value3At0, [&](At at, int id) {
    if (isOwner<decltype(value3At0)>()) out[((Index(q0) * nH + h0) * P) * D + d0 + id] = bf16(value3At0[at]);
  });
  each(value3At1, [&](At at, int id) {
    if (isOwner<decltype(value3At1)>()) out[((Index(q0) * nH + h0) * P + 1) * D + d0 + id] = bf16(value3At1[at]);
  });
}
}  // namespace linearRopeBias_bf16_d64_one_block

KERNEL(128, 1) linearRopeBias_bf16_d64_one(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_bf16_d64_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
  if (inVectors<8>(w, nE) && inVectors<8>(w, nE) && inVectors<8>(x, nE)) block<true>(x, w, bias, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
  else block<false>(x, w, bias, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 128, q 16, h 1, d 64; 128 threads; shared 144 KiB.
namespace linearRopeBias_bf16_d64_few_block {
constexpr int BQ = 16, D = 64, BE = 128, P = 2;
using Warps = Accumulators<1, 4>;

DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<bf16, BQ, BE>, 4> xTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, D, BE>, 4> wTileAt0{sharedAt<bf16>(16384)};
  const Ring<Operand<bf16, D, BE>, 4> wTileAt1{sharedAt<bf16>(81920)};
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:30  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 4;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt0, xTile.at(ePipeStage), transposed(wTileAt0.at(ePipeStage)));
    mma<accumulate>(accAt1, xTile.at(ePipeStage), transposed(wTileAt1.at(ePipeStage)));
  }
  loadLine(biasTileAt0, D, bias + Index(h0) * P * D + d0);
  loadLine(biasTileAt1, D, bias + (Index(h0) * P + 1) * D + d0);
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_bf16_d64_few_block

KERNEL(128, 1) linearRopeBias_bf16_d64_few(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_bf16_d64_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 64, q 128, h 1, d 64; 256 threads; shared 96 KiB.
namespace linearRopeBias_bf16_d64_block {
constexpr int BQ = 128, D = 64, BE = 64, P = 2;
using Warps = Accumulators<4, 2>;

DEVICE void block(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<bf16, BQ, BE>, 3> xTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, D, BE>, 3> wTileAt0{sharedAt<bf16>(49152)};
  const Ring<Operand<bf16, D, BE>, 3> wTileAt1{sharedAt<bf16>(73728)};
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:30  x = x: In<E, ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTile.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt0, xTile.at(ePipeStage), transposed(wTileAt0.at(ePipeStage)));
    mma<accumulate>(accAt1, xTile.at(ePipeStage), transposed(wTileAt1.at(ePipeStage)));
  }
  loadLine(biasTileAt0, D, bias + Index(h0) * P * D + d0);
  loadLine(biasTileAt1, D, bias + (Index(h0) * P + 1) * D + d0);
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_bf16_d64_block

KERNEL(256, 1) linearRopeBias_bf16_d64(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace linearRopeBias_bf16_d64_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, w, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}
