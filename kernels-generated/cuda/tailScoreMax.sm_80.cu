// tailScoreMax, sm_80. From runtime/kernels/tailScore.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 0b8e
// Blocks: q 8, r 4, g 1, c 1, k 64; 64 threads; shared 26 KiB.
namespace tailScoreMax_f32_d64_block {
constexpr int BK = 64, BR = 4, D = 64, BQ = 8;
using Warps = Accumulators<2, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ lse, float scale, std::int32_t rows, float* __restrict__ out, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int c0, int k0, int g0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK> outTile;
  Warps::Tile<BK, BR> acc;
  const Operand<float, BK, D> kTile{sharedAt<float>(0)};
  const Operand<float, BQ * BR, D> qTile{sharedAt<float>(17408)};
  Warps::Tile<BK, BQ * BR> p;
  Warps::Columns<BQ * BR> lseTile;
  // tailScore.ts:19  tailScoreMax = kernel('tailScoreMax', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dyna…
  if (k0 < nK) {
    // tailScore.ts:25  out = max(sum(p, 'q'), 'r')
    fill(outTile, -INFINITY);
    const int rowsValue = int(rows);
    copyRows<Warps::threads>(kTile, validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      const int validR = minimum(BR, nR - r0);
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 8) * 8, floorDivide(maximum(0, k0 - (nK - nQ)), 8) * 8);
      const int qRest = minimum(floorDivide(nQ, 8) * 8, nQ);
      const int qFull = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 7, 8) * 8, floorDivide(maximum(0, minimum(k0 + 64, nK) - (nK - nQ) - 1) + 7, 8) * 8);
      for (int q0 = qFirst; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        blockBarrier();
        copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
        commitCopies();
        waitCopies<0>();
        blockBarrier();
        // tailScore.ts:23  dot(q, k, 'd')
        mma<overwrite>(p, kTile, transposed(qTile));
        each(lseTile, [&](At at, int column) {
          lseTile[at] = float(readIf((column / BR) < validQ && (column % BR) < validR, &lse[(Index(qStart + q0 + (column / BR)) * nG + g0) * nR + r0 + (column % BR)]));
        });
        if (qFull <= q0 && q0 < qRest) {
          each(p, [&](At at) {
            p[at] = math::exp(p[at] * scaleValue - lseTile[at]);
          });
        }
        else {
          each(p, [&](At at, int ik, int column) {
            p[at] = q0 + (column / BR) < nQ && nQ - rowsValue <= q0 + (column / BR) && k0 + ik <= q0 + (column / BR) + nK - nQ ? math::exp(p[at] * scaleValue - lseTile[at]) : 0.0f;
          });
        }
        // tailScore.ts:25  sum(p, 'q')
        joinOuterColumns<Sum, accumulate, BR>(acc, p, BQ);
      }
      joinRows<Max, accumulate>(outTile, acc, validR);
    }
    each(outTile, [&](At at, int ik) {
      if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * kOffsets[nC] + kStart + k0 + ik] = float(outTile[at]);
    });
  }
  commitCopies();
  waitCopies<0>();
}
}  // namespace tailScoreMax_f32_d64_block

KERNEL(64, 1) tailScoreMax_f32_d64(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ lse, float scale, std::int32_t rows, float* __restrict__ out, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace tailScoreMax_f32_d64_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (blocks(kLongest, BK) * nG), i / nG % blocks(kLongest, BK) * BK, i % nG);
}

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 0b8e
// Blocks: q 8, r 4, g 1, c 1, k 64; 64 threads; shared 50 KiB.
namespace tailScoreMax_f32_d128_block {
constexpr int BK = 64, BR = 4, D = 128, BQ = 8;
using Warps = Accumulators<2, 1>;

DEVICE void block(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ lse, float scale, std::int32_t rows, float* __restrict__ out, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int c0, int k0, int g0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK> outTile;
  Warps::Tile<BK, BR> acc;
  const Operand<float, BK, D> kTile{sharedAt<float>(0)};
  const Operand<float, BQ * BR, D> qTile{sharedAt<float>(33792)};
  Warps::Tile<BK, BQ * BR> p;
  Warps::Columns<BQ * BR> lseTile;
  // tailScore.ts:19  tailScoreMax = kernel('tailScoreMax', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dyna…
  if (k0 < nK) {
    // tailScore.ts:25  out = max(sum(p, 'q'), 'r')
    fill(outTile, -INFINITY);
    const int rowsValue = int(rows);
    copyRows<Warps::threads>(kTile, validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      const int validR = minimum(BR, nR - r0);
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 8) * 8, floorDivide(maximum(0, k0 - (nK - nQ)), 8) * 8);
      const int qRest = minimum(floorDivide(nQ, 8) * 8, nQ);
      const int qFull = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 7, 8) * 8, floorDivide(maximum(0, minimum(k0 + 64, nK) - (nK - nQ) - 1) + 7, 8) * 8);
      for (int q0 = qFirst; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        blockBarrier();
        copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
        commitCopies();
        waitCopies<0>();
        blockBarrier();
        // tailScore.ts:23  dot(q, k, 'd')
        mma<overwrite>(p, kTile, transposed(qTile));
        each(lseTile, [&](At at, int column) {
          lseTile[at] = float(readIf((column / BR) < validQ && (column % BR) < validR, &lse[(Index(qStart + q0 + (column / BR)) * nG + g0) * nR + r0 + (column % BR)]));
        });
        if (qFull <= q0 && q0 < qRest) {
          each(p, [&](At at) {
            p[at] = math::exp(p[at] * scaleValue - lseTile[at]);
          });
        }
        else {
          each(p, [&](At at, int ik, int column) {
            p[at] = q0 + (column / BR) < nQ && nQ - rowsValue <= q0 + (column / BR) && k0 + ik <= q0 + (column / BR) + nK - nQ ? math::exp(p[at] * scaleValue - lseTile[at]) : 0.0f;
          });
        }
        // tailScore.ts:25  sum(p, 'q')
        joinOuterColumns<Sum, accumulate, BR>(acc, p, BQ);
      }
      joinRows<Max, accumulate>(outTile, acc, validR);
    }
    each(outTile, [&](At at, int ik) {
      if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * kOffsets[nC] + kStart + k0 + ik] = float(outTile[at]);
    });
  }
  commitCopies();
  waitCopies<0>();
}
}  // namespace tailScoreMax_f32_d128_block

KERNEL(64, 1) tailScoreMax_f32_d128(const float* __restrict__ q, const float* __restrict__ k, const float* __restrict__ lse, float scale, std::int32_t rows, float* __restrict__ out, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace tailScoreMax_f32_d128_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (blocks(kLongest, BK) * nG), i / nG % blocks(kLongest, BK) * BK, i % nG);
}

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 0b8e
// Blocks: q 8, r 4, g 1, c 1, k 256; 256 threads; shared 36 KiB.
namespace tailScoreMax_bf16_d64_block {
constexpr int BK = 256, BR = 4, D = 64, BQ = 8;
using Warps = Accumulators<8, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const float* __restrict__ lse, float scale, std::int32_t rows, float* __restrict__ out, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int c0, int k0, int g0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK> outTile;
  Warps::Tile<BK, BR> acc;
  const Operand<bf16, BK, D> kTile{sharedAt<bf16>(0)};
  const Operand<bf16, BQ * BR, D> qTile{sharedAt<bf16>(32768)};
  Warps::Tile<BK, BQ * BR> p;
  Warps::Columns<BQ * BR> lseTile;
  // tailScore.ts:19  tailScoreMax = kernel('tailScoreMax', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dyna…
  if (k0 < nK) {
    // tailScore.ts:25  out = max(sum(p, 'q'), 'r')
    fill(outTile, -INFINITY);
    const int rowsValue = int(rows);
    copyRows<Warps::threads>(kTile, validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      const int validR = minimum(BR, nR - r0);
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 8) * 8, floorDivide(maximum(0, k0 - (nK - nQ)), 8) * 8);
      const int qRest = minimum(floorDivide(nQ, 8) * 8, nQ);
      const int qFull = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 7, 8) * 8, floorDivide(maximum(0, minimum(k0 + 256, nK) - (nK - nQ) - 1) + 7, 8) * 8);
      for (int q0 = qFirst; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        blockBarrier();
        copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
        commitCopies();
        waitCopies<0>();
        blockBarrier();
        // tailScore.ts:23  dot(q, k, 'd')
        mma<overwrite>(p, kTile, transposed(qTile));
        each(lseTile, [&](At at, int column) {
          lseTile[at] = float(readIf((column / BR) < validQ && (column % BR) < validR, &lse[(Index(qStart + q0 + (column / BR)) * nG + g0) * nR + r0 + (column % BR)]));
        });
        if (qFull <= q0 && q0 < qRest) {
          each(p, [&](At at) {
            p[at] = math::exp(p[at] * scaleValue - lseTile[at]);
          });
        }
        else {
          each(p, [&](At at, int ik, int column) {
            p[at] = q0 + (column / BR) < nQ && nQ - rowsValue <= q0 + (column / BR) && k0 + ik <= q0 + (column / BR) + nK - nQ ? math::exp(p[at] * scaleValue - lseTile[at]) : 0.0f;
          });
        }
        // tailScore.ts:25  sum(p, 'q')
        joinOuterColumns<Sum, accumulate, BR>(acc, p, BQ);
      }
      joinRows<Max, accumulate>(outTile, acc, validR);
    }
    each(outTile, [&](At at, int ik) {
      if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * kOffsets[nC] + kStart + k0 + ik] = float(outTile[at]);
    });
  }
  commitCopies();
  waitCopies<0>();
}
}  // namespace tailScoreMax_bf16_d64_block

KERNEL(256, 1) tailScoreMax_bf16_d64(const bf16* __restrict__ q, const bf16* __restrict__ k, const float* __restrict__ lse, float scale, std::int32_t rows, float* __restrict__ out, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace tailScoreMax_bf16_d64_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (blocks(kLongest, BK) * nG), i / nG % blocks(kLongest, BK) * BK, i % nG);
}

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 0b8e
// Blocks: q 8, r 4, g 1, c 1, k 256; 256 threads; shared 72 KiB.
namespace tailScoreMax_bf16_d128_block {
constexpr int BK = 256, BR = 4, D = 128, BQ = 8;
using Warps = Accumulators<8, 1>;

DEVICE void block(const bf16* __restrict__ q, const bf16* __restrict__ k, const float* __restrict__ lse, float scale, std::int32_t rows, float* __restrict__ out, const int* __restrict__ qOffsets, const int* __restrict__ kOffsets, int nC, int nG, int nR, int c0, int k0, int g0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK> outTile;
  Warps::Tile<BK, BR> acc;
  const Operand<bf16, BK, D> kTile{sharedAt<bf16>(0)};
  const Operand<bf16, BQ * BR, D> qTile{sharedAt<bf16>(65536)};
  Warps::Tile<BK, BQ * BR> p;
  Warps::Columns<BQ * BR> lseTile;
  // tailScore.ts:19  tailScoreMax = kernel('tailScoreMax', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dyna…
  if (k0 < nK) {
    // tailScore.ts:25  out = max(sum(p, 'q'), 'r')
    fill(outTile, -INFINITY);
    const int rowsValue = int(rows);
    copyRows<Warps::threads>(kTile, validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      const int validR = minimum(BR, nR - r0);
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 8) * 8, floorDivide(maximum(0, k0 - (nK - nQ)), 8) * 8);
      const int qRest = minimum(floorDivide(nQ, 8) * 8, nQ);
      const int qFull = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 7, 8) * 8, floorDivide(maximum(0, minimum(k0 + 256, nK) - (nK - nQ) - 1) + 7, 8) * 8);
      for (int q0 = qFirst; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        blockBarrier();
        copyRowsAt<Warps::threads>(qTile, BQ * BR, D, [&](int row) { return (row / BR) < validQ && (row % BR) < validR ? q + ((Index(qStart + q0 + (row / BR)) * nG + g0) * nR + r0 + (row % BR)) * D : nullptr; });
        commitCopies();
        waitCopies<0>();
        blockBarrier();
        // tailScore.ts:23  dot(q, k, 'd')
        mma<overwrite>(p, kTile, transposed(qTile));
        each(lseTile, [&](At at, int column) {
          lseTile[at] = float(readIf((column / BR) < validQ && (column % BR) < validR, &lse[(Index(qStart + q0 + (column / BR)) * nG + g0) * nR + r0 + (column % BR)]));
        });
        if (qFull <= q0 && q0 < qRest) {
          each(p, [&](At at) {
            p[at] = math::exp(p[at] * scaleValue - lseTile[at]);
          });
        }
        else {
          each(p, [&](At at, int ik, int column) {
            p[at] = q0 + (column / BR) < nQ && nQ - rowsValue <= q0 + (column / BR) && k0 + ik <= q0 + (column / BR) + nK - nQ ? math::exp(p[at] * scaleValue - lseTile[at]) : 0.0f;
          });
        }
        // tailScore.ts:25  sum(p, 'q')
        joinOuterColumns<Sum, accumulate, BR>(acc, p, BQ);
      }
      joinRows<Max, accumulate>(outTile, acc, validR);
    }
    each(outTile, [&](At at, int ik) {
      if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * kOffsets[nC] + kStart + k0 + ik] = float(outTile[at]);
    });
  }
  commitCopies();
  waitCopies<0>();
}
}  // namespace tailScoreMax_bf16_d128_block

KERNEL(256, 1) tailScoreMax_bf16_d128(const bf16* __restrict__ q, const bf16* __restrict__ k, const float* __restrict__ lse, float scale, std::int32_t rows, float* __restrict__ out, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace tailScoreMax_bf16_d128_block;
  awaitLaunches();
  const int i = blockOfGrid();
  block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (blocks(kLongest, BK) * nG), i / nG % blocks(kLongest, BK) * BK, i % nG);
}
