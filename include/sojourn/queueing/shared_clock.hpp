#pragma once
// Work that progresses at a common, changing rate: egalitarian processor sharing, contention, slowdowns and pauses.
// In its own virtual time every job ends when it was due at its start, whatever the rate does meanwhile: so one heap of
// virtual ends suffices, and an arrival, an end or a change of rate costs O(log n) (Parekh and Gallager 1993).

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sojourn/core/time.hpp"

namespace sojourn {

/// The running jobs of one replica whose progress depends on each other or on the time.
class SharedClock {
 public:
  [[nodiscard]] bool empty() const { return ends_.empty(); }
  [[nodiscard]] std::size_t size() const { return ends_.size(); }

  /// From now on every job progresses by rate nanoseconds of work a nanosecond; 0 stops them.
  void set_rate(Time now, double rate) {
    advance(now);
    rate_ = rate;
  }

  /// Starts a job with this much work at the present rate.
  void start(Time now, Duration work, std::uint32_t job) {
    advance(now);
    if (ends_.empty()) virtual_ns_ = 0;  // keeps the numbers small, and so exact
    ends_.push_back({virtual_ns_ + static_cast<double>(work.ns), started_++, job});
    std::push_heap(ends_.begin(), ends_.end(), later);
  }

  /// When the first job will end if the rate stays; never while there is none, or it does not progress.
  [[nodiscard]] Time next_end() const {
    if (ends_.empty() || rate_ <= 0) return Time::never();
    const double left = (ends_.front().at - virtual_ns_) / rate_;
    return {last_.ns + (left <= 0 ? Duration{} : from_ns(left)).ns};
  }

  /// Takes out the job that ends first.
  std::uint32_t finish(Time now) {
    advance(now);
    std::pop_heap(ends_.begin(), ends_.end(), later);
    const std::uint32_t job = ends_.back().job;
    ends_.pop_back();
    return job;
  }

  /// Forgets all jobs: the replica went down.
  void clear() { ends_.clear(); }

 private:
  struct End {
    double at;
    std::uint64_t sequence;
    std::uint32_t job;
  };
  static bool later(const End& a, const End& b) { return a.at > b.at || (a.at == b.at && a.sequence > b.sequence); }

  void advance(Time now) {
    virtual_ns_ += static_cast<double>((now - last_).ns) * rate_;
    last_ = now;
  }

  std::vector<End> ends_;  // a heap, earliest first
  double virtual_ns_ = 0;
  double rate_ = 1;
  Time last_;
  std::uint64_t started_ = 0;
};

}  // namespace sojourn
