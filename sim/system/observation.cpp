// What is written down: the window, the timeline, and the books that must balance.
#include <algorithm>

#include "sojourn/system/foreseen_visits.hpp"

namespace sojourn {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

/// One second; shorter where a run would have fewer than 60 buckets, longer where it would have more than 3,600.
Duration bucket_length(Duration horizon) {
  if (horizon.ns < 60 * second_ns) return {std::max<std::int64_t>(1, horizon.ns / 60)};
  return {second_ns * ((horizon.ns - 1) / (3600 * second_ns) + 1)};
}

template <class Row>
void make_rows(std::vector<std::vector<Row>>& rows, std::size_t things, std::size_t buckets) {
  rows.assign(things, std::vector<Row>(buckets));
}

}  // namespace

void Simulation::prepare_measurements() {
  measured_.warmup = topology_.warmup;
  measured_.horizon = topology_.horizon;
  measured_.clients.resize(topology_.clients.size());
  measured_.services.resize(topology_.services.size());
  measured_.calls.resize(topology_.calls.size());
  measured_.subscriptions.resize(topology_.subscriptions.size());
  if (options_.audit) measured_.audits.resize(topology_.services.size());
  if (trails_) measured_.blames.resize(topology_.clients.size());
  measured_.resources.resize(topology_.resources.size());
  for (std::size_t i = 0; i < clients_.size(); ++i) clients_[i].measured = &measured_.clients[i];
  for (std::size_t i = 0; i < stations_.size(); ++i) stations_[i].measured = &measured_.services[i];
  for (std::size_t i = 0; i < backlogs_.size(); ++i) {
    backlogs_[i].measured = &measured_.subscriptions[i];
    backlogs_[i].service = &measured_.services[topology_.subscriptions[i].service];
  }
  schedule(topology_.warmup, Rank::mark, What::window_opens, 0);
  schedule(topology_.horizon, Rank::mark, What::window_closes, 0);
  schedule(topology_.horizon + topology_.drain, Rank::mark, What::drain_ends, 0);
  if (options_.timeline) prepare_timeline();
}

void Simulation::prepare_timeline() {
  Timeline& timeline = measured_.timeline;
  timeline.bucket = bucket_length(topology_.horizon);
  const auto buckets = static_cast<std::size_t>((topology_.horizon.ns - 1) / timeline.bucket.ns + 1);
  make_rows(timeline.clients, topology_.clients.size(), buckets);
  make_rows(timeline.services, topology_.services.size(), buckets);
  make_rows(timeline.subscriptions, topology_.subscriptions.size(), buckets);
  for (std::size_t i = 0; i < clients_.size(); ++i) clients_[i].rows = timeline.clients[i].data();
  for (std::size_t i = 0; i < stations_.size(); ++i) stations_[i].rows = timeline.services[i].data();
  for (std::size_t i = 0; i < backlogs_.size(); ++i) backlogs_[i].rows = timeline.subscriptions[i].data();
  bucket_ = 0;
  bucket_end_ = std::min(timeline.bucket, topology_.horizon);
  for (Station& station : stations_)
    if (station.foreseen)
      station.whole = {std::vector<std::int64_t>(buckets + 1), std::vector<std::int64_t>(buckets + 1)};
  if (timeline.bucket < topology_.horizon) schedule(timeline.bucket, Rank::mark, What::tick, 0);
}

void Simulation::open_window() {
  in_window_ = true;
  for (Station& station : stations_) {
    station.at_opening = station.integrals(now_);
    station.levels_at_opening = station.levels.at(now_);
  }
  for (Backlog& backlog : backlogs_) {
    take_foreseen(backlog, now_);
    backlog.waiting.forget_maximum(now_);
    backlog.waiting_at_opening = backlog.waiting.integral_at(now_);
  }
}

void Simulation::close_window() {
  in_window_ = false;
  past_horizon_ = true;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    const Station& station = stations_[i];
    ServiceMeasurement& service = measured_.services[i];
    const TimelineService integrals = station.integrals(now_);
    service.busy_ns += integrals.busy_ns - station.at_opening.busy_ns;
    service.held_ns += integrals.held_ns - station.at_opening.held_ns;
    service.queue_ns += integrals.queue_ns - station.at_opening.queue_ns;
    service.used_ns = service.busy_ns;
    service.replicas_ns = Int128{topology_.services[i].replicas} * (topology_.horizon - topology_.warmup).ns;
    service.up_ns = service.replicas_ns;
    if (!topology_.services[i].by_replica) continue;
    const ReplicaLevels::Integrals levels = station.levels.at(now_);
    service.used_ns = (levels.used - station.levels_at_opening.used) / 1000;
    service.replicas_ns = levels.existing - station.levels_at_opening.existing;
    service.up_ns = levels.up - station.levels_at_opening.up;
  }
  for (std::size_t i = 0; i < backlogs_.size(); ++i) {
    Backlog& backlog = backlogs_[i];
    take_foreseen(backlog, now_);
    SubscriptionMeasurement& subscription = measured_.subscriptions[i];
    subscription.backlog_ns = backlog.waiting.integral_at(now_) - backlog.waiting_at_opening;
    subscription.backlog_max = static_cast<std::uint64_t>(backlog.waiting.maximum());
    subscription.waiting = std::uint64_t{backlog.stored} + backlog.delayed;
    subscription.in_hand =
        backlog.in_hand - (backlog.starts.empty() ? 0 : backlog.stored);  // of foreseen visits both wait
    for (const Partition& partition : backlog.partitions)
      subscription.hottest = std::max(subscription.hottest, partition.published);
  }
  for (std::size_t i = 0; i < stocks_.size(); ++i) {
    measured_.resources[i].used_ns = stocks_[i].used.integral_at(now_);
    measured_.resources[i].queue_ns = stocks_[i].queued.integral_at(now_);
  }
  for (ServiceAudit& audit : measured_.audits) audit.present_ns = audit.present.integral_at(now_);
  if (options_.timeline) {
    tick();
    for (Station& station : stations_)
      if (station.foreseen) book_whole_buckets(station);
  }
  bucket_ = none;
  if (measured_open_ > 0 && topology_.may_deadlock) check_deadlock();
  if (measured_open_ == 0) stopped_ = true;
}

// A bucket of the timeline has ended. The last one ends with the window.
void Simulation::tick() {
  Timeline& timeline = measured_.timeline;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    Station& station = stations_[i];
    const TimelineService total = station.integrals(now_);
    TimelineService& row = timeline.services[i][ticks_];
    row.busy_ns += total.busy_ns - station.at_tick.busy_ns;
    row.held_ns += total.held_ns - station.at_tick.held_ns;
    row.queue_ns += total.queue_ns - station.at_tick.queue_ns;
    station.at_tick = total;
  }
  for (std::size_t i = 0; i < backlogs_.size(); ++i) {
    Backlog& backlog = backlogs_[i];
    take_foreseen(backlog, now_);
    const TimelineSubscription total{backlog.so_far.published, backlog.so_far.handled,
                                     backlog.waiting.integral_at(now_)};
    TimelineSubscription& row = timeline.subscriptions[i][ticks_];
    row.published += total.published - backlog.at_tick.published;
    row.handled += total.handled - backlog.at_tick.handled;
    row.backlog_ns += total.backlog_ns - backlog.at_tick.backlog_ns;
    backlog.at_tick = total;
  }
  bucket_ = ++ticks_;
  bucket_end_ = std::min(bucket_end_ + timeline.bucket, topology_.horizon);
  if (now_ + timeline.bucket < topology_.horizon) schedule(now_ + timeline.bucket, Rank::mark, What::tick, 0);
}

// At the end: what was left over, counted from what is there, so that the laws of conservation are real checks.
void Simulation::close_books() {
  Ledger& ledger = measured_.ledger;
  for (std::uint32_t i = 0; i < requests_.extent(); ++i) {
    const Request& request = requests_[i];
    if (!request.live) continue;
    if (!request.answered) ++ledger.unfinished;
    if (!request.answered || !request.measured) continue;
    measured_.clients[request.client].response_time.add((request.answered_at - request.started).ns);
    ClientMeasurement& client = measured_.clients[request.client];
    ++client.incomplete;
    if (request.outcome == Outcome::succeeded || request.outcome == Outcome::degraded) ++client.broken_promises;
  }
  for (ClientState& client : clients_) {
    for (const Destination& way : client.ways) {
      client.prompt.merge(client.foreseen[way.way]);
      way.station->measured->sojourn_time.merge(client.foreseen[way.way]);
    }
    client.measured->response_time.merge(client.prompt);
    client.measured->completion_time.merge(client.prompt);
  }
  for (std::uint32_t i = 0; i < lines_.extent(); ++i)
    if (lines_[i].live) ++ledger.jobs_left;
  for (Backlog& backlog : backlogs_) {
    if (!backlog.starts.empty()) count_foreseen_left(backlog);
    ledger.waiting += std::uint64_t{backlog.stored} + backlog.delayed;
    ledger.in_hand += backlog.in_hand;
  }
  measured_.fingerprint = fingerprint_.value();
  measured_.events = calendar_.fired() + foreseen_;
}

}  // namespace sojourn
