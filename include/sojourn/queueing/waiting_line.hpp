#pragma once
// A line of waiting things (jobs, messages), by index, in the order of a discipline.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sojourn/queueing/discipline.hpp"
#include "sojourn/random/stream.hpp"

namespace sojourn {

/// A growing ring of indices; both ends in O(1).
class Ring {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::uint32_t front() const { return cells_[first_]; }
  [[nodiscard]] std::uint32_t operator[](std::size_t place) const {
    return cells_[(first_ + place) & (cells_.size() - 1)];
  }

  void push_back(std::uint32_t item) {
    if (size_ == cells_.size()) [[unlikely]]
      grow();
    cells_[(first_ + size_++) & (cells_.size() - 1)] = item;
  }
  std::uint32_t pop_front() {
    const std::uint32_t item = cells_[first_];
    first_ = (first_ + 1) & (cells_.size() - 1);
    --size_;
    return item;
  }
  std::uint32_t pop_back() { return cells_[(first_ + --size_) & (cells_.size() - 1)]; }
  /// Takes the item at this place out; the last one fills the gap.
  std::uint32_t pop_at(std::size_t place) {
    std::uint32_t& cell = cells_[(first_ + place) & (cells_.size() - 1)];
    const std::uint32_t item = cell;
    cell = cells_[(first_ + size_ - 1) & (cells_.size() - 1)];
    --size_;
    return item;
  }

 private:
  [[gnu::noinline]] void grow() {
    std::vector<std::uint32_t> cells(cells_.empty() ? 8 : cells_.size() * 2);
    for (std::size_t i = 0; i < size_; ++i) cells[i] = cells_[(first_ + i) & (cells_.size() - 1)];
    cells_ = std::move(cells);
    first_ = 0;
  }

  std::vector<std::uint32_t> cells_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

/// Who waits, and who is next.
class WaitingLine {
 public:
  explicit WaitingLine(Discipline discipline = Discipline::fifo) : discipline_(discipline) {}

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  [[gnu::always_inline]] void push(std::uint32_t item, std::int32_t priority) {
    ++size_;
    if (discipline_ == Discipline::priority) [[unlikely]]
      return class_of(priority).push_back(item);
    ring_.push_back(item);
  }

  /// Takes the next one out; the stream decides under the random discipline.
  [[gnu::always_inline]] std::uint32_t pop(Stream& stream) {
    --size_;
    return discipline_ == Discipline::fifo ? ring_.pop_front() : pop_otherwise(stream);
  }

  /// The one that has waited longest (of the highest priority, where there are several).
  [[nodiscard]] std::uint32_t front() {
    return discipline_ == Discipline::priority ? first_class().front() : ring_.front();
  }

 private:
  [[gnu::noinline]] std::uint32_t pop_otherwise(Stream& stream) {
    switch (discipline_) {
      case Discipline::fifo: return ring_.pop_front();
      case Discipline::lifo: return ring_.pop_back();
      case Discipline::random: return ring_.pop_at(static_cast<std::size_t>(stream.next().below(ring_.size())));
      case Discipline::priority: return first_class().pop_front();
    }
    return ring_.pop_front();
  }
  Ring& class_of(std::int32_t priority) {
    std::size_t i = 0;
    while (i < classes_.size() && classes_[i].first > priority) ++i;
    if (i == classes_.size() || classes_[i].first != priority)
      classes_.insert(classes_.begin() + static_cast<std::ptrdiff_t>(i), {priority, Ring{}});
    return classes_[i].second;
  }
  Ring& first_class() {
    std::size_t i = 0;
    while (classes_[i].second.empty()) ++i;
    return classes_[i].second;
  }

  Discipline discipline_;
  std::size_t size_ = 0;
  Ring ring_;
  std::vector<std::pair<std::int32_t, Ring>> classes_;  // highest priority first
};

}  // namespace sojourn
