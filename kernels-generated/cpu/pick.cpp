// pick, cpu. From runtime/kernels/pick.ts by `warpfold compile`; do not edit.
#include "device.h"

// Blocks: g 8, n 512.
namespace pick_f32_block {
constexpr int BG = 8, BN = 512;

static void block(const float* x, const std::int32_t* index, float* out, int nG, int nK, int nN, int g0, int n0) {
  const int validG = minimum(BG, nG - g0);
  const int validN = minimum(BN, nN - n0);
  TILE int indexTile[BG][BN];
  TILE float outTile[BG][BN];
  load(indexTile, index + Index(g0) * nN + n0, {nN, 1}, {validG, validN});
  // pick.ts:6  out = gather(x, 'k', index)
  for (int ig = 0; ig < validG; ig++) {
    for (int in = 0; in < validN; in++) {
      const int place = indexTile[ig][in];
      outTile[ig][in] = inside(place, nK) ? float(x[Index(g0 + ig) * nK + place]) : 0.0f;
    }
  }
  store(out + Index(g0) * nN + n0, {nN, 1}, outTile, {validG, validN});
}
}  // namespace pick_f32_block

KERNEL void pick_f32(void* const* args) {
  using namespace pick_f32_block;
  const float* x = tensor<const float>(args[0]);
  const std::int32_t* index = tensor<const std::int32_t>(args[1]);
  float* out = tensor<float>(args[2]);
  const int nG = size(args[3]);
  const int nK = size(args[4]);
  const int nN = size(args[5]);
  const int gBlocks = blocks(nG, BG), nBlocks = blocks(nN, BN);
  #pragma omp parallel for schedule(dynamic) if (gBlocks * nBlocks > 1)
  for (int i = 0; i < gBlocks * nBlocks; i++) block(x, index, out, nG, nK, nN, i / nBlocks * BG, i % nBlocks * BN);
}

// Blocks: g 8, n 512.
namespace pick_i32_block {
constexpr int BG = 8, BN = 512;

static void block(const std::int32_t* x, const std::int32_t* index, std::int32_t* out, int nG, int nK, int nN, int g0, int n0) {
  const int validG = minimum(BG, nG - g0);
  const int validN = minimum(BN, nN - n0);
  TILE int indexTile[BG][BN];
  TILE int outTile[BG][BN];
  load(indexTile, index + Index(g0) * nN + n0, {nN, 1}, {validG, validN});
  // pick.ts:6  out = gather(x, 'k', index)
  for (int ig = 0; ig < validG; ig++) {
    for (int in = 0; in < validN; in++) {
      const int place = indexTile[ig][in];
      outTile[ig][in] = inside(place, nK) ? int(x[Index(g0 + ig) * nK + place]) : 0;
    }
  }
  store(out + Index(g0) * nN + n0, {nN, 1}, outTile, {validG, validN});
}
}  // namespace pick_i32_block

KERNEL void pick_i32(void* const* args) {
  using namespace pick_i32_block;
  const std::int32_t* x = tensor<const std::int32_t>(args[0]);
  const std::int32_t* index = tensor<const std::int32_t>(args[1]);
  std::int32_t* out = tensor<std::int32_t>(args[2]);
  const int nG = size(args[3]);
  const int nK = size(args[4]);
  const int nN = size(args[5]);
  const int gBlocks = blocks(nG, BG), nBlocks = blocks(nN, BN);
  #pragma omp parallel for schedule(dynamic) if (gBlocks * nBlocks > 1)
  for (int i = 0; i < gBlocks * nBlocks; i++) block(x, index, out, nG, nK, nN, i / nBlocks * BG, i % nBlocks * BN);
}
