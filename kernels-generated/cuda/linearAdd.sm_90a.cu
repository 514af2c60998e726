// linearAdd, sm_90a. From runtime/kernels/linearAdd.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (acc), certificate cd3f
// Blocks: e 256, q 16, f 16; 64 threads; shared 65 KiB.
namespace linearAdd_bf16_few_block {
constexpr int BQ = 16, BE = 256, BF = 16;
using Warps = Accumulators<1, 1>;
struct Rings {
  Channel<4, 16384, 1> xTileAndwTiles{sharedAt<Barrier>(65536)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int f0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>> wTile{sharedAt<bf16>(32768)};
  // linearAdd.ts:6  out = map(dot(x, w, 'e'), residual, (y, residual) => residual + y)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearAdd.ts:5  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTiles.claim();
    send(xTile.at(rings.xTileAndwTiles.stage), xMap, rings.xTileAndwTiles.full(), e0, q0);
    send(wTile.at(rings.xTileAndwTiles.stage), wMap, rings.xTileAndwTiles.full(), e0, f0);
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ residual, float* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> acc;
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>> wTile{sharedAt<bf16>(32768)};
  Warps::Tile<BQ, BF> residualTile;
  Warps::Tile<BQ, BF> outTile;
  // linearAdd.ts:6  dot(x, w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearAdd.ts:5  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTiles.receive();
    // linearAdd.ts:6  dot(x, w, 'e')
    mma<accumulate>(acc, xTile.at(rings.xTileAndwTiles.stage), transposed(wTile.at(rings.xTileAndwTiles.stage)));
    rings.xTileAndwTiles.release();
  }
  load(residualTile, validQ, validF, [&](int iq) { return residual + Index(q0) * nF + f0 + Index(iq) * nF; });
  each(outTile, [&](At at) {
    outTile[at] = residualTile[at] + acc[at];
  });
  store(outTile, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace linearAdd_bf16_few_block

KERNEL(64, 1) linearAdd_bf16_few(const bf16* __restrict__ x, const bf16* __restrict__ w, const float* __restrict__ residual, float* __restrict__ out, int nQ, int nE, int nF, TENSOR_MAP xMap, TENSOR_MAP wMap) {
  using namespace linearAdd_bf16_few_block;
  Rings rings;
  if (threadOfBlock() == 32) {
    prefetchMap(xMap);
    prefetchMap(wMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAndwTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 32) {
    if (threadOfBlock() == 32) {
      const int i = blockOfGrid();
      const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
      load(rings, xMap, wMap, nE, tile.row * BQ, tile.column * BF);
    }
  }
  else {
    const int i = blockOfGrid();
    const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
    compute(rings, residual, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
  }
}

// fold over e carrying (acc), certificate cd3f
// Blocks: e 64, q 128, f 256; 384 threads; shared 225 KiB.
namespace linearAdd_bf16_block {
constexpr int BQ = 128, BE = 64, BF = 256;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 16384, 8> residualTiles{sharedAt<Barrier>(229376)};
  Channel<3, 49152, 8> xTileAndwTiles{sharedAt<Barrier>(229424)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int f0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>> wTile{sharedAt<bf16>(49152)};
  // linearAdd.ts:6  out = map(dot(x, w, 'e'), residual, (y, residual) => residual + y)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearAdd.ts:5  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTiles.claim();
    send(xTile.at(rings.xTileAndwTiles.stage), xMap, rings.xTileAndwTiles.full(), e0, q0);
    send(wTile.at(rings.xTileAndwTiles.stage), wMap, rings.xTileAndwTiles.full(), e0, f0);
  }
}

DEVICE void loadPanels(Rings& rings, const TensorMap& residualMap, int nE, int q0, int f0) {
  const Places<Panels<float, BQ, 32>> residualTile{sharedAt<float>(147456)};
  // linearAdd.ts:5  residual = residual: In<'f32', ['q', 'f']>
  sendPanels<BF>(rings.residualTiles, residualTile, residualMap, f0, q0);
}

DEVICE void compute(Rings& rings, const TensorMap& outMap, int nE, int q0, int f0) {
  Warps::Tile<BQ, BF> acc;
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>> wTile{sharedAt<bf16>(49152)};
  const Places<Panels<float, BQ, 32>> residualTile{sharedAt<float>(147456)};
  const Places<Panels<float, BQ, 32>> accLines{sharedAt<float>(196608)};
  // linearAdd.ts:6  dot(x, w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linearAdd.ts:5  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTiles.receive();
    // linearAdd.ts:6  dot(x, w, 'e')
    beginProduct<accumulate>(acc, xTile.at(rings.xTileAndwTiles.stage), transposed(wTile.at(rings.xTileAndwTiles.stage)));
    settle<1>();
    if (e0 > 0) rings.xTileAndwTiles.releaseBehind();
  }
  if (const int e0 = 0; e0 < nE) {
    settle<0>(acc);
    rings.xTileAndwTiles.release();
  }
  // linearAdd.ts:5  residual = residual: In<'f32', ['q', 'f']>
  // linearAdd.ts:6  out = map(dot(x, w, 'e'), residual, (y, residual) => residual + y)
  eachReceived(acc, rings.residualTiles, residualTile, [&](At at, float residualTileHere) {
    acc[at] = residualTileHere + acc[at];
  });
  storePanels<2, 1, 0>(accLines, acc, outMap, f0, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace linearAdd_bf16_block

KERNEL(384, 1) linearAdd_bf16(const bf16* __restrict__ x, const bf16* __restrict__ w, const float* __restrict__ residual, float* __restrict__ out, int nQ, int nE, int nF, TENSOR_MAP residualMap, TENSOR_MAP xMap, TENSOR_MAP wMap, TENSOR_MAP outMap) {
  using namespace linearAdd_bf16_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(residualMap);
    prefetchMap(xMap);
    prefetchMap(wMap);
    prefetchMap(outMap);
  }
  if (threadOfBlock() == 0) {
    rings.residualTiles.init();
    rings.xTileAndwTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  const int count = blocks(nQ, BQ) * blocks(nF, BF);
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256 || threadOfBlock() == 288) {
      for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
        const int i = at;
        const Place tile = grouped(i, blocks(nQ, BQ), blocks(nF, BF));
        if (threadOfBlock() == 256) load(rings, xMap, wMap, nE, tile.row * BQ, tile.column * BF);
        if (threadOfBlock() == 288) loadPanels(rings, residualMap, nE, tile.row * BQ, tile.column * BF);
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
