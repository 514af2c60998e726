// embed, sm_90a. From runtime/kernels/embed.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: q 1, e 128; 128 threads; shared 1 KiB.
namespace embed_f32_block {
constexpr int BE = 128;

__device__ static void block(const float* table, const std::int32_t* ids, float* out, int nT, int nE, int q0, int e0) {
  const int validE = minimum(BE, nE - e0);
  int idsTile;
  auto& outTile = tileAt<float[BE]>(0);
  idsTile = int(ids[q0]);
  // embed.ts:9  out = gather(table, 't', ids)
  each<BE>([&](int ie) {
    if (ie >= validE) return;
    const int at = idsTile;
    outTile[ie] = inside(at, nT) ? float(table[Index(at) * nE + e0 + ie]) : 0.0f;
  });
  blockBarrier();
  store(out + Index(q0) * nE + e0, {1}, outTile, {validE});
}
}  // namespace embed_f32_block

KERNEL(128) embed_f32(const float* table, const std::int32_t* ids, float* out, int nT, int nE, int nQ) {
  using namespace embed_f32_block;
  const int i = blockIdx.x;
  block(table, ids, out, nT, nE, i / blocks(nE, BE), i % blocks(nE, BE) * BE);
}

// Blocks: q 1, e 128; 128 threads; shared 1 KiB.
namespace embed_bf16_block {
constexpr int BE = 128;

__device__ static void block(const bf16* table, const std::int32_t* ids, bf16* out, int nT, int nE, int q0, int e0) {
  const int validE = minimum(BE, nE - e0);
  int idsTile;
  auto& outTile = tileAt<float[BE]>(0);
  idsTile = int(ids[q0]);
  // embed.ts:9  out = gather(table, 't', ids)
  each<BE>([&](int ie) {
    if (ie >= validE) return;
    const int at = idsTile;
    outTile[ie] = inside(at, nT) ? float(table[Index(at) * nE + e0 + ie]) : 0.0f;
  });
  blockBarrier();
  store(out + Index(q0) * nE + e0, {1}, outTile, {validE});
}
}  // namespace embed_bf16_block

KERNEL(128) embed_bf16(const bf16* table, const std::int32_t* ids, bf16* out, int nT, int nE, int nQ) {
  using namespace embed_bf16_block;
  const int i = blockIdx.x;
  block(table, ids, out, nT, nE, i / blocks(nE, BE), i % blocks(nE, BE) * BE);
}
