// logits, sm_90a. From runtime/kernels/logits.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (out), certificate a03a
// Blocks: e 256, q 16, t 16; 64 threads; shared 65 KiB.
namespace logits_bf16_few_block {
constexpr int BQ = 16, BE = 256, BT = 16;
using Warps = Accumulators<1, 1>;
struct Rings {
  Channel<4, 16384, 1> hTileAndwTiles{sharedAt<Barrier>(65536)};
};

DEVICE void load(Rings& rings, const TensorMap& hMap, const TensorMap& wMap, int nE, int q0, int t0) {
  const Places<Panels<bf16, BQ, BE>> hTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BT, BE>> wTile{sharedAt<bf16>(32768)};
  // logits.ts:6  out = dot(h, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // logits.ts:5  h = h: In<E, ['q', 'e']>
    rings.hTileAndwTiles.claim();
    send(hTile.at(rings.hTileAndwTiles.stage), hMap, rings.hTileAndwTiles.full(), e0, q0);
    send(wTile.at(rings.hTileAndwTiles.stage), wMap, rings.hTileAndwTiles.full(), e0, t0);
  }
}

DEVICE void compute(Rings& rings, float* __restrict__ out, int nQ, int nE, int nT, int q0, int t0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validT = minimum(BT, nT - t0);
  Warps::Tile<BQ, BT> outTile;
  const Places<Panels<bf16, BQ, BE>> hTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BT, BE>> wTile{sharedAt<bf16>(32768)};
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // logits.ts:5  h = h: In<E, ['q', 'e']>
    rings.hTileAndwTiles.receive();
    // logits.ts:6  out = dot(h, w, 'e')
    mma<accumulate>(outTile, hTile.at(rings.hTileAndwTiles.stage), transposed(wTile.at(rings.hTileAndwTiles.stage)));
    rings.hTileAndwTiles.release();
  }
  store(outTile, validQ, validT, [&](int iq) { return out + Index(q0) * nT + t0 + Index(iq) * nT; });
}
}  // namespace logits_bf16_few_block

KERNEL(64, 1) logits_bf16_few(const bf16* __restrict__ h, const bf16* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT, TENSOR_MAP hMap, TENSOR_MAP wMap) {
  using namespace logits_bf16_few_block;
  Rings rings;
  if (threadOfBlock() == 32) {
    prefetchMap(hMap);
    prefetchMap(wMap);
  }
  if (threadOfBlock() == 0) {
    rings.hTileAndwTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 32) {
    if (threadOfBlock() == 32) {
      const int i = blockOfGrid();
      const Place tile = grouped(i, blocks(nQ, BQ), blocks(nT, BT));
      load(rings, hMap, wMap, nE, tile.row * BQ, tile.column * BT);
    }
  }
  else {
    const int i = blockOfGrid();
    const Place tile = grouped(i, blocks(nQ, BQ), blocks(nT, BT));
    compute(rings, out, nQ, nE, nT, tile.row * BQ, tile.column * BT);
  }
}

// fold over e carrying (out), certificate a03a
// Blocks: e 64, q 128, t 256; 384 threads; shared 209 KiB.
namespace logits_bf16_block {
constexpr int BQ = 128, BE = 64, BT = 256;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 49152, 8> hTileAndwTiles{sharedAt<Barrier>(212992)};
};

DEVICE void load(Rings& rings, const TensorMap& hMap, const TensorMap& wMap, int nE, int q0, int t0) {
  const Places<Panels<bf16, BQ, BE>> hTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BT, BE>> wTile{sharedAt<bf16>(49152)};
  // logits.ts:6  out = dot(h, w, 'e')
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // logits.ts:5  h = h: In<E, ['q', 'e']>
    rings.hTileAndwTiles.claim();
    send(hTile.at(rings.hTileAndwTiles.stage), hMap, rings.hTileAndwTiles.full(), e0, q0);
    send(wTile.at(rings.hTileAndwTiles.stage), wMap, rings.hTileAndwTiles.full(), e0, t0);
  }
}

DEVICE void compute(Rings& rings, const TensorMap& outMap, int nE, int q0, int t0) {
  Warps::Tile<BQ, BT> outTile;
  const Places<Panels<bf16, BQ, BE>> hTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BT, BE>> wTile{sharedAt<bf16>(49152)};
  const Places<Panels<float, BQ, 32>> outTileLines{sharedAt<float>(147456)};
  // logits.ts:6  out = dot(h, w, 'e')
  fill(outTile, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // logits.ts:5  h = h: In<E, ['q', 'e']>
    rings.hTileAndwTiles.receive();
    // logits.ts:6  out = dot(h, w, 'e')
    beginProduct<accumulate>(outTile, hTile.at(rings.hTileAndwTiles.stage), transposed(wTile.at(rings.hTileAndwTiles.stage)));
    settle<1>();
    if (e0 > 0) rings.hTileAndwTiles.releaseBehind();
  }
  if (const int e0 = 0; e0 < nE) {
    settle<0>(outTile);
    rings.hTileAndwTiles.release();
  }
  storePanels<4, 2, 0>(outTileLines, outTile, outMap, t0, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace logits_bf16_block

KERNEL(384, 1) logits_bf16(const bf16* __restrict__ h, const bf16* __restrict__ w, float* __restrict__ out, int nQ, int nE, int nT, TENSOR_MAP hMap, TENSOR_MAP wMap, TENSOR_MAP outMap) {
  using namespace logits_bf16_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(hMap);
    prefetchMap(wMap);
    prefetchMap(outMap);
  }
  if (threadOfBlock() == 0) {
    rings.hTileAndwTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  const int count = blocks(nQ, BQ) * blocks(nT, BT);
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256) {
      for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
        const int i = at;
        const Place tile = grouped(i, blocks(nQ, BQ), blocks(nT, BT));
        load(rings, hMap, wMap, nE, tile.row * BQ, tile.column * BT);
      }
    }
  }
  else {
    takeRegisters<240>();
    for (int at = blockOfGrid(); at < count; at += blocksOfGrid()) {
      const int i = at;
      const Place tile = grouped(i, blocks(nQ, BQ), blocks(nT, BT));
      compute(rings, outMap, nE, tile.row * BQ, tile.column * BT);
    }
    if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();
  }
}
