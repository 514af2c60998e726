// A file mapped into memory, and the JavaScript class that lends parts of it as ArrayBuffers.
#pragma once
#include <napi.h>

#include <cstddef>
#include <memory>
#include <string>

namespace warpfold {

/**
 * A whole file, private and copy-on-write: a stray store from JavaScript changes neither the file nor crashes the
 * process, as it would on a read-only mapping. Lives as long as anyone holds it.
 */
class Mapping {
 public:
  explicit Mapping(const std::string& path);
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();
  char* data() const { return base; }
  size_t size() const { return length; }
  /** Reads part of the file past the mapping: no page of it is mapped for that. Throws R201, and R202 where the file has become shorter. */
  void read(char* to, size_t offset, size_t bytes) const;

 private:
  const std::string path;
  int file = -1;
  char* base = nullptr;
  size_t length = 0;
};

/** The mapping that contains these bytes, if any: what tells adoptable memory from the JavaScript heap. */
std::shared_ptr<const Mapping> mappingOf(const char* data, size_t bytes);

/** `new MappedFile(path)`: `.size`, `.bytes(offset, length)`. */
class MappedFile : public Napi::ObjectWrap<MappedFile> {
 public:
  static constexpr napi_type_tag tag = {0x5f1c7d0a9b3e4c21, 0x8a6d2f4e1b0c9d35};
  static constexpr const char* className = "MappedFile";
  static Napi::Function define(Napi::Env env);
  explicit MappedFile(const Napi::CallbackInfo& info);

  Napi::Value size(const Napi::CallbackInfo& info);
  Napi::Value bytes(const Napi::CallbackInfo& info);

 private:
  std::shared_ptr<const Mapping> mapping;
};

}  // namespace warpfold
