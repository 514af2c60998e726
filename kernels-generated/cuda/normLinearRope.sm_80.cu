// normLinearRope, sm_80. From runtime/kernels/linearRope.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 256, q 1, h 1, d 4; 128 threads; shared 32 KiB.
namespace normLinearRope_f32_d32_one_block {
constexpr int BD = 4, BE = 256, D = 32, P = 2;
using Warps = Spread<4, 1, 4>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nE, int nH, int q0, int h0, int d0) {
  float squares;
  Warps::Rows<BD> accAt0;
  Warps::Rows<BD> accAt1;
  Warps::Columns<BE> xTile;
  Warps::Columns<BE> value;
  Warps::Columns<BE> gainTile;
  Warps::Columns<BE> value2;
  Warps::Tile<BD, BE> wTileAt0;
  Warps::Tile<BD, BE> wTileAt1;
  Warps::Tile<BD, BE> productTermsAt0;
  Warps::Tile<BD, BE> productTermsAt1;
  Warps::Rows<BD> value4At0;
  Warps::Rows<BD> value4At1;
  Warps::Rows<BD> cosTile;
  Warps::Rows<BD> otherAt0;
  Warps::Rows<BD> otherAt1;
  Warps::Rows<BD> sinTile;
  Warps::Rows<BD> value6At0;
  Warps::Rows<BD> value6At1;
  each(cosTile, [&](At at, int id) {
    cosTile[at] = float(cos[Index(q0) * D + d0 + id]);
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = float(sin[Index(q0) * D + d0 + id]);
  });
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
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
  Unread<decltype(gainTile), float, IN_VECTORS> gainTileNext;
  const auto eAheadLoad = [&](int e0) {
    const int validE = minimum(BE, nE - e0);
    fetchLine(xTileNext, validE, x + Index(q0) * nE + e0);
    fetchLine(gainTileNext, validE, gain + e0);
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
    take(gainTile, gainTileNext);
    eAheadLoad(e0 + BE);
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    squares = Sum::join(squares, joinLine<Sum>(value, validE));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    each(productTermsAt0, [&](At at) {
      productTermsAt0[at] = value2[at] * wTileAt0[at];
    });
    each(productTermsAt1, [&](At at) {
      productTermsAt1[at] = value2[at] * wTileAt1[at];
    });
    joinRows<Sum, apart>(accAt0, productTermsAt0, validE);
    joinRows<Sum, apart>(accAt1, productTermsAt1, validE);
  }
  unite<Sum>(accAt0);
  unite<Sum>(accAt1);
  const float epsValue = float(eps);
  const float value3 = 1.0f / std::sqrt(squares / float(maximum(nE, 1)) + epsValue);
  each(value4At0, [&](At at) {
    value4At0[at] = accAt0[at] * value3;
  });
  each(value4At1, [&](At at) {
    value4At1[at] = accAt1[at] * value3;
  });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = value4At1;
  otherAt1 = value4At0;
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(value6At0, [&](At at) {
    value6At0[at] = h0 < turningValue ? value4At0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : value4At0[at];
  });
  each(value6At1, [&](At at) {
    value6At1[at] = h0 < turningValue ? value4At1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : value4At1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  each(value6At0, [&](At at, int id) {
    if (isOwner<decltype(value6At0)>()) out[((Index(q0) * nH + h0) * P) * D + d0 + id] = float(value6At0[at]);
  });
  each(value6At1, [&](At at, int id) {
    if (isOwner<decltype(value6At1)>()) out[((Index(q0) * nH + h0) * P + 1) * D + d0 + id] = float(value6At1[at]);
  });
}
}  // namespace normLinearRope_f32_d32_one_block

KERNEL(128, 1) normLinearRope_f32_d32_one(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_f32_d32_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
  if (inVectors<4>(w, nE) && inVectors<4>(w, nE) && inVectors<4>(x, nE) && inVectors<4>(gain, nE)) block<true>(x, gain, eps, w, turning, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
  else block<false>(x, gain, eps, w, turning, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 16, q 16, h 1, d 32; 64 threads; shared 45 KiB.
namespace normLinearRope_f32_d32_few_block {
constexpr int BQ = 16, D = 32, BE = 16, P = 2;
using Warps = Accumulators<1, 2>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 6> xTileAhead{sharedAt<float>(0)};
  Warps::Whole::Tile<BQ, BE> xTile;
  Warps::Whole::Tile<BQ, BE> value;
  const Ring<Operand<float, 1, BE>, 6> gainTileAhead{sharedAt<float>(7680)};
  Warps::Whole::Columns<BE> gainTile;
  Warps::Whole::Tile<BQ, BE> value2;
  const Ring<Operand<float, D, BE>, 6> wTileAt0{sharedAt<float>(15360)};
  const Ring<Operand<float, D, BE>, 6> wTileAt1{sharedAt<float>(30720)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> value4At0;
  Warps::Tile<BQ, D> value4At1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  Warps::Tile<BQ, D> value6At0;
  Warps::Tile<BQ, D> value6At1;
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 6;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    take(xTile, xTileAhead.at(ePipeStage));
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    // linearRope.ts:44  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt0, value2, transposed(wTileAt0.at(ePipeStage)));
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt1, value2, transposed(wTileAt1.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(value4At0, [&](At at) {
    value4At0[at] = accAt0[at] * value3[at];
  });
  each(value4At1, [&](At at) {
    value4At1[at] = accAt1[at] * value3[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = value4At1;
  otherAt1 = value4At0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(value6At0, [&](At at) {
    value6At0[at] = h0 < turningValue ? value4At0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : value4At0[at];
  });
  each(value6At1, [&](At at) {
    value6At1[at] = h0 < turningValue ? value4At1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : value4At1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  store(value6At0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(value6At1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRope_f32_d32_few_block

KERNEL(64, 1) normLinearRope_f32_d32_few(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_f32_d32_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, gain, eps, w, turning, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 16, q 64, h 1, d 32; 128 threads; shared 34 KiB.
namespace normLinearRope_f32_d32_block {
constexpr int BQ = 64, D = 32, BE = 16, P = 2;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 3> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  const Ring<Operand<float, 1, BE>, 3> gainTileAhead{sharedAt<float>(15360)};
  Warps::Columns<BE> gainTile;
  const Ring<Operand<float, D, BE>, 3> wTileAt0{sharedAt<float>(19200)};
  const Ring<Operand<float, D, BE>, 3> wTileAt1{sharedAt<float>(26880)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    take(xTile, xTileAhead.at(ePipeStage));
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    // linearRope.ts:44  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value, [&](At at) {
      value[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value, validE);
    mmaRegisters<accumulate>(accAt0, value, transposed(wTileAt0.at(ePipeStage)));
    keepColumns(value, validE);
    mmaRegisters<accumulate>(accAt1, value, transposed(wTileAt1.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  scaleRows(accAt0, value3);
  scaleRows(accAt1, value3);
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(accAt0, [&](At at) {
    accAt0[at] = h0 < turningValue ? accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : accAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = h0 < turningValue ? accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : accAt1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRope_f32_d32_block

KERNEL(128, 1) normLinearRope_f32_d32(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_f32_d32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, gain, eps, w, turning, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 256, q 1, h 1, d 4; 128 threads; shared 32 KiB.
namespace normLinearRope_f32_d64_one_block {
constexpr int BD = 4, BE = 256, D = 64, P = 2;
using Warps = Spread<4, 1, 4>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nE, int nH, int q0, int h0, int d0) {
  float squares;
  Warps::Rows<BD> accAt0;
  Warps::Rows<BD> accAt1;
  Warps::Columns<BE> xTile;
  Warps::Columns<BE> value;
  Warps::Columns<BE> gainTile;
  Warps::Columns<BE> value2;
  Warps::Tile<BD, BE> wTileAt0;
  Warps::Tile<BD, BE> wTileAt1;
  Warps::Tile<BD, BE> productTermsAt0;
  Warps::Tile<BD, BE> productTermsAt1;
  Warps::Rows<BD> value4At0;
  Warps::Rows<BD> value4At1;
  Warps::Rows<BD> cosTile;
  Warps::Rows<BD> otherAt0;
  Warps::Rows<BD> otherAt1;
  Warps::Rows<BD> sinTile;
  Warps::Rows<BD> value6At0;
  Warps::Rows<BD> value6At1;
  each(cosTile, [&](At at, int id) {
    cosTile[at] = float(cos[Index(q0) * D + d0 + id]);
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = float(sin[Index(q0) * D + d0 + id]);
  });
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
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
  Unread<decltype(gainTile), float, IN_VECTORS> gainTileNext;
  const auto eAheadLoad = [&](int e0) {
    const int validE = minimum(BE, nE - e0);
    fetchLine(xTileNext, validE, x + Index(q0) * nE + e0);
    fetchLine(gainTileNext, validE, gain + e0);
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
    take(gainTile, gainTileNext);
    eAheadLoad(e0 + BE);
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    squares = Sum::join(squares, joinLine<Sum>(value, validE));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    each(productTermsAt0, [&](At at) {
      productTermsAt0[at] = value2[at] * wTileAt0[at];
    });
    each(productTermsAt1, [&](At at) {
      productTermsAt1[at] = value2[at] * wTileAt1[at];
    });
    joinRows<Sum, apart>(accAt0, productTermsAt0, validE);
    joinRows<Sum, apart>(accAt1, productTermsAt1, validE);
  }
  unite<Sum>(accAt0);
  unite<Sum>(accAt1);
  const float epsValue = float(eps);
  const float value3 = 1.0f / std::sqrt(squares / float(maximum(nE, 1)) + epsValue);
  each(value4At0, [&](At at) {
    value4At0[at] = accAt0[at] * value3;
  });
  each(value4At1, [&](At at) {
    value4At1[at] = accAt1[at] * value3;
  });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = value4At1;
  otherAt1 = value4At0;
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(value6At0, [&](At at) {
    value6At0[at] = h0 < turningValue ? value4At0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : value4At0[at];
  });
  each(value6At1, [&](At at) {
    value6At1[at] = h0 < turningValue ? value4At1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : value4At1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  each(value6At0, [&](At at, int id) {
    if (isOwner<decltype(value6At0)>()) out[((Index(q0) * nH + h0) * P) * D + d0 + id] = float(value6At0[at]);
  });
  each(value6At1, [&](At at, int id) {
    if (isOwner<decltype(value6At1)>()) out[((Index(q0) * nH + h0) * P + 1) * D + d0 + id] = float(value6At1[at]);
  });
}
}  // namespace normLinearRope_f32_d64_one_block

KERNEL(128, 1) normLinearRope_f32_d64_one(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_f32_d64_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
  if (inVectors<4>(w, nE) && inVectors<4>(w, nE) && inVectors<4>(x, nE) && inVectors<4>(gain, nE)) block<true>(x, gain, eps, w, turning, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
  else block<false>(x, gain, eps, w, turning, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 16, q 16, h 1, d 64; 128 threads; shared 75 KiB.
namespace normLinearRope_f32_d64_few_block {
constexpr int BQ = 16, D = 64, BE = 16, P = 2;
using Warps = Accumulators<1, 4>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 6> xTileAhead{sharedAt<float>(0)};
  Warps::Whole::Tile<BQ, BE> xTile;
  Warps::Whole::Tile<BQ, BE> value;
  const Ring<Operand<float, 1, BE>, 6> gainTileAhead{sharedAt<float>(7680)};
  Warps::Whole::Columns<BE> gainTile;
  Warps::Whole::Tile<BQ, BE> value2;
  const Ring<Operand<float, D, BE>, 6> wTileAt0{sharedAt<float>(15360)};
  const Ring<Operand<float, D, BE>, 6> wTileAt1{sharedAt<float>(46080)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 6;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    take(xTile, xTileAhead.at(ePipeStage));
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    // linearRope.ts:44  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt0, value2, transposed(wTileAt0.at(ePipeStage)));
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt1, value2, transposed(wTileAt1.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  scaleRows(accAt0, value3);
  scaleRows(accAt1, value3);
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(accAt0, [&](At at) {
    accAt0[at] = h0 < turningValue ? accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : accAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = h0 < turningValue ? accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : accAt1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRope_f32_d64_few_block

KERNEL(128, 1) normLinearRope_f32_d64_few(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_f32_d64_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, gain, eps, w, turning, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 16, q 64, h 1, d 64; 128 threads; shared 49 KiB.
namespace normLinearRope_f32_d64_block {
constexpr int BQ = 64, D = 64, BE = 16, P = 2;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 3> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  const Ring<Operand<float, 1, BE>, 3> gainTileAhead{sharedAt<float>(15360)};
  Warps::Columns<BE> gainTile;
  const Ring<Operand<float, D, BE>, 3> wTileAt0{sharedAt<float>(19200)};
  const Ring<Operand<float, D, BE>, 3> wTileAt1{sharedAt<float>(34560)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    take(xTile, xTileAhead.at(ePipeStage));
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    // linearRope.ts:44  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value, [&](At at) {
      value[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value, validE);
    mmaRegisters<accumulate>(accAt0, value, transposed(wTileAt0.at(ePipeStage)));
    keepColumns(value, validE);
    mmaRegisters<accumulate>(accAt1, value, transposed(wTileAt1.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  scaleRows(accAt0, value3);
  scaleRows(accAt1, value3);
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(accAt0, [&](At at) {
    accAt0[at] = h0 < turningValue ? accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : accAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = h0 < turningValue ? accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : accAt1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRope_f32_d64_block

KERNEL(128, 1) normLinearRope_f32_d64(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, float* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_f32_d64_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, gain, eps, w, turning, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 512, q 1, h 1, d 4; 128 threads; shared 32 KiB.
namespace normLinearRope_bf16_d32_one_block {
constexpr int BD = 4, BE = 512, D = 32, P = 2;
using Warps = Spread<4, 1, 8>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nE, int nH, int q0, int h0, int d0) {
  float squares;
  Warps::Rows<BD> accAt0;
  Warps::Rows<BD> accAt1;
  Warps::Columns<BE> xTile;
  Warps::Columns<BE> value;
  Warps::Columns<BE> gainTile;
  Warps::Columns<BE> value2;
  Warps::Tile<BD, BE> wTileAt0;
  Warps::Tile<BD, BE> wTileAt1;
  Warps::Tile<BD, BE> productTermsAt0;
  Warps::Tile<BD, BE> productTermsAt1;
  Warps::Rows<BD> value4At0;
  Warps::Rows<BD> value4At1;
  Warps::Rows<BD> cosTile;
  Warps::Rows<BD> otherAt0;
  Warps::Rows<BD> otherAt1;
  Warps::Rows<BD> sinTile;
  Warps::Rows<BD> value6At0;
  Warps::Rows<BD> value6At1;
  each(cosTile, [&](At at, int id) {
    cosTile[at] = float(cos[Index(q0) * D + d0 + id]);
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = float(sin[Index(q0) * D + d0 + id]);
  });
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
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
  Unread<decltype(xTile), float, IN_VECTORS> xTileNext;
  Unread<decltype(gainTile), bf16, IN_VECTORS> gainTileNext;
  const auto eAheadLoad = [&](int e0) {
    const int validE = minimum(BE, nE - e0);
    fetchLine(xTileNext, validE, x + Index(q0) * nE + e0);
    fetchLine(gainTileNext, validE, gain + e0);
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
    take(gainTile, gainTileNext);
    eAheadLoad(e0 + BE);
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    squares = Sum::join(squares, joinLine<Sum>(value, validE));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = rounded<bf16>(xTile[at] * gainTile[at]);
    });
    each(productTermsAt0, [&](At at) {
      productTermsAt0[at] = value2[at] * wTileAt0[at];
    });
    each(productTermsAt1, [&](At at) {
      productTermsAt1[at] = value2[at] * wTileAt1[at];
    });
    joinRows<Sum, apart>(accAt0, productTermsAt0, validE);
    joinRows<Sum, apart>(accAt1, productTermsAt1, validE);
  }
  unite<Sum>(accAt0);
  unite<Sum>(accAt1);
  const float epsValue = float(eps);
  const float value3 = 1.0f / std::sqrt(squares / float(maximum(nE, 1)) + epsValue);
  each(value4At0, [&](At at) {
    value4At0[at] = accAt0[at] * value3;
  });
  each(value4At1, [&](At at) {
    value4At1[at] = accAt1[at] * value3;
  });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = value4At1;
  otherAt1 = value4At0;
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(value6At0, [&](At at) {
    value6At0[at] = h0 < turningValue ? value4At0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : value4At0[at];
  });
  each(value6At1, [&](At at) {
    value6At1[at] = h0 < turningValue ? value4At1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : value4At1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  each(value6At0, [&](At at, int id) {
    if (isOwner<decltype(value6At0)>()) out[((Index(q0) * nH + h0) * P) * D + d0 + id] = bf16(value6At0[at]);
  });
  each(value6At1, [&](At at, int id) {
    if (isOwner<decltype(value6At1)>()) out[((Index(q0) * nH + h0) * P + 1) * D + d0 + id] = bf16(value6At1[at]);
  });
}
}  // namespace normLinearRope_bf16_d32_one_block

KERNEL(128, 1) normLinearRope_bf16_d32_one(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_bf16_d32_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
  if (inVectors<8>(w, nE) && inVectors<8>(w, nE) && inVectors<8>(x, nE) && inVectors<8>(gain, nE)) block<true>(x, gain, eps, w, turning, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
  else block<false>(x, gain, eps, w, turning, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 64, q 16, h 1, d 32; 64 threads; shared 86 KiB.
namespace normLinearRope_bf16_d32_few_block {
constexpr int BQ = 16, D = 32, BE = 64, P = 2;
using Warps = Accumulators<1, 2>;

DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 6> xTileAhead{sharedAt<float>(0)};
  Warps::Whole::Tile<BQ, BE> xTile;
  Warps::Whole::Tile<BQ, BE> value;
  const Ring<Operand<bf16, 1, BE>, 6> gainTileAhead{sharedAt<bf16>(26112)};
  Warps::Whole::Columns<BE> gainTile;
  Warps::Whole::Tile<BQ, BE> value2;
  const Ring<Operand<bf16, D, BE>, 6> wTileAt0{sharedAt<bf16>(38400)};
  const Ring<Operand<bf16, D, BE>, 6> wTileAt1{sharedAt<bf16>(62976)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> value4At0;
  Warps::Tile<BQ, D> value4At1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  Warps::Tile<BQ, D> value6At0;
  Warps::Tile<BQ, D> value6At1;
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 6;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    take(xTile, xTileAhead.at(ePipeStage));
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    // linearRope.ts:44  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt0, value2, transposed(wTileAt0.at(ePipeStage)));
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt1, value2, transposed(wTileAt1.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(value4At0, [&](At at) {
    value4At0[at] = accAt0[at] * value3[at];
  });
  each(value4At1, [&](At at) {
    value4At1[at] = accAt1[at] * value3[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = value4At1;
  otherAt1 = value4At0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(value6At0, [&](At at) {
    value6At0[at] = h0 < turningValue ? value4At0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : value4At0[at];
  });
  each(value6At1, [&](At at) {
    value6At1[at] = h0 < turningValue ? value4At1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : value4At1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  store(value6At0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(value6At1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRope_bf16_d32_few_block

KERNEL(64, 1) normLinearRope_bf16_d32_few(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_bf16_d32_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, gain, eps, w, turning, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 64, q 128, h 1, d 32; 256 threads; shared 132 KiB.
namespace normLinearRope_bf16_d32_block {
constexpr int BQ = 128, D = 32, BE = 64, P = 2;
using Warps = Accumulators<8, 1>;

DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 3> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  const Ring<Operand<bf16, 1, BE>, 3> gainTileAhead{sharedAt<bf16>(104448)};
  Warps::Columns<BE> gainTile;
  Warps::Tile<BQ, BE> value2;
  const Ring<Operand<bf16, D, BE>, 3> wTileAt0{sharedAt<bf16>(110592)};
  const Ring<Operand<bf16, D, BE>, 3> wTileAt1{sharedAt<bf16>(122880)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    take(xTile, xTileAhead.at(ePipeStage));
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    // linearRope.ts:44  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt0, value2, transposed(wTileAt0.at(ePipeStage)));
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt1, value2, transposed(wTileAt1.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  scaleRows(accAt0, value3);
  scaleRows(accAt1, value3);
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(accAt0, [&](At at) {
    accAt0[at] = h0 < turningValue ? accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : accAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = h0 < turningValue ? accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : accAt1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRope_bf16_d32_block

KERNEL(256, 1) normLinearRope_bf16_d32(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_bf16_d32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, gain, eps, w, turning, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 512, q 1, h 1, d 4; 128 threads; shared 32 KiB.
namespace normLinearRope_bf16_d64_one_block {
constexpr int BD = 4, BE = 512, D = 64, P = 2;
using Warps = Spread<4, 1, 8>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nE, int nH, int q0, int h0, int d0) {
  float squares;
  Warps::Rows<BD> accAt0;
  Warps::Rows<BD> accAt1;
  Warps::Columns<BE> xTile;
  Warps::Columns<BE> value;
  Warps::Columns<BE> gainTile;
  Warps::Columns<BE> value2;
  Warps::Tile<BD, BE> wTileAt0;
  Warps::Tile<BD, BE> wTileAt1;
  Warps::Tile<BD, BE> productTermsAt0;
  Warps::Tile<BD, BE> productTermsAt1;
  Warps::Rows<BD> value4At0;
  Warps::Rows<BD> value4At1;
  Warps::Rows<BD> cosTile;
  Warps::Rows<BD> otherAt0;
  Warps::Rows<BD> otherAt1;
  Warps::Rows<BD> sinTile;
  Warps::Rows<BD> value6At0;
  Warps::Rows<BD> value6At1;
  each(cosTile, [&](At at, int id) {
    cosTile[at] = float(cos[Index(q0) * D + d0 + id]);
  });
  each(sinTile, [&](At at, int id) {
    sinTile[at] = float(sin[Index(q0) * D + d0 + id]);
  });
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
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
  Unread<decltype(xTile), float, IN_VECTORS> xTileNext;
  Unread<decltype(gainTile), bf16, IN_VECTORS> gainTileNext;
  const auto eAheadLoad = [&](int e0) {
    const int validE = minimum(BE, nE - e0);
    fetchLine(xTileNext, validE, x + Index(q0) * nE + e0);
    fetchLine(gainTileNext, validE, gain + e0);
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
    take(gainTile, gainTileNext);
    eAheadLoad(e0 + BE);
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    squares = Sum::join(squares, joinLine<Sum>(value, validE));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = rounded<bf16>(xTile[at] * gainTile[at]);
    });
    each(productTermsAt0, [&](At at) {
      productTermsAt0[at] = value2[at] * wTileAt0[at];
    });
    each(productTermsAt1, [&](At at) {
      productTermsAt1[at] = value2[at] * wTileAt1[at];
    });
    joinRows<Sum, apart>(accAt0, productTermsAt0, validE);
    joinRows<Sum, apart>(accAt1, productTermsAt1, validE);
  }
  unite<Sum>(accAt0);
  unite<Sum>(accAt1);
  const float epsValue = float(eps);
  const float value3 = 1.0f / std::sqrt(squares / float(maximum(nE, 1)) + epsValue);
  each(value4At0, [&](At at) {
    value4At0[at] = accAt0[at] * value3;
  });
  each(value4At1, [&](At at) {
    value4At1[at] = accAt1[at] * value3;
  });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = value4At1;
  otherAt1 = value4At0;
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(value6At0, [&](At at) {
    value6At0[at] = h0 < turningValue ? value4At0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : value4At0[at];
  });
  each(value6At1, [&](At at) {
    value6At1[at] = h0 < turningValue ? value4At1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : value4At1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  each(value6At0, [&](At at, int id) {
    if (isOwner<decltype(value6At0)>()) out[((Index(q0) * nH + h0) * P) * D + d0 + id] = bf16(value6At0[at]);
  });
  each(value6At1, [&](At at, int id) {
    if (isOwner<decltype(value6At1)>()) out[((Index(q0) * nH + h0) * P + 1) * D + d0 + id] = bf16(value6At1[at]);
  });
}
}  // namespace normLinearRope_bf16_d64_one_block

KERNEL(128, 1) normLinearRope_bf16_d64_one(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_bf16_d64_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
  if (inVectors<8>(w, nE) && inVectors<8>(w, nE) && inVectors<8>(x, nE) && inVectors<8>(gain, nE)) block<true>(x, gain, eps, w, turning, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
  else block<false>(x, gain, eps, w, turning, cos, sin, out, nE, nH, i / (nH * blocks(D, BD)), tile.row, tile.column * BD);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 64, q 16, h 1, d 64; 128 threads; shared 134 KiB.
namespace normLinearRope_bf16_d64_few_block {
constexpr int BQ = 16, D = 64, BE = 64, P = 2;
using Warps = Accumulators<1, 4>;

DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 6> xTileAhead{sharedAt<float>(0)};
  Warps::Whole::Tile<BQ, BE> xTile;
  Warps::Whole::Tile<BQ, BE> value;
  const Ring<Operand<bf16, 1, BE>, 6> gainTileAhead{sharedAt<bf16>(26112)};
  Warps::Whole::Columns<BE> gainTile;
  Warps::Whole::Tile<BQ, BE> value2;
  const Ring<Operand<bf16, D, BE>, 6> wTileAt0{sharedAt<bf16>(38400)};
  const Ring<Operand<bf16, D, BE>, 6> wTileAt1{sharedAt<bf16>(87552)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 6;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    take(xTile, xTileAhead.at(ePipeStage));
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    // linearRope.ts:44  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt0, value2, transposed(wTileAt0.at(ePipeStage)));
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt1, value2, transposed(wTileAt1.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  scaleRows(accAt0, value3);
  scaleRows(accAt1, value3);
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(accAt0, [&](At at) {
    accAt0[at] = h0 < turningValue ? accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : accAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = h0 < turningValue ? accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : accAt1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRope_bf16_d64_few_block

KERNEL(128, 1) normLinearRope_bf16_d64_few(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_bf16_d64_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, gain, eps, w, turning, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 64, q 128, h 1, d 64; 256 threads; shared 156 KiB.
namespace normLinearRope_bf16_d64_block {
constexpr int BQ = 128, D = 64, BE = 64, P = 2;
using Warps = Accumulators<8, 1>;

DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Ring<Operand<float, BQ, BE>, 3> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  const Ring<Operand<bf16, 1, BE>, 3> gainTileAhead{sharedAt<bf16>(104448)};
  Warps::Columns<BE> gainTile;
  Warps::Tile<BQ, BE> value2;
  const Ring<Operand<bf16, D, BE>, 3> wTileAt0{sharedAt<bf16>(110592)};
  const Ring<Operand<bf16, D, BE>, 3> wTileAt1{sharedAt<bf16>(135168)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTileAt0.at(stage), D, validE, w + (Index(h0) * P * D + d0) * nE + e0, nE);
    copyRows<Warps::threads>(wTileAt1.at(stage), D, validE, w + ((Index(h0) * P + 1) * D + d0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    take(xTile, xTileAhead.at(ePipeStage));
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    // linearRope.ts:44  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt0, value2, transposed(wTileAt0.at(ePipeStage)));
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(accAt1, value2, transposed(wTileAt1.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  scaleRows(accAt0, value3);
  scaleRows(accAt1, value3);
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = accAt1;
  otherAt1 = accAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(accAt0, [&](At at) {
    accAt0[at] = h0 < turningValue ? accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at] : accAt0[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = h0 < turningValue ? accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at] : accAt1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRope_bf16_d64_block

KERNEL(256, 1) normLinearRope_bf16_d64(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH) {
  using namespace normLinearRope_bf16_d64_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
  block(x, gain, eps, w, turning, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
}
