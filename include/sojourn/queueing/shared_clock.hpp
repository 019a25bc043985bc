#pragma once
// Work that progresses at a common, changing rate: egalitarian processor sharing, contention, slowdowns and pauses.
// In its own virtual time every job ends when it was due at its start, whatever the rate does meanwhile: so one heap of
// virtual ends suffices, and an arrival, an end or a change of rate costs O(log n) (Parekh and Gallager 1993).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sojourn/core/time.hpp"

namespace sojourn {

/// The running jobs of one replica whose progress depends on each other or on the time.
class SharedClock {
 public:
  [[nodiscard]] bool empty() const { return ends_.empty(); }
  /// Jobs that progress; those set aside are not counted.
  [[nodiscard]] std::size_t size() const { return ends_.size(); }

  /// From now on every job progresses by rate nanoseconds of work a nanosecond; 0 stops them.
  void set_rate(Time now, double rate) {
    advance(now);
    rate_ = rate;
  }

  /// Starts a job with this much work at the present rate.
  void start(Time now, double work_ns, std::uint32_t job) {
    advance(now);
    if (ends_.empty()) virtual_ns_ = reached_ns_ = 0;  // keeps the numbers small, and so exact
    push({virtual_ns_ + work_ns, started_++, job});
  }

  /// Starts a job that does not progress until it is put back.
  void start_aside(double work_ns, std::uint32_t job) { aside_.push_back({work_ns, started_++, job}); }

  /// When the first job will end if the rate stays; never while there is none, or it does not progress.
  [[nodiscard]] Time next_end() const {
    if (ends_.empty() || rate_ <= 0) return Time::never();
    const double left = (ends_.front().at - virtual_ns_) / rate_;
    if (left <= 0 || ends_.front().at <= reached_ns_) return last_;
    const Duration wait = from_ns(left);
    return wait.ns >= (Time::never() - last_).ns ? Time::never() : last_ + wait;
  }

  /// Takes out the job that ends first.
  std::uint32_t finish(Time now) {
    advance(now);
    std::pop_heap(ends_.begin(), ends_.end(), later);
    const std::uint32_t job = ends_.back().job;
    reached_ns_ = ends_.back().at;
    ends_.pop_back();
    return job;
  }

  /// What is left to do of each job becomes factor(job) times as much.
  template <class Factor>
  void rescale(Time now, Factor&& factor) {
    advance(now);
    reached_ns_ = 0;
    for (End& end : ends_) end.at = virtual_ns_ + std::max(0.0, end.at - virtual_ns_) * factor(end.job);
    for (End& end : aside_) end.at *= factor(end.job);
    std::make_heap(ends_.begin(), ends_.end(), later);
  }

  /// Stops those jobs of which chosen(job) is true; what is left of each is kept.
  template <class Chosen>
  void set_aside(Time now, Chosen&& chosen) {
    advance(now);
    const auto staying =
        std::stable_partition(ends_.begin(), ends_.end(), [&](const End& end) { return !chosen(end.job); });
    for (auto end = staying; end != ends_.end(); ++end)
      aside_.push_back({std::max(0.0, end->at - virtual_ns_), end->sequence, end->job});
    ends_.erase(staying, ends_.end());
    std::make_heap(ends_.begin(), ends_.end(), later);
  }

  /// Lets those jobs go on of which chosen(job) is true.
  template <class Chosen>
  void put_back(Time now, Chosen&& chosen) {
    advance(now);
    if (ends_.empty()) virtual_ns_ = reached_ns_ = 0;
    std::vector<End> still;
    for (const End& end : aside_) {
      if (chosen(end.job))
        push({virtual_ns_ + end.at, end.sequence, end.job});
      else
        still.push_back(end);
    }
    aside_ = std::move(still);
  }

  /// Forgets those jobs of which chosen(job) is true.
  template <class Chosen>
  void drop(Time now, Chosen&& chosen) {
    advance(now);
    const auto is_chosen = [&](const End& end) { return chosen(end.job); };
    ends_.erase(std::remove_if(ends_.begin(), ends_.end(), is_chosen), ends_.end());
    aside_.erase(std::remove_if(aside_.begin(), aside_.end(), is_chosen), aside_.end());
    std::make_heap(ends_.begin(), ends_.end(), later);
  }

  /// Forgets all jobs: the replica went down.
  void clear() {
    ends_.clear();
    aside_.clear();
  }

 private:
  /// A job and its virtual end; of one set aside, the work that is left.
  struct End {
    double at;
    std::uint64_t sequence;
    std::uint32_t job;
  };
  static bool later(const End& a, const End& b) { return a.at > b.at || (a.at == b.at && a.sequence > b.sequence); }

  void push(const End& end) {
    ends_.push_back(end);
    std::push_heap(ends_.begin(), ends_.end(), later);
  }

  void advance(Time now) {
    virtual_ns_ += static_cast<double>((now - last_).ns) * rate_;
    last_ = now;
  }

  std::vector<End> ends_;  // a heap, earliest first
  std::vector<End> aside_;
  double virtual_ns_ = 0;
  double reached_ns_ = 0;  // the last end: whoever is due then is due, although its instant was rounded
  double rate_ = 1;
  Time last_;
  std::uint64_t started_ = 0;
};

}  // namespace sojourn
