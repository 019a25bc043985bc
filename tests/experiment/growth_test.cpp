#include "sojourn/experiment/growth.hpp"

#include "support/catch.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

/// Replications of a queue with this shape, each with noise of its own.
template <class Shape>
std::vector<Quarters> seen(Shape&& shape, std::size_t replications = 10, double noise = 1) {
  std::uint64_t state = 99;
  std::vector<Quarters> result;
  for (std::size_t r = 0; r < replications; ++r) {
    Quarters quarters{};
    for (std::size_t q = 0; q < 4; ++q) quarters[q] = shape(static_cast<double>(q)) + noise * synthetic::next(state);
    result.push_back(quarters);
  }
  return result;
}

}  // namespace

TEST_CASE("a queue that grows is told with its rate") {
  const auto rate = growth_per_second(seen([](double q) { return 100 + 250 * q; }), 40);  // a quarter takes 10 s
  CHECK(rate.value() == Approx(25).epsilon(0.01));
}

TEST_CASE("queues that are level, settle, fill up, drain or merely wobble do not grow") {
  CHECK_FALSE(growth_per_second(seen([](double) { return 5.0; }), 40).has_value());
  CHECK_FALSE(growth_per_second(seen([](double q) { return q == 0 ? 50.0 : 100.0; }), 40).has_value());
  CHECK_FALSE(growth_per_second(seen([](double q) { return 100 - 80 / (1 + 5 * q); }), 40).has_value());
  CHECK_FALSE(growth_per_second(seen([](double q) { return 100 - 20 * q; }), 40).has_value());
  CHECK_FALSE(growth_per_second(seen([](double q) { return q == 3 ? 40.0 : 10.0; }), 40).has_value());
  CHECK_FALSE(growth_per_second(seen([](double q) { return 5 + q; }, 10, 40), 40).has_value());
}

TEST_CASE("one replication cannot tell growth from chance") {
  CHECK_FALSE(growth_per_second(seen([](double q) { return 100 * q; }, 1), 40).has_value());
}

TEST_CASE("quarters are cut from the measured window only") {
  Measurements m;
  m.warmup = Duration{4'000'000'000};
  m.horizon = Duration{12'000'000'000};
  m.timeline.bucket = Duration{1'000'000'000};
  m.timeline.services.assign(1, std::vector<TimelineService>(12));
  for (std::size_t b = 0; b < 12; ++b) m.timeline.services[0][b].queue_ns = static_cast<Int128>(b) * 1'000'000'000;
  const auto quarters = quarters_of(m);
  REQUIRE(quarters.size() == 1);
  CHECK(quarters[0] == Quarters{4.5, 6.5, 8.5, 10.5});
  m.timeline.bucket = Duration{};
  CHECK(quarters_of(m).empty());
}
