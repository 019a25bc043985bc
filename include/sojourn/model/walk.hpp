#pragma once
// A walk over the steps of an operation, nested ones included, that knows where each stands and how often it runs.

#include <string>
#include <string_view>
#include <variant>

#include "sojourn/model/step.hpp"

namespace sojourn {

/// Where a step stands: its JSON pointer, and the mean number of times it runs in one job when nothing fails but work:
/// fallbacks and compensations count 0.
struct StepPlace {
  std::string pointer;
  double times = 1;
  double undisturbed = 1;  ///< the same when no work fails or declines either

  /// A place inside this one that runs so many times as often.
  [[nodiscard]] StepPlace inside(const std::string& path, double share = 1) const {
    return {pointer + path, times * share, undisturbed * share};
  }
};

namespace detail {

/// The share of jobs that go on after a step: work may fail or decline.
inline double share_that_goes_on(const Step& step) {
  const auto* work = std::get_if<Work>(&step.kind);
  return work == nullptr ? 1 : (1 - work->fails) * (1 - work->declines);
}

template <class StepsT, class Visit>
void walk_list(StepsT& steps, const StepPlace& at, Visit& visit);

/// Walks what a step holds.
template <class StepT, class Visit>
void walk_inside(StepT& step, const StepPlace& at, Visit& visit) {
  if (auto* choose = std::get_if<Choose>(&step.kind)) {
    for (std::size_t i = 0; i < choose->branches.size(); ++i) {
      auto& branch = choose->branches[i];
      walk_list(branch.steps, at.inside("/choose/" + std::to_string(i) + "/steps", branch.probability), visit);
    }
  } else if (auto* parallel = std::get_if<Parallel>(&step.kind)) {
    for (std::size_t i = 0; i < parallel->branches.size(); ++i)
      walk_list(parallel->branches[i], at.inside("/parallel/" + std::to_string(i)), visit);
  } else if (auto* repeat = std::get_if<Repeat>(&step.kind)) {
    walk_list(repeat->steps, at.inside("/steps", repeat->times.mean()), visit);
  } else if (auto* call = std::get_if<Call>(&step.kind)) {
    if (call->fallback) walk_list(*call->fallback, at.inside("/fallback", 0), visit);
  } else if (auto* use = std::get_if<Use>(&step.kind)) {
    walk_list(use->steps, at.inside("/steps"), visit);
  } else if (auto* attempt = std::get_if<Try>(&step.kind)) {
    walk_list(attempt->steps, at.inside("/try"), visit);
    walk_list(attempt->compensate, at.inside("/compensate", 0), visit);
  }
}

template <class StepsT, class Visit>
void walk_list(StepsT& steps, const StepPlace& at, Visit& visit) {
  double share = 1;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const StepPlace here{at.pointer + "/" + std::to_string(i), at.times * share, at.undisturbed};
    walk_inside(steps[i], here, visit);
    visit(steps[i], here);
    share *= share_that_goes_on(steps[i]);
  }
}

}  // namespace detail

/// Calls visit(step, place) for every step of an operation, those inside a step before it. The step may be changed.
template <class StepsT, class Visit>
void for_each_step(StepsT& steps, std::string_view service, std::string_view operation, Visit&& visit) {
  detail::walk_list(steps, {"/services/" + std::string(service) + "/operations/" + std::string(operation), 1, 1},
                    visit);
}

/// Calls visit(step, place, name of the operation) for every step of a scenario.
template <class ScenarioT, class Visit>
void for_each_step(ScenarioT& scenario, Visit&& visit) {
  for (auto& [service, parts] : scenario.services)
    for (auto& [operation, steps] : parts.operations) {
      const OperationName name{service, operation};
      for_each_step(steps, service, operation, [&](auto& step, const StepPlace& place) { visit(step, place, name); });
    }
}

}  // namespace sojourn
