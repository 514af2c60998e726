// swiglu, sm_90a. From runtime/kernels/swiglu.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

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
