#include "tasks.h"

#include <cstring>

#include "mappedFile.h"

namespace warpfold {

void checkOffsets(const int32_t* o, const OffsetsCheck& check, const std::string& label) {
  if (o[0] < 0 || (check.whole && o[0] > 0)) throw Failure("R110", "offsets begin with " + std::to_string(o[0]) + ", they must begin with 0" + (check.whole ? "" : " or a later row"), label);
  for (uint64_t i = 1; i < check.count; i++) {
    const int64_t length = int64_t{o[i]} - o[i - 1];
    if (length < 0) throw Failure("R110", "offsets fall from " + std::to_string(o[i - 1]) + " to " + std::to_string(o[i]), label);
    if (length > check.longest)
      throw Failure("R110", "offsets give position " + std::to_string(i - 1) + " a length of " + std::to_string(length) + ", the longest was said to be " + std::to_string(check.longest), label);
  }
  if (o[check.count - 1] > check.rows || (check.whole && o[check.count - 1] < check.rows))
    throw Failure("R110", "offsets end with " + std::to_string(o[check.count - 1]) + ", the tensors have " + std::to_string(check.rows) + " rows", label);
}

std::vector<void*> Launch::args() {
  std::vector<void*> args(values.size());
  for (size_t i = 0; i < args.size(); i++) args[i] = &values[i];
  for (const auto& [i, map] : maps) args[i] = const_cast<TensorMap*>(map.get());
  return args;
}

void Copy::run(Processor& processor, std::optional<Failure>&, Completion&) {
  if (upload && keep) processor.uploadFile(to, keep, static_cast<size_t>(from - keep->data()), bytes);
  else if (upload) processor.upload(to, host ? host.get() : from, bytes);
  else processor.copy(to, from, bytes);
}

void Read::run(Processor& processor, std::optional<Failure>& failure, Completion& completion) {
  if (failure) {
    completion.failure = failure;
    return;
  }
  completion.bytes.reset(static_cast<char*>(std::malloc(bytes == 0 ? 1 : bytes)));
  if (!completion.bytes) {
    completion.failure = Failure("R014", "no memory for the result of read");
    return;
  }
  completion.length = bytes;
  try {
    processor.download(completion.bytes.get(), from, bytes);
  } catch (const Failure& error) {
    completion.failure = error;
    throw;
  }
}

void Sync::run(Processor& processor, std::optional<Failure>& failure, Completion& completion) {
  try {
    processor.finish();
  } catch (const Failure& error) {
    if (!failure) failure = error;
  }
  completion.failure = std::move(failure);
  failure.reset();
}

void EndTrace::run(Processor& processor, std::optional<Failure>&, Completion& completion) {
  const std::shared_ptr<Tracer> tracer = std::move(processor.tracer);
  if (!tracer) {
    completion.failure = Failure("R010", "no trace was begun");
    return;
  }
  // Of a device that is lost, what was noted before.
  try {
    tracer->settle();
  } catch (const Failure&) {
  }
  const std::string text = tracer->text();
  completion.bytes.reset(static_cast<char*>(std::malloc(text.size())));
  if (!completion.bytes) completion.failure = Failure("R014", "no memory for a trace of " + std::to_string(text.size()) + " bytes");
  else std::memcpy(completion.bytes.get(), text.data(), text.size());
  completion.length = text.size();
}

void StopTimer::run(Processor& processor, std::optional<Failure>& failure, Completion& completion) {
  if (!timer->begin && !failure) {
    completion.failure = Failure("R017", "the work was cancelled");
    return;
  }
  try {
    timer->end = processor.moment();
    processor.finish();
    if (!failure && timer->begin) completion.number = processor.seconds(*timer->begin, *timer->end);
  } catch (const Failure& error) {
    if (!failure) failure = error;
  }
  completion.failure = failure;
}

}  // namespace warpfold
