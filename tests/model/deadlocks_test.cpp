// Workers that wait for each other: what a person is warned of, and what heals it.

#include <string>

#include "sojourn/model/checks.hpp"
#include "support/catch.hpp"
#include "support/flows.hpp"

using namespace sojourn;
using namespace sojourn::literals;
using namespace sojourn::testing;

namespace {

std::string risks_of(const Scenario& scenario) {
  std::string text;
  for (const Issue& issue : check_deadlocks(scenario, flow_graph(scenario))) {
    CHECK(issue.name == "deadlock-risk");
    text += issue.pointer + ": " + issue.message + "\n";
  }
  return text;
}

/// a.x calls b.y, which calls a.z: the cycle of the books.
Scenario there_and_back() { return flow_of({{"a.x", {call("b.y")}}, {"b.y", {call("a.z")}}, {"a.z", {work(1_ms)}}}); }

const std::string cure = "; async waiting, timeouts of these calls, or pools of their own prevent it\n";

}  // namespace

TEST_CASE("two services that call each other can hold all workers of each other") {
  CHECK(risks_of(there_and_back()) ==
        "/services/a: all workers of a and b can come to wait for each other for ever: a.x -> b.y -> a.z" + cure);
}

TEST_CASE("each cure of a deadlock ends the warning") {
  Scenario scenario = there_and_back();
  scenario.services["a"].waiting = Waiting::async;
  CHECK(risks_of(scenario).empty());
  scenario = there_and_back();
  scenario.services["a"].workers = unlimited();
  CHECK(risks_of(scenario).empty());
  scenario = there_and_back();
  std::get<Call>(scenario.services["b"].operations["y"][0].kind).timeout = 1_s;
  CHECK(risks_of(scenario).empty());
  CHECK(risks_of(flow_of({{"a.x", {call("b.y")}}, {"b.y", {call("pool.z")}}, {"pool.z", {work(1_ms)}}})).empty());
}

TEST_CASE("a service between that holds no worker passes the wait on") {
  Scenario scenario = there_and_back();
  scenario.services["b"].waiting = Waiting::async;
  const std::string alone =
      "/services/a: all workers of a can come to wait for each other in the same pool: a.x -> b.y -> a.z" + cure;
  CHECK(risks_of(scenario) == alone);
  scenario.services["b"].waiting = Waiting::blocking;
  scenario.services["b"].workers = unlimited();
  CHECK(risks_of(scenario) == alone);
}

TEST_CASE("a service that calls itself waits for its own pool") {
  CHECK(risks_of(flow_of({{"a.x", {call("a.z")}}, {"a.z", {work(1_ms)}}})) ==
        "/services/a: all workers of a can come to wait for each other in the same pool: a.x -> a.z" + cure);
  // Also where an operation calls itself, and a choice ends it.
  const Steps again{Step{Choose{{{.probability = 0.5, .steps = {call("a.x")}}}}}};
  CHECK(risks_of(flow_of({{"a.x", again}})) ==
        "/services/a: all workers of a can come to wait for each other in the same pool: a.x -> a.x" + cure);
}

TEST_CASE("different operations of two services can lock each other, when requests lead to them") {
  std::map<std::string, Steps> operations{
      {"a.x", {call("b.y")}}, {"a.z", {work(1_ms)}}, {"b.y", {work(1_ms)}}, {"b.w", {call("a.z")}}};
  CHECK(risks_of(flow_of(operations)).empty());  // nobody asks for b.w
  Scenario scenario = flow_of(operations);
  scenario.clients["web"].requests.weights[{"b", "w"}] = 1;
  CHECK(risks_of(scenario) ==
        "/services/a: all workers of a and b can come to wait for each other for ever: a.x -> b.y, b.w -> a.z" + cure);
}

TEST_CASE("messages hold nobody's worker") {
  Scenario scenario = flow_of({{"a.x", {call("b.y")}}, {"b.y", {publish("t")}}, {"a.z", {work(1_ms)}}});
  scenario.topics["t"].subscriptions[{"a", "z"}] = {};
  CHECK(risks_of(scenario).empty());
}

TEST_CASE("a cycle of three services is told whole, and once") {
  CHECK(risks_of(flow_of({{"a.x", {call("b.x"), call("b.x")}},
                          {"b.x", {call("c.x")}},
                          {"c.x", {call("a.y")}},
                          {"a.y", {work(1_ms)}}})) ==
        "/services/a: all workers of a, b and c can come to wait for each other for ever: a.x -> b.x -> c.x -> a.y" +
            cure);
}
