// Laws that every run of every scenario obeys: nothing is counted twice, nothing is lost, and Little's law.
#include <algorithm>
#include <numeric>
#include <string>

#include "sojourn/system/run.hpp"
#include "support/catch.hpp"
#include "support/oracle.hpp"
#include "support/project_scenarios.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

std::uint64_t answered(const ClientMeasurement& client) {
  return std::accumulate(client.outcomes.begin(), client.outcomes.end(), std::uint64_t{0});
}

std::uint64_t promised(const ClientMeasurement& client) { return client.outcomes[0] + client.outcomes[1]; }

std::uint64_t ended(const SubscriptionMeasurement& s) {
  return s.handled + s.dead_lettered + s.lost + s.dropped + s.expired + s.refused;
}

/// Percentiles that rise, between a minimum that is not negative and a maximum.
void check_order(const Histogram& times) {
  if (times.empty()) return;
  double before = static_cast<double>(times.minimum());
  CHECK(before >= 0);
  for (const double p : {0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0}) {
    const double now = times.quantile(p).value();
    CHECK(now >= before);
    before = now;
  }
  CHECK(before == static_cast<double>(times.maximum()));
  CHECK(times.mean() >= static_cast<double>(times.minimum()));
  CHECK(times.mean() <= static_cast<double>(times.maximum()));
}

void check_ledger(const Ledger& ledger) {
  CHECK(ledger.arrived == ledger.answered + ledger.unfinished);
  CHECK(ledger.jobs_started == ledger.jobs_ended + ledger.jobs_refused + ledger.jobs_left);
  CHECK(ledger.published == ledger.handled + ledger.dead_lettered + ledger.lost + ledger.dropped + ledger.expired +
                                ledger.refused + ledger.waiting + ledger.in_hand);
  CHECK(ledger.worker_limit_breaches == 0);
}

void check_client(const ClientMeasurement& client) {
  const std::uint64_t unfinished = client.requests - answered(client);
  CHECK(client.requests >= answered(client));
  CHECK(client.response_time.count() == answered(client));
  CHECK(client.completion_time.count() + client.incomplete + unfinished == client.requests);
  CHECK(client.fulfilled <= client.completion_time.count());
  CHECK(client.broken_promises <= promised(client));
  CHECK(client.notification_time.count() <= client.requests);
  check_order(client.response_time);
  check_order(client.completion_time);
  check_order(client.notification_time);
}

/// Jobs that a service's operations run without ever waiting for somebody else.
bool only_works(const Scenario& scenario, const std::string& name) {
  const auto plain = [&](const Step& step) {
    if (const auto* publish = std::get_if<Publish>(&step.kind))
      return scenario.topics.at(publish->topic).overflow != Overflow::block;
    return std::holds_alternative<Work>(step.kind) || std::holds_alternative<Reply>(step.kind) ||
           std::holds_alternative<Notify>(step.kind);
  };
  const auto& operations = scenario.services.at(name).operations;
  return std::all_of(operations.begin(), operations.end(), [&](const auto& operation) {
    return std::all_of(operation.second.begin(), operation.second.end(), plain);
  });
}

/// Little's law without noise: from empty to empty, a level's integral is the sum of all times spent there.
void check_little(const ServiceMeasurement& service, bool blocking, bool works_only) {
  const Int128 waiting = static_cast<Int128>(service.waiting_time.sum());
  const Int128 sojourn = static_cast<Int128>(service.sojourn_time.sum());
  CHECK(service.arrivals == service.completed + service.refused);
  CHECK(service.waiting_time.count() == service.completed);
  CHECK(service.sojourn_time.count() == service.completed);
  if (blocking) {
    CHECK((service.queue_ns == waiting));
    CHECK((service.busy_ns + service.held_ns == sojourn - waiting));
  } else {
    CHECK((service.queue_ns >= waiting));
    CHECK((service.busy_ns + service.held_ns + service.queue_ns <= sojourn));
  }
  if (works_only) CHECK(service.held_ns == 0);
}

/// Little's law for the messages of a service that handles one subscription and nothing else.
void check_backlog(const SubscriptionMeasurement& s, const ServiceMeasurement& handler) {
  const bool handles_nothing_else = handler.arrivals == s.published + s.redelivered;
  if (!handles_nothing_else || s.handled != s.published) return;
  CHECK((s.backlog_ns == static_cast<Int128>(s.lag.sum()) - static_cast<Int128>(handler.sojourn_time.sum())));
}

/// A scenario in which everything that can go wrong does: refusals, timeouts, faults, full topics, lost and dead messages.
std::vector<Case> crowded() {
  const Study study = study_of(R"({"name": "crowded", "horizon": "200s", "network": {"latency": {"exponential": "1ms"}},
    "clients": {
      "open": {"requests": {"front.ask": 3, "front.tell": 1}, "timeout": "150ms", "retry": {"attempts": 2, "backoff": "20ms"},
               "arrivals": {"bursty": {"rate": "60/s", "burst_rate": "300/s", "calm": "2s", "burst": "500ms"}}},
      "closed": {"requests": "front.ask", "users": {"users": 10, "think": {"exponential": "200ms"}}, "priority": 3}},
    "services": {
      "front": {"replicas": 2, "workers": 3, "balancing": "power-of-two", "queue": {"capacity": 4, "discipline": "priority"},
        "operations": {
          "ask": [
            {"work": {"exponential": "5ms"}, "fails": 0.05, "declines": 0.05},
            {"parallel": [[{"call": "back.look", "timeout": "30ms", "retry": {"attempts": 3, "backoff": "5ms"}}],
                          [{"work": "2ms"}, {"call": "side.look"}], [{"publish": "full"}, {"delay": "3ms"}]], "join": 2},
            {"publish": "blocking"},
            {"choose": [{"probability": 0.5, "steps": [{"repeat": 2, "steps": [{"call": "side.look"}]}]}]}],
          "tell": [{"work": "1ms"}, {"reply": "accepted"}, {"publish": "dropping"}, {"publish": "once"}, {"notify": "client"},
                   {"delay": "10ms"}, {"work": "1ms", "fails": 0.2}]}},
      "back": {"workers": 3, "operations": {"look": [{"work": {"lognormal": {"p50": "8ms", "p99": "80ms"}}, "fails": 0.1}]}},
      "side": {"workers": 3, "queue": {"capacity": 3, "discipline": "lifo"},
               "operations": {"look": [{"work": {"exponential": "6ms"}}], "note": [{"work": {"exponential": "9ms"}, "fails": 0.5}]}}},
    "topics": {
      "full": {"subscriptions": {"side.note": {"concurrency": 1}}, "capacity": 3, "redelivery": {"delay": "20ms", "max_deliveries": 2}},
      "blocking": {"subscriptions": {"back.look": {}}, "capacity": 2, "overflow": "block"},
      "dropping": {"subscriptions": {"side.note": {}}, "capacity": 1, "overflow": "drop-oldest", "latency": "2ms"},
      "once": {"subscriptions": {"side.note": {}, "back.look": {}}, "delivery": "at-most-once"}},
    "variants": {"blocking": {}, "async": {"services": {"front": {"waiting": "async"}, "back": {"waiting": "async"}}}}})");
  std::vector<Case> cases;
  for (const Variant& variant : study.variants) cases.push_back({"crowded, " + variant.name, variant.scenario});
  return cases;
}

std::vector<Case> all_and_crowded() {
  std::vector<Case> cases = all_cases();
  for (Case& c : crowded()) cases.push_back(std::move(c));
  return cases;
}

}  // namespace

TEST_CASE("the crowded scenario has something of everything to count", "[laws]") {
  Ledger all;
  for (const Case& c : crowded())
    for (std::uint64_t replication = 0; replication < 5; ++replication)
      all.merge(run(compile(shortened(c.scenario)), {.replication = replication}).ledger);
  for (const std::uint64_t count :
       {all.answered, all.unfinished, all.jobs_ended, all.jobs_refused, all.jobs_left, all.handled, all.dead_lettered,
        all.lost, all.dropped, all.refused, all.waiting, all.in_hand})
    CHECK(count > 0);
}

TEST_CASE("every scenario keeps its books, wherever it is cut off", "[laws]") {
  for (const Case& c : all_and_crowded()) {
    INFO(c.name);
    const Measurements measured = run(compile(shortened(c.scenario)), {});
    check_ledger(measured.ledger);
    CHECK(measured.ledger.arrived > 0);
    for (const ClientMeasurement& client : measured.clients) check_client(client);
    for (const ServiceMeasurement& service : measured.services) {
      check_order(service.waiting_time);
      check_order(service.sojourn_time);
    }
    for (const SubscriptionMeasurement& s : measured.subscriptions) {
      CHECK(s.published == ended(s) + s.waiting + s.in_hand);
      check_order(s.lag);
    }
  }
}

TEST_CASE("every scenario that runs empty obeys Little's law exactly", "[laws]") {
  for (const Case& c : all_cases()) {
    INFO(c.name);
    const Scenario scenario = running_empty(c.scenario);
    const Topology topology = compile(scenario);
    const Measurements measured = run(topology, {});
    check_ledger(measured.ledger);
    REQUIRE(measured.ledger.jobs_left == 0);
    REQUIRE(measured.ledger.waiting == 0);
    for (std::size_t i = 0; i < measured.services.size(); ++i) {
      const std::string& name = topology.services[i].name;
      INFO(name);
      check_little(measured.services[i], !topology.services[i].async, only_works(scenario, name));
    }
    for (std::size_t i = 0; i < measured.subscriptions.size(); ++i) {
      INFO(topology.subscriptions[i].topic_name << " " << topology.subscriptions[i].name);
      CHECK(measured.subscriptions[i].published == ended(measured.subscriptions[i]));
      check_backlog(measured.subscriptions[i],
                    measured.services[topology.operations[topology.subscriptions[i].operation].service]);
    }
  }
}

TEST_CASE("every scenario that runs empty ends all that it began", "[laws]") {
  for (const Case& c : all_and_crowded()) {
    INFO(c.name);
    const Measurements measured = run(compile(running_empty(c.scenario)), {});
    for (const ClientMeasurement& client : measured.clients) {
      CHECK(answered(client) == client.requests);
      CHECK(client.incomplete == 0);
      CHECK(client.completion_time.count() == client.requests);
      // The last hop of an answer is part of the response and not of the completion.
      const bool has_hops = !is_zero(c.scenario.network.latency);
      if (has_hops || client.outcomes[5] > 0 || client.response_time.empty()) continue;
      for (const double p : {0.5, 0.9, 0.99, 1.0})
        CHECK(client.completion_time.quantile(p).value() >= client.response_time.quantile(p).value());
    }
  }
}
