// What happened to shared memory: to each half-word its last write, and since then the last read of each warp; to each 16
// bytes the same of what runs by itself and takes them whole.
#pragma once
#include <cstring>

#include "access.h"

namespace emulator {

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
      if (isOwn && !isOrdered(clocks, by, static_cast<int>(w.component), w.stamp)) return conflict(w);
      const PieceAccess* box = boxAt(c / cellsPerPiece);
      const bool isBox = box != nullptr && clocks.isOfBlock(static_cast<int>(box->component), clockOf(box->stamp));
      if (isBox && !isOrdered(clocks, by, static_cast<int>(box->component), box->stamp)) return conflict(*box, true);
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
      // Since this lane's warp read it nobody has written it: writes forget reads, which are all before them.
      if (mine[p].stamp != 0 && by.thread % lanesPerWarp == 0 && mine[p].component == static_cast<std::uint32_t>(later.component) && clocks.isOfBlock(later.component, clockOf(mine[p].stamp))) {
        mine[p] = {stampOf(later.clock, by.lane), by.pc, static_cast<std::uint32_t>(later.component)};
        continue;
      }
      const PieceAccess* box = boxAt(p);
      const bool isBox = box != nullptr && clocks.isOfBlock(static_cast<int>(box->component), clockOf(box->stamp));
      if (isBox && !isOrdered(clocks, by, static_cast<int>(box->component), box->stamp)) return conflict(*box, true);
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
      for (auto& of : pieceReads)
        if (!of.empty()) of[p] = {0, 0, 0};
    }
    for (int c = first; c < first + count; c++) writes[c] = made;
    return {};
  }

  /** The first access to cells that a write by `by` is not ordered after. */
  Conflict beforeCells(const Clocks& clocks, const Accessor& by, int first, int count) const {
    for (int c = first; c < first + count; c++) {
      const Write& w = writes[c];
      if (w.stamp != 0 && !isOrdered(clocks, by, static_cast<int>(w.component), w.stamp)) return conflict(w);
    }
    for (int warp = 0; warp < warps; warp++) {
      const Access* theirs = reads.data() + static_cast<std::size_t>(warp) * cells;
      for (int c = first; c < first + count; c++)
        if (theirs[c].stamp != 0 && !isOrdered(clocks, by, warp, theirs[c].stamp)) return {true, false, (theirs[c].stamp & atomicLane) != 0, warp, laneOf(theirs[c].stamp) & ~atomicLane, theirs[c].pc};
    }
    return {};
  }

  /** The same among what takes pieces whole. */
  Conflict beforePiece(const Clocks& clocks, const Accessor& by, int piece) const {
    const PieceAccess* box = boxAt(piece);
    if (box != nullptr && box->stamp != 0 && !isOrdered(clocks, by, static_cast<int>(box->component), box->stamp)) return conflict(*box, true);
    for (const auto& theirs : pieceReads)
      if (!theirs.empty() && theirs[piece].stamp != 0 && !isOrdered(clocks, by, static_cast<int>(theirs[piece].component), theirs[piece].stamp)) return conflict(theirs[piece], false);
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
      if (!isOrdered(clocks, by, component, w.stamp)) return conflict(w);
      if (!isFenced(clocks, fences, by, w)) {
        Conflict met = conflict(w);
        met.isUnfenced = true;
        return met;
      }
    }
    return result;
  }

  /** Whether the thread that wrote, or awaited its copy, has fenced behind that, before `by`. */
  bool isFenced(const Clocks& clocks, const Fences& fences, const Accessor& by, const Write& w) const {
    const auto [actor, index] = clocks.actorOf(static_cast<int>(w.component));
    const int thread = actor == Actor::warp ? index * lanesPerWarp + static_cast<int>(laneOf(w.stamp) & ~atomicLane) : index;
    const FencesOf& of = fences[thread];
    std::uint32_t before = w.fences;
    if (actor == Actor::copies) {
      const auto awaited = std::find_if(of.awaited.begin(), of.awaited.end(), [&](const auto& wait) { return wait.first >= clockOf(w.stamp); });
      if (awaited == of.awaited.end()) return false;
      before = awaited->second;
    }
    return before < of.at.size() && isOrdered(clocks, by, thread / lanesPerWarp, stampOf(of.at[before], static_cast<std::uint32_t>(thread % lanesPerWarp)));
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
