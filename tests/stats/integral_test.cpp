#include "sojourn/stats/integral.hpp"

#include "sojourn/core/hash.hpp"
#include "sojourn/stats/level.hpp"
#include "support/catch.hpp"

namespace sojourn {

using namespace literals;

TEST_CASE("an integral counts each step from its instant on") {
  Integral integral;
  CHECK(integral.at(50_ns) == 0);
  integral.rise(10_ns);
  integral.rise(30_ns);
  CHECK(integral.current() == 2);
  CHECK(integral.at(30_ns) == 20);
  integral.fall(40_ns);
  CHECK(integral.at(100_ns) == 1 * 20 + 2 * 10 + 1 * 60);
  integral.fall(100_ns);
  CHECK(integral.current() == 0);
  CHECK(integral.at(1000_ns) == 100);
}

TEST_CASE("an integral and a level agree over a random life") {
  Integral integral;
  Level level(Time{}, Time::never());
  std::int64_t now = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    now += static_cast<std::int64_t>(mix(i) % 1'000'000'000'000);  // past 64 bits in the end
    const bool up = level.current() == 0 || mix(i + 7, i) % 2 == 0;
    if (up)
      integral.rise({now});
    else
      integral.fall({now});
    level.add({now}, up ? 1 : -1);
    REQUIRE((integral.at({now + 5}) == level.integral_at({now + 5})));
  }
}

}  // namespace sojourn
