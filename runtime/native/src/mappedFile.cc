#include "mappedFile.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

#include "check.h"

namespace warpfold {

namespace {

/** Every live mapping of the process by its first address. Tensors of one environment may outlive its MappedFile objects. */
struct Registry {
  std::mutex mutex;
  std::map<const char*, std::weak_ptr<const Mapping>> mappings;
};

Registry& registry() {
  static Registry* instance = new Registry;  // never destroyed: finalizers may run after static destructors
  return *instance;
}

std::shared_ptr<const Mapping> openMapping(const std::string& path) {
  auto mapping = std::make_shared<const Mapping>(path);
  if (mapping->size() > 0) {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    all.mappings[mapping->data()] = mapping;
  }
  return mapping;
}

/** Where a file ends now, whichever of several readers asks; `known`: a byte behind its end. */
size_t endOf(int file, size_t known) {
  struct stat status {};
  return fstat(file, &status) == 0 ? static_cast<size_t>(status.st_size) : known;
}

}  // namespace

Mapping::Mapping(const std::string& path) : path(path) {
  file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw Failure("R201", std::string("cannot open the file: ") + std::strerror(errno), path);
  struct stat status {};
  const char* problem = nullptr;
  if (fstat(file, &status) != 0) problem = std::strerror(errno);
  else if (!S_ISREG(status.st_mode)) problem = "not a regular file";
  else if (status.st_size > 0) {
    void* address = mmap(nullptr, static_cast<size_t>(status.st_size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file, 0);
    if (address == MAP_FAILED) problem = std::strerror(errno);
    else base = static_cast<char*>(address), length = static_cast<size_t>(status.st_size);
  }
  if (problem == nullptr) return;
  close(file);
  throw Failure("R201", std::string("cannot map the file: ") + problem, path);
}

void Mapping::read(char* to, size_t offset, size_t bytes) const {
  for (size_t done = 0; done < bytes;) {
    const ssize_t count = pread(file, to + done, bytes - done, static_cast<off_t>(offset + done));
    if (count > 0) done += static_cast<size_t>(count);
    else if (count == 0) throw Failure("R202", "the file ends at byte " + std::to_string(endOf(file, offset + done)) + ", it had " + std::to_string(length) + " when it was opened", path, "leave the file alone while it is loaded");
    else if (errno != EINTR) throw Failure("R201", std::string("cannot read the file: ") + std::strerror(errno), path);
  }
}

Mapping::~Mapping() {
  close(file);
  if (base == nullptr) return;
  {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    all.mappings.erase(base);
  }
  munmap(base, length);
}

std::shared_ptr<const Mapping> mappingOf(const char* data, size_t bytes) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  auto next = all.mappings.upper_bound(data);
  if (next == all.mappings.begin()) return nullptr;
  std::shared_ptr<const Mapping> mapping = std::prev(next)->second.lock();
  if (!mapping) return nullptr;
  const size_t offset = static_cast<size_t>(data - mapping->data());
  return offset <= mapping->size() && bytes <= mapping->size() - offset ? mapping : nullptr;
}

Napi::Function MappedFile::define(Napi::Env env) {
  const Napi::Function constructor = DefineClass(env, className, {});
  method<MappedFile, &MappedFile::size>(constructor, "size");
  method<MappedFile, &MappedFile::bytes>(constructor, "bytes");
  return constructor;
}

MappedFile::MappedFile(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  guarded(info.Env(), [&] { mapping = openMapping(textArg(info, 0, "path")); });
  info.This().As<Napi::Object>().TypeTag(&tag);
}

Napi::Value MappedFile::size(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), static_cast<double>(mapping->size())); }

Napi::Value MappedFile::bytes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const uint64_t offset = sizeArg(info, 0, "offset"), length = sizeArg(info, 1, "length");
  if (offset > mapping->size() || length > mapping->size() - offset)
    throw Failure("R202", "bytes " + std::to_string(offset) + " to " + std::to_string(offset + length) + " of a file of " + std::to_string(mapping->size()));
  // Beyond 4 GiB, Node 20 aborts the process instead of failing the call.
  if (length > (uint64_t{4} << 30)) throw Failure("R010", "one tensor of more than 4 GiB cannot be lent to JavaScript");
  if (length == 0) return Napi::ArrayBuffer::New(env, 0);
  char* data = mapping->data() + offset;
  auto* holder = new std::shared_ptr<const Mapping>(mapping);
  napi_value buffer = nullptr;
  const auto release = [](napi_env, void*, void* hint) { delete static_cast<std::shared_ptr<const Mapping>*>(hint); };
  const napi_status status = napi_create_external_arraybuffer(env, data, length, release, holder, &buffer);
  if (status == napi_ok) return Napi::Value(env, buffer);
  delete holder;
  if (status != napi_no_external_buffers_allowed) throw Failure("R014", "JavaScript takes no buffer of " + std::to_string(length) + " bytes");
  Napi::ArrayBuffer copy = Napi::ArrayBuffer::New(env, length);
  std::memcpy(copy.Data(), data, length);
  return copy;
}

}  // namespace warpfold
