#pragma once
// The calendar of a run: what fires next. Ties are decided by contract, never by accident: at one instant marks come
// first, then ends (of work, and replies), then timers, then arrivals; among equals the order of scheduling decides.
//
// Marks, ends and timers, and arrivals each have a tournament of their own: nearly every event replaces the one that fired in
// the same tournament, and the smaller ones cost next to nothing. schedule, fire: O(log of pending).

#include <cassert>
#include <cstddef>
#include <cstdint>

#include "sojourn/core/time.hpp"
#include "sojourn/kernel/tournament.hpp"

namespace sojourn {

/// Order of events at one instant.
enum class Rank : std::uint8_t { mark, end, timer, arrival };

/// Pending events with a small payload; the earliest fires first.
template <class Payload>
class Calendar {
 public:
  /// Plans an event. At most 2^24 of a kind may be pending and 2^38 be scheduled in a run.
  [[gnu::always_inline]] void schedule(Time at, Rank rank, const Payload& payload) {
    schedule_as(reserve(), at, rank, payload);
  }

  /// Takes a place in the order of scheduling, for an event that is put in later.
  [[nodiscard]] std::uint64_t reserve() { return scheduled_++; }

  /// Plans an event under a reserved place.
  [[gnu::always_inline]] void schedule_as(std::uint64_t sequence, Time at, Rank rank, const Payload& payload) {
    assert(at.ns >= 0);
    const auto time = static_cast<std::uint64_t>(at.ns);
    switch (rank) {
      case Rank::mark: return marks_.put(time, sequence, payload);
      case Rank::end: return others_.put(time, sequence, payload);
      case Rank::timer: return others_.put(time, timers_last | sequence, payload);
      case Rank::arrival: return arrivals_.put(time, sequence, payload);
    }
  }

  [[nodiscard]] bool empty() const { return pending() == 0; }
  [[nodiscard]] std::size_t pending() const { return marks_.size() + others_.size() + arrivals_.size(); }
  /// Memory held, in bytes.
  [[nodiscard]] std::size_t bytes() const { return marks_.bytes() + others_.bytes() + arrivals_.bytes(); }
  [[nodiscard]] std::uint64_t fired() const { return fired_; }

  /// The instant of the earliest event; never when there is none.
  [[nodiscard]] Time next_time() {
    last_->close();
    const std::uint64_t first = first_one().first_time();
    constexpr auto never = static_cast<std::uint64_t>(Time::never().ns);
    return {static_cast<std::int64_t>(first < never ? first : never)};
  }

  /// Whether the next event is an end, at this instant.
  [[nodiscard]] bool has_end_at(Time now) {
    last_->close();
    const auto time = static_cast<std::uint64_t>(now.ns);
    return marks_.first_time() > time && others_.first_time() == time && others_.first_order() < timers_last;
  }
  /// How many events have been planned, or given a place in the order.
  [[nodiscard]] std::uint64_t scheduled() const { return scheduled_; }
  static constexpr std::uint64_t most_scheduled = std::uint64_t{1} << 38;

  /// Takes the earliest event out. There must be one. What is given stays valid until another event is scheduled.
  const Payload& fire(Time& now) {
    assert(pending() > 0);
    last_->close();
    last_ = &first_one();
    now = {static_cast<std::int64_t>(last_->first_time())};
    ++fired_;
    return last_->take();
  }

 private:
  static constexpr std::uint64_t timers_last = std::uint64_t{1} << 38;

  /// The tournament of the earliest event.
  Tournament<Payload>& first_one() {
    const std::uint64_t other = others_.first_time(), arrival = arrivals_.first_time();
    const std::uint64_t first = other <= arrival ? other : arrival;
    if (marks_.first_time() <= first) [[unlikely]]
      return marks_;
    return other <= arrival ? others_ : arrivals_;
  }

  Tournament<Payload> marks_, others_, arrivals_;
  Tournament<Payload>* last_ = &marks_;  // of the event that fired last
  std::uint64_t scheduled_ = 0;
  std::uint64_t fired_ = 0;
};

}  // namespace sojourn
