#pragma once
// Experiments without the engine: a small topology, and a run whose measurements are arithmetic of seed and replication.

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "sojourn/core/hash.hpp"
#include "sojourn/experiment/experiment.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn::synthetic {

/// One client, two services (one without a limit of workers), one call, one subscription. The drain tells variants apart:
/// it is added to every response, in nanoseconds.
inline Topology topology(std::int64_t slower_ns = 0, bool notified = true) {
  Topology t;
  t.horizon = Duration{12'000'000'000};
  t.warmup = Duration{2'000'000'000};
  t.drain = Duration{slower_ns};
  CompiledClient web;
  web.name = "web";
  web.notified = notified;
  t.clients.push_back(web);
  CompiledService shop;
  shop.name = "shop";
  shop.replicas = 2;
  shop.workers = 4;
  shop.cores = 4;
  shop.cost_per_hour = 1.5;
  CompiledService pool;
  pool.name = "pool";
  pool.workers = none;
  pool.cores = std::numeric_limits<double>::infinity();
  t.services = {shop, pool};
  t.calls.push_back({"shop->pool.take"});
  CompiledSubscription stock;
  stock.topic_name = "orders";
  stock.name = "stock.reserve";
  t.subscriptions.push_back(stock);
  return t;
}

/// A number in (0, 1], the next of its sequence.
inline double next(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  return (static_cast<double>(mix(state) >> 11) + 1) * 0x1p-53;
}

inline void fill(ClientMeasurement& client, std::int64_t slower_ns, std::uint64_t& state) {
  for (int i = 0; i < 400; ++i) {
    const auto ns = 1'000'000 + static_cast<std::int64_t>(9e6 * next(state)) + slower_ns;
    ++client.requests;
    ++client.outcomes[i % 40 == 0 ? 2 : 0];
    if (i % 40 != 0) ++client.fulfilled;
    client.response_time.add(ns);
    client.completion_time.add(2 * ns);
    client.notification_time.add(ns / 2);
  }
}

inline void fill(ServiceMeasurement& service, double window_ns, std::uint64_t replicas, std::uint64_t& state) {
  service.arrivals = service.completed = 400;
  service.replicas_ns = static_cast<Int128>(window_ns) * replicas;
  service.up_ns = service.replicas_ns / 2;
  service.busy_ns = service.used_ns = static_cast<Int128>(window_ns * (1 + next(state)));
  service.held_ns = static_cast<Int128>(window_ns);
  service.queue_ns = static_cast<Int128>(3 * window_ns);
  service.wasted_ns = service.busy_ns / 4;
  for (int i = 0; i < 400; ++i) service.sojourn_time.add(static_cast<std::int64_t>(5e6 * next(state)));
}

/// A timeline of one-second buckets in which the queue of the first service grows by this much a second.
inline Timeline timeline(const Topology& t, double growth, std::uint64_t& state) {
  Timeline line;
  line.bucket = Duration{1'000'000'000};
  const auto buckets = static_cast<std::size_t>(t.horizon.ns / line.bucket.ns);
  line.clients.assign(t.clients.size(), std::vector<TimelineClient>(buckets));
  line.services.assign(t.services.size(), std::vector<TimelineService>(buckets));
  line.subscriptions.assign(t.subscriptions.size(), std::vector<TimelineSubscription>(buckets));
  for (std::size_t b = 0; b < buckets; ++b) {
    line.clients[0][b].started = line.clients[0][b].answered = 40;
    line.services[0][b].queue_ns = static_cast<Int128>(1e9 * (growth * static_cast<double>(b) + next(state)));
    line.services[1][b].queue_ns = static_cast<Int128>(1e9 * 5 * next(state));
  }
  return line;
}

/// One replication; the same numbers for the same seed and replication, shifted by the topology's drain.
inline Measurements run(const Topology& t, const RunOptions& options) {
  std::uint64_t state = mix(options.seed, options.replication);
  Measurements m;
  m.warmup = t.warmup;
  m.horizon = t.horizon;
  m.events = 1000 + options.replication;
  m.fingerprint = mix(state, static_cast<std::uint64_t>(t.drain.ns));
  m.clients.resize(t.clients.size());
  m.services.resize(t.services.size());
  m.calls.resize(t.calls.size());
  m.subscriptions.resize(t.subscriptions.size());
  fill(m.clients[0], t.drain.ns, state);
  fill(m.services[0], m.window_ns(), 2, state);
  fill(m.services[1], m.window_ns(), 1, state);
  m.calls[0].calls = 100;
  m.calls[0].attempts = 150;
  SubscriptionMeasurement& stock = m.subscriptions[0];
  stock.published = 400;
  stock.handled = 390;
  stock.waiting = 10;
  stock.backlog_max = 7 + options.replication;
  stock.backlog_ns = static_cast<Int128>(2 * m.window_ns());
  stock.lag.add(1'500'000);
  m.timeline = timeline(t, 0, state);
  return m;
}

/// A study of variants that differ in how much slower they are.
inline Study study(std::uint32_t replications, const std::vector<std::string>& names) {
  Study s;
  s.name = "small";
  s.question = "Which one?";
  s.sha256 = "ab12";
  for (const std::string& name : names) {
    Variant& variant = s.variants.emplace_back();
    variant.name = name;
    variant.scenario.name = "small";
    variant.scenario.replications = replications;
    variant.scenario.seed = 7;
    variant.scenario.horizon = topology().horizon;
    variant.scenario.warmup.length = topology().warmup;
  }
  return s;
}

/// The study's result with synthetic runs.
inline ExperimentResult experiment(const Study& s, std::vector<Topology> topologies, unsigned jobs = 1) {
  return run_experiment(s, std::move(topologies), ExperimentOptions{.jobs = jobs, .run = synthetic::run});
}

}  // namespace sojourn::synthetic
