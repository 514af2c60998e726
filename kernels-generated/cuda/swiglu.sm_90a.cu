// swiglu, sm_90a. From runtime/kernels/swiglu.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (a, b), certificate 963d
// Blocks: e 256, q 16, f 16; 64 threads; shared 49 KiB.
namespace swiglu_bf16_few_block {
constexpr int BQ = 16, BE = 256, BF = 16;
using Warps = Accumulators<1, 1>;
struct Rings {
  Channel<2, 16384, 1> xTileAndgateTiles{sharedAt<Barrier>(49152)};
  Channel<2, 8192, 1> upTiles{sharedAt<Barrier>(49184)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& gateMap, const TensorMap& upMap, int nE, int q0, int f0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>> gateTile{sharedAt<bf16>(16384)};
  const Places<Panels<bf16, BF, BE>> upTile{sharedAt<bf16>(32768)};
  // swiglu.ts:11  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // swiglu.ts:8  x = x: In<E, ['q', 'e']>
    rings.xTileAndgateTiles.claim();
    send(xTile.at(rings.xTileAndgateTiles.stage), xMap, rings.xTileAndgateTiles.full(), e0, q0);
    send(gateTile.at(rings.xTileAndgateTiles.stage), gateMap, rings.xTileAndgateTiles.full(), e0, f0);
    rings.upTiles.claim();
    send(upTile.at(rings.upTiles.stage), upMap, rings.upTiles.full(), e0, f0);
  }
}

DEVICE void compute(Rings& rings, bf16* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> a;
  Warps::Tile<BQ, BF> b;
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>> gateTile{sharedAt<bf16>(16384)};
  const Places<Panels<bf16, BF, BE>> upTile{sharedAt<bf16>(32768)};
  Warps::Tile<BQ, BF> value;
  // swiglu.ts:9  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:10  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:11  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // swiglu.ts:8  x = x: In<E, ['q', 'e']>
    rings.xTileAndgateTiles.receive();
    // swiglu.ts:9  a = dot(x, gate, 'e')
    mma<accumulate>(a, xTile.at(rings.xTileAndgateTiles.stage), transposed(gateTile.at(rings.xTileAndgateTiles.stage)));
    // swiglu.ts:8  up = up: In<E, ['f', 'e']>
    rings.upTiles.receive();
    // swiglu.ts:10  b = dot(x, up, 'e')
    mma<accumulate>(b, xTile.at(rings.xTileAndgateTiles.stage), transposed(upTile.at(rings.upTiles.stage)));
    rings.xTileAndgateTiles.release();
    rings.upTiles.release();
  }
  each(value, [&](At at) {
    value[at] = quotient(a[at], 1.0f + math::exp(-a[at])) * b[at];
  });
  store(value, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace swiglu_bf16_few_block

KERNEL(64, 1) swiglu_bf16_few(const bf16* __restrict__ x, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF, TENSOR_MAP xMap, TENSOR_MAP gateMap, TENSOR_MAP upMap) {
  using namespace swiglu_bf16_few_block;
  Rings rings;
  if (threadOfBlock() == 32) {
    prefetchMap(xMap);
    prefetchMap(gateMap);
    prefetchMap(upMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAndgateTiles.init();
    rings.upTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 32) {
    if (threadOfBlock() == 32) {
      const int i = blockOfGrid();
      const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
      load(rings, xMap, gateMap, upMap, nE, tile.row * BQ, tile.column * BF);
    }
  }
  else {
    const int i = blockOfGrid();
    const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
    compute(rings, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
  }
}

// fold over e carrying (a, b), certificate 963d
// Blocks: e 64, q 128, f 128; 384 threads; shared 225 KiB.
namespace swiglu_bf16_block {
constexpr int BQ = 128, BE = 64, BF = 128;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<4, 49152, 8> xTileAndOthers{sharedAt<Barrier>(229376)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& gateMap, const TensorMap& upMap, int nE, int q0, int f0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>, 2> gateTile{sharedAt<bf16>(65536)};
  const Places<Panels<bf16, BF, BE>, 2> upTile{sharedAt<bf16>(81920)};
  // swiglu.ts:11  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // swiglu.ts:8  x = x: In<E, ['q', 'e']>
    rings.xTileAndOthers.claim();
    send(xTile.at(rings.xTileAndOthers.stage), xMap, rings.xTileAndOthers.full(), e0, q0);
    send(gateTile.at(rings.xTileAndOthers.stage), gateMap, rings.xTileAndOthers.full(), e0, f0);
    send(upTile.at(rings.xTileAndOthers.stage), upMap, rings.xTileAndOthers.full(), e0, f0);
  }
}

DEVICE void compute(Rings& rings, const TensorMap& outMap, int nE, int q0, int f0) {
  Warps::Tile<BQ, 2 * BF> aAndb;
  Warps::Tile<BQ, BF>& a = partOf<Warps::Tile<BQ, BF>, 0>(aAndb);
  Warps::Tile<BQ, BF>& b = partOf<Warps::Tile<BQ, BF>, 1>(aAndb);
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, 2 * BF, BE>> gateTileAndupTile{sharedAt<bf16>(65536)};
  const Places<Panels<bf16, BQ, 64>> aLines{sharedAt<bf16>(196608)};
  // swiglu.ts:9  a = dot(x, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:10  b = dot(x, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:11  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // swiglu.ts:8  x = x: In<E, ['q', 'e']>
    rings.xTileAndOthers.receive();
    // swiglu.ts:10  b = dot(x, up, 'e')
    beginProduct<accumulate>(aAndb, xTile.at(rings.xTileAndOthers.stage), transposed(gateTileAndupTile.at(rings.xTileAndOthers.stage)));
    settle<1>();
    if (e0 > 0) rings.xTileAndOthers.releaseBehind();
  }
  if (const int e0 = 0; e0 < nE) {
    // swiglu.ts:10  b = dot(x, up, 'e')
    settle<0>(a, b);
    rings.xTileAndOthers.release();
  }
  each(a, [&](At at) {
    a[at] = quotient(a[at], 1.0f + math::exp(-a[at])) * b[at];
  });
  storePanels<2, 1, 0>(aLines, a, outMap, f0, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace swiglu_bf16_block

KERNEL(384, 1) swiglu_bf16(const bf16* __restrict__ x, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF, TENSOR_MAP xMap, TENSOR_MAP gateMap, TENSOR_MAP upMap, TENSOR_MAP outMap) {
  using namespace swiglu_bf16_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(xMap);
    prefetchMap(gateMap);
    prefetchMap(upMap);
    prefetchMap(outMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAndOthers.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  const int count = blocks(nQ, BQ) * blocks(nF, BF);
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256) {
      for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
        const int i = at;
        const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
        load(rings, xMap, gateMap, upMap, nE, tile.row * BQ, tile.column * BF);
      }
    }
  }
  else {
    takeRegisters<240>();
    for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
      const int i = at;
      const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
      compute(rings, outMap, nE, tile.row * BQ, tile.column * BF);
    }
    if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();
  }
}
