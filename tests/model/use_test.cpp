// What never comes into play, and laws that averages cannot be taken of.

#include <string>

#include "sojourn/model/checks.hpp"
#include "sojourn/model/validation.hpp"
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace sojourn;
using namespace sojourn::literals;
using namespace sojourn::testing;

namespace {

std::string lines_of(const Issues& issues) {
  std::string text;
  for (const Issue& issue : issues) text += issue.name + " " + issue.pointer + ": " + issue.message + "\n";
  return text;
}

std::string use_of(const Scenario& scenario) { return lines_of(check_use(scenario, flow_graph(scenario))); }

std::string tails_of(const Scenario& scenario) {
  std::string text;
  for (const Issue& issue : check_tails(scenario)) text += issue.name + " " + issue.pointer + "\n";
  return text;
}

Distribution pareto(double shape) { return {Pareto{.shape = shape, .minimum = 1_ms, .maximum = {}}}; }

}  // namespace

TEST_CASE("what nobody reaches or hears is a warning") {
  Scenario scenario = flow_of({{"a.x", {publish("t")}}, {"a.z", {}}, {"idle.o", {}}});
  scenario.topics["t"] = {};
  scenario.topics["u"].subscriptions[{"idle", "o"}] = {};
  CHECK(use_of(scenario) ==
        "unreachable-service /services/idle: no request leads to 'idle': nobody calls it or sends it messages\n"
        "unreachable-operation /services/a/operations/z: no request leads to 'a.z': nobody calls it or sends it "
        "messages\n"
        "no-subscribers /topics/t: no operation subscribes to 't': its messages are handled by nobody\n"
        "unused-topic /topics/u: no step publishes to 'u'\n");
  scenario.clients["web"].then = {{.think = {}, .operation = {"a", "z"}, .expects = {}}};
  scenario.services["a"].operations["z"] = {publish("u")};
  CHECK(use_of(scenario) ==
        "no-subscribers /topics/t: no operation subscribes to 't': its messages are handled by nobody\n");
}

TEST_CASE("resources and links that nothing uses are warnings") {
  Scenario scenario = flow_of({{"a.x", {call("b.x"), publish("t")}}, {"b.x", {}}, {"c.x", {}}});
  scenario.topics["t"].subscriptions[{"c", "x"}] = {};
  scenario.resources["db"] = {};
  for (const auto& [from, to] : {std::pair{"web", "a"}, {"a", "b"}, {"b", "a"}, {"a", "t"}, {"t", "c"}})
    scenario.network.links[{from, to}] = {};
  CHECK(use_of(scenario) == "unused-resource /resources/db: no step uses 'db'\n");
  scenario.services["a"].operations["x"].push_back(Step{Use{.resource = "db", .steps = {}}});
  scenario.network.links[{"web", "b"}] = {};
  scenario.network.links[{"t", "b"}] = {};
  CHECK(use_of(scenario) ==
        "unused-link /network/links/t->b: nothing goes from 't' to 'b'\n"
        "unused-link /network/links/web->b: nothing goes from 'web' to 'b'\n");
}

TEST_CASE("an incident after the end is a warning") {
  Scenario scenario = flow_of({{"a.x", {}}});
  scenario.drain = 20_s;
  Incident incident;
  incident.at = 120_s;
  incident.length = 1_s;
  incident.targets = {"a"};
  scenario.incidents = {incident};
  CHECK(use_of(scenario) ==
        "late-incident /incidents/0/at: it begins at 2min, when the run is over: horizon and drain end at 2min\n");
  scenario.incidents[0].at = 119_s;
  CHECK(use_of(scenario).empty());
}

TEST_CASE("who waits over a network that loses things needs a timeout") {
  Scenario scenario = flow_of({{"a.x", {call("b.x"), publish("t")}}, {"b.x", {}}});
  scenario.topics["t"].subscriptions[{"b", "x"}] = {};
  CHECK(lines_of(check_losses(scenario)).empty());
  scenario.network.links[{"b", "a"}].loss = 0.01;
  const std::string silence = "; a lost call or reply looks like silence, and only a timeout ends it\n";
  CHECK(lines_of(check_losses(scenario)) ==
        " /services/a/operations/x/0: expected a timeout, found none where b->a loses a share of 0.01" + silence);
  std::get<Call>(scenario.services["a"].operations["x"][0].kind).timeout = 1_s;
  CHECK(check_losses(scenario).empty());
  scenario.network.loss = 0.5;
  CHECK(lines_of(check_losses(scenario)) ==
        " /clients/web: expected a timeout, found none where web->a loses a share of 0.5" + silence);
  scenario.clients["web"].timeout = 1_s;
  CHECK(check_losses(scenario).empty());
  std::get<Publish>(scenario.services["a"].operations["x"][1].kind).confirm = true;
  CHECK(lines_of(check_losses(scenario)) ==
        " /services/a/operations/x/1: expected a timeout, found none where a->t loses a share of 0.5" + silence);
  std::get<Publish>(scenario.services["a"].operations["x"][1].kind).timeout = 1_s;
  CHECK(check_flows(scenario).empty());
}

TEST_CASE("laws without a mean or a variance are warnings, wherever they stand") {
  Scenario scenario = flow_of({{"a.x", {Step{Use{.resource = "db", .steps = {Step{Delay{pareto(1)}}}}}}}});
  scenario.network.latency = pareto(2);
  scenario.network.links[{"web", "a"}].latency = pareto(1.5);
  Client& closed = scenario.clients["closed"];
  closed.users = Users{.users = 1, .think = pareto(1)};
  closed.then = {{.think = pareto(2), .operation = {"a", "x"}, .expects = {}}};
  scenario.clients["web"].arrivals = Arrivals{RenewalArrivals{pareto(1.1)}};
  scenario.services["a"].failures = Failures{.time_to_failure = pareto(3), .time_to_repair = pareto(0.5)};
  scenario.topics["t"].latency = pareto(2);
  scenario.topics["t"].failures = Failures{.time_to_failure = pareto(2), .time_to_repair = {}};
  Incident incident;
  incident.effect = {LatencyEffect{pareto(1)}};
  scenario.incidents = {incident};
  CHECK(tails_of(scenario) ==
        "infinite-variance /network/latency\n"
        "infinite-variance /network/links/web->a/latency\n"
        "infinite-mean /clients/closed/users/think\n"
        "infinite-variance /clients/closed/then/0/think\n"
        "infinite-variance /clients/web/arrivals/renewal\n"
        "infinite-mean /services/a/failures/time_to_repair\n"
        "infinite-mean /services/a/operations/x/0/steps/0/delay\n"
        "infinite-variance /topics/t/latency\n"
        "infinite-variance /topics/t/failures/time_to_failure\n"
        "infinite-mean /incidents/0/effect/latency\n");
}
