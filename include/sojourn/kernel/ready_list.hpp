#pragma once
// What is to go on at the present instant, first in, first out. It is emptied before time goes on, and then begins anew at its
// front: so nothing goes round, and nothing is moved.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sojourn {

/// Indices, in the order in which they became ready.
class ReadyList {
 public:
  [[nodiscard]] bool empty() const { return end_ == 0; }
  void push_back(std::uint32_t index) {
    if (end_ == items_.size()) [[unlikely]]
      grow();
    items_[end_++] = index;
  }
  std::uint32_t pop_front() {
    assert(!empty());
    const std::uint32_t index = items_[first_++];
    if (first_ == end_) clear();
    return index;
  }
  void clear() { first_ = end_ = 0; }

 private:
  [[gnu::noinline]] void grow() { items_.resize(2 * items_.size() + 8); }

  std::vector<std::uint32_t> items_;
  std::size_t first_ = 0, end_ = 0;
};

}  // namespace sojourn
