#include "sojourn/experiment/timeline_spread.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

/// One bucket of so many replications, each with so many exponential times of a mean of its own, in seconds.
struct Bucket {
  BucketQuantile quantile;
  TimelineHistogram merged;
};
template <class Mean>
Bucket bucket_of(std::uint64_t replications, int times, std::uint64_t& state, const Mean& mean_of_next) {
  Bucket bucket;
  for (std::uint64_t r = 0; r < replications; ++r) {
    const double mean = mean_of_next(state);
    TimelineHistogram one;
    for (int i = 0; i < times; ++i)
      one.add(1 + static_cast<std::int64_t>(-1e9 * mean * std::log(synthetic::next(state))));
    bucket.quantile.add(one);
    bucket.merged.merge(one);
  }
  return bucket;
}

/// How often an interval is told in so many buckets, and how often it then holds the exact value.
struct Told {
  int intervals = 0, held = 0;
};
template <class Mean>
Told told_in(int buckets, std::uint64_t replications, int times, double exact_s, const Mean& mean_of_next) {
  StudentFactors factors(0.95);
  std::uint64_t state = 5;
  Told told;
  for (int b = 0; b < buckets; ++b) {
    const Bucket bucket = bucket_of(replications, times, state, mean_of_next);
    const Estimate estimate = bucket.quantile.about(bucket.merged, replications, factors);
    if (!estimate.half_width) continue;
    ++told.intervals;
    if (std::abs(estimate.value - exact_s * 1e9) <= *estimate.half_width) ++told.held;
  }
  return told;
}

}  // namespace

TEST_CASE("the interval of a bucket's p99 holds it: times that are independent") {
  const Told told = told_in(400, 20, 150, std::log(100.0), [](std::uint64_t&) { return 1.0; });
  CHECK(told.intervals >= 390);
  CHECK(told.held >= 0.93 * told.intervals);
  CHECK(told.held < told.intervals);  // of 400 intervals of 95 % and a little more
}

TEST_CASE("the interval of a bucket's p99 holds it: times that share the fate of their replication") {
  // Means from 0.5 to 1.5 s: the share above x is the average of exp(-x / mean).
  const auto above = [](double x) {
    double sum = 0;
    for (int k = 0; k < 1000; ++k) sum += std::exp(-x / (0.5 + (k + 0.5) / 1000));
    return sum / 1000;
  };
  double low = 0, high = 100;
  for (int step = 0; step < 100; ++step) (above((low + high) / 2) > 0.01 ? low : high) = (low + high) / 2;
  const auto mean = [](std::uint64_t& state) { return 0.5 + synthetic::next(state); };
  const Told told =
      told_in(300, 50, 2000, low, mean);  // as independent ones, their intervals would hold in two of three
  CHECK(told.intervals == 300);
  CHECK(told.held >= 0.90 * told.intervals);
  CHECK(told.held < told.intervals);
}

TEST_CASE("a bucket's p99 that a few replications make has no interval, nor has that of one replication") {
  int next = 0;
  const auto mean = [&next](std::uint64_t&) { return next++ % 20 == 7 ? 20.0 : 1.0; };  // one of twenty
  CHECK(told_in(200, 20, 400, 0, mean).intervals == 0);
  StudentFactors factors(0.95);
  std::uint64_t state = 1;
  const Bucket alone = bucket_of(1, 400, state, [](std::uint64_t&) { return 1.0; });
  const Estimate estimate = alone.quantile.about(alone.merged, 1, factors);
  CHECK(estimate.value == *alone.merged.quantile(0.99));
  CHECK_FALSE(estimate.half_width.has_value());
}

TEST_CASE("buckets have intervals where half of them can have one, and equal replications a narrow one") {
  Timeline line;
  line.bucket = Duration{1'000'000'000};
  line.clients.assign(1, std::vector<TimelineClient>(4));
  TimelineSpread spread;
  StudentFactors factors(0.95);
  for (const int good : {1, 2}) {
    std::vector<TimelineClient> merged(4);
    spread = {};
    for (int r = 0; r < 20; ++r) {
      for (int b = 0; b < 4; ++b) {
        TimelineHistogram one;  // in the others one replication has all times of 1 s
        for (int i = 0; i < 400; ++i) one.add(b < good || r > 0 ? 1'000'000 + 1'000 * i : 1'000'000'000);
        line.clients[0][static_cast<std::size_t>(b)].response_time = one;
        merged[static_cast<std::size_t>(b)].response_time.merge(one);
      }
      spread.add(line);
    }
    CHECK(spread.knows_p99s(merged, 0, factors) == (good == 2));
    CHECK(*spread.clients[0][0].response_p99.about(merged[0].response_time, 20, factors).half_width < 20'000);
  }
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
