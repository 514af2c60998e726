// chunkAttention, sm_80. From runtime/kernels/chunkAttention.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, q 64, g 1, r 1; 128 threads; shared 82 KiB.
namespace chunkAttention_f32_d64_block {
constexpr int BQ = 64, D = 64, BK = 64;

__device__ static void block(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* o, float* lse, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  auto& m = tileAt<float[BQ]>(0);
  auto& l = tileAt<float[BQ]>(256);
  auto& oTile = tileAt<float[BQ][D]>(512);
  int firstValue;
  auto& qTile = tileAt<float[BQ][D]>(16896);
  auto& kTile = tileAt<float[D][BK]>(33280);
  auto& s = tileAt<float[BQ][BK]>(49664);
  float scaleValue;
  auto& kMax = tileAt<float[BQ]>(66048);
  auto& mNew = tileAt<float[BQ]>(66304);
  auto& alpha = tileAt<float[BQ]>(66560);
  auto& vTile = tileAt<float[BK][D]>(66816);
  auto& value = tileAt<float[BQ]>(83200);
  auto& lseTile = tileAt<float[BQ]>(83456);
  int kEnd;
  int kRest;
  // chunkAttention.ts:14  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  fill(oTile, 0.0f);
  firstValue = int(first);
  load(qTile, q + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
  scaleValue = float(scale);
  kEnd = minimum(nK, minimum(q0 + 64, nQ) + firstValue);
  kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64), kEnd));
  for (int k0 = 0; k0 < kRest; k0 += BK) {
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, BK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(s), matrix(qTile), matrix(kTile), validQ, BK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = s[iq][ik] * (scaleValue * 1.442695f);
    });
    blockBarrier();
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      kMax[iq] = maxOf(&s[iq][0], 1, BK);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      mNew[iq] = maximum(m[iq], kMax[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      alpha[iq] = math::exp2(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = math::exp2(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&s[iq][0], 1, BK);
    });
    // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      oTile[iq][id] = oTile[iq][id] * alpha[iq];
    });
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {BK, D});
    blockBarrier();
    mma(matrix(oTile), matrix(s), matrix(vTile), validQ, D, BK, accumulate);
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      m[iq] = mNew[iq];
    });
  }
  for (int k0 = kRest; k0 < kEnd; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(s), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = k0 + ik <= q0 + iq + firstValue ? s[iq][ik] * (scaleValue * 1.442695f) : -INFINITY;
    });
    blockBarrier();
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      kMax[iq] = maxOf(&s[iq][0], 1, validK);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      mNew[iq] = maximum(m[iq], kMax[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      alpha[iq] = math::exp2(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = math::exp2(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&s[iq][0], 1, validK);
    });
    // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      oTile[iq][id] = oTile[iq][id] * alpha[iq];
    });
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    blockBarrier();
    mma(matrix(oTile), matrix(s), matrix(vTile), validQ, D, validK, accumulate);
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      m[iq] = mNew[iq];
    });
  }
  blockBarrier();
  each<BQ>([&](int iq) {
    value[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
  });
  blockBarrier();
  each<BQ, D>([&](int iq, int id) {
    oTile[iq][id] = oTile[iq][id] * value[iq];
  });
  blockBarrier();
  store(o + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, oTile, {validQ, D});
  each<BQ>([&](int iq) {
    lseTile[iq] = m[iq] * 0.6931472f + math::log(l[iq]);
  });
  blockBarrier();
  store(lse + (Index(q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
}
}  // namespace chunkAttention_f32_d64_block

KERNEL(128) chunkAttention_f32_d64(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* o, float* lse, int nQ, int nG, int nR, int nK) {
  using namespace chunkAttention_f32_d64_block;
  const int i = gridDim.x - 1 - blockIdx.x;
  block(q, k, v, scale, first, o, lse, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, q 64, g 1, r 1; 128 threads; shared 146 KiB.
namespace chunkAttention_f32_d128_block {
constexpr int BQ = 64, D = 128, BK = 64;

__device__ static void block(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* o, float* lse, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  auto& m = tileAt<float[BQ]>(0);
  auto& l = tileAt<float[BQ]>(256);
  auto& oTile = tileAt<float[BQ][D]>(512);
  int firstValue;
  auto& qTile = tileAt<float[BQ][D]>(33280);
  auto& kTile = tileAt<float[D][BK]>(66048);
  auto& s = tileAt<float[BQ][BK]>(98816);
  float scaleValue;
  auto& kMax = tileAt<float[BQ]>(115200);
  auto& mNew = tileAt<float[BQ]>(115456);
  auto& alpha = tileAt<float[BQ]>(115712);
  auto& vTile = tileAt<float[BK][D]>(115968);
  auto& value = tileAt<float[BQ]>(148736);
  auto& lseTile = tileAt<float[BQ]>(148992);
  int kEnd;
  int kRest;
  // chunkAttention.ts:14  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  fill(oTile, 0.0f);
  firstValue = int(first);
  load(qTile, q + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
  scaleValue = float(scale);
  kEnd = minimum(nK, minimum(q0 + 64, nQ) + firstValue);
  kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64), kEnd));
  for (int k0 = 0; k0 < kRest; k0 += BK) {
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, BK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(s), matrix(qTile), matrix(kTile), validQ, BK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = s[iq][ik] * (scaleValue * 1.442695f);
    });
    blockBarrier();
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      kMax[iq] = maxOf(&s[iq][0], 1, BK);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      mNew[iq] = maximum(m[iq], kMax[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      alpha[iq] = math::exp2(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = math::exp2(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&s[iq][0], 1, BK);
    });
    // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      oTile[iq][id] = oTile[iq][id] * alpha[iq];
    });
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {BK, D});
    blockBarrier();
    mma(matrix(oTile), matrix(s), matrix(vTile), validQ, D, BK, accumulate);
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      m[iq] = mNew[iq];
    });
  }
  for (int k0 = kRest; k0 < kEnd; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(s), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = k0 + ik <= q0 + iq + firstValue ? s[iq][ik] * (scaleValue * 1.442695f) : -INFINITY;
    });
    blockBarrier();
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      kMax[iq] = maxOf(&s[iq][0], 1, validK);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      mNew[iq] = maximum(m[iq], kMax[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      alpha[iq] = math::exp2(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = math::exp2(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&s[iq][0], 1, validK);
    });
    // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      oTile[iq][id] = oTile[iq][id] * alpha[iq];
    });
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    blockBarrier();
    mma(matrix(oTile), matrix(s), matrix(vTile), validQ, D, validK, accumulate);
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      m[iq] = mNew[iq];
    });
  }
  blockBarrier();
  each<BQ>([&](int iq) {
    value[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
  });
  blockBarrier();
  each<BQ, D>([&](int iq, int id) {
    oTile[iq][id] = oTile[iq][id] * value[iq];
  });
  blockBarrier();
  store(o + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, oTile, {validQ, D});
  each<BQ>([&](int iq) {
    lseTile[iq] = m[iq] * 0.6931472f + math::log(l[iq]);
  });
  blockBarrier();
  store(lse + (Index(q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
}
}  // namespace chunkAttention_f32_d128_block

KERNEL(128) chunkAttention_f32_d128(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* o, float* lse, int nQ, int nG, int nR, int nK) {
  using namespace chunkAttention_f32_d128_block;
  const int i = gridDim.x - 1 - blockIdx.x;
  block(q, k, v, scale, first, o, lse, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, q 64, g 1, r 1; 128 threads; shared 98 KiB.
namespace chunkAttention_bf16_d64_block {
constexpr int BQ = 64, D = 64, BK = 64;

__device__ static void block(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* o, float* lse, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  auto& m = tileAt<float[BQ]>(0);
  auto& l = tileAt<float[BQ]>(256);
  auto& oTile = tileAt<float[BQ][D]>(512);
  int firstValue;
  auto& qTile = tileAt<float[BQ][D]>(16896);
  auto& kTile = tileAt<float[D][BK]>(33280);
  auto& s = tileAt<float[BQ][BK]>(49664);
  float scaleValue;
  auto& kMax = tileAt<float[BQ]>(66048);
  auto& mNew = tileAt<float[BQ]>(66304);
  auto& alpha = tileAt<float[BQ]>(66560);
  auto& value = tileAt<float[BQ][BK]>(66816);
  auto& vTile = tileAt<float[BK][D]>(83200);
  auto& value2 = tileAt<float[BQ]>(99584);
  auto& lseTile = tileAt<float[BQ]>(99840);
  int kEnd;
  int kRest;
  // chunkAttention.ts:14  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  fill(oTile, 0.0f);
  firstValue = int(first);
  load(qTile, q + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
  scaleValue = float(scale);
  kEnd = minimum(nK, minimum(q0 + 64, nQ) + firstValue);
  kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64), kEnd));
  for (int k0 = 0; k0 < kRest; k0 += BK) {
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, BK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(s), matrix(qTile), matrix(kTile), validQ, BK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = s[iq][ik] * (scaleValue * 1.442695f);
    });
    blockBarrier();
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      kMax[iq] = maxOf(&s[iq][0], 1, BK);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      mNew[iq] = maximum(m[iq], kMax[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      alpha[iq] = math::exp2(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = math::exp2(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&s[iq][0], 1, BK);
    });
    // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      oTile[iq][id] = oTile[iq][id] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      value[iq][ik] = rounded<bf16>(s[iq][ik]);
    });
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {BK, D});
    blockBarrier();
    mma(matrix(oTile), matrix(value), matrix(vTile), validQ, D, BK, accumulate);
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      m[iq] = mNew[iq];
    });
  }
  for (int k0 = kRest; k0 < kEnd; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(s), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = k0 + ik <= q0 + iq + firstValue ? s[iq][ik] * (scaleValue * 1.442695f) : -INFINITY;
    });
    blockBarrier();
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      kMax[iq] = maxOf(&s[iq][0], 1, validK);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      mNew[iq] = maximum(m[iq], kMax[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      alpha[iq] = math::exp2(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = math::exp2(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&s[iq][0], 1, validK);
    });
    // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      oTile[iq][id] = oTile[iq][id] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      value[iq][ik] = rounded<bf16>(s[iq][ik]);
    });
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    blockBarrier();
    mma(matrix(oTile), matrix(value), matrix(vTile), validQ, D, validK, accumulate);
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      m[iq] = mNew[iq];
    });
  }
  blockBarrier();
  each<BQ>([&](int iq) {
    value2[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
  });
  blockBarrier();
  each<BQ, D>([&](int iq, int id) {
    oTile[iq][id] = oTile[iq][id] * value2[iq];
  });
  blockBarrier();
  store(o + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, oTile, {validQ, D});
  each<BQ>([&](int iq) {
    lseTile[iq] = m[iq] * 0.6931472f + math::log(l[iq]);
  });
  blockBarrier();
  store(lse + (Index(q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
}
}  // namespace chunkAttention_bf16_d64_block

KERNEL(128) chunkAttention_bf16_d64(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* o, float* lse, int nQ, int nG, int nR, int nK) {
  using namespace chunkAttention_bf16_d64_block;
  const int i = gridDim.x - 1 - blockIdx.x;
  block(q, k, v, scale, first, o, lse, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, o), certificate 124b
// Blocks: k 64, q 64, g 1, r 1; 128 threads; shared 162 KiB.
namespace chunkAttention_bf16_d128_block {
constexpr int BQ = 64, D = 128, BK = 64;

__device__ static void block(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* o, float* lse, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  auto& m = tileAt<float[BQ]>(0);
  auto& l = tileAt<float[BQ]>(256);
  auto& oTile = tileAt<float[BQ][D]>(512);
  int firstValue;
  auto& qTile = tileAt<float[BQ][D]>(33280);
  auto& kTile = tileAt<float[D][BK]>(66048);
  auto& s = tileAt<float[BQ][BK]>(98816);
  float scaleValue;
  auto& kMax = tileAt<float[BQ]>(115200);
  auto& mNew = tileAt<float[BQ]>(115456);
  auto& alpha = tileAt<float[BQ]>(115712);
  auto& value = tileAt<float[BQ][BK]>(115968);
  auto& vTile = tileAt<float[BK][D]>(132352);
  auto& value2 = tileAt<float[BQ]>(165120);
  auto& lseTile = tileAt<float[BQ]>(165376);
  int kEnd;
  int kRest;
  // chunkAttention.ts:14  softmax(s, 'k')
  fill(m, -1.8288332e+30f);
  fill(l, 0.0f);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  fill(oTile, 0.0f);
  firstValue = int(first);
  load(qTile, q + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
  scaleValue = float(scale);
  kEnd = minimum(nK, minimum(q0 + 64, nQ) + firstValue);
  kRest = maximum(0, minimum(minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + firstValue + 1), 64) * 64), kEnd));
  for (int k0 = 0; k0 < kRest; k0 += BK) {
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, BK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(s), matrix(qTile), matrix(kTile), validQ, BK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = s[iq][ik] * (scaleValue * 1.442695f);
    });
    blockBarrier();
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      kMax[iq] = maxOf(&s[iq][0], 1, BK);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      mNew[iq] = maximum(m[iq], kMax[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      alpha[iq] = math::exp2(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = math::exp2(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&s[iq][0], 1, BK);
    });
    // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      oTile[iq][id] = oTile[iq][id] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      value[iq][ik] = rounded<bf16>(s[iq][ik]);
    });
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {BK, D});
    blockBarrier();
    mma(matrix(oTile), matrix(value), matrix(vTile), validQ, D, BK, accumulate);
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      m[iq] = mNew[iq];
    });
  }
  for (int k0 = kRest; k0 < kEnd; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(s), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = k0 + ik <= q0 + iq + firstValue ? s[iq][ik] * (scaleValue * 1.442695f) : -INFINITY;
    });
    blockBarrier();
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      kMax[iq] = maxOf(&s[iq][0], 1, validK);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      mNew[iq] = maximum(m[iq], kMax[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      alpha[iq] = math::exp2(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = math::exp2(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&s[iq][0], 1, validK);
    });
    // chunkAttention.ts:15  o = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      oTile[iq][id] = oTile[iq][id] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      value[iq][ik] = rounded<bf16>(s[iq][ik]);
    });
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    blockBarrier();
    mma(matrix(oTile), matrix(value), matrix(vTile), validQ, D, validK, accumulate);
    // chunkAttention.ts:14  softmax(s, 'k')
    each<BQ>([&](int iq) {
      m[iq] = mNew[iq];
    });
  }
  blockBarrier();
  each<BQ>([&](int iq) {
    value2[iq] = l[iq] == 0.0f ? 0.0f : 1.0f / l[iq];
  });
  blockBarrier();
  each<BQ, D>([&](int iq, int id) {
    oTile[iq][id] = oTile[iq][id] * value2[iq];
  });
  blockBarrier();
  store(o + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, oTile, {validQ, D});
  each<BQ>([&](int iq) {
    lseTile[iq] = m[iq] * 0.6931472f + math::log(l[iq]);
  });
  blockBarrier();
  store(lse + (Index(q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
}
}  // namespace chunkAttention_bf16_d128_block

KERNEL(128) chunkAttention_bf16_d128(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* o, float* lse, int nQ, int nG, int nR, int nK) {
  using namespace chunkAttention_bf16_d128_block;
  const int i = gridDim.x - 1 - blockIdx.x;
  block(q, k, v, scale, first, o, lse, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}
