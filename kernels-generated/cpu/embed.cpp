// embed, cpu. From runtime/kernels/embed.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: q 8, e 512.
namespace embed_f32_block {
constexpr int BQ = 8, BE = 512;

static void block(const float* table, const std::int32_t* ids, float* out, int nT, int nE, int nQ, int q0, int e0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validE = minimum(BE, nE - e0);
  TILE int idsTile[BQ];
  TILE float picked[BQ][BE];
  load(idsTile, ids + q0, {1}, {validQ});
  // embed.ts:9  gather(table, 't', ids)
  for (int iq = 0; iq < validQ; iq++) {
    const int place = idsTile[iq];
    for (int ie = 0; ie < validE; ie++) picked[iq][ie] = inside(place, nT) ? float(table[Index(place) * nE + e0 + ie]) : 0.0f;
  }
  store(out + Index(q0) * nE + e0, {nE, 1}, picked, {validQ, validE});
}
}  // namespace embed_f32_block

KERNEL void embed_f32(void* const* args) {
  using namespace embed_f32_block;
  const float* table = tensor<const float>(args[0]);
  const std::int32_t* ids = tensor<const std::int32_t>(args[1]);
  float* out = tensor<float>(args[2]);
  const int nT = size(args[3]);
  const int nE = size(args[4]);
  const int nQ = size(args[5]);
  const int qBlocks = blocks(nQ, BQ), eBlocks = blocks(nE, BE);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * eBlocks > 1)
  for (int i = 0; i < qBlocks * eBlocks; i++) block(table, ids, out, nT, nE, nQ, i / eBlocks * BQ, i % eBlocks * BE);
}

// Blocks: q 8, e 512.
namespace embed_bf16_block {
constexpr int BQ = 8, BE = 512;

static void block(const bf16* table, const std::int32_t* ids, float* out, int nT, int nE, int nQ, int q0, int e0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validE = minimum(BE, nE - e0);
  TILE int idsTile[BQ];
  TILE float picked[BQ][BE];
  load(idsTile, ids + q0, {1}, {validQ});
  // embed.ts:9  gather(table, 't', ids)
  for (int iq = 0; iq < validQ; iq++) {
    const int place = idsTile[iq];
    for (int ie = 0; ie < validE; ie++) picked[iq][ie] = inside(place, nT) ? float(table[Index(place) * nE + e0 + ie]) : 0.0f;
  }
  store(out + Index(q0) * nE + e0, {nE, 1}, picked, {validQ, validE});
}
}  // namespace embed_bf16_block

KERNEL void embed_bf16(void* const* args) {
  using namespace embed_bf16_block;
  const bf16* table = tensor<const bf16>(args[0]);
  const std::int32_t* ids = tensor<const std::int32_t>(args[1]);
  float* out = tensor<float>(args[2]);
  const int nT = size(args[3]);
  const int nE = size(args[4]);
  const int nQ = size(args[5]);
  const int qBlocks = blocks(nQ, BQ), eBlocks = blocks(nE, BE);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * eBlocks > 1)
  for (int i = 0; i < qBlocks * eBlocks; i++) block(table, ids, out, nT, nE, nQ, i / eBlocks * BQ, i % eBlocks * BE);
}
