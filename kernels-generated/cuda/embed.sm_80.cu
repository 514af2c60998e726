// embed, sm_80. From runtime/kernels/embed.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: q 8, e 128; 128 threads; shared 0 KiB.
namespace embed_f32_block {
constexpr int BQ = 8, BE = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const float* __restrict__ table, const std::int32_t* __restrict__ ids, float* __restrict__ out, int nT, int nE, int nQ, int q0, int e0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validE = minimum(BE, nE - e0);
  Warps::Rows<BQ, int> idsTile;
  Warps::Tile<BQ, BE> picked;
  each(idsTile, [&](At at, int iq) {
    idsTile[at] = int(readIf(iq < validQ, &ids[q0 + iq]));
  });
  // embed.ts:9  gather(table, 't', ids)
  load(picked, validQ, validE, [&](At at, int iq) { return inside(idsTile[at], nT) ? table + Index(idsTile[at]) * nE + e0 : nullptr; });
  store(picked, validQ, validE, [&](int iq) { return out + Index(q0) * nE + e0 + Index(iq) * nE; });
}
}  // namespace embed_f32_block

KERNEL(128, 1) embed_f32(const float* __restrict__ table, const std::int32_t* __restrict__ ids, float* __restrict__ out, int nT, int nE, int nQ) {
  using namespace embed_f32_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(table, ids, out, nT, nE, nQ, i / blocks(nE, BE) * BQ, i % blocks(nE, BE) * BE);
}

// Blocks: q 8, e 128; 128 threads; shared 0 KiB.
namespace embed_bf16_block {
constexpr int BQ = 8, BE = 128;
using Warps = Spread<4, 1, 4>;

DEVICE void block(const bf16* __restrict__ table, const std::int32_t* __restrict__ ids, float* __restrict__ out, int nT, int nE, int nQ, int q0, int e0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validE = minimum(BE, nE - e0);
  Warps::Rows<BQ, int> idsTile;
  Warps::Tile<BQ, BE> picked;
  each(idsTile, [&](At at, int iq) {
    idsTile[at] = int(readIf(iq < validQ, &ids[q0 + iq]));
  });
  // embed.ts:9  gather(table, 't', ids)
  load(picked, validQ, validE, [&](At at, int iq) { return inside(idsTile[at], nT) ? table + Index(idsTile[at]) * nE + e0 : nullptr; });
  store(picked, validQ, validE, [&](int iq) { return out + Index(q0) * nE + e0 + Index(iq) * nE; });
}
}  // namespace embed_bf16_block

KERNEL(128, 1) embed_bf16(const bf16* __restrict__ table, const std::int32_t* __restrict__ ids, float* __restrict__ out, int nT, int nE, int nQ) {
  using namespace embed_bf16_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(table, ids, out, nT, nE, nQ, i / blocks(nE, BE) * BQ, i % blocks(nE, BE) * BE);
}
