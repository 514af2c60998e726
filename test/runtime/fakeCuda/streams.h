// The fake driver's streams, and the graphs that are captured on them.
#pragma once
#include <numeric>

#include "errors.h"
#include "world.h"

namespace fake {

inline thread_local int* current = nullptr;
inline int context;

#define ENTER(name)                                              \
  World& w = World::world();                                     \
  const std::lock_guard lock(w.mutex);                           \
  if (const Result given = w.begin(name); given != 0) return given
#define ENTER_CONTEXT(name) \
  ENTER(name);              \
  if (current == nullptr) return invalidContext

inline Result StreamCreate(Stream** stream, unsigned) {
  ENTER_CONTEXT("cuStreamCreate");
  w.streams.insert(*stream = new Stream);
  return 0;
}
inline Result StreamDestroy(Stream* stream) {
  World& w = World::world();
  const std::lock_guard lock(w.mutex);
  w.streams.erase(stream);
  delete stream;
  return 0;
}
inline Result StreamSynchronize(Stream* stream) {
  ENTER_CONTEXT("cuStreamSynchronize");
  return stream->capturing ? captureUnsupported : runAll(*stream);
}
inline Result StreamBeginCapture(Stream* stream, unsigned) {
  ENTER_CONTEXT("cuStreamBeginCapture");
  stream->capturing = true;
  stream->captured = std::make_unique<Graph>();
  stream->tail.clear();
  return 0;
}
inline Result StreamGetCaptureInfo(Stream* stream, int* status, uint64_t*, Graph**, Node* const** nodes, size_t* count) {
  ENTER_CONTEXT("cuStreamGetCaptureInfo");
  *status = stream->capturing ? 1 : 0;
  *nodes = stream->tail.data();
  *count = stream->tail.size();
  return 0;
}
inline Result StreamUpdateCaptureDependencies(Stream* stream, Node** nodes, size_t count, unsigned flags) {
  ENTER_CONTEXT("cuStreamUpdateCaptureDependencies");
  if (!stream->capturing || flags != 1 || std::set<Node*>(nodes, nodes + count).size() != count) return invalidValue;
  stream->tail.assign(nodes, nodes + count);
  return 0;
}
inline Result StreamEndCapture(Stream* stream, Graph** graph) {
  stream->capturing = false;
  ENTER_CONTEXT("cuStreamEndCapture");
  *graph = stream->captured.release();
  return 0;
}
struct Runnable { std::vector<Op> ops; };
inline Result GraphInstantiateWithFlags(Runnable** exec, Graph* graph, unsigned long long) {
  ENTER_CONTEXT("cuGraphInstantiateWithFlags");
  *exec = new Runnable{lateFirst(*graph)};
  const auto edges = std::accumulate(graph->nodes.begin(), graph->nodes.end(), size_t{0}, [](size_t n, const auto& node) { return n + node->before.size(); });
  w.log("graph of " + std::to_string(graph->nodes.size()) + " with " + std::to_string(edges));
  return 0;
}
inline Result GraphDestroy(Graph* graph) { return delete graph, 0; }
inline Result GraphUpload(Runnable*, Stream*) {
  ENTER_CONTEXT("cuGraphUpload");
  return 0;
}
inline Result GraphLaunch(Runnable* exec, Stream* stream) {
  ENTER_CONTEXT("cuGraphLaunch");
  w.log("replayed");
  for (const Op& op : exec->ops) submit(*stream, op);
  return 0;
}
inline Result GraphExecDestroy(Runnable* exec) {
  World::world().log("graph destroyed");
  return delete exec, 0;
}

}  // namespace fake
