// normLinearBias, sm_90a. From runtime/kernels/normLinear.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// fold over e carrying (squares, acc), certificate cd7b
// Blocks: e 64, q 128, f 256; 384 threads; shared 225 KiB.
namespace normLinearBias_bf16_block {
constexpr int BQ = 128, BE = 64, BF = 256;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<3, 32768, 8> xTileAheads{sharedAt<Barrier>(229376)};
  Channel<3, 32768, 8> wTiles{sharedAt<Barrier>(229424)};
};

DEVICE void load(Rings& rings, const TensorMap& xMap, const TensorMap& wMap, int nE, int q0, int f0) {
  const Places<Panels<float, BQ, BE>> xTileAhead{sharedAt<float>(0)};
  const Places<Panels<bf16, BF, BE>> wTile{sharedAt<bf16>(98304)};
  // normLinear.ts:18  map(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), bias, (y, bias) => y + bi…
  for (int e0 = 0; e0 < nE; e0 += BE) {
    // normLinear.ts:17  x = x: In<'f32', ['q', 'e']>
    rings.xTileAheads.claim();
    send(xTileAhead.at(rings.xTileAheads.stage), xMap, rings.xTileAheads.full(), e0, q0);
    rings.wTiles.claim();
    send(wTile.at(rings.wTiles.stage), wMap, rings.wTiles.full(), e0, f0);
  }
}

DEVICE void compute(Rings& rings, const TensorMap& outMap, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ bias, int nE, int nF, int q0, int f0) {
  const int validF = minimum(BF, nF - f0);
  Warps::Rows<BQ> squares;
  Warps::Tile<BQ, BF> acc;
  const Places<Panels<float, BQ, BE>> xTileAhead{sharedAt<float>(0)};
  Warps::Tile<BQ, BE> xTile;
  Warps::Tile<BQ, BE> value;
  Warps::Columns<BE> gainTile;
  PackedOf<bf16, Warps::Tile<BQ, BE>> value2;
  const Places<Panels<bf16, BF, BE>> wTile{sharedAt<bf16>(98304)};
  Warps::Rows<BQ> value3;
  Warps::Columns<BF> biasTile;
  const Places<Panels<bf16, BQ, 64>> accLines{sharedAt<bf16>(196608)};
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  fill(squares, 0.0f);
  // normLinear.ts:18  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
  fill(acc, 0.0f);
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    // normLinear.ts:17  x = x: In<'f32', ['q', 'e']>
    rings.xTileAheads.receive();
    take(xTile, xTileAhead.at(rings.xTileAheads.stage));
    rings.xTileAheads.release();
    // normed.ts:5  map(x, (x) => x * x)
    each(value, [&](At at) {
      value[at] = xTile[at] * xTile[at];
    });
    joinRows<Sum, apart>(squares, value, validE);
    loadLine(gainTile, validE, gain + e0);
    // normLinear.ts:18  cast(w.dtype, normed(x, gain, eps))
    each(value2, [&](At at) {
      value2[at] = xTile[at] * gainTile[at];
    });
    keepColumns(value2, validE);
    // normLinear.ts:17  w = w: In<E, ['f', 'e']>
    rings.wTiles.receive();
    // normLinear.ts:18  dot(cast(w.dtype, normed(x, gain, eps)), w, 'e')
    beginProduct<accumulate>(acc, value2, transposed(wTile.at(rings.wTiles.stage)));
    settle<0>(acc);
    rings.wTiles.release();
  }
  // normed.ts:5  squares = sum(map(x, (x) => x * x), 'e')
  unite<Sum>(squares);
  const float epsValue = float(eps);
  // normLinear.ts:18  map(dot(cast(w.dtype, normed(x, gain, eps)), w, 'e'), bias, (y, bias) => y + bi…
  each(value3, [&](At at) {
    value3[at] = 1.0f / std::sqrt(squares[at] / float(maximum(nE, 1)) + epsValue);
  });
  loadLine(biasTile, validF, bias + f0);
  each(acc, [&](At at) {
    acc[at] = acc[at] * value3[at] + biasTile[at];
  });
  storePanels<2, 1, 0>(accLines, acc, outMap, f0, q0 + warpOfBlock() / 4 * 64);
}
}  // namespace normLinearBias_bf16_block

KERNEL(384, 1) normLinearBias_bf16(const float* __restrict__ x, const bf16* __restrict__ gain, float eps, const bf16* __restrict__ w, const bf16* __restrict__ bias, bf16* __restrict__ out, int nQ, int nE, int nF, TENSOR_MAP xMap, TENSOR_MAP wMap, TENSOR_MAP outMap) {
  using namespace normLinearBias_bf16_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(xMap);
    prefetchMap(wMap);
    prefetchMap(outMap);
  }
  if (threadOfBlock() == 0) {
    rings.xTileAheads.init();
    rings.wTiles.init();
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
      compute(rings, outMap, gain, eps, bias, nE, nF, tile.row * BQ, tile.column * BF);
    }
    if (threadOfBlock() % 128 == 0) awaitStoresRead<0>();
  }
}
