#include "sojourn/model/flow.hpp"

#include <cmath>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "sojourn/model/short_text.hpp"
#include "sojourn/model/validation.hpp"
#include "support/catch.hpp"

using namespace sojourn;
using namespace sojourn::literals;

namespace {

Step work(Duration mean, double fails = 0, double declines = 0) {
  return {Work{.time = {Exponential{mean}}, .fails = fails, .declines = declines}};
}

Step call(const char* operation) {
  Call step;
  step.operation = {"s", operation};
  return {step};
}

Step publish(const char* topic) {
  Publish step;
  step.topic = topic;
  return {step};
}

/// A scenario of one service, asked for its operation a at 10/s.
Scenario scenario_of(std::map<std::string, Steps> operations) {
  Scenario scenario;
  scenario.name = "x";
  scenario.horizon = 100_s;
  Client client;
  client.requests.weights = {{{"s", "a"}, 1}};
  client.arrivals = Arrivals{PoissonArrivals{.rate = {10}, .profile = {}}};
  scenario.clients["c"] = client;
  scenario.services["s"].operations = std::move(operations);
  return scenario;
}

void subscribe(Scenario& scenario, const std::string& topic, const char* operation) {
  scenario.topics[topic].subscriptions[{"s", operation}] = {};
}

std::vector<double> rates_of(const Scenario& scenario) {
  const FlowGraph graph = flow_graph(scenario);
  std::vector<double> asked(graph.nodes.size());
  asked[graph.index_of({"s", "a"})] = 10;
  return job_rates(graph, asked);
}

std::string names_of_warnings(const Scenario& scenario) {
  std::string names;
  for (const Issue& issue : validate(scenario))
    names += (issue.severity == Severity::warning ? issue.name : "error") + " ";
  return names;
}

}  // namespace

TEST_CASE("jobs multiply along calls, choices, repeats, branches and work that fails") {
  const Steps some{work(2_ms, 0.5), call("d")};
  Choose choose{{{.probability = 0.25, .steps = {call("b")}}, {.probability = 0.5, .steps = {call("c"), call("c")}}}};
  Parallel parallel;
  parallel.branches = {{call("b")}, {Step{Repeat{{3}, {call("c")}}}}};
  const Scenario scenario = scenario_of({{"a", {Step{choose}, Step{parallel}, work(1_ms, 0, 0.2), call("b")}},
                                         {"b", {}},
                                         {"c", some},
                                         {"d", {work(1_ms)}}});
  const auto rates = rates_of(scenario);
  CHECK(rates[0] == Approx(10));
  CHECK(rates[1] == Approx(10 * (0.25 + 1 + 0.8)));
  CHECK(rates[2] == Approx(10 * (1 + 3)));
  CHECK(rates[3] == Approx(10 * 4 * 0.5));
  CHECK(flow_graph(scenario).nodes[2].work_ns == Approx(2e6));
}

TEST_CASE("a loop of messages multiplies by a geometric sum") {
  Scenario scenario =
      scenario_of({{"a", {publish("t")}}, {"b", {Step{Choose{{{.probability = 0.75, .steps = {publish("t")}}}}}}}});
  subscribe(scenario, "t", "b");
  const FlowGraph graph = flow_graph(scenario);
  CHECK(mean_offspring(graph, {1}, false) == Approx(0.75));
  CHECK(rates_of(scenario)[1] == Approx(40));
  CHECK(names_of_warnings(scenario).empty());
}

TEST_CASE("loops that feed themselves are errors, whatever their shape") {
  // Two operations send messages to each other, 2 x 0.5 = 1 and 2 x 0.49 < 1.
  for (const double p : {0.5, 0.49}) {
    Scenario scenario = scenario_of(
        {{"a", {publish("t"), publish("t")}}, {"b", {Step{Choose{{{.probability = p, .steps = {publish("u")}}}}}}}});
    subscribe(scenario, "t", "b");
    subscribe(scenario, "u", "a");
    CHECK(mean_offspring(flow_graph(scenario), {0, 1}, false) == Approx(std::sqrt(2 * p)));
    CHECK(has_errors(validate(scenario)) == (p == 0.5));
  }
  // Two subscriptions that each answer with probability 0.6.
  const Steps answer{Step{Choose{{{.probability = 0.6, .steps = {publish("t")}}}}}};
  Scenario fan = scenario_of({{"a", {publish("t")}}, {"b", answer}, {"c", answer}});
  subscribe(fan, "t", "b");
  CHECK_FALSE(has_errors(validate(fan)));
  subscribe(fan, "t", "c");
  const Issues issues = validate(fan);
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].message ==
        "expected messages that die out, found a loop in which each causes 1.2 more on average: s.b -> s.b; "
        "let it go on with a probability below 1");
  CHECK(issues[0].pointer == "/services/s/operations/b/0/choose/0/steps/0/publish");
}

TEST_CASE("a cycle of calls is an error unless a choice leaves it") {
  const auto scenario_with = [](Step way_back) {
    Scenario scenario =
        scenario_of({{"a", {call("b")}}, {"b", {std::move(way_back)}}, {"c", {call("a")}}, {"d", {work(1_ms)}}});
    scenario.services["s"].workers = unlimited();
    return scenario;
  };
  const Issues issues = validate(scenario_with(call("c")));
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].message ==
        "expected calls that come to an end, found a cycle of calls that wait for each other: s.a -> s.b -> "
        "s.c -> s.a; publish a message in place of one of them, or leave it with a choice");
  CHECK(issues[0].pointer == "/services/s/operations/a/0/call");
  const auto sound = [&](Step way_back) { return !has_errors(validate(scenario_with(std::move(way_back)))); };
  CHECK(sound(Step{Choose{{{.probability = 0.99, .steps = {call("c")}}}}}));
  CHECK_FALSE(sound(Step{Choose{{{.probability = 1, .steps = {call("c")}}}}}));
  CHECK_FALSE(sound(Step{Choose{{{.probability = 0.5, .steps = {call("c"), call("c")}}}}}));  // one more on average
  CHECK(sound(Step{Repeat{{.count = 1, .geometric_mean = 0.9}, {call("c")}}}));
  CHECK_FALSE(sound(Step{Repeat{{.count = 1, .geometric_mean = 1.0}, {call("c")}}}));

  // That work fails is no way out: every request would fail.
  Scenario fails = scenario_of({{"a", {work(1_ms, 0.5), call("a")}}});
  CHECK(has_errors(validate(fails)));
  // Nor do calls that only a failure leads to go round.
  Call step;
  step.operation = {"s", "b"};
  step.fallback = Steps{call("a")};
  CHECK_FALSE(has_errors(validate(scenario_of({{"a", {Step{step}}}, {"b", {work(1_ms)}}}))));
}

TEST_CASE("rates of clients are averages over the run") {
  Client client;
  const auto rate_of = [&](auto law) {
    client.arrivals = Arrivals{law};
    return request_rate(client, 100_s, 0);
  };
  CHECK(rate_of(PoissonArrivals{.rate = {8}, .profile = {}}) == 8);
  CHECK(rate_of(RenewalArrivals{{Exponential{250_ms}}}) == Approx(4));
  CHECK(rate_of(BurstyArrivals{{.rate = {1}, .burst_rate = {9}, .calm = 3_s, .burst = 1_s}}) == Approx(3));
  CHECK(rate_of(TraceArrivals{.file = "", .offsets = {1_s, 2_s, 99_s, 100_s, 101_s}}) == Approx(0.03));
  client.arrivals.reset();
  client.users = Users{.users = 30, .think = {Constant{2_s}}};
  CHECK(request_rate(client, 100_s, 1e9) == Approx(10));

  CHECK(mean_factor({}, 100_s) == 1);
  CHECK(mean_factor({{50_s, 3}}, 100_s) == Approx(3));
  CHECK(mean_factor({{0_s, 0}, {50_s, 2}}, 100_s) == Approx(0.5 + 1));
  CHECK(mean_factor({{0_s, 1}, {50_s, 1}, {50_s, 3}}, 100_s) == Approx(2));
  CHECK(mean_factor({{0_s, 0}, {200_s, 4}}, 100_s) == Approx(1));
}

TEST_CASE("a run that nobody can pay for is refused with its largest factors") {
  Scenario scenario = scenario_of({{"a", {call("b")}}, {"b", {work(1_ms)}}});
  std::get<Call>(scenario.services["s"].operations["a"][0].kind).retry = Retry{.attempts = 1'000};
  scenario.clients["c"].retry = Retry{.attempts = 10'000};
  const Issues issues = validate(scenario);
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].pointer == "/services");
  // 10/s x 100 s x (2 jobs + 2 steps) x 1000 x 10000 x 20
  CHECK(issues[0].message ==
        "expected at most 1e11 events, found about 8e11 = 10 requests/s x 100 s x 4 hops a request x 1e7 "
        "attempts at most x 20 replications; the largest factors are 1e7 attempts at most and 100 s");
}

TEST_CASE("groups come before those that cause them") {
  Scenario scenario =
      scenario_of({{"a", {call("b"), call("c")}}, {"b", {call("c")}}, {"c", {publish("t")}}, {"d", {call("c")}}});
  subscribe(scenario, "t", "d");
  const Components groups = components_of(flow_graph(scenario), false);
  CHECK(groups == Components{{2, 3}, {1}, {0}});
  CHECK(components_of(flow_graph(scenario), true) == Components{{2}, {1}, {0}, {3}});
  CHECK(cycle_through(flow_graph(scenario), {2, 3}, 3, false).size() == 2);
  CHECK(cycle_through(flow_graph(scenario), {0}, 0, false).empty());
}

TEST_CASE("numbers in messages have four digits") {
  CHECK(short_number(0) == "0");
  CHECK(short_number(78.4) == "78.4");
  CHECK(short_number(1) == "1");
  CHECK(short_number(0.99996) == "1");
  CHECK(short_number(0.012345) == "0.01235");
  CHECK(short_number(9999.6) == "10000");
  CHECK(short_number(123456) == "123500");
  CHECK(short_number(3.96e11) == "3.96e11");
  CHECK(short_number(1e-7) == "1e-7");
  CHECK(short_number(1.0 / 0.0) == "infinite");
  CHECK(short_duration(17'459'123) == "17.46ms");
  CHECK(short_duration(20e6) == "20ms");
  CHECK(short_duration(1.0 / 0.0) == "infinite");
}

TEST_CASE("names are short and plain") {
  CHECK(is_name("a"));
  CHECK(is_name("Shop_2-b"));
  CHECK(is_name(std::string(64, 'x')));
  CHECK_FALSE(is_name(std::string(65, 'x')));
  for (const char* text : {"", "a.b", "a b", "\xC3\xA4", "a/b", "a\n"}) CHECK_FALSE(is_name(text));
}
