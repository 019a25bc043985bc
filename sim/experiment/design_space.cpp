#include "sojourn/experiment/design_space.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "sojourn/experiment/layers.hpp"
#include "sojourn/experiment/load_limits.hpp"
#include "sojourn/model/defer.hpp"
#include "sojourn/model/short_text.hpp"
#include "sojourn/model/validation.hpp"

namespace sojourn {

namespace {

constexpr double stress_load = 2;

std::string mode_text(DownMode mode) {
  for (const auto& [value, name] : names_of(std::type_identity<DownMode>{}))
    if (value == mode) return std::string(name);
  return "";
}

std::string effect_text(const Effect& effect) {
  struct Words {
    std::string operator()(const DownEffect& e) const { return "down (" + mode_text(e.mode) + ")"; }
    std::string operator()(const SlowdownEffect& e) const { return "slower x" + short_number(e.factor); }
    std::string operator()(const FailsEffect& e) const { return "failing " + short_number(e.chance * 100) + " %"; }
    std::string operator()(const LatencyEffect&) const { return "further away"; }
    std::string operator()(const LossEffect& e) const { return "losing " + short_number(e.chance * 100) + " %"; }
    std::string operator()(const RateEffect& e) const { return "asking x" + short_number(e.factor); }
    std::string operator()(const ReplicasEffect& e) const { return "without " + std::to_string(e.lost) + " replicas"; }
  };
  return std::visit(Words{}, effect.kind);
}

std::string incident_text(const Incident& incident) {
  std::string text;
  for (const std::string& target : incident.targets) text += (text.empty() ? "" : ", ") + target;
  return text + " " + effect_text(incident.effect) + " for " + short_number(incident.length.seconds()) + " s";
}

bool has_users(const Scenario& scenario) {
  return std::any_of(scenario.clients.begin(), scenario.clients.end(),
                     [](const auto& client) { return client.second.users.has_value(); });
}

/// The service or subscription that is saturated below the load there is, with the numbers; or "".
std::string overload_of(const Scenario& scenario) {
  constexpr double spare_for_approximations = 0.8;
  if (has_users(scenario)) return "";  // they slow down with what they wait for
  const Layers layers(scenario);
  for (const Saturation& found : saturations_of(layers)) {
    if (found.factor >= (found.basis.exact ? 1 : spare_for_approximations)) continue;
    return found.name + " carries only " + short_number(found.factor) + " x the load (" + found.basis.result +
           (found.basis.exact ? ", exact" : "") + ")";
  }
  return "";
}

}  // namespace

std::string obstacle_to_search(const DesignSpace& space) {
  const std::size_t n = space.operations.size();
  if (n == 0) return "nothing to decide: mark calls \"deferrable\": true";
  if (n <= most_deferrable) return "";
  return "expected at most " + std::to_string(most_deferrable) + " deferrable calls, which make " +
         std::to_string(1U << most_deferrable) + " designs, found " + std::to_string(n) +
         "; leave \"deferrable\" out where the choice is made";
}

std::vector<OperationName> deferred_by(const DesignSpace& space, DesignMask design) {
  std::vector<OperationName> names;
  for (std::size_t i = 0; i < space.operations.size(); ++i)
    if ((design >> i & 1U) != 0) names.push_back(space.operations[i]);
  return names;
}

std::string design_name(const DesignSpace& space, DesignMask design) {
  if (design == 0) return "all-wait";
  if (design + std::size_t{1} == space.size()) return "defer-all";
  std::string text;
  for (const OperationName& name : deferred_by(space, design)) text += (text.empty() ? "defer " : " + ") + name.text();
  return text;
}

Scenario design_scenario(const DesignSpace& space, DesignMask design) {
  Scenario scenario = space.base;
  [[maybe_unused]] const Issues none =
      defer(scenario, {.all = false, .operations = deferred_by(space, design)}, space.topic_defaults);
  return scenario;
}

std::vector<DesignCase> design_cases(const DesignSpace& space) {
  std::vector<DesignCase> cases{{.name = "ordinary", .sentence = "the load of the scenario"}};
  if (!space.base.incidents.empty()) {
    std::string text;
    for (const Incident& incident : space.base.incidents) text += (text.empty() ? "" : "; ") + incident_text(incident);
    cases[0].sentence += ", without its incidents";
    cases.push_back({.name = "incidents", .sentence = text, .with_incidents = true});
  }
  cases.push_back({.name = "load x2", .sentence = "twice the load for the whole run", .load = stress_load});
  return cases;
}

std::size_t case_as_written(const std::vector<DesignCase>& cases) {
  for (std::size_t i = 0; i < cases.size(); ++i)
    if (cases[i].with_incidents) return i;
  return 0;
}

void put_in_case(Scenario& scenario, const DesignCase& which) {
  if (!which.with_incidents) scenario.incidents.clear();
  if (which.load == 1) return;
  Incident more{
      .at = {}, .length = scenario.horizon, .targets = {}, .effect = Effect{.kind = RateEffect{.factor = which.load}}};
  for (const auto& [name, client] : scenario.clients) more.targets.push_back(name);
  scenario.incidents.push_back(std::move(more));
}

std::string why_not_run(const DesignSpace& space, DesignMask design) {
  const Scenario scenario = design_scenario(space, design);
  for (const Issue& issue : check_flows(scenario))
    if (issue.severity == Severity::error) return "its flow is not sound: " + issue.pointer + ": " + issue.message;
  return overload_of(scenario);
}

}  // namespace sojourn
