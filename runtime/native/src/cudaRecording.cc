// Recordings on a GPU: graphs, made once and launched again and again.
#include <set>

#include "cudaProcessor.h"
#include "dependencies.h"

namespace warpfold {

void CudaProcessor::replay(Recording& recording) {
  requireUsable();
  settleFiles();
  if (debug) return runEach(recording);
  if (!recording.compiled) capture(recording);
  check("cuGraphLaunch", cuda->GraphLaunch(static_cast<CudaGraphExec>(recording.compiled.get()), stream));
  submitted({nullptr, 0, recording.tasks.size()}, groupLaunches);
}

void CudaProcessor::prepare(Recording& recording) {
  requireUsable();
  settleFiles();
  if (debug || recording.compiled) return;
  capture(recording);
  check("cuGraphUpload", cuda->GraphUpload(static_cast<CudaGraphExec>(recording.compiled.get()), stream));
}

/** Launch by launch: only so each is checked and waited for. */
void CudaProcessor::runEach(Recording& recording) {
  std::optional<Failure> none;
  Completion nobody;
  for (auto& task : recording.tasks) task->run(*this, none, nobody);
}

/**
 * Task by task, each behind those that it must wait for instead of behind the one in front of it. On the capturing stream,
 * which says what the next task waits for, and takes what we say of it.
 */
void CudaProcessor::runBeside(Recording& recording) {
  std::optional<Failure> none;
  Completion nobody;
  const std::vector<std::vector<size_t>> before = dependenciesOf(recording.tasks);
  // What to wait for behind each task. One without blocks is no node: behind it is what it waits for itself.
  std::vector<std::set<CudaGraphNode>> behind(recording.tasks.size());
  const auto waitFor = [&](const std::set<CudaGraphNode>& some) {
    std::vector<CudaGraphNode> nodes(some.begin(), some.end());
    check("cuStreamUpdateCaptureDependencies", cuda->StreamUpdateCaptureDependencies(stream, nodes.data(), nodes.size(), cudaSetDependencies));
  };
  std::set<CudaGraphNode> all;
  for (size_t i = 0; i < before.size(); i++) {
    std::set<CudaGraphNode> awaited;
    for (const size_t j : before[i]) awaited.insert(behind[j].begin(), behind[j].end());
    waitFor(awaited);
    recording.tasks[i]->run(*this, none, nobody);
    int status = 0;
    const CudaGraphNode* nodes = nullptr;
    size_t count = 0;
    check("cuStreamGetCaptureInfo", cuda->StreamGetCaptureInfo(stream, &status, nullptr, nullptr, &nodes, &count));
    behind[i].insert(nodes, nodes + count);
    all.insert(nodes, nodes + count);
  }
  waitFor(all);
}

/** Runs the recorded work on the capturing stream, which makes a graph of it instead. */
void CudaProcessor::capture(Recording& recording) {
  check("cuStreamBeginCapture", cuda->StreamBeginCapture(stream, cudaCaptureRelaxed));
  capturing = true;
  std::optional<Failure> failed;
  try {
    if (beside) runBeside(recording);
    else runEach(recording);
  } catch (const Failure& failure) {
    failed = failure;
  }
  capturing = false;
  CudaGraph graph = nullptr;
  const CudaResult ended = cuda->StreamEndCapture(stream, &graph);
  if (failed) {
    if (graph != nullptr) cuda->GraphDestroy(graph);
    throw *failed;
  }
  check("cuStreamEndCapture", ended);
  CudaGraphExec exec = nullptr;
  const CudaResult made = cuda->GraphInstantiateWithFlags(&exec, graph, 0);
  cuda->GraphDestroy(graph);
  check("cuGraphInstantiateWithFlags", made);
  recording.compiled = std::shared_ptr<void>(exec, [cuda = cuda, context = context](void* gone) {
    cuda->CtxSetCurrent(context);
    cuda->GraphExecDestroy(static_cast<CudaGraphExec>(gone));
  });
}

}  // namespace warpfold
