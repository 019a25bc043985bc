#pragma once
// Departures that are known at arrival. Where a job does nothing but work, nobody acts on its end, and workers take jobs in the
// order in which they came, a visit's start and end follow from when the workers become free (Kiefer and Wolfowitz 1955; Lindley
// 1952 for one worker). Such a visit needs no event, no queue and no job.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "sojourn/core/time.hpp"

namespace sojourn {

/// When one visit's work begins and ends.
struct Visit {
  Time start, end;
};

/// The workers of a station with one queue, first come, first served: when each becomes free. visit: O(log of workers).
class Foresight {
 public:
  /// Workers without limit.
  Foresight() = default;
  explicit Foresight(std::uint32_t workers) : workers_(workers) {
    if (workers <= few) free_.resize(workers);
  }

  /// The visit of a job that comes now and works so long. Asked in the order of time.
  [[nodiscard]] Visit visit(Time now, Duration work) {
    if (workers_ == 0) return {now, now + work};
    if (workers_ > few) return visit_many(now, work);
    Time& first = free_[earliest_of_few()];
    const Time start = std::max(now, first);
    first = start + work;
    return {start, first};
  }

  /// Memory held, in bytes.
  [[nodiscard]] std::size_t bytes() const { return free_.capacity() * sizeof(Time); }

 private:
  static constexpr std::size_t few = 8;  // among which the first is found by looking at each, without a branch

  [[nodiscard]] std::size_t earliest_of_few() const {
    const Time* const free = free_.data();
    std::size_t first = 0;
    Time earliest = free[0];
    for (std::size_t i = 1; i < free_.size(); ++i) {
      const bool earlier = free[i] < earliest;
      first = earlier ? i : first;
      earliest = earlier ? free[i] : earliest;
    }
    return first;
  }

  // Only workers that have ever worked are in the heap.
  [[nodiscard]] Visit visit_many(Time now, Duration work) {
    if (free_.size() < workers_ && (free_.empty() || free_.front() > now)) {
      free_.push_back(now + work);
      std::push_heap(free_.begin(), free_.end(), std::greater<>());
      return {now, now + work};
    }
    const Time start = std::max(now, free_.front());
    const Time end = start + work;
    sink(end);
    return {start, end};
  }

  // The first worker becomes free at this time: it sinks to its place in the heap.
  void sink(Time until) {
    const std::size_t size = free_.size();
    Time* const free = free_.data();
    std::size_t place = 0;
    while (true) {
      std::size_t child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size) child += free[child + 1] < free[child] ? 1U : 0U;
      if (until <= free[child]) break;
      free[place] = free[child];
      place = child;
    }
    free[place] = until;
  }

  std::uint32_t workers_ = 0;  // 0 without limit
  std::vector<Time> free_;     // of a few workers each; of more a heap, the earliest first
};

/// Instants in order, first in, first out: when the messages of a topic that still wait will be taken.
class Instants {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] Time front() const { return ring_[first_]; }
  void push(Time at) {
    if (size_ == ring_.size()) [[unlikely]]
      grow();
    ring_[(first_ + size_++) & (ring_.size() - 1)] = at;
  }
  void pop() {
    first_ = (first_ + 1) & (ring_.size() - 1);
    --size_;
  }
  /// Memory held, in bytes.
  [[nodiscard]] std::size_t bytes() const { return ring_.size() * sizeof(Time); }

 private:
  [[gnu::noinline]] void grow() {
    std::vector<Time> ring(ring_.empty() ? 8 : 2 * ring_.size());
    for (std::size_t i = 0; i < size_; ++i) ring[i] = ring_[(first_ + i) & (ring_.size() - 1)];
    ring_ = std::move(ring);
    first_ = 0;
  }

  std::vector<Time> ring_;
  std::size_t first_ = 0, size_ = 0;
};

}  // namespace sojourn
