#include "sojourn/experiment/timeline_spread.hpp"

#include <algorithm>
#include <cmath>

namespace sojourn {

namespace {

using Coarse = LogLinearBuckets<2>;  // thresholds are the lower bounds of its buckets

/// Where a threshold lies among the buckets of the times: between two of them.
std::size_t fine_index(std::size_t threshold) {
  return TimelineHistogram::Buckets::index_of(Coarse::lower_of(threshold));
}

double number_of(Int128 integral_ns) { return static_cast<double>(integral_ns); }
double number_of(std::uint64_t count) { return static_cast<double>(count); }

void add_bucket(ClientSpread& spread, const TimelineClient& bucket, std::uint64_t n) {
  spread.started.add(number_of(bucket.started), n);
  spread.answered.add(number_of(bucket.answered), n);
  spread.succeeded.add(number_of(bucket.succeeded), n);
  spread.response_p99.add(bucket.response_time);
}

void add_bucket(ServiceSpread& spread, const TimelineService& bucket, std::uint64_t n) {
  spread.busy.add(number_of(bucket.busy_ns), n);
  spread.held.add(number_of(bucket.held_ns), n);
  spread.queue.add(number_of(bucket.queue_ns), n);
}

void add_bucket(SubscriptionSpread& spread, const TimelineSubscription& bucket, std::uint64_t n) {
  spread.published.add(number_of(bucket.published), n);
  spread.handled.add(number_of(bucket.handled), n);
  spread.backlog.add(number_of(bucket.backlog_ns), n);
}

template <class Spread, class Bucket>
void add_rows(std::vector<std::vector<Spread>>& spreads, const std::vector<std::vector<Bucket>>& rows,
              std::uint64_t n) {
  spreads.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    spreads[i].resize(rows[i].size());
    for (std::size_t j = 0; j < rows[i].size(); ++j) add_bucket(spreads[i][j], rows[i][j], n);
  }
}

}  // namespace

void BucketQuantile::cover(std::size_t lowest, std::size_t highest) {
  if (thresholds_.empty()) first_ = static_cast<std::uint32_t>(lowest);
  if (lowest < first_) {  // all times so far are above these
    thresholds_.insert(thresholds_.begin(), first_ - lowest, {n_squared_, n_squared_});
    first_ = static_cast<std::uint32_t>(lowest);
  }
  if (highest >= first_ + thresholds_.size()) thresholds_.resize(highest - first_ + 1);  // none is
}

void BucketQuantile::add(const TimelineHistogram& replication) {
  if (replication.empty()) return;
  const std::size_t lowest = Coarse::index_of(replication.minimum());
  const std::size_t highest = Coarse::index_of(replication.maximum());
  cover(lowest, highest);
  const auto n = static_cast<double>(replication.count());
  std::uint64_t below = 0;
  for (std::size_t threshold = first_; threshold <= highest; ++threshold) {
    if (threshold > lowest) below += replication.count_between(fine_index(threshold - 1), fine_index(threshold));
    const double above = n - static_cast<double>(below);
    thresholds_[threshold - first_].a_squared += above * above;
    thresholds_[threshold - first_].a_times_n += above * n;
  }
  n_squared_ += n * n;
}

BucketQuantile::Clustering BucketQuantile::clustering_at(std::size_t place, std::uint64_t above, std::uint64_t all,
                                                         double n) const {
  const Threshold& threshold = thresholds_[place];
  const auto a = static_cast<double>(above), total = static_cast<double>(all);
  const double share = a / total;
  const double squares = threshold.a_squared - 2 * share * threshold.a_times_n + share * share * n_squared_;
  const double variance = std::max(0.0, squares) * n / (n - 1) / (total * total);  // of the ratio
  return {.factor = variance / (share * (1 - share) / total), .replications = a * a / threshold.a_squared};
}

Estimate BucketQuantile::about(const TimelineHistogram& merged, std::uint64_t n, StudentFactors& factors) const {
  constexpr double least_replications = 6, share = 1 - probability;
  const double value = *merged.quantile(probability);
  const Estimate none{.value = value, .half_width = std::nullopt, .n = 1};
  if (n < 2) return none;
  // The thresholds on both sides of the p99; the more clustered one counts.
  const std::uint64_t all = merged.count();
  const std::size_t at = Coarse::index_of(static_cast<std::int64_t>(value));
  const std::uint64_t below = merged.count_between(0, fine_index(at));
  const std::uint64_t next_below = merged.count_between(0, fine_index(at + 1));
  Clustering clustering{.factor = 0, .replications = static_cast<double>(n)};
  const auto look_at = [&](std::size_t threshold, std::uint64_t above) {
    if (above == 0 || above == all || threshold < first_ || threshold >= first_ + thresholds_.size()) return;
    const Clustering here = clustering_at(threshold - first_, above, all, static_cast<double>(n));
    clustering.factor = std::max(clustering.factor, here.factor);
    if (threshold == at) clustering.replications = here.replications;
  };
  look_at(at, all - below);
  look_at(at + 1, all - next_below);
  const double reach = factors.of(n) * std::sqrt(clustering.factor * share * probability / static_cast<double>(all));
  if (clustering.replications < std::min(least_replications, static_cast<double>(n)) || reach >= share) return none;
  const double high = *merged.quantile(probability + reach), low = *merged.quantile(probability - reach);
  return {.value = value, .half_width = std::max(high - value, value - low), .n = n};
}

bool TimelineSpread::knows_p99s(const std::vector<TimelineClient>& merged, std::size_t client,
                                StudentFactors& factors) const {
  const std::uint64_t needed = samples_needed(BucketQuantile::probability);
  std::size_t told = 0, known = 0;
  for (std::size_t bucket = 0; bucket < merged.size() && client < clients.size(); ++bucket) {
    const TimelineHistogram& times = merged[bucket].response_time;
    if (times.count() < needed) continue;
    ++told;
    if (clients[client][bucket].response_p99.about(times, replications, factors).half_width) ++known;
  }
  return 2 * known >= told;
}

void TimelineSpread::add(const Timeline& replication) {
  ++replications;
  add_rows(clients, replication.clients, replications);
  add_rows(services, replication.services, replications);
  add_rows(subscriptions, replication.subscriptions, replications);
}

}  // namespace sojourn
