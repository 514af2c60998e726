// queryNll, sm_80. From runtime/kernels/queryNll.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over e carrying (acc), certificate c3a5
// fold over t carrying (m, l), certificate 45ea
// fold over e carrying (own), certificate d6ba
// Blocks: e 32, t 64, q 64; 128 threads; shared 59 KiB.
namespace queryNll_f32_block {
constexpr int BQ = 64, BT = 64, BE = 32;

__device__ static void block(const float* h, const float* w, const std::int32_t* target, float* out, int nQ, int nE, int nT, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  auto& m = tileAt<float[BQ]>(0);
  auto& l = tileAt<float[BQ]>(256);
  auto& acc = tileAt<float[BQ][BT]>(512);
  auto& hTile = tileAt<float[BQ][BE]>(16896);
  auto& wTile = tileAt<float[BE][BT]>(25088);
  auto& tMax = tileAt<float[BQ]>(33280);
  auto& mNew = tileAt<float[BQ]>(33536);
  auto& alpha = tileAt<float[BQ]>(33792);
  auto& all = tileAt<float[BQ]>(34048);
  auto& own = tileAt<float[BQ]>(34304);
  auto& hTile2 = tileAt<float[BQ][BE]>(34560);
  auto& targetTile = tileAt<int[BQ]>(42752);
  auto& picked = tileAt<float[BQ][BE]>(43008);
  auto& ownTerms = tileAt<float[BQ][BE]>(51200);
  auto& outTile = tileAt<float[BQ]>(59392);
  // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  for (int t0 = 0; t0 < nT; t0 += BT) {
    const int validT = minimum(BT, nT - t0);
    blockBarrier();
    fill(acc, 0.0f);
    for (int e0 = 0; e0 < nE; e0 += BE) {
      const int validE = minimum(BE, nE - e0);
      blockBarrier();
      load(hTile, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
      load(wTile, w + Index(t0) * nE + e0, {1, nE}, {validE, validT});
      blockBarrier();
      mma(matrix(acc), matrix(hTile), matrix(wTile), validQ, validT, validE, accumulate);
    }
    blockBarrier();
    each<BQ>([&](int iq) {
      tMax[iq] = maxOf(&acc[iq][0], 1, validT);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      mNew[iq] = maximum(m[iq], tMax[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      alpha[iq] = math::exp(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BT>([&](int iq, int it) {
      acc[iq][it] = math::exp(acc[iq][it] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&acc[iq][0], 1, validT);
    });
    each<BQ>([&](int iq) {
      m[iq] = mNew[iq];
    });
  }
  blockBarrier();
  each<BQ>([&](int iq) {
    all[iq] = m[iq] + math::log(l[iq]);
  });
  // queryNll.ts:10  own = dot(h, gather(w, 't', target), 'e')
  fill(own, 0.0f);
  load(targetTile, target + q0, {1}, {validQ});
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(hTile2, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    blockBarrier();
    each<BQ, BE>([&](int iq, int ie) {
      if (iq >= validQ || ie >= validE) return;
      const int at = targetTile[iq];
      picked[iq][ie] = inside(at, nT) ? float(w[Index(at) * nE + e0 + ie]) : 0.0f;
    });
    blockBarrier();
    each<BQ, BE>([&](int iq, int ie) {
      ownTerms[iq][ie] = hTile2[iq][ie] * picked[iq][ie];
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      own[iq] += sumOf(&ownTerms[iq][0], 1, validE);
    });
  }
  blockBarrier();
  // queryNll.ts:11  out = map(all, own, (all, own) => all - own)
  each<BQ>([&](int iq) {
    outTile[iq] = all[iq] - own[iq];
  });
  blockBarrier();
  store(out + q0, {1}, outTile, {validQ});
}
}  // namespace queryNll_f32_block

KERNEL(128) queryNll_f32(const float* h, const float* w, const std::int32_t* target, float* out, int nQ, int nE, int nT) {
  using namespace queryNll_f32_block;
  const int i = blockIdx.x;
  block(h, w, target, out, nQ, nE, nT, i * BQ);
}

// fold over e carrying (acc), certificate c3a5
// fold over t carrying (m, l), certificate 45ea
// fold over e carrying (own), certificate d6ba
// Blocks: e 32, t 64, q 64; 128 threads; shared 59 KiB.
namespace queryNll_bf16_block {
constexpr int BQ = 64, BT = 64, BE = 32;

__device__ static void block(const bf16* h, const bf16* w, const std::int32_t* target, float* out, int nQ, int nE, int nT, int q0) {
  const int validQ = minimum(BQ, nQ - q0);
  auto& m = tileAt<float[BQ]>(0);
  auto& l = tileAt<float[BQ]>(256);
  auto& acc = tileAt<float[BQ][BT]>(512);
  auto& hTile = tileAt<float[BQ][BE]>(16896);
  auto& wTile = tileAt<float[BE][BT]>(25088);
  auto& tMax = tileAt<float[BQ]>(33280);
  auto& mNew = tileAt<float[BQ]>(33536);
  auto& alpha = tileAt<float[BQ]>(33792);
  auto& all = tileAt<float[BQ]>(34048);
  auto& own = tileAt<float[BQ]>(34304);
  auto& hTile2 = tileAt<float[BQ][BE]>(34560);
  auto& targetTile = tileAt<int[BQ]>(42752);
  auto& picked = tileAt<float[BQ][BE]>(43008);
  auto& ownTerms = tileAt<float[BQ][BE]>(51200);
  auto& outTile = tileAt<float[BQ]>(59392);
  // queryNll.ts:9  logSumExp(dot(h, w, 'e'), 't')
  fill(m, -1.2676506e+30f);
  fill(l, 0.0f);
  for (int t0 = 0; t0 < nT; t0 += BT) {
    const int validT = minimum(BT, nT - t0);
    blockBarrier();
    fill(acc, 0.0f);
    for (int e0 = 0; e0 < nE; e0 += BE) {
      const int validE = minimum(BE, nE - e0);
      blockBarrier();
      load(hTile, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
      load(wTile, w + Index(t0) * nE + e0, {1, nE}, {validE, validT});
      blockBarrier();
      mma(matrix(acc), matrix(hTile), matrix(wTile), validQ, validT, validE, accumulate);
    }
    blockBarrier();
    each<BQ>([&](int iq) {
      tMax[iq] = maxOf(&acc[iq][0], 1, validT);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      mNew[iq] = maximum(m[iq], tMax[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      alpha[iq] = math::exp(m[iq] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] = l[iq] * alpha[iq];
    });
    each<BQ, BT>([&](int iq, int it) {
      acc[iq][it] = math::exp(acc[iq][it] - mNew[iq]);
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      l[iq] += sumOf(&acc[iq][0], 1, validT);
    });
    each<BQ>([&](int iq) {
      m[iq] = mNew[iq];
    });
  }
  blockBarrier();
  each<BQ>([&](int iq) {
    all[iq] = m[iq] + math::log(l[iq]);
  });
  // queryNll.ts:10  own = dot(h, gather(w, 't', target), 'e')
  fill(own, 0.0f);
  load(targetTile, target + q0, {1}, {validQ});
  for (int e0 = 0; e0 < nE; e0 += BE) {
    const int validE = minimum(BE, nE - e0);
    load(hTile2, h + Index(q0) * nE + e0, {nE, 1}, {validQ, validE});
    blockBarrier();
    each<BQ, BE>([&](int iq, int ie) {
      if (iq >= validQ || ie >= validE) return;
      const int at = targetTile[iq];
      picked[iq][ie] = inside(at, nT) ? float(w[Index(at) * nE + e0 + ie]) : 0.0f;
    });
    blockBarrier();
    each<BQ, BE>([&](int iq, int ie) {
      ownTerms[iq][ie] = hTile2[iq][ie] * picked[iq][ie];
    });
    blockBarrier();
    each<BQ>([&](int iq) {
      own[iq] += sumOf(&ownTerms[iq][0], 1, validE);
    });
  }
  blockBarrier();
  // queryNll.ts:11  out = map(all, own, (all, own) => all - own)
  each<BQ>([&](int iq) {
    outTile[iq] = all[iq] - own[iq];
  });
  blockBarrier();
  store(out + q0, {1}, outTile, {validQ});
}
}  // namespace queryNll_bf16_block

KERNEL(128) queryNll_bf16(const bf16* h, const bf16* w, const std::int32_t* target, float* out, int nQ, int nE, int nT) {
  using namespace queryNll_bf16_block;
  const int i = blockIdx.x;
  block(h, w, target, out, nQ, nE, nT, i * BQ);
}
