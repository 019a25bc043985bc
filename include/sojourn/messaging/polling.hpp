#pragma once
// Consumers that look for messages from time to time, each on its own clock. The looks that find nothing are not events:
// when the next one is follows from when its consumer looked last.

#include <cstdint>
#include <map>

#include "sojourn/core/time.hpp"

namespace sojourn {

/// The idle ones among the consumers of a subscription. All of them look at time 0, and from their last look on again
/// after every interval.
class PollingConsumers {
 public:
  PollingConsumers() = default;
  PollingConsumers(Duration interval, std::uint32_t consumers) : interval_(interval) { idle_[0] = consumers; }

  /// A consumer has finished, and looks now.
  void finishes(Time now) { ++idle_[phase(now)]; }
  /// Whether an idle consumer looks just now.
  [[nodiscard]] bool somebody_looks(Time now) const { return idle_.contains(phase(now)); }
  /// One that looks just now takes a message.
  void takes(Time now) {
    const auto at = idle_.find(phase(now));
    if (--at->second == 0) idle_.erase(at);
  }
  /// The first look of an idle consumer that is not before this time; never when nobody is idle.
  [[nodiscard]] Time next_look(Time from) const {
    if (idle_.empty()) return Time::never();
    const std::int64_t now = phase(from);
    const auto later = idle_.lower_bound(now);
    const std::int64_t wait = later != idle_.end() ? later->first - now : idle_.begin()->first + interval_.ns - now;
    return from + Duration{wait};
  }

 private:
  [[nodiscard]] std::int64_t phase(Time at) const { return at.ns % interval_.ns; }

  Duration interval_{1};
  std::map<std::int64_t, std::uint32_t> idle_;  // time of a look modulo the interval -> consumers
};

}  // namespace sojourn
