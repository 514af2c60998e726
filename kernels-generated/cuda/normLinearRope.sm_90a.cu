// normLinearRope, sm_90a. From runtime/kernels/linearRope.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 64, q 128, h 4, d 32; 384 threads; shared 193 KiB.
namespace normLinearRope_bf16_d32_block {
constexpr int BQ = 128, BE = 64, D = 32, P = 2, BH = 4;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 32768, 8> xTileAheads{sharedAt<Barrier>(196608)};
  Channel<3, 32768, 8> wTileAt0At0AndOthers{sharedAt<Barrier>(196656)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<float, BQ, BE>> xTileAhead{sharedAt<float>(0)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt0At0{sharedAt<bf16>(98304)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt0At1{sharedAt<bf16>(102400)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt1At0{sharedAt<bf16>(106496)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt1At1{sharedAt<bf16>(110592)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt2At0{sharedAt<bf16>(114688)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt2At1{sharedAt<bf16>(118784)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt3At0{sharedAt<bf16>(122880)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt3At1{sharedAt<bf16>(126976)};
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    rings.xTileAheads.claim();
    send(xTileAhead.at(rings.xTileAheads.stage), xMap, rings.xTileAheads.full(), e0, q0);
    rings.wTileAt0At0AndOthers.claim();
    send(wTileAt0At0.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 0, h0);
    send(wTileAt0At1.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 1, h0);
    send(wTileAt1At0.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 0, h0 + 1);
    send(wTileAt1At1.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 1, h0 + 1);
    send(wTileAt2At0.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 0, h0 + 2);
    send(wTileAt2At1.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 1, h0 + 2);
    send(wTileAt3At0.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 0, h0 + 3);
    send(wTileAt3At1.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 1, h0 + 3);
  }
}

DEVICE void compute(Rings& rings, const bf16* __restrict__ gain, float eps, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, 8 * D> accAt0At0AndOthers;
  Warps::Tile<BQ, D>& accAt0At0 = partOf<Warps::Tile<BQ, D>, 0>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt0At1 = partOf<Warps::Tile<BQ, D>, 1>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt1At0 = partOf<Warps::Tile<BQ, D>, 2>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt1At1 = partOf<Warps::Tile<BQ, D>, 3>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt2At0 = partOf<Warps::Tile<BQ, D>, 4>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt2At1 = partOf<Warps::Tile<BQ, D>, 5>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt3At0 = partOf<Warps::Tile<BQ, D>, 6>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt3At1 = partOf<Warps::Tile<BQ, D>, 7>(accAt0At0AndOthers);
  const Places<Panels<float, BQ, BE>> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  Warps::Columns<BE> gainTile;
  PackedOf<bf16, Warps::Tile<BQ, BE>> value2;
  const Places<Panels<bf16, 8 * D, BE>> wTileAt0At0AndOthers{sharedAt<bf16>(98304)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0At0;
  Warps::Tile<BQ, D> otherAt0At1;
  Warps::Tile<BQ, D> otherAt1At0;
  Warps::Tile<BQ, D> otherAt1At1;
  Warps::Tile<BQ, D> otherAt2At0;
  Warps::Tile<BQ, D> otherAt2At1;
  Warps::Tile<BQ, D> otherAt3At0;
  Warps::Tile<BQ, D> otherAt3At1;
  Warps::Tile<BQ, D> sinTile;
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0At0, 0.0f);
  fill(accAt0At1, 0.0f);
  fill(accAt1At0, 0.0f);
  fill(accAt1At1, 0.0f);
  fill(accAt2At0, 0.0f);
  fill(accAt2At1, 0.0f);
  fill(accAt3At0, 0.0f);
  fill(accAt3At1, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    rings.xTileAheads.receive();
    take(xTile, xTileAhead.at(rings.xTileAheads.stage));
    rings.xTileAheads.release();
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    loadLine(gainTile, validE, gain + e0);
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    // linearRope.ts:44  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt0At0AndOthers.receive();
    // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(accAt0At0AndOthers, value2, transposed(wTileAt0At0AndOthers.at(rings.wTileAt0At0AndOthers.stage)));
    settle<0>(accAt0At0, accAt0At1, accAt1At0, accAt1At1, accAt2At0, accAt2At1, accAt3At0, accAt3At1);
    rings.wTileAt0At0AndOthers.release();
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(accAt0At0, [&](At at) {
    accAt0At0[at] = accAt0At0[at] * value3[at];
  });
  each(accAt0At1, [&](At at) {
    accAt0At1[at] = accAt0At1[at] * value3[at];
  });
  each(accAt1At0, [&](At at) {
    accAt1At0[at] = accAt1At0[at] * value3[at];
  });
  each(accAt1At1, [&](At at) {
    accAt1At1[at] = accAt1At1[at] * value3[at];
  });
  each(accAt2At0, [&](At at) {
    accAt2At0[at] = accAt2At0[at] * value3[at];
  });
  each(accAt2At1, [&](At at) {
    accAt2At1[at] = accAt2At1[at] * value3[at];
  });
  each(accAt3At0, [&](At at) {
    accAt3At0[at] = accAt3At0[at] * value3[at];
  });
  each(accAt3At1, [&](At at) {
    accAt3At1[at] = accAt3At1[at] * value3[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0At0 = accAt0At1;
  otherAt0At1 = accAt0At0;
  otherAt1At0 = accAt1At1;
  otherAt1At1 = accAt1At0;
  otherAt2At0 = accAt2At1;
  otherAt2At1 = accAt2At0;
  otherAt3At0 = accAt3At1;
  otherAt3At1 = accAt3At0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(accAt0At0, [&](At at) {
    accAt0At0[at] = h0 < turningValue ? accAt0At0[at] * cosTile[at] + -otherAt0At0[at] * sinTile[at] : accAt0At0[at];
  });
  each(accAt0At1, [&](At at) {
    accAt0At1[at] = h0 < turningValue ? accAt0At1[at] * cosTile[at] + otherAt0At1[at] * sinTile[at] : accAt0At1[at];
  });
  each(accAt1At0, [&](At at) {
    accAt1At0[at] = h0 + 1 < turningValue ? accAt1At0[at] * cosTile[at] + -otherAt1At0[at] * sinTile[at] : accAt1At0[at];
  });
  each(accAt1At1, [&](At at) {
    accAt1At1[at] = h0 + 1 < turningValue ? accAt1At1[at] * cosTile[at] + otherAt1At1[at] * sinTile[at] : accAt1At1[at];
  });
  each(accAt2At0, [&](At at) {
    accAt2At0[at] = h0 + 2 < turningValue ? accAt2At0[at] * cosTile[at] + -otherAt2At0[at] * sinTile[at] : accAt2At0[at];
  });
  each(accAt2At1, [&](At at) {
    accAt2At1[at] = h0 + 2 < turningValue ? accAt2At1[at] * cosTile[at] + otherAt2At1[at] * sinTile[at] : accAt2At1[at];
  });
  each(accAt3At0, [&](At at) {
    accAt3At0[at] = h0 + 3 < turningValue ? accAt3At0[at] * cosTile[at] + -otherAt3At0[at] * sinTile[at] : accAt3At0[at];
  });
  each(accAt3At1, [&](At at) {
    accAt3At1[at] = h0 + 3 < turningValue ? accAt3At1[at] * cosTile[at] + otherAt3At1[at] * sinTile[at] : accAt3At1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  store(accAt0At0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt0At1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1At0, h0 + 1 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 1) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1At1, h0 + 1 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 1) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt2At0, h0 + 2 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 2) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt2At1, h0 + 2 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 2) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt3At0, h0 + 3 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 3) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt3At1, h0 + 3 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 3) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRope_bf16_d32_block

KERNEL(384, 1) normLinearRope_bf16_d32(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP xMap, TENSOR_MAP wMap) {
  using namespace normLinearRope_bf16_d32_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(xMap);
    prefetchMap(wMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAheads.init();
    rings.wTileAt0At0AndOthers.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  const int count = blocks(nQ, BQ) * blocks(nH, BH) * blocks(D, D);
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256) {
      for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
        const int i = at;
        const Place tile = grouped(i % (blocks(nH, BH) * blocks(D, D)), blocks(nH, BH), blocks(D, D));
        load(rings, xMap, wMap, nE, i / (blocks(nH, BH) * blocks(D, D)) * BQ, tile.row * BH, tile.column * D);
      }
    }
  }
  else {
    takeRegisters<240>();
    for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
      const int i = at;
      const Place tile = grouped(i % (blocks(nH, BH) * blocks(D, D)), blocks(nH, BH), blocks(D, D));
      compute(rings, gain, eps, turning, cos, sin, out, nQ, nE, nH, i / (blocks(nH, BH) * blocks(D, D)) * BQ, tile.row * BH, tile.column * D);
    }
  }
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 64, q 128, h 2, d 64; 384 threads; shared 225 KiB.
namespace normLinearRope_bf16_d64_block {
constexpr int BQ = 128, BE = 64, D = 64, BH = 2;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 32768, 8> xTileAheads{sharedAt<Barrier>(229376)};
  Channel<3, 32768, 8> wTileAt0At0AndOthers{sharedAt<Barrier>(229424)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<float, BQ, BE>> xTileAhead{sharedAt<float>(0)};
  const Places<Panels<bf16, D, BE>, 4> wTileAt0At0{sharedAt<bf16>(98304)};
  const Places<Panels<bf16, D, BE>, 4> wTileAt0At1{sharedAt<bf16>(106496)};
  const Places<Panels<bf16, D, BE>, 4> wTileAt1At0{sharedAt<bf16>(114688)};
  const Places<Panels<bf16, D, BE>, 4> wTileAt1At1{sharedAt<bf16>(122880)};
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    rings.xTileAheads.claim();
    send(xTileAhead.at(rings.xTileAheads.stage), xMap, rings.xTileAheads.full(), e0, q0);
    rings.wTileAt0At0AndOthers.claim();
    send(wTileAt0At0.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 0, h0);
    send(wTileAt0At1.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 1, h0);
    send(wTileAt1At0.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 0, h0 + 1);
    send(wTileAt1At1.at(rings.wTileAt0At0AndOthers.stage), wMap, rings.wTileAt0At0AndOthers.full(), e0, d0, 1, h0 + 1);
  }
}

DEVICE void compute(Rings& rings, const TensorMap& outMap, const bf16* __restrict__ gain, float eps, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, int nQ, int nE, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, 4 * D> accAt0At0AndOthers;
  Warps::Tile<BQ, D>& accAt0At0 = partOf<Warps::Tile<BQ, D>, 0>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt0At1 = partOf<Warps::Tile<BQ, D>, 1>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt1At0 = partOf<Warps::Tile<BQ, D>, 2>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt1At1 = partOf<Warps::Tile<BQ, D>, 3>(accAt0At0AndOthers);
  const Places<Panels<float, BQ, BE>> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  Warps::Columns<BE> gainTile;
  PackedOf<bf16, Warps::Tile<BQ, BE>> value2;
  const Places<Panels<bf16, 4 * D, BE>> wTileAt0At0AndOthers{sharedAt<bf16>(98304)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0At0;
  Warps::Tile<BQ, D> otherAt0At1;
  Warps::Tile<BQ, D> otherAt1At0;
  Warps::Tile<BQ, D> otherAt1At1;
  Warps::Tile<BQ, D> sinTile;
  const Places<Panels<bf16, BQ, 64>> accAt0At0Lines{sharedAt<bf16>(196608)};
  const int turningValue = int(turning);
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0At0, 0.0f);
  fill(accAt0At1, 0.0f);
  fill(accAt1At0, 0.0f);
  fill(accAt1At1, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // linearRope.ts:44  x = x: In<'f32', ['q', 'e']>
    rings.xTileAheads.receive();
    take(xTile, xTileAhead.at(rings.xTileAheads.stage));
    rings.xTileAheads.release();
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    loadLine(gainTile, validE, gain + e0);
    // linearRope.ts:46  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    // linearRope.ts:44  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt0At0AndOthers.receive();
    // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(accAt0At0AndOthers, value2, transposed(wTileAt0At0AndOthers.at(rings.wTileAt0At0AndOthers.stage)));
    settle<0>(accAt0At0, accAt0At1, accAt1At0, accAt1At1);
    rings.wTileAt0At0AndOthers.release();
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:46  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(accAt0At0, [&](At at) {
    accAt0At0[at] = accAt0At0[at] * value3[at];
  });
  each(accAt0At1, [&](At at) {
    accAt0At1[at] = accAt0At1[at] * value3[at];
  });
  each(accAt1At0, [&](At at) {
    accAt1At0[at] = accAt1At0[at] * value3[at];
  });
  each(accAt1At1, [&](At at) {
    accAt1At1[at] = accAt1At1[at] * value3[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0At0 = accAt0At1;
  otherAt0At1 = accAt0At0;
  otherAt1At0 = accAt1At1;
  otherAt1At1 = accAt1At0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:36  map(turned(y, cos, sin), y, count, (turned, y, count, at) => (at.h < count ? tu…
  each(accAt0At0, [&](At at) {
    accAt0At0[at] = h0 < turningValue ? accAt0At0[at] * cosTile[at] + -otherAt0At0[at] * sinTile[at] : accAt0At0[at];
  });
  each(accAt0At1, [&](At at) {
    accAt0At1[at] = h0 < turningValue ? accAt0At1[at] * cosTile[at] + otherAt0At1[at] * sinTile[at] : accAt0At1[at];
  });
  each(accAt1At0, [&](At at) {
    accAt1At0[at] = h0 + 1 < turningValue ? accAt1At0[at] * cosTile[at] + -otherAt1At0[at] * sinTile[at] : accAt1At0[at];
  });
  each(accAt1At1, [&](At at) {
    accAt1At1[at] = h0 + 1 < turningValue ? accAt1At1[at] * cosTile[at] + otherAt1At1[at] * sinTile[at] : accAt1At1[at];
  });
  // linearRope.ts:46  out = cast(w.dtype, turnedFirst(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), tur…
  storePanels<2, 1, 0>(accAt0At0Lines, accAt0At0, outMap, d0, 0, h0, q0 + warpOfBlock() / 4 * 64);
  storePanels<2, 1, 1>(accAt0At0Lines, accAt0At1, outMap, d0, 1, h0, q0 + warpOfBlock() / 4 * 64);
  storePanels<2, 1, 2>(accAt0At0Lines, accAt1At0, outMap, d0, 0, h0 + 1, q0 + warpOfBlock() / 4 * 64);
  storePanels<2, 1, 3>(accAt0At0Lines, accAt1At1, outMap, d0, 1, h0 + 1, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace normLinearRope_bf16_d64_block

KERNEL(384, 1) normLinearRope_bf16_d64(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, std::int32_t turning, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP xMap, TENSOR_MAP wMap, TENSOR_MAP outMap) {
  using namespace normLinearRope_bf16_d64_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(xMap);
    prefetchMap(wMap);
    prefetchMap(outMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAheads.init();
    rings.wTileAt0At0AndOthers.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  const int count = blocks(nQ, BQ) * blocks(nH, BH) * blocks(D, D);
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256) {
      for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
        const int i = at;
        const Place tile = grouped(i % (blocks(nH, BH) * blocks(D, D)), blocks(nH, BH), blocks(D, D));
        load(rings, xMap, wMap, nE, i / (blocks(nH, BH) * blocks(D, D)) * BQ, tile.row * BH, tile.column * D);
      }
    }
  }
  else {
    takeRegisters<240>();
    for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
      const int i = at;
      const Place tile = grouped(i % (blocks(nH, BH) * blocks(D, D)), blocks(nH, BH), blocks(D, D));
      compute(rings, outMap, gain, eps, turning, cos, sin, nQ, nE, i / (blocks(nH, BH) * blocks(D, D)) * BQ, tile.row * BH, tile.column * D);
    }
    if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();
  }
}
