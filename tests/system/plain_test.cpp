// The short way of plain services: who takes it, and that it leads to the same results as the long way.
#include <cstdint>
#include <string>

#include "sojourn/io/study.hpp"
#include "sojourn/system/places.hpp"
#include "sojourn/system/run.hpp"
#include "support/catch.hpp"
#include "support/project_scenarios.hpp"
#include "support/random_flow.hpp"
#include "support/scenario.hpp"
#include "support/short_and_long.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

/// Which services of a scenario's first variant are plain, by name: "a, b".
std::string plain_services(const std::string& services, const std::string& more = "") {
  const Topology topology = compile(
      read(scenario_text(R"("requests": "a.x", "arrivals": {"poisson": "10/s"}, "timeout": "1s")", services, more))
          .variants.front()
          .scenario);
  std::string names;
  for (const CompiledService& service : topology.services)
    if (service.plain) names += (names.empty() ? "" : ", ") + service.name;
  return names;
}

/// Service "a" calls "b"; both with these further keys.
std::string pair_with(const std::string& keys_of_a, const std::string& keys_of_b,
                      const std::string& step = R"({"work": "1ms"})") {
  return R"("a": {)" + keys_of_a + R"("operations": {"x": [{"work": "1ms"}, {"call": "b.x"}]}}, "b": {)" + keys_of_b +
         R"("operations": {"x": [)" + step + "]}}";
}

std::uint64_t how_many() {
  const char* wanted = std::getenv("SOJOURN_RANDOM_SCENARIOS");
  return wanted == nullptr ? 250 : std::strtoull(wanted, nullptr, 10);
}

}  // namespace

TEST_CASE("a service is plain where nothing unusual can happen", "[plain]") {
  CHECK(plain_services(pair_with("", "")) == "a, b");
  CHECK(plain_services(pair_with(R"("workers": "unlimited", )", R"("replicas": 3, "queue": {"capacity": 2}, )")) ==
        "a, b");
  CHECK(plain_services(pair_with("", R"("waiting": "async", )")) == "a");
  CHECK(plain_services(pair_with(R"("workers": 2, "cores": 1, )", "")) == "b");
  CHECK(plain_services(pair_with("", R"("replicas": 2, "balancing": "random", )")) == "a");
  CHECK(plain_services(pair_with("", R"("queue": {"max_wait": "1s"}, )")) == "a");
  CHECK(plain_services(pair_with("", R"("rate_limit": {"rate": "10/s"}, )")) == "a");
  CHECK(plain_services(pair_with("", "", R"({"repeat": 2, "steps": [{"work": "1ms"}]})")) == "a");
  CHECK(plain_services(pair_with("", "", R"({"parallel": [[{"work": "1ms"}], [{"work": "1ms"}]]})")) == "a");
  CHECK(plain_services(pair_with("", "", R"({"choose": [{"probability": 0.5, "steps": [{"work": "1ms"}]}]})")) ==
        "a, b");
  CHECK(plain_services(pair_with("", ""), R"("network": {"latency": "1ms"}, )").empty());
  CHECK(plain_services(pair_with("", ""),
                       R"("incidents": [{"at": "1s", "for": "1s", "target": "b", "effect": {"fails": 0.1}}], )")
            .empty());
  CHECK(plain_services(pair_with("", ""),
                       R"("incidents": [{"at": "1s", "for": "1s", "target": "b", "effect": {"down": "pause"}}], )") ==
        "a");
}

TEST_CASE("a service is plain where its topics hand on every message at once", "[plain]") {
  const std::string services = R"("a": {"operations": {"x": [{"publish": "t"}]}},
    "b": {"operations": {"x": [{"work": "1ms"}]}})";
  const auto with = [&](const std::string& subscription, const std::string& topic) {
    return plain_services(services,
                          R"("topics": {"t": {"subscriptions": {"b.x": {)" + subscription + "}}" + topic + "}}, ");
  };
  CHECK(with("", "") == "a, b");
  CHECK(with(R"("concurrency": 1)", R"(, "redelivery": {"delay": "1s"})") == "a, b");
  CHECK(with(R"("batch": {"size": 2, "wait": "0s"})", "") == "a");
  CHECK(with(R"("poll": "1s")", "") == "a");
  for (const char* key :
       {R"(, "partitions": 2)", R"(, "capacity": 5)", R"(, "latency": "1ms")", R"(, "expires": "1s")",
        R"(, "duplicates": 0.1)", R"(, "failures": {"time_to_failure": "1s", "time_to_repair": "1s"})"}) {
    INFO(key);
    CHECK(with("", key) == "a");
  }
}

TEST_CASE("the project's scenarios give the same numbers by the short and by the long way", "[plain]") {
  for (const Case& one : all_cases()) {
    INFO(one.name);
    const Topology topology = compile(shortened(one.scenario));
    const Measurements by_short = run(topology, {.seed = 5}), by_long = run_the_long_way(topology, {.seed = 5});
    CHECK(by_short.fingerprint == by_long.fingerprint);
    CHECK(by_short.events == by_long.events);
    for (std::size_t i = 0; i < by_short.services.size(); ++i) {
      CHECK(by_short.services[i].sojourn_time == by_long.services[i].sojourn_time);
      CHECK(by_short.services[i].waiting_time == by_long.services[i].waiting_time);
      CHECK((by_short.services[i].busy_ns == by_long.services[i].busy_ns));
      CHECK((by_short.services[i].held_ns == by_long.services[i].held_ns));
    }
  }
}

TEST_CASE("random flows give the same numbers by the short and by the long way", "[plain]") {
  std::size_t plain = 0, services = 0;
  for (std::uint64_t number = 0; number < how_many(); ++number) {
    INFO("flow " << number);
    const std::string text = random_flow(number);
    const Study study = read(text);
    for (const Topology& topology : compile_all(study)) {
      services += topology.services.size();
      for (const CompiledService& service : topology.services) plain += service.plain ? 1 : 0;
    }
    CHECK(numbers_of(study, &run) == numbers_of(study, &run_the_long_way));
  }
  CHECK(plain > services / 2);  // or nothing would be compared
}

TEST_CASE("draws of a place are those of single requests, however they come", "[plain]") {
  const Sampler sampler(Distribution{Exponential{Duration{1'000'000}}});
  PlaceTimes times(sampler, 7, 9);
  PlaceChance chance(0.3, 7, 9);
  std::uint64_t state = 1;
  for (int round = 0; round < 20'000; ++round) {
    state = state * 6364136223846793005 + 1442695040888963407;
    // In order at first, with neighbours passing each other; then from anywhere, where blocks do not pay; then in order again.
    const auto n = static_cast<std::uint64_t>(round);
    const std::uint64_t number = round < 5'000 || round > 12'000 ? n + state % 7 : state >> 20;
    Draw draw(7, number, 9);
    REQUIRE(times.of(number) == sampler(draw));
    REQUIRE(chance.of(number) == (Draw(7, number, 9).uniform() <= 0.3));
  }
}

TEST_CASE("a message that is its handler's job from the start comes again when it fails", "[plain]") {
  // Every first handling fails: each message is handled at its second delivery, or at its third, ... by a chance of 1/2 each.
  const Measurements m = run_text(R"({"name": "t", "horizon": "200s", "drain": "100s",
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "50/s"}}},
    "services": {"a": {"workers": "unlimited", "operations": {"x": [{"publish": "t"}]}},
                 "b": {"workers": 4, "operations": {"x": [{"work": {"exponential": "20ms"}, "fails": 0.5}, {"publish": "u"}]}},
                 "d": {"operations": {"x": [{"work": "1ms"}]}}},
    "topics": {"t": {"redelivery": {"delay": "10ms", "factor": 1, "max_deliveries": 60}, "subscriptions": {"b.x": {}}},
               "u": {"subscriptions": {"d.x": {}}}}})");
  const auto published = static_cast<double>(m.subscriptions[0].published);
  CHECK(published > 9'900);
  CHECK(static_cast<double>(m.subscriptions[0].redelivered) == Approx(published).epsilon(0.06));  // 4.5 standard errors
  CHECK(m.clients[0].fulfilled == m.clients[0].requests);
  CHECK(m.ledger.handled == m.ledger.published);
}
