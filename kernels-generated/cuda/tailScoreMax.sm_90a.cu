// tailScoreMax, sm_90a. From runtime/kernels/tailScore.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 0b8e
// Blocks: w 32, r 1, g 1, k 64; 128 threads; shared 33 KiB.
namespace tailScoreMax_f32_d64_block {
constexpr int BK = 64, D = 64, BW = 32, BR = 1;

__device__ static void block(const float* q, const float* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  auto& outTile = tileAt<float[BK]>(0);
  auto& acc = tileAt<float[BK]>(256);
  int firstValue;
  auto& kTile = tileAt<float[BK][D]>(512);
  auto& qTile = tileAt<float[D][BW]>(16896);
  auto& p = tileAt<float[BK][BW]>(25088);
  float scaleValue;
  auto& lseTile = tileAt<float[BW]>(33280);
  int wFirst;
  int wFull;
  int wRest;
  // tailScore.ts:22  out = max(sum(p, 'w'), 'r')
  fill(outTile, -INFINITY);
  firstValue = int(first);
  load(kTile, k + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
  scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    blockBarrier();
    fill(acc, 0.0f);
    wFirst = floorDivide(maximum(0, k0 - firstValue), 32) * 32;
    wFull = maximum(wFirst, minimum(floorDivide(maximum(0, minimum(k0 + 64, nK) - firstValue - 1) + 31, 32) * 32, nW));
    wRest = maximum(wFull, minimum(floorDivide(nW, 32) * 32, nW));
    for (int w0 = wFirst; w0 < wFull; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, validW);
      });
    }
    for (int w0 = wFull; w0 < wRest; w0 += BW) {
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, BW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, BW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = math::exp(p[ik][iw] * scaleValue - lseTile[iw]);
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, BW);
      });
    }
    for (int w0 = wRest; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, validW);
      });
    }
    blockBarrier();
    each<BK>([&](int ik) {
      outTile[ik] = maximum(outTile[ik], acc[ik]);
    });
  }
  blockBarrier();
  store(out + Index(g0) * nK + k0, {1}, outTile, {validK});
}
}  // namespace tailScoreMax_f32_d64_block

KERNEL(128) tailScoreMax_f32_d64(const float* q, const float* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK) {
  using namespace tailScoreMax_f32_d64_block;
  const int i = blockIdx.x;
  block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / blocks(nK, BK), i % blocks(nK, BK) * BK);
}

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 0b8e
// Blocks: w 32, r 1, g 1, k 64; 128 threads; shared 57 KiB.
namespace tailScoreMax_f32_d128_block {
constexpr int BK = 64, D = 128, BW = 32, BR = 1;

__device__ static void block(const float* q, const float* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  auto& outTile = tileAt<float[BK]>(0);
  auto& acc = tileAt<float[BK]>(256);
  int firstValue;
  auto& kTile = tileAt<float[BK][D]>(512);
  auto& qTile = tileAt<float[D][BW]>(33280);
  auto& p = tileAt<float[BK][BW]>(49664);
  float scaleValue;
  auto& lseTile = tileAt<float[BW]>(57856);
  int wFirst;
  int wFull;
  int wRest;
  // tailScore.ts:22  out = max(sum(p, 'w'), 'r')
  fill(outTile, -INFINITY);
  firstValue = int(first);
  load(kTile, k + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
  scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    blockBarrier();
    fill(acc, 0.0f);
    wFirst = floorDivide(maximum(0, k0 - firstValue), 32) * 32;
    wFull = maximum(wFirst, minimum(floorDivide(maximum(0, minimum(k0 + 64, nK) - firstValue - 1) + 31, 32) * 32, nW));
    wRest = maximum(wFull, minimum(floorDivide(nW, 32) * 32, nW));
    for (int w0 = wFirst; w0 < wFull; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, validW);
      });
    }
    for (int w0 = wFull; w0 < wRest; w0 += BW) {
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, BW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, BW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = math::exp(p[ik][iw] * scaleValue - lseTile[iw]);
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, BW);
      });
    }
    for (int w0 = wRest; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, validW);
      });
    }
    blockBarrier();
    each<BK>([&](int ik) {
      outTile[ik] = maximum(outTile[ik], acc[ik]);
    });
  }
  blockBarrier();
  store(out + Index(g0) * nK + k0, {1}, outTile, {validK});
}
}  // namespace tailScoreMax_f32_d128_block

KERNEL(128) tailScoreMax_f32_d128(const float* q, const float* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK) {
  using namespace tailScoreMax_f32_d128_block;
  const int i = blockIdx.x;
  block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / blocks(nK, BK), i % blocks(nK, BK) * BK);
}

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 0b8e
// Blocks: w 32, r 1, g 1, k 64; 128 threads; shared 33 KiB.
namespace tailScoreMax_bf16_d64_block {
constexpr int BK = 64, D = 64, BW = 32, BR = 1;

__device__ static void block(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  auto& outTile = tileAt<float[BK]>(0);
  auto& acc = tileAt<float[BK]>(256);
  int firstValue;
  auto& kTile = tileAt<float[BK][D]>(512);
  auto& qTile = tileAt<float[D][BW]>(16896);
  auto& p = tileAt<float[BK][BW]>(25088);
  float scaleValue;
  auto& lseTile = tileAt<float[BW]>(33280);
  int wFirst;
  int wFull;
  int wRest;
  // tailScore.ts:22  out = max(sum(p, 'w'), 'r')
  fill(outTile, -INFINITY);
  firstValue = int(first);
  load(kTile, k + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
  scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    blockBarrier();
    fill(acc, 0.0f);
    wFirst = floorDivide(maximum(0, k0 - firstValue), 32) * 32;
    wFull = maximum(wFirst, minimum(floorDivide(maximum(0, minimum(k0 + 64, nK) - firstValue - 1) + 31, 32) * 32, nW));
    wRest = maximum(wFull, minimum(floorDivide(nW, 32) * 32, nW));
    for (int w0 = wFirst; w0 < wFull; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, validW);
      });
    }
    for (int w0 = wFull; w0 < wRest; w0 += BW) {
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, BW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, BW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = math::exp(p[ik][iw] * scaleValue - lseTile[iw]);
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, BW);
      });
    }
    for (int w0 = wRest; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, validW);
      });
    }
    blockBarrier();
    each<BK>([&](int ik) {
      outTile[ik] = maximum(outTile[ik], acc[ik]);
    });
  }
  blockBarrier();
  store(out + Index(g0) * nK + k0, {1}, outTile, {validK});
}
}  // namespace tailScoreMax_bf16_d64_block

KERNEL(128) tailScoreMax_bf16_d64(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK) {
  using namespace tailScoreMax_bf16_d64_block;
  const int i = blockIdx.x;
  block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / blocks(nK, BK), i % blocks(nK, BK) * BK);
}

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 0b8e
// Blocks: w 32, r 1, g 1, k 64; 128 threads; shared 57 KiB.
namespace tailScoreMax_bf16_d128_block {
constexpr int BK = 64, D = 128, BW = 32, BR = 1;

__device__ static void block(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  auto& outTile = tileAt<float[BK]>(0);
  auto& acc = tileAt<float[BK]>(256);
  int firstValue;
  auto& kTile = tileAt<float[BK][D]>(512);
  auto& qTile = tileAt<float[D][BW]>(33280);
  auto& p = tileAt<float[BK][BW]>(49664);
  float scaleValue;
  auto& lseTile = tileAt<float[BW]>(57856);
  int wFirst;
  int wFull;
  int wRest;
  // tailScore.ts:22  out = max(sum(p, 'w'), 'r')
  fill(outTile, -INFINITY);
  firstValue = int(first);
  load(kTile, k + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
  scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    blockBarrier();
    fill(acc, 0.0f);
    wFirst = floorDivide(maximum(0, k0 - firstValue), 32) * 32;
    wFull = maximum(wFirst, minimum(floorDivide(maximum(0, minimum(k0 + 64, nK) - firstValue - 1) + 31, 32) * 32, nW));
    wRest = maximum(wFull, minimum(floorDivide(nW, 32) * 32, nW));
    for (int w0 = wFirst; w0 < wFull; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, validW);
      });
    }
    for (int w0 = wFull; w0 < wRest; w0 += BW) {
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, BW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, BW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {BW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = math::exp(p[ik][iw] * scaleValue - lseTile[iw]);
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, BW);
      });
    }
    for (int w0 = wRest; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      load(qTile, q + ((Index(w0) * nG + g0) * nR + r0) * D, {1, Index(nG) * nR * D}, {D, validW});
      blockBarrier();
      // tailScore.ts:21  dot(q, k, 'd')
      mma(matrix(p), matrix(kTile), matrix(qTile), validK, validW, D, overwrite);
      load(lseTile, lse + (Index(w0) * nG + g0) * nR + r0, {Index(nG) * nR}, {validW});
      blockBarrier();
      each<BK, BW>([&](int ik, int iw) {
        p[ik][iw] = k0 + ik <= w0 + iw + firstValue ? math::exp(p[ik][iw] * scaleValue - lseTile[iw]) : 0.0f;
      });
      blockBarrier();
      // tailScore.ts:22  sum(p, 'w')
      each<BK>([&](int ik) {
        acc[ik] += sumOf(&p[ik][0], 1, validW);
      });
    }
    blockBarrier();
    each<BK>([&](int ik) {
      outTile[ik] = maximum(outTile[ik], acc[ik]);
    });
  }
  blockBarrier();
  store(out + Index(g0) * nK + k0, {1}, outTile, {validK});
}
}  // namespace tailScoreMax_bf16_d128_block

KERNEL(128) tailScoreMax_bf16_d128(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK) {
  using namespace tailScoreMax_bf16_d128_block;
  const int i = blockIdx.x;
  block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / blocks(nK, BK), i % blocks(nK, BK) * BK);
}
