// normLinearRopeBias, sm_90a. From runtime/kernels/linearRope.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (squares, y), certificate 27cb
// Blocks: e 64, q 128, h 1, d 32; 384 threads; shared 25 KiB.
namespace normLinearRopeBias_bf16_d32_block {
constexpr int D = 32, BE = 64, BQ = 128, P = 2;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 4096, 8> wTileAt0s{sharedAt<Barrier>(24576)};
  Channel<3, 4096, 8> wTileAt1s{sharedAt<Barrier>(24624)};
};

DEVICE void load(Rings& rings, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(12288)};
  // linearRope.ts:49  map(y, bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:46  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt0s.claim();
    send(wTileAt0.at(rings.wTileAt0s.stage), wMap, rings.wTileAt0s.full(), e0, d0, 0, h0);
    rings.wTileAt1s.claim();
    send(wTileAt1.at(rings.wTileAt1s.stage), wMap, rings.wTileAt1s.full(), e0, d0, 1, h0);
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> yAt0;
  Warps::Tile<BQ, D> yAt1;
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  Warps::Columns<BE> gainTile;
  PackedOf<bf16, Warps::Tile<BQ, BE>> value2;
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(12288)};
  Warps::Rows<BQ> value3;
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:48  y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(yAt0, 0.0f);
  fill(yAt1, 0.0f);
  // linearRope.ts:49  map(y, bias, (y, bias) => y + bias)
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
    // linearRope.ts:48  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    // linearRope.ts:46  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt0s.receive();
    // linearRope.ts:48  y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(yAt0, value2, transposed(wTileAt0.at(rings.wTileAt0s.stage)));
    // linearRope.ts:46  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt1s.receive();
    // linearRope.ts:48  y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(yAt1, value2, transposed(wTileAt1.at(rings.wTileAt1s.stage)));
    settle<1>(yAt0);
    rings.wTileAt0s.release();
    settle<0>(yAt1);
    rings.wTileAt1s.release();
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:49  map(y, bias, (y, bias) => y + bias)
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(biasTileAt0, [&](At at, int id) {
    biasTileAt0[at] = float(bias[Index(h0) * P * D + d0 + id]);
  });
  each(biasTileAt1, [&](At at, int id) {
    biasTileAt1[at] = float(bias[(Index(h0) * P + 1) * D + d0 + id]);
  });
  each(yAt0, [&](At at) {
    yAt0[at] = yAt0[at] * value3[at] + biasTileAt0[at];
  });
  each(yAt1, [&](At at) {
    yAt1[at] = yAt1[at] * value3[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = yAt1;
  otherAt1 = yAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(yAt0, [&](At at) {
    yAt0[at] = yAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(yAt1, [&](At at) {
    yAt1[at] = yAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:49  out = cast(w.dtype, turned(map(y, bias, (y, bias) => y + bias), cos, sin))
  store(yAt0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(yAt1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace normLinearRopeBias_bf16_d32_block

KERNEL(384, 1) normLinearRopeBias_bf16_d32(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP wMap) {
  using namespace normLinearRopeBias_bf16_d32_block;
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
      compute(rings, x, gain, eps, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
    }
  }
}

// fold over e carrying (squares, y), certificate 27cb
// Blocks: e 64, q 128, h 1, d 64; 384 threads; shared 81 KiB.
namespace normLinearRopeBias_bf16_d64_block {
constexpr int D = 64, BE = 64, BQ = 128, P = 2;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 8192, 8> wTileAt0s{sharedAt<Barrier>(81920)};
  Channel<3, 8192, 8> wTileAt1s{sharedAt<Barrier>(81968)};
};

DEVICE void load(Rings& rings, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(24576)};
  // linearRope.ts:49  map(y, bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:46  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt0s.claim();
    send(wTileAt0.at(rings.wTileAt0s.stage), wMap, rings.wTileAt0s.full(), e0, d0, 0, h0);
    rings.wTileAt1s.claim();
    send(wTileAt1.at(rings.wTileAt1s.stage), wMap, rings.wTileAt1s.full(), e0, d0, 1, h0);
  }
}

DEVICE void compute(Rings& rings, const TensorMap& outMap, const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, int nQ, int nE, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, D> yAt0;
  Warps::Tile<BQ, D> yAt1;
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  Warps::Columns<BE> gainTile;
  PackedOf<bf16, Warps::Tile<BQ, BE>> value2;
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(24576)};
  Warps::Rows<BQ> value3;
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  const Panels<bf16, BQ, D> yAt0Lines{sharedAt<bf16>(49152)};
  const Panels<bf16, BQ, D> yAt1Lines{sharedAt<bf16>(65536)};
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // linearRope.ts:48  y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(yAt0, 0.0f);
  fill(yAt1, 0.0f);
  // linearRope.ts:49  map(y, bias, (y, bias) => y + bias)
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
    // linearRope.ts:48  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    // linearRope.ts:46  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt0s.receive();
    // linearRope.ts:48  y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(yAt0, value2, transposed(wTileAt0.at(rings.wTileAt0s.stage)));
    // linearRope.ts:46  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt1s.receive();
    // linearRope.ts:48  y = dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(yAt1, value2, transposed(wTileAt1.at(rings.wTileAt1s.stage)));
    settle<1>(yAt0);
    rings.wTileAt0s.release();
    settle<0>(yAt1);
    rings.wTileAt1s.release();
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // linearRope.ts:49  map(y, bias, (y, bias) => y + bias)
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(biasTileAt0, [&](At at, int id) {
    biasTileAt0[at] = float(bias[Index(h0) * P * D + d0 + id]);
  });
  each(biasTileAt1, [&](At at, int id) {
    biasTileAt1[at] = float(bias[(Index(h0) * P + 1) * D + d0 + id]);
  });
  each(yAt0, [&](At at) {
    yAt0[at] = yAt0[at] * value3[at] + biasTileAt0[at];
  });
  each(yAt1, [&](At at) {
    yAt1[at] = yAt1[at] * value3[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = yAt1;
  otherAt1 = yAt0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(yAt0, [&](At at) {
    yAt0[at] = yAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(yAt1, [&](At at) {
    yAt1[at] = yAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:49  out = cast(w.dtype, turned(map(y, bias, (y, bias) => y + bias), cos, sin))
  stageRows(yAt0Lines, yAt0);
  sendRows(yAt0Lines, outMap, d0, 0, h0, q0 + warpOfBlock() / 4 * 64);
  stageRows(yAt1Lines, yAt1);
  sendRows(yAt1Lines, outMap, d0, 1, h0, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace normLinearRopeBias_bf16_d64_block

KERNEL(384, 1) normLinearRopeBias_bf16_d64(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP wMap, TENSOR_MAP outMap) {
  using namespace normLinearRopeBias_bf16_d64_block;
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
      compute(rings, outMap, x, gain, eps, bias, cos, sin, nQ, nE, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
    }
    if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();
  }
}
