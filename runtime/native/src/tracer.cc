#include "tracer.h"

#include <cstdio>

namespace warpfold {

namespace {

/** A float tells this many milliseconds to a tenth of a microsecond. */
constexpr double farMilliseconds = 1000;

/** Clocks are compared until that took no longer than this, in milliseconds: else the thread was set aside meanwhile. */
constexpr double closeMilliseconds = 0.02;
constexpr int comparisons = 16;

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result + "\"";
}

}  // namespace

Tracer::Tracer(Processor& processor) : processor(processor) {
  processor.finish();
  double closest = 0;
  for (int i = 0; i < comparisons && (base == nullptr || closest > closeMilliseconds); i++) {
    const double before = now();
    std::unique_ptr<Moment> moment = processor.moment();
    processor.finish();
    const double took = now() - before;
    if (base != nullptr && took >= closest) continue;
    base = std::move(moment);
    baseTime = before + took / 2;
    closest = took;
  }
}

void Tracer::settle() {
  // The last span's end may have been marked behind what was waited for.
  processor.finish();
  for (Open& span : open) {
    const double from = baseTime + 1000 * processor.seconds(*base, *span.from), to = baseTime + 1000 * processor.seconds(*base, *span.to);
    add(span.what.lane, span.what.name, from, to);
    if (to - baseTime < farMilliseconds) continue;
    base = std::move(span.to);
    baseTime = to;
  }
  open.clear();
}

void Tracer::add(int lane, const std::string& name, double from, double to) {
  const std::lock_guard lock(mutex);
  const auto [found, isNew] = numbers.emplace(name, names.size());
  if (isNew) names.push_back(name);
  spans.push_back({lane, found->second, from, to});
}

std::string Tracer::text() {
  const std::lock_guard lock(mutex);
  std::string result = "{\"names\":[";
  for (size_t i = 0; i < names.size(); i++) result += (i == 0 ? "" : ",") + quoted(names[i]);
  result += "],\"spans\":[";
  for (size_t i = 0; i < spans.size(); i++) {
    char line[128];
    std::snprintf(line, sizeof line, "%s[%d,%zu,%.4f,%.4f]", i == 0 ? "" : ",", spans[i].lane, spans[i].name, spans[i].from, spans[i].to);
    result += line;
  }
  return result + "]}";
}

}  // namespace warpfold
