#pragma once
// Objects by address, used again in the order last out, first in. For small things that are taken and given back all the time
// and named by nobody but those who hold them; what others must recognise as gone has an index in an Arena.

#include <cassert>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

namespace sojourn {

/// Room for objects of T. Addresses stay valid as long as it lives.
template <class T>
class FreeList {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  /// A free object; its members hold whatever its last user left.
  T* take() {
    if (frees_ == 0) [[unlikely]]
      add_block();
    return free_[--frees_];
  }
  void give_back(T* object) {
    assert(frees_ < free_.size());
    free_[frees_++] = object;
  }

  /// Memory held, in bytes.
  [[nodiscard]] std::size_t bytes() const { return free_.size() * (sizeof(T) + sizeof(T*)); }
  /// Objects in use.
  [[nodiscard]] std::size_t live() const { return free_.size() - frees_; }

 private:
  static constexpr std::size_t block = 256;

  [[gnu::noinline]] void add_block() {
    blocks_.push_back(std::make_unique<T[]>(block));
    free_.resize(free_.size() + block);
    for (std::size_t i = block; i > 0; --i) free_[frees_++] = &blocks_.back()[i - 1];
  }

  std::vector<std::unique_ptr<T[]>> blocks_;
  std::vector<T*> free_;  // a place for every object; the first frees_ of them hold those that are free
  std::size_t frees_ = 0;
};

}  // namespace sojourn
