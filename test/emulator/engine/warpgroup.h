// Products of warpgroups under way: begun by four warps each for itself, done by the wait that covers them.
#pragma once
#include "meet.h"
#include "sharedAccess.h"

namespace emulator {

struct ProductOperands { float* d; const std::uint32_t* left; std::uint64_t leftPlace, rightPlace; };

inline std::string warpText() { return "warp " + std::to_string(block.warp); }

/** Does what a warp has begun up to, not including, product `end`. */
inline void performUpTo(int warp, std::size_t end) {
  Products& products = block.warps[warp].products;
  for (std::size_t i = 0; i < end; i++)
    if (!products.queue[i].isDone) perform(products, products.queue[i], block.shared, warp % 4);
}

/** Registers hold what they held at the last fence of the warp, which must come after every write of them. */
inline void checkFenced(Products& products, std::uint32_t* const* at, int words, const char* what, Pc pc) {
  if (products.fences == 0) fail(warpText() + ", " + placeText(pc) + ", begins a product before its first fenceProducts");
  for (Watched& w : products.watched) {
    if (w.at[0] != at[0] || w.words != words) continue;
    for (int lane = 0; lane < lanesPerWarp; lane++)
      if (std::memcmp(at[lane], w.held.data() + lane * words, sizeof(std::uint32_t) * static_cast<std::size_t>(words)) != 0)
        fail(threadText(block.warp * lanesPerWarp + lane) + ", " + placeText(pc) + ", begins a product whose " + what + " were written with no fenceProducts behind it");
    return;
  }
  Watched& made = products.watched.emplace_back();
  std::copy_n(at, lanesPerWarp, made.at);
  made.words = words;
  made.held.resize(static_cast<std::size_t>(words) * lanesPerWarp);
  for (int lane = 0; lane < lanesPerWarp; lane++) std::memcpy(made.held.data() + lane * words, at[lane], sizeof(std::uint32_t) * static_cast<std::size_t>(words));
}

/** Notes what watched registers of the running warp hold, all of them or those within [from, to) of the first lane. */
inline void hold(Products& products, const void* from, const void* to) {
  for (Watched& w : products.watched) {
    if (from != nullptr && (w.at[0] >= to || w.at[0] + w.words <= from)) continue;
    for (int lane = 0; lane < lanesPerWarp; lane++) std::memcpy(w.held.data() + lane * w.words, w.at[lane], sizeof(std::uint32_t) * static_cast<std::size_t>(w.words));
  }
}

/** The accumulators of a product that begins: those that are under way already, or saved aside now. */
inline int takeAccumulators(Products& products, ProductOperands* const* lanes, int columns, Clock group, Pc pc) {
  const int each = columns / 2;
  for (std::size_t i = 0; i < products.accumulators.size(); i++) {
    Accumulators& a = products.accumulators[i];
    if (a.at[0] == nullptr || a.at[0] >= lanes[0]->d + each || lanes[0]->d >= a.at[0] + a.columns / 2) continue;
    if (a.at[0] != lanes[0]->d || a.columns != columns) fail(warpText() + ", " + placeText(pc) + ", begins a product on some of the accumulators of another shape that is under way, " + placeText(a.pc));
    a.lastGroup = group;
    return static_cast<int>(i);
  }
  std::uint32_t* at[lanesPerWarp];
  for (int lane = 0; lane < lanesPerWarp; lane++) at[lane] = reinterpret_cast<std::uint32_t*>(lanes[lane]->d);
  checkFenced(products, at, each, "accumulators", pc);
  std::size_t place = 0;
  while (place < products.accumulators.size() && products.accumulators[place].at[0] != nullptr) place++;
  if (place == products.accumulators.size()) products.accumulators.emplace_back();
  Accumulators& made = products.accumulators[place];
  made.columns = columns;
  made.lastGroup = group;
  made.pc = pc;
  made.values.resize(static_cast<std::size_t>(rowsOfWarp) * columns);
  for (int lane = 0; lane < lanesPerWarp; lane++) {
    made.at[lane] = lanes[lane]->d;
    for (int e = 0; e < each; e++) made.values[rowOfAccumulator(lane, e) * columns + columnOfAccumulator(lane, e)] = lanes[lane]->d[e];
    std::fill_n(at[lane], each, underWayBits);
  }
  return static_cast<int>(place);
}

/** Puts results where they belong. */
inline void giveAccumulators(Products& products, Accumulators& a) {
  for (int lane = 0; lane < lanesPerWarp; lane++) {
    auto* at = reinterpret_cast<std::uint32_t*>(a.at[lane]);
    for (int e = 0; e < a.columns / 2; e++) {
      if (at[e] != underWayBits) fail(threadText(block.warp * lanesPerWarp + lane) + " has written accumulators of the product begun by " + placeText(a.pc) + " before it is awaited");
      a.at[lane][e] = a.values[rowOfAccumulator(lane, e) * a.columns + columnOfAccumulator(lane, e)];
    }
  }
  hold(products, a.at[0], a.at[0] + a.columns / 2);
  a.at[0] = nullptr;
}

/** Pieces that a product of the running warp reads: inside, and in order with what wrote them, for each lane. */
inline void checkOperand(const OperandPlace& place, bool byRows, int first, int count, Clock group, Pc pc) {
  const auto who = [&] { return warpText() + ", " + placeText(pc) + ", "; };
  if (place.mode != 1 || place.base != 0) fail(who() + "begins a product of an operand that is not swizzled by 128 bytes");
  eachPiece(place, byRows, first, count, [&](int at, int, int) {
    if (at + Shadow::pieceBytes > block.sharedBytes) fail(who() + "begins a product that reads " + bytesText(at, Shadow::pieceBytes) + ", but the block has " + std::to_string(block.sharedBytes));
  });
  if (!block.findsRaces) return;
  const int begin = block.warp * lanesPerWarp;
  for (int lane = 0; lane < lanesPerWarp; lane++) {
    if (lane > 0 && block.clocks.learnedSame(begin, begin + lane)) continue;
    const Accessor by{block.warp, begin + lane, wholeWarp, pc};
    eachPiece(place, byRows, first, count, [&](int at, int, int) {
      const Conflict met = block.shadow.readPieces(block.clocks, block.fences, by, block.warp, {block.clocks.productsOf(block.warp), group}, at / Shadow::pieceBytes, 1);
      if (met.found) reportRace(met, "begins a product that reads", at, Shadow::pieceBytes, by);
      if (met.isUnwritten) noteUnwritten(at, Shadow::pieceBytes, by);
    });
  }
}

/** The warps of a warpgroup begin the same products. */
inline void checkTogether(const ProductShape& shape, const ProductOperands& own, int call, Pc pc) {
  const int group = block.warp / 4;
  if ((group + 1) * 4 > block.warpCount || block.warps[group * 4 + 3].exists != ~0u) fail(warpText() + ", " + placeText(pc) + ", begins a product, but belongs to no whole warpgroup of 128 threads");
  auto& calls = block.productCalls[group];
  if (call == static_cast<int>(calls.size())) return calls.push_back({pc, own.leftPlace, own.rightPlace, shape.columns});
  const ProductCall& first = calls[call];
  if (!samePlace(first.pc, pc) || first.left != own.leftPlace || first.right != own.rightPlace || first.columns != shape.columns)
    fail("warps of a warpgroup have parted: " + warpText() + " begins a product at " + placeText(pc) + ", another warp one at " + placeText(first.pc) + (samePlace(first.pc, pc) ? ", of other operands" : ""));
}

inline void beginProduct(const ProductShape& shape, ProductOperands& mine, Pc pc) {
  together(Meeting::product, mine, pc, [&](ProductOperands* const* lanes) {
    Products& products = block.warps[block.warp].products;
    const Clock group = block.clocks.of(block.clocks.productsOf(block.warp));
    for (int lane = 1; lane < lanesPerWarp; lane++)
      if (lanes[lane]->leftPlace != lanes[0]->leftPlace || lanes[lane]->rightPlace != lanes[0]->rightPlace) fail(warpText() + ", " + placeText(pc) + ", begins a product of which lanes have different operands");
    checkTogether(shape, *lanes[0], products.calls++, pc);
    Product made{shape, lanes[0]->leftPlace, lanes[0]->rightPlace, {}, 0, group, pc, false};
    if (shape.leftInRegisters) {
      std::uint32_t* at[lanesPerWarp];
      for (int lane = 0; lane < lanesPerWarp; lane++) at[lane] = const_cast<std::uint32_t*>(lanes[lane]->left);
      checkFenced(products, at, 4, "left operand's registers", pc);
      for (int lane = 0; lane < lanesPerWarp; lane++) std::copy_n(at[lane], 4, made.leftRegisters[lane]);
    } else {
      checkOperand(OperandPlace(made.left), shape.leftByRows, block.warp % 4 * rowsOfWarp, rowsOfWarp, group, pc);
    }
    checkOperand(OperandPlace(made.right), shape.rightByRows, 0, shape.columns, group, pc);
    made.accumulators = takeAccumulators(products, lanes, shape.columns, group, pc);
    products.queue.push_back(made);
    if (block.policy == Policy::early || (block.policy == Policy::random && block.random.below(3) == 0)) performUpTo(block.warp, products.queue.size());
  });
}

inline void fenceForProducts(Pc pc) {
  int none = 0;
  together(Meeting::fenceProducts, none, pc, [](int* const*) {
    Products& products = block.warps[block.warp].products;
    products.fences++;
    hold(products, nullptr, nullptr);
  });
}

inline void commitGroupOfProducts(Pc pc) {
  int none = 0;
  together(Meeting::commitProducts, none, pc, [](int* const*) { block.clocks.advance(block.clocks.productsOf(block.warp)); });
}

/** At most `pending` groups of the running warp are still under way. */
inline void waitForProducts(int pending, Pc pc) {
  int none = 0;
  together(Meeting::awaitProducts, none, pc, [pending](int* const*) {
    Products& products = block.warps[block.warp].products;
    const int component = block.clocks.productsOf(block.warp);
    const Clock next = block.clocks.of(component);
    if (next - products.firstGroup <= static_cast<Clock>(pending)) return;
    const Clock done = next - 1 - static_cast<Clock>(pending);
    std::size_t finished = 0;
    while (finished < products.queue.size() && products.queue[finished].group <= done) finished++;
    performUpTo(block.warp, finished);
    products.queue.erase(products.queue.begin(), products.queue.begin() + static_cast<std::ptrdiff_t>(finished));
    for (Accumulators& a : products.accumulators)
      if (a.at[0] != nullptr && a.lastGroup <= done) giveAccumulators(products, a);
    block.clocks.done(block.warp, component, done);
  });
}

/** What warps of one warpgroup did not do together, at the end of a block; empty where they did. */
inline std::string unlikeProducts() {
  for (int w = 0; w + 4 <= block.warpCount; w += 4)
    for (int i = 1; i < 4; i++)
      if (block.warps[w + i].products.calls != block.warps[w].products.calls)
        return "warps " + std::to_string(w) + " and " + std::to_string(w + i) + " of one warpgroup have begun " + std::to_string(block.warps[w].products.calls) + " and " + std::to_string(block.warps[w + i].products.calls) + " products";
  return "";
}

}  // namespace emulator
