#include "sojourn/stats/histogram.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "sojourn/core/hash.hpp"
#include "support/catch.hpp"

namespace sojourn {

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

/// Values over all octaves: about as many in each.
std::vector<std::int64_t> spread_values(std::size_t n, std::uint64_t seed) {
  std::vector<std::int64_t> values(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t bits = mix(seed, i);
    values[i] = static_cast<std::int64_t>(bits >> (1 + mix(bits) % 63));
  }
  return values;
}

template <class H = Histogram>
H histogram_of(const std::vector<std::int64_t>& values) {
  H histogram;
  for (const auto v : values) histogram.add(v);
  return histogram;
}

template <int bits>
void check_buckets() {
  using Buckets = LogLinearBuckets<bits>;
  CHECK(Buckets::index_of(0) == 0);
  CHECK(Buckets::lower_of(0) == 0);
  const std::size_t last = Buckets::index_of(largest);
  CHECK(Buckets::upper_of(last) == largest);
  bool gapless = true, consistent = true, narrow = true;
  for (std::size_t i = 0; i <= last; ++i) {
    const auto lower = Buckets::lower_of(i), upper = Buckets::upper_of(i);
    gapless = gapless && (i == 0 || Buckets::upper_of(i - 1) + 1 == lower);
    consistent = consistent && Buckets::index_of(lower) == i && Buckets::index_of(upper) == i;
    narrow = narrow && static_cast<double>(upper - lower) <= std::ldexp(static_cast<double>(lower), -bits);
  }
  CHECK(gapless);
  CHECK(consistent);
  CHECK(narrow);
}

}  // namespace

TEST_CASE("buckets have exact bounds over all octaves") {
  check_buckets<10>();
  check_buckets<4>();
  using Buckets = LogLinearBuckets<10>;
  for (const std::int64_t v : {0, 1, 1023, 1024, 2047}) {
    CHECK(Buckets::lower_of(Buckets::index_of(v)) == v);
    CHECK(Buckets::upper_of(Buckets::index_of(v)) == v);
  }
  CHECK(Buckets::index_of(2048) == Buckets::index_of(2049));
  CHECK(Buckets::index_of(2049) + 1 == Buckets::index_of(2050));
}

TEST_CASE("an empty histogram has no quantile and no extremes") {
  const Histogram empty;
  CHECK(empty.empty());
  CHECK(empty.count() == 0);
  CHECK(empty.minimum() == 0);
  CHECK(empty.maximum() == 0);
  CHECK(empty.mean() == 0);
  CHECK_FALSE(empty.quantile(0.5));
  CHECK_FALSE(empty.share_above(0));
}

TEST_CASE("count, sum, mean and extremes are exact") {
  Histogram h;
  for (int i = 0; i < 5; ++i) h.add(largest);
  h.add(3);
  CHECK(h.count() == 6);
  CHECK(h.minimum() == 3);
  CHECK(h.maximum() == largest);
  CHECK(h.sum() == UInt128{5} * static_cast<std::uint64_t>(largest) + 3);
  CHECK(h.mean() == Approx(5.0 / 6.0 * static_cast<double>(largest)).epsilon(1e-15));
}

TEST_CASE("a quantile is the smallest value of rank ceil(p n)") {
  Histogram h;
  for (std::int64_t v = 1; v <= 100; ++v) h.add(v);
  CHECK(h.quantile(0) == 1);
  CHECK(h.quantile(0.005) == 1);
  CHECK(h.quantile(0.07) == 7);  // 0.07 * 100 is a little above 7 in binary
  CHECK(h.quantile(0.29) == 29);
  CHECK(h.quantile(0.5) == 50);
  CHECK(h.quantile(0.501) == 51);
  CHECK(h.quantile(0.99) == 99);
  CHECK(h.quantile(1) == 100);
}

TEST_CASE("one sample, and equal samples, are their own quantiles") {
  Histogram h;
  h.add(123'456'789);
  CHECK(h.quantile(0.5) == 123'456'789);
  for (int i = 0; i < 9; ++i) h.add(123'456'789);
  for (const double p : {0.0, 0.1, 0.5, 0.99, 1.0}) CHECK(h.quantile(p) == 123'456'789);
  CHECK(h.mean() == 123'456'789);
}

TEST_CASE("values of one bucket are placed evenly, within the extremes") {
  using Buckets = LogLinearBuckets<10>;
  const std::int64_t lower = std::int64_t{1} << 30;
  const std::int64_t upper = Buckets::upper_of(Buckets::index_of(lower));
  Histogram h;
  for (int i = 0; i < 5; ++i) h.add(lower);
  for (int i = 0; i < 5; ++i) h.add(upper);
  CHECK(*h.quantile(0.3) ==
        Approx(static_cast<double>(lower) + 0.25 * static_cast<double>(upper - lower)).epsilon(1e-15));
  CHECK(h.quantile(0) == lower);  // the first and the last rank are known exactly
  CHECK(h.quantile(1) == upper);
  Histogram narrow;
  for (int i = 0; i < 10; ++i) narrow.add(lower + 1 + (i == 9 ? 1 : 0));
  CHECK(narrow.quantile(0.8) == lower + 2);  // evenly placed it would lie above the maximum
}

TEST_CASE("quantiles are within 0.1 % of the sorted data") {
  auto values = spread_values(20'000, 7);
  const Histogram h = histogram_of(values);
  std::sort(values.begin(), values.end());
  double worst = 0;
  for (int k = 1; k < 1000; ++k) {
    const double p = k / 1000.0;
    const auto exact = static_cast<double>(values[static_cast<std::size_t>(k) * 20 - 1]);
    worst = std::max(worst, std::fabs(*h.quantile(p) - exact) / std::max(exact, 1.0));
  }
  CHECK(worst <= 0.001);
  CHECK(worst > 0);
}

TEST_CASE("merging in any order gives the histogram of all values") {
  const auto values = spread_values(3000, 11);
  std::array<Histogram, 3> parts;
  for (std::size_t i = 0; i < values.size(); ++i) parts[(i * i) % 3].add(values[i]);
  const Histogram all = histogram_of(values);
  Histogram forward, backward;
  for (std::size_t k = 0; k < 3; ++k) forward.merge(parts[k]);
  for (std::size_t k = 3; k-- > 0;) backward.merge(parts[k]);
  CHECK(forward == all);
  CHECK(backward == all);
  CHECK_FALSE(parts[0] == all);
  auto reversed = values;
  std::reverse(reversed.begin(), reversed.end());
  CHECK(histogram_of(reversed) == all);
}

TEST_CASE("merging with nothing changes nothing, merging with itself doubles") {
  Histogram h = histogram_of({5, 1'000'000, 70});
  const Histogram before = h;
  h.merge(Histogram{});
  CHECK(h == before);
  Histogram from_empty;
  from_empty.merge(before);
  CHECK(from_empty == before);
  h.merge(h);
  CHECK(h == histogram_of({5, 5, 70, 70, 1'000'000, 1'000'000}));
}

TEST_CASE("the buckets listed hold every value once, upwards") {
  const auto values = spread_values(5000, 3);
  std::uint64_t total = 0;
  std::int64_t previous = -1;
  bool ordered = true, right = true;
  histogram_of(values).for_each_bucket([&](std::int64_t lower, std::int64_t upper, std::uint64_t count) {
    ordered = ordered && lower > previous && upper >= lower;
    const auto inside = std::count_if(values.begin(), values.end(), [&](auto v) { return lower <= v && v <= upper; });
    right = right && static_cast<std::uint64_t>(inside) == count;
    previous = upper;
    total += count;
  });
  CHECK(ordered);
  CHECK(right);
  CHECK(total == 5000);
}

TEST_CASE("the share above a threshold") {
  Histogram h;
  for (std::int64_t v = 1; v <= 10; ++v) h.add(v);
  CHECK(h.share_above(0) == 1);
  CHECK(h.share_above(3) == Approx(0.7));
  CHECK(h.share_above(10) == 0);
  Histogram wide;  // [2^20, 2^20 + 1023] is one bucket
  for (int i = 0; i < 1024; ++i) wide.add((1 << 20) + i);
  CHECK(*wide.share_above((1 << 20) + 255) == Approx(0.75).epsilon(1e-12));
}

TEST_CASE("a timeline histogram is within 1.6 %, merges alike, and counts past their width are exact") {
  auto values = spread_values(2000, 5);
  const auto h = histogram_of<TimelineHistogram>(values);
  std::sort(values.begin(), values.end());
  CHECK(*h.quantile(0.5) == Approx(static_cast<double>(values[999])).epsilon(1.0 / 64));
  CHECK(h.sum() == histogram_of(values).sum());

  using Tiny = BasicHistogram<4, std::uint8_t>;
  Tiny tiny;
  for (int i = 0; i < 300; ++i) tiny.add(9);
  Tiny twice = tiny;
  twice.merge(tiny);
  std::uint64_t held = 0;
  twice.for_each_bucket([&](std::int64_t, std::int64_t, std::uint64_t count) { held += count; });
  CHECK(held == 600);
  CHECK(twice.count() == 600);
  CHECK(twice.mean() == 9);
  CHECK(twice.quantile(0.9) == 9);
}

TEST_CASE("few values and many give the same histogram, merged in any parts") {
  const auto values = spread_values(3000, 11);
  for (const std::size_t first : {0U, 1U, 100U, 511U, 512U, 513U, 1500U}) {
    for (const std::size_t second : {0U, 1U, 100U, 411U, 412U, 513U, 1500U}) {
      CAPTURE(first, second);
      const auto middle = values.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = middle + static_cast<std::ptrdiff_t>(second);
      Histogram merged = histogram_of({values.begin(), middle});
      merged.merge(histogram_of({middle, end}));
      merged.merge(Histogram{});
      const Histogram all = histogram_of({values.begin(), end});
      CHECK(merged == all);
      CHECK(merged.quantile(0.7) == all.quantile(0.7));
      CHECK(merged.share_above(3'000'000) == all.share_above(3'000'000));
      merged.add(5);
      merged.add(std::int64_t{1} << 40);
      CHECK_FALSE(merged == all);
    }
  }
}

TEST_CASE("zeros, few values and counts past their width merge in any order") {
  using Tiny = BasicHistogram<8, std::uint8_t>;
  std::vector<std::int64_t> often(700, 300'000), few{0, 7, 300'000, 0, 1'000'000};
  const auto zeros = std::vector<std::int64_t>(3, 0);
  std::vector<std::int64_t> all = often;
  for (const auto& more : {few, zeros}) all.insert(all.end(), more.begin(), more.end());
  const Tiny parts[] = {histogram_of<Tiny>(often), histogram_of<Tiny>(few), histogram_of<Tiny>(zeros)};
  const Tiny expected = histogram_of<Tiny>(all);
  std::array order{0, 1, 2};
  do {
    Tiny merged;
    for (const int part : order) merged.merge(parts[part]);
    CHECK(merged == expected);
    CHECK(merged.quantile(0.5) == expected.quantile(0.5));
    CHECK(merged.minimum() == 0);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("a quantile of few values lies where it would lie among many: in its bucket, by its rank there") {
  const std::vector<std::int64_t> few{0, 1'000'000, 1'000'100, 1'000'200, 1'000'300, 9'000'000};  // four in one bucket
  const Histogram h = histogram_of(few);
  const std::size_t bucket = LogLinearBuckets<10>::index_of(1'000'000);
  REQUIRE(LogLinearBuckets<10>::index_of(1'000'300) == bucket);
  const auto lower = static_cast<double>(LogLinearBuckets<10>::lower_of(bucket));
  const auto span = static_cast<double>(LogLinearBuckets<10>::upper_of(bucket)) - lower;
  CHECK(h.quantile(0.1) == 0.0);
  CHECK(*h.quantile(0.5) == Approx(std::max(1e6, lower + span * 1.5 / 4)).epsilon(1e-15));
  CHECK(*h.quantile(0.8) == Approx(lower + span * 3.5 / 4).epsilon(1e-15));
  CHECK(h.quantile(1) == 9e6);
}

TEST_CASE("zeros count like any value, however they come") {
  Histogram h;
  for (int i = 0; i < 30; ++i) h.add_zero();
  CHECK(h.quantile(0.5) == 0.0);
  CHECK(h.maximum() == 0);
  CHECK(h.mean() == 0);
  for (int i = 0; i < 10; ++i) h.add(0);
  for (int i = 1; i <= 60; ++i) h.add(1000 * i);
  CHECK(h.count() == 100);
  CHECK(h.minimum() == 0);
  CHECK(h.quantile(0.4) == 0.0);
  CHECK(*h.quantile(0.41) == Approx(1000).epsilon(0.001));
  CHECK(*h.share_above(0) == Approx(0.6));
  std::uint64_t first = 0;
  h.for_each_bucket([&](std::int64_t, std::int64_t upper, std::uint64_t count) { first += upper == 0 ? count : 0; });
  CHECK(first == 40);
  Histogram other;
  for (int i = 60; i >= 1; --i) other.add(1000 * i);
  for (int i = 0; i < 40; ++i) other.add(0);
  CHECK(h == other);
}

TEST_CASE("samples needed for a quantile") {
  CHECK(samples_needed(0.5) == 5);
  CHECK(samples_needed(0.9) == 29);
  CHECK(samples_needed(0.95) == 59);
  CHECK(samples_needed(0.99) == 299);
  CHECK(samples_needed(0.999) == 2995);
  CHECK(samples_needed(0.9999) == 29956);
  CHECK(samples_needed(0) == 1);
  CHECK(samples_needed(0.05) == 1);
  CHECK(samples_needed(0.0501) == 2);
  CHECK(samples_needed(0.3) == 3);
  CHECK(samples_needed(1) == std::numeric_limits<std::uint64_t>::max());
}

}  // namespace sojourn
