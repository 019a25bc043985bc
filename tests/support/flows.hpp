#pragma once
// Scenarios in a few words, for tests of what is checked before a run: one client "web" asks for "a.x".

#include <map>
#include <string>
#include <utility>

#include "sojourn/model/scenario.hpp"

namespace sojourn::testing {

inline OperationName operation_named(const std::string& text) {
  const std::size_t dot = text.find('.');
  return {text.substr(0, dot), text.substr(dot + 1)};
}

inline Step work(Duration time, double fails = 0) { return {Work{.time = {Constant{time}}, .fails = fails}}; }

inline Call call_to(const std::string& operation) {
  Call call;
  call.operation = operation_named(operation);
  return call;
}
inline Step call(const std::string& operation) { return {call_to(operation)}; }

inline Step publish(const std::string& topic) {
  Publish step;
  step.topic = topic;
  return {step};
}

/// Services with these operations ("a.x"), one worker each, and 10 requests a second for a.x.
inline Scenario flow_of(const std::map<std::string, Steps>& operations, double rate = 10) {
  Scenario scenario;
  scenario.name = "flow";
  scenario.horizon = Duration{100'000'000'000};
  Client client;
  client.requests.weights = {{{"a", "x"}, 1}};
  client.arrivals = Arrivals{PoissonArrivals{.rate = {rate}, .profile = {}}};
  scenario.clients["web"] = client;
  for (const auto& [text, steps] : operations) {
    const OperationName name = operation_named(text);
    scenario.services[name.service].operations[name.operation] = steps;
  }
  return scenario;
}

}  // namespace sojourn::testing
