#include "sojourn/core/time.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

using namespace sojourn;
using namespace sojourn::literals;

TEST_CASE("durations are read exactly", "[core]") {
  const std::vector<std::pair<std::string, std::int64_t>> cases{{"250ms", 250'000'000},
                                                                {"1.5s", 1'500'000'000},
                                                                {"0s", 0},
                                                                {"1h30m", 5'400'000'000'000},
                                                                {"1h30min", 5'400'000'000'000},
                                                                {"1m30s", 90'000'000'000},
                                                                {"2d", 172'800'000'000'000},
                                                                {"7ns", 7},
                                                                {"0.1us", 100},
                                                                {"1.000000001s", 1'000'000'001},
                                                                {"1.0s", 1'000'000'000},
                                                                {"0.3ms", 300'000},
                                                                {"106751d", 9'223'286'400'000'000'000}};
  for (const auto& [text, ns] : cases) {
    INFO(text);
    REQUIRE(parse_duration(text));
    CHECK(parse_duration(text)->ns == ns);
  }
}

TEST_CASE("what is no duration is refused", "[core]") {
  for (const std::string text : {"",      "250",  "ms",    "5 parsecs", "5parsecs", "-1s",     "+1s",
                                 "1e3s",  "1,5s", "10 ms", " 1s",       "1s ",      "1.s",     ".5s",
                                 "1..5s", "1s1h", "1s1s",  "NaN",       "inf",      "106752d", "999999999999999999999s",
                                 "0x10s", "1.5",  "1S"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("durations are written so that they are read back as the same", "[core]") {
  CHECK(to_text(0_ns) == "0s");
  CHECK(to_text(250_ms) == "250ms");
  CHECK(to_text(1500_ms) == "1.5s");
  CHECK(to_text(90_s) == "90s");
  CHECK(to_text(2_min) == "2min");
  CHECK(to_text(Duration{5'400'000'000'000}) == "90min");
  CHECK(to_text(Duration{7'200'000'000'000}) == "2h");
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const Duration duration{static_cast<std::int64_t>(mix(i + 1) >> (2 + i % 60))};
    INFO(to_text(duration));
    CHECK(parse_duration(to_text(duration)) == duration);
  }
}

TEST_CASE("rates are read in every unit of time", "[core]") {
  CHECK(parse_rate("80/s")->per_second == 80);
  CHECK(parse_rate("1.5k/s")->per_second == 1500);
  CHECK(parse_rate("2M/s")->per_second == 2e6);
  CHECK(parse_rate("4800/min")->per_second == Approx(80).epsilon(1e-15));
  CHECK(parse_rate("1000/h")->per_second == Approx(1000.0 / 3600).epsilon(1e-15));
  CHECK(parse_rate("0/s")->per_second == 0);
  for (const std::string text : {"", "80", "/s", "80/", "80 /s", "80/parsec", "-1/s", "1e3/s", "80/s/s", "80ms"}) {
    INFO(text);
    CHECK_FALSE(parse_rate(text));
  }
  for (const double value : {80.0, 0.25, 1500.0, 0.000001})
    CHECK(parse_rate(to_text(Rate{value}))->per_second == value);
}

TEST_CASE("sums saturate instead of overflowing", "[core]") {
  CHECK(Duration::never() + 1_ns == Duration::never());
  CHECK(1_s + 1_ms == Duration{1'001'000'000});
  CHECK(5_s - 3_s == 2_s);
}

TEST_CASE("nanoseconds are rounded to the nearest, and absurd ones saturate", "[core]") {
  CHECK(from_ns(0.49).ns == 0);
  CHECK(from_ns(0.5).ns == 1);
  CHECK(from_ns(1e9) == 1_s);
  CHECK(from_ns(-5).ns == 0);
  CHECK(from_ns(1e30) == Duration::never());
  CHECK(from_ns(std::numeric_limits<double>::infinity()) == Duration::never());
  CHECK(from_ns(std::numeric_limits<double>::quiet_NaN()).ns == 0);
}
