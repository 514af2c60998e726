// normLinearRope, sm_90a. From runtime/kernels/linearRope.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 64, q 128, h 1, d 32; 384 threads; shared 25 KiB.
namespace normLinearRope_bf16_d32_block {
constexpr int D = 32, BE = 64, BQ = 128, P = 2;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 4096, 8> wTileAt0s{sharedAt<Barrier>(24576)};
  Channel<3, 4096, 8> wTileAt1s{sharedAt<Barrier>(24624)};
};

DEVICE void load(Rings& rings, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(12288)};
  // linearRope.ts:40  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:38  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt0s.claim();
    send(wTileAt0.at(rings.wTileAt0s.stage), wMap, rings.wTileAt0s.full(), e0, d0, 0, h0);
    rings.wTileAt1s.claim();
    send(wTileAt1.at(rings.wTileAt1s.stage), wMap, rings.wTileAt1s.full(), e0, d0, 1, h0);
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  Warps::Columns<BE> gainTile;
  PackedOf<bf16, Warps::Tile<BQ, BE>> value2;
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(12288)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:40  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, validQ, validE, [&](int iq) { return x + Index(q0) * nE + e0 + Index(iq) * nE; });
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    each(gainTile, [&](At at, int ie) {
      gainTile[at] = ie < validE ? float(gain[e0 + ie]) : 0.0f;
    });
    // linearRope.ts:40  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    // linearRope.ts:38  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt0s.receive();
    // linearRope.ts:40  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(accAt0, value2, transposed(wTileAt0.at(rings.wTileAt0s.stage)));
    // linearRope.ts:38  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt1s.receive();
    // linearRope.ts:40  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(accAt1, value2, transposed(wTileAt1.at(rings.wTileAt1s.stage)));
    settle<1>(accAt0);
    rings.wTileAt0s.release();
    settle<0>(accAt1);
    rings.wTileAt1s.release();
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:40  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
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
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:40  out = cast(w.dtype, turned(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), cos, sin…
  store(accAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRope_bf16_d32_block

KERNEL(384, 1) normLinearRope_bf16_d32(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP wMap) {
  using namespace normLinearRope_bf16_d32_block;
  Rings rings;
  if (threadOfBlock() == 0) {
    rings.wTileAt0s.init();
    rings.wTileAt1s.init();
    fenceBarriers();
  }
  blockBarrier();
  const int count = blocks(nQ, BQ) * nH * blocks(D, D);
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256) {
      for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
        const int i = at;
        const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
        load(rings, wMap, nE, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
      }
    }
  }
  else {
    takeRegisters<240>();
    for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
      const int i = at;
      const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
      compute(rings, x, gain, eps, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
    }
  }
}

// fold over e carrying (squares, acc), certificate 7a82
// Blocks: e 64, q 128, h 1, d 64; 384 threads; shared 81 KiB.
namespace normLinearRope_bf16_d64_block {
constexpr int D = 64, BE = 64, BQ = 128;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 8192, 8> wTileAt0s{sharedAt<Barrier>(81920)};
  Channel<3, 8192, 8> wTileAt1s{sharedAt<Barrier>(81968)};
};

DEVICE void load(Rings& rings, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(24576)};
  // linearRope.ts:40  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:38  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt0s.claim();
    send(wTileAt0.at(rings.wTileAt0s.stage), wMap, rings.wTileAt0s.full(), e0, d0, 0, h0);
    rings.wTileAt1s.claim();
    send(wTileAt1.at(rings.wTileAt1s.stage), wMap, rings.wTileAt1s.full(), e0, d0, 1, h0);
  }
}

DEVICE void compute(Rings& rings, const TensorMap& outMap, const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const float* __restrict__ cos, const float* __restrict__ sin, int nQ, int nE, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  Warps::Columns<BE> gainTile;
  PackedOf<bf16, Warps::Tile<BQ, BE>> value2;
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(24576)};
  Warps::Rows<BQ> value3;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  const Panels<bf16, BQ, D> accAt0Lines{sharedAt<bf16>(49152)};
  const Panels<bf16, BQ, D> accAt1Lines{sharedAt<bf16>(65536)};
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:40  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(xTile, validQ, validE, [&](int iq) { return x + Index(q0) * nE + e0 + Index(iq) * nE; });
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    each(gainTile, [&](At at, int ie) {
      gainTile[at] = ie < validE ? float(gain[e0 + ie]) : 0.0f;
    });
    // linearRope.ts:40  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    // linearRope.ts:38  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt0s.receive();
    // linearRope.ts:40  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(accAt0, value2, transposed(wTileAt0.at(rings.wTileAt0s.stage)));
    // linearRope.ts:38  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt1s.receive();
    // linearRope.ts:40  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(accAt1, value2, transposed(wTileAt1.at(rings.wTileAt1s.stage)));
    settle<1>(accAt0);
    rings.wTileAt0s.release();
    settle<0>(accAt1);
    rings.wTileAt1s.release();
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:40  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
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
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(accAt0, [&](At at) {
    accAt0[at] = accAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(accAt1, [&](At at) {
    accAt1[at] = accAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:40  out = cast(w.dtype, turned(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), cos, sin…
  stageRows(accAt0Lines, accAt0);
  sendRows(accAt0Lines, outMap, d0, 0, h0, q0 + warpOfBlock() / 4 * 64);
  stageRows(accAt1Lines, accAt1);
  sendRows(accAt1Lines, outMap, d0, 1, h0, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace normLinearRope_bf16_d64_block

KERNEL(384, 1) normLinearRope_bf16_d64(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP wMap, TENSOR_MAP outMap) {
  using namespace normLinearRope_bf16_d64_block;
  Rings rings;
  if (threadOfBlock() == 0) {
    rings.wTileAt0s.init();
    rings.wTileAt1s.init();
    fenceBarriers();
  }
  blockBarrier();
  const int count = blocks(nQ, BQ) * nH * blocks(D, D);
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256) {
      for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
        const int i = at;
        const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
        load(rings, wMap, nE, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
      }
    }
  }
  else {
    takeRegisters<240>();
    for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
      const int i = at;
      const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
      compute(rings, outMap, x, gain, eps, cos, sin, nQ, nE, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
    }
    if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();
  }
}
