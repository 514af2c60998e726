// Products of warpgroups (wgmma): d += a · b, 64 rows, N columns, 16 along the sum, f32 accumulators; a warpgroup's 128
// threads together. They run by themselves: what they read and write must stay as it is until they are awaited. One block
// of the macros below for every N, because PTX names each register.
#pragma once
#include <type_traits>
#include "primitives.cuh"

/** What the accumulators and the left operand's registers hold now is what the next products read: before the first, and behind every write of them. */
DEVICE void fenceProducts() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
/** Closes a group of products; waits until at most N groups are still under way. */
DEVICE void commitProducts() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
template <int N> DEVICE void awaitProducts() { asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(N) : "memory"); }
/** Nothing that reads or writes these accumulators moves across. */
template <int N> DEVICE void holdAccumulators(float (&d)[N]) {
#pragma unroll
  for (int i = 0; i < N; i++) asm volatile("" : "+f"(d[i])::"memory");
}

/** How a product finds an operand in shared memory that is swizzled by 128 bytes, its first row at a multiple of 1,024 bytes: `lines`, bytes between panels of 128-byte lines where the sum runs along the rows. */
template <class T> DEVICE std::uint64_t operandAt(Shared<T> first, int panel) {
  constexpr std::uint64_t swizzle128 = 1ull << 62, eightLines = 1024 / 16;
  return swizzle128 | eightLines << 32 | static_cast<std::uint64_t>(panel / 16) << 16 | (sharedAddress(first) & 0x3FFFF) / 16;
}

template <int N> struct Wgmma;

#define WGMMA_SHARED(TYPE, SIZE, REGISTERS, A, B, FRESH, LEFT, RIGHT, ...)                                                  \
  asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, " FRESH ", 0;\nwgmma.mma_async.sync.aligned.m64n" SIZE "k16.f32." TYPE "." TYPE " {" REGISTERS \
               "}, " A ", " B ", p, 1, 1, " LEFT ", " RIGHT ";\n}"                                                           \
               : __VA_ARGS__ : "l"(a), "l"(b), "r"(static_cast<int>(ADD)), "n"(static_cast<int>(LEFT_BY_ROWS)), "n"(static_cast<int>(RIGHT_BY_ROWS)) : "memory")
#define WGMMA_REGISTERS(TYPE, SIZE, REGISTERS, A, B, FRESH, RIGHT, ...)                                                      \
  asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, " FRESH ", 0;\nwgmma.mma_async.sync.aligned.m64n" SIZE "k16.f32." TYPE "." TYPE " {" REGISTERS \
               "}, {" A "}, " B ", p, 1, 1, " RIGHT ";\n}"                                                                  \
               : __VA_ARGS__ : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(static_cast<int>(ADD)), "n"(static_cast<int>(RIGHT_BY_ROWS)) : "memory")
/** `LEFT_BY_ROWS`, `RIGHT_BY_ROWS`: the operand's lines in memory run across the sum instead of along it. */
#define WGMMA(SIZE, REGISTERS, OUT, S0, S1, S2, S3, S4, R0, R1, R2, R3, R4, R5, R6)                                          \
  template <class T, bool ADD, bool LEFT_BY_ROWS, bool RIGHT_BY_ROWS> static DEVICE void shared(float (&d)[SIZE / 2], std::uint64_t a, std::uint64_t b) { \
    if constexpr (std::is_same_v<T, bf16>) WGMMA_SHARED("bf16", #SIZE, REGISTERS, S0, S1, S2, S3, S4, OUT);                    \
    else WGMMA_SHARED("f16", #SIZE, REGISTERS, S0, S1, S2, S3, S4, OUT);                                                      \
  }                                                                                                                         \
  template <class T, bool ADD, bool RIGHT_BY_ROWS> static DEVICE void registers(float (&d)[SIZE / 2], const std::uint32_t (&a)[4], std::uint64_t b) { \
    if constexpr (std::is_same_v<T, bf16>) WGMMA_REGISTERS("bf16", #SIZE, REGISTERS, R0 ", " R1 ", " R2 ", " R3, R4, R5, R6, OUT); \
    else WGMMA_REGISTERS("f16", #SIZE, REGISTERS, R0 ", " R1 ", " R2 ", " R3, R4, R5, R6, OUT);                                \
  }
#define R8 "%0, %1, %2, %3, %4, %5, %6, %7"
#define R16 R8 ", %8, %9, %10, %11, %12, %13, %14, %15"
#define R24 R16 ", %16, %17, %18, %19, %20, %21, %22, %23"
#define R32 R24 ", %24, %25, %26, %27, %28, %29, %30, %31"
#define R40 R32 ", %32, %33, %34, %35, %36, %37, %38, %39"
#define R48 R40 ", %40, %41, %42, %43, %44, %45, %46, %47"
#define R56 R48 ", %48, %49, %50, %51, %52, %53, %54, %55"
#define R64 R56 ", %56, %57, %58, %59, %60, %61, %62, %63"
#define R72 R64 ", %64, %65, %66, %67, %68, %69, %70, %71"
#define R80 R72 ", %72, %73, %74, %75, %76, %77, %78, %79"
#define R88 R80 ", %80, %81, %82, %83, %84, %85, %86, %87"
#define R96 R88 ", %88, %89, %90, %91, %92, %93, %94, %95"
#define R104 R96 ", %96, %97, %98, %99, %100, %101, %102, %103"
#define R112 R104 ", %104, %105, %106, %107, %108, %109, %110, %111"
#define R120 R112 ", %112, %113, %114, %115, %116, %117, %118, %119"
#define R128 R120 ", %120, %121, %122, %123, %124, %125, %126, %127"
#define D4(i) "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3])
#define D8(i) D4(i), D4(i + 4)
#define O8 D8(0)
#define O16 O8, D8(8)
#define O24 O16, D8(16)
#define O32 O24, D8(24)
#define O40 O32, D8(32)
#define O48 O40, D8(40)
#define O56 O48, D8(48)
#define O64 O56, D8(56)
#define O72 O64, D8(64)
#define O80 O72, D8(72)
#define O88 O80, D8(80)
#define O96 O88, D8(88)
#define O104 O96, D8(96)
#define O112 O104, D8(104)
#define O120 O112, D8(112)
#define O128 O120, D8(120)

template <> struct Wgmma<16> { WGMMA(16, R8, O8, "%8", "%9", "%10", "%11", "%12", "%8", "%9", "%10", "%11", "%12", "%13", "%14") };
template <> struct Wgmma<32> { WGMMA(32, R16, O16, "%16", "%17", "%18", "%19", "%20", "%16", "%17", "%18", "%19", "%20", "%21", "%22") };
template <> struct Wgmma<48> { WGMMA(48, R24, O24, "%24", "%25", "%26", "%27", "%28", "%24", "%25", "%26", "%27", "%28", "%29", "%30") };
template <> struct Wgmma<64> { WGMMA(64, R32, O32, "%32", "%33", "%34", "%35", "%36", "%32", "%33", "%34", "%35", "%36", "%37", "%38") };
template <> struct Wgmma<80> { WGMMA(80, R40, O40, "%40", "%41", "%42", "%43", "%44", "%40", "%41", "%42", "%43", "%44", "%45", "%46") };
template <> struct Wgmma<96> { WGMMA(96, R48, O48, "%48", "%49", "%50", "%51", "%52", "%48", "%49", "%50", "%51", "%52", "%53", "%54") };
template <> struct Wgmma<112> { WGMMA(112, R56, O56, "%56", "%57", "%58", "%59", "%60", "%56", "%57", "%58", "%59", "%60", "%61", "%62") };
template <> struct Wgmma<128> { WGMMA(128, R64, O64, "%64", "%65", "%66", "%67", "%68", "%64", "%65", "%66", "%67", "%68", "%69", "%70") };
template <> struct Wgmma<144> { WGMMA(144, R72, O72, "%72", "%73", "%74", "%75", "%76", "%72", "%73", "%74", "%75", "%76", "%77", "%78") };
template <> struct Wgmma<160> { WGMMA(160, R80, O80, "%80", "%81", "%82", "%83", "%84", "%80", "%81", "%82", "%83", "%84", "%85", "%86") };
template <> struct Wgmma<176> { WGMMA(176, R88, O88, "%88", "%89", "%90", "%91", "%92", "%88", "%89", "%90", "%91", "%92", "%93", "%94") };
template <> struct Wgmma<192> { WGMMA(192, R96, O96, "%96", "%97", "%98", "%99", "%100", "%96", "%97", "%98", "%99", "%100", "%101", "%102") };
template <> struct Wgmma<208> { WGMMA(208, R104, O104, "%104", "%105", "%106", "%107", "%108", "%104", "%105", "%106", "%107", "%108", "%109", "%110") };
template <> struct Wgmma<224> { WGMMA(224, R112, O112, "%112", "%113", "%114", "%115", "%116", "%112", "%113", "%114", "%115", "%116", "%117", "%118") };
template <> struct Wgmma<240> { WGMMA(240, R120, O120, "%120", "%121", "%122", "%123", "%124", "%120", "%121", "%122", "%123", "%124", "%125", "%126") };
template <> struct Wgmma<256> { WGMMA(256, R128, O128, "%128", "%129", "%130", "%131", "%132", "%128", "%129", "%130", "%131", "%132", "%133", "%134") };

#undef WGMMA
#undef WGMMA_SHARED
#undef WGMMA_REGISTERS
#undef D4
#undef D8
#undef R8
#undef O8
#undef R16
#undef O16
#undef R24
#undef O24
#undef R32
#undef O32
#undef R40
#undef O40
#undef R48
#undef O48
#undef R56
#undef O56
#undef R64
#undef O64
#undef R72
#undef O72
#undef R80
#undef O80
#undef R88
#undef O88
#undef R96
#undef O96
#undef R104
#undef O104
#undef R112
#undef O112
#undef R120
#undef O120
#undef R128
#undef O128
