// queryAttention, sm_90a. From runtime/kernels/queryAttention.ts by `warpfold compile`; do not edit.
#include "hopper.cuh"

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, kParts 1, c 1, q 4, g 1, r 4; 64 threads; shared 67 KiB.
namespace queryAttention_bf16_d64_few_part_block {
constexpr int BQ = 4, BR = 4, D = 64, BK = 64;
using Warps = Accumulators<1, 1>;
struct Rings {
  Channel<1, 2048, 1> qTiles{sharedAt<Barrier>(67584)};
  Channel<4, 8192, 1> kTiles{sharedAt<Barrier>(67600)};
  Channel<4, 8192, 1> vTiles{sharedAt<Barrier>(67664)};
};

DEVICE void load(Rings& rings, const TensorMap& qMap, const TensorMap& kMap, const TensorMap& vMap, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const Places<Panels<bf16, BQ * BR, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(2048)};
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(34816)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.claim();
    send(qTile.at(rings.qTiles.stage), qMap, rings.qTiles.full(), 0, r0, g0, qStart + q0);
    // queryAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 4, nQ) + nK - nQ);
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.claim();
      send(kTile.at(rings.kTiles.stage), kMap, rings.kTiles.full(), 0, g0, kStart + k0);
      rings.vTiles.claim();
      send(vTile.at(rings.vTiles.stage), vMap, rings.vTiles.full(), 0, g0, kStart + k0);
    }
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validR = minimum(BR, nR - r0);
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Places<Panels<bf16, BQ * BR, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(2048)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Tile<BQ * BR, BK> values;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value2;
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(34816)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(out, 0.0f);
    const float scaleValue = float(scale);
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 4, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.receive();
    // queryAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:13  map(dot(q, k, 'd'), bias, scale, (s, bias, scale, at) => at.k <= at.q + sizeOf(…
      each(values, [&](At at, int row, int ik) {
        values[at] = (float(readIf((row % BR) < validR && ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + (row % BR) + Index(ik) * (Index(nG) * nR)]))) * 1.442695f;
      });
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + values[at];
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * (scaleValue * 1.442695f) + values[at] : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(out, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      if (validK < BK) clearRows<Warps::threads>(vTile.at(rings.vTiles.stage), validK);
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      mmaRegisters<accumulate>(out, value2, vTile.at(rings.vTiles.stage));
      rings.vTiles.release();
      m = mNew;
    }
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace queryAttention_bf16_d64_few_part_block

KERNEL(64, 1) queryAttention_bf16_d64_few_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts, TENSOR_MAP qMap, TENSOR_MAP kMap, TENSOR_MAP vMap) {
  using namespace queryAttention_bf16_d64_few_part_block;
  Rings rings;
  if (threadOfBlock() == 32) {
    prefetchMap(qMap);
    prefetchMap(kMap);
    prefetchMap(vMap);
  }
  if (threadOfBlock() == 0) {
    rings.qTiles.init();
    rings.kTiles.init();
    rings.vTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 32) {
    if (threadOfBlock() == 32) {
      const int i = blocksOfGrid() - 1 - blockOfGrid();
      load(rings, qMap, kMap, vMap, qOffsets, kOffsets, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
    }
  }
  else {
    const int i = blocksOfGrid() - 1 - blockOfGrid();
    compute(rings, bias, scale, mParts, lParts, outParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
  }
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace queryAttention_bf16_d64_few_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(outTile, 0.0f);
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(outTile, [&](At at) {
        outTile[at] = outTile[at] * alpha;
      });
      each(outTile3, [&](At at) {
        outTile3[at] = outPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = outTile[at] * value2;
    });
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) out[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
  }
}
}  // namespace queryAttention_bf16_d64_few_join_block

KERNEL(64, 1) queryAttention_bf16_d64_few_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace queryAttention_bf16_d64_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, kParts 1, c 1, q 16, g 1, r 4; 160 threads; shared 105 KiB.
namespace queryAttention_bf16_d64_short_part_block {
constexpr int BQ = 16, BR = 4, D = 64, BK = 64;
using Warps = Accumulators<4, 1>;
struct Rings {
  Channel<1, 8192, 4> qTiles{sharedAt<Barrier>(106496)};
  Channel<6, 8192, 4> kTiles{sharedAt<Barrier>(106512)};
  Channel<6, 8192, 4> vTiles{sharedAt<Barrier>(106608)};
};

DEVICE void load(Rings& rings, const TensorMap& qMap, const TensorMap& kMap, const TensorMap& vMap, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const Places<Panels<bf16, BQ * BR, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(8192)};
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(57344)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.claim();
    send(qTile.at(rings.qTiles.stage), qMap, rings.qTiles.full(), 0, r0, g0, qStart + q0);
    // queryAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 16, nQ) + nK - nQ);
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.claim();
      send(kTile.at(rings.kTiles.stage), kMap, rings.kTiles.full(), 0, g0, kStart + k0);
      rings.vTiles.claim();
      send(vTile.at(rings.vTiles.stage), vMap, rings.vTiles.full(), 0, g0, kStart + k0);
    }
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validR = minimum(BR, nR - r0);
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Places<Panels<bf16, BQ * BR, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(8192)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Tile<BQ * BR, BK> values;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value2;
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(57344)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(out, 0.0f);
    const float scaleValue = float(scale);
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 16, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.receive();
    // queryAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:13  map(dot(q, k, 'd'), bias, scale, (s, bias, scale, at) => at.k <= at.q + sizeOf(…
      each(values, [&](At at, int row, int ik) {
        values[at] = (float(readIf((row % BR) < validR && ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + (row % BR) + Index(ik) * (Index(nG) * nR)]))) * 1.442695f;
      });
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + values[at];
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * (scaleValue * 1.442695f) + values[at] : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(out, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      if (validK < BK) clearRows<Warps::threads>(vTile.at(rings.vTiles.stage), validK);
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      mmaRegisters<accumulate>(out, value2, vTile.at(rings.vTiles.stage));
      rings.vTiles.release();
      m = mNew;
    }
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace queryAttention_bf16_d64_short_part_block

KERNEL(160, 1) queryAttention_bf16_d64_short_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts, TENSOR_MAP qMap, TENSOR_MAP kMap, TENSOR_MAP vMap) {
  using namespace queryAttention_bf16_d64_short_part_block;
  Rings rings;
  if (threadOfBlock() == 128) {
    prefetchMap(qMap);
    prefetchMap(kMap);
    prefetchMap(vMap);
  }
  if (threadOfBlock() == 0) {
    rings.qTiles.init();
    rings.kTiles.init();
    rings.vTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 128) {
    if (threadOfBlock() == 128) {
      const int i = blocksOfGrid() - 1 - blockOfGrid();
      load(rings, qMap, kMap, vMap, qOffsets, kOffsets, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
    }
  }
  else {
    const int i = blocksOfGrid() - 1 - blockOfGrid();
    compute(rings, bias, scale, mParts, lParts, outParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
  }
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 64; 64 threads; shared 1 KiB.
namespace queryAttention_bf16_d64_short_join_block {
constexpr int D = 64, BKParts = 32;
using Warps = Spread<1, 2, 1>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(outTile, 0.0f);
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(outTile, [&](At at) {
        outTile[at] = outTile[at] * alpha;
      });
      each(outTile3, [&](At at) {
        outTile3[at] = outPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = outTile[at] * value2;
    });
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) out[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
  }
}
}  // namespace queryAttention_bf16_d64_short_join_block

KERNEL(64, 1) queryAttention_bf16_d64_short_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace queryAttention_bf16_d64_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 128, kParts 1, c 1, q 128, g 1, r 1; 384 threads; shared 81 KiB.
namespace queryAttention_bf16_d64_shared_part_block {
constexpr int BQ = 128, D = 64, BK = 128;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<1, 16384, 8> qTiles{sharedAt<Barrier>(81920)};
  Channel<2, 16384, 8> kTiles{sharedAt<Barrier>(81936)};
  Channel<2, 16384, 8> vTiles{sharedAt<Barrier>(81968)};
};

DEVICE void load(Rings& rings, const TensorMap& qMap, const TensorMap& kMap, const TensorMap& vMap, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const Places<Panels<bf16, BQ, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(16384)};
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(49152)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.claim();
    send(qTile.at(rings.qTiles.stage), qMap, rings.qTiles.full(), 0, r0, g0, qStart + q0);
    // queryAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 127, 128) * 128, 128) + nKParts - 1, nKParts) * 128);
    const int value = floorDivide(floorDivide(floorDivide(nK + 127, 128) * 128, 128) + nKParts - 1, nKParts) * 128;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 128, nQ) + nK - nQ);
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.claim();
      send(kTile.at(rings.kTiles.stage), kMap, rings.kTiles.full(), 0, g0, kStart + k0);
      rings.vTiles.claim();
      send(vTile.at(rings.vTiles.stage), vMap, rings.vTiles.full(), 0, g0, kStart + k0);
    }
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> out;
  const Places<Panels<bf16, BQ, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(16384)};
  Warps::Tile<BQ, BK> s;
  Warps::Columns<BK> biasTile;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  PackedOf<bf16, Warps::Tile<BQ, BK>> value2;
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(49152)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(out, 0.0f);
    const float scaleValue = float(scale);
    const int qOwn = warpgroupOfBlock() * 64;
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 127, 128) * 128, 128) + nKParts - 1, nKParts) * 128);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 127, 128) * 128, 128) + nKParts - 1, nKParts) * 128;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + qOwn + nK - nQ + 1), 128) * 128);
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.receive();
    // queryAttention.ts:14  softmax(s, 'k')
    if (const int k0 = kFirst; k0 < kEnd) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      beginProduct<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      each(biasTile, [&](At at, int ik) {
        biasTile[at] = float(readIf(ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + Index(ik) * (Index(nG) * nR)]));
      });
      settle<0>(s);
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      each(out, [&](At at) {
        out[at] = out[at] * alpha[at];
      });
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      m = mNew;
    }
    for (int k0 = kFirst + 128; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      beginProduct<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      beginProduct<accumulate>(out, value2, vTile.at(rings.vTiles.stage));
      each(biasTile, [&](At at, int ik) {
        biasTile[at] = float(readIf(ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + Index(ik) * (Index(nG) * nR)]));
      });
      // queryAttention.ts:13  dot(q, k, 'd')
      settle<1>(s);
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      settle<0>(out);
      rings.vTiles.release();
      each(out, [&](At at) {
        out[at] = out[at] * alpha[at];
      });
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      m = mNew;
    }
    if (const int k0 = maximum(kFirst, kFirst + floorDivide(kEnd - 1 - kFirst, 128) * 128); k0 < kEnd) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      if (validK < BK) clearRows<Warps::threads>(vTile.at(rings.vTiles.stage), validK);
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      beginProduct<accumulate>(out, value2, vTile.at(rings.vTiles.stage));
    }
    unite<Sum>(l);
    each(m, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
    });
    each(l, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
    });
    settle<0>(out);
    store(out, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace queryAttention_bf16_d64_shared_part_block

KERNEL(384, 1) queryAttention_bf16_d64_shared_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts, TENSOR_MAP qMap, TENSOR_MAP kMap, TENSOR_MAP vMap) {
  using namespace queryAttention_bf16_d64_shared_part_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(qMap);
    prefetchMap(kMap);
    prefetchMap(vMap);
  }
  if (threadOfBlock() == 0) {
    rings.qTiles.init();
    rings.kTiles.init();
    rings.vTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256) {
      const int i = blocksOfGrid() - 1 - blockOfGrid();
      const Place tile = grouped(i, nKParts * nC * nG * nR, blocks(qLongest, BQ), walksInCache(Index(256) * kLongest) * nKParts * nR);
      load(rings, qMap, kMap, vMap, qOffsets, kOffsets, nKParts, tile.row / (nC * nG * nR), tile.row / (nG * nR) % nC, tile.column * BQ, tile.row / nR % nG, tile.row % nR);
    }
  }
  else {
    takeRegisters<240>();
    const int i = blocksOfGrid() - 1 - blockOfGrid();
    const Place tile = grouped(i, nKParts * nC * nG * nR, blocks(qLongest, BQ), walksInCache(Index(256) * kLongest) * nKParts * nR);
    compute(rings, bias, scale, mParts, lParts, outParts, qOffsets, kOffsets, nC, nG, nR, nKParts, tile.row / (nC * nG * nR), tile.row / (nG * nR) % nC, tile.column * BQ, tile.row / nR % nG, tile.row % nR);
  }
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 1, c 1, q 16, g 1, r 1, d 64; 128 threads; shared 0 KiB.
namespace queryAttention_bf16_d64_shared_join_block {
constexpr int BQ = 16, D = 64, BKParts = 1;
using Warps = Spread<4, 1, 2>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  Warps::Rows<BQ> mPartsTile;
  Warps::Rows<BQ> kPartsMax;
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> lPartsTile;
  Warps::Rows<BQ> alpha2;
  Warps::Rows<BQ> l3;
  Warps::Tile<BQ, D> outPartsTile;
  Warps::Tile<BQ, D> outTile3;
  Warps::Rows<BQ> value2;
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(outTile, 0.0f);
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      each(mPartsTile, [&](At at, int iq) {
        mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      each(lPartsTile, [&](At at, int iq) {
        lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      load(outPartsTile, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
      each(kPartsMax, [&](At at) {
        kPartsMax[at] = mPartsTile[at];
      });
      each(value, [&](At at) {
        value[at] = maximum(m[at], kPartsMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - value[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(alpha2, [&](At at) {
        alpha2[at] = math::exp2(mPartsTile[at] - value[at]);
      });
      each(l3, [&](At at) {
        l3[at] = lPartsTile[at] * alpha2[at];
      });
      each(l, [&](At at) {
        l[at] = Sum::join(l[at], l3[at]);
      });
      scaleRows(outTile, alpha);
      each(outTile3, [&](At at) {
        outTile3[at] = outPartsTile[at] * alpha2[at];
      });
      each(outTile, [&](At at) {
        outTile[at] = Sum::join(outTile[at], outTile3[at]);
      });
      m = value;
    }
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    scaleRows(outTile, value2);
    store(outTile, validQ, D, [&](int iq) { return out + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace queryAttention_bf16_d64_shared_join_block

KERNEL(128, 1) queryAttention_bf16_d64_shared_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace queryAttention_bf16_d64_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, qOffsets, nKParts, nC, nG, nR, i / (blocks(qLongest, BQ) * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % blocks(qLongest, BQ) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 128, c 1, q 128, g 1, r 1; 384 threads; shared 81 KiB.
namespace queryAttention_bf16_d64_block {
constexpr int BQ = 128, D = 64, BK = 128;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<1, 16384, 8> qTiles{sharedAt<Barrier>(81920)};
  Channel<2, 16384, 8> kTiles{sharedAt<Barrier>(81936)};
  Channel<2, 16384, 8> vTiles{sharedAt<Barrier>(81968)};
};

DEVICE void load(Rings& rings, const TensorMap& qMap, const TensorMap& kMap, const TensorMap& vMap, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const Places<Panels<bf16, BQ, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(16384)};
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(49152)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.claim();
    send(qTile.at(rings.qTiles.stage), qMap, rings.qTiles.full(), 0, r0, g0, qStart + q0);
    // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
    const int kEnd = minimum(nK, minimum(q0 + 128, nQ) + nK - nQ);
    for (int k0 = 0; k0 < kEnd; k0 += BK) {
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.claim();
      send(kTile.at(rings.kTiles.stage), kMap, rings.kTiles.full(), 0, g0, kStart + k0);
      rings.vTiles.claim();
      send(vTile.at(rings.vTiles.stage), vMap, rings.vTiles.full(), 0, g0, kStart + k0);
    }
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ bias, float scale, bf16* __restrict__ out, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  const Places<Panels<bf16, BQ, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(16384)};
  Warps::Tile<BQ, BK> s;
  Warps::Columns<BK> biasTile;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  PackedOf<bf16, Warps::Tile<BQ, BK>> value2;
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(49152)};
  Warps::Rows<BQ> value3;
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(outTile, 0.0f);
    const float scaleValue = float(scale);
    const int qOwn = warpgroupOfBlock() * 64;
    const int kEnd = minimum(nK, minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + qOwn + nK - nQ + 1), 128) * 128);
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.receive();
    // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
    if (const int k0 = 0; k0 < kEnd) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      beginProduct<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      each(biasTile, [&](At at, int ik) {
        biasTile[at] = float(readIf(ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + Index(ik) * (Index(nG) * nR)]));
      });
      settle<0>(s);
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      each(outTile, [&](At at) {
        outTile[at] = outTile[at] * alpha[at];
      });
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      m = mNew;
    }
    for (int k0 = 128; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      beginProduct<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      beginProduct<accumulate>(outTile, value2, vTile.at(rings.vTiles.stage));
      each(biasTile, [&](At at, int ik) {
        biasTile[at] = float(readIf(ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + Index(ik) * (Index(nG) * nR)]));
      });
      // queryAttention.ts:13  dot(q, k, 'd')
      settle<1>(s);
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      settle<0>(outTile);
      rings.vTiles.release();
      each(outTile, [&](At at) {
        outTile[at] = outTile[at] * alpha[at];
      });
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      m = mNew;
    }
    if (const int k0 = maximum(0, floorDivide(kEnd - 1, 128) * 128); k0 < kEnd) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      if (validK < BK) clearRows<Warps::threads>(vTile.at(rings.vTiles.stage), validK);
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      beginProduct<accumulate>(outTile, value2, vTile.at(rings.vTiles.stage));
    }
    unite<Sum>(l);
    each(value3, [&](At at) {
      value3[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    settle<0>(outTile);
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * value3[at];
    });
    store(outTile, validQ, D, [&](int iq) { return out + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace queryAttention_bf16_d64_block

KERNEL(384, 1) queryAttention_bf16_d64(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, const float* __restrict__ bias, float scale, bf16* __restrict__ out, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, TENSOR_MAP qMap, TENSOR_MAP kMap, TENSOR_MAP vMap) {
  using namespace queryAttention_bf16_d64_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(qMap);
    prefetchMap(kMap);
    prefetchMap(vMap);
  }
  if (threadOfBlock() == 0) {
    rings.qTiles.init();
    rings.kTiles.init();
    rings.vTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256) {
      const int i = blocksOfGrid() - 1 - blockOfGrid();
      const Place tile = grouped(i, nC * nG * nR, blocks(qLongest, BQ), walksInCache(Index(256) * kLongest) * nR);
      load(rings, qMap, kMap, vMap, qOffsets, kOffsets, tile.row / (nG * nR), tile.column * BQ, tile.row / nR % nG, tile.row % nR);
    }
  }
  else {
    takeRegisters<240>();
    const int i = blocksOfGrid() - 1 - blockOfGrid();
    const Place tile = grouped(i, nC * nG * nR, blocks(qLongest, BQ), walksInCache(Index(256) * kLongest) * nR);
    compute(rings, bias, scale, out, qOffsets, kOffsets, nG, nR, tile.row / (nG * nR), tile.column * BQ, tile.row / nR % nG, tile.row % nR);
  }
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, kParts 1, c 1, q 4, g 1, r 4; 64 threads; shared 69 KiB.
namespace queryAttention_bf16_d128_few_part_block {
constexpr int BQ = 4, BR = 4, D = 128, BK = 64;
using Warps = Accumulators<1, 1>;
struct Rings {
  Channel<1, 4096, 1> qTiles{sharedAt<Barrier>(69632)};
  Channel<2, 16384, 1> kTiles{sharedAt<Barrier>(69648)};
  Channel<2, 16384, 1> vTiles{sharedAt<Barrier>(69680)};
};

DEVICE void load(Rings& rings, const TensorMap& qMap, const TensorMap& kMap, const TensorMap& vMap, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const Places<Panels<bf16, BQ * BR, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(4096)};
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(36864)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.claim();
    send(qTile.at(rings.qTiles.stage), qMap, rings.qTiles.full(), 0, r0, g0, qStart + q0);
    // queryAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 4, nQ) + nK - nQ);
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.claim();
      send(kTile.at(rings.kTiles.stage), kMap, rings.kTiles.full(), 0, g0, kStart + k0);
      rings.vTiles.claim();
      send(vTile.at(rings.vTiles.stage), vMap, rings.vTiles.full(), 0, g0, kStart + k0);
    }
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validR = minimum(BR, nR - r0);
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Places<Panels<bf16, BQ * BR, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(4096)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Tile<BQ * BR, BK> values;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value2;
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(36864)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(out, 0.0f);
    const float scaleValue = float(scale);
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 4, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.receive();
    // queryAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:13  map(dot(q, k, 'd'), bias, scale, (s, bias, scale, at) => at.k <= at.q + sizeOf(…
      each(values, [&](At at, int row, int ik) {
        values[at] = (float(readIf((row % BR) < validR && ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + (row % BR) + Index(ik) * (Index(nG) * nR)]))) * 1.442695f;
      });
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + values[at];
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * (scaleValue * 1.442695f) + values[at] : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(out, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      if (validK < BK) clearRows<Warps::threads>(vTile.at(rings.vTiles.stage), validK);
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      mmaRegisters<accumulate>(out, value2, vTile.at(rings.vTiles.stage));
      rings.vTiles.release();
      m = mNew;
    }
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace queryAttention_bf16_d128_few_part_block

KERNEL(64, 1) queryAttention_bf16_d128_few_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts, TENSOR_MAP qMap, TENSOR_MAP kMap, TENSOR_MAP vMap) {
  using namespace queryAttention_bf16_d128_few_part_block;
  Rings rings;
  if (threadOfBlock() == 32) {
    prefetchMap(qMap);
    prefetchMap(kMap);
    prefetchMap(vMap);
  }
  if (threadOfBlock() == 0) {
    rings.qTiles.init();
    rings.kTiles.init();
    rings.vTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 32) {
    if (threadOfBlock() == 32) {
      const int i = blocksOfGrid() - 1 - blockOfGrid();
      load(rings, qMap, kMap, vMap, qOffsets, kOffsets, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
    }
  }
  else {
    const int i = blocksOfGrid() - 1 - blockOfGrid();
    compute(rings, bias, scale, mParts, lParts, outParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
  }
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace queryAttention_bf16_d128_few_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(outTile, 0.0f);
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(outTile, [&](At at) {
        outTile[at] = outTile[at] * alpha;
      });
      each(outTile3, [&](At at) {
        outTile3[at] = outPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = outTile[at] * value2;
    });
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) out[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
  }
}
}  // namespace queryAttention_bf16_d128_few_join_block

KERNEL(128, 1) queryAttention_bf16_d128_few_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace queryAttention_bf16_d128_few_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 64, kParts 1, c 1, q 16, g 1, r 4; 160 threads; shared 113 KiB.
namespace queryAttention_bf16_d128_short_part_block {
constexpr int BQ = 16, BR = 4, D = 128, BK = 64;
using Warps = Accumulators<4, 1>;
struct Rings {
  Channel<1, 16384, 4> qTiles{sharedAt<Barrier>(114688)};
  Channel<3, 16384, 4> kTiles{sharedAt<Barrier>(114704)};
  Channel<3, 16384, 4> vTiles{sharedAt<Barrier>(114752)};
};

DEVICE void load(Rings& rings, const TensorMap& qMap, const TensorMap& kMap, const TensorMap& vMap, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const Places<Panels<bf16, BQ * BR, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(16384)};
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(65536)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.claim();
    send(qTile.at(rings.qTiles.stage), qMap, rings.qTiles.full(), 0, r0, g0, qStart + q0);
    // queryAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 16, nQ) + nK - nQ);
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.claim();
      send(kTile.at(rings.kTiles.stage), kMap, rings.kTiles.full(), 0, g0, kStart + k0);
      rings.vTiles.claim();
      send(vTile.at(rings.vTiles.stage), vMap, rings.vTiles.full(), 0, g0, kStart + k0);
    }
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validR = minimum(BR, nR - r0);
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ * BR> m;
  Warps::Rows<BQ * BR> l;
  Warps::Tile<BQ * BR, D> out;
  const Places<Panels<bf16, BQ * BR, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(16384)};
  Warps::Tile<BQ * BR, BK> s;
  Warps::Tile<BQ * BR, BK> values;
  Warps::Rows<BQ * BR> kMax;
  Warps::Rows<BQ * BR> mNew;
  Warps::Rows<BQ * BR> alpha;
  Warps::Tile<BQ * BR, BK> value2;
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(65536)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(out, 0.0f);
    const float scaleValue = float(scale);
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 63, 64) * 64, 64) + nKParts - 1, nKParts) * 64;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 16, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 64) * 64, floorDivide(maximum(0, q0 + nK - nQ + 1), 64) * 64);
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.receive();
    // queryAttention.ts:14  softmax(s, 'k')
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:13  map(dot(q, k, 'd'), bias, scale, (s, bias, scale, at) => at.k <= at.q + sizeOf(…
      each(values, [&](At at, int row, int ik) {
        values[at] = (float(readIf((row % BR) < validR && ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + (row % BR) + Index(ik) * (Index(nG) * nR)]))) * 1.442695f;
      });
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      mma<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + values[at];
        });
      }
      else {
        each(s, [&](At at, int row, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + (row / BR) + nK - nQ ? s[at] * (scaleValue * 1.442695f) + values[at] : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      scaleRows(out, alpha);
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      if (validK < BK) clearRows<Warps::threads>(vTile.at(rings.vTiles.stage), validK);
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      mmaRegisters<accumulate>(out, value2, vTile.at(rings.vTiles.stage));
      rings.vTiles.release();
      m = mNew;
    }
    unite<Sum>(l);
    each(m, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(m[at]);
    });
    each(l, [&](At at, int row) {
      if ((row / BR) < validQ && (row % BR) < validR && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)] = float(l[at]);
    });
    store(out, [&](int row) { return row < BQ * BR && (row / BR) < validQ && (row % BR) < validR; }, D, [&](int row) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D; });
  }
}
}  // namespace queryAttention_bf16_d128_short_part_block

KERNEL(160, 1) queryAttention_bf16_d128_short_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts, TENSOR_MAP qMap, TENSOR_MAP kMap, TENSOR_MAP vMap) {
  using namespace queryAttention_bf16_d128_short_part_block;
  Rings rings;
  if (threadOfBlock() == 128) {
    prefetchMap(qMap);
    prefetchMap(kMap);
    prefetchMap(vMap);
  }
  if (threadOfBlock() == 0) {
    rings.qTiles.init();
    rings.kTiles.init();
    rings.vTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 128) {
    if (threadOfBlock() == 128) {
      const int i = blocksOfGrid() - 1 - blockOfGrid();
      load(rings, qMap, kMap, vMap, qOffsets, kOffsets, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
    }
  }
  else {
    const int i = blocksOfGrid() - 1 - blockOfGrid();
    compute(rings, bias, scale, mParts, lParts, outParts, qOffsets, kOffsets, nC, nG, nR, nKParts, i / (nC * blocks(qLongest, BQ) * nG * blocks(nR, BR)), i / (blocks(qLongest, BQ) * nG * blocks(nR, BR)) % nC, i / (nG * blocks(nR, BR)) % blocks(qLongest, BQ) * BQ, i / blocks(nR, BR) % nG, i % blocks(nR, BR) * BR);
  }
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 32, c 1, q 1, g 1, r 1, d 128; 128 threads; shared 1 KiB.
namespace queryAttention_bf16_d128_short_join_block {
constexpr int D = 128, BKParts = 32;
using Warps = Spread<1, 4, 1>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  float m;
  float l;
  Warps::Columns<D> outTile;
  const Array<float, BKParts> mPartsTile{sharedAt<float>(0)};
  float kPartsMax;
  Warps::Rows<BKParts> lPartsTile;
  Warps::Rows<BKParts> alpha2;
  const Array<float, BKParts> l3{sharedAt<float>(128)};
  Warps::Tile<BKParts, D> outPartsTile;
  Warps::Tile<BKParts, D> outTile3;
  Warps::Columns<D> value3;
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    m = -1.8288332e+30f;
    l = 0.0f;
    fill(outTile, 0.0f);
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      const int validKParts = minimum(BKParts, nKParts - kParts0);
      each(lPartsTile, [&](At at, int iKParts) {
        lPartsTile[at] = float(readIf(iKParts < validKParts, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      load(outPartsTile, validKParts, D, [&](int iKParts) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR * D); });
      eachElement<BKParts>([&](int iKParts) {
        mPartsTile(iKParts) = float(readIf(iKParts < validKParts, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iKParts) * (Index(qOffsets[nC]) * nG * nR)]));
      });
      blockBarrier();
      kPartsMax = joined<Max>(validKParts, [&](int iKParts) { return mPartsTile(iKParts); });
      const float value = maximum(m, kPartsMax);
      const float alpha = math::exp2(m - value);
      l = l * alpha;
      each(alpha2, [&](At at, int iKParts) {
        alpha2[at] = math::exp2(mPartsTile(iKParts) - value);
      });
      each(lPartsTile, [&](At at, int iKParts) {
        if (isOwner<decltype(lPartsTile)>()) l3(iKParts) = lPartsTile[at] * alpha2[at];
      });
      blockBarrier();
      l = Sum::join(l, joined<Sum>(validKParts, [&](int iKParts) { return l3(iKParts); }));
      each(outTile, [&](At at) {
        outTile[at] = outTile[at] * alpha;
      });
      each(outTile3, [&](At at) {
        outTile3[at] = outPartsTile[at] * alpha2[at];
      });
      joinColumns<Sum, accumulate>(outTile, outTile3, validKParts);
      m = value;
    }
    const float value2 = l == 0.0f ? 0.0f : 1.0f / l;
    each(value3, [&](At at) {
      value3[at] = outTile[at] * value2;
    });
    each(value3, [&](At at, int id) {
      if (isOwner<decltype(value3)>()) out[((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + id] = bf16(value3[at]);
    });
  }
}
}  // namespace queryAttention_bf16_d128_short_join_block

KERNEL(128, 1) queryAttention_bf16_d128_short_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace queryAttention_bf16_d128_short_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, qOffsets, nKParts, nC, nG, nR, i / (qLongest * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % qLongest, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// part: mParts, lParts, outParts
// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 128, kParts 1, c 1, q 128, g 1, r 1; 384 threads; shared 161 KiB.
namespace queryAttention_bf16_d128_shared_part_block {
constexpr int BQ = 128, D = 128, BK = 128;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<1, 32768, 8> qTiles{sharedAt<Barrier>(163840)};
  Channel<2, 32768, 8> kTiles{sharedAt<Barrier>(163856)};
  Channel<2, 32768, 8> vTiles{sharedAt<Barrier>(163888)};
};

DEVICE void load(Rings& rings, const TensorMap& qMap, const TensorMap& kMap, const TensorMap& vMap, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const Places<Panels<bf16, BQ, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(32768)};
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(98304)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.claim();
    send(qTile.at(rings.qTiles.stage), qMap, rings.qTiles.full(), 0, r0, g0, qStart + q0);
    // queryAttention.ts:14  softmax(s, 'k')
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 127, 128) * 128, 128) + nKParts - 1, nKParts) * 128);
    const int value = floorDivide(floorDivide(floorDivide(nK + 127, 128) * 128, 128) + nKParts - 1, nKParts) * 128;
    const int kEnd = minimum(minimum(kParts0 * value + value, nK), minimum(q0 + 128, nQ) + nK - nQ);
    for (int k0 = kFirst; k0 < kEnd; k0 += BK) {
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.claim();
      send(kTile.at(rings.kTiles.stage), kMap, rings.kTiles.full(), 0, g0, kStart + k0);
      rings.vTiles.claim();
      send(vTile.at(rings.vTiles.stage), vMap, rings.vTiles.full(), 0, g0, kStart + k0);
    }
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int nKParts, int kParts0, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> out;
  const Places<Panels<bf16, BQ, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(32768)};
  Warps::Tile<BQ, BK> s;
  Warps::Columns<BK> biasTile;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  PackedOf<bf16, Warps::Tile<BQ, BK>> value2;
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(98304)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(out, 0.0f);
    const float scaleValue = float(scale);
    const int qOwn = warpgroupOfBlock() * 64;
    const int kFirst = kParts0 * (floorDivide(floorDivide(floorDivide(nK + 127, 128) * 128, 128) + nKParts - 1, nKParts) * 128);
    const int value3 = floorDivide(floorDivide(floorDivide(nK + 127, 128) * 128, 128) + nKParts - 1, nKParts) * 128;
    const int kEnd = minimum(minimum(kParts0 * value3 + value3, nK), minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + qOwn + nK - nQ + 1), 128) * 128);
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.receive();
    // queryAttention.ts:14  softmax(s, 'k')
    if (const int k0 = kFirst; k0 < kEnd) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      beginProduct<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      each(biasTile, [&](At at, int ik) {
        biasTile[at] = float(readIf(ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + Index(ik) * (Index(nG) * nR)]));
      });
      settle<0>(s);
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      each(out, [&](At at) {
        out[at] = out[at] * alpha[at];
      });
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      m = mNew;
    }
    for (int k0 = kFirst + 128; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      beginProduct<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      beginProduct<accumulate>(out, value2, vTile.at(rings.vTiles.stage));
      each(biasTile, [&](At at, int ik) {
        biasTile[at] = float(readIf(ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + Index(ik) * (Index(nG) * nR)]));
      });
      // queryAttention.ts:13  dot(q, k, 'd')
      settle<1>(s);
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      settle<0>(out);
      rings.vTiles.release();
      each(out, [&](At at) {
        out[at] = out[at] * alpha[at];
      });
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      m = mNew;
    }
    if (const int k0 = maximum(kFirst, kFirst + floorDivide(kEnd - 1 - kFirst, 128) * 128); k0 < kEnd) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      if (validK < BK) clearRows<Warps::threads>(vTile.at(rings.vTiles.stage), validK);
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      beginProduct<accumulate>(out, value2, vTile.at(rings.vTiles.stage));
    }
    unite<Sum>(l);
    each(m, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(m)>()) mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(m[at]);
    });
    each(l, [&](At at, int iq) {
      if (iq < validQ && isOwner<decltype(l)>()) lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)] = float(l[at]);
    });
    settle<0>(out);
    store(out, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace queryAttention_bf16_d128_shared_part_block

KERNEL(384, 1) queryAttention_bf16_d128_shared_part(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, const float* __restrict__ bias, float scale, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, int nKParts, TENSOR_MAP qMap, TENSOR_MAP kMap, TENSOR_MAP vMap) {
  using namespace queryAttention_bf16_d128_shared_part_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(qMap);
    prefetchMap(kMap);
    prefetchMap(vMap);
  }
  if (threadOfBlock() == 0) {
    rings.qTiles.init();
    rings.kTiles.init();
    rings.vTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256) {
      const int i = blocksOfGrid() - 1 - blockOfGrid();
      const Place tile = grouped(i, nKParts * nC * nG * nR, blocks(qLongest, BQ), walksInCache(Index(512) * kLongest) * nKParts * nR);
      load(rings, qMap, kMap, vMap, qOffsets, kOffsets, nKParts, tile.row / (nC * nG * nR), tile.row / (nG * nR) % nC, tile.column * BQ, tile.row / nR % nG, tile.row % nR);
    }
  }
  else {
    takeRegisters<240>();
    const int i = blocksOfGrid() - 1 - blockOfGrid();
    const Place tile = grouped(i, nKParts * nC * nG * nR, blocks(qLongest, BQ), walksInCache(Index(512) * kLongest) * nKParts * nR);
    compute(rings, bias, scale, mParts, lParts, outParts, qOffsets, kOffsets, nC, nG, nR, nKParts, tile.row / (nC * nG * nR), tile.row / (nG * nR) % nC, tile.column * BQ, tile.row / nR % nG, tile.row % nR);
  }
}

// join: out
// fold over kParts carrying (m, l, out), certificate 5aa3
// Blocks: kParts 1, c 1, q 16, g 1, r 1, d 128; 128 threads; shared 0 KiB.
namespace queryAttention_bf16_d128_shared_join_block {
constexpr int BQ = 16, D = 128, BKParts = 1;
using Warps = Spread<4, 1, 4>;

DEVICE void block(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* __restrict__ qOffsets, int nKParts, int nC, int nG, int nR, int c0, int q0, int g0, int r0, int d0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  Warps::Rows<BQ> mPartsTile;
  Warps::Rows<BQ> kPartsMax;
  Warps::Rows<BQ> value;
  Warps::Rows<BQ> alpha;
  Warps::Rows<BQ> lPartsTile;
  Warps::Rows<BQ> alpha2;
  Warps::Rows<BQ> l3;
  Warps::Tile<BQ, D> outPartsTile;
  Warps::Tile<BQ, D> outTile3;
  Warps::Rows<BQ> value2;
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(outTile, 0.0f);
    for (int kParts0 = 0; kParts0 < nKParts; kParts0 += BKParts) {
      each(mPartsTile, [&](At at, int iq) {
        mPartsTile[at] = float(readIf(iq < validQ, &mParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      each(lPartsTile, [&](At at, int iq) {
        lPartsTile[at] = float(readIf(iq < validQ, &lParts[((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0 + Index(iq) * (Index(nG) * nR)]));
      });
      load(outPartsTile, validQ, D, [&](int iq) { return outParts + (((Index(kParts0) * qOffsets[nC] + qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
      each(kPartsMax, [&](At at) {
        kPartsMax[at] = mPartsTile[at];
      });
      each(value, [&](At at) {
        value[at] = maximum(m[at], kPartsMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - value[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(alpha2, [&](At at) {
        alpha2[at] = math::exp2(mPartsTile[at] - value[at]);
      });
      each(l3, [&](At at) {
        l3[at] = lPartsTile[at] * alpha2[at];
      });
      each(l, [&](At at) {
        l[at] = Sum::join(l[at], l3[at]);
      });
      scaleRows(outTile, alpha);
      each(outTile3, [&](At at) {
        outTile3[at] = outPartsTile[at] * alpha2[at];
      });
      each(outTile, [&](At at) {
        outTile[at] = Sum::join(outTile[at], outTile3[at]);
      });
      m = value;
    }
    each(value2, [&](At at) {
      value2[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    scaleRows(outTile, value2);
    store(outTile, validQ, D, [&](int iq) { return out + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + d0 + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace queryAttention_bf16_d128_shared_join_block

KERNEL(128, 1) queryAttention_bf16_d128_shared_join(bf16* __restrict__ out, float* __restrict__ mParts, float* __restrict__ lParts, float* __restrict__ outParts, const int* qOffsets, int nKParts, int nC, int qLongest, int nG, int nR) {
  using namespace queryAttention_bf16_d128_shared_join_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(out, mParts, lParts, outParts, qOffsets, nKParts, nC, nG, nR, i / (blocks(qLongest, BQ) * nG * nR * blocks(D, D)), i / (nG * nR * blocks(D, D)) % blocks(qLongest, BQ) * BQ, i / (nR * blocks(D, D)) % nG, i / blocks(D, D) % nR, i % blocks(D, D) * D);
}

// fold over k carrying (m, l, out), certificate 5aa3
// Blocks: k 128, c 1, q 128, g 1, r 1; 384 threads; shared 161 KiB.
namespace queryAttention_bf16_d128_block {
constexpr int BQ = 128, D = 128, BK = 128;
using Warps = Accumulators<8, 1>;
struct Rings {
  Channel<1, 32768, 8> qTiles{sharedAt<Barrier>(163840)};
  Channel<2, 32768, 8> kTiles{sharedAt<Barrier>(163856)};
  Channel<2, 32768, 8> vTiles{sharedAt<Barrier>(163888)};
};

DEVICE void load(Rings& rings, const TensorMap& qMap, const TensorMap& kMap, const TensorMap& vMap, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const Places<Panels<bf16, BQ, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(32768)};
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(98304)};
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.claim();
    send(qTile.at(rings.qTiles.stage), qMap, rings.qTiles.full(), 0, r0, g0, qStart + q0);
    // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
    const int kEnd = minimum(nK, minimum(q0 + 128, nQ) + nK - nQ);
    for (int k0 = 0; k0 < kEnd; k0 += BK) {
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.claim();
      send(kTile.at(rings.kTiles.stage), kMap, rings.kTiles.full(), 0, g0, kStart + k0);
      rings.vTiles.claim();
      send(vTile.at(rings.vTiles.stage), vMap, rings.vTiles.full(), 0, g0, kStart + k0);
    }
  }
}

DEVICE void compute(Rings& rings, const float* __restrict__ bias, float scale, bf16* __restrict__ out, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nG, int nR, int c0, int q0, int g0, int r0) {
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validQ = minimum(BQ, nQ - q0);
  Warps::Rows<BQ> m;
  Warps::Rows<BQ> l;
  Warps::Tile<BQ, D> outTile;
  const Places<Panels<bf16, BQ, D>> qTile{sharedAt<bf16>(0)};
  const Places<Panels<bf16, BK, D>> kTile{sharedAt<bf16>(32768)};
  Warps::Tile<BQ, BK> s;
  Warps::Columns<BK> biasTile;
  Warps::Rows<BQ> kMax;
  Warps::Rows<BQ> mNew;
  Warps::Rows<BQ> alpha;
  PackedOf<bf16, Warps::Tile<BQ, BK>> value2;
  const Places<Panels<bf16, BK, D>> vTile{sharedAt<bf16>(98304)};
  Warps::Rows<BQ> value3;
  // queryAttention.ts:9  queryAttention = kernel('queryAttention', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dy…
  if (q0 < nQ) {
    // queryAttention.ts:14  softmax(s, 'k')
    fill(m, -1.8288332e+30f);
    fill(l, 0.0f);
    fill(outTile, 0.0f);
    const float scaleValue = float(scale);
    const int qOwn = warpgroupOfBlock() * 64;
    const int kEnd = minimum(nK, minimum(q0 + 128, nQ) + nK - nQ);
    const int kRest = minimum(floorDivide(nK, 128) * 128, floorDivide(maximum(0, q0 + qOwn + nK - nQ + 1), 128) * 128);
    // queryAttention.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
    rings.qTiles.receive();
    // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
    if (const int k0 = 0; k0 < kEnd) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      beginProduct<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      each(biasTile, [&](At at, int ik) {
        biasTile[at] = float(readIf(ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + Index(ik) * (Index(nG) * nR)]));
      });
      settle<0>(s);
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      each(outTile, [&](At at) {
        outTile[at] = outTile[at] * alpha[at];
      });
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      m = mNew;
    }
    for (int k0 = 128; k0 < kEnd; k0 += BK) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  k = k: In<E, ['c', 'k', 'g', 'd']>
      rings.kTiles.receive();
      // queryAttention.ts:13  dot(q, k, 'd')
      beginProduct<overwrite>(s, qTile.at(rings.qTiles.stage), transposed(kTile.at(rings.kTiles.stage)));
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      beginProduct<accumulate>(outTile, value2, vTile.at(rings.vTiles.stage));
      each(biasTile, [&](At at, int ik) {
        biasTile[at] = float(readIf(ik < validK, &bias[(Index(kStart + k0) * nG + g0) * nR + r0 + Index(ik) * (Index(nG) * nR)]));
      });
      // queryAttention.ts:13  dot(q, k, 'd')
      settle<1>(s);
      rings.kTiles.release();
      if (k0 < kRest) {
        each(s, [&](At at) {
          s[at] = s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f;
        });
      }
      else {
        each(s, [&](At at, int iq, int ik) {
          s[at] = k0 + ik < nK && k0 + ik <= q0 + iq + nK - nQ ? s[at] * (scaleValue * 1.442695f) + biasTile[at] * 1.442695f : -INFINITY;
        });
      }
      // queryAttention.ts:14  softmax(s, 'k')
      joinRows<Max, overwrite>(kMax, s, BK);
      each(mNew, [&](At at) {
        mNew[at] = maximum(m[at], kMax[at]);
      });
      each(alpha, [&](At at) {
        alpha[at] = math::exp2(m[at] - mNew[at]);
      });
      each(l, [&](At at) {
        l[at] = l[at] * alpha[at];
      });
      each(s, [&](At at) {
        s[at] = math::exp2(s[at] - mNew[at]);
      });
      joinRows<Sum, apart>(l, s, BK);
      settle<0>(outTile);
      rings.vTiles.release();
      each(outTile, [&](At at) {
        outTile[at] = outTile[at] * alpha[at];
      });
      each(value2, [&](At at) {
        value2[at] = s[at];
      });
      m = mNew;
    }
    if (const int k0 = maximum(0, floorDivide(kEnd - 1, 128) * 128); k0 < kEnd) {
      const int validK = minimum(BK, nK - k0);
      // queryAttention.ts:11  v = v: In<E, ['c', 'k', 'g', 'd']>
      rings.vTiles.receive();
      if (validK < BK) clearRows<Warps::threads>(vTile.at(rings.vTiles.stage), validK);
      // queryAttention.ts:14  dot(cast(v.dtype, softmax(s, 'k')), v, 'k')
      beginProduct<accumulate>(outTile, value2, vTile.at(rings.vTiles.stage));
    }
    unite<Sum>(l);
    each(value3, [&](At at) {
      value3[at] = l[at] == 0.0f ? 0.0f : 1.0f / l[at];
    });
    settle<0>(outTile);
    each(outTile, [&](At at) {
      outTile[at] = outTile[at] * value3[at];
    });
    store(outTile, validQ, D, [&](int iq) { return out + ((Index(qStart + q0) * nG + g0) * nR + r0) * D + Index(iq) * (Index(nG) * nR * D); });
  }
}
}  // namespace queryAttention_bf16_d128_block

KERNEL(384, 1) queryAttention_bf16_d128(const bf16* __restrict__ q, const bf16* __restrict__ k, const bf16* __restrict__ v, const float* __restrict__ bias, float scale, bf16* __restrict__ out, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest, TENSOR_MAP qMap, TENSOR_MAP kMap, TENSOR_MAP vMap) {
  using namespace queryAttention_bf16_d128_block;
  Rings rings;
  if (threadOfBlock() == 256) {
    prefetchMap(qMap);
    prefetchMap(kMap);
    prefetchMap(vMap);
  }
  if (threadOfBlock() == 0) {
    rings.qTiles.init();
    rings.kTiles.init();
    rings.vTiles.init();
    fenceBarriers();
  }
  blockBarrier();
  awaitLaunches();
  if (threadOfBlock() >= 256) {
    giveRegisters<24>();
    if (threadOfBlock() == 256) {
      const int i = blocksOfGrid() - 1 - blockOfGrid();
      const Place tile = grouped(i, nC * nG * nR, blocks(qLongest, BQ), walksInCache(Index(512) * kLongest) * nR);
      load(rings, qMap, kMap, vMap, qOffsets, kOffsets, tile.row / (nG * nR), tile.column * BQ, tile.row / nR % nG, tile.row % nR);
    }
  }
  else {
    takeRegisters<240>();
    const int i = blocksOfGrid() - 1 - blockOfGrid();
    const Place tile = grouped(i, nC * nG * nR, blocks(qLongest, BQ), walksInCache(Index(512) * kLongest) * nR);
    compute(rings, bias, scale, out, qOffsets, kOffsets, nG, nR, tile.row / (nG * nR), tile.column * BQ, tile.row / nR % nG, tile.row % nR);
  }
}
