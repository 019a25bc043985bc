#pragma once
// What is to go on at the present instant, first in, first out. It is emptied before time goes on, and then begins anew at its
// front: so nothing goes round, and nothing is moved.

#include <cstddef>
#include <utility>
#include <vector>

namespace sojourn {

/// Objects of T, in the order in which they became ready.
template <class T>
class ReadyList {
 public:
  void push_back(T& object) {
    if (only_ == nullptr && end_ == 0)
      only_ = &object;
    else
      push_behind(object);
  }
  /// The first one, which leaves the list; null when there is none.
  T* pop_front() {
    if (only_ != nullptr) return std::exchange(only_, nullptr);
    if (end_ == 0) return nullptr;
    T* const object = objects_[first_++];
    if (first_ == end_) first_ = end_ = 0;
    return object;
  }
  [[nodiscard]] bool empty() const { return only_ == nullptr && end_ == 0; }
  void clear() {
    only_ = nullptr;
    first_ = end_ = 0;
  }

 private:
  void push_behind(T& object) {
    if (end_ == objects_.size()) [[unlikely]]
      grow();
    objects_[end_++] = &object;
  }
  [[gnu::noinline]] void grow() { objects_.resize(2 * objects_.size() + 8); }

  T* only_ = nullptr;  // before all others; nearly always there are none
  std::vector<T*> objects_;
  std::size_t first_ = 0, end_ = 0;
};

}  // namespace sojourn
