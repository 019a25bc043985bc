// Offered load against capacity, with the arithmetic that a person can follow.

#include <string>

#include "sojourn/model/checks.hpp"
#include "sojourn/model/job_times.hpp"
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace sojourn;
using namespace sojourn::literals;
using namespace sojourn::testing;

namespace {

std::string overloads_of(const Scenario& scenario) {
  const FlowGraph graph = flow_graph(scenario);
  std::string text;
  for (const Issue& issue : check_load(scenario, graph, demand_of(scenario, graph))) {
    CHECK(issue.name == "overload");
    text += (text.empty() ? "" : "\n") + issue.message;
  }
  return text;
}

JobTime time_of(const Scenario& scenario, const std::string& operation) {
  const FlowGraph graph = flow_graph(scenario);
  return JobTimes(scenario, graph).of(graph.index_of(operation_named(operation)));
}

}  // namespace

TEST_CASE("work beyond the workers is told") {
  Scenario scenario = flow_of({{"a.x", {work(50_ms)}}, {"a.z", {work(70_ms)}}});
  scenario.clients["web"].requests.weights = {{{"a", "x"}, 1}, {{"a", "z"}, 1}};
  CHECK(overloads_of(scenario).empty());  // 0.25 + 0.35
  scenario = flow_of({{"a.x", {work(50_ms)}}, {"a.z", {work(70_ms)}}}, 20);
  scenario.clients["web"].requests.weights = {{{"a", "x"}, 1}, {{"a", "z"}, 1}};
  CHECK(overloads_of(scenario) == "a: 10/s x 50ms + 10/s x 70ms = 1.2 of 1 workers");
  Service& service = scenario.services["a"];
  service.replicas = 2;
  CHECK(overloads_of(scenario).empty());
  service.replicas = 1;
  service.workers = limited_to(2);
  CHECK(overloads_of(scenario).empty());
  service.workers = unlimited();
  CHECK(overloads_of(scenario).empty());
}

TEST_CASE("closed clients ask for no more than they get") {
  Scenario scenario = flow_of({{"a.x", {work(500_ms)}}});
  CHECK_FALSE(overloads_of(scenario).empty());
  scenario.clients["web"].arrivals.reset();
  scenario.clients["web"].users = Users{.users = 1000, .think = {Constant{1_s}}};
  CHECK(overloads_of(scenario).empty());
}

TEST_CASE("follow-ups add to the load") {
  Scenario scenario = flow_of({{"a.x", {work(60_ms)}}});
  CHECK(overloads_of(scenario).empty());
  scenario.clients["web"].then = {{.think = {Constant{1_s}}, .operation = {"a", "x"}, .expects = {}}};
  CHECK(overloads_of(scenario) == "a: 20/s x 60ms = 1.2 of 1 workers");
}

TEST_CASE("autoscaling may go up to its maximum") {
  Scenario scenario = flow_of({{"a.x", {work(350_ms)}}});
  scenario.services["a"].autoscaling =
      Autoscaling{.minimum = 1, .maximum = 3, .target_utilization = 0.7, .interval = 1_s, .startup = {}};
  CHECK(overloads_of(scenario) == "a: 10/s x 350ms = 3.5 of 3 workers");
  scenario.services["a"].autoscaling->maximum = 4;
  CHECK(overloads_of(scenario).empty());
}

TEST_CASE("fewer cores than workers are the limit of work") {
  Scenario scenario = flow_of({{"a.x", {work(350_ms)}}});
  scenario.services["a"].workers = limited_to(8);
  scenario.services["a"].cores = 2.5;
  CHECK(overloads_of(scenario) == "a: 10/s x 350ms = 3.5 of 2.5 cores");
  scenario.services["a"].workers = unlimited();
  CHECK(overloads_of(scenario) == "a: 10/s x 350ms = 3.5 of 2.5 cores");
  scenario.services["a"].cores = 4;
  CHECK(overloads_of(scenario).empty());
}

TEST_CASE("a blocking worker is held while its job waits") {
  Scenario scenario = flow_of({{"a.x", {work(4_ms), call("pay.x"), call("stock.x"), Step{Delay{{Constant{10_ms}}}}}},
                               {"pay.x", {work(70_ms)}},
                               {"stock.x", {work(20_ms)}}});
  scenario.network.latency = {Constant{2_ms}};
  scenario.network.links[{"a", "stock"}].latency = Distribution{Constant{5_ms}};
  // 4 + (2 + 70 + 2) + (5 + 20 + 2) + 10
  CHECK(time_of(scenario, "a.x").waiting() == Approx(111e6));
  CHECK(overloads_of(scenario) == "a: 10/s x (4ms work + 111ms waiting for pay, stock) = 1.15 of 1 workers");
  scenario.services["a"].waiting = Waiting::async;
  CHECK(overloads_of(scenario).empty());
}

TEST_CASE("a wait is at most its timeout, and ends with an early answer") {
  Scenario scenario = flow_of({{"a.x", {call("b.x")}}, {"b.x", {work(30_ms), Step{Reply{"ok"}}, work(90_ms)}}});
  CHECK(time_of(scenario, "a.x").elapsed == Approx(30e6));
  CHECK(time_of(scenario, "b.x").elapsed == Approx(120e6));
  std::get<Call>(scenario.services["a"].operations["x"][0].kind).timeout = 20_ms;
  CHECK(time_of(scenario, "a.x").elapsed == Approx(20e6));
  std::get<Call>(scenario.services["a"].operations["x"][0].kind).hedge = Hedge{.after = 5_ms, .attempts = 2};
  CHECK(time_of(scenario, "a.x").elapsed == Approx(5e6));
}

TEST_CASE("choices, branches, repeats and failures count as often as they come") {
  Parallel parallel;
  parallel.branches = {{call("b.x")}, {work(5_ms), call("b.x"), call("b.x")}, {work(7_ms)}};
  const std::map<std::string, Steps> operations{
      {"a.x", {Step{parallel}}},
      {"a.choose", {Step{Choose{{{.probability = 0.25, .steps = {call("b.x")}}}}}}},
      {"a.repeat", {Step{Repeat{{3}, {work(1_ms), call("b.x")}}}}},
      {"a.fails", {work(1_ms, 0.5), call("b.x")}},
      {"b.x", {work(20_ms)}}};
  Scenario scenario = flow_of(operations);
  CHECK(time_of(scenario, "a.x").elapsed == Approx(45e6));  // the longest branch
  CHECK(time_of(scenario, "a.x").work() == Approx(12e6));
  CHECK(time_of(scenario, "a.choose").elapsed == Approx(5e6));
  CHECK(time_of(scenario, "a.repeat").elapsed == Approx(63e6));
  CHECK(time_of(scenario, "a.fails").elapsed == Approx(11e6));
  std::get<Parallel>(scenario.services["a"].operations["x"][0].kind).join = {.kind = Join::Kind::any};
  CHECK(time_of(scenario, "a.x").elapsed == Approx(12e6));  // no more is sure than its own work
}

TEST_CASE("calls that go round and end have a mean time all the same") {
  // r = 10 + r / 2
  const Steps again{work(10_ms), Step{Choose{{{.probability = 0.5, .steps = {call("a.x")}}}}}};
  CHECK(time_of(flow_of({{"a.x", again}}), "a.x").response == Approx(20e6));
}

TEST_CASE("a batch holds its worker once for all its messages") {
  Work each{.time = {Constant{20_ms}}};
  Work once{.time = {Constant{300_ms}}};
  once.per = Per::batch;
  Scenario scenario = flow_of({{"a.x", {publish("t")}}, {"b.x", {Step{each}, Step{once}}}});
  Subscription& subscription = scenario.topics["t"].subscriptions[{"b", "x"}];
  CHECK(overloads_of(scenario) == "b: 10/s x 320ms = 3.2 of 1 workers");
  subscription.batch = Batch{.size = 5, .wait = {}};
  CHECK(overloads_of(scenario).empty());  // 10/s x 20ms + 2/s x 300ms = 0.8
  subscription.batch->size = 2;
  CHECK(overloads_of(scenario) == "b: 10/s x 20ms + 5 batches/s x 300ms = 1.7 of 1 workers");
}

TEST_CASE("a resource is held as long as its steps take") {
  Use use{.resource = "db", .steps = {work(30_ms), call("b.x")}};
  Scenario scenario = flow_of({{"a.x", {Step{use}}}, {"b.x", {work(95_ms)}}});
  scenario.services["a"].workers = limited_to(8);
  scenario.resources["db"] = Resource{.units = 1, .queue = {}};
  CHECK(overloads_of(scenario) == "db: 10/s x 125ms = 1.25 of 1 units");
  scenario.resources["db"].units = 2;
  CHECK(overloads_of(scenario).empty());
}
