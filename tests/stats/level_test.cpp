#include "sojourn/stats/level.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

namespace sojourn {

using namespace literals;

TEST_CASE("a level integrates over its window") {
  Level level(0_ns, 100_ns);
  level.add(10_ns, 1);
  level.add(30_ns, 1);
  level.add(40_ns, -2);
  CHECK(level.current() == 0);
  CHECK(level.integral_at(100_ns) == 1 * 20 + 2 * 10);
  level.set(90_ns, 7);
  CHECK(level.integral_at(95_ns) == 40 + 35);
  CHECK(level.integral_at(100_ns) == 40 + 70);
  CHECK(level.maximum() == 7);
}

TEST_CASE("a level is clipped to its window on both sides") {
  Level level(50_ns, 80_ns);
  level.set(10_ns, 9);
  level.set(20_ns, 3);  // what the window starts with
  CHECK(level.integral_at(40_ns) == 0);
  level.set(60_ns, 4);
  level.set(70_ns, 2);
  CHECK(level.integral_at(70_ns) == 3 * 10 + 4 * 10);
  level.set(90_ns, 100);
  CHECK(level.integral_at(95_ns) == 30 + 40 + 2 * 10);
  level.add(95_ns, 1);
  CHECK(level.integral_at(1000_ns) == 90);
  CHECK(level.maximum() == 4);  // neither 9, before the window, nor 100, after it
  CHECK(level.current() == 101);
}

TEST_CASE("a level that passes within one instant does not count") {
  Level level(0_ns, 100_ns, 2);
  level.add(10_ns, 5);
  level.add(10_ns, -5);
  level.set(20_ns, 3);
  CHECK(level.maximum() == 3);
  CHECK(level.integral_at(100_ns) == 2 * 20 + 3 * 80);
}

TEST_CASE("a change at the window's end is outside, one at its start inside") {
  Level level(50_ns, 80_ns, 1);
  level.set(50_ns, 2);
  level.set(80_ns, 6);
  CHECK(level.maximum() == 2);
  CHECK(level.integral_at(200_ns) == 60);
  Level before(50_ns, 80_ns, 1);
  before.set(0_ns, 5);
  CHECK(before.maximum() == 5);
  CHECK(before.integral_at(80_ns) == 150);
}

TEST_CASE("a maximum that is forgotten is looked for anew") {
  Level level(0_ns, 100_ns);
  level.set(10_ns, 9);
  level.set(20_ns, 3);
  level.forget_maximum(30_ns);
  CHECK(level.maximum() == 3);  // what lasts when the search begins
  level.set(40_ns, 5);
  level.set(50_ns, 1);
  CHECK(level.maximum() == 5);
  CHECK(level.integral_at(60_ns) == 9 * 10 + 3 * 20 + 5 * 10 + 1 * 10);
}

TEST_CASE("an empty window holds nothing") {
  Level level(50_ns, 50_ns, 4);
  level.set(60_ns, 5);
  CHECK(level.integral_at(100_ns) == 0);
  CHECK(level.maximum() == 0);
  CHECK(level.current() == 5);
}

TEST_CASE("an integral past 64 bits is exact") {
  const Time end = Duration::never();
  Level level(0_ns, end);
  level.set(0_ns, 1'000'000'000);
  CHECK(level.integral_at(end) == Int128{1'000'000'000} * std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("many changes agree with a sum over every instant") {
  Level level(100_ns, 900_ns);
  Int128 expected = 0;
  std::int64_t current = 0, most = 0;
  for (std::int64_t t = 0; t < 1000; ++t) {
    if (mix(5, static_cast<std::uint64_t>(t)) % 3 == 0) {
      const int delta = mix(6, static_cast<std::uint64_t>(t)) % 2 == 0 || current == 0 ? 1 : -1;
      current += delta;
      level.add({t}, delta);
    }
    if (t >= 100 && t < 900) {
      expected += current;
      most = std::max(most, current);
    }
  }
  CHECK(level.integral_at(1000_ns) == expected);
  CHECK(level.maximum() == most);
  CHECK(most > 2);
}

}  // namespace sojourn
