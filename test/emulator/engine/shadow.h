// What happened to shared memory: to each half-word its last write, and since then the last read of each warp; to each 16
// bytes the same of what runs by itself and takes them whole.
#pragma once
#include <cstring>

#include "clocks.h"
#include "place.h"

namespace emulator {

/** Lanes are numbers below 32. */
constexpr std::uint32_t wholeWarp = 32, severalLanes = 33, atomicLane = 64;

/** The earlier of two accesses that nothing orders. `isUnwritten`: what was read has not been written in this block. */
struct Conflict {
  bool found, earlierWrites, earlierIsAtomic;
  int component;
  std::uint32_t lane;
  Pc pc;
  bool isUnwritten = false;
  /** The later access does not see what the earlier wrote, because no fence came between. */
  bool isUnfenced = false;
};

/** `stamp`: clock · 256 + lane; 0: never. */
struct Access { std::uint32_t stamp; Pc pc; };
/** `fences`: how many fences for asynchronous accesses the thread had come to. */
struct Write { std::uint32_t stamp; Pc pc; std::uint32_t component, fences; };
struct PieceAccess { std::uint32_t stamp; Pc pc; std::uint32_t component; };

/** Who accesses: a lane of a warp, or that warp as a whole. */
struct Accessor { int warp, thread; std::uint32_t lane; Pc pc; };
/** An access that runs by itself, and is seen by who knows that `component` is past its clock. */
struct Later { int component; Clock clock; };

/** Clocks of each thread's fences for asynchronous accesses, in order. */
using Fences = std::vector<std::vector<Clock>>;

/**
 * Cells are half-words, the smallest element a kernel keeps in shared memory, so elements never share one. Accesses by
 * one lane are in order; those of different lanes of a warp only across barriers. Pieces are the 16 bytes that boxes and
 * products move: a box that is written forgets what its cells saw, which is all in order before it.
 */
class Shadow {
 public:
  static constexpr int cellBytes = 2, pieceBytes = 16, cellsPerPiece = pieceBytes / cellBytes;
  static constexpr Clock lastClock = (1u << 24) - 1;

  void start(int sharedBytes, int warpCount) {
    cells = (sharedBytes + pieceBytes - 1) / pieceBytes * cellsPerPiece;
    warps = warpCount;
    writes.assign(cells, Write{0, 0, 0, 0});
    reads.assign(static_cast<std::size_t>(cells) * warps, Access{0, 0});
    forgotten.assign(cells / cellsPerPiece, 0);
    boxes.clear();
    pieceReads.clear();
  }

  Conflict read(const Clocks& clocks, const Accessor& by, int first, int count) {
    remember(first, count);
    const std::uint32_t stamp = stampOf(clocks.of(by.warp), by.lane);
    Access* mine = reads.data() + static_cast<std::size_t>(by.warp) * cells;
    Conflict met{};
    for (int c = first; c < first + count; c++) {
      const Write& w = writes[c];
      const bool isOwn = clocks.isOfBlock(static_cast<int>(w.component), clockOf(w.stamp));
      if (isOwn && !ordered(clocks, by, static_cast<int>(w.component), w.stamp)) return conflict(w);
      const PieceAccess* box = boxAt(c / cellsPerPiece);
      const bool isBox = box != nullptr && clocks.isOfBlock(static_cast<int>(box->component), clockOf(box->stamp));
      if (isBox && !ordered(clocks, by, static_cast<int>(box->component), box->stamp)) return conflict(*box, true);
      if (!isOwn && !isBox) met.isUnwritten = true;
      mark(mine[c], stamp, by.pc, clocks.met(by.warp));
    }
    return met;
  }

  Conflict write(const Clocks& clocks, const Accessor& by, int first, int count, std::uint32_t fences) {
    return writeAs(clocks, by, first, count, {stampOf(clocks.of(by.warp), by.lane), by.pc, static_cast<std::uint32_t>(by.warp), fences});
  }

  /** A write of cells that happens at some time from now on. */
  Conflict writeLater(const Clocks& clocks, const Accessor& by, int component, int first, int count) {
    return writeAs(clocks, by, first, count, {stampOf(clocks.of(component), by.lane), by.pc, static_cast<std::uint32_t>(component), 0});
  }

  /** Reads and writes in one step; such steps do not conflict with each other. */
  Conflict atomic(const Clocks& clocks, Accessor by, int first, int count, std::uint32_t fences) {
    by.lane |= atomicLane;
    const Conflict met = write(clocks, by, first, count, fences);
    if (met.found) return met;
    Access* mine = reads.data() + static_cast<std::size_t>(by.warp) * cells;
    for (int c = first; c < first + count; c++) mark(mine[c], writes[c].stamp, by.pc, clocks.met(by.warp));
    return {};
  }

  /** Whole pieces are written by a copy that runs by itself. */
  Conflict writePieces(const Clocks& clocks, const Fences& fences, const Accessor& by, Later later, int first, int count) {
    if (boxes.empty()) boxes.assign(cells / cellsPerPiece, PieceAccess{0, 0, 0});
    for (int p = first; p < first + count; p++) {
      const Conflict met = beforePieceWrite(clocks, fences, by, p);
      if (met.found) return met;
    }
    std::fill_n(boxes.begin() + first, count, PieceAccess{stampOf(later.clock, by.lane), by.pc, static_cast<std::uint32_t>(later.component)});
    std::fill_n(forgotten.begin() + first, count, char{1});
    for (auto& of : pieceReads)
      if (!of.empty()) std::fill_n(of.begin() + first, count, PieceAccess{0, 0, 0});
    return {};
  }

  /** Whole pieces are read by what runs by itself; `reader`: one of few that such reads are told apart by. */
  Conflict readPieces(const Clocks& clocks, const Fences& fences, const Accessor& by, int reader, Later later, int first, int count) {
    if (static_cast<int>(pieceReads.size()) <= reader) pieceReads.resize(reader + 1);
    auto& mine = pieceReads[reader];
    if (mine.empty()) mine.assign(cells / cellsPerPiece, PieceAccess{0, 0, 0});
    Conflict result{};
    for (int p = first; p < first + count; p++) {
      const PieceAccess* box = boxAt(p);
      const bool isBox = box != nullptr && clocks.isOfBlock(static_cast<int>(box->component), clockOf(box->stamp));
      if (isBox && !ordered(clocks, by, static_cast<int>(box->component), box->stamp)) return conflict(*box, true);
      if (forgotten[p] == 0) {
        const Conflict met = writtenCells(clocks, fences, by, p);
        if (met.found) return met;
        result.isUnwritten |= met.isUnwritten && !isBox;
      } else if (!isBox) result.isUnwritten = true;
      mine[p] = {stampOf(later.clock, by.lane), by.pc, static_cast<std::uint32_t>(later.component)};
    }
    return result;
  }

 private:
  static std::uint32_t stampOf(Clock clock, std::uint32_t lane) { return clock << 8 | lane; }
  static Clock clockOf(std::uint32_t stamp) { return stamp >> 8; }
  static std::uint32_t laneOf(std::uint32_t stamp) { return stamp & 255; }

  bool ordered(const Clocks& clocks, const Accessor& by, int component, std::uint32_t stamp) const {
    if (clocks.knows(by.warp, by.thread, component, clockOf(stamp))) return true;
    if ((laneOf(stamp) & by.lane & atomicLane) != 0) return true;
    if (component >= warps) return false;
    const std::uint32_t lane = laneOf(stamp) & ~atomicLane;
    if (component == by.warp && by.lane != wholeWarp && lane == (by.lane & ~atomicLane) && lane < lanesPerWarp) return true;
    if (lane < lanesPerWarp) return clocks.knowsLane(by.warp, by.thread, component * lanesPerWarp + static_cast<int>(lane), clockOf(stamp));
    return clocks.knowsLanes(by.warp, by.thread, component, clockOf(stamp));
  }

  static void mark(Access& last, std::uint32_t stamp, Pc pc, Clock met) {
    // Until the lanes of a warp meet, reads of a second lane stay beside those of the first, from the earlier on: each lane may
    // tell others of its own, one after the other.
    if (clockOf(last.stamp) > met && ((last.stamp ^ stamp) & 255 & ~atomicLane) != 0) stamp = stampOf(clockOf(last.stamp), severalLanes | (last.stamp & stamp & atomicLane));
    last = {stamp, pc};
  }

  const PieceAccess* boxAt(int piece) const { return boxes.empty() ? nullptr : &boxes[piece]; }

  /** Cells of pieces that were written whole begin anew. */
  void remember(int first, int count) {
    for (int p = first / cellsPerPiece; p <= (first + count - 1) / cellsPerPiece; p++) {
      if (forgotten[p] == 0) continue;
      forgotten[p] = 0;
      std::fill_n(writes.begin() + p * cellsPerPiece, cellsPerPiece, Write{0, 0, 0, 0});
      for (int w = 0; w < warps; w++) std::fill_n(reads.begin() + static_cast<std::size_t>(w) * cells + p * cellsPerPiece, cellsPerPiece, Access{0, 0});
    }
  }

  Conflict writeAs(const Clocks& clocks, const Accessor& by, int first, int count, const Write& made) {
    remember(first, count);
    const Conflict met = beforeCells(clocks, by, first, count);
    if (met.found) return met;
    for (int p = first / cellsPerPiece; p <= (first + count - 1) / cellsPerPiece; p++) {
      const Conflict piece = beforePiece(clocks, by, p);
      if (piece.found) return piece;
    }
    for (int c = first; c < first + count; c++) writes[c] = made;
    return {};
  }

  /** The first access to cells that a write by `by` is not ordered after. */
  Conflict beforeCells(const Clocks& clocks, const Accessor& by, int first, int count) const {
    for (int c = first; c < first + count; c++) {
      const Write& w = writes[c];
      if (w.stamp != 0 && !ordered(clocks, by, static_cast<int>(w.component), w.stamp)) return conflict(w);
    }
    for (int warp = 0; warp < warps; warp++) {
      const Access* theirs = reads.data() + static_cast<std::size_t>(warp) * cells;
      for (int c = first; c < first + count; c++)
        if (theirs[c].stamp != 0 && !ordered(clocks, by, warp, theirs[c].stamp)) return {true, false, (theirs[c].stamp & atomicLane) != 0, warp, laneOf(theirs[c].stamp) & ~atomicLane, theirs[c].pc};
    }
    return {};
  }

  /** The same among what takes pieces whole. */
  Conflict beforePiece(const Clocks& clocks, const Accessor& by, int piece) const {
    const PieceAccess* box = boxAt(piece);
    if (box != nullptr && box->stamp != 0 && !ordered(clocks, by, static_cast<int>(box->component), box->stamp)) return conflict(*box, true);
    for (const auto& theirs : pieceReads)
      if (!theirs.empty() && theirs[piece].stamp != 0 && !ordered(clocks, by, static_cast<int>(theirs[piece].component), theirs[piece].stamp)) return conflict(theirs[piece], false);
    return {};
  }

  Conflict beforePieceWrite(const Clocks& clocks, const Fences& fences, const Accessor& by, int piece) const {
    const Conflict whole = beforePiece(clocks, by, piece);
    if (whole.found || forgotten[piece] != 0) return whole;
    const Conflict cellsBefore = beforeCells(clocks, by, piece * cellsPerPiece, cellsPerPiece);
    return cellsBefore.found ? cellsBefore : writtenCells(clocks, fences, by, piece);
  }

  /** Whether the writes to a piece's cells are before, and fenced for what runs by itself. */
  Conflict writtenCells(const Clocks& clocks, const Fences& fences, const Accessor& by, int piece) const {
    Conflict result{};
    for (int c = piece * cellsPerPiece; c < (piece + 1) * cellsPerPiece; c++) {
      const Write& w = writes[c];
      const auto component = static_cast<int>(w.component);
      if (!clocks.isOfBlock(component, clockOf(w.stamp))) {
        result.isUnwritten = true;
        continue;
      }
      if (!ordered(clocks, by, component, w.stamp)) return conflict(w);
      if (component < warps && !isFenced(clocks, fences, by, w)) {
        Conflict met = conflict(w);
        met.isUnfenced = true;
        return met;
      }
    }
    return result;
  }

  bool isFenced(const Clocks& clocks, const Fences& fences, const Accessor& by, const Write& w) const {
    const std::uint32_t lane = laneOf(w.stamp) & ~atomicLane;
    const auto& of = fences[w.component * lanesPerWarp + lane];
    return w.fences < of.size() && ordered(clocks, by, static_cast<int>(w.component), stampOf(of[w.fences], lane));
  }

  static Conflict conflict(const Write& w) { return {true, true, (w.stamp & atomicLane) != 0, static_cast<int>(w.component), laneOf(w.stamp) & ~atomicLane, w.pc}; }
  static Conflict conflict(const PieceAccess& a, bool writes) { return {true, writes, false, static_cast<int>(a.component), laneOf(a.stamp), a.pc}; }

  int cells = 0, warps = 0;
  std::vector<Write> writes;
  std::vector<Access> reads;
  /** By piece: whether its cells' history is over. */
  std::vector<char> forgotten;
  /** By piece, from the first box on: the last one written. By reader, then piece: the last read since. */
  std::vector<PieceAccess> boxes;
  std::vector<std::vector<PieceAccess>> pieceReads;
};

}  // namespace emulator
