#include "sojourn/experiment/design_search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "sojourn/experiment/warmup.hpp"

namespace sojourn {

namespace {

using Fate = DesignOutcome::Fate;

constexpr std::size_t most_without_screening = 64;
constexpr std::uint64_t screening_replications = 4;
constexpr std::int64_t screening_share = 8;

std::uint64_t simplicity_of(DesignMask design) {
  return (std::uint64_t{static_cast<unsigned>(std::popcount(design))} << 32) | design;
}

bool names_only_clients(const Scenario& scenario) {
  return std::all_of(scenario.objectives.begin(), scenario.objectives.end(),
                     [](const Objective& objective) { return objective.path.starts_with("clients."); });
}

class Searcher {
 public:
  Searcher(const DesignSpace& space, const SearchOptions& options) : options_(options) {
    found_.space = space;
    found_.cases = design_cases(space);
    found_.criteria = criteria_of(space);
    found_.margins = options.margins;
    found_.confidence = options.experiment.confidence;
    found_.replications = space.base.replications;
    found_.looks = options.race ? looks_until(found_.replications) : std::vector{found_.replications};
  }

  std::optional<DesignSearch> search() {
    list_designs();
    plan_.seed = space().base.seed;
    plan_.warmup = warmup();
    plan_.all_sections = !names_only_clients(space().base);
    found_.warmup = plan_.warmup;
    std::vector<DesignMask> racers = runnable();
    if (options_.race && racers.size() > most_without_screening && !run_screening(racers)) return std::nullopt;
    DesignRuns runs(space(), found_.cases, plan_, options_.experiment);
    if (!race(runs, racers)) return std::nullopt;
    note_faults();
    return std::move(found_);
  }

 private:
  [[nodiscard]] const DesignSpace& space() const { return found_.space; }

  void list_designs() {
    for (std::size_t mask = 0; mask < space().size(); ++mask) {
      DesignOutcome& design = found_.designs.emplace_back();
      design.mask = static_cast<DesignMask>(mask);
      design.name = design_name(space(), design.mask);
      design.reason = why_not_run(space(), design.mask);
      if (!design.reason.empty()) design.fate = Fate::not_run;
    }
    if (!runnable().empty()) return;
    found_.theory_fails_all = true;
    for (DesignOutcome& design : found_.designs) design.fate = Fate::frontier;
  }

  /// Those that may be run, simple ones first.
  [[nodiscard]] std::vector<DesignMask> runnable() const {
    std::vector<DesignMask> masks;
    for (const DesignOutcome& design : found_.designs)
      if (design.fate == Fate::frontier) masks.push_back(design.mask);
    std::sort(masks.begin(), masks.end(),
              [](DesignMask a, DesignMask b) { return simplicity_of(a) < simplicity_of(b); });
    return masks;
  }

  /// As written, or found for the two designs that differ the most.
  [[nodiscard]] Duration warmup() {
    constexpr std::uint32_t pilots = 5;
    const Scenario& base = space().base;
    if (!base.warmup.automatic || is_terminating(base)) return base.warmup.length;
    Study study{.name = base.name, .question = "", .sha256 = "", .variants = {}};
    const std::vector<DesignMask> all = runnable();
    for (const DesignMask mask : {all.front(), all.back()}) {
      study.variants.push_back({design_name(space(), mask), design_scenario(space(), mask)});
      study.variants.back().scenario.replications = pilots;
      study.variants.back().scenario.precision.reset();
    }
    ExperimentOptions quiet = options_.experiment;
    quiet.observer = {};
    const ExperimentResult result = run_experiment(study, quiet);
    found_.runs += 2 * study.variants.size() * pilots;
    return result.warmup;
  }

  // ---- many designs: each against those that differ in one call, in shortened runs ----

  [[nodiscard]] bool run_screening(std::vector<DesignMask>& racers) {
    constexpr std::size_t at_once = 256;
    DesignPlan plan = plan_;
    const Scenario& base = space().base;
    if (!is_terminating(base))
      plan.horizon = Duration{plan.warmup.ns + (base.horizon.ns - plan.warmup.ns) / screening_share};
    found_.screening = plan.horizon.value_or(base.horizon);
    DesignRuns runs(space(), found_.cases, plan, options_.experiment);
    runs.expect(racers.size() * found_.cases.size() * screening_replications);
    for (std::size_t start = 0; start < racers.size(); start += at_once) {
      const std::vector<DesignMask> some(
          racers.begin() + static_cast<std::ptrdiff_t>(start),
          racers.begin() + static_cast<std::ptrdiff_t>(std::min(start + at_once, racers.size())));
      if (!runs.extend(some, screening_replications)) return false;
      for (const DesignMask mask : some) {
        take_out_if_stopped(runs, mask);
        found_.designs[mask].screening = found_.designs[mask].standing = runs.standing(mask, found_.criteria);
        describe(runs, mask);
        runs.drop(mask);
      }
    }
    count(runs);
    remove_screened();
    racers = runnable();
    return true;
  }

  void remove_screened() {
    const Critical critical = critical_for(1 - found_.confidence, found_.criteria.size(), screening_replications);
    const DesignMask kept = runnable().empty() ? 0 : runnable().front();
    for (DesignOutcome& design : found_.designs) {
      if (design.fate != Fate::frontier || design.mask == kept) continue;
      for (std::size_t i = 0; i < space().operations.size(); ++i) {
        const DesignOutcome& other = found_.designs[design.mask ^ (DesignMask{1} << i)];
        if (other.fate == Fate::not_run || leads_to(other, design.mask)) continue;
        const Duel duel =
            sojourn::screen(found_.criteria, design.screening, other.screening,
                            simplicity_of(other.mask) < simplicity_of(design.mask), found_.margins, critical);
        if (duel.end != Duel::End::beaten) continue;
        design.fate = Fate::screened;
        design.beaten_by = other.mask;
        design.better_in = duel.better_in;
        break;
      }
    }
  }

  [[nodiscard]] bool leads_to(const DesignOutcome& from, DesignMask to) const {
    for (const DesignOutcome* at = &from; at->beaten_by; at = &found_.designs[*at->beaten_by])
      if (*at->beaten_by == to) return true;
    return false;
  }

  // ---- the race ----

  [[nodiscard]] bool race(DesignRuns& runs, std::vector<DesignMask> racers) {
    std::size_t round = 0;
    std::vector<DesignMask> running = racers;
    runs.expect(racers.size() * found_.cases.size() * found_.looks.front());
    if (!runs.extend(running, found_.looks.front())) return false;
    for (const DesignMask mask : racers) take_out_if_stopped(runs, mask);
    std::erase_if(racers, [&](DesignMask mask) { return found_.designs[mask].fate == Fate::not_run; });
    std::vector<std::uint64_t> simplicity;
    for (const DesignMask mask : racers) simplicity.push_back(simplicity_of(mask));
    Race race(found_.criteria, found_.margins, found_.confidence, found_.looks.size(), simplicity);
    while (true) {
      std::vector<Standing> standings;
      for (const DesignMask mask : racers) standings.push_back(runs.standing(mask, found_.criteria));
      race.look(standings);
      ++round;
      note_defeats(race, racers, round);
      running.clear();
      for (const std::size_t i : race.unsettled()) running.push_back(racers[i]);
      if (running.empty() || round == found_.looks.size()) break;
      const std::uint64_t more = found_.looks[round] - found_.looks[round - 1];
      runs.expect(runs.runs() + running.size() * found_.cases.size() * more);
      if (!runs.extend(running, found_.looks[round])) {
        found_.complete = false;
        break;
      }
    }
    for (const DesignMask mask : racers) {
      found_.designs[mask].standing = runs.standing(mask, found_.criteria);
      describe(runs, mask);
    }
    found_.baseline = racers.empty() ? 0 : racers.front();
    count(runs);
    return true;
  }

  void take_out_if_stopped(const DesignRuns& runs, DesignMask mask) {
    const std::string stopped = runs.stopped(mask);
    if (stopped.empty()) return;
    found_.designs[mask].fate = Fate::not_run;
    found_.designs[mask].reason = "its run was stopped, " + stopped;
  }

  void note_defeats(const Race& race, const std::vector<DesignMask>& racers, std::size_t round) {
    for (std::size_t i = 0; i < racers.size(); ++i) {
      DesignOutcome& design = found_.designs[racers[i]];
      if (!race.defeat(i) || design.fate == Fate::beaten) continue;
      design.fate = Fate::beaten;
      design.beaten_by = racers[race.defeat(i)->by];
      design.better_in = race.defeat(i)->better_in;
      design.round = round;
    }
  }

  void count(const DesignRuns& runs) {
    found_.runs += runs.runs();
    found_.events += runs.events();
  }

  // ---- what is told of a design ----

  void describe(const DesignRuns& runs, DesignMask mask) {
    DesignOutcome& design = found_.designs[mask];
    const std::vector<DesignCell>& cells = *runs.cells(mask);
    design.estimates.clear();
    design.cases.clear();
    for (const Criterion& criterion : found_.criteria) {
      if (criterion.client.empty()) {
        design.estimates.push_back(cost(cells[0]));
        continue;
      }
      const std::size_t which = criterion.metric == "fulfilled_ratio" ? runs.worst_case(mask, criterion.client) : 0;
      design.estimates.push_back(
          cells[which].estimate("clients." + criterion.client + "." + criterion.metric, found_.confidence));
    }
    for (std::size_t c = 0; c < cells.size(); ++c)
      for (const auto& [name, client] : space().base.clients)
        design.cases.push_back(
            {.client = name,
             .which = c,
             .fulfilled = cells[c].estimate("clients." + name + ".fulfilled_ratio", found_.confidence),
             .success = cells[c].estimate("clients." + name + ".success_ratio", found_.confidence)});
    design.objectives = runs.objectives(mask);
  }

  [[nodiscard]] std::optional<Estimate> cost(const DesignCell& cell) const {
    std::vector<double> values;
    for (const auto& value : cell.costs) values.push_back(value.value_or(0));
    return mean_of(values, found_.confidence);
  }

  void note_faults() {
    for (DesignOutcome& design : found_.designs)
      for (const ObjectiveResult& objective : design.objectives)
        if (objective.met == false) design.faults.push_back("misses " + objective.text);
    for (std::size_t k = 0; k < found_.criteria.size(); ++k)
      if (found_.criteria[k].metric == "broken_promise_ratio") note_broken_promises(k);
  }

  /// Where no objective says how many promises may be broken: no more than need be.
  void note_broken_promises(std::size_t k) {
    const std::string path = "clients." + found_.criteria[k].name();
    for (const Objective& objective : space().base.objectives)
      if (objective.path == path) return;
    double least = 1;
    for (const DesignOutcome& design : found_.designs)
      if (k < design.standing.values.size()) least = std::min(least, design.standing.values[k].value_or(1));
    for (DesignOutcome& design : found_.designs) {
      if (k >= design.standing.values.size()) continue;
      if (design.standing.values[k].value_or(0) > least + found_.margins.ratio)
        design.faults.push_back("breaks promises to " + found_.criteria[k].client);
    }
  }

  const SearchOptions& options_;
  DesignSearch found_;
  DesignPlan plan_;
};

}  // namespace

std::vector<const DesignOutcome*> DesignSearch::frontier() const {
  std::vector<const DesignOutcome*> list;
  for (const DesignOutcome& design : designs)
    if (design.fate == Fate::frontier) list.push_back(&design);
  std::sort(list.begin(), list.end(), [](const DesignOutcome* a, const DesignOutcome* b) {
    return simplicity_of(a->mask) < simplicity_of(b->mask);
  });
  return list;
}

std::vector<const DesignOutcome*> DesignSearch::choices() const {
  const std::vector<const DesignOutcome*> all = frontier();
  std::vector<const DesignOutcome*> list;
  for (const DesignOutcome* design : all)
    if (design->faults.empty()) list.push_back(design);
  return list.empty() ? all : list;
}

std::optional<DesignSearch> search_designs(const DesignSpace& space, const SearchOptions& options) {
  return Searcher(space, options).search();
}

}  // namespace sojourn
