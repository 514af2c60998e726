// The arguments of a launch: arrays behind guards, maps of such arrays, numbers as they are.
#pragma once
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "block.h"
#include "guard.h"
#include "launch.h"

namespace emulator {

/** What a launch was asked for: numbers behind its arguments. */
struct Request {
  void* const* args;
  std::uint32_t number(int index) const { return *static_cast<const std::uint32_t*>(args[index]); }
  int blocks() const { return static_cast<int>(number(0)); }
  std::uint32_t seed() const { return number(1); }
  Policy policy() const { return static_cast<Policy>(number(2)); }
  bool findsRaces() const { return number(3) != 0; }
  Use use(int arg) const { return static_cast<Use>(number(4 + arg) & 3); }
  std::size_t bytes(int arg) const { return number(4 + arg) / 4; }
};

inline std::string argumentName(const char* names, int index) {
  std::string rest(names);
  for (int i = 0; i < index && rest.find(',') != std::string::npos; i++) rest = rest.substr(rest.find(',') + 1);
  return rest.substr(0, rest.find(','));
}

/** What a kernel is given. Throws std::runtime_error for a map that no driver would make. */
struct Arguments {
  std::vector<std::unique_ptr<Guarded>> arrays;
  std::vector<void*> values;

  Arguments(const Kernel& kernel, const Request& request) : values(request.args - kernel.arity, request.args), pointers(kernel.arity), maps(kernel.arity), originals() {
    for (int i = 0; i < kernel.arity; i++) {
      if (request.use(i) == Use::number || kernel.isMap(i)) continue;
      char* original = *static_cast<char* const*>(values[i]);
      // Through a map the same array may be written.
      Use use = request.use(i);
      for (int j = 0; j < kernel.arity; j++)
        if (kernel.isMap(j) && mapIn(values[j]).base == original) use = std::max(use, request.use(j));
      pointers[i] = guard(argumentName(kernel.arguments, i), original, request.bytes(i), use, request.seed());
      values[i] = &pointers[i];
    }
    for (int i = 0; i < kernel.arity; i++) {
      if (!kernel.isMap(i)) continue;
      maps[i] = mapIn(values[i]);
      const std::string wrong = whyNoMap(maps[i], request.bytes(i));
      if (!wrong.empty()) throw std::runtime_error(std::string(kernel.symbol) + ": no map can be made for `" + argumentName(kernel.arguments, i) + "`: " + wrong);
      maps[i].base = guardOf(argumentName(kernel.arguments, i), static_cast<char*>(maps[i].base), request, i);
      values[i] = &maps[i];
    }
  }

 private:
  std::vector<char*> pointers;
  std::vector<EmulatedMap> maps;
  std::vector<char*> originals;

  char* guard(std::string name, char* original, std::size_t bytes, Use use, std::uint32_t seed) {
    arrays.push_back(std::make_unique<Guarded>(std::move(name), original, bytes, use, seed % 2 == 0));
    originals.push_back(original);
    return arrays.back()->begin();
  }
  /** The guarded array that is there already, or one made for the map. */
  char* guardOf(std::string name, char* original, const Request& request, int arg) {
    const auto found = std::find(originals.begin(), originals.end(), original);
    return found != originals.end() ? arrays[found - originals.begin()]->begin() : guard(std::move(name), original, request.bytes(arg), request.use(arg), request.seed());
  }
};

}  // namespace emulator
