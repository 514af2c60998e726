// takeRows, cpu. From runtime/kernels/takeRows.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: q 8, e 512.
namespace takeRows_f32_block {
constexpr int BQ = 8, BE = 512;

static void block(const float* x, const std::int32_t* rows, float* out, int nT, int nE, int nQ, int q0, int e0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validE = minimum(BE, nE - e0);
  TILE int rowsTile[BQ];
  TILE float outTile[BQ][BE];
  load(rowsTile, rows + q0, {1}, {validQ});
  // takeRows.ts:6  out = gather(x, 't', rows)
  for (int iq = 0; iq < validQ; iq++) {
    const int place = rowsTile[iq];
    for (int ie = 0; ie < validE; ie++) outTile[iq][ie] = inside(place, nT) ? float(x[Index(place) * nE + e0 + ie]) : 0.0f;
  }
  store(out + Index(q0) * nE + e0, {nE, 1}, outTile, {validQ, validE});
}
}  // namespace takeRows_f32_block

KERNEL void takeRows_f32(void* const* args) {
  using namespace takeRows_f32_block;
  const float* x = tensor<const float>(args[0]);
  const std::int32_t* rows = tensor<const std::int32_t>(args[1]);
  float* out = tensor<float>(args[2]);
  const int nT = size(args[3]);
  const int nE = size(args[4]);
  const int nQ = size(args[5]);
  const int qBlocks = blocks(nQ, BQ), eBlocks = blocks(nE, BE);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * eBlocks > 1)
  for (int i = 0; i < qBlocks * eBlocks; i++) block(x, rows, out, nT, nE, nQ, i / eBlocks * BQ, i % eBlocks * BE);
}

// Blocks: q 8, e 512.
namespace takeRows_bf16_block {
constexpr int BQ = 8, BE = 512;

static void block(const bf16* x, const std::int32_t* rows, bf16* out, int nT, int nE, int nQ, int q0, int e0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int validE = minimum(BE, nE - e0);
  TILE int rowsTile[BQ];
  TILE float outTile[BQ][BE];
  load(rowsTile, rows + q0, {1}, {validQ});
  // takeRows.ts:6  out = gather(x, 't', rows)
  for (int iq = 0; iq < validQ; iq++) {
    const int place = rowsTile[iq];
    for (int ie = 0; ie < validE; ie++) outTile[iq][ie] = inside(place, nT) ? float(x[Index(place) * nE + e0 + ie]) : 0.0f;
  }
  store(out + Index(q0) * nE + e0, {nE, 1}, outTile, {validQ, validE});
}
}  // namespace takeRows_bf16_block

KERNEL void takeRows_bf16(void* const* args) {
  using namespace takeRows_bf16_block;
  const bf16* x = tensor<const bf16>(args[0]);
  const std::int32_t* rows = tensor<const std::int32_t>(args[1]);
  bf16* out = tensor<bf16>(args[2]);
  const int nT = size(args[3]);
  const int nE = size(args[4]);
  const int nQ = size(args[5]);
  const int qBlocks = blocks(nQ, BQ), eBlocks = blocks(nE, BE);
  #pragma omp parallel for schedule(dynamic) if (qBlocks * eBlocks > 1)
  for (int i = 0; i < qBlocks * eBlocks; i++) block(x, rows, out, nT, nE, nQ, i / eBlocks * BQ, i % eBlocks * BE);
}
