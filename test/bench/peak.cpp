// The most f32 multiply-adds these cores do: chains of independent FMAs in registers, on as many threads as asked for.
// Prints GFLOP/s, the best of several rounds.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <omp.h>

#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif
typedef float Vector __attribute__((vector_size(lanes * 4)));

constexpr int chains = 12;       // latency 4, two units: 8 would do, 12 leaves slack
constexpr long steps = 1 << 17;  // half a millisecond: a round that no other process interrupts is among many

static float work() {
  Vector acc[chains], a, b;
  for (int l = 0; l < lanes; l++) a[l] = 0.999f, b[l] = 0.001f;
  for (int c = 0; c < chains; c++) for (int l = 0; l < lanes; l++) acc[c][l] = float(c + l);
  for (long s = 0; s < steps; s++) {
#pragma GCC unroll 12
    for (int c = 0; c < chains; c++) acc[c] = acc[c] * a + b;
  }
  float sum = 0;
  for (int c = 0; c < chains; c++) for (int l = 0; l < lanes; l++) sum += acc[c][l];
  return sum;
}

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : omp_get_max_threads();
  double best = 0;
  volatile float keep = 0;
  for (int round = 0; round < 400; round++) {
    const auto start = std::chrono::steady_clock::now();
#pragma omp parallel num_threads(threads)
    { const float x = work();
#pragma omp atomic write
      keep = x; }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const double rate = 2.0 * lanes * chains * steps * threads / seconds / 1e9;
    if (rate > best) best = rate;
  }
  std::printf("%.2f\n", best);
}
