#pragma once
// What stands between a caller and its callee: breakers, limits and budgets, one for each calling service and operation.

#include <cstdint>
#include <optional>

#include "sojourn/core/time.hpp"
#include "sojourn/resilience/circuit_breaker.hpp"
#include "sojourn/resilience/limits.hpp"
#include "sojourn/resilience/retry.hpp"
#include "sojourn/resilience/token_bucket.hpp"
#include "sojourn/system/measurements.hpp"

namespace sojourn {

/// The rules of one calling service and operation; those of its first call that has them.
struct CallRules {
  std::optional<CircuitBreakerRules> breaker;
  std::optional<RateLimit> rate_limit;
  std::optional<Bulkhead> bulkhead;
  std::optional<double> budget;
};

/// Their state in a run.
struct CallGuards {
  CircuitBreaker breaker;
  TokenBucket tokens;
  RetryBudget budget;
  std::uint32_t calls_at_once = 0;

  CallGuards() = default;
  explicit CallGuards(const CallRules& rules)
      : breaker(rules.breaker.value_or(CircuitBreakerRules{})),
        tokens(rules.rate_limit ? TokenBucket(*rules.rate_limit) : TokenBucket()),
        budget(rules.budget.value_or(0)) {}
};

/// The attempt that is under way in a call with guards or copies.
struct Attempt {
  CircuitBreaker::Permit permit = 0;
  Time began;
  bool admitted = false;      ///< past the breaker: its outcome is reported
  bool holds_permit = false;  ///< of the bulkhead
  std::uint32_t copies = 0;   ///< sent so far
  std::uint32_t failed = 0;   ///< of them
};

inline bool is_success(Outcome outcome) { return outcome == Outcome::succeeded || outcome == Outcome::degraded; }

/// Whether it is an answer: nothing is tried again after it.
inline bool is_final(Outcome outcome) { return is_success(outcome) || outcome == Outcome::declined; }

/// Whether a retry answers to this outcome.
inline bool is_tried_again(const Retry& retry, Outcome outcome) {
  switch (outcome) {
    case Outcome::failed: return retry.answers_to(RetryOn::failed);
    case Outcome::refused: return retry.answers_to(RetryOn::refused);
    case Outcome::timed_out: return retry.answers_to(RetryOn::timed_out);
    case Outcome::open: return retry.answers_to(RetryOn::open);
    case Outcome::succeeded:
    case Outcome::degraded:
    case Outcome::declined: break;
  }
  return false;
}

}  // namespace sojourn
