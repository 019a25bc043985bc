#include "sojourn/kernel/calendar.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

using namespace sojourn;
using namespace sojourn::literals;

namespace {

std::vector<int> fire_all(Calendar<int>& calendar) {
  std::vector<int> order;
  Time now;
  while (!calendar.empty()) order.push_back(calendar.fire(now));
  return order;
}

}  // namespace

TEST_CASE("events fire in the order of time", "[kernel]") {
  Calendar<int> calendar;
  calendar.schedule(3_ms, Rank::end, 3);
  calendar.schedule(1_ms, Rank::end, 1);
  calendar.schedule(2_ms, Rank::end, 2);
  CHECK(calendar.next_time() == 1_ms);
  CHECK(fire_all(calendar) == std::vector{1, 2, 3});
  CHECK(calendar.next_time() == Time::never());
}

TEST_CASE("at one instant marks come before ends, ends before timers, timers before arrivals", "[kernel]") {
  Calendar<int> calendar;
  calendar.schedule(1_ms, Rank::arrival, 4);
  calendar.schedule(1_ms, Rank::timer, 3);
  calendar.schedule(1_ms, Rank::end, 2);
  calendar.schedule(1_ms, Rank::mark, 1);
  CHECK(fire_all(calendar) == std::vector{1, 2, 3, 4});
}

TEST_CASE("among equals the order of scheduling decides, also when slots are used again", "[kernel]") {
  Calendar<int> calendar;
  Time now;
  for (int i = 0; i < 40; ++i) calendar.schedule(5_ms, Rank::timer, i);
  for (int i = 0; i < 20; ++i) {
    CHECK(calendar.fire(now) == i);
    calendar.schedule(5_ms, Rank::timer, 40 + i);  // takes the slot of an older event
  }
  const std::vector<int> rest = fire_all(calendar);
  REQUIRE(rest.size() == 40);
  for (int i = 0; i < 40; ++i) CHECK(rest[static_cast<std::size_t>(i)] == 20 + i);
}

TEST_CASE("the calendar agrees with a sorted list over a long random life", "[kernel]") {
  using Entry = std::tuple<std::int64_t, int, std::uint64_t>;  // time, rank, sequence
  Calendar<std::uint64_t> calendar;
  std::vector<Entry> list;
  std::uint64_t sequence = 0, state = 7;
  Time now;
  const auto random = [&](std::uint64_t n) { return (state = mix(state + 0x9e3779b97f4a7c15ULL)) % n; };
  for (int round = 0; round < 20'000; ++round) {
    const bool grow = random(100) < (round < 10'000 ? 55U : 45U);
    if (grow || calendar.empty()) {
      const auto at = now.ns + static_cast<std::int64_t>(random(50));
      const auto rank = static_cast<int>(random(4));
      calendar.schedule({at}, static_cast<Rank>(rank), sequence);
      list.emplace_back(at, rank, sequence++);
    } else {
      const auto first = std::min_element(list.begin(), list.end());
      REQUIRE(calendar.fire(now) == std::get<2>(*first));
      REQUIRE(now.ns == std::get<0>(*first));
      list.erase(first);
    }
    REQUIRE(calendar.pending() == list.size());
  }
}
