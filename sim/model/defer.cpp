#include "sojourn/model/defer.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>

#include "sojourn/model/walk.hpp"

namespace sojourn {
namespace {

std::string listed(const std::set<OperationName>& names) {
  constexpr std::size_t most = 20;
  std::string text;
  std::size_t count = 0;
  for (const OperationName& name : names) {
    if (++count > most) return text + ", ...";
    text += (text.empty() ? "" : ", ") + name.text();
  }
  return text.empty() ? "no call is marked \"deferrable\": true" : "deferrable are " + text;
}

Issue not_deferrable(std::size_t index, const OperationName& name, const std::set<OperationName>& deferrable) {
  std::vector<std::string> candidates;
  for (const OperationName& candidate : deferrable) candidates.push_back(candidate.text());
  const std::string near = nearest(name.text(), candidates);
  return {.severity = Severity::error,
          .line = 0,
          .pointer = "/defer/" + std::to_string(index),
          .message = "expected an operation that a deferrable call names, found \"" + name.text() + "\"; " +
                     listed(deferrable) + (near.empty() ? "" : "; did you mean '" + near + "'?")};
}

}  // namespace

std::set<OperationName> deferrable_operations(const Scenario& scenario) {
  std::set<OperationName> names;
  for_each_step(scenario, [&](const Step& step, const StepPlace&, const OperationName&) {
    if (const auto* call = std::get_if<Call>(&step.kind); call != nullptr && call->deferrable)
      names.insert(call->operation);
  });
  return names;
}

Issues defer(Scenario& scenario, const Deferral& deferral, const Topic& defaults) {
  Issues issues;
  const std::set<OperationName> deferrable = deferrable_operations(scenario);
  const auto& listed_names = deferral.operations;
  for (std::size_t i = 0; i < listed_names.size(); ++i)
    if (!deferrable.contains(listed_names[i])) issues.push_back(not_deferrable(i, listed_names[i], deferrable));
  const std::set<OperationName> chosen =
      deferral.all ? deferrable : std::set<OperationName>(listed_names.begin(), listed_names.end());
  for_each_step(scenario, [&](Step& step, const StepPlace&, const OperationName&) {
    const auto* call = std::get_if<Call>(&step.kind);
    if (call == nullptr || !call->deferrable || !chosen.contains(call->operation)) return;
    const auto [topic, is_new] = scenario.topics.try_emplace(call->operation.text(), defaults);
    if (is_new) topic->second.subscriptions = {{call->operation, Subscription{}}};
    Publish publish;
    publish.topic = call->operation.text();
    publish.priority = call->priority;
    step.kind = publish;
  });
  return issues;
}

}  // namespace sojourn
