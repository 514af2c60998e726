// Where in a kernel something happened: from an address in the machine code to lines of the .cu and of the author's .ts.
#pragma once
#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

// The first byte of this library and the first behind it, as the linker knows them.
extern "C" __attribute__((visibility("hidden"))) const char __ehdr_start, _end;

namespace emulator {

/** A place in this library's machine code, counted from its beginning. 0: nowhere. */
using Pc = std::uint32_t;

inline Pc pcOf(const void* address) { return static_cast<Pc>(static_cast<const char*>(address) - &__ehdr_start); }
inline bool isOurs(const void* address) { return address >= static_cast<const void*>(&__ehdr_start) && address < static_cast<const void*>(&_end); }
/** The call that returns to `address`. */
#define EMULATOR_CALLER (::emulator::pcOf(__builtin_return_address(0)) - 1)

struct Line { std::string function, file; int line; };

/** The lines a place stands for, innermost first: a function that was inlined, then where it was. Empty without addr2line. */
inline const std::vector<Line>& linesAt(Pc pc) {
  static std::map<Pc, std::vector<Line>> known;
  const auto found = known.find(pc);
  if (found != known.end()) return found->second;
  std::vector<Line>& lines = known[pc];
  Dl_info library;
  if (dladdr(&__ehdr_start, &library) == 0) return lines;
  char command[4096];
  std::snprintf(command, sizeof command, "addr2line -f -i -C -e '%s' 0x%x 2>/dev/null", library.dli_fname, pc);
  FILE* out = popen(command, "r");
  if (out == nullptr) return lines;
  char function[2048], place[2048];
  while (std::fgets(function, sizeof function, out) != nullptr && std::fgets(place, sizeof place, out) != nullptr) {
    std::string name(function), at(place);
    while (!name.empty() && name.back() == '\n') name.pop_back();
    const std::size_t colon = at.rfind(':');
    if (colon == std::string::npos || at[0] == '?') continue;
    name = name.substr(0, name.find_first_of("(<["));
    lines.push_back({name.substr(name.rfind(' ') + 1), at.substr(0, colon), std::atoi(at.c_str() + colon + 1)});
  }
  pclose(out);
  return lines;
}

inline std::string baseName(const std::string& path) { return path.substr(path.rfind('/') + 1); }
inline bool endsWith(const std::string& text, const std::string& end) { return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0; }

/** Whether a header is the emulator's own in the place of the device's. */
inline bool isTwin(const std::string& file) { return endsWith(file, "primitives.cuh") || endsWith(file, "asynchronous.cuh") || endsWith(file, "wgmma.cuh"); }

/** Lines of the kernel and of the headers that it calls, without the emulator's own. */
inline std::vector<Line> kernelLinesAt(Pc pc) {
  std::vector<Line> lines;
  for (const Line& line : linesAt(pc))
    if (line.file.find("emulator/engine/") == std::string::npos && !isTwin(line.file) && !endsWith(line.file, ".launch.cpp")) lines.push_back(line);
  return lines;
}

/** `file.ts:line` of the last comment above a line of a .cu, in the same function, that names one; empty where none does. */
inline std::string authorLine(const Line& at) {
  std::ifstream text(at.file);
  std::string line, found;
  for (int number = 1; number <= at.line && std::getline(text, line); number++) {
    if (number < at.line && line[0] == '}') found.clear();
    const std::size_t comment = line.find("// "), dot = line.find(".ts:");
    if (comment == std::string::npos || dot == std::string::npos || dot < comment) continue;
    const std::size_t start = line.find_last_of(" /", dot) + 1, end = line.find_first_not_of("0123456789", dot + 4);
    if (end != dot + 4) found = line.substr(start, end == std::string::npos ? end : end - start);
  }
  return found;
}

/** `kernel.sm_80.cu:88 (in load, tile.cuh:67), from kernel.ts:14`: the innermost line of the kernel's own file that names its author's. */
inline std::string placeText(Pc pc) {
  const std::vector<Line> lines = kernelLinesAt(pc);
  if (lines.empty()) return "machine code +" + std::to_string(pc);
  const Line* kernel = &lines.back();
  std::string author;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    // Under #line directives the author's own file is all there is.
    if (endsWith(line->file, ".ts")) kernel = &*line, author.clear();
    if (!endsWith(line->file, ".cu")) continue;
    const std::string found = authorLine(*line);
    if (author.empty() || !found.empty()) kernel = &*line, author = found;
  }
  const auto shown = [](const Line& line) { return baseName(line.file) + ":" + std::to_string(line.line); };
  std::string text = shown(*kernel);
  if (kernel != &lines.front()) text += " (in " + lines.front().function + ", " + shown(lines.front()) + ")";
  return author.empty() ? text : text + ", from " + author;
}

/** Whether two places are one statement of the source. The compiler may have copied it. */
inline bool samePlace(Pc a, Pc b) {
  if (a == b) return true;
  const std::vector<Line> x = kernelLinesAt(a), y = kernelLinesAt(b);
  if (x.empty() || x.size() != y.size()) return x.empty() || y.empty();
  for (std::size_t i = 0; i < x.size(); i++)
    if (x[i].line != y[i].line || x[i].file != y[i].file) return false;
  return true;
}

}  // namespace emulator
