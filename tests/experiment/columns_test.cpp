#include "sojourn/experiment/columns.hpp"

#include <set>

#include "support/catch.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

std::optional<double> value_at(const Topology& topology, const Measurements& measured, std::string_view path) {
  const std::vector<Column> columns = columns_of(topology);
  const auto position = position_of(columns, path);
  REQUIRE(position.has_value());
  return value_of(columns[*position], measured);
}

/// Ten seconds of one replication in which everything has a different, simple number.
Measurements measured() {
  Measurements m;
  m.warmup = Duration{2'000'000'000};
  m.horizon = Duration{12'000'000'000};
  m.clients.resize(1);
  m.services.resize(2);
  m.calls.resize(1);
  m.subscriptions.resize(1);
  ClientMeasurement& c = m.clients[0];
  c.requests = 200;
  c.outcomes = {100, 20, 30, 4, 5, 1};
  c.fulfilled = 90;
  c.broken_promises = 10;
  c.compensated = 3;
  c.incomplete = 2;
  c.response_time.add(1'000'000'000);
  c.response_time.add(3'000'000'000);
  ServiceMeasurement& s = m.services[0];
  s.arrivals = 50;
  s.completed = 40;
  s.refused = 5;
  s.busy_ns = 30'000'000'000;
  s.used_ns = 20'000'000'000;
  s.held_ns = 10'000'000'000;
  s.queue_ns = 5'000'000'000;
  s.replicas_ns = 20'000'000'000;
  s.up_ns = 15'000'000'000;
  s.wasted_ns = 6'000'000'000;
  m.calls[0] = {.calls = 20,
                .attempts = 30,
                .failed = 1,
                .refused = 2,
                .timed_out = 3,
                .open = 4,
                .fallback = 5,
                .response_time = {}};
  SubscriptionMeasurement& t = m.subscriptions[0];
  t.published = 70;
  t.handled = 60;
  t.backlog_max = 9;
  t.backlog_ns = 25'000'000'000;
  t.dropped = 1;
  t.expired = 2;
  t.waiting = 3;
  t.in_hand = 4;
  return m;
}

}  // namespace

TEST_CASE("every number of a client is what its name says") {
  const Topology t = synthetic::topology();
  const Measurements m = measured();
  const auto value = [&](const std::string& path) { return value_at(t, m, "clients.web." + path); };
  CHECK(value("requests") == 200);
  CHECK(value("offered_per_s") == 20);
  CHECK(value("succeeded_per_s") == 12);
  CHECK(value("outcomes.succeeded") == 100);
  CHECK(value("outcomes.degraded") == 20);
  CHECK(value("outcomes.declined") == 30);
  CHECK(value("outcomes.failed") == 4);
  CHECK(value("outcomes.refused") == 5);
  CHECK(value("outcomes.timed_out") == 1);
  CHECK(value("outcomes.unfinished") == 40);
  CHECK(value("success_ratio") == 0.6);
  CHECK(value("fulfilled_ratio") == 0.45);
  CHECK(value("broken_promise_ratio") == 0.05);
  CHECK(value("response_time.mean") == 2);
  CHECK(value("response_time.p50") == 1);
  CHECK(value("response_time.max") == 3);
  CHECK(value("compensated") == 3);
  CHECK(value("incomplete") == 2);
  CHECK_FALSE(value("completion_time.mean").has_value());
}

TEST_CASE("every number of a service, a call and a subscription is what its name says") {
  const Topology t = synthetic::topology();
  const Measurements m = measured();
  const auto value = [&](const std::string& path) { return value_at(t, m, path); };
  CHECK(value("services.shop.utilization") == 0.25);  // 20 s of 2 replicas with 4 workers for 10 s
  CHECK(value("services.shop.busy_workers") == 3);
  CHECK(value("services.shop.held_workers") == 1);
  CHECK(value("services.shop.queue_length") == 0.5);
  CHECK(value("services.shop.arrivals_per_s") == 5);
  CHECK(value("services.shop.completed_per_s") == 4);
  CHECK(value("services.shop.refused_per_s") == 0.5);
  CHECK(value("services.shop.wasted_work_ratio") == 0.2);
  CHECK(value("services.shop.availability") == 0.75);
  CHECK(value("services.shop.replicas") == 2);
  CHECK(value("services.shop.cost_per_hour") == 3);
  CHECK_FALSE(value("services.pool.wasted_work_ratio").has_value());  // no work, so no share of it
  CHECK(value("calls.shop->pool.take.calls_per_s") == 2);
  CHECK(value("calls.shop->pool.take.attempts_per_s") == 3);
  CHECK(value("calls.shop->pool.take.amplification") == 1.5);
  CHECK(value("calls.shop->pool.take.failed_per_s") == 0.1);
  CHECK(value("calls.shop->pool.take.refused_per_s") == 0.2);
  CHECK(value("calls.shop->pool.take.timed_out_per_s") == 0.3);
  CHECK(value("calls.shop->pool.take.open_per_s") == 0.4);
  CHECK(value("calls.shop->pool.take.fallback_per_s") == 0.5);
  CHECK(value("topics.orders.stock.reserve.published_per_s") == 7);
  CHECK(value("topics.orders.stock.reserve.handled_per_s") == 6);
  CHECK(value("topics.orders.stock.reserve.backlog") == 2.5);
  CHECK(value("topics.orders.stock.reserve.backlog_max") == 9);
  CHECK(value("topics.orders.stock.reserve.dropped") == 1);
  CHECK(value("topics.orders.stock.reserve.expired") == 2);
  CHECK(value("topics.orders.stock.reserve.waiting") == 3);
  CHECK(value("topics.orders.stock.reserve.in_hand") == 4);
  CHECK(value("topics.orders.stock.reserve.published") == 70);
}

TEST_CASE("rates of merged replications are those of one, counts are sums") {
  const Topology t = synthetic::topology();
  Measurements m = measured();
  m.merge(measured());
  CHECK(value_at(t, m, "clients.web.offered_per_s") == 20);
  CHECK(value_at(t, m, "clients.web.requests") == 400);
  CHECK(value_at(t, m, "services.shop.busy_workers") == 3);
  CHECK(value_at(t, m, "services.shop.replicas") == 2);
}

TEST_CASE("what a variant can never have is absent") {
  const std::vector<Column> silent = columns_of(synthetic::topology(0, false));
  CHECK_FALSE(position_of(silent, "clients.web.notification_time.mean").has_value());
  CHECK(position_of(columns_of(synthetic::topology()), "clients.web.notification_time.mean").has_value());
  CHECK_FALSE(position_of(silent, "services.pool.utilization").has_value());  // no limit of workers
  for (const Column& column : silent)
    if (!column.present) CHECK_FALSE(value_of(column, measured()).has_value());
}

TEST_CASE("paths are unique and headers have the same measures as things") {
  const std::vector<Column> columns = columns_of(synthetic::topology());
  std::set<std::string> paths;
  for (const Column& column : columns) paths.insert(column.dotted());
  CHECK(paths.size() == columns.size());
  std::size_t i = 0;
  for (const Column& measure : measures_of(Section::clients)) CHECK(measure.measure == columns.at(i++).measure);
  CHECK(columns.at(i).section == Section::services);
}

TEST_CASE("quantiles know their samples") {
  const std::vector<Column> columns = columns_of(synthetic::topology());
  const auto samples = [&](std::string_view path) {
    return samples_of(columns.at(position_of(columns, path).value()), measured());
  };
  CHECK(samples("clients.web.response_time.p99") == 2U);
  CHECK_FALSE(samples("clients.web.requests").has_value());
}
