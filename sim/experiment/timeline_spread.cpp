#include "sojourn/experiment/timeline_spread.hpp"

#include "sojourn/experiment/sections.hpp"

namespace sojourn {

namespace {

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

void BucketQuantile::add(const TimelineHistogram& replication) {
  static const std::uint64_t needed = samples_needed(probability);
  if (replication.count() >= needed) return spread_.add(*replication.quantile(probability), ++sections_);
  grouped_ = true;
  open_.merge(replication);
  if (open_.count() < needed) return;
  spread_.add(*open_.quantile(probability), ++sections_);
  open_ = {};
}

Estimate BucketQuantile::about(double merged_ns, StudentFactors& factors) const {
  Estimate estimate = spread_.about(merged_ns, sections_, factors);
  if (grouped_ && sections_ < least_sections) estimate.half_width.reset();
  return estimate;
}

void TimelineSpread::add(const Timeline& replication) {
  ++replications;
  add_rows(clients, replication.clients, replications);
  add_rows(services, replication.services, replications);
  add_rows(subscriptions, replication.subscriptions, replications);
}

}  // namespace sojourn
