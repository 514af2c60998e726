// embed, sm_80. From runtime/kernels/embed.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: q 1, e 128; 128 threads; shared 0 KiB.
namespace embed_f32_block {
constexpr int BE = 128;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const float* table, const std::int32_t* ids, float* out, int nT, int nE, int q0, int e0) {
  const int validE = minimum(BE, nE - e0);
  Warps::Columns<BE> outTile;
  const int idsTile = int(ids[q0]);
  // embed.ts:9  out = gather(table, 't', ids)
  each(outTile, [&](At at, int ie) {
    const int position = idsTile;
    outTile[at] = ie < validE && inside(position, nT) ? float(table[Index(position) * nE + e0 + ie]) : 0.0f;
  });
  each(outTile, [&](At at, int ie) {
    if (ie < validE && isOwner<decltype(outTile)>()) out[Index(q0) * nE + e0 + ie] = float(outTile[at]);
  });
}
}  // namespace embed_f32_block

KERNEL(128, 1) embed_f32(const float* table, const std::int32_t* ids, float* out, int nT, int nE, int nQ) {
  using namespace embed_f32_block;
  const int i = blockOfGrid();
  block(table, ids, out, nT, nE, i / blocks(nE, BE), i % blocks(nE, BE) * BE);
}

// Blocks: q 1, e 128; 128 threads; shared 0 KiB.
namespace embed_bf16_block {
constexpr int BE = 128;
using Warps = Spread<1, 4, 1>;

DEVICE void block(const bf16* table, const std::int32_t* ids, bf16* out, int nT, int nE, int q0, int e0) {
  const int validE = minimum(BE, nE - e0);
  Warps::Columns<BE> outTile;
  const int idsTile = int(ids[q0]);
  // embed.ts:9  out = gather(table, 't', ids)
  each(outTile, [&](At at, int ie) {
    const int position = idsTile;
    outTile[at] = ie < validE && inside(position, nT) ? float(table[Index(position) * nE + e0 + ie]) : 0.0f;
  });
  each(outTile, [&](At at, int ie) {
    if (ie < validE && isOwner<decltype(outTile)>()) out[Index(q0) * nE + e0 + ie] = bf16(outTile[at]);
  });
}
}  // namespace embed_bf16_block

KERNEL(128, 1) embed_bf16(const bf16* table, const std::int32_t* ids, bf16* out, int nT, int nE, int nQ) {
  using namespace embed_bf16_block;
  const int i = blockOfGrid();
  block(table, ids, out, nT, nE, i / blocks(nE, BE), i % blocks(nE, BE) * BE);
}
