// The axes of a sweep: what their texts mean, and what is refused before anything is expanded.

#include "sojourn/io/axis.hpp"

#include <cstdint>

#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

using namespace sojourn;
using Catch::Contains;
using Words = std::vector<std::string>;

namespace {

Words values(const std::string& text) {
  const AxisResult result = parse_axis("/a=" + text);
  INFO(result.problem);
  REQUIRE(result.axis.has_value());
  return result.axis->values;
}

std::string problem(const std::string& text) {
  const AxisResult result = parse_axis(text);
  CHECK_FALSE(result.axis.has_value());
  return result.problem;
}

}  // namespace

TEST_CASE("a range has its ends, and even steps between them") {
  CHECK(values("1..4:4") == Words{"1", "2", "3", "4"});
  CHECK(values("1..4:3") == Words{"1", "2.5", "4"});
  CHECK(values("8..2:4") == Words{"8", "6", "4", "2"});
  CHECK(values("-1..1:3") == Words{"-1", "0", "1"});
  CHECK(values("0.1..0.5:5") == Words{"0.1", "0.2", "0.3", "0.4", "0.5"});
  CHECK(values("20/s..200/s:4") == Words{"20/s", "80/s", "140/s", "200/s"});
  CHECK(values("1.5k/s..2.5k/s:3") == Words{"1.5k/s", "2k/s", "2.5k/s"});
  CHECK(values("60/min..3/s:3") == Words{"60/min", "2/s", "3/s"});
  CHECK(values("500ms..2s:4") == Words{"500ms", "1s", "1.5s", "2s"});
  CHECK(values("10ms..20ms:4") == Words{"10ms", "13.333333ms", "16.666667ms", "20ms"});
}

TEST_CASE("logarithmic steps are factors, in four digits") {
  CHECK(values("1..64:7:log") == Words{"1", "2", "4", "8", "16", "32", "64"});
  CHECK(values("20/s..2000/s:5:log") == Words{"20/s", "63.25/s", "200/s", "632.5/s", "2000/s"});
  CHECK(values("1ms..1s:4:log") == Words{"1ms", "10ms", "100ms", "1s"});
}

TEST_CASE("a list holds anything, and commas in brackets and strings do not part it") {
  CHECK(values("2,4,8") == Words{"2", "4", "8"});
  CHECK(values("fifo,lifo") == Words{"fifo", "lifo"});
  CHECK(values(R"({"a":1,"b":[2,3]},"x,\"y",7)") == Words{R"({"a":1,"b":[2,3]})", R"("x,\"y")", "7"});
}

TEST_CASE("the values are numbers where all of them can be") {
  const auto axis = [](const std::string& text) { return parse_axis("/a=" + text).axis.value(); };
  CHECK(axis("250ms,1s").number(0) == 0.25);
  CHECK(axis("120/min,3/s").number(0) == 2.0);
  CHECK(axis("2,4").number(1) == 4.0);
  CHECK(axis("2,unlimited").kind == Axis::Kind::text);
  CHECK_FALSE(axis("2,unlimited").number(0).has_value());
}

TEST_CASE("what is no axis is refused in words") {
  CHECK_THAT(problem("/a"), Contains("POINTER=VALUES"));
  CHECK_THAT(problem("a=1,2"), Contains("POINTER=VALUES"));
  CHECK_THAT(problem("=1,2"), Contains("POINTER=VALUES"));
  CHECK_THAT(problem("/a=4"), Contains("--set"));
  CHECK_THAT(problem("/a=1,,2"), Contains("between the commas"));
  CHECK_THAT(problem("/a=1,2,1"), Contains("every value once"));
  CHECK_THAT(problem("/a=1..3,5"), Contains("one range"));
  CHECK_THAT(problem("/a=1..3"), Contains("number of steps"));
  CHECK_THAT(problem("/a=1..3:1"), Contains("from 2"));
  CHECK_THAT(problem("/a=1..3:2.5"), Contains("from 2"));
  CHECK_THAT(problem("/a=1..3:4:lin"), Contains(":log"));
  CHECK_THAT(problem("/a=1..3:4:log:2"), Contains(":log"));
  CHECK_THAT(problem("/a=1..2s:4"), Contains("two durations"));
  CHECK_THAT(problem("/a=0..2:4:log"), Contains("above 0"));
  CHECK_THAT(problem("/a=1ns..3ns:9"), Contains("every value once"));
}

TEST_CASE("a grid is the product of its axes, the last one fastest") {
  const auto grid = parse_grid({"/a=1,2", "/b=x,y,z"}).grid.value();
  CHECK(grid.cells() == 6);
  CHECK(grid.sets(0) == Words{"/a=1", "/b=x"});
  CHECK(grid.sets(1) == Words{"/a=1", "/b=y"});
  CHECK(grid.sets(5) == Words{"/a=2", "/b=z"});
}

TEST_CASE("a grid of too many cells is refused before it is expanded") {
  CHECK_THAT(problem("/a=1..2:1000000000000000000000000000000"), Contains("at most 100000 steps"));
  Words axes;
  for (int i = 0; i < 30; ++i) axes.push_back("/a" + std::to_string(i) + "=1..10:10");
  const GridResult huge = parse_grid(axes);
  CHECK_FALSE(huge.grid.has_value());
  CHECK_THAT(huge.problems.at(0), Contains("100000 cells") && Contains("1e30"));
  CHECK(parse_grid({"/a=1..1000:1000", "/b=1..100:100"}).grid.has_value());
  CHECK_THAT(parse_grid({"/a=1,2", "/a/b=3,4"}).problems.at(0), Contains("lies within"));
  CHECK_THAT(parse_grid({"/a=1,2", "/a=3,4"}).problems.at(0), Contains("lies within"));
  CHECK(parse_grid({"/a=1,2", "/ab=3,4"}).grid.has_value());
  CHECK(parse_grid({"/a", "/b", "/c=1,2"}).problems.size() == 2);
}

TEST_CASE("columns are named after the end of their pointers, the unit last") {
  const auto names = [](const Words& axes) { return column_names(parse_grid(axes).grid.value().axes); };
  CHECK(names({"/clients/shoppers/arrivals/poisson=1/s,2/s", "/services/inventory/workers=1,2"}) ==
        Words{"arrivals_poisson_per_s", "inventory_workers"});
  CHECK(names({"/services/a/operations/place_order/1/timeout=1s,2s"}) == Words{"place_order_timeout_s"});
  CHECK(names({"/a/x/workers=1,2", "/b/x/workers=1,2"}) == Words{"at_a_x_workers", "at_b_x_workers"});
  CHECK(names({"/variant=1,2"}) == Words{"at_variant"});
}

TEST_CASE("random bytes are an axis or a problem") {
  std::uint64_t random = 1;
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>((random = mix(random + 1)) % n); };
  constexpr std::string_view likely = "/=..::,,0123456789smlog{}[]\"\\e+-k~\n\x80";
  int axes = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = below(2) == 0 ? "/a=" : "/a=1..";
    for (std::size_t n = below(14); n > 0; --n) text += likely[below(likely.size())];
    const AxisResult result = parse_axis(text);
    REQUIRE(result.axis.has_value() == result.problem.empty());
    if (!result.axis) continue;
    ++axes;
    REQUIRE(result.axis->values.size() >= 2);
    REQUIRE(result.axis->values.size() <= most_cells);
  }
  CHECK(axes > 100);
  CHECK(axes < 15'000);
}
