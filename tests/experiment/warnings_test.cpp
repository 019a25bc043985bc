#include "sojourn/experiment/warnings.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/oracle.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

ExperimentResult result_of(std::uint32_t replications, Measurements (*run)(const Topology&, const RunOptions&)) {
  return run_experiment(synthetic::study(replications, {"only"}), {synthetic::topology()}, {.jobs = 1, .run = run});
}

std::string message(const std::vector<Warning>& warnings, std::string_view name, std::string_view path) {
  const auto found = std::find_if(warnings.begin(), warnings.end(),
                                  [&](const Warning& w) { return w.name == name && w.path == path; });
  return found == warnings.end() ? "" : found->message;
}

Measurements doubtful_run(const Topology& topology, const RunOptions& options) {
  Measurements m = synthetic::run(topology, options);
  m.clients[0].outcomes[0] -= 50;
  m.clients[0].incomplete = 7;
  std::uint64_t state = mix(options.replication);
  m.timeline = synthetic::timeline(topology, 25, state);
  return m;
}

Measurements silent_run(const Topology& topology, const RunOptions& options) {
  Measurements m = synthetic::run(topology, options);
  m.clients[0] = ClientMeasurement{};
  m.clients[0].requests = options.seed == 7 ? 3 : 0;
  return m;
}

}  // namespace

TEST_CASE("a sound result has no doubts about its clients and queues") {
  for (const Warning& w : warnings_of(result_of(10, synthetic::run))) CHECK(w.name == "too-few-samples");
}

TEST_CASE("too few samples are told with both numbers, one warning a time") {
  const auto warnings = warnings_of(result_of(2, synthetic::run));  // 800 requests, 2 messages
  CHECK(message(warnings, "too-few-samples", "clients.web.response_time") ==
        "p99.9 of clients.web.response_time needs 2995 requests, got 800");
  CHECK(message(warnings, "too-few-samples", "topics.orders.stock.reserve.lag") ==
        "p50 of topics.orders.stock.reserve.lag needs 5 messages, got 2; p90 needs 29; p95 needs 59; p99 needs 299; "
        "p99.9 "
        "needs 2995");
  CHECK(message(warnings, "too-few-samples", "services.pool.waiting_time").empty());  // none at all: nothing to doubt
}

TEST_CASE("unfinished and incomplete requests are told") {
  const auto warnings = warnings_of(result_of(4, doubtful_run));
  CHECK_THAT(message(warnings, "unfinished", "clients.web.outcomes.unfinished"),
             Catch::StartsWith("200 of 1600 requests of clients.web had no answer"));
  CHECK_THAT(message(warnings, "incomplete", "clients.web.completion_time"),
             Catch::StartsWith("28 of 1600 requests of clients.web were answered but left work behind"));
}

TEST_CASE("a growing queue is told with its rate") {
  const auto warnings = warnings_of(result_of(6, doubtful_run));
  CHECK_THAT(message(warnings, "growing-queue", "services.shop.queue_length"),
             Catch::StartsWith("shop's queue grows by about 25/s"));
  CHECK(message(warnings, "growing-queue", "services.pool.queue_length").empty());
}

TEST_CASE("requests without any answer, and clients without any request, are told") {
  Study study = synthetic::study(2, {"only"});
  const auto of = [&] {
    return warnings_of(run_experiment(study, {synthetic::topology()}, {.jobs = 1, .run = silent_run}));
  };
  CHECK(message(of(), "no-samples", "clients.web.response_time") == "none of clients.web's 6 requests was answered");
  study.variants[0].scenario.seed = 8;
  CHECK_THAT(message(of(), "no-samples", "clients.web.requests"), Catch::StartsWith("clients.web has no request"));
}

namespace {

/// The first warning of this name that a scenario brings, or nothing.
std::optional<Warning> doubt(const std::string& name, const std::string& rate, const std::string& services,
                             int replications = 5) {
  const auto result =
      testing::simulate(R"({"name": "full", "horizon": "30s", "replications": )" + std::to_string(replications) +
                        R"(, "clients": {"c": {"requests": "s.x", "arrivals": {"poisson": ")" + rate +
                        R"("}}}, "services": )" + services + "}");
  for (const Warning& warning : warnings_of(result))
    if (warning.name == name) return warning;
  return std::nullopt;
}

const std::string work = R"({"work": {"exponential": "10ms"}})";
const std::string one_server = R"({"s": {"operations": {"x": [)" + work + "]}}}";
const std::string shared_cores = R"({"s": {"workers": "unlimited", "cores": 1, "operations": {"x": [)" + work + "]}}}";
const std::string one_unit = R"({"s": {"workers": "unlimited", "operations": {"x": [{"use": "db", "steps": [)" + work +
                             R"(]}]}}}, "resources": {"db": {"units": 1}})";
const std::string full_topic =
    R"({"s": {"workers": "unlimited", "operations": {"x": [{"publish": "t"}]}},
  "u": {"operations": {"y": [)" +
    work + R"(]}}}, "topics": {"t": {"capacity": 5, "overflow": "block", "subscriptions": {"u.y": {}}}})";

}  // namespace

TEST_CASE("overload is told wherever it hides: shared cores, a resource, a topic that blocks") {
  for (const auto& [services, path] :
       {std::pair{one_server, "services.s.queue_length"}, std::pair{shared_cores, "services.s.busy_workers"},
        std::pair{one_unit, "services.s.busy_workers"}, std::pair{full_topic, "services.s.busy_workers"}}) {
    INFO(services);
    const auto growing = doubt("growing-queue", "120/s", services);
    REQUIRE(growing.has_value());
    CHECK(growing->path == path);
    CHECK_FALSE(doubt("growing-queue", "70/s", services).has_value());
  }
}

TEST_CASE("overload that the scenario shows needs no further replication to be told") {
  for (const int replications : {1, 2, 3}) CHECK(doubt("growing-queue", "120/s", one_server, replications).has_value());
  CHECK_FALSE(doubt("growing-queue", "80/s", one_server, 1).has_value());
}

TEST_CASE("a law without a mean or a variance is a doubt") {
  const auto with_shape = [](const std::string& shape) {
    return R"({"s": {"operations": {"x": [{"work": {"pareto": {"shape": )" + shape + R"(, "minimum": "1ms"}}}]}}})";
  };
  CHECK(doubt("infinite-variance", "10/s", with_shape("1.5")).value().path.starts_with("/services/s/operations/x/0"));
  CHECK(doubt("infinite-mean", "1/s", with_shape("0.9")).has_value());
  CHECK_FALSE(doubt("infinite-variance", "10/s", with_shape("2.5")).has_value());
}

TEST_CASE("short replications of a busy queue are told, long ones are not") {
  const auto of = [](const std::string& rate, const std::string& seconds) {
    const auto result =
        testing::simulate(R"({"name": "busy", "warmup": "20s", "replications": 20, "horizon": ")" + seconds +
                          R"(", "clients": {"c": {"requests": "s.x", "arrivals": {"poisson": ")" + rate +
                          R"("}}}, "services": )" + one_server + "}");
    for (const Warning& warning : warnings_of(result))
      if (warning.name == "interval-unsure") return true;
    return false;
  };
  CHECK(of("80/s", "50s"));
  CHECK_FALSE(of("50/s", "120s"));
}
