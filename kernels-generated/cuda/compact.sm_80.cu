// compact, sm_80. From runtime/kernels/compact.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// Blocks: n 1, g 1, d 128; 128 threads; shared 1 KiB.
namespace compact_f32_block {
constexpr int BD = 128;

__device__ static void block(const float* k, const float* v, const std::int32_t* index, float* keys, float* values, int nK, int nG, int nD, int nN, int n0, int g0, int d0) {
  const int validD = minimum(BD, nD - d0);
  int indexTile;
  auto& keysTile = tileAt<float[BD]>(0);
  auto& valuesTile = tileAt<float[BD]>(512);
  indexTile = int(index[Index(g0) * nN + n0]);
  // compact.ts:8  keys = gather(k, 'k', index)
  each<BD>([&](int id) {
    if (id >= validD) return;
    const int at = indexTile;
    keysTile[id] = inside(at, nK) ? float(k[(Index(at) * nG + g0) * nD + d0 + id]) : 0.0f;
  });
  blockBarrier();
  store(keys + (Index(n0) * nG + g0) * nD + d0, {1}, keysTile, {validD});
  each<BD>([&](int id) {
    if (id >= validD) return;
    const int at2 = indexTile;
    valuesTile[id] = inside(at2, nK) ? float(v[(Index(at2) * nG + g0) * nD + d0 + id]) : 0.0f;
  });
  blockBarrier();
  store(values + (Index(n0) * nG + g0) * nD + d0, {1}, valuesTile, {validD});
}
}  // namespace compact_f32_block

KERNEL(128) compact_f32(const float* k, const float* v, const std::int32_t* index, float* keys, float* values, int nK, int nG, int nD, int nN) {
  using namespace compact_f32_block;
  const int i = blockIdx.x;
  block(k, v, index, keys, values, nK, nG, nD, nN, i / (nG * blocks(nD, BD)), i / blocks(nD, BD) % nG, i % blocks(nD, BD) * BD);
}

// Blocks: n 1, g 1, d 128; 128 threads; shared 1 KiB.
namespace compact_bf16_block {
constexpr int BD = 128;

__device__ static void block(const bf16* k, const bf16* v, const std::int32_t* index, bf16* keys, bf16* values, int nK, int nG, int nD, int nN, int n0, int g0, int d0) {
  const int validD = minimum(BD, nD - d0);
  int indexTile;
  auto& keysTile = tileAt<float[BD]>(0);
  auto& valuesTile = tileAt<float[BD]>(512);
  indexTile = int(index[Index(g0) * nN + n0]);
  // compact.ts:8  keys = gather(k, 'k', index)
  each<BD>([&](int id) {
    if (id >= validD) return;
    const int at = indexTile;
    keysTile[id] = inside(at, nK) ? float(k[(Index(at) * nG + g0) * nD + d0 + id]) : 0.0f;
  });
  blockBarrier();
  store(keys + (Index(n0) * nG + g0) * nD + d0, {1}, keysTile, {validD});
  each<BD>([&](int id) {
    if (id >= validD) return;
    const int at2 = indexTile;
    valuesTile[id] = inside(at2, nK) ? float(v[(Index(at2) * nG + g0) * nD + d0 + id]) : 0.0f;
  });
  blockBarrier();
  store(values + (Index(n0) * nG + g0) * nD + d0, {1}, valuesTile, {validD});
}
}  // namespace compact_bf16_block

KERNEL(128) compact_bf16(const bf16* k, const bf16* v, const std::int32_t* index, bf16* keys, bf16* values, int nK, int nG, int nD, int nN) {
  using namespace compact_bf16_block;
  const int i = blockIdx.x;
  block(k, v, index, keys, values, nK, nG, nD, nN, i / (nG * blocks(nD, BD)), i / blocks(nD, BD) % nG, i % blocks(nD, BD) * BD);
}
