// What a request's time is spent on: by hand where nothing is left to chance, and to the nanosecond everywhere.
#include "sojourn/experiment/blame.hpp"

#include <map>
#include <string>

#include "sojourn/experiment/findings.hpp"
#include "sojourn/io/formats.hpp"
#include "support/project_scenarios.hpp"
#include "support/random_scenario.hpp"
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;
using Catch::Contains;

namespace {

/// Windows that hold every time.
BlameWindows everything(const Topology& topology) {
  constexpr BlameWindows::Span all{0, Time::never().ns};
  const std::size_t clients = topology.clients.size();
  return {std::vector<BlameWindows::Span>(clients, all), std::vector<BlameWindows::Span>(clients, all)};
}

Measurements run_with_blame(const Scenario& scenario) {
  const Topology topology = compile(scenario);
  const BlameWindows windows = everything(topology);
  return run(topology, {.seed = scenario.seed, .blame = &windows});
}

/// Milliseconds of each part of an average request, "inventory queue" -> 12; the parts of a hundredth of one are left out.
std::map<std::string, double> parts(const std::string& text, const std::string& time = "response_time") {
  const Study study = read(text);
  ExperimentResult result = run_experiment(study, ExperimentOptions{.jobs = 1});
  add_blame(result, ExperimentOptions{.jobs = 1});
  std::map<std::string, double> found;
  for (const BlameStory& story : stories_of(result)) {
    if (story.time != time || story.statistic != "mean" || story.variant != study.variants.front().name) continue;
    for (const BlamePart& part : story.parts)
      found[part.place + " " + std::string(name_of(part.why))] = part.seconds * 1e3;
  }
  return found;
}

std::string once(const std::string& services, const std::string& more = "", const std::string& client = "") {
  return R"({"name": "t", "replications": 1, "horizon": "10s", )" + more +
         R"("clients": {"c": {"requests": "a.x", "arrivals": {"constant": "1/s"})" + client + R"(}}, "services": {)" +
         services + "}}";
}

using Parts = std::map<std::string, double>;

void check_parts(const Parts& found, const Parts& expected) {
  for (const auto& [name, ms] : found) {
    INFO(name);
    REQUIRE(expected.contains(name));
    CHECK(ms == Approx(expected.at(name)));
  }
  CHECK(found.size() == expected.size());
}

Int128 sum_of(const BlameSum& sum) {
  Int128 all = 0;
  for (const Int128 part : sum.parts_ns) all += part;
  return all;
}

void check_sums(const Measurements& m) {
  for (std::size_t c = 0; c < m.clients.size(); ++c) {
    const ClientBlame& blame = m.blames[c];
    CHECK(blame.response.requests == m.clients[c].response_time.count());
    CHECK((sum_of(blame.response) == static_cast<Int128>(m.clients[c].response_time.sum())));
    CHECK(blame.completion.requests == m.clients[c].completion_time.count());
    CHECK((sum_of(blame.completion) == static_cast<Int128>(m.clients[c].completion_time.sum())));
    CHECK((sum_of(blame.response_tail) == sum_of(blame.response)));
  }
}

}  // namespace

TEST_CASE("a chain of calls is work, ways and waits of each service", "[blame]") {
  // Two ask at each second: at b the second one waits for the first one's 30 ms.
  const std::string text = R"({"name": "t", "replications": 1, "horizon": "1001ms", "drain": "5s", "clients": {
      "c": {"requests": "a.x", "users": {"users": 2, "think": "1s"}}},
      "services": {"a": {"workers": 2, "operations": {"x": [{"work": "10ms"}, {"call": "b.y"}, {"delay": "7ms"}]}},
                   "b": {"operations": {"y": [{"work": "30ms"}]}}},
      "network": {"links": {"a->b": {"latency": "2ms"}, "c->a": {"latency": "1ms"}}}})";
  check_parts(parts(text),
              {{"a network", 2}, {"a work", 10}, {"a delay", 7}, {"b network", 4}, {"b work", 30}, {"b queue", 15}});
}

TEST_CASE("time-outs are waits for the callee, retries are back-off", "[blame]") {
  const std::string services = R"("a": {"operations": {"x": [{"call": "b.y", "timeout": "50ms",
        "retry": {"attempts": 2, "backoff": "20ms", "jitter": "none"}}]}},
      "b": {"workers": 9, "operations": {"y": [{"work": "300ms"}]}})";
  check_parts(parts(once(services)), {{"b held", 100}, {"a back_off", 20}});
  check_parts(parts(once(services, "", R"(, "timeout": "30ms")")), {{"a held", 30}});
}

TEST_CASE("a further copy of a call has waited for its time", "[blame]") {
  // The first copy finds a service that hangs; the second one goes out when it is up again.
  check_parts(parts(R"({"name": "t", "replications": 1, "horizon": "1500ms",
      "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "1/s"}}},
      "services": {"a": {"operations": {"x": [{"call": "b.y", "hedge": {"after": "100ms"}}]}},
                   "b": {"operations": {"y": [{"work": "40ms"}]}}},
      "incidents": [{"at": "1s", "for": "50ms", "target": "b", "effect": {"down": "hang"}}]})"),
              {{"a back_off", 100}, {"b work", 40}});
}

TEST_CASE("of branches the one counts that the join waits for", "[blame]") {
  const std::string services = R"("a": {"operations": {"x": [{"parallel": [[{"call": "b.y"}], [{"call": "d.z"}]]}]}},
      "b": {"operations": {"y": [{"work": "30ms"}]}}, "d": {"operations": {"z": [{"work": "50ms"}]}})";
  check_parts(parts(once(services)), {{"d work", 50}});
  const std::string any = R"("a": {"operations": {"x": [{"parallel": [[{"call": "b.y"}], [{"call": "d.z"}]],
      "join": "any"}]}}, "b": {"operations": {"y": [{"work": "30ms"}]}}, "d": {"operations": {"z": [{"work": "50ms"}]}})";
  check_parts(parts(once(any)), {{"b work", 30}});
  check_parts(parts(once(any), "completion_time"), {{"d work", 50}});
}

TEST_CASE("completion goes through topics, the answer does not", "[blame]") {
  const std::string services = R"("a": {"operations": {"x": [{"work": "10ms"}, {"publish": "t"}]}},
      "b": {"operations": {"y": [{"work": "30ms"}]}})";
  const std::string topic = R"("topics": {"t": {"latency": "5ms", "subscriptions": {"b.y": {}}}}, )";
  check_parts(parts(once(services, topic)), {{"a work", 10}});
  check_parts(parts(once(services, topic), "completion_time"), {{"a work", 10}, {"t topic", 5}, {"b work", 30}});
}

TEST_CASE("who waits for a handler, a unit or a broker is held", "[blame]") {
  const std::string services = R"("a": {"operations": {"x": [{"publish": "t"}, {"await": ["b.y"]}]}},
      "b": {"operations": {"y": [{"work": "30ms"}]}})";
  const std::string topic = R"("topics": {"t": {"subscriptions": {"b.y": {}}}}, )";
  check_parts(parts(once(services, topic)), {{"a held", 30}});
  const std::string confirmed = R"("a": {"operations": {"x": [{"publish": "t", "confirm": true}]}},
      "b": {"operations": {"y": [{"work": "30ms"}]}})";
  check_parts(parts(once(confirmed, topic + R"("network": {"links": {"a->t": {"latency": "3ms"}}}, )")),
              {{"t topic", 6}});
}

TEST_CASE("the parts add up to all of the time, whatever happens, and looking changes nothing", "[blame][laws]") {
  for (const Case& one : all_cases()) {
    INFO(one.name);
    check_sums(run_with_blame(shortened(one.scenario)));
  }
  for (std::uint64_t number = 0; number < 150; ++number) {
    INFO("scenario " << number);
    const StudyResult read = read_study(random_scenario(number), {.folder = random_scenario_folder()});
    REQUIRE(read.study.has_value());
    for (const Variant& variant : read.study->variants) {
      const Measurements m = run_with_blame(variant.scenario);
      if (!m.stopped.empty()) continue;
      check_sums(m);
      CHECK(m.fingerprint == run(compile(variant.scenario), {.seed = variant.scenario.seed}).fingerprint);
    }
  }
}

TEST_CASE("the table names the largest part of the p99", "[blame]") {
  const Study study = read(R"({"name": "t", "replications": 4, "horizon": "60s", "warmup": "5s", "clients": {"c":
      {"requests": "a.x", "arrivals": {"poisson": "90/s"}}}, "services": {"a": {"operations": {"x": [{"work": {"exponential":
      "10ms"}}]}}}})");
  ExperimentResult result = run_experiment(study, ExperimentOptions{.jobs = 2});
  add_blame(result, ExperimentOptions{.jobs = 2});
  const Findings findings = findings_of(study, std::move(result));
  REQUIRE(findings.blame.size() == 4);
  const BlameStory& tail = findings.blame[1];
  CHECK(tail.statistic == "p99");
  const double p99 = findings.result.variants[0].estimate("clients.c.response_time.p99")->value;
  CHECK(tail.seconds == Approx(p99).epsilon(0.03));
  REQUIRE(tail.parts.size() == 2);
  CHECK(tail.parts[0].why == Blame::queue);
  CHECK(tail.parts[0].seconds + tail.parts[1].seconds == Approx(tail.seconds).epsilon(1e-12));
  CHECK_THAT(format_named("table")->text_of(findings, {}),
             Contains("waiting in the queue of a") && Contains("work of a"));
  CHECK_THAT(format_named("json")->text_of(findings, {}), Contains("\"why\": \"queue\""));
}

TEST_CASE("all messages of a batch are in the work of its job, and what they cause follows it", "[blame]") {
  // Two messages at 1 s, which one job handles in 20 ms.
  const auto of_batch = [](const std::string& then) {
    return parts(R"({"name": "t", "replications": 1, "horizon": "1001ms", "drain": "5s", "clients": {
        "c": {"requests": "a.x", "users": {"users": 2, "think": "1s"}}},
        "services": {"a": {"workers": 2, "operations": {"x": [{"publish": "t"}]}},
                     "b": {"operations": {"y": [{"work": "10ms"})" +
                     then + R"(]}},
                     "d": {"workers": 2, "operations": {"z": [{"work": "5ms"}]}}},
        "topics": {"t": {"subscriptions": {"b.y": {"batch": {"size": 2, "wait": "1s"}}}},
                   "u": {"subscriptions": {"d.z": {}}}}})",
                 "completion_time");
  };
  check_parts(of_batch(""), {{"b work", 20}});
  check_parts(of_batch(R"(, {"publish": "u"})"), {{"b work", 20}, {"d work", 5}});
}

TEST_CASE("messages are on their way to a topic, then in it, and a call that a link fails was on its way", "[blame]") {
  const std::string services =
      R"("a": {"operations": {"x": [{"publish": "t"}]}}, "b": {"operations": {"y": [{"work": "30ms"}]}})";
  const std::string more = R"("topics": {"t": {"latency": "5ms", "subscriptions": {"b.y": {}}}},
      "network": {"links": {"a->t": {"latency": "3ms"}}}, )";
  check_parts(parts(once(services, more), "completion_time"), {{"t network", 3}, {"t topic", 5}, {"b work", 30}});
  const std::string calls =
      R"("a": {"operations": {"x": [{"call": "b.y"}]}}, "b": {"operations": {"y": [{"work": "30ms"}]}})";
  const std::string failing =
      R"("network": {"links": {"a->b": {"latency": "4ms"}}}, "incidents": [{"at": "0s", "for": "60s",
      "target": "a->b", "effect": {"fails": 1}}], )";
  check_parts(parts(once(calls, failing)), {{"b network", 4}});
}

TEST_CASE("a client that asks again has backed off", "[blame]") {
  const std::string service = R"("a": {"operations": {"x": [{"work": "10ms", "fails": 1}]}})";
  const std::string retry = R"(, "retry": {"attempts": 2, "backoff": "25ms", "jitter": "none"})";
  check_parts(parts(once(service, "", retry)), {{"a work", 20}, {"c back_off", 25}});
}

TEST_CASE("what a crash cuts off has been held until then", "[blame]") {
  check_parts(parts(R"({"name": "t", "replications": 1, "horizon": "1500ms",
      "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "1/s"}}},
      "services": {"a": {"operations": {"x": [{"work": "5ms"}, {"call": "b.y"}]}},
                   "b": {"operations": {"y": [{"work": "40ms"}]}}},
      "incidents": [{"at": "1015ms", "for": "50ms", "target": "b", "effect": {"down": "refuse"}}]})"),
              {{"a work", 5}, {"b held", 10}});
}
