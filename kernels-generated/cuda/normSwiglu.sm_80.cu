// normSwiglu, sm_80. From runtime/kernels/swiglu.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (squares, a, b), certificate f71e
// Blocks: e 256, q 1, f 8; 128 threads; shared 48 KiB.
namespace normSwiglu_f32_one_block {
constexpr int BF = 8, BE = 256;
using Warps = Spread<4, 1, 4>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nE, int nF, int q0, int f0) {
  const int validF = minimum(BF, nF - f0);
  float squares;
  Warps::Rows<BF> a;
  Warps::Rows<BF> b;
  Warps::Columns<BE> xTile;
  Warps::Columns<BE> value;
  Warps::Columns<BE> gainTile;
  Warps::Columns<BE> normal;
  Warps::Tile<BF, BE> gateTile;
  Warps::Tile<BF, BE> aTerms;
  Warps::Tile<BF, BE> upTile;
  Warps::Rows<BF> value3;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:20  map(a, b, gated)
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
    take(gateTile, gateTileRing.at(eRingStage));
    take(upTile, upTileRing.at(eRingStage));
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
    // swiglu.ts:17  normal = cast(gate.dtype, normed(x, gain, eps))
    each(normal, [&](At at) {
      normal[at] = xTile[at] * gainTile[at];
    });
    // swiglu.ts:18  a = dot(normal, gate, 'e')
    each(aTerms, [&](At at) {
      aTerms[at] = normal[at] * gateTile[at];
    });
    joinRows<Sum, apart>(a, aTerms, validE);
    // swiglu.ts:19  b = dot(normal, up, 'e')
    each(aTerms, [&](At at) {
      aTerms[at] = normal[at] * upTile[at];
    });
    joinRows<Sum, apart>(b, aTerms, validE);
  }
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  unite<Sum>(a);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  unite<Sum>(b);
  const float epsValue = float(eps);
  // swiglu.ts:20  map(a, b, gated)
  const float value2 = 1.0f / std::sqrt(squares / float(maximum(nE, 1)) + epsValue);
  each(value3, [&](At at) {
    const float value4 = a[at] * value2;
    value3[at] = value4 / (1.0f + math::exp(-value4)) * (b[at] * value2);
  });
  each(value3, [&](At at, int if2) {
    if (if2 < validF && isOwner<decltype(value3)>()) out[Index(q0) * nF + f0 + if2] = float(value3[at]);
  });
}
}  // namespace normSwiglu_f32_one_block

KERNEL(128, 1) normSwiglu_f32_one(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normSwiglu_f32_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, nQ, blocks(nF, BF));
  if (inVectors<4>(gate, nE) && inVectors<4>(up, nE) && inVectors<4>(x, nE) && inVectors<4>(gain, nE)) block<true>(x, gain, eps, gate, up, out, nE, nF, tile.row, tile.column * BF);
  else block<false>(x, gain, eps, gate, up, out, nE, nF, tile.row, tile.column * BF);
}

// fold over e carrying (squares, a, b), certificate f71e
// Blocks: e 16, q 16, f 64; 128 threads; shared 75 KiB.
namespace normSwiglu_f32_few_block {
constexpr int BQ = 16, BF = 64, BE = 16;
using Warps = Accumulators<1, 4>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BF> a;
  Warps::Tile<BQ, BF> b;
  const Ring<Operand<float, BQ, BE>, 6> xTileAhead{sharedAt<float>(0)};
  Warps::Whole::Tile<BQ, BE> xTile;
  Warps::Whole::Tile<BQ, BE> value;
  const Ring<Operand<float, 1, BE>, 6> gainTileAhead{sharedAt<float>(7680)};
  Warps::Whole::Columns<BE> gainTile;
  Warps::Whole::Tile<BQ, BE> normal;
  const Ring<Operand<float, BF, BE>, 6> gateTile{sharedAt<float>(15360)};
  const Ring<Operand<float, BF, BE>, 6> upTile{sharedAt<float>(46080)};
  Warps::Rows<BQ> value2;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:16  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 6;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(gateTile.at(stage), validF, validE, gate + Index(f0) * nE + e0, nE);
    copyRows<Warps::threads>(upTile.at(stage), validF, validE, up + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // swiglu.ts:20  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // swiglu.ts:16  x = x: In<'f32', ['q', 'e']>
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
    // swiglu.ts:16  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // swiglu.ts:17  normal = cast(gate.dtype, normed(x, gain, eps))
    each(normal, [&](At at) {
      normal[at] = xTile[at] * gainTile[at];
    });
    // swiglu.ts:18  a = dot(normal, gate, 'e')
    keepColumns(normal, validE);
    mmaRegisters<accumulate>(a, normal, transposed(gateTile.at(ePipeStage)));
    // swiglu.ts:19  b = dot(normal, up, 'e')
    keepColumns(normal, validE);
    mmaRegisters<accumulate>(b, normal, transposed(upTile.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // swiglu.ts:20  map(a, b, gated)
  each(value2, [&](At at) {
    value2[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(a, [&](At at) {
    const float value3 = a[at] * value2[at];
    a[at] = value3 / (1.0f + math::exp(-value3)) * (b[at] * value2[at]);
  });
  store(a, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace normSwiglu_f32_few_block

KERNEL(128, 1) normSwiglu_f32_few(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normSwiglu_f32_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gain, eps, gate, up, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (squares, a, b), certificate f71e
// Blocks: e 16, q 64, f 64; 128 threads; shared 49 KiB.
namespace normSwiglu_f32_block {
constexpr int BQ = 64, BF = 64, BE = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BF> a;
  Warps::Tile<BQ, BF> b;
  const Ring<Operand<float, BQ, BE>, 3> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> normal;
  const Ring<Operand<float, 1, BE>, 3> gainTileAhead{sharedAt<float>(15360)};
  Warps::Columns<BE> gainTile;
  const Ring<Operand<float, BF, BE>, 3> gateTile{sharedAt<float>(19200)};
  const Ring<Operand<float, BF, BE>, 3> upTile{sharedAt<float>(34560)};
  Warps::Rows<BQ> value2;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:16  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(gateTile.at(stage), validF, validE, gate + Index(f0) * nE + e0, nE);
    copyRows<Warps::threads>(upTile.at(stage), validF, validE, up + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // swiglu.ts:20  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // swiglu.ts:16  x = x: In<'f32', ['q', 'e']>
    ePipeStage = stageAfter<ePipeStages>(ePipeStage);
    waitCopies<ePipeStages - 2>();
    blockBarrier();
    if (e0 + (ePipeStages - 1) * BE < ePipeEnd) ePipeLoad(e0 + (ePipeStages - 1) * BE, stageBefore<ePipeStages>(ePipeStage));
    commitCopies();
    take(xTile, xTileAhead.at(ePipeStage));
    // normed.ts:5  map(x, (x) => x * x)
    each(normal, [&](At at) {
      normal[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, normal, validE);
    // swiglu.ts:16  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // swiglu.ts:17  normal = cast(gate.dtype, normed(x, gain, eps))
    each(normal, [&](At at) {
      normal[at] = xTile[at] * gainTile[at];
    });
    // swiglu.ts:18  a = dot(normal, gate, 'e')
    keepColumns(normal, validE);
    mmaRegisters<accumulate>(a, normal, transposed(gateTile.at(ePipeStage)));
    // swiglu.ts:19  b = dot(normal, up, 'e')
    keepColumns(normal, validE);
    mmaRegisters<accumulate>(b, normal, transposed(upTile.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // swiglu.ts:20  map(a, b, gated)
  each(value2, [&](At at) {
    value2[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(a, [&](At at) {
    const float value = a[at] * value2[at];
    a[at] = value / (1.0f + math::exp(-value)) * (b[at] * value2[at]);
  });
  store(a, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace normSwiglu_f32_block

KERNEL(128, 1) normSwiglu_f32(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ gate, const float* __restrict__ up, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normSwiglu_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gain, eps, gate, up, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (squares, a, b), certificate f71e
// Blocks: e 512, q 1, f 8; 128 threads; shared 48 KiB.
namespace normSwiglu_bf16_one_block {
constexpr int BF = 8, BE = 512;
using Warps = Spread<4, 1, 8>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nE, int nF, int q0, int f0) {
  const int validF = minimum(BF, nF - f0);
  float squares;
  Warps::Rows<BF> a;
  Warps::Rows<BF> b;
  Warps::Columns<BE> xTile;
  Warps::Columns<BE> value;
  Warps::Columns<BE> gainTile;
  Warps::Columns<BE> normal;
  Warps::Tile<BF, BE> gateTile;
  Warps::Tile<BF, BE> aTerms;
  Warps::Tile<BF, BE> upTile;
  Warps::Rows<BF> value3;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:20  map(a, b, gated)
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
    take(gateTile, gateTileRing.at(eRingStage));
    take(upTile, upTileRing.at(eRingStage));
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
    // swiglu.ts:17  normal = cast(gate.dtype, normed(x, gain, eps))
    each(normal, [&](At at) {
      normal[at] = rounded<bf16>(xTile[at] * gainTile[at]);
    });
    // swiglu.ts:18  a = dot(normal, gate, 'e')
    each(aTerms, [&](At at) {
      aTerms[at] = normal[at] * gateTile[at];
    });
    joinRows<Sum, apart>(a, aTerms, validE);
    // swiglu.ts:19  b = dot(normal, up, 'e')
    each(aTerms, [&](At at) {
      aTerms[at] = normal[at] * upTile[at];
    });
    joinRows<Sum, apart>(b, aTerms, validE);
  }
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  unite<Sum>(a);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  unite<Sum>(b);
  const float epsValue = float(eps);
  // swiglu.ts:20  map(a, b, gated)
  const float value2 = 1.0f / std::sqrt(squares / float(maximum(nE, 1)) + epsValue);
  each(value3, [&](At at) {
    const float value4 = a[at] * value2;
    value3[at] = quotient(value4, 1.0f + math::exp(-value4)) * (b[at] * value2);
  });
  each(value3, [&](At at, int if2) {
    if (if2 < validF && isOwner<decltype(value3)>()) out[Index(q0) * nF + f0 + if2] = bf16(value3[at]);
  });
}
}  // namespace normSwiglu_bf16_one_block

KERNEL(128, 1) normSwiglu_bf16_one(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normSwiglu_bf16_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, nQ, blocks(nF, BF));
  if (inVectors<8>(gate, nE) && inVectors<8>(up, nE) && inVectors<8>(x, nE) && inVectors<8>(gain, nE)) block<true>(x, gain, eps, gate, up, out, nE, nF, tile.row, tile.column * BF);
  else block<false>(x, gain, eps, gate, up, out, nE, nF, tile.row, tile.column * BF);
}

// fold over e carrying (squares, a, b), certificate f71e
// Blocks: e 64, q 16, f 64; 128 threads; shared 134 KiB.
namespace normSwiglu_bf16_few_block {
constexpr int BQ = 16, BF = 64, BE = 64;
using Warps = Accumulators<1, 4>;

DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BF> a;
  Warps::Tile<BQ, BF> b;
  const Ring<Operand<float, BQ, BE>, 6> xTileAhead{sharedAt<float>(0)};
  Warps::Whole::Tile<BQ, BE> xTile;
  Warps::Whole::Tile<BQ, BE> value;
  const Ring<Operand<bf16, 1, BE>, 6> gainTileAhead{sharedAt<bf16>(26112)};
  Warps::Whole::Columns<BE> gainTile;
  Warps::Whole::Tile<BQ, BE> normal;
  const Ring<Operand<bf16, BF, BE>, 6> gateTile{sharedAt<bf16>(38400)};
  const Ring<Operand<bf16, BF, BE>, 6> upTile{sharedAt<bf16>(87552)};
  Warps::Rows<BQ> value2;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:16  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 6;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(gateTile.at(stage), validF, validE, gate + Index(f0) * nE + e0, nE);
    copyRows<Warps::threads>(upTile.at(stage), validF, validE, up + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // swiglu.ts:20  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // swiglu.ts:16  x = x: In<'f32', ['q', 'e']>
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
    // swiglu.ts:16  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // swiglu.ts:17  normal = cast(gate.dtype, normed(x, gain, eps))
    each(normal, [&](At at) {
      normal[at] = xTile[at] * gainTile[at];
    });
    // swiglu.ts:18  a = dot(normal, gate, 'e')
    keepColumns(normal, validE);
    mmaRegisters<accumulate>(a, normal, transposed(gateTile.at(ePipeStage)));
    // swiglu.ts:19  b = dot(normal, up, 'e')
    keepColumns(normal, validE);
    mmaRegisters<accumulate>(b, normal, transposed(upTile.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // swiglu.ts:20  map(a, b, gated)
  each(value2, [&](At at) {
    value2[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(a, [&](At at) {
    const float value3 = a[at] * value2[at];
    a[at] = quotient(value3, 1.0f + math::exp(-value3)) * (b[at] * value2[at]);
  });
  store(a, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace normSwiglu_bf16_few_block

KERNEL(128, 1) normSwiglu_bf16_few(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normSwiglu_bf16_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gain, eps, gate, up, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (squares, a, b), certificate f71e
// Blocks: e 64, q 128, f 64; 256 threads; shared 156 KiB.
namespace normSwiglu_bf16_block {
constexpr int BQ = 128, BF = 64, BE = 64;
using Warps = Accumulators<8, 1>;

DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BF> a;
  Warps::Tile<BQ, BF> b;
  const Ring<Operand<float, BQ, BE>, 3> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  const Ring<Operand<bf16, 1, BE>, 3> gainTileAhead{sharedAt<bf16>(104448)};
  Warps::Columns<BE> gainTile;
  Warps::Tile<BQ, BE> normal;
  const Ring<Operand<bf16, BF, BE>, 3> gateTile{sharedAt<bf16>(110592)};
  const Ring<Operand<bf16, BF, BE>, 3> upTile{sharedAt<bf16>(135168)};
  Warps::Rows<BQ> value2;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:16  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(gateTile.at(stage), validF, validE, gate + Index(f0) * nE + e0, nE);
    copyRows<Warps::threads>(upTile.at(stage), validF, validE, up + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // swiglu.ts:20  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // swiglu.ts:16  x = x: In<'f32', ['q', 'e']>
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
    // swiglu.ts:16  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // swiglu.ts:17  normal = cast(gate.dtype, normed(x, gain, eps))
    each(normal, [&](At at) {
      normal[at] = xTile[at] * gainTile[at];
    });
    // swiglu.ts:18  a = dot(normal, gate, 'e')
    keepColumns(normal, validE);
    mmaRegisters<accumulate>(a, normal, transposed(gateTile.at(ePipeStage)));
    // swiglu.ts:19  b = dot(normal, up, 'e')
    keepColumns(normal, validE);
    mmaRegisters<accumulate>(b, normal, transposed(upTile.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // swiglu.ts:20  map(a, b, gated)
  each(value2, [&](At at) {
    value2[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(a, [&](At at) {
    const float value3 = a[at] * value2[at];
    a[at] = quotient(value3, 1.0f + math::exp(-value3)) * (b[at] * value2[at]);
  });
  store(a, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace normSwiglu_bf16_block

KERNEL(256, 1) normSwiglu_bf16(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normSwiglu_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gain, eps, gate, up, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}
