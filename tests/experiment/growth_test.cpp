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

TEST_CASE("where overload is foreseen a single replication tells") {
  const auto alone = seen([](double q) { return 100 * q; }, 1);
  CHECK(growth_per_second(alone, 40, true).value() == Approx(10).epsilon(0.05));
  CHECK_FALSE(growth_per_second(seen([](double q) { return q == 0 ? 50.0 : 100.0; }, 1), 40, true).has_value());
}

TEST_CASE("requests in flight are those started and not answered, without what a higher rate explains") {
  Measurements m;
  m.horizon = Duration{8'000'000'000};
  m.timeline.bucket = Duration{1'000'000'000};
  m.timeline.clients.assign(1, std::vector<TimelineClient>(8));
  for (TimelineClient& bucket : m.timeline.clients[0]) {
    bucket.started = 120;
    bucket.answered = 100;
  }
  CHECK(quarters_of(m).at(0) == Quarters{20, 60, 100, 140});
  // A rate that rises from quarter to quarter, with a tenth of a second's requests in flight.
  m.horizon = Duration{40'000'000'000};
  m.timeline.clients[0].assign(40, TimelineClient{});
  std::uint64_t in_flight = 0;
  for (std::size_t b = 0; b < 40; ++b) {
    const std::uint64_t started = 100 * (b / 10 + 1);
    m.timeline.clients[0][b].started = started;
    m.timeline.clients[0][b].answered = started + in_flight - started / 10;
    in_flight = started / 10;
  }
  const auto rising = quarters_of(m);
  for (const double level : rising.at(0)) CHECK(level == Approx(10).margin(1.5));
}

TEST_CASE("quarters are cut from the measured window only") {
  Measurements m;
  m.warmup = Duration{4'000'000'000};
  m.horizon = Duration{12'000'000'000};
  m.timeline.bucket = Duration{1'000'000'000};
  m.timeline.services.assign(1, std::vector<TimelineService>(12));
  for (std::size_t b = 0; b < 12; ++b) m.timeline.services[0][b].queue_ns = static_cast<Int128>(b) * 1'000'000'000;
  const auto quarters = quarters_of(m);
  REQUIRE(quarters.size() == 2);  // its queue, and the jobs in it
  CHECK(quarters[0] == Quarters{4.5, 6.5, 8.5, 10.5});
  m.timeline.bucket = Duration{};
  CHECK(quarters_of(m).empty());
}
