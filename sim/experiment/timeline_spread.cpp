#include "sojourn/experiment/timeline_spread.hpp"

#include "sojourn/experiment/sections.hpp"

namespace sojourn {

namespace {

double number_of(Int128 integral_ns) { return static_cast<double>(integral_ns); }
double number_of(std::uint64_t count) { return static_cast<double>(count); }

void add_bucket(ClientSpread& spread, const TimelineClient& bucket) {
  spread.started.add(number_of(bucket.started));
  spread.answered.add(number_of(bucket.answered));
  spread.succeeded.add(number_of(bucket.succeeded));
  spread.response_p99.add(bucket.response_time);
}

void add_bucket(ServiceSpread& spread, const TimelineService& bucket) {
  spread.busy.add(number_of(bucket.busy_ns));
  spread.held.add(number_of(bucket.held_ns));
  spread.queue.add(number_of(bucket.queue_ns));
}

void add_bucket(SubscriptionSpread& spread, const TimelineSubscription& bucket) {
  spread.published.add(number_of(bucket.published));
  spread.handled.add(number_of(bucket.handled));
  spread.backlog.add(number_of(bucket.backlog_ns));
}

template <class Spread, class Bucket>
void add_rows(std::vector<std::vector<Spread>>& spreads, const std::vector<std::vector<Bucket>>& rows) {
  spreads.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    spreads[i].resize(rows[i].size());
    for (std::size_t j = 0; j < rows[i].size(); ++j) add_bucket(spreads[i][j], rows[i][j]);
  }
}

}  // namespace

void BucketQuantile::add(const TimelineHistogram& replication) {
  static const std::uint64_t needed = samples_needed(probability);
  if (replication.count() >= needed) return sections_.add(*replication.quantile(probability));
  grouped_ = true;
  open_.merge(replication);
  if (open_.count() < needed) return;
  sections_.add(*open_.quantile(probability));
  open_ = {};
}

Estimate BucketQuantile::about(double merged_ns, StudentFactors& factors) const {
  Estimate estimate = sections_.about(merged_ns, factors);
  if (grouped_ && sections_.count() < least_sections) estimate.half_width.reset();
  return estimate;
}

void TimelineSpread::add(const Timeline& replication) {
  add_rows(clients, replication.clients);
  add_rows(services, replication.services);
  add_rows(subscriptions, replication.subscriptions);
}

}  // namespace sojourn
