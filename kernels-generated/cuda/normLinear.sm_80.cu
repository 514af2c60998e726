// normLinear, sm_80. From runtime/kernels/normLinear.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (squares, out), certificate a963
// Blocks: e 256, q 1, f 8; 128 threads; shared 32 KiB.
namespace normLinear_f32_one_block {
constexpr int BF = 8, BE = 256;
using Warps = Spread<4, 1, 4>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, float* __restrict__ out, int nE, int nF, int q0, int f0) {
  const int validF = minimum(BF, nF - f0);
  float squares;
  Warps::Rows<BF> outTile;
  Warps::Columns<BE> xTile;
  Warps::Columns<BE> value;
  Warps::Columns<BE> gainTile;
  Warps::Columns<BE> value2;
  Warps::Tile<BF, BE> wTile;
  Warps::Tile<BF, BE> productTerms;
  Warps::Rows<BF> value4;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(outTile, 0.0f);
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
    take(wTile, wTileRing.at(eRingStage));
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
    // normLinear.ts:12  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    each(productTerms, [&](At at) {
      productTerms[at] = value2[at] * wTile[at];
    });
    joinRows<Sum, apart>(outTile, productTerms, validE);
  }
  unite<Sum>(outTile);
  const float epsValue = float(eps);
  const float value3 = 1.0f / std::sqrt(squares / float(maximum(nE, 1)) + epsValue);
  each(value4, [&](At at) {
    value4[at] = outTile[at] * value3;
  });
  each(value4, [&](At at, int if2) {
    if (if2 < validF && isOwner<decltype(value4)>()) out[Index(q0) * nF + f0 + if2] = float(value4[at]);
  });
}
}  // namespace normLinear_f32_one_block

KERNEL(128, 1) normLinear_f32_one(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normLinear_f32_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, nQ, blocks(nF, BF));
  if (inVectors<4>(w, nE) && inVectors<4>(x, nE) && inVectors<4>(gain, nE)) block<true>(x, gain, eps, w, out, nE, nF, tile.row, tile.column * BF);
  else block<false>(x, gain, eps, w, out, nE, nF, tile.row, tile.column * BF);
}

// fold over e carrying (squares, out), certificate a963
// Blocks: e 16, q 16, f 64; 128 threads; shared 45 KiB.
namespace normLinear_f32_few_block {
constexpr int BQ = 16, BF = 64, BE = 16;
using Warps = Accumulators<1, 4>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BF> outTile;
  const Ring<Operand<float, BQ, BE>, 6> xTileAhead{sharedAt<float>(0)};
  Warps::Whole::Tile<BQ, BE> xTile;
  Warps::Whole::Tile<BQ, BE> value;
  const Ring<Operand<float, 1, BE>, 6> gainTileAhead{sharedAt<float>(7680)};
  Warps::Whole::Columns<BE> gainTile;
  Warps::Whole::Tile<BQ, BE> value2;
  const Ring<Operand<float, BF, BE>, 6> wTile{sharedAt<float>(15360)};
  Warps::Rows<BQ> value3;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(outTile, 0.0f);
  // normLinear.ts:11  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 6;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTile.at(stage), validF, validE, w + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // normLinear.ts:11  x = x: In<'f32', ['q', 'e']>
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
    // normLinear.ts:11  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // normLinear.ts:12  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(outTile, value2, transposed(wTile.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  scaleRows(outTile, value3);
  store(outTile, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace normLinear_f32_few_block

KERNEL(128, 1) normLinear_f32_few(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normLinear_f32_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gain, eps, w, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (squares, out), certificate a963
// Blocks: e 16, q 64, f 64; 128 threads; shared 34 KiB.
namespace normLinear_f32_block {
constexpr int BQ = 64, BF = 64, BE = 16;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BF> outTile;
  const Ring<Operand<float, BQ, BE>, 3> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  const Ring<Operand<float, 1, BE>, 3> gainTileAhead{sharedAt<float>(15360)};
  Warps::Columns<BE> gainTile;
  const Ring<Operand<float, BF, BE>, 3> wTile{sharedAt<float>(19200)};
  Warps::Rows<BQ> value3;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(outTile, 0.0f);
  // normLinear.ts:11  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTile.at(stage), validF, validE, w + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // normLinear.ts:11  x = x: In<'f32', ['q', 'e']>
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
    // normLinear.ts:11  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // normLinear.ts:12  cast(w.dtype, normed(x, gain, eps))
    each(value, [&](At at) {
      value[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value, validE);
    mmaRegisters<accumulate>(outTile, value, transposed(wTile.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  scaleRows(outTile, value3);
  store(outTile, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace normLinear_f32_block

KERNEL(128, 1) normLinear_f32(const float* __restrict__ x, const float* __restrict__ gain, float eps, const float* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normLinear_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gain, eps, w, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (squares, out), certificate a963
// Blocks: e 512, q 1, f 8; 128 threads; shared 32 KiB.
namespace normLinear_bf16_one_block {
constexpr int BF = 8, BE = 512;
using Warps = Spread<4, 1, 8>;

template <bool IN_VECTORS> DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, bf16* __restrict__ out, int nE, int nF, int q0, int f0) {
  const int validF = minimum(BF, nF - f0);
  float squares;
  Warps::Rows<BF> outTile;
  Warps::Columns<BE> xTile;
  Warps::Columns<BE> value;
  Warps::Columns<BE> gainTile;
  Warps::Columns<BE> value2;
  Warps::Tile<BF, BE> wTile;
  Warps::Tile<BF, BE> productTerms;
  Warps::Rows<BF> value4;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  squares = 0.0f;
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(outTile, 0.0f);
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
    take(wTile, wTileRing.at(eRingStage));
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
    // normLinear.ts:12  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = rounded<bf16>(xTile[at] * gainTile[at]);
    });
    each(productTerms, [&](At at) {
      productTerms[at] = value2[at] * wTile[at];
    });
    joinRows<Sum, apart>(outTile, productTerms, validE);
  }
  unite<Sum>(outTile);
  const float epsValue = float(eps);
  const float value3 = 1.0f / std::sqrt(squares / float(maximum(nE, 1)) + epsValue);
  each(value4, [&](At at) {
    value4[at] = outTile[at] * value3;
  });
  each(value4, [&](At at, int if2) {
    if (if2 < validF && isOwner<decltype(value4)>()) out[Index(q0) * nF + f0 + if2] = bf16(value4[at]);
  });
}
}  // namespace normLinear_bf16_one_block

KERNEL(128, 1) normLinear_bf16_one(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normLinear_bf16_one_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, nQ, blocks(nF, BF));
  if (inVectors<8>(w, nE) && inVectors<8>(x, nE) && inVectors<8>(gain, nE)) block<true>(x, gain, eps, w, out, nE, nF, tile.row, tile.column * BF);
  else block<false>(x, gain, eps, w, out, nE, nF, tile.row, tile.column * BF);
}

// fold over e carrying (squares, out), certificate a963
// Blocks: e 64, q 16, f 64; 128 threads; shared 86 KiB.
namespace normLinear_bf16_few_block {
constexpr int BQ = 16, BF = 64, BE = 64;
using Warps = Accumulators<1, 4>;

DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BF> outTile;
  const Ring<Operand<float, BQ, BE>, 6> xTileAhead{sharedAt<float>(0)};
  Warps::Whole::Tile<BQ, BE> xTile;
  Warps::Whole::Tile<BQ, BE> value;
  const Ring<Operand<bf16, 1, BE>, 6> gainTileAhead{sharedAt<bf16>(26112)};
  Warps::Whole::Columns<BE> gainTile;
  Warps::Whole::Tile<BQ, BE> value2;
  const Ring<Operand<bf16, BF, BE>, 6> wTile{sharedAt<bf16>(38400)};
  Warps::Rows<BQ> value3;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(outTile, 0.0f);
  // normLinear.ts:11  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 6;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTile.at(stage), validF, validE, w + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // normLinear.ts:11  x = x: In<'f32', ['q', 'e']>
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
    // normLinear.ts:11  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // normLinear.ts:12  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(outTile, value2, transposed(wTile.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  scaleRows(outTile, value3);
  store(outTile, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace normLinear_bf16_few_block

KERNEL(128, 1) normLinear_bf16_few(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normLinear_bf16_few_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gain, eps, w, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}

// fold over e carrying (squares, out), certificate a963
// Blocks: e 64, q 128, f 128; 256 threads; shared 156 KiB.
namespace normLinear_bf16_block {
constexpr int BQ = 128, BF = 128, BE = 64;
using Warps = Accumulators<8, 1>;

DEVICE void block(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BF> outTile;
  const Ring<Operand<float, BQ, BE>, 3> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  const Ring<Operand<bf16, 1, BE>, 3> gainTileAhead{sharedAt<bf16>(104448)};
  Warps::Columns<BE> gainTile;
  Warps::Tile<BQ, BE> value2;
  const Ring<Operand<bf16, BF, BE>, 3> wTile{sharedAt<bf16>(110592)};
  Warps::Rows<BQ> value3;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(outTile, 0.0f);
  // normLinear.ts:11  x = x: In<'f32', ['q', 'e']>
  constexpr int ePipeStages = 3;
  const auto ePipeLoad = [&](int e0, int stage) {
    const int validE = minimum(BE, nE - e0);
    copyRows<Warps::threads>(xTileAhead.at(stage), validQ, validE, x + Index(q0) * nE + e0, nE);
    copyRows<Warps::threads>(gainTileAhead.at(stage), 1, validE, gain + e0, nE);
    copyRows<Warps::threads>(wTile.at(stage), validF, validE, w + Index(f0) * nE + e0, nE);
  };
  int ePipeStage = ePipeStages - 1;
  const int ePipeEnd = nE;
  for (int stage = 0; stage < ePipeStages - 1; stage++) {
    if (stage * BE < ePipeEnd) ePipeLoad(stage * BE, stage);
    commitCopies();
  }
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // normLinear.ts:11  x = x: In<'f32', ['q', 'e']>
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
    // normLinear.ts:11  gain = gain: In<E, ['e']>
    take(gainTile, gainTileAhead.at(ePipeStage));
    // normLinear.ts:12  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    mmaRegisters<accumulate>(outTile, value2, transposed(wTile.at(ePipeStage)));
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // normLinear.ts:12  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  scaleRows(outTile, value3);
  store(outTile, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace normLinear_bf16_block

KERNEL(256, 1) normLinear_bf16(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF) {
  using namespace normLinear_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
  block(x, gain, eps, w, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
}
