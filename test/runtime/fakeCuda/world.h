// The world of the fake driver: what the test wants it to be, what it did, and the memory, streams and events in it.
//
// Work is done as late as the driver may do it: when somebody waits for it, or hands over memory that the driver must
// read at once. So a buffer that is reused too early, or a result that is read too early, shows.
#pragma once
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fake {

using Result = int;
using Op = std::function<Result()>;

struct Event;
/** A piece of a graph's work, and the pieces that it waits for. */
struct Node { Op op; std::vector<Node*> before; };
struct Graph { std::vector<std::unique_ptr<Node>> nodes; };
struct Stream {
  std::deque<Op> queue;
  uint64_t done = 0;
  bool capturing = false;
  std::unique_ptr<Graph> captured;
  /** What the next captured piece waits for. */
  std::vector<Node*> tail;
};
struct Event {
  Stream* stream = nullptr;
  /** Work of the stream in front of the event. */
  uint64_t position = 0;
  std::chrono::steady_clock::time_point at;
};
/** `args`: a letter for each, `v` for a value of at most eight bytes, `m` for a tensor map. */
struct Function { void (*entry)(void* const*); std::string name, args; int sharedLimit; };
struct Module { void* library = nullptr; std::map<std::string, std::string> functions; };

/** Lines `key value…` of the file beside the library: read at every call, so a test changes it as it goes. */
class Config {
 public:
  /** True where the text is not what it was. */
  bool reload(const std::string& path) {
    std::ifstream file(path);
    std::stringstream all;
    all << file.rdbuf();
    if (all.str() == text) return false;
    text = all.str();
    lines.clear();
    for (std::string line; std::getline(all, line);) lines[line.substr(0, line.find(' '))] = line.substr(line.find(' ') + 1);
    return true;
  }
  double number(const std::string& key, double otherwise) const { return lines.count(key) == 0 ? otherwise : std::stod(lines.at(key)); }
  std::string word(const std::string& key) const { return lines.count(key) == 0 ? "" : lines.at(key); }

 private:
  std::string text;
  std::map<std::string, std::string> lines;
};

struct World {
  std::recursive_mutex mutex;
  Config config;
  std::string path;
  std::map<std::string, int> calls;
  std::map<char*, size_t> device, pinned;
  std::set<Stream*> streams;
  std::set<Event*> events;
  std::set<Function*> functions;
  int retained = 0;
  /** An error after which nothing works until the context is gone. */
  Result sticky = 0;

  World() {
    Dl_info info{};
    dladdr(reinterpret_cast<void*>(&world), &info);
    path = info.dli_fname;
  }
  static World& world() {
    static World* instance = new World;
    return *instance;
  }
  void log(const std::string& line) const { std::ofstream(path + ".log", std::ios::app) << line << "\n"; }

  /** The result that a call is to have, 0 for its own. `fail cuName=code@n` fails the n-th call since the file was written. */
  Result begin(const char* name) {
    if (config.reload(path + ".conf")) calls.clear();
    const int count = ++calls[name];
    const std::string spec = config.word("fail");
    const size_t equals = spec.find('='), at = spec.find('@');
    if (spec.substr(0, equals) != name) return sticky;
    if (at != std::string::npos && std::stoi(spec.substr(at + 1)) != count) return sticky;
    const Result result = std::stoi(spec.substr(equals + 1));
    if (result >= 700 && result < 800) sticky = result;
    return result;
  }
};

/** Whether [data, data + bytes) lies in one of the blocks. */
inline bool inside(const std::map<char*, size_t>& blocks, const char* data, size_t bytes) {
  auto it = blocks.upper_bound(const_cast<char*>(data));
  if (it == blocks.begin()) return false;
  --it;
  return data + bytes <= it->first + it->second;
}

/** Does a stream's work up to a position. */
inline Result runTo(Stream& stream, uint64_t position) {
  World& w = World::world();
  while (stream.done < position && !stream.queue.empty()) {
    Op op = std::move(stream.queue.front());
    stream.queue.pop_front();
    stream.done++;
    const Result result = w.sticky != 0 ? w.sticky : op();
    if (result != 0) w.sticky = result;
  }
  return w.sticky;
}
inline Result runAll(Stream& stream) { return runTo(stream, UINT64_MAX); }

inline void submit(Stream& stream, Op op) {
  if (!stream.capturing) return stream.queue.push_back(std::move(op));
  stream.captured->nodes.push_back(std::make_unique<Node>(Node{std::move(op), stream.tail}));
  stream.tail = {stream.captured->nodes.back().get()};
}

/** A graph's pieces, each behind those that it waits for, and what was captured last as early as that allows: a dependency that lacks shows. */
inline std::vector<Op> lateFirst(const Graph& graph) {
  std::vector<Op> order;
  std::set<const Node*> done;
  while (order.size() < graph.nodes.size())
    for (auto it = graph.nodes.rbegin(); it != graph.nodes.rend(); ++it) {
      const Node& node = **it;
      if (done.count(&node) != 0 || std::any_of(node.before.begin(), node.before.end(), [&](const Node* b) { return done.count(b) == 0; })) continue;
      done.insert(&node);
      order.push_back(node.op);
      break;
    }
  return order;
}

}  // namespace fake
