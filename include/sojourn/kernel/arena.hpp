#pragma once
// Objects by index, used again through a free list. Addresses stay put while the arena grows (it grows by blocks), so a
// reference may be held while others are made. Nothing is allocated once the run has seen its largest crowd.

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

  T& operator[](std::uint32_t index) { return blocks_[index >> block_bits][index & block_mask]; }
  const T& operator[](std::uint32_t index) const { return blocks_[index >> block_bits][index & block_mask]; }

  /// Memory held, in bytes.
  [[nodiscard]] std::size_t bytes() const {
    return (blocks_.size() << block_bits) * sizeof(T) + free_.size() * sizeof(std::uint32_t);
  }
  /// Objects in use.
  [[nodiscard]] std::size_t live() const { return extent() - frees_; }
  /// Indices ever handed out are below this.
  [[nodiscard]] std::uint32_t extent() const { return static_cast<std::uint32_t>(blocks_.size() << block_bits); }

 private:
  static constexpr unsigned block_bits = 8;
  static constexpr std::uint32_t block_mask = (1U << block_bits) - 1;

  [[gnu::noinline]] void add_block() {
    const std::uint32_t first = extent();
    blocks_.push_back(std::make_unique<T[]>(std::size_t{1} << block_bits));
    free_.resize(extent());
    for (std::uint32_t i = block_mask + 1; i > 0; --i) free_[frees_++] = first + i - 1;
  }

  std::vector<std::unique_ptr<T[]>> blocks_;
  std::vector<std::uint32_t> free_;  // a place for every object; the first frees_ of them hold those that are free
  std::size_t frees_ = 0;
};

}  // namespace sojourn
