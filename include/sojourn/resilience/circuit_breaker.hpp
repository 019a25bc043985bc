#pragma once
// A circuit breaker: stops calling what keeps failing, and looks from time to time whether it has recovered.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "sojourn/core/describe.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// Calls that take long count against a breaker, too.
struct SlowCall {
  Duration longer_than;
  double rate_threshold = 0.5;

  static constexpr std::string_view sentence = "calls that take long count against the breaker, too";
  static constexpr auto fields() {
    return std::tuple{required("longer_than", &SlowCall::longer_than, "a call that takes longer is slow", more_than(0)),
                      optional("rate_threshold", &SlowCall::rate_threshold,
                               "share of slow calls that opens the breaker", probability())};
  }
};

/// When a breaker opens, for how long, and how it closes again. One for each calling service and operation.
struct CircuitBreakerRules {
  double failure_rate_threshold = 0.5;
  std::uint32_t window = 100;
  std::uint32_t minimum_calls = 20;
  Duration wait_in_open{5'000'000'000};
  std::uint32_t permitted_calls_in_half_open = 5;
  std::optional<SlowCall> slow_call;

  static constexpr std::string_view sentence = "stops calling what keeps failing";
  static constexpr auto fields() {
    using R = CircuitBreakerRules;
    return std::tuple{
        optional("failure_rate_threshold", &R::failure_rate_threshold,
                 "share of the window's calls that failed, timed out or were refused, from which it opens",
                 Bound{.minimum = 0, .maximum = 1, .above_minimum = true}),
        optional("window", &R::window, "how many last calls are judged", between(1, 1e6)),
        optional("minimum_calls", &R::minimum_calls, "calls in the window before it may open", between(1, 1e6)),
        optional("wait_in_open", &R::wait_in_open, "how long it stays open"),
        optional("permitted_calls_in_half_open", &R::permitted_calls_in_half_open,
                 "calls let through afterwards; when they have ended their share decides", between(1, 1e6)),
        optional("slow_call", &R::slow_call, "calls that take long count, too")};
  }
};

/// A count-based breaker as in resilience4j: closed, open, half-open; every change of state empties the window, and an
/// outcome that arrives after a change of state is ignored.
class CircuitBreaker {
 public:
  CircuitBreaker() = default;
  explicit CircuitBreaker(const CircuitBreakerRules& rules) : rules_(rules) {}

  /// Names the state in which a call was let through; outcomes are reported with it.
  using Permit = std::uint64_t;

  /// Asks to let a call through; nothing when the breaker is open, or half-open with all permitted calls out.
  [[nodiscard]] std::optional<Permit> admit(Time now) {
    if (state_ == State::open) {
      if (now < open_until_) return std::nullopt;
      change_to(State::half_open);
    }
    if (state_ == State::half_open) {
      if (admitted_ >= rules_.permitted_calls_in_half_open) return std::nullopt;
      ++admitted_;
    }
    return epoch_;
  }

  /// Reports how a call that was let through ended, and how long it took.
  void report(Permit permit, Time now, bool failed, Duration took) {
    if (permit != epoch_) return;
    const bool slow = rules_.slow_call && took > rules_.slow_call->longer_than;
    const std::size_t limit = state_ == State::half_open ? rules_.permitted_calls_in_half_open : rules_.window;
    record(limit, static_cast<std::uint8_t>((failed ? 1 : 0) | (slow ? 2 : 0)));
    if (state_ == State::half_open) {
      if (calls_.size() < limit) return;
      if (too_bad()) return open(now);
      return change_to(State::closed);
    }
    if (calls_.size() >= rules_.minimum_calls && too_bad()) open(now);
  }

  /// Gives a permit back whose call was lost with its caller: its outcome will never be known, and another may look.
  void withdraw(Permit permit) {
    if (permit == epoch_ && state_ == State::half_open) --admitted_;
  }

  [[nodiscard]] bool is_open(Time now) const { return state_ == State::open && now < open_until_; }

 private:
  enum class State : std::uint8_t { closed, open, half_open };

  void record(std::size_t limit, std::uint8_t call) {
    if (calls_.size() < limit) {
      calls_.push_back(call);
    } else {
      count(calls_[oldest_], -1);
      calls_[oldest_] = call;
      oldest_ = (oldest_ + 1) % limit;
    }
    count(call, +1);
  }
  void count(std::uint8_t call, int by) {
    failed_ += (call & 1) != 0 ? by : 0;
    slow_ += (call & 2) != 0 ? by : 0;
  }
  [[nodiscard]] bool too_bad() const {
    const auto n = static_cast<double>(calls_.size());
    if (static_cast<double>(failed_) >= rules_.failure_rate_threshold * n - 1e-9) return true;
    return rules_.slow_call && static_cast<double>(slow_) >= rules_.slow_call->rate_threshold * n - 1e-9;
  }
  void open(Time now) {
    change_to(State::open);
    open_until_ = now + rules_.wait_in_open;
  }
  void change_to(State state) {
    state_ = state;
    ++epoch_;
    calls_.clear();
    oldest_ = 0;
    failed_ = slow_ = 0;
    admitted_ = 0;
  }

  CircuitBreakerRules rules_;
  State state_ = State::closed;
  Permit epoch_ = 0;
  Time open_until_;
  std::uint64_t admitted_ = 0;       // in half-open
  std::vector<std::uint8_t> calls_;  // bit 0: failed, bit 1: slow; a ring once it is full
  std::size_t oldest_ = 0;
  std::int64_t failed_ = 0, slow_ = 0;
};

}  // namespace sojourn
