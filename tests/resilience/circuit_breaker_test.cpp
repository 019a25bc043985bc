// The circuit breaker by itself.
#include "sojourn/resilience/circuit_breaker.hpp"

#include "support/catch.hpp"

using namespace sojourn;

namespace {

constexpr Time second(int n) { return Time{std::int64_t{n} * 1'000'000'000}; }
constexpr Duration soon{1'000'000};

/// A call that is let through and ends at once.
bool passes(CircuitBreaker& breaker, Time now, bool fails, Duration took = soon) {
  const auto permit = breaker.admit(now);
  if (permit) breaker.report(*permit, now, fails, took);
  return permit.has_value();
}

}  // namespace

TEST_CASE("a breaker judges as many last calls as its window holds", "[resilience]") {
  CircuitBreaker breaker({.failure_rate_threshold = 0.5, .window = 4, .minimum_calls = 4, .slow_call = {}});
  for (const bool fails : {true, false, false, false, true}) CHECK(passes(breaker, second(1), fails));
  CHECK_FALSE(breaker.is_open(second(1)));  // the first failure has left the window
  CHECK(passes(breaker, second(1), true));
  CHECK(breaker.is_open(second(1)));
}

TEST_CASE("a breaker needs its minimum of calls", "[resilience]") {
  CircuitBreaker breaker({.window = 10, .minimum_calls = 3, .slow_call = {}});
  CHECK(passes(breaker, second(1), true));
  CHECK(passes(breaker, second(1), true));
  CHECK_FALSE(breaker.is_open(second(1)));
  CHECK(passes(breaker, second(1), false));
  CHECK(breaker.is_open(second(1)));
}

TEST_CASE("an open breaker lets a few calls look again, whose share decides", "[resilience]") {
  for (const bool fails : {false, true}) {
    CircuitBreaker breaker({.window = 2,
                            .minimum_calls = 2,
                            .wait_in_open = second(5) - second(0),
                            .permitted_calls_in_half_open = 2,
                            .slow_call = {}});
    passes(breaker, second(1), true);
    passes(breaker, second(1), true);
    CHECK_FALSE(breaker.admit(second(5)));
    const auto first = breaker.admit(second(6));
    const auto other = breaker.admit(second(6));
    REQUIRE(first);
    REQUIRE(other);
    CHECK_FALSE(breaker.admit(second(6)));
    breaker.report(*first, second(7), false, soon);
    CHECK_FALSE(breaker.admit(second(7)));  // not before both have ended
    breaker.report(*other, second(7), fails, soon);
    CHECK(breaker.admit(second(7)).has_value() != fails);
  }
}

TEST_CASE("every change of state empties the window, and late outcomes are ignored", "[resilience]") {
  CircuitBreaker breaker({.window = 2,
                          .minimum_calls = 2,
                          .wait_in_open = second(1) - second(0),
                          .permitted_calls_in_half_open = 1,
                          .slow_call = {}});
  const auto late = breaker.admit(second(1));
  REQUIRE(late);
  passes(breaker, second(1), true);
  passes(breaker, second(1), true);
  CHECK(passes(breaker, second(3), false));  // closes it
  breaker.report(*late, second(3), true, soon);
  CHECK(passes(breaker, second(3), true));  // the first of a new window
  CHECK_FALSE(breaker.is_open(second(3)));
  CHECK(passes(breaker, second(3), true));
  CHECK(breaker.is_open(second(3)));
}

TEST_CASE("a call that is lost with its caller lets another look", "[resilience]") {
  CircuitBreaker breaker({.window = 1,
                          .minimum_calls = 1,
                          .wait_in_open = second(1) - second(0),
                          .permitted_calls_in_half_open = 1,
                          .slow_call = {}});
  passes(breaker, second(1), true);
  const auto lost = breaker.admit(second(2));
  REQUIRE(lost);
  CHECK_FALSE(breaker.admit(second(2)));
  breaker.withdraw(*lost);
  CHECK(passes(breaker, second(2), false));
  CHECK(passes(breaker, second(2), false));
}

TEST_CASE("slow calls open a breaker by a share of their own", "[resilience]") {
  CircuitBreaker breaker(
      {.window = 4, .minimum_calls = 2, .slow_call = SlowCall{.longer_than = soon, .rate_threshold = 0.75}});
  CHECK(passes(breaker, second(1), false, soon));  // exactly as long is not longer
  for (int i = 0; i < 2; ++i) CHECK(passes(breaker, second(1), false, soon + soon));
  CHECK_FALSE(breaker.is_open(second(1)));
  CHECK(passes(breaker, second(1), false, soon + soon));
  CHECK(breaker.is_open(second(1)));
}
