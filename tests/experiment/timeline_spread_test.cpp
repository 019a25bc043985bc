#include "sojourn/experiment/timeline_spread.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace sojourn;

namespace {

TimelineHistogram times(int count, std::int64_t slower_ns) {
  TimelineHistogram h;
  for (int i = 1; i <= count; ++i) h.add(1'000'000 + 10'000 * i + slower_ns);
  return h;
}

}  // namespace

TEST_CASE("the p99 of a bucket rests on replications that have enough samples of their own") {
  BucketQuantile quantile;
  TimelineHistogram merged;
  std::vector<double> sections;
  for (const std::int64_t slower : {0, 200'000, 700'000}) {
    const TimelineHistogram one = times(299, slower);
    quantile.add(one);
    merged.merge(one);
    sections.push_back(*one.quantile(0.99));
  }
  StudentFactors factors(0.95);
  const double centre = *merged.quantile(0.99);
  const Estimate estimate = quantile.about(centre, factors);
  CHECK(estimate.value == centre);
  CHECK(estimate.n == 3);
  CHECK(*estimate.half_width == Approx(*estimate_about(centre, sections, 0.95).half_width).epsilon(1e-12));
}

TEST_CASE("replications with too few samples are put together, and fewer than five sections say nothing") {
  BucketQuantile quantile;
  std::vector<double> sections;
  StudentFactors factors(0.95);
  for (int section = 0; section < 5; ++section) {
    CHECK_FALSE(quantile.about(3e6, factors).half_width.has_value());
    TimelineHistogram both = times(150, 1000 * section);
    quantile.add(both);
    CHECK(quantile.about(3e6, factors).n == static_cast<std::uint64_t>(section));
    const TimelineHistogram second = times(149, 70'000 * section);
    quantile.add(second);
    both.merge(second);
    sections.push_back(*both.quantile(0.99));
  }
  const Estimate estimate = quantile.about(3e6, factors);
  CHECK(estimate.n == 5);
  CHECK(*estimate.half_width == Approx(*estimate_about(3e6, sections, 0.95).half_width).epsilon(1e-12));
}

TEST_CASE("a timeline's spread follows its rows") {
  Timeline line;
  line.bucket = Duration{1'000'000'000};
  line.clients.assign(1, std::vector<TimelineClient>(2));
  line.services.assign(2, std::vector<TimelineService>(2));
  line.subscriptions.assign(1, std::vector<TimelineSubscription>(2));
  TimelineSpread spread;
  for (const std::uint64_t started : {10U, 20U, 60U}) {
    line.clients[0][1].started = started;
    line.services[1][0].held_ns = static_cast<Int128>(started) * 5;
    line.subscriptions[0][1].backlog_ns = static_cast<Int128>(started) * 7;
    spread.add(line);
  }
  CHECK(spread.clients[0][1].started.mean() == Approx(30));
  CHECK(spread.clients[0][0].started.mean() == 0);
  CHECK(spread.replications == 3);
  CHECK(spread.services[1][0].held.mean() == Approx(150));
  CHECK(spread.subscriptions[0][1].backlog.mean() == Approx(210));
}
