// linearRopeBias, sm_90a. From runtime/kernels/linearRope.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (acc), certificate 9a49
// Blocks: e 256, q 16, h 1, d 16; 64 threads; shared 49 KiB.
namespace linearRopeBias_bf16_d32_few_block {
constexpr int BQ = 16, BE = 256, BD = 16, P = 2, D = 32;
using Warps = Accumulators<1, 1>;
struct Rings {
  Channel<2, 16384, 1> xTileAndwTileAt0s{sharedAt<Barrier>(49152)};
  Channel<2, 8192, 1> wTileAt1s{sharedAt<Barrier>(49184)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BD, BE>> wTileAt0{sharedAt<bf16>(16384)};
  const Places<Panels<bf16, BD, BE>> wTileAt1{sharedAt<bf16>(32768)};
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTileAt0s.claim();
    send(xTile.at(rings.xTileAndwTileAt0s.stage), xMap, rings.xTileAndwTileAt0s.full(), e0, q0);
    send(wTileAt0.at(rings.xTileAndwTileAt0s.stage), wMap, rings.xTileAndwTileAt0s.full(), e0, d0, 0, h0);
    rings.wTileAt1s.claim();
    send(wTileAt1.at(rings.wTileAt1s.stage), wMap, rings.wTileAt1s.full(), e0, d0, 1, h0);
  }
}

DEVICE void compute(Rings& rings, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, BD> accAt0;
  Warps::Tile<BQ, BD> accAt1;
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BD, BE>> wTileAt0{sharedAt<bf16>(16384)};
  const Places<Panels<bf16, BD, BE>> wTileAt1{sharedAt<bf16>(32768)};
  Warps::Columns<BD> biasTileAt0;
  Warps::Columns<BD> biasTileAt1;
  Warps::Tile<BQ, BD> valueAt0;
  Warps::Tile<BQ, BD> valueAt1;
  Warps::Tile<BQ, BD> cosTile;
  Warps::Tile<BQ, BD> otherAt0;
  Warps::Tile<BQ, BD> otherAt1;
  Warps::Tile<BQ, BD> sinTile;
  Warps::Tile<BQ, BD> value3At0;
  Warps::Tile<BQ, BD> value3At1;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTileAt0s.receive();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt0, xTile.at(rings.xTileAndwTileAt0s.stage), transposed(wTileAt0.at(rings.xTileAndwTileAt0s.stage)));
    // linearRope.ts:30  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt1s.receive();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt1, xTile.at(rings.xTileAndwTileAt0s.stage), transposed(wTileAt1.at(rings.wTileAt1s.stage)));
    rings.xTileAndwTileAt0s.release();
    rings.wTileAt1s.release();
  }
  loadLine(biasTileAt0, BD, bias + Index(h0) * P * D + d0);
  loadLine(biasTileAt1, BD, bias + (Index(h0) * P + 1) * D + d0);
  each(valueAt0, [&](At at) {
    valueAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(valueAt1, [&](At at) {
    valueAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, BD, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = valueAt1;
  otherAt1 = valueAt0;
  load(sinTile, validQ, BD, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(value3At0, [&](At at) {
    value3At0[at] = valueAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(value3At1, [&](At at) {
    value3At1[at] = valueAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(value3At0, validQ, BD, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(value3At1, validQ, BD, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_bf16_d32_few_block

KERNEL(64, 1) linearRopeBias_bf16_d32_few(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP xMap, TENSOR_MAP wMap) {
  using namespace linearRopeBias_bf16_d32_few_block;
  Rings rings;
  if (threadOfBlock() == 32) {
    prefetchMap(xMap);
    prefetchMap(wMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAndwTileAt0s.init();
    rings.wTileAt1s.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 32) {
    if (threadOfBlock() == 32) {
      const int i = blockOfGrid();
      const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
      load(rings, xMap, wMap, nE, i / (nH * blocks(D, BD)) * BQ, tile.row, tile.column * BD);
    }
  }
  else {
    const int i = blockOfGrid();
    const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
    compute(rings, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, BD)) * BQ, tile.row, tile.column * BD);
  }
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 64, q 128, h 4, d 32; 384 threads; shared 145 KiB.
namespace linearRopeBias_bf16_d32_block {
constexpr int BQ = 128, BE = 64, D = 32, P = 2, BH = 4;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 49152, 8> xTileAndOthers{sharedAt<Barrier>(147456)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt0At0{sharedAt<bf16>(49152)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt0At1{sharedAt<bf16>(53248)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt1At0{sharedAt<bf16>(57344)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt1At1{sharedAt<bf16>(61440)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt2At0{sharedAt<bf16>(65536)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt2At1{sharedAt<bf16>(69632)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt3At0{sharedAt<bf16>(73728)};
  const Places<Panels<bf16, D, BE>, 8> wTileAt3At1{sharedAt<bf16>(77824)};
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    rings.xTileAndOthers.claim();
    send(xTile.at(rings.xTileAndOthers.stage), xMap, rings.xTileAndOthers.full(), e0, q0);
    send(wTileAt0At0.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 0, h0);
    send(wTileAt0At1.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 1, h0);
    send(wTileAt1At0.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 0, h0 + 1);
    send(wTileAt1At1.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 1, h0 + 1);
    send(wTileAt2At0.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 0, h0 + 2);
    send(wTileAt2At1.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 1, h0 + 2);
    send(wTileAt3At0.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 0, h0 + 3);
    send(wTileAt3At1.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 1, h0 + 3);
  }
}

DEVICE void compute(Rings& rings, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, 8 * D> accAt0At0AndOthers;
  Warps::Tile<BQ, D>& accAt0At0 = partOf<Warps::Tile<BQ, D>, 0>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt0At1 = partOf<Warps::Tile<BQ, D>, 1>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt1At0 = partOf<Warps::Tile<BQ, D>, 2>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt1At1 = partOf<Warps::Tile<BQ, D>, 3>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt2At0 = partOf<Warps::Tile<BQ, D>, 4>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt2At1 = partOf<Warps::Tile<BQ, D>, 5>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt3At0 = partOf<Warps::Tile<BQ, D>, 6>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt3At1 = partOf<Warps::Tile<BQ, D>, 7>(accAt0At0AndOthers);
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, 8 * D, BE>> wTileAt0At0AndOthers{sharedAt<bf16>(49152)};
  Warps::Columns<D> biasTileAt0At0;
  Warps::Columns<D> biasTileAt0At1;
  Warps::Columns<D> biasTileAt1At0;
  Warps::Columns<D> biasTileAt1At1;
  Warps::Columns<D> biasTileAt2At0;
  Warps::Columns<D> biasTileAt2At1;
  Warps::Columns<D> biasTileAt3At0;
  Warps::Columns<D> biasTileAt3At1;
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
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0At0, 0.0f);
  fill(accAt0At1, 0.0f);
  fill(accAt1At0, 0.0f);
  fill(accAt1At1, 0.0f);
  fill(accAt2At0, 0.0f);
  fill(accAt2At1, 0.0f);
  fill(accAt3At0, 0.0f);
  fill(accAt3At1, 0.0f);
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    rings.xTileAndOthers.receive();
    // linearRope.ts:32  dot(x, w, 'e')
    beginProduct<accumulate>(accAt0At0AndOthers, xTile.at(rings.xTileAndOthers.stage), transposed(wTileAt0At0AndOthers.at(rings.xTileAndOthers.stage)));
    settle<1>();
    if (e0 > 0) rings.xTileAndOthers.releaseBehind();
  }
  if (const int e0 = 0; e0 < nE) {
    settle<0>(accAt0At0, accAt0At1, accAt1At0, accAt1At1, accAt2At0, accAt2At1, accAt3At0, accAt3At1);
    rings.xTileAndOthers.release();
  }
  loadLine(biasTileAt0At0, D, bias + Index(h0) * P * D + d0);
  each(accAt0At0, [&](At at) {
    accAt0At0[at] = accAt0At0[at] + biasTileAt0At0[at];
  });
  loadLine(biasTileAt0At1, D, bias + (Index(h0) * P + 1) * D + d0);
  each(accAt0At1, [&](At at) {
    accAt0At1[at] = accAt0At1[at] + biasTileAt0At1[at];
  });
  loadLine(biasTileAt1At0, h0 + 1 < nH ? D : 0, bias + (Index(h0 + 1) * P) * D + d0);
  each(accAt1At0, [&](At at) {
    accAt1At0[at] = accAt1At0[at] + biasTileAt1At0[at];
  });
  loadLine(biasTileAt1At1, h0 + 1 < nH ? D : 0, bias + (Index(h0 + 1) * P + 1) * D + d0);
  each(accAt1At1, [&](At at) {
    accAt1At1[at] = accAt1At1[at] + biasTileAt1At1[at];
  });
  loadLine(biasTileAt2At0, h0 + 2 < nH ? D : 0, bias + (Index(h0 + 2) * P) * D + d0);
  each(accAt2At0, [&](At at) {
    accAt2At0[at] = accAt2At0[at] + biasTileAt2At0[at];
  });
  loadLine(biasTileAt2At1, h0 + 2 < nH ? D : 0, bias + (Index(h0 + 2) * P + 1) * D + d0);
  each(accAt2At1, [&](At at) {
    accAt2At1[at] = accAt2At1[at] + biasTileAt2At1[at];
  });
  loadLine(biasTileAt3At0, h0 + 3 < nH ? D : 0, bias + (Index(h0 + 3) * P) * D + d0);
  each(accAt3At0, [&](At at) {
    accAt3At0[at] = accAt3At0[at] + biasTileAt3At0[at];
  });
  loadLine(biasTileAt3At1, h0 + 3 < nH ? D : 0, bias + (Index(h0 + 3) * P + 1) * D + d0);
  each(accAt3At1, [&](At at) {
    accAt3At1[at] = accAt3At1[at] + biasTileAt3At1[at];
  });
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
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(accAt0At0, [&](At at) {
    accAt0At0[at] = accAt0At0[at] * cosTile[at] + -otherAt0At0[at] * sinTile[at];
  });
  each(accAt0At1, [&](At at) {
    accAt0At1[at] = accAt0At1[at] * cosTile[at] + otherAt0At1[at] * sinTile[at];
  });
  each(accAt1At0, [&](At at) {
    accAt1At0[at] = accAt1At0[at] * cosTile[at] + -otherAt1At0[at] * sinTile[at];
  });
  each(accAt1At1, [&](At at) {
    accAt1At1[at] = accAt1At1[at] * cosTile[at] + otherAt1At1[at] * sinTile[at];
  });
  each(accAt2At0, [&](At at) {
    accAt2At0[at] = accAt2At0[at] * cosTile[at] + -otherAt2At0[at] * sinTile[at];
  });
  each(accAt2At1, [&](At at) {
    accAt2At1[at] = accAt2At1[at] * cosTile[at] + otherAt2At1[at] * sinTile[at];
  });
  each(accAt3At0, [&](At at) {
    accAt3At0[at] = accAt3At0[at] * cosTile[at] + -otherAt3At0[at] * sinTile[at];
  });
  each(accAt3At1, [&](At at) {
    accAt3At1[at] = accAt3At1[at] * cosTile[at] + otherAt3At1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(accAt0At0, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt0At1, validQ, D, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1At0, h0 + 1 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 1) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt1At1, h0 + 1 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 1) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt2At0, h0 + 2 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 2) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt2At1, h0 + 2 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 2) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt3At0, h0 + 3 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 3) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(accAt3At1, h0 + 3 < nH ? validQ : 0, D, [&](int iq) { return out + ((Index(q0) * nH + h0 + 3) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_bf16_d32_block

KERNEL(384, 1) linearRopeBias_bf16_d32(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP xMap, TENSOR_MAP wMap) {
  using namespace linearRopeBias_bf16_d32_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(xMap);
    prefetchMap(wMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAndOthers.init();
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
      compute(rings, bias, cos, sin, out, nQ, nE, nH, i / (blocks(nH, BH) * blocks(D, D)) * BQ, tile.row * BH, tile.column * D);
    }
  }
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 256, q 16, h 1, d 16; 64 threads; shared 49 KiB.
namespace linearRopeBias_bf16_d64_few_block {
constexpr int BQ = 16, BE = 256, BD = 16, P = 2, D = 64;
using Warps = Accumulators<1, 1>;
struct Rings {
  Channel<2, 16384, 1> xTileAndwTileAt0s{sharedAt<Barrier>(49152)};
  Channel<2, 8192, 1> wTileAt1s{sharedAt<Barrier>(49184)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BD, BE>> wTileAt0{sharedAt<bf16>(16384)};
  const Places<Panels<bf16, BD, BE>> wTileAt1{sharedAt<bf16>(32768)};
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTileAt0s.claim();
    send(xTile.at(rings.xTileAndwTileAt0s.stage), xMap, rings.xTileAndwTileAt0s.full(), e0, q0);
    send(wTileAt0.at(rings.xTileAndwTileAt0s.stage), wMap, rings.xTileAndwTileAt0s.full(), e0, d0, 0, h0);
    rings.wTileAt1s.claim();
    send(wTileAt1.at(rings.wTileAt1s.stage), wMap, rings.wTileAt1s.full(), e0, d0, 1, h0);
  }
}

DEVICE void compute(Rings& rings, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, BD> accAt0;
  Warps::Tile<BQ, BD> accAt1;
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BD, BE>> wTileAt0{sharedAt<bf16>(16384)};
  const Places<Panels<bf16, BD, BE>> wTileAt1{sharedAt<bf16>(32768)};
  Warps::Columns<BD> biasTileAt0;
  Warps::Columns<BD> biasTileAt1;
  Warps::Tile<BQ, BD> valueAt0;
  Warps::Tile<BQ, BD> valueAt1;
  Warps::Tile<BQ, BD> cosTile;
  Warps::Tile<BQ, BD> otherAt0;
  Warps::Tile<BQ, BD> otherAt1;
  Warps::Tile<BQ, BD> sinTile;
  Warps::Tile<BQ, BD> value3At0;
  Warps::Tile<BQ, BD> value3At1;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTileAt0s.receive();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt0, xTile.at(rings.xTileAndwTileAt0s.stage), transposed(wTileAt0.at(rings.xTileAndwTileAt0s.stage)));
    // linearRope.ts:30  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt1s.receive();
    // linearRope.ts:32  dot(x, w, 'e')
    mma<accumulate>(accAt1, xTile.at(rings.xTileAndwTileAt0s.stage), transposed(wTileAt1.at(rings.wTileAt1s.stage)));
    rings.xTileAndwTileAt0s.release();
    rings.wTileAt1s.release();
  }
  loadLine(biasTileAt0, BD, bias + Index(h0) * P * D + d0);
  loadLine(biasTileAt1, BD, bias + (Index(h0) * P + 1) * D + d0);
  each(valueAt0, [&](At at) {
    valueAt0[at] = accAt0[at] + biasTileAt0[at];
  });
  each(valueAt1, [&](At at) {
    valueAt1[at] = accAt1[at] + biasTileAt1[at];
  });
  load(cosTile, validQ, BD, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0 = valueAt1;
  otherAt1 = valueAt0;
  load(sinTile, validQ, BD, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(value3At0, [&](At at) {
    value3At0[at] = valueAt0[at] * cosTile[at] + -otherAt0[at] * sinTile[at];
  });
  each(value3At1, [&](At at) {
    value3At1[at] = valueAt1[at] * cosTile[at] + otherAt1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  store(value3At0, validQ, BD, [&](int iq) { return out + ((Index(q0) * nH + h0) * P) * D + d0 + Index(iq) * (Index(nH) * P * D); });
  store(value3At1, validQ, BD, [&](int iq) { return out + ((Index(q0) * nH + h0) * P + 1) * D + d0 + Index(iq) * (Index(nH) * P * D); });
}
}  // namespace linearRopeBias_bf16_d64_few_block

KERNEL(64, 1) linearRopeBias_bf16_d64_few(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP xMap, TENSOR_MAP wMap) {
  using namespace linearRopeBias_bf16_d64_few_block;
  Rings rings;
  if (threadOfBlock() == 32) {
    prefetchMap(xMap);
    prefetchMap(wMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAndwTileAt0s.init();
    rings.wTileAt1s.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 32) {
    if (threadOfBlock() == 32) {
      const int i = blockOfGrid();
      const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
      load(rings, xMap, wMap, nE, i / (nH * blocks(D, BD)) * BQ, tile.row, tile.column * BD);
    }
  }
  else {
    const int i = blockOfGrid();
    const Place tile = grouped(i % (nH * blocks(D, BD)), nH, blocks(D, BD));
    compute(rings, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, BD)) * BQ, tile.row, tile.column * BD);
  }
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 64, q 128, h 2, d 64; 384 threads; shared 209 KiB.
namespace linearRopeBias_bf16_d64_block {
constexpr int BQ = 128, BE = 64, D = 64, P = 2, BH = 2;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 49152, 8> xTileAndOthers{sharedAt<Barrier>(212992)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>, 4> wTileAt0At0{sharedAt<bf16>(49152)};
  const Places<Panels<bf16, D, BE>, 4> wTileAt0At1{sharedAt<bf16>(57344)};
  const Places<Panels<bf16, D, BE>, 4> wTileAt1At0{sharedAt<bf16>(65536)};
  const Places<Panels<bf16, D, BE>, 4> wTileAt1At1{sharedAt<bf16>(73728)};
  // linearRope.ts:32  map(dot(x, w, 'e'), bias, (y, bias) => y + bias)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    rings.xTileAndOthers.claim();
    send(xTile.at(rings.xTileAndOthers.stage), xMap, rings.xTileAndOthers.full(), e0, q0);
    send(wTileAt0At0.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 0, h0);
    send(wTileAt0At1.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 1, h0);
    send(wTileAt1At0.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 0, h0 + 1);
    send(wTileAt1At1.at(rings.xTileAndOthers.stage), wMap, rings.xTileAndOthers.full(), e0, d0, 1, h0 + 1);
  }
}

DEVICE void compute(Rings& rings, const TensorMap& outMap, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, int nQ, int nE, int nH, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, 4 * D> accAt0At0AndOthers;
  Warps::Tile<BQ, D>& accAt0At0 = partOf<Warps::Tile<BQ, D>, 0>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt0At1 = partOf<Warps::Tile<BQ, D>, 1>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt1At0 = partOf<Warps::Tile<BQ, D>, 2>(accAt0At0AndOthers);
  Warps::Tile<BQ, D>& accAt1At1 = partOf<Warps::Tile<BQ, D>, 3>(accAt0At0AndOthers);
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, 4 * D, BE>> wTileAt0At0AndOthers{sharedAt<bf16>(49152)};
  Warps::Columns<D> biasTileAt0At0;
  Warps::Columns<D> biasTileAt0At1;
  Warps::Columns<D> biasTileAt1At0;
  Warps::Columns<D> biasTileAt1At1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0At0;
  Warps::Tile<BQ, D> otherAt0At1;
  Warps::Tile<BQ, D> otherAt1At0;
  Warps::Tile<BQ, D> otherAt1At1;
  Warps::Tile<BQ, D> sinTile;
  const Places<Panels<bf16, BQ, 64>> accAt0At0Lines{sharedAt<bf16>(147456)};
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0At0, 0.0f);
  fill(accAt0At1, 0.0f);
  fill(accAt1At0, 0.0f);
  fill(accAt1At1, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    rings.xTileAndOthers.receive();
    // linearRope.ts:32  dot(x, w, 'e')
    beginProduct<accumulate>(accAt0At0AndOthers, xTile.at(rings.xTileAndOthers.stage), transposed(wTileAt0At0AndOthers.at(rings.xTileAndOthers.stage)));
    settle<1>();
    if (e0 > 0) rings.xTileAndOthers.releaseBehind();
  }
  if (const int e0 = 0; e0 < nE) {
    settle<0>(accAt0At0, accAt0At1, accAt1At0, accAt1At1);
    rings.xTileAndOthers.release();
  }
  loadLine(biasTileAt0At0, D, bias + Index(h0) * P * D + d0);
  each(accAt0At0, [&](At at) {
    accAt0At0[at] = accAt0At0[at] + biasTileAt0At0[at];
  });
  loadLine(biasTileAt0At1, D, bias + (Index(h0) * P + 1) * D + d0);
  each(accAt0At1, [&](At at) {
    accAt0At1[at] = accAt0At1[at] + biasTileAt0At1[at];
  });
  loadLine(biasTileAt1At0, h0 + 1 < nH ? D : 0, bias + (Index(h0 + 1) * P) * D + d0);
  each(accAt1At0, [&](At at) {
    accAt1At0[at] = accAt1At0[at] + biasTileAt1At0[at];
  });
  loadLine(biasTileAt1At1, h0 + 1 < nH ? D : 0, bias + (Index(h0 + 1) * P + 1) * D + d0);
  each(accAt1At1, [&](At at) {
    accAt1At1[at] = accAt1At1[at] + biasTileAt1At1[at];
  });
  load(cosTile, validQ, D, [&](int iq) { return cos + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:13  other = gather(y, 'p', tabulate(['p'], (at) => 1 - at.p))
  otherAt0At0 = accAt0At1;
  otherAt0At1 = accAt0At0;
  otherAt1At0 = accAt1At1;
  otherAt1At1 = accAt1At0;
  load(sinTile, validQ, D, [&](int iq) { return sin + Index(q0) * D + d0 + Index(iq) * D; });
  // linearRope.ts:14  map(y, other, cos, sin, (y, other, cos, sin, at) => y * cos + (at.p === 0 ? -ot…
  each(accAt0At0, [&](At at) {
    accAt0At0[at] = accAt0At0[at] * cosTile[at] + -otherAt0At0[at] * sinTile[at];
  });
  each(accAt0At1, [&](At at) {
    accAt0At1[at] = accAt0At1[at] * cosTile[at] + otherAt0At1[at] * sinTile[at];
  });
  each(accAt1At0, [&](At at) {
    accAt1At0[at] = accAt1At0[at] * cosTile[at] + -otherAt1At0[at] * sinTile[at];
  });
  each(accAt1At1, [&](At at) {
    accAt1At1[at] = accAt1At1[at] * cosTile[at] + otherAt1At1[at] * sinTile[at];
  });
  // linearRope.ts:32  out = cast(x.dtype, turned(map(dot(x, w, 'e'), bias, (y, bias) => y + bias), cos, sin…
  storePanels<4, 1, 0>(accAt0At0Lines, accAt0At0, outMap, d0, 0, h0, q0 + warpOfBlock() / 4 * 64);
  storePanels<4, 1, 1>(accAt0At0Lines, accAt0At1, outMap, d0, 1, h0, q0 + warpOfBlock() / 4 * 64);
  storePanels<4, 1, 2>(accAt0At0Lines, accAt1At0, outMap, d0, 0, h0 + 1, q0 + warpOfBlock() / 4 * 64);
  storePanels<4, 1, 3>(accAt0At0Lines, accAt1At1, outMap, d0, 1, h0 + 1, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace linearRopeBias_bf16_d64_block

KERNEL(384, 1) linearRopeBias_bf16_d64(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP xMap, TENSOR_MAP wMap, TENSOR_MAP outMap) {
  using namespace linearRopeBias_bf16_d64_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(xMap);
    prefetchMap(wMap);
    prefetchMap(outMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAndOthers.init();
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
      compute(rings, outMap, bias, cos, sin, nQ, nE, nH, i / (blocks(nH, BH) * blocks(D, D)) * BQ, tile.row * BH, tile.column * D);
    }
    if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();
  }
}
