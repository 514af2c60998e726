// Arrays in global memory: each is copied to pages of its own between pages that may not be touched.
#pragma once
#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <new>
#include <string>

#include "fiber.h"

namespace emulator {

/** What a launch does with an argument. */
enum class Use : std::uint32_t { number, read, write, writeAnew };

/** Alignment that a kernel may rely on where the array itself has it. */
constexpr std::size_t guardAlignment = 16;
constexpr unsigned char paddingByte = 0xFF;

/** A copy of one array. It begins right behind one guard page or ends, up to its alignment, right before the other. */
class Guarded {
 public:
  Guarded(std::string name, char* original, std::size_t bytes, Use use, bool atEnd) : name(std::move(name)), original(original), bytes(bytes), writable(use != Use::read) {
    const std::size_t page = Stacks::pageBytes();
    inner = (bytes + page - 1) / page * page;
    void* made = mmap(nullptr, inner + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made == MAP_FAILED) throw std::bad_alloc();
    map = static_cast<char*>(made);
    const bool aligned = reinterpret_cast<std::uintptr_t>(original) % guardAlignment == 0;
    const std::size_t slack = inner - bytes;
    data = map + page + (atEnd ? aligned ? slack / guardAlignment * guardAlignment : slack : 0);
    if (inner == 0) return;
    if (mprotect(map + page, inner, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
    std::memset(map + page, paddingByte, inner);
    if (use != Use::writeAnew) std::memcpy(data, original, bytes);
    if (!writable) mprotect(map + page, inner, PROT_READ);
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  ~Guarded() { munmap(map, inner + 2 * Stacks::pageBytes()); }

  char* begin() const { return data; }
  void copyBack() const {
    if (writable) std::memcpy(original, data, bytes);
  }

  /** Whether a write went past an end without reaching a guard page. */
  bool isOverrun() const {
    if (!writable) return false;
    const char* first = map + Stacks::pageBytes();
    const auto isPadding = [](const char* from, const char* to) {
      for (; from < to; from++)
        if (static_cast<unsigned char>(*from) != paddingByte) return false;
      return true;
    };
    return !isPadding(first, data) || !isPadding(data + bytes, first + inner);
  }

  bool holds(const char* address) const { return address >= map && address < map + inner + 2 * Stacks::pageBytes(); }
  bool contains(const char* address) const { return address >= data && address < data + bytes; }
  /** What is wrong with an access to `address`, which `holds`. */
  std::string complaint(const char* address) const {
    if (address < data) return std::to_string(data - address) + " bytes before the beginning of " + title();
    if (address >= data + bytes) return std::to_string(address - data - static_cast<std::ptrdiff_t>(bytes)) + " bytes behind the end of " + title();
    return "writes " + title() + " at byte " + std::to_string(address - data) + ", an input";
  }
  std::string title() const { return "`" + name + "` (" + std::to_string(bytes) + " bytes)"; }

 private:
  std::string name;
  char* original;
  std::size_t bytes;
  bool writable;
  char* map = nullptr;
  std::size_t inner = 0;
  char* data = nullptr;
};

}  // namespace emulator
