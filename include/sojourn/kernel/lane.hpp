#pragma once
// A lane: timers of one constant length. They end in the order in which they were set, so a ring holds them and only the
// first stands in the calendar; those that have become pointless meanwhile are skipped before they ever get there.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sojourn/core/time.hpp"

namespace sojourn {

/// Timers of one length, first in, first out. Each keeps the sequence number under which it was set, so that ties are
/// decided as if it had stood in the calendar all the time.
template <class Payload>
class Lane {
 public:
  struct Timer {
    Time at;
    std::uint64_t sequence = 0;
    Payload payload{};
  };

  /// Whether a timer of this lane stands in the calendar.
  [[nodiscard]] bool is_posted() const { return posted_; }
  void post() { posted_ = true; }
  void unpost() { posted_ = false; }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const Timer& front() const { return ring_[first_]; }
  [[nodiscard]] std::size_t size() const { return size_; }

  void push(const Timer& timer) {
    if (size_ == ring_.size()) grow();
    ring_[(first_ + size_++) & (ring_.size() - 1)] = timer;
  }
  Timer pop() {
    const Timer timer = ring_[first_];
    first_ = (first_ + 1) & (ring_.size() - 1);
    --size_;
    return timer;
  }

 private:
  void grow() {
    std::vector<Timer> ring(ring_.empty() ? 8 : 2 * ring_.size());
    for (std::size_t i = 0; i < size_; ++i) ring[i] = ring_[(first_ + i) & (ring_.size() - 1)];
    ring_ = std::move(ring);
    first_ = 0;
  }

  std::vector<Timer> ring_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
  bool posted_ = false;
};

}  // namespace sojourn
