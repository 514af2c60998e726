// Runs launches of a kernel library on arrays: cpuDriver LIBRARY CALLS RESULTS. See cpuRun.ts for the two files.
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

static std::vector<char> readAll(const char* path) {
  std::FILE* f = std::fopen(path, "rb");
  if (!f) { std::perror(path); std::exit(2); }
  std::vector<char> bytes;
  char part[65536];
  for (std::size_t n; (n = std::fread(part, 1, sizeof part, f)) > 0;) bytes.insert(bytes.end(), part, part + n);
  std::fclose(f);
  return bytes;
}

/** Memory that ends where an unmapped page begins, so that one element too many is a crash. */
static char* guarded(std::int64_t bytes) {
  const std::int64_t page = sysconf(_SC_PAGESIZE), whole = (bytes + page - 1) / page * page;
  char* start = static_cast<char*>(mmap(nullptr, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  mprotect(start + whole, page, PROT_NONE);
  return start + whole - bytes;
}

int main(int, char** argv) {
  void* library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) { std::fprintf(stderr, "%s\n", dlerror()); return 2; }
  const std::vector<char> calls = readAll(argv[2]);
  std::FILE* results = std::fopen(argv[3], "wb");
  const char* at = calls.data();
  const auto number = [&] { std::int32_t n; std::memcpy(&n, at, 4); at += 4; return n; };
  for (int left = number(); left > 0; left--) {
    const int length = number();
    const std::string symbol(at, length);
    at += length;
    std::vector<void*> memories;
    std::vector<std::int32_t> sizes, byValue;
    for (int n = number(); n > 0; n--) {
      byValue.push_back(number());
      const int bytes = number();
      char* memory = guarded(bytes);
      std::memcpy(memory, at, bytes);
      at += bytes;
      memories.push_back(memory);
      sizes.push_back(bytes);
    }
    // Every argument is a pointer to its value; the value of a tensor is its address.
    std::vector<void*> args;
    for (std::size_t i = 0; i < memories.size(); i++) args.push_back(byValue[i] ? memories[i] : &memories[i]);
    const auto launch = reinterpret_cast<void (*)(void* const*)>(dlsym(library, symbol.c_str()));
    if (!launch) { std::fprintf(stderr, "%s\n", dlerror()); return 2; }
    launch(args.data());
    for (std::size_t i = 0; i < memories.size(); i++) std::fwrite(memories[i], 1, sizes[i], results);
  }
  std::fclose(results);
}
