#pragma once
// A value that may contain itself: the box of a recursive type, copied and compared like the value in it.

#include <utility>
#include <vector>

namespace sojourn {

/// Exactly one T on the heap, with value semantics; T may be incomplete where the box is a member.
template <class T>
class Box {
 public:
  Box() = default;
  Box(T value) { value_.push_back(std::move(value)); }  // implicit: a box stands for its value

  [[nodiscard]] bool has_value() const { return !value_.empty(); }
  [[nodiscard]] const T& operator*() const { return value_.front(); }
  [[nodiscard]] const T* operator->() const { return &value_.front(); }
  /// The value, made now if there was none.
  [[nodiscard]] T& get() {
    if (value_.empty()) value_.emplace_back();
    return value_.front();
  }

 private:
  std::vector<T> value_;
};

}  // namespace sojourn
