// Operands that global memory holds in numbers of 8 bits: read in pieces, widened in registers, and written to shared memory,
// where they are as any others. What these functions write is there behind a barrier.
#pragma once
#include "memory.cuh"
#include "operand.cuh"

namespace bytesDetail {

/**
 * Two numbers of 8 bits, in the upper bytes of two halves of a word, as numbers of T. Exact: the bits move to where T has them,
 * and a factor moves the exponent's bias. NaN is the largest magnitude.
 */
template <class T> DEVICE std::uint32_t widenPair(std::uint32_t pair) {
  constexpr int unusedExponent = std::is_same_v<T, bf16> ? 4 : 1;
  const std::uint32_t sign = pair & 0x80008000u, magnitude = pair & 0x7F007F00u, isNaN = (magnitude + 0x01000100u) & 0x80008000u;
  return rebased<T>(magnitude >> unusedExponent) | sign | (isNaN - (isNaN >> 15));
}

/** Bytes of a piece of T as global memory has them. */
template <class T> constexpr int rawBytes = 16 / static_cast<int>(sizeof(T));
template <class T> using Raw = memoryDetail::Words<rawBytes<T>>;

/** The first `valid` numbers of a piece, 0 behind them. `isWhole`: whether all of it may be read at once where it is there. */
template <class T> DEVICE Raw<T> readRaw(const f8e4m3* from, int valid, bool isWhole) {
  const bool atOnce = isWhole && valid >= rawBytes<T>;
  Raw<T> raw = memoryDetail::readWordsIf<rawBytes<T>>(atOnce, from);
  if (atOnce) return raw;
#pragma unroll
  for (int i = 0; i < rawBytes<T> / 4; i++)
    // Unrolled: a word whose number is known only at run time stands in local memory.
#pragma unroll
    for (int j = 0; j < 4; j++) raw.word[i] |= static_cast<std::uint32_t>(read1If(4 * i + j < valid, from + (4 * i + j))) << (8 * j);
  return raw;
}

/** The piece that its bytes stand for. */
template <class T> DEVICE Bytes16 widenPiece(const Raw<T>& raw) {
  Bytes16 piece;
  if constexpr (sizeof(T) == 4) {
#pragma unroll
    for (int j = 0; j < 4; j++) piece.word[j] = bitsOf(float(memoryDetail::elementAt<f8e4m3>(raw, j)));
  } else {
#pragma unroll
    for (int i = 0; i < 2; i++) {
      const std::uint32_t four = raw.word[i];
      piece.word[2 * i] = widenPair<T>((four & 0xFFu) << 8 | (four & 0xFF00u) << 16);
      piece.word[2 * i + 1] = widenPair<T>((four >> 8 & 0xFF00u) | (four & 0xFF000000u));
    }
  }
  return piece;
}

DEVICE bool isAlignedTo(int bytes, const void* p) { return reinterpret_cast<std::uintptr_t>(p) % static_cast<unsigned>(bytes) == 0; }

/** Pieces of which a thread reads the bytes before it writes the first. */
constexpr int ahead = 8;

/** Every piece of a matrix, from what `read` says of its row and its place in it. */
template <int THREADS, class M, class Read> DEVICE void widenPieces(M to, Read read) {
  using T = typename M::Element;
  constexpr int count = M::height * M::pieces;
#pragma unroll 1
  for (int first = threadOfBlock(); first < count; first += ahead * THREADS) {
    Raw<T> raw[ahead];
#pragma unroll
    for (int j = 0; j < ahead; j++) {
      const int i = first + j * THREADS;
      raw[j] = i < count ? read(i / M::pieces, i % M::pieces) : Raw<T>{};
    }
#pragma unroll
    for (int j = 0; j < ahead; j++) {
      const int i = first + j * THREADS;
      if (i < count) writeShared16(to.piece(i / M::pieces, i % M::pieces), widenPiece<T>(raw[j]));
    }
  }
}

}  // namespace bytesDetail

/** The first `rows` rows, `cols` numbers of each; the rest becomes 0. Rows begin `stride` numbers apart, and their numbers lie side by side. */
template <int THREADS, class M> DEVICE void widenRows(M to, int rows, int cols, const f8e4m3* from, Index stride) {
  using namespace bytesDetail;
  using T = typename M::Element;
  const bool isWhole = isAlignedTo(rawBytes<T>, from) && stride % rawBytes<T> == 0;
  widenPieces<THREADS>(to, [&](int r, int c) { return readRaw<T>(from + (r < rows ? r * stride + c * M::perPiece : 0), r < rows ? cols - c * M::perPiece : 0, isWhole); });
}

/** The same for rows that begin anywhere, row r at `row(r)`; null where there is none. */
template <int THREADS, class M, class Row> DEVICE void widenRowsAt(M to, int rows, int cols, Row row) {
  using namespace bytesDetail;
  using T = typename M::Element;
  widenPieces<THREADS>(to, [&](int r, int c) {
    const f8e4m3* begin = r < rows ? row(r) : nullptr;
    const f8e4m3* from = begin == nullptr ? row(0) : begin + c * M::perPiece;
    return readRaw<T>(from, begin == nullptr ? 0 : cols - c * M::perPiece, isAlignedTo(rawBytes<T>, from));
  });
}

/** Number by number, for what does not lie side by side: `element(r, c)` is where it lies, null where there is none. */
template <int THREADS, class M, class At> DEVICE void widenElements(M to, int rows, int cols, At element) {
#pragma unroll 1
  for (int i = threadOfBlock(); i < M::height * M::filled; i += THREADS) {
    const int r = i / M::filled, c = i % M::filled;
    const f8e4m3* from = r < rows && c < cols ? element(r, c) : nullptr;
    to.set(r, c, from != nullptr ? float(*from) : 0.0f);
  }
}
