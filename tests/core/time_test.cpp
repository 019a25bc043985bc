#include "sojourn/core/time.hpp"

#include <cmath>
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
                                                                {"1d2h3min4s5ms6us7ns", 93'784'005'006'007},
                                                                {"1.5h30m", 7'200'000'000'000},
                                                                {"0.000000000000000001d", 0},
                                                                {"9007199254740993ns", 9'007'199'254'740'993},
                                                                {"9223372036.854775806s", 9'223'372'036'854'775'806},
                                                                {"106751d", 9'223'286'400'000'000'000}};
  for (const auto& [text, ns] : cases) {
    INFO(text);
    REQUIRE(parse_duration(text));
    CHECK(parse_duration(text)->ns == ns);
  }
}

TEST_CASE("what is no duration is refused", "[core]") {
  for (const std::string text : {"",
                                 "250",
                                 "ms",
                                 "5 parsecs",
                                 "5parsecs",
                                 "-1s",
                                 "+1s",
                                 "1e3s",
                                 "1,5s",
                                 "10 ms",
                                 " 1s",
                                 "1s ",
                                 "1.s",
                                 ".5s",
                                 "1..5s",
                                 "1s1h",
                                 "1s1s",
                                 "NaN",
                                 "inf",
                                 "106752d",
                                 "999999999999999999999s",
                                 "0x10s",
                                 "1.5",
                                 "1S",
                                 "1m1min",
                                 "30m1h",
                                 "9223372036.854775807s",
                                 "106751d23h47m16s854775807ns",
                                 "1000000000000000000000000000000000ns"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("parts of a nanosecond are rounded to the nearest", "[core]") {
  CHECK(parse_duration("0.5ns") == 1_ns);
  CHECK(parse_duration("0.49999999999999999999ns") == 0_ns);
  CHECK(parse_duration("1.0004us") == 1000_ns);
  CHECK(parse_duration("1.0005us") == 1001_ns);
}

TEST_CASE("durations are written so that they are read back as the same", "[core]") {
  CHECK(to_text(0_ns) == "0s");
  CHECK(to_text(250_ms) == "250ms");
  CHECK(to_text(1500_ms) == "1.5s");
  CHECK(to_text(90_s) == "90s");
  CHECK(to_text(2_min) == "2min");
  CHECK(to_text(Duration{5'400'000'000'000}) == "90min");
  CHECK(to_text(Duration{7'200'000'000'000}) == "2h");
  CHECK(to_text(60_s) == "1min");
  CHECK(to_text(Duration{1'234'500}) == "1.2345ms");
  CHECK(to_text(Duration{1'000'001}) == "1000001ns");
  CHECK(to_text(Duration{1'500'000'001}) == "1.500000001s");
  CHECK(to_text(Duration::never()) == "never");
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
  CHECK(parse_rate("80/m") == parse_rate("80/min"));
  CHECK(parse_rate("3/ms")->per_second == 3000);
  CHECK(parse_rate("0.5/us")->per_second == 500'000);
  CHECK(parse_rate("2/ns")->per_second == 2e9);
  CHECK(parse_rate("24/d") == parse_rate("1/h"));
  CHECK(parse_rate("0.1k/s") == parse_rate("100/s"));
  CHECK_FALSE(parse_rate("999999999999999999999999999999M/ns"));
}

TEST_CASE("a rate is the double nearest to what is written", "[core]") {
  CHECK(parse_rate("1/h")->per_second == 1.0 / 3600);
  CHECK(parse_rate("0.1/s")->per_second == 0.1);
  CHECK(parse_rate("0.000001/s")->per_second == 1e-6);
  CHECK(parse_rate("9007199254740993/s")->per_second == 9007199254740992);    // a tie, to even
  CHECK(parse_rate("9007199254740993.1/s")->per_second == 9007199254740994);  // just above it
  CHECK(parse_rate("123456.7890123456789/s")->per_second == 123456.7890123456789);
  CHECK(parse_rate("0.30000000000000004/s")->per_second == 0.30000000000000004);
}

TEST_CASE("rates are written so that they are read back as the same", "[core]") {
  CHECK(to_text(Rate{0}) == "0/s");
  CHECK(to_text(Rate{80}) == "80/s");
  CHECK(to_text(Rate{0.25}) == "0.25/s");
  CHECK(to_text(Rate{0.1}) == "0.1/s");
  CHECK(to_text(Rate{1e-6}) == "0.000001/s");
  CHECK(to_text(Rate{1000.0 / 3600}) == "0.2777777777777778/s");
  CHECK(to_text(Rate{1e18}) == "1000000000000000000/s");
  CHECK(to_text(Rate{std::numeric_limits<double>::infinity()}) == "more than 9e18/s");
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const double fraction = 1 + static_cast<double>(mix(i, 1) >> 12) * 0x1p-52;
    const Rate rate{std::ldexp(fraction, static_cast<int>(mix(i, 2) % 95) - 33)};  // from 1e-10 to 4e18
    INFO(to_text(rate));
    CHECK(parse_rate(to_text(rate)) == rate);
  }
}

TEST_CASE("sums saturate instead of overflowing", "[core]") {
  CHECK(Duration::never() + 1_ns == Duration::never());
  CHECK(1_s + 1_ms == Duration{1'001'000'000});
  CHECK(5_s - 3_s == 2_s);
}

TEST_CASE("nanoseconds are rounded to the nearest, and absurd ones saturate", "[core]") {
  CHECK(from_ns(0.49).ns == 0);
  CHECK(from_ns(0.5).ns == 1);
  CHECK(from_ns(0.49999999999999994).ns == 0);
  CHECK(from_ns(1e9) == 1_s);
  CHECK(from_ns(2.5).ns == 3);
  CHECK(from_ns(3.5).ns == 4);
  CHECK(from_ns(0x1p51 - 0.5).ns == std::int64_t{1} << 51);
  CHECK(from_ns(0x1p51 + 0.5).ns == (std::int64_t{1} << 51) + 1);
  CHECK(from_ns(4503599627370497).ns == 4503599627370497);  // where adding a half would round to even
  CHECK(from_ns(0x1p63 - 1024).ns == std::numeric_limits<std::int64_t>::max() - 1023);
  CHECK(from_ns(0x1p63) == Duration::never());
  CHECK(from_ns(-5).ns == 0);
  CHECK(from_ns(1e30) == Duration::never());
  CHECK(from_ns(std::numeric_limits<double>::infinity()) == Duration::never());
  CHECK(from_ns(std::numeric_limits<double>::quiet_NaN()).ns == 0);
}
