#pragma once
// What is to go on at the present instant, first in, first out. It is emptied before time goes on, and then begins anew at its
// front: so nothing goes round, and nothing is moved.

#include <cassert>
#include <cstddef>
#include <vector>

namespace sojourn {

/// Objects of T, in the order in which they became ready.
template <class T>
class ReadyList {
 public:
  [[nodiscard]] bool empty() const { return end_ == 0; }
  void push_back(T& object) {
    if (end_ == objects_.size()) [[unlikely]]
      grow();
    objects_[end_++] = &object;
  }
  T& pop_front() {
    assert(!empty());
    T& object = *objects_[first_++];
    if (first_ == end_) clear();
    return object;
  }
  void clear() { first_ = end_ = 0; }

 private:
  [[gnu::noinline]] void grow() { objects_.resize(2 * objects_.size() + 8); }

  std::vector<T*> objects_;
  std::size_t first_ = 0, end_ = 0;
};

}  // namespace sojourn
