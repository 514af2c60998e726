// queryNll, cpu. From runtime/kernels/queryNll.ts by `warpfold compile`; do not edit.
#include "device.h"

// fold over e carrying (acc), certificate c3a5
// fold over t carrying (m, l), certificate 45ea
// fold over e carrying (own), certificate d6ba
// Blocks: e 256, t 128, q 128.
namespace queryNll_f32_block {
constexpr int BQ = 128, BT = 128, BE = 256;

static void block(const float* h, const float* w, const std::int32_t* target, float* out, int nQ, int nE, int nT, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int wideQ = wide<BQ>(validQ);
  TILE float m[BQ];
  TILE float l[BQ];
  TILE float acc[BQ][BT];
  TILE float hTile[BQ][BE];
  TILE float tMax[BQ];
  TILE float mNew[BQ];
  TILE float alpha[BQ];
  TILE float all[BQ];
  TILE float own[BQ];
  TILE float hTile2[BQ][BE];
  TILE int targetTile[BQ];
  TILE float picked[BQ][BE];
  TILE float ownTerms[BQ][BE];
  TILE float outTile[BQ];
  // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  for (int t0 = 0; t0 < nT; t0 += BT) {
    const int validT = minimum(BT, nT - t0);
    const int wideT = wide<BT>(validT);
    fill(acc, 0.0f);
    for (int e0 = 0; e0 < nE; e0 += BE) {
      const int validE = minimum(BE, nE - e0);
      load(hTile, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
      const float* wTile = w + Index(t0) * nE + e0;
      mma(matrix(acc), matrix(hTile), {wTile, 1, nE}, validQ, validT, validE, accumulate);
    }
    for (int iq = 0; iq < validQ; iq++) tMax[iq] = maxOf(acc[iq], validT);
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) mNew[iq] = maximum(m[iq], tMax[iq]);
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp(m[iq] - mNew[iq]);
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
    for (int iq = 0; iq < validQ; iq++) {
      const float mNewRow = mNew[iq];
      #pragma omp simd
      for (int it = 0; it < wideT; it++) acc[iq][it] = math::exp(acc[iq][it] - mNewRow);
      l[iq] += sumOf(acc[iq], validT);
    }
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
  }
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) all[iq] = m[iq] + math::log(l[iq]);
  // queryNll.ts:10  own = dot(h, gather(w, 't', target), 'e')
  fill(own, 0.0f);
  load(targetTile, target + q0, {1}, {validQ});
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    const int wideE = wide<BE>(validE);
    load(hTile2, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    for (int iq = 0; iq < validQ; iq++) {
      const int place = targetTile[iq];
      for (int ie = 0; ie < validE; ie++) picked[iq][ie] = inside(place, nT) ? float(w[Index(place) * nE + e0 + ie]) : 0.0f;
    }
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) ownTerms[iq][ie] = hTile2[iq][ie] * picked[iq][ie];
      own[iq] += sumOf(ownTerms[iq], validE);
    }
  }
  // queryNll.ts:11  out = map(all, own, (all, own) => all - own)
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) outTile[iq] = all[iq] - own[iq];
  store(out + q0, {1}, outTile, {validQ});
}
}  // namespace queryNll_f32_block

KERNEL void queryNll_f32(void* const* args) {
  using namespace queryNll_f32_block;
  const float* h = tensor<const float>(args[0]);
  const float* w = tensor<const float>(args[1]);
  const std::int32_t* target = tensor<const std::int32_t>(args[2]);
  float* out = tensor<float>(args[3]);
  const int nQ = size(args[4]);
  const int nE = size(args[5]);
  const int nT = size(args[6]);
  const int qBlocks = blocks(nQ, BQ);
  #pragma omp parallel for schedule(dynamic) if (qBlocks > 1)
  for (int i = 0; i < qBlocks; i++) block(h, w, target, out, nQ, nE, nT, i * BQ);
}

// fold over e carrying (acc), certificate c3a5
// fold over t carrying (m, l), certificate 45ea
// fold over e carrying (own), certificate d6ba
// Blocks: e 256, t 128, q 128.
namespace queryNll_bf16_block {
constexpr int BQ = 128, BT = 128, BE = 256;

static void block(const bf16* h, const bf16* w, const std::int32_t* target, float* out, int nQ, int nE, int nT, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  const int wideQ = wide<BQ>(validQ);
  TILE float m[BQ];
  TILE float l[BQ];
  TILE float acc[BQ][BT];
  TILE float hTile[BQ][BE];
  TILE float wTile[BE][BT];
  TILE float tMax[BQ];
  TILE float mNew[BQ];
  TILE float alpha[BQ];
  TILE float all[BQ];
  TILE float own[BQ];
  TILE float hTile2[BQ][BE];
  TILE int targetTile[BQ];
  TILE float picked[BQ][BE];
  TILE float ownTerms[BQ][BE];
  TILE float outTile[BQ];
  // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  for (int t0 = 0; t0 < nT; t0 += BT) {
    const int validT = minimum(BT, nT - t0);
    const int wideT = wide<BT>(validT);
    fill(acc, 0.0f);
    for (int e0 = 0; e0 < nE; e0 += BE) {
      const int validE = minimum(BE, nE - e0);
      load(hTile, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
      load(wTile, w + Index(t0) * nE + e0, {1, nE}, {validE, validT});
      mma(matrix(acc), matrix(hTile), matrix(wTile), validQ, validT, validE, accumulate);
    }
    for (int iq = 0; iq < validQ; iq++) tMax[iq] = maxOf(acc[iq], validT);
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) mNew[iq] = maximum(m[iq], tMax[iq]);
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) alpha[iq] = math::exp(m[iq] - mNew[iq]);
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) l[iq] = l[iq] * alpha[iq];
    for (int iq = 0; iq < validQ; iq++) {
      const float mNewRow = mNew[iq];
      #pragma omp simd
      for (int it = 0; it < wideT; it++) acc[iq][it] = math::exp(acc[iq][it] - mNewRow);
      l[iq] += sumOf(acc[iq], validT);
    }
    #pragma omp simd
    for (int iq = 0; iq < wideQ; iq++) m[iq] = mNew[iq];
  }
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) all[iq] = m[iq] + math::log(l[iq]);
  // queryNll.ts:10  own = dot(h, gather(w, 't', target), 'e')
  fill(own, 0.0f);
  load(targetTile, target + q0, {1}, {validQ});
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    const int wideE = wide<BE>(validE);
    load(hTile2, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    for (int iq = 0; iq < validQ; iq++) {
      const int place = targetTile[iq];
      for (int ie = 0; ie < validE; ie++) picked[iq][ie] = inside(place, nT) ? float(w[Index(place) * nE + e0 + ie]) : 0.0f;
    }
    for (int iq = 0; iq < validQ; iq++) {
      #pragma omp simd
      for (int ie = 0; ie < wideE; ie++) ownTerms[iq][ie] = hTile2[iq][ie] * picked[iq][ie];
      own[iq] += sumOf(ownTerms[iq], validE);
    }
  }
  // queryNll.ts:11  out = map(all, own, (all, own) => all - own)
  #pragma omp simd
  for (int iq = 0; iq < wideQ; iq++) outTile[iq] = all[iq] - own[iq];
  store(out + q0, {1}, outTile, {validQ});
}
}  // namespace queryNll_bf16_block

KERNEL void queryNll_bf16(void* const* args) {
  using namespace queryNll_bf16_block;
  const bf16* h = tensor<const bf16>(args[0]);
  const bf16* w = tensor<const bf16>(args[1]);
  const std::int32_t* target = tensor<const std::int32_t>(args[2]);
  float* out = tensor<float>(args[3]);
  const int nQ = size(args[4]);
  const int nE = size(args[5]);
  const int nT = size(args[6]);
  const int qBlocks = blocks(nQ, BQ);
  #pragma omp parallel for schedule(dynamic) if (qBlocks > 1)
  for (int i = 0; i < qBlocks; i++) block(h, w, target, out, nQ, nE, nT, i * BQ);
}
