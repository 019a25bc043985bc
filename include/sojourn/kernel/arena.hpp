#pragma once
// Objects by index, used again through a free list. Addresses stay put while the arena grows, so a reference may be held while
// others are made. The first objects, nearly always all, stand side by side and are found by one multiplication; they are made
// when they are first needed, so that room for many costs nothing. Nothing is allocated once the run has seen its largest crowd.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

namespace sojourn {

/// A pool of T named by 32-bit indices.
template <class T>
class Arena {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  Arena() : first_(std::allocator<T>{}.allocate(room)) {}
  ~Arena() { std::allocator<T>{}.deallocate(first_, room); }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// The index of a free object; its members hold whatever its last user left.
  std::uint32_t take() {
    if (frees_ == 0) [[unlikely]]
      add_block();
    return free_[--frees_];
  }

  void give_back(std::uint32_t index) {
    assert(frees_ < extent());
    free_[frees_++] = index;
  }

  T& operator[](std::uint32_t index) { return index < room ? first_[index] : further(index); }
  const T& operator[](std::uint32_t index) const { return index < room ? first_[index] : further(index); }

  /// Memory in use, in bytes.
  [[nodiscard]] std::size_t bytes() const { return free_.size() * (sizeof(T) + sizeof(std::uint32_t)); }
  /// Objects in use.
  [[nodiscard]] std::size_t live() const { return extent() - frees_; }
  /// Indices ever handed out are below this.
  [[nodiscard]] std::uint32_t extent() const { return static_cast<std::uint32_t>(free_.size()); }

 private:
  static constexpr std::uint32_t block = 256;
  static constexpr std::uint32_t room = 1U << 14;  // for the objects that stand side by side

  [[nodiscard]] T& further(std::uint32_t index) const {
    return blocks_[(index - room) / block][(index - room) % block];
  }

  [[gnu::noinline]] void add_block() {
    const std::uint32_t from = extent();
    if (from < room)
      std::uninitialized_value_construct_n(first_ + from, block);
    else
      blocks_.push_back(std::make_unique<T[]>(block));
    free_.resize(from + block);
    for (std::uint32_t i = block; i > 0; --i) free_[frees_++] = from + i - 1;
  }

  T* first_;
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::vector<std::uint32_t> free_;  // a place for every object; the first frees_ of them hold those that are free
  std::size_t frees_ = 0;
};

}  // namespace sojourn
