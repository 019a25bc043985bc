#include "sojourn/model/defer.hpp"

#include <variant>

#include "support/catch.hpp"

using namespace sojourn;

namespace {

Call call_to(const char* operation, bool deferrable) {
  Call call;
  call.operation = {"stock", operation};
  call.deferrable = deferrable;
  return call;
}

/// One operation with calls at every depth.
Scenario nested() {
  Choose choose{{{.probability = 0.5, .steps = {Step{call_to("a", true)}}}}};
  Parallel parallel;
  parallel.branches = {{}, {Step{Repeat{{2}, {Step{call_to("a", true)}, Step{call_to("b", true)}}}}}};
  Scenario scenario;
  scenario.services["shop"].operations["order"] = {Step{call_to("a", false)}, Step{choose}, Step{parallel},
                                                   Step{call_to("b", true)}};
  scenario.services["stock"].operations["a"] = {};
  scenario.services["stock"].operations["b"] = {};
  return scenario;
}

bool is_publish_to(const Step& step, std::string_view topic) {
  const auto* publish = std::get_if<Publish>(&step.kind);
  return publish != nullptr && publish->topic == topic;
}

}  // namespace

TEST_CASE("deferrable calls become messages at the same place, at every depth") {
  Scenario scenario = nested();
  CHECK(defer(scenario, {.all = true, .operations = {}}, Topic{}).empty());
  const Steps& steps = scenario.services["shop"].operations["order"];
  CHECK(std::holds_alternative<Call>(steps[0].kind));
  CHECK(is_publish_to(std::get<Choose>(steps[1].kind).branches[0].steps[0], "stock.a"));
  const Steps& repeated = std::get<Repeat>(std::get<Parallel>(steps[2].kind).branches[1][0].kind).steps;
  CHECK(is_publish_to(repeated[0], "stock.a"));
  CHECK(is_publish_to(repeated[1], "stock.b"));
  CHECK(is_publish_to(steps[3], "stock.b"));
  CHECK(scenario.topics.size() == 2);
}

TEST_CASE("only the listed operations are deferred, with the defaults of topics") {
  Scenario scenario = nested();
  Step& last = scenario.services["shop"].operations["order"][3];
  std::get<Call>(last.kind).priority = 7;
  Topic defaults;
  defaults.capacity = limited_to(3);
  CHECK(defer(scenario, {.all = false, .operations = {{"stock", "b"}}}, defaults).empty());
  const Steps& steps = scenario.services["shop"].operations["order"];
  CHECK(std::holds_alternative<Call>(std::get<Choose>(steps[1].kind).branches[0].steps[0].kind));
  CHECK(std::get<Publish>(steps[3].kind).priority == 7);
  REQUIRE(scenario.topics.size() == 1);
  const Topic& topic = scenario.topics.at("stock.b");
  CHECK(topic.capacity == limited_to(3));
  REQUIRE(topic.subscriptions.size() == 1);
  CHECK(topic.subscriptions.contains({"stock", "b"}));
}

TEST_CASE("nothing listed, nothing changed") {
  Scenario scenario = nested();
  CHECK(defer(scenario, {}, Topic{}).empty());
  CHECK(scenario.topics.empty());
  CHECK(std::holds_alternative<Call>(scenario.services["shop"].operations["order"][3].kind));
}

TEST_CASE("an operation that cannot be deferred is told with those that can") {
  Scenario scenario = nested();
  const Issues issues = defer(scenario, {.all = false, .operations = {{"stock", "b"}, {"stok", "a"}}}, Topic{});
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].pointer == "/defer/1");
  CHECK(issues[0].message ==
        "expected an operation that a deferrable call names, found \"stok.a\"; deferrable are stock.a, "
        "stock.b; did you mean 'stock.a'?");
  Scenario plain;
  const Issues none = defer(plain, {.all = false, .operations = {{"a", "b"}}}, Topic{});
  REQUIRE(none.size() == 1);
  CHECK(none[0].message ==
        "expected an operation that a deferrable call names, found \"a.b\"; no call is marked \"deferrable\": true");
}
