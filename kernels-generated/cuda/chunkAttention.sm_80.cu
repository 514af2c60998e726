// chunkAttention, sm_80. From runtime/kernels/chunkAttention.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over k carrying (m, l, acc), certificate 9a0c
// Blocks: k 64, q 64, g 1, r 1; 128 threads; shared 130 KiB.
namespace chunkAttention_f32_d64_block {
constexpr int BQ = 64, D = 64, BK = 64;

__device__ static void block(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* o, float* lse, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  auto& m = tileAt<float[BQ]>(0);
  auto& l = tileAt<float[BQ]>(256);
  auto& acc = tileAt<float[BQ][D]>(512);
  int firstValue;
  auto& qTile = tileAt<float[BQ][D]>(16896);
  auto& kTile = tileAt<float[D][BK]>(33280);
  auto& product = tileAt<float[BQ][BK]>(49664);
  float scaleValue;
  auto& s = tileAt<float[BQ][BK]>(66048);
  auto& kMax = tileAt<float[BQ]>(82432);
  auto& mNew = tileAt<float[BQ]>(82688);
  auto& alpha = tileAt<float[BQ]>(82944);
  auto& l3 = tileAt<float[BQ][BK]>(83200);
  auto& vTile = tileAt<float[BK][D]>(99584);
  auto& value = tileAt<float[BQ]>(115968);
  auto& value2 = tileAt<float[BQ][D]>(116224);
  auto& lseTile = tileAt<float[BQ]>(132608);
  // chunkAttention.ts:14  softmax(s, 'k')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  fill(acc, 0.0f);
  // chunkAttention.ts:11  first = first: In<'i32', []>
  firstValue = int(first);
  load(qTile, q + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
  scaleValue = float(scale);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  for (int k0 = 0; k0 < nK; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    // chunkAttention.ts:11  k = k: In<E, ['k', 'g', 'd']>
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(product), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = k0 + ik <= q0 + iq + firstValue ? product[iq][ik] * scaleValue : -INFINITY;
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
      alpha[iq] = math::exp(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      l3[iq][ik] = math::exp(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&l3[iq][0], 1, validK);
    });
    // chunkAttention.ts:15  acc = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      acc[iq][id] = acc[iq][id] * alpha[iq];
    });
    // chunkAttention.ts:11  v = v: In<E, ['k', 'g', 'd']>
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    blockBarrier();
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    mma(matrix(acc), matrix(l3), matrix(vTile), validQ, D, validK, accumulate);
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
    value2[iq][id] = acc[iq][id] * value[iq];
  });
  blockBarrier();
  store(o + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, value2, {validQ, D});
  each<BQ>([&](int iq) {
    lseTile[iq] = m[iq] + math::log(l[iq]);
  });
  blockBarrier();
  store(lse + (Index(q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
}
}  // namespace chunkAttention_f32_d64_block

KERNEL(128) chunkAttention_f32_d64(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* o, float* lse, int nQ, int nG, int nR, int nK) {
  using namespace chunkAttention_f32_d64_block;
  const int i = blockIdx.x;
  block(q, k, v, scale, first, o, lse, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, acc), certificate 9a0c
// Blocks: k 32, q 64, g 1, r 1; 128 threads; shared 154 KiB.
namespace chunkAttention_f32_d128_block {
constexpr int BQ = 64, D = 128, BK = 32;

__device__ static void block(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* o, float* lse, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  auto& m = tileAt<float[BQ]>(0);
  auto& l = tileAt<float[BQ]>(256);
  auto& acc = tileAt<float[BQ][D]>(512);
  int firstValue;
  auto& qTile = tileAt<float[BQ][D]>(33280);
  auto& kTile = tileAt<float[D][BK]>(66048);
  auto& product = tileAt<float[BQ][BK]>(82432);
  float scaleValue;
  auto& s = tileAt<float[BQ][BK]>(90624);
  auto& kMax = tileAt<float[BQ]>(98816);
  auto& mNew = tileAt<float[BQ]>(99072);
  auto& alpha = tileAt<float[BQ]>(99328);
  auto& l3 = tileAt<float[BQ][BK]>(99584);
  auto& vTile = tileAt<float[BK][D]>(107776);
  auto& value = tileAt<float[BQ]>(124160);
  auto& value2 = tileAt<float[BQ][D]>(124416);
  auto& lseTile = tileAt<float[BQ]>(157184);
  // chunkAttention.ts:14  softmax(s, 'k')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  fill(acc, 0.0f);
  // chunkAttention.ts:11  first = first: In<'i32', []>
  firstValue = int(first);
  load(qTile, q + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
  scaleValue = float(scale);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  for (int k0 = 0; k0 < nK; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    // chunkAttention.ts:11  k = k: In<E, ['k', 'g', 'd']>
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(product), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = k0 + ik <= q0 + iq + firstValue ? product[iq][ik] * scaleValue : -INFINITY;
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
      alpha[iq] = math::exp(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      l3[iq][ik] = math::exp(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&l3[iq][0], 1, validK);
    });
    // chunkAttention.ts:15  acc = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      acc[iq][id] = acc[iq][id] * alpha[iq];
    });
    // chunkAttention.ts:11  v = v: In<E, ['k', 'g', 'd']>
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    blockBarrier();
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    mma(matrix(acc), matrix(l3), matrix(vTile), validQ, D, validK, accumulate);
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
    value2[iq][id] = acc[iq][id] * value[iq];
  });
  blockBarrier();
  store(o + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, value2, {validQ, D});
  each<BQ>([&](int iq) {
    lseTile[iq] = m[iq] + math::log(l[iq]);
  });
  blockBarrier();
  store(lse + (Index(q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
}
}  // namespace chunkAttention_f32_d128_block

KERNEL(128) chunkAttention_f32_d128(const float* q, const float* k, const float* v, float scale, std::int32_t first, float* o, float* lse, int nQ, int nG, int nR, int nK) {
  using namespace chunkAttention_f32_d128_block;
  const int i = blockIdx.x;
  block(q, k, v, scale, first, o, lse, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, acc), certificate 9a0c
// Blocks: k 64, q 64, g 1, r 1; 128 threads; shared 146 KiB.
namespace chunkAttention_bf16_d64_block {
constexpr int BQ = 64, D = 64, BK = 64;

__device__ static void block(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* o, float* lse, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  auto& m = tileAt<float[BQ]>(0);
  auto& l = tileAt<float[BQ]>(256);
  auto& acc = tileAt<float[BQ][D]>(512);
  int firstValue;
  auto& qTile = tileAt<float[BQ][D]>(16896);
  auto& kTile = tileAt<float[D][BK]>(33280);
  auto& product = tileAt<float[BQ][BK]>(49664);
  float scaleValue;
  auto& s = tileAt<float[BQ][BK]>(66048);
  auto& kMax = tileAt<float[BQ]>(82432);
  auto& mNew = tileAt<float[BQ]>(82688);
  auto& alpha = tileAt<float[BQ]>(82944);
  auto& l3 = tileAt<float[BQ][BK]>(83200);
  auto& value = tileAt<float[BQ][BK]>(99584);
  auto& vTile = tileAt<float[BK][D]>(115968);
  auto& value2 = tileAt<float[BQ]>(132352);
  auto& value3 = tileAt<float[BQ][D]>(132608);
  auto& lseTile = tileAt<float[BQ]>(148992);
  // chunkAttention.ts:14  softmax(s, 'k')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  fill(acc, 0.0f);
  // chunkAttention.ts:11  first = first: In<'i32', []>
  firstValue = int(first);
  load(qTile, q + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
  scaleValue = float(scale);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  for (int k0 = 0; k0 < nK; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    // chunkAttention.ts:11  k = k: In<E, ['k', 'g', 'd']>
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(product), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = k0 + ik <= q0 + iq + firstValue ? product[iq][ik] * scaleValue : -INFINITY;
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
      alpha[iq] = math::exp(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      l3[iq][ik] = math::exp(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&l3[iq][0], 1, validK);
    });
    // chunkAttention.ts:15  acc = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      acc[iq][id] = acc[iq][id] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      value[iq][ik] = rounded<bf16>(l3[iq][ik]);
    });
    // chunkAttention.ts:11  v = v: In<E, ['k', 'g', 'd']>
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    blockBarrier();
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    mma(matrix(acc), matrix(value), matrix(vTile), validQ, D, validK, accumulate);
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
    value3[iq][id] = acc[iq][id] * value2[iq];
  });
  blockBarrier();
  store(o + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, value3, {validQ, D});
  each<BQ>([&](int iq) {
    lseTile[iq] = m[iq] + math::log(l[iq]);
  });
  blockBarrier();
  store(lse + (Index(q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
}
}  // namespace chunkAttention_bf16_d64_block

KERNEL(128) chunkAttention_bf16_d64(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* o, float* lse, int nQ, int nG, int nR, int nK) {
  using namespace chunkAttention_bf16_d64_block;
  const int i = blockIdx.x;
  block(q, k, v, scale, first, o, lse, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}

// fold over k carrying (m, l, acc), certificate 9a0c
// Blocks: k 32, q 64, g 1, r 1; 128 threads; shared 162 KiB.
namespace chunkAttention_bf16_d128_block {
constexpr int BQ = 64, D = 128, BK = 32;

__device__ static void block(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* o, float* lse, int nQ, int nG, int nR, int nK, int q0, int g0, int r0) {
  const int validQ = minimum(BQ, nQ - q0);
  auto& m = tileAt<float[BQ]>(0);
  auto& l = tileAt<float[BQ]>(256);
  auto& acc = tileAt<float[BQ][D]>(512);
  int firstValue;
  auto& qTile = tileAt<float[BQ][D]>(33280);
  auto& kTile = tileAt<float[D][BK]>(66048);
  auto& product = tileAt<float[BQ][BK]>(82432);
  float scaleValue;
  auto& s = tileAt<float[BQ][BK]>(90624);
  auto& kMax = tileAt<float[BQ]>(98816);
  auto& mNew = tileAt<float[BQ]>(99072);
  auto& alpha = tileAt<float[BQ]>(99328);
  auto& l3 = tileAt<float[BQ][BK]>(99584);
  auto& value = tileAt<float[BQ][BK]>(107776);
  auto& vTile = tileAt<float[BK][D]>(115968);
  auto& value2 = tileAt<float[BQ]>(132352);
  auto& value3 = tileAt<float[BQ][D]>(132608);
  auto& lseTile = tileAt<float[BQ]>(165376);
  // chunkAttention.ts:14  softmax(s, 'k')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  fill(acc, 0.0f);
  // chunkAttention.ts:11  first = first: In<'i32', []>
  firstValue = int(first);
  load(qTile, q + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, {validQ, D});
  scaleValue = float(scale);
  // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
  for (int k0 = 0; k0 < nK; k0 += BK) {
    const int validK = minimum(BK, nK - k0);
    // chunkAttention.ts:11  k = k: In<E, ['k', 'g', 'd']>
    load(kTile, k + (Index(k0) * nG + g0) * D, {1, Index(nG) * D}, {D, validK});
    blockBarrier();
    // chunkAttention.ts:13  dot(q, k, 'd')
    mma(matrix(product), matrix(qTile), matrix(kTile), validQ, validK, D, overwrite);
    blockBarrier();
    each<BQ, BK>([&](int iq, int ik) {
      s[iq][ik] = k0 + ik <= q0 + iq + firstValue ? product[iq][ik] * scaleValue : -INFINITY;
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
      alpha[iq] = math::exp(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      l3[iq][ik] = math::exp(s[iq][ik] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&l3[iq][0], 1, validK);
    });
    // chunkAttention.ts:15  acc = dot(cast(v.dtype, p), v, 'k')
    each<BQ, D>([&](int iq, int id) {
      acc[iq][id] = acc[iq][id] * alpha[iq];
    });
    each<BQ, BK>([&](int iq, int ik) {
      value[iq][ik] = rounded<bf16>(l3[iq][ik]);
    });
    // chunkAttention.ts:11  v = v: In<E, ['k', 'g', 'd']>
    load(vTile, v + (Index(k0) * nG + g0) * D, {Index(nG) * D, 1}, {validK, D});
    blockBarrier();
    // chunkAttention.ts:15  dot(cast(v.dtype, p), v, 'k')
    mma(matrix(acc), matrix(value), matrix(vTile), validQ, D, validK, accumulate);
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
    value3[iq][id] = acc[iq][id] * value2[iq];
  });
  blockBarrier();
  store(o + ((Index(q0) * nG + g0) * nR + r0) * D, {Index(nG) * nR * D, 1}, value3, {validQ, D});
  each<BQ>([&](int iq) {
    lseTile[iq] = m[iq] + math::log(l[iq]);
  });
  blockBarrier();
  store(lse + (Index(q0) * nG + g0) * nR + r0, {Index(nG) * nR}, lseTile, {validQ});
}
}  // namespace chunkAttention_bf16_d128_block

KERNEL(128) chunkAttention_bf16_d128(const bf16* q, const bf16* k, const bf16* v, float scale, std::int32_t first, bf16* o, float* lse, int nQ, int nG, int nR, int nK) {
  using namespace chunkAttention_bf16_d128_block;
  const int i = blockIdx.x;
  block(q, k, v, scale, first, o, lse, nQ, nG, nR, nK, i / (nG * nR) * BQ, i / nR % nG, i % nR);
}
