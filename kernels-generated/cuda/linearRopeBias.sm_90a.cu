// linearRopeBias, sm_90a. From runtime/kernels/linearRope.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (acc), certificate 9a49
// Blocks: e 64, q 128, h 1, d 32; 384 threads; shared 73 KiB.
namespace linearRopeBias_bf16_d32_block {
constexpr int BQ = 128, BE = 64, D = 32, P = 2;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 20480, 8> xTileAndwTileAt0s{sharedAt<Barrier>(73728)};
  Channel<3, 4096, 8> wTileAt1s{sharedAt<Barrier>(73776)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(49152)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(61440)};
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
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(49152)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(61440)};
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTileAt0s.receive();
    // linearRope.ts:32  dot(x, w, 'e')
    beginProduct<accumulate>(accAt0, xTile.at(rings.xTileAndwTileAt0s.stage), transposed(wTileAt0.at(rings.xTileAndwTileAt0s.stage)));
    // linearRope.ts:30  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt1s.receive();
    // linearRope.ts:32  dot(x, w, 'e')
    beginProduct<accumulate>(accAt1, xTile.at(rings.xTileAndwTileAt0s.stage), transposed(wTileAt1.at(rings.wTileAt1s.stage)));
    settle<2>();
    rings.xTileAndwTileAt0s.releaseBehind();
    rings.wTileAt1s.releaseBehind();
  }
  if (const int e0 = 0; e0 < nE) {
    settle<0>(accAt0, accAt1);
    rings.xTileAndwTileAt0s.release();
    rings.wTileAt1s.release();
  }
  each(biasTileAt0, [&](At at, int id) {
    biasTileAt0[at] = float(bias[Index(h0) * P * D + d0 + id]);
  });
  each(biasTileAt1, [&](At at, int id) {
    biasTileAt1[at] = float(bias[(Index(h0) * P + 1) * D + d0 + id]);
  });
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

KERNEL(384, 1) linearRopeBias_bf16_d32(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP xMap, TENSOR_MAP wMap) {
  using namespace linearRopeBias_bf16_d32_block;
  Rings rings;
  if (threadOfBlock() == 0) {
    rings.xTileAndwTileAt0s.init();
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
        load(rings, xMap, wMap, nE, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
      }
    }
  }
  else {
    takeRegisters<240>();
    for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
      const int i = at;
      const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
      compute(rings, bias, cos, sin, out, nQ, nE, nH, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
    }
  }
}

// fold over e carrying (acc), certificate 9a49
// Blocks: e 64, q 128, h 1, d 64; 384 threads; shared 129 KiB.
namespace linearRopeBias_bf16_d64_block {
constexpr int BQ = 128, BE = 64, D = 64, P = 2;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 24576, 8> xTileAndwTileAt0s{sharedAt<Barrier>(131072)};
  Channel<3, 8192, 8> wTileAt1s{sharedAt<Barrier>(131120)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int h0, int d0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(49152)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(73728)};
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

DEVICE void compute(Rings& rings, const TensorMap& outMap, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, int nQ, int nE, int q0, int h0, int d0) {
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Tile<BQ, D> accAt0;
  Warps::Tile<BQ, D> accAt1;
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, D, BE>> wTileAt0{sharedAt<bf16>(49152)};
  const Places<Panels<bf16, D, BE>> wTileAt1{sharedAt<bf16>(73728)};
  Warps::Columns<D> biasTileAt0;
  Warps::Columns<D> biasTileAt1;
  Warps::Tile<BQ, D> cosTile;
  Warps::Tile<BQ, D> otherAt0;
  Warps::Tile<BQ, D> otherAt1;
  Warps::Tile<BQ, D> sinTile;
  const Panels<bf16, BQ, D> accAt0Lines{sharedAt<bf16>(98304)};
  const Panels<bf16, BQ, D> accAt1Lines{sharedAt<bf16>(114688)};
  // linearRope.ts:32  dot(x, w, 'e')
  fill(accAt0, 0.0f);
  fill(accAt1, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearRope.ts:30  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTileAt0s.receive();
    // linearRope.ts:32  dot(x, w, 'e')
    beginProduct<accumulate>(accAt0, xTile.at(rings.xTileAndwTileAt0s.stage), transposed(wTileAt0.at(rings.xTileAndwTileAt0s.stage)));
    // linearRope.ts:30  w = w: In<E, ['h', 'p', 'd', 'e']>
    rings.wTileAt1s.receive();
    // linearRope.ts:32  dot(x, w, 'e')
    beginProduct<accumulate>(accAt1, xTile.at(rings.xTileAndwTileAt0s.stage), transposed(wTileAt1.at(rings.wTileAt1s.stage)));
    settle<2>();
    rings.xTileAndwTileAt0s.releaseBehind();
    rings.wTileAt1s.releaseBehind();
  }
  if (const int e0 = 0; e0 < nE) {
    settle<0>(accAt0, accAt1);
    rings.xTileAndwTileAt0s.release();
    rings.wTileAt1s.release();
  }
  each(biasTileAt0, [&](At at, int id) {
    biasTileAt0[at] = float(bias[Index(h0) * P * D + d0 + id]);
  });
  each(biasTileAt1, [&](At at, int id) {
    biasTileAt1[at] = float(bias[(Index(h0) * P + 1) * D + d0 + id]);
  });
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
  stageRows(accAt0Lines, accAt0);
  sendRows(accAt0Lines, outMap, d0, 0, h0, q0 + warpOfBlock() / 4 * 64);
  stageRows(accAt1Lines, accAt1);
  sendRows(accAt1Lines, outMap, d0, 1, h0, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace linearRopeBias_bf16_d64_block

KERNEL(384, 1) linearRopeBias_bf16_d64(const bf16* __restrict__ x, const bf16* __restrict__ w, const bf16* __restrict__ bias, const float* __restrict__ cos, const float* __restrict__ sin, bf16* __restrict__ out, int nQ, int nE, int nH, TENSOR_MAP xMap, TENSOR_MAP wMap, TENSOR_MAP outMap) {
  using namespace linearRopeBias_bf16_d64_block;
  Rings rings;
  if (threadOfBlock() == 0) {
    rings.xTileAndwTileAt0s.init();
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
        load(rings, xMap, wMap, nE, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
      }
    }
  }
  else {
    takeRegisters<240>();
    for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
      const int i = at;
      const Place tile = grouped(i % (nH * blocks(D, D)), nH, blocks(D, D));
      compute(rings, outMap, bias, cos, sin, nQ, nE, i / (nH * blocks(D, D)) * BQ, tile.row, tile.column * D);
    }
    if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();
  }
}
