// normSwiglu, sm_90a. From runtime/kernels/swiglu.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (squares, a, b), certificate f71e
// Blocks: e 64, q 128, f 128; 384 threads; shared 225 KiB.
namespace normSwiglu_bf16_block {
constexpr int BQ = 128, BE = 64, BF = 128;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 32768, 8> xTileAheads{sharedAt<Barrier>(229376)};
  Channel<3, 32768, 8> gateTileAndupTiles{sharedAt<Barrier>(229424)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& gateMap, const TensorMap& upMap, int nE, int q0, int f0) {
  const Places<Panels<float, BQ, BE>> xTileAhead{sharedAt<float>(0)};
  const Places<Panels<bf16, BF, BE>, 2> gateTile{sharedAt<bf16>(98304)};
  const Places<Panels<bf16, BF, BE>, 2> upTile{sharedAt<bf16>(114688)};
  // swiglu.ts:20  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // swiglu.ts:16  x = x: In<'f32', ['q', 'e']>
    rings.xTileAheads.claim();
    send(xTileAhead.at(rings.xTileAheads.stage), xMap, rings.xTileAheads.full(), e0, q0);
    rings.gateTileAndupTiles.claim();
    send(gateTile.at(rings.gateTileAndupTiles.stage), gateMap, rings.gateTileAndupTiles.full(), e0, f0);
    send(upTile.at(rings.gateTileAndupTiles.stage), upMap, rings.gateTileAndupTiles.full(), e0, f0);
  }
}

DEVICE void compute(Rings& rings, const TensorMap& outMap, const bf16* __restrict__ gain, float eps, int nE, int q0, int f0) {
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, 2 * BF> aAndb;
  Warps::Tile<BQ, BF>& a = partOf<Warps::Tile<BQ, BF>, 0>(aAndb);
  Warps::Tile<BQ, BF>& b = partOf<Warps::Tile<BQ, BF>, 1>(aAndb);
  const Places<Panels<float, BQ, BE>> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  Warps::Columns<BE> gainTile;
  PackedOf<bf16, Warps::Tile<BQ, BE>> normal;
  const Places<Panels<bf16, 2 * BF, BE>> gateTileAndupTile{sharedAt<bf16>(98304)};
  Warps::Rows<BQ> value2;
  const Places<Panels<bf16, BQ, 64>> aLines{sharedAt<bf16>(196608)};
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // swiglu.ts:18  a = dot(normal, gate, 'e')
  fill(a, 0.0f);
  // swiglu.ts:19  b = dot(normal, up, 'e')
  fill(b, 0.0f);
  // swiglu.ts:20  map(a, b, gated)
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // swiglu.ts:16  x = x: In<'f32', ['q', 'e']>
    rings.xTileAheads.receive();
    take(xTile, xTileAhead.at(rings.xTileAheads.stage));
    rings.xTileAheads.release();
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    loadLine(gainTile, validE, gain + e0);
    // swiglu.ts:17  normal = cast(gate.dtype, normed(x, gain, eps))
    each(normal, [&](At at) {
      normal[at] = xTile[at] * gainTile[at];
    });
    keepColumns(normal, validE);
    // swiglu.ts:16  gate = gate: In<E, ['f', 'e']>
    rings.gateTileAndupTiles.receive();
    // swiglu.ts:19  b = dot(normal, up, 'e')
    beginProduct<accumulate>(aAndb, normal, transposed(gateTileAndupTile.at(rings.gateTileAndupTiles.stage)));
    settle<0>(a, b);
    rings.gateTileAndupTiles.release();
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // swiglu.ts:20  map(a, b, gated)
  each(value2, [&](At at) {
    value2[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  each(a, [&](At at) {
    const float value3 = a[at] * value2[at];
    a[at] = quotient(value3, 1.0f + math::exp(-value3)) * (b[at] * value2[at]);
  });
  storePanels<2, 1, 0>(aLines, a, outMap, f0, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace normSwiglu_bf16_block

KERNEL(384, 1) normSwiglu_bf16(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ gate, const bf16* __restrict__ up, bf16* __restrict__ out, int nQ, int nE, int nF, TENSOR_MAP xMap, TENSOR_MAP gateMap, TENSOR_MAP upMap, TENSOR_MAP outMap) {
  using namespace normSwiglu_bf16_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(xMap);
    prefetchMap(gateMap);
    prefetchMap(upMap);
    prefetchMap(outMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAheads.init();
    rings.gateTileAndupTiles.init();
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
      compute(rings, outMap, gain, eps, nE, tile.row * BQ, tile.column * BF);
    }
    if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();
  }
}
