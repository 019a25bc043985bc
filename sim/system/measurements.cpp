#include "sojourn/system/measurements.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace sojourn {

namespace {

/// Adds lists of the same topology, item by item.
template <class Item>
void merge_each(std::vector<Item>& items, const std::vector<Item>& others) {
  assert(items.size() == others.size());
  for (std::size_t i = 0; i < items.size(); ++i) items[i].merge(others[i]);
}

void merge_bucket(TimelineClient& bucket, const TimelineClient& other) {
  bucket.started += other.started;
  bucket.answered += other.answered;
  bucket.succeeded += other.succeeded;
  bucket.response_time.merge(other.response_time);
}

void merge_bucket(TimelineService& bucket, const TimelineService& other) {
  bucket.busy_ns += other.busy_ns;
  bucket.held_ns += other.held_ns;
  bucket.queue_ns += other.queue_ns;
}

void merge_bucket(TimelineSubscription& bucket, const TimelineSubscription& other) {
  bucket.published += other.published;
  bucket.handled += other.handled;
  bucket.backlog_ns += other.backlog_ns;
}

template <class Bucket>
void merge_buckets(std::vector<std::vector<Bucket>>& rows, const std::vector<std::vector<Bucket>>& others) {
  assert(rows.size() == others.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    assert(rows[i].size() == others[i].size());
    for (std::size_t j = 0; j < rows[i].size(); ++j) merge_bucket(rows[i][j], others[i][j]);
  }
}

}  // namespace

void ClientMeasurement::merge(const ClientMeasurement& other) {
  requests += other.requests;
  for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i] += other.outcomes[i];
  fulfilled += other.fulfilled;
  broken_promises += other.broken_promises;
  incomplete += other.incomplete;
  compensated += other.compensated;
  follow_ups += other.follow_ups;
  stale += other.stale;
  response_time.merge(other.response_time);
  completion_time.merge(other.completion_time);
  notification_time.merge(other.notification_time);
}

void ServiceMeasurement::merge(const ServiceMeasurement& other) {
  arrivals += other.arrivals;
  completed += other.completed;
  refused += other.refused;
  waiting_time.merge(other.waiting_time);
  sojourn_time.merge(other.sojourn_time);
  busy_ns += other.busy_ns;
  used_ns += other.used_ns;
  held_ns += other.held_ns;
  queue_ns += other.queue_ns;
  up_ns += other.up_ns;
  replicas_ns += other.replicas_ns;
  wasted_ns += other.wasted_ns;
}

void CallMeasurement::merge(const CallMeasurement& other) {
  calls += other.calls;
  attempts += other.attempts;
  failed += other.failed;
  refused += other.refused;
  timed_out += other.timed_out;
  open += other.open;
  fallback += other.fallback;
  response_time.merge(other.response_time);
}

void SubscriptionMeasurement::merge(const SubscriptionMeasurement& other) {
  published += other.published;
  handled += other.handled;
  dead_lettered += other.dead_lettered;
  lost += other.lost;
  dropped += other.dropped;
  expired += other.expired;
  refused += other.refused;
  redelivered += other.redelivered;
  duplicates += other.duplicates;
  waiting += other.waiting;
  in_hand += other.in_hand;
  backlog_max = std::max(backlog_max, other.backlog_max);
  hottest += other.hottest;
  backlog_ns += other.backlog_ns;
  lag.merge(other.lag);
}

void ResourceMeasurement::merge(const ResourceMeasurement& other) {
  taken += other.taken;
  refused += other.refused;
  waiting_time.merge(other.waiting_time);
  used_ns += other.used_ns;
  queue_ns += other.queue_ns;
}

void Timeline::merge(const Timeline& other) {
  if (other.bucket.ns == 0) return;
  assert(bucket == other.bucket);
  merge_buckets(clients, other.clients);
  merge_buckets(services, other.services);
  merge_buckets(subscriptions, other.subscriptions);
}

void Ledger::merge(const Ledger& other) {
  arrived += other.arrived;
  answered += other.answered;
  unfinished += other.unfinished;
  jobs_started += other.jobs_started;
  jobs_refused += other.jobs_refused;
  jobs_ended += other.jobs_ended;
  jobs_left += other.jobs_left;
  published += other.published;
  handled += other.handled;
  dead_lettered += other.dead_lettered;
  lost += other.lost;
  dropped += other.dropped;
  expired += other.expired;
  refused += other.refused;
  waiting += other.waiting;
  in_hand += other.in_hand;
  worker_limit_breaches += other.worker_limit_breaches;
  unit_limit_breaches += other.unit_limit_breaches;
}

void BlameSum::merge(const BlameSum& other) {
  requests += other.requests;
  if (parts_ns.size() < other.parts_ns.size()) parts_ns.resize(other.parts_ns.size(), 0);
  for (std::size_t i = 0; i < other.parts_ns.size(); ++i) parts_ns[i] += other.parts_ns[i];
}

void ClientBlame::merge(const ClientBlame& other) {
  response.merge(other.response);
  response_tail.merge(other.response_tail);
  completion.merge(other.completion);
  completion_tail.merge(other.completion_tail);
}

void Measurements::merge(const Measurements& other) {
  assert(warmup == other.warmup && horizon == other.horizon);
  replications += other.replications;
  fingerprint += other.fingerprint;
  events += other.events;
  merge_each(clients, other.clients);
  merge_each(services, other.services);
  merge_each(calls, other.calls);
  merge_each(subscriptions, other.subscriptions);
  merge_each(resources, other.resources);
  timeline.merge(other.timeline);
  ledger.merge(other.ledger);
  if (blames.size() < other.blames.size()) blames.resize(other.blames.size());
  for (std::size_t i = 0; i < other.blames.size(); ++i) blames[i].merge(other.blames[i]);
}

}  // namespace sojourn
