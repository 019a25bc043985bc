#include "sojourn/experiment/trial.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "sojourn/experiment/overload.hpp"
#include "sojourn/experiment/service_load.hpp"

namespace sojourn {

namespace {

JudgedObjective judged(const Objective& objective, ObjectiveResult result) {
  JudgedObjective judged{.result = std::move(result), .at_most = objective.at_most, .verdict = {}, .excess = {}};
  if (!judged.result.met) return judged;
  judged.verdict = Judgement::undecided;
  judged.result.limit = objective_value(judged.result.unit, objective.value);
  if (!judged.result.estimate || !judged.result.limit) return judged;
  const double limit = *judged.result.limit;
  const double by = (judged.result.estimate->value - limit) * (objective.at_most ? 1 : -1);
  judged.excess = limit != 0 ? by / std::fabs(limit) : by;
  const bool exact = judged.result.estimate->n != 1 && !judged.result.estimate->half_width;
  const double half_width = judged.result.estimate->half_width.value_or(exact ? 0 : std::fabs(by) + 1);
  if (by + half_width <= 0) judged.verdict = Judgement::met;
  if (by - half_width > 0) judged.verdict = Judgement::missed;
  return judged;
}

/// Whether a service has next to no worker to spare, and requests come whatever becomes of the others.
bool is_full(const Trial& trial, const Scenario& scenario) {
  constexpr double next_to_all = 0.98;
  return trial.first.taken >= next_to_all &&
         std::any_of(scenario.clients.begin(), scenario.clients.end(),
                     [](const auto& client) { return client.second.arrivals.has_value(); });
}

/// What waits in the queues of a variant: those that grow, and whether that is sure.
void note_growth(Trial& trial, const ExperimentResult& result, bool full, bool stable) {
  const VariantResult& variant = result.variants.front();
  const std::vector<WaitingPlace> places = waiting_places_of(variant.topology);
  for (std::size_t place = 0; place < places.size(); ++place) {
    std::vector<Quarters> seen;
    for (const auto& replication : variant.quarters) seen.push_back(replication.at(place));
    const bool queued = places[place].kind == Counted::queued;
    const Overload overload = overload_of(seen, full && queued);
    if (overload == Overload::no) continue;
    // What is in flight speaks only where no queue does, and only when it is sure.
    if (!queued && (!trial.growing.empty() || overload != Overload::yes)) continue;
    if (result.terminating && places[place].kind == Counted::jobs) continue;
    trial.growing.push_back(places[place].named);
    trial.growth =
        std::max(trial.growth, overload == Overload::yes && !stable ? Judgement::missed : Judgement::undecided);
  }
}

void note_taken(Trial& trial, const VariantResult& variant) {
  const MeasuredLoad load = heaviest_load(variant);
  if (load.service != nullptr)
    trial.first = {.name = load.service->name, .taken = load.taken(), .busy = load.busy, .held = load.held};
  for (std::size_t i = 0; i < variant.topology.services.size(); ++i)
    if (const auto one = load_of_service(variant, i)) trial.taken[variant.topology.services[i].name] = one->taken();
}

}  // namespace

std::string_view name_of(Judgement verdict) {
  constexpr std::array<std::string_view, 3> names{"met", "undecided", "missed"};
  return names[static_cast<std::size_t>(verdict)];
}

std::optional<double> Trial::excess() const {
  std::optional<double> most;
  for (const JudgedObjective& objective : objectives)
    if (objective.excess && (!most || *objective.excess > *most)) most = objective.excess;
  return most;
}

std::string why_not_met(const Trial& trial) {
  if (!trial.stopped.empty()) return "a run was stopped: " + trial.stopped;
  for (const Judgement verdict : {Judgement::missed, Judgement::undecided}) {
    for (const JudgedObjective& objective : trial.objectives)
      if (objective.verdict == verdict) return objective.result.text;
    if (trial.growth == verdict) return trial.growing.front() + (verdict == Judgement::missed ? " grows" : " may grow");
  }
  return "";
}

std::optional<Trial> Trials::run(const std::string& variant, const Scenario& scenario, bool stable) {
  Study study{.name = scenario.name, .question = "", .sha256 = "", .variants = {{variant, scenario}}};
  study.variants.front().scenario.precision.reset();
  const ExperimentResult result = run_experiment(study, options_);
  if (options_.interrupted != nullptr && options_.interrupted->load()) return std::nullopt;
  runs_ += scenario.replications;
  Trial trial;
  if (result.stopped) {  // how many others had ended by then depends on the number of threads
    trial.verdict = Judgement::missed;
    trial.stopped = result.stopped->reason;
    return trial;
  }
  events_ += result.events;
  const std::vector<ObjectiveResult> results = judge_objectives(study, result);
  for (std::size_t i = 0; i < results.size(); ++i)
    trial.objectives.push_back(judged(scenario.objectives[i], results[i]));
  note_taken(trial, result.variants.front());
  note_growth(trial, result, is_full(trial, scenario), stable);
  trial.verdict = trial.growth;
  for (const JudgedObjective& objective : trial.objectives)
    if (objective.verdict) trial.verdict = std::max(trial.verdict, *objective.verdict);
  return trial;
}

}  // namespace sojourn
