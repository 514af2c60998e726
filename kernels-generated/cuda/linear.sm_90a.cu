// linear, sm_90a. From runtime/kernels/linear.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (out), certificate 068a
// Blocks: e 256, q 16, f 16; 64 threads; shared 65 KiB.
namespace linear_bf16_few_block {
constexpr int BQ = 16, BE = 256, BF = 16;
using Warps = Accumulators<1, 1>;
struct Rings {
  Channel<4, 16384, 1> xTileAndwTiles{sharedAt<Barrier>(65536)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int f0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>> wTile{sharedAt<bf16>(32768)};
  // linear.ts:9  dot(x, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linear.ts:8  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTiles.claim();
    send(xTile.at(rings.xTileAndwTiles.stage), xMap, rings.xTileAndwTiles.full(), e0, q0);
    send(wTile.at(rings.xTileAndwTiles.stage), wMap, rings.xTileAndwTiles.full(), e0, f0);
  }
}

DEVICE void compute(Rings& rings, bf16* __restrict__ out, int nQ, int nE, int nF, int q0, int f0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validF = minimum(BF, nF - f0);
  Warps::Tile<BQ, BF> outTile;
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>> wTile{sharedAt<bf16>(32768)};
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linear.ts:8  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTiles.receive();
    // linear.ts:9  dot(x, w, 'e')
    mma<accumulate>(outTile, xTile.at(rings.xTileAndwTiles.stage), transposed(wTile.at(rings.xTileAndwTiles.stage)));
    rings.xTileAndwTiles.release();
  }
  store(outTile, validQ, validF, [&](int iq) { return out + Index(q0) * nF + f0 + Index(iq) * nF; });
}
}  // namespace linear_bf16_few_block

KERNEL(64, 1) linear_bf16_few(const bf16* __restrict__ x, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF, TENSOR_MAP xMap, TENSOR_MAP wMap) {
  using namespace linear_bf16_few_block;
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
    compute(rings, out, nQ, nE, nF, tile.row * BQ, tile.column * BF);
  }
}

// fold over e carrying (out), certificate 068a
// Blocks: e 64, q 128, f 256; 384 threads; shared 209 KiB.
namespace linear_bf16_block {
constexpr int BQ = 128, BE = 64, BF = 256;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 49152, 8> xTileAndwTiles{sharedAt<Barrier>(212992)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int f0) {
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>> wTile{sharedAt<bf16>(49152)};
  // linear.ts:9  dot(x, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linear.ts:8  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTiles.claim();
    send(xTile.at(rings.xTileAndwTiles.stage), xMap, rings.xTileAndwTiles.full(), e0, q0);
    send(wTile.at(rings.xTileAndwTiles.stage), wMap, rings.xTileAndwTiles.full(), e0, f0);
  }
}

DEVICE void compute(Rings& rings, const TensorMap& outMap, int nE, int q0, int f0) {
  Warps::Tile<BQ, BF> outTile;
  const Places<Panels<bf16, BQ, BE>> xTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BF, BE>> wTile{sharedAt<bf16>(49152)};
  const Places<Panels<bf16, BQ, 64>> outTileLines{sharedAt<bf16>(147456)};
  // linear.ts:9  dot(x, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // linear.ts:8  x = x: In<E, ['q', 'e']>
    rings.xTileAndwTiles.receive();
    // linear.ts:9  dot(x, w, 'e')
    beginProduct<accumulate>(outTile, xTile.at(rings.xTileAndwTiles.stage), transposed(wTile.at(rings.xTileAndwTiles.stage)));
    settle<1>();
    if (e0 > 0) rings.xTileAndwTiles.releaseBehind();
  }
  if (const int e0 = 0; e0 < nE) {
    settle<0>(outTile);
    rings.xTileAndwTiles.release();
  }
  storePanels<4, 2, 0>(outTileLines, outTile, outMap, f0, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace linear_bf16_block

KERNEL(384, 1) linear_bf16(const bf16* __restrict__ x, const bf16* __restrict__ w, bf16* __restrict__ out, int nQ, int nE, int nF, TENSOR_MAP xMap, TENSOR_MAP wMap, TENSOR_MAP outMap) {
  using namespace linear_bf16_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(xMap);
    prefetchMap(wMap);
    prefetchMap(outMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAndwTiles.init();
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
        load(rings, xMap, wMap, nE, tile.row * BQ, tile.column * BF);
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
