// tailScore, sm_80. From runtime/kernels/tailScore.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 6124
// Blocks: q 8, r 1, g 1, c 1, k 64; 128 threads; shared 26 KiB.
namespace tailScore_f32_d64_block {
constexpr int BK = 64, D = 64, BQ = 8, BR = 1;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* q, const float* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int nG, int nR, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK> outTile;
  Warps::Rows<BK> acc;
  const Operand<float, BK, D> kTile{sharedAt<float>(0)};
  const Ring<Operand<float, BQ, D>, 2> qTile{sharedAt<float>(17408)};
  Warps::Tile<BK, BQ> product;
  Warps::Columns<BQ> lseTile;
  Warps::Tile<BK, BQ> p;
  // tailScore.ts:9  tailScore = kernel('tailScore', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic…
  if (k0 < nK) {
    // tailScore.ts:15  out = sum(sum(p, 'q'), 'r')
    fill(outTile, 0.0f);
    const int rowsValue = int(rows);
    copyRows<Warps::threads>(kTile, validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 8) * 8, floorDivide(maximum(0, k0 - (nK - nQ)), 8) * 8);
      const int qRest = minimum(floorDivide(nQ, 8) * 8, nQ);
      const int qFull = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 7, 8) * 8, floorDivide(maximum(0, minimum(k0 + 64, nK) - (nK - nQ) - 1) + 7, 8) * 8);
      blockBarrier();
      // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
      constexpr int qPipeStages = 2;
      const auto qPipeLoad = [&](int q0, int stage) {
        const int validQ = minimum(BQ, nQ - q0);
        copyRows<Warps::threads>(qTile.at(stage), validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
      };
      int qPipeStage = qPipeStages - 1;
      const int qPipeEnd = nQ;
      for (int stage = 0; stage < qPipeStages - 1; stage++) {
        if (qFirst + stage * BQ < qPipeEnd) qPipeLoad(qFirst + stage * BQ, stage);
        commitCopies();
      }
      // tailScore.ts:15  sum(p, 'q')
      for (int q0 = qFirst; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
        qPipeStage = stageAfter<qPipeStages>(qPipeStage);
        waitCopies<qPipeStages - 2>();
        blockBarrier();
        if (q0 + BQ < qPipeEnd) qPipeLoad(q0 + BQ, stageBefore<qPipeStages>(qPipeStage));
        commitCopies();
        // tailScore.ts:13  dot(q, k, 'd')
        mma<overwrite>(product, kTile, transposed(qTile.at(qPipeStage)));
        each(lseTile, [&](At at, int iq) {
          lseTile[at] = iq < validQ ? float(lse[(Index(qStart + q0 + iq) * nG + g0) * nR + r0]) : 0.0f;
        });
        if (qFull <= q0 && q0 < qRest) {
          each(p, [&](At at) {
            p[at] = math::exp(product[at] * scaleValue - lseTile[at]);
          });
        }
        else {
          each(p, [&](At at, int ik, int iq) {
            p[at] = q0 + iq < nQ && nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(product[at] * scaleValue - lseTile[at]) : 0.0f;
          });
        }
        // tailScore.ts:15  sum(p, 'q')
        joinRows<Sum, accumulate>(acc, p, BQ);
      }
      // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
      waitCopies<0>();
      // tailScore.ts:15  out = sum(sum(p, 'q'), 'r')
      each(outTile, [&](At at) {
        outTile[at] = Sum::join(outTile[at], acc[at]);
      });
    }
    each(outTile, [&](At at, int ik) {
      if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * kOffsets[nC] + kStart + k0 + ik] = float(outTile[at]);
    });
  }
}
}  // namespace tailScore_f32_d64_block

KERNEL(128, 1) tailScore_f32_d64(const float* q, const float* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace tailScore_f32_d64_block;
  const int i = blockOfGrid();
  block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (nC * blocks(kLongest, BK)), i / blocks(kLongest, BK) % nC, i % blocks(kLongest, BK) * BK);
}

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 6124
// Blocks: q 8, r 1, g 1, c 1, k 64; 128 threads; shared 50 KiB.
namespace tailScore_f32_d128_block {
constexpr int BK = 64, D = 128, BQ = 8, BR = 1;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* q, const float* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int nG, int nR, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK> outTile;
  Warps::Rows<BK> acc;
  const Operand<float, BK, D> kTile{sharedAt<float>(0)};
  const Ring<Operand<float, BQ, D>, 2> qTile{sharedAt<float>(33792)};
  Warps::Tile<BK, BQ> product;
  Warps::Columns<BQ> lseTile;
  Warps::Tile<BK, BQ> p;
  // tailScore.ts:9  tailScore = kernel('tailScore', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic…
  if (k0 < nK) {
    // tailScore.ts:15  out = sum(sum(p, 'q'), 'r')
    fill(outTile, 0.0f);
    const int rowsValue = int(rows);
    copyRows<Warps::threads>(kTile, validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 8) * 8, floorDivide(maximum(0, k0 - (nK - nQ)), 8) * 8);
      const int qRest = minimum(floorDivide(nQ, 8) * 8, nQ);
      const int qFull = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 7, 8) * 8, floorDivide(maximum(0, minimum(k0 + 64, nK) - (nK - nQ) - 1) + 7, 8) * 8);
      blockBarrier();
      // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
      constexpr int qPipeStages = 2;
      const auto qPipeLoad = [&](int q0, int stage) {
        const int validQ = minimum(BQ, nQ - q0);
        copyRows<Warps::threads>(qTile.at(stage), validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
      };
      int qPipeStage = qPipeStages - 1;
      const int qPipeEnd = nQ;
      for (int stage = 0; stage < qPipeStages - 1; stage++) {
        if (qFirst + stage * BQ < qPipeEnd) qPipeLoad(qFirst + stage * BQ, stage);
        commitCopies();
      }
      // tailScore.ts:15  sum(p, 'q')
      for (int q0 = qFirst; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
        qPipeStage = stageAfter<qPipeStages>(qPipeStage);
        waitCopies<qPipeStages - 2>();
        blockBarrier();
        if (q0 + BQ < qPipeEnd) qPipeLoad(q0 + BQ, stageBefore<qPipeStages>(qPipeStage));
        commitCopies();
        // tailScore.ts:13  dot(q, k, 'd')
        mma<overwrite>(product, kTile, transposed(qTile.at(qPipeStage)));
        each(lseTile, [&](At at, int iq) {
          lseTile[at] = iq < validQ ? float(lse[(Index(qStart + q0 + iq) * nG + g0) * nR + r0]) : 0.0f;
        });
        if (qFull <= q0 && q0 < qRest) {
          each(p, [&](At at) {
            p[at] = math::exp(product[at] * scaleValue - lseTile[at]);
          });
        }
        else {
          each(p, [&](At at, int ik, int iq) {
            p[at] = q0 + iq < nQ && nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(product[at] * scaleValue - lseTile[at]) : 0.0f;
          });
        }
        // tailScore.ts:15  sum(p, 'q')
        joinRows<Sum, accumulate>(acc, p, BQ);
      }
      // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
      waitCopies<0>();
      // tailScore.ts:15  out = sum(sum(p, 'q'), 'r')
      each(outTile, [&](At at) {
        outTile[at] = Sum::join(outTile[at], acc[at]);
      });
    }
    each(outTile, [&](At at, int ik) {
      if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * kOffsets[nC] + kStart + k0 + ik] = float(outTile[at]);
    });
  }
}
}  // namespace tailScore_f32_d128_block

KERNEL(128, 1) tailScore_f32_d128(const float* q, const float* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace tailScore_f32_d128_block;
  const int i = blockOfGrid();
  block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (nC * blocks(kLongest, BK)), i / blocks(kLongest, BK) % nC, i % blocks(kLongest, BK) * BK);
}

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 6124
// Blocks: q 8, r 1, g 1, c 1, k 128; 128 threads; shared 20 KiB.
namespace tailScore_bf16_d64_block {
constexpr int BK = 128, D = 64, BQ = 8, BR = 1;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int nG, int nR, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK> outTile;
  Warps::Rows<BK> acc;
  const Operand<bf16, BK, D> kTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BQ, D>, 2> qTile{sharedAt<bf16>(16384)};
  Warps::Tile<BK, BQ> p;
  Warps::Columns<BQ> lseTile;
  // tailScore.ts:9  tailScore = kernel('tailScore', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic…
  if (k0 < nK) {
    // tailScore.ts:15  out = sum(sum(p, 'q'), 'r')
    fill(outTile, 0.0f);
    const int rowsValue = int(rows);
    copyRows<Warps::threads>(kTile, validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 8) * 8, floorDivide(maximum(0, k0 - (nK - nQ)), 8) * 8);
      const int qRest = minimum(floorDivide(nQ, 8) * 8, nQ);
      const int qFull = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 7, 8) * 8, floorDivide(maximum(0, minimum(k0 + 128, nK) - (nK - nQ) - 1) + 7, 8) * 8);
      blockBarrier();
      // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
      constexpr int qPipeStages = 2;
      const auto qPipeLoad = [&](int q0, int stage) {
        const int validQ = minimum(BQ, nQ - q0);
        copyRows<Warps::threads>(qTile.at(stage), validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
      };
      int qPipeStage = qPipeStages - 1;
      const int qPipeEnd = nQ;
      for (int stage = 0; stage < qPipeStages - 1; stage++) {
        if (qFirst + stage * BQ < qPipeEnd) qPipeLoad(qFirst + stage * BQ, stage);
        commitCopies();
      }
      // tailScore.ts:15  sum(p, 'q')
      for (int q0 = qFirst; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
        qPipeStage = stageAfter<qPipeStages>(qPipeStage);
        waitCopies<qPipeStages - 2>();
        blockBarrier();
        if (q0 + BQ < qPipeEnd) qPipeLoad(q0 + BQ, stageBefore<qPipeStages>(qPipeStage));
        commitCopies();
        // tailScore.ts:13  dot(q, k, 'd')
        mma<overwrite>(p, kTile, transposed(qTile.at(qPipeStage)));
        each(lseTile, [&](At at, int iq) {
          lseTile[at] = iq < validQ ? float(lse[(Index(qStart + q0 + iq) * nG + g0) * nR + r0]) : 0.0f;
        });
        if (qFull <= q0 && q0 < qRest) {
          each(p, [&](At at) {
            p[at] = math::exp(p[at] * scaleValue - lseTile[at]);
          });
        }
        else {
          each(p, [&](At at, int ik, int iq) {
            p[at] = q0 + iq < nQ && nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(p[at] * scaleValue - lseTile[at]) : 0.0f;
          });
        }
        // tailScore.ts:15  sum(p, 'q')
        joinRows<Sum, accumulate>(acc, p, BQ);
      }
      // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
      waitCopies<0>();
      // tailScore.ts:15  out = sum(sum(p, 'q'), 'r')
      each(outTile, [&](At at) {
        outTile[at] = Sum::join(outTile[at], acc[at]);
      });
    }
    each(outTile, [&](At at, int ik) {
      if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * kOffsets[nC] + kStart + k0 + ik] = float(outTile[at]);
    });
  }
}
}  // namespace tailScore_bf16_d64_block

KERNEL(128, 1) tailScore_bf16_d64(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace tailScore_bf16_d64_block;
  const int i = blockOfGrid();
  block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (nC * blocks(kLongest, BK)), i / blocks(kLongest, BK) % nC, i % blocks(kLongest, BK) * BK);
}

// fold over q carrying (acc), certificate 941e
// fold over r carrying (out), certificate 6124
// Blocks: q 8, r 1, g 1, c 1, k 128; 128 threads; shared 40 KiB.
namespace tailScore_bf16_d128_block {
constexpr int BK = 128, D = 128, BQ = 8, BR = 1;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int nG, int nR, int g0, int c0, int k0) {
  const int kStart = kOffsets[c0];
  const int nK = kOffsets[c0 + 1] - kStart;
  const int validK = minimum(BK, nK - k0);
  const int qStart = qOffsets[c0];
  const int nQ = qOffsets[c0 + 1] - qStart;
  Warps::Rows<BK> outTile;
  Warps::Rows<BK> acc;
  const Operand<bf16, BK, D> kTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BQ, D>, 2> qTile{sharedAt<bf16>(32768)};
  Warps::Tile<BK, BQ> p;
  Warps::Columns<BQ> lseTile;
  // tailScore.ts:9  tailScore = kernel('tailScore', { c: 'dynamic', q: ragged('c'), k: ragged('c'), g: 'dynamic…
  if (k0 < nK) {
    // tailScore.ts:15  out = sum(sum(p, 'q'), 'r')
    fill(outTile, 0.0f);
    const int rowsValue = int(rows);
    copyRows<Warps::threads>(kTile, validK, D, k + (Index(kStart + k0) * nG + g0) * D, Index(nG) * D);
    const float scaleValue = float(scale);
    for (int r0 = 0; r0 < nR; r0 += BR) {
      fill(acc, 0.0f);
      const int qFirst = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)), 8) * 8, floorDivide(maximum(0, k0 - (nK - nQ)), 8) * 8);
      const int qRest = minimum(floorDivide(nQ, 8) * 8, nQ);
      const int qFull = maximum(floorDivide(maximum(0, -(-nQ + rowsValue)) + 7, 8) * 8, floorDivide(maximum(0, minimum(k0 + 128, nK) - (nK - nQ) - 1) + 7, 8) * 8);
      blockBarrier();
      // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
      constexpr int qPipeStages = 2;
      const auto qPipeLoad = [&](int q0, int stage) {
        const int validQ = minimum(BQ, nQ - q0);
        copyRows<Warps::threads>(qTile.at(stage), validQ, D, q + ((Index(qStart + q0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
      };
      int qPipeStage = qPipeStages - 1;
      const int qPipeEnd = nQ;
      for (int stage = 0; stage < qPipeStages - 1; stage++) {
        if (qFirst + stage * BQ < qPipeEnd) qPipeLoad(qFirst + stage * BQ, stage);
        commitCopies();
      }
      // tailScore.ts:15  sum(p, 'q')
      for (int q0 = qFirst; q0 < nQ; q0 += BQ) {
        const int validQ = minimum(BQ, nQ - q0);
        // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
        qPipeStage = stageAfter<qPipeStages>(qPipeStage);
        waitCopies<qPipeStages - 2>();
        blockBarrier();
        if (q0 + BQ < qPipeEnd) qPipeLoad(q0 + BQ, stageBefore<qPipeStages>(qPipeStage));
        commitCopies();
        // tailScore.ts:13  dot(q, k, 'd')
        mma<overwrite>(p, kTile, transposed(qTile.at(qPipeStage)));
        each(lseTile, [&](At at, int iq) {
          lseTile[at] = iq < validQ ? float(lse[(Index(qStart + q0 + iq) * nG + g0) * nR + r0]) : 0.0f;
        });
        if (qFull <= q0 && q0 < qRest) {
          each(p, [&](At at) {
            p[at] = math::exp(p[at] * scaleValue - lseTile[at]);
          });
        }
        else {
          each(p, [&](At at, int ik, int iq) {
            p[at] = q0 + iq < nQ && nQ - rowsValue <= q0 + iq && k0 + ik <= q0 + iq + nK - nQ ? math::exp(p[at] * scaleValue - lseTile[at]) : 0.0f;
          });
        }
        // tailScore.ts:15  sum(p, 'q')
        joinRows<Sum, accumulate>(acc, p, BQ);
      }
      // tailScore.ts:11  q = q: In<E, ['c', 'q', 'g', 'r', 'd']>
      waitCopies<0>();
      // tailScore.ts:15  out = sum(sum(p, 'q'), 'r')
      each(outTile, [&](At at) {
        outTile[at] = Sum::join(outTile[at], acc[at]);
      });
    }
    each(outTile, [&](At at, int ik) {
      if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * kOffsets[nC] + kStart + k0 + ik] = float(outTile[at]);
    });
  }
}
}  // namespace tailScore_bf16_d128_block

KERNEL(128, 1) tailScore_bf16_d128(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t rows, float* out, const int* qOffsets, const int* kOffsets, int nC, int qLongest, int nG, int nR, int kLongest) {
  using namespace tailScore_bf16_d128_block;
  const int i = blockOfGrid();
  block(q, k, lse, scale, rows, out, qOffsets, kOffsets, nC, nG, nR, i / (nC * blocks(kLongest, BK)), i / blocks(kLongest, BK) % nC, i % blocks(kLongest, BK) * BK);
}
