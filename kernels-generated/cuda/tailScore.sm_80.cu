// tailScore, sm_80. From runtime/kernels/tailScore.ts by `warpfold compile`; do not edit.
#include "device.cuh"

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 6124
// Blocks: w 8, r 1, g 1, k 64; 128 threads; shared 26 KiB.
namespace tailScore_f32_d64_block {
constexpr int BK = 64, D = 64, BW = 8, BR = 1;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* q, const float* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  Warps::Rows<BK> outTile;
  Warps::Rows<BK> acc;
  const Operand<float, BK, D> kTile{sharedAt<float>(0)};
  const Ring<Operand<float, BW, D>, 2> qTile{sharedAt<float>(17408)};
  Warps::Tile<BK, BW> product;
  Warps::Columns<BW> lseTile;
  Warps::Tile<BK, BW> p;
  // tailScore.ts:13  out = sum(sum(p, 'w'), 'r')
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(kTile, validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
  const float scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    fill(acc, 0.0f);
    const int wFirst = floorDivide(maximum(0, k0 - firstValue), 8) * 8;
    const int wRest = minimum(floorDivide(nW, 8) * 8, nW);
    const int wFull = floorDivide(maximum(0, minimum(k0 + 64, nK) - firstValue - 1) + 7, 8) * 8;
    // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
    constexpr int wPipeStages = 2;
    const auto wPipeLoad = [&](int w0, int stage) {
      const int validW = minimum(BW, nW - w0);
      copyRows<Warps::threads>(qTile.at(stage), validW, D, q + ((Index(w0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    };
    int wPipeStage = wPipeStages - 1;
    const int wPipeEnd = nW;
    for (int stage = 0; stage < wPipeStages - 1; stage++) {
      if (wFirst + stage * BW < wPipeEnd) wPipeLoad(wFirst + stage * BW, stage);
      commitCopies();
    }
    // tailScore.ts:13  sum(p, 'w')
    for (int w0 = wFirst; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
      wPipeStage = stageAfter<wPipeStages>(wPipeStage);
      waitCopies<wPipeStages - 2>();
      blockBarrier();
      if (w0 + BW < wPipeEnd) wPipeLoad(w0 + BW, stageBefore<wPipeStages>(wPipeStage));
      commitCopies();
      // tailScore.ts:12  dot(q, k, 'd')
      mma<overwrite>(product, kTile, transposed(qTile.at(wPipeStage)));
      each(lseTile, [&](At at, int iw) {
        lseTile[at] = iw < validW ? float(lse[(Index(w0 + iw) * nG + g0) * nR + r0]) : 0.0f;
      });
      if (wFull <= w0 && w0 < wRest) {
        each(p, [&](At at) {
          p[at] = math::exp(product[at] * scaleValue - lseTile[at]);
        });
      }
      else {
        each(p, [&](At at, int ik, int iw) {
          p[at] = w0 + iw < nW && k0 + ik <= w0 + iw + firstValue ? math::exp(product[at] * scaleValue - lseTile[at]) : 0.0f;
        });
      }
      // tailScore.ts:13  sum(p, 'w')
      joinRows<Sum, accumulate>(acc, p, BW);
    }
    // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
    waitCopies<0>();
    // tailScore.ts:13  out = sum(sum(p, 'w'), 'r')
    each(outTile, [&](At at) {
      outTile[at] = Sum::join(outTile[at], acc[at]);
    });
  }
  each(outTile, [&](At at, int ik) {
    if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * nK + k0 + ik] = float(outTile[at]);
  });
}
}  // namespace tailScore_f32_d64_block

KERNEL(128, 1) tailScore_f32_d64(const float* q, const float* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK) {
  using namespace tailScore_f32_d64_block;
  const int i = blockOfGrid();
  block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / blocks(nK, BK), i % blocks(nK, BK) * BK);
}

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 6124
// Blocks: w 8, r 1, g 1, k 64; 128 threads; shared 50 KiB.
namespace tailScore_f32_d128_block {
constexpr int BK = 64, D = 128, BW = 8, BR = 1;
using Warps = Accumulators<4, 1>;

DEVICE void block(const float* q, const float* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  Warps::Rows<BK> outTile;
  Warps::Rows<BK> acc;
  const Operand<float, BK, D> kTile{sharedAt<float>(0)};
  const Ring<Operand<float, BW, D>, 2> qTile{sharedAt<float>(33792)};
  Warps::Tile<BK, BW> product;
  Warps::Columns<BW> lseTile;
  Warps::Tile<BK, BW> p;
  // tailScore.ts:13  out = sum(sum(p, 'w'), 'r')
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(kTile, validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
  const float scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    fill(acc, 0.0f);
    const int wFirst = floorDivide(maximum(0, k0 - firstValue), 8) * 8;
    const int wRest = minimum(floorDivide(nW, 8) * 8, nW);
    const int wFull = floorDivide(maximum(0, minimum(k0 + 64, nK) - firstValue - 1) + 7, 8) * 8;
    // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
    constexpr int wPipeStages = 2;
    const auto wPipeLoad = [&](int w0, int stage) {
      const int validW = minimum(BW, nW - w0);
      copyRows<Warps::threads>(qTile.at(stage), validW, D, q + ((Index(w0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    };
    int wPipeStage = wPipeStages - 1;
    const int wPipeEnd = nW;
    for (int stage = 0; stage < wPipeStages - 1; stage++) {
      if (wFirst + stage * BW < wPipeEnd) wPipeLoad(wFirst + stage * BW, stage);
      commitCopies();
    }
    // tailScore.ts:13  sum(p, 'w')
    for (int w0 = wFirst; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
      wPipeStage = stageAfter<wPipeStages>(wPipeStage);
      waitCopies<wPipeStages - 2>();
      blockBarrier();
      if (w0 + BW < wPipeEnd) wPipeLoad(w0 + BW, stageBefore<wPipeStages>(wPipeStage));
      commitCopies();
      // tailScore.ts:12  dot(q, k, 'd')
      mma<overwrite>(product, kTile, transposed(qTile.at(wPipeStage)));
      each(lseTile, [&](At at, int iw) {
        lseTile[at] = iw < validW ? float(lse[(Index(w0 + iw) * nG + g0) * nR + r0]) : 0.0f;
      });
      if (wFull <= w0 && w0 < wRest) {
        each(p, [&](At at) {
          p[at] = math::exp(product[at] * scaleValue - lseTile[at]);
        });
      }
      else {
        each(p, [&](At at, int ik, int iw) {
          p[at] = w0 + iw < nW && k0 + ik <= w0 + iw + firstValue ? math::exp(product[at] * scaleValue - lseTile[at]) : 0.0f;
        });
      }
      // tailScore.ts:13  sum(p, 'w')
      joinRows<Sum, accumulate>(acc, p, BW);
    }
    // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
    waitCopies<0>();
    // tailScore.ts:13  out = sum(sum(p, 'w'), 'r')
    each(outTile, [&](At at) {
      outTile[at] = Sum::join(outTile[at], acc[at]);
    });
  }
  each(outTile, [&](At at, int ik) {
    if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * nK + k0 + ik] = float(outTile[at]);
  });
}
}  // namespace tailScore_f32_d128_block

KERNEL(128, 1) tailScore_f32_d128(const float* q, const float* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK) {
  using namespace tailScore_f32_d128_block;
  const int i = blockOfGrid();
  block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / blocks(nK, BK), i % blocks(nK, BK) * BK);
}

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 6124
// Blocks: w 8, r 1, g 1, k 128; 128 threads; shared 20 KiB.
namespace tailScore_bf16_d64_block {
constexpr int BK = 128, D = 64, BW = 8, BR = 1;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  Warps::Rows<BK> outTile;
  Warps::Rows<BK> acc;
  const Operand<bf16, BK, D> kTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BW, D>, 2> qTile{sharedAt<bf16>(16384)};
  Warps::Tile<BK, BW> p;
  Warps::Columns<BW> lseTile;
  // tailScore.ts:13  out = sum(sum(p, 'w'), 'r')
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(kTile, validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
  const float scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    fill(acc, 0.0f);
    const int wFirst = floorDivide(maximum(0, k0 - firstValue), 8) * 8;
    const int wRest = minimum(floorDivide(nW, 8) * 8, nW);
    const int wFull = floorDivide(maximum(0, minimum(k0 + 128, nK) - firstValue - 1) + 7, 8) * 8;
    // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
    constexpr int wPipeStages = 2;
    const auto wPipeLoad = [&](int w0, int stage) {
      const int validW = minimum(BW, nW - w0);
      copyRows<Warps::threads>(qTile.at(stage), validW, D, q + ((Index(w0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    };
    int wPipeStage = wPipeStages - 1;
    const int wPipeEnd = nW;
    for (int stage = 0; stage < wPipeStages - 1; stage++) {
      if (wFirst + stage * BW < wPipeEnd) wPipeLoad(wFirst + stage * BW, stage);
      commitCopies();
    }
    // tailScore.ts:13  sum(p, 'w')
    for (int w0 = wFirst; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
      wPipeStage = stageAfter<wPipeStages>(wPipeStage);
      waitCopies<wPipeStages - 2>();
      blockBarrier();
      if (w0 + BW < wPipeEnd) wPipeLoad(w0 + BW, stageBefore<wPipeStages>(wPipeStage));
      commitCopies();
      // tailScore.ts:12  dot(q, k, 'd')
      mma<overwrite>(p, kTile, transposed(qTile.at(wPipeStage)));
      each(lseTile, [&](At at, int iw) {
        lseTile[at] = iw < validW ? float(lse[(Index(w0 + iw) * nG + g0) * nR + r0]) : 0.0f;
      });
      if (wFull <= w0 && w0 < wRest) {
        each(p, [&](At at) {
          p[at] = math::exp(p[at] * scaleValue - lseTile[at]);
        });
      }
      else {
        each(p, [&](At at, int ik, int iw) {
          p[at] = w0 + iw < nW && k0 + ik <= w0 + iw + firstValue ? math::exp(p[at] * scaleValue - lseTile[at]) : 0.0f;
        });
      }
      // tailScore.ts:13  sum(p, 'w')
      joinRows<Sum, accumulate>(acc, p, BW);
    }
    // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
    waitCopies<0>();
    // tailScore.ts:13  out = sum(sum(p, 'w'), 'r')
    each(outTile, [&](At at) {
      outTile[at] = Sum::join(outTile[at], acc[at]);
    });
  }
  each(outTile, [&](At at, int ik) {
    if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * nK + k0 + ik] = float(outTile[at]);
  });
}
}  // namespace tailScore_bf16_d64_block

KERNEL(128, 1) tailScore_bf16_d64(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK) {
  using namespace tailScore_bf16_d64_block;
  const int i = blockOfGrid();
  block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / blocks(nK, BK), i % blocks(nK, BK) * BK);
}

// fold over w carrying (acc), certificate 536d
// fold over r carrying (out), certificate 6124
// Blocks: w 8, r 1, g 1, k 128; 128 threads; shared 40 KiB.
namespace tailScore_bf16_d128_block {
constexpr int BK = 128, D = 128, BW = 8, BR = 1;
using Warps = Accumulators<4, 1>;

DEVICE void block(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK, int g0, int k0) {
  const int validK = minimum(BK, nK - k0);
  Warps::Rows<BK> outTile;
  Warps::Rows<BK> acc;
  const Operand<bf16, BK, D> kTile{sharedAt<bf16>(0)};
  const Ring<Operand<bf16, BW, D>, 2> qTile{sharedAt<bf16>(32768)};
  Warps::Tile<BK, BW> p;
  Warps::Columns<BW> lseTile;
  // tailScore.ts:13  out = sum(sum(p, 'w'), 'r')
  fill(outTile, 0.0f);
  const int firstValue = int(first);
  copyRows<Warps::threads>(kTile, validK, D, k + (Index(k0) * nG + g0) * D, Index(nG) * D);
  const float scaleValue = float(scale);
  for (int r0 = 0; r0 < nR; r0 += BR) {
    fill(acc, 0.0f);
    const int wFirst = floorDivide(maximum(0, k0 - firstValue), 8) * 8;
    const int wRest = minimum(floorDivide(nW, 8) * 8, nW);
    const int wFull = floorDivide(maximum(0, minimum(k0 + 128, nK) - firstValue - 1) + 7, 8) * 8;
    // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
    constexpr int wPipeStages = 2;
    const auto wPipeLoad = [&](int w0, int stage) {
      const int validW = minimum(BW, nW - w0);
      copyRows<Warps::threads>(qTile.at(stage), validW, D, q + ((Index(w0) * nG + g0) * nR + r0) * D, Index(nG) * nR * D);
    };
    int wPipeStage = wPipeStages - 1;
    const int wPipeEnd = nW;
    for (int stage = 0; stage < wPipeStages - 1; stage++) {
      if (wFirst + stage * BW < wPipeEnd) wPipeLoad(wFirst + stage * BW, stage);
      commitCopies();
    }
    // tailScore.ts:13  sum(p, 'w')
    for (int w0 = wFirst; w0 < nW; w0 += BW) {
      const int validW = minimum(BW, nW - w0);
      // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
      wPipeStage = stageAfter<wPipeStages>(wPipeStage);
      waitCopies<wPipeStages - 2>();
      blockBarrier();
      if (w0 + BW < wPipeEnd) wPipeLoad(w0 + BW, stageBefore<wPipeStages>(wPipeStage));
      commitCopies();
      // tailScore.ts:12  dot(q, k, 'd')
      mma<overwrite>(p, kTile, transposed(qTile.at(wPipeStage)));
      each(lseTile, [&](At at, int iw) {
        lseTile[at] = iw < validW ? float(lse[(Index(w0 + iw) * nG + g0) * nR + r0]) : 0.0f;
      });
      if (wFull <= w0 && w0 < wRest) {
        each(p, [&](At at) {
          p[at] = math::exp(p[at] * scaleValue - lseTile[at]);
        });
      }
      else {
        each(p, [&](At at, int ik, int iw) {
          p[at] = w0 + iw < nW && k0 + ik <= w0 + iw + firstValue ? math::exp(p[at] * scaleValue - lseTile[at]) : 0.0f;
        });
      }
      // tailScore.ts:13  sum(p, 'w')
      joinRows<Sum, accumulate>(acc, p, BW);
    }
    // tailScore.ts:10  q = q: In<E, ['w', 'g', 'r', 'd']>
    waitCopies<0>();
    // tailScore.ts:13  out = sum(sum(p, 'w'), 'r')
    each(outTile, [&](At at) {
      outTile[at] = Sum::join(outTile[at], acc[at]);
    });
  }
  each(outTile, [&](At at, int ik) {
    if (ik < validK && isOwner<decltype(outTile)>()) out[Index(g0) * nK + k0 + ik] = float(outTile[at]);
  });
}
}  // namespace tailScore_bf16_d128_block

KERNEL(128, 1) tailScore_bf16_d128(const bf16* q, const bf16* k, const float* lse, float scale, std::int32_t first, float* out, int nW, int nG, int nR, int nK) {
  using namespace tailScore_bf16_d128_block;
  const int i = blockOfGrid();
  block(q, k, lse, scale, first, out, nW, nG, nR, nK, i / blocks(nK, BK), i % blocks(nK, BK) * BK);
}
