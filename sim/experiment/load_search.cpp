#include "sojourn/experiment/load_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sojourn/experiment/layers.hpp"
#include "sojourn/experiment/load_limits.hpp"

namespace sojourn {

namespace {

constexpr double most_growth = 64;     // over where the search begins: who carries more is not limited by its load
constexpr double least_share = 0.001;  // of where the search begins
constexpr std::size_t most_tried = 60;

/// What theory knows of growing loads, as factors of the load in the scenario.
struct Limits {
  std::optional<Saturation> first;  ///< exact or not
  std::optional<double> exact;      ///< from here on a queue grows without bound, whatever the chance
  bool all_exact = true;
};

class LoadSearch {
 public:
  LoadSearch(const Variant& variant, const LoadSearchOptions& options, Trials& trials)
      : scenario_(variant.scenario), options_(options), trials_(trials) {
    capacity_.variant = variant.name;
    capacity_.base = load_of(scenario_, options.clients);
  }

  /// False when interrupted: what was tried is kept.
  bool search() {
    find_limits();
    const bool done = nothing_to_run() || (begin() && narrow_met() && narrow_missed());
    capacity_.complete = done;
    conclude();
    return done;
  }

  VariantCapacity capacity() { return std::move(capacity_); }

 private:
  // ---- theory ----

  [[nodiscard]] Scenario scaled(double factor) const { return with_load(scenario_, factor, options_.clients); }

  [[nodiscard]] static Limits limits_of(const Scenario& scenario) {
    Limits limits;
    const Layers layers(scenario);
    for (const Saturation& found : saturations_of(layers)) {
      limits.all_exact = limits.all_exact && found.basis.exact;
      if (found.basis.exact && (!limits.exact || found.factor < *limits.exact)) limits.exact = found.factor;
      if (!limits.first || found.factor < limits.first->factor) limits.first = found;
    }
    return limits;
  }

  /// Where the load of some clients alone is too much: the factor at which the scaled scenario has nothing to spare.
  [[nodiscard]] std::optional<double> crossing(bool exact) const {
    const auto fits = [&](double factor) {
      const Limits limits = limits_of(scaled(factor));
      return exact ? !limits.exact || *limits.exact > 1 : !limits.first || limits.first->factor > 1;
    };
    double low = 0, high = 1;
    while (high < 1e6 && fits(high)) high *= 2;
    if (high >= 1e6) return std::nullopt;
    for (int i = 0; i < 40; ++i) (fits((low + high) / 2) ? low : high) = (low + high) / 2;
    return low;
  }

  void find_limits() {
    limits_ = limits_of(scenario_);
    if (!limits_.first) return;
    const bool all_grow = options_.clients.empty() && capacity_.base.users == 0;
    if (!all_grow) {
      const auto some = crossing(false);
      if (!some) {
        limits_ = {};
        return;
      }
      limits_.first->factor = *some;
      if (limits_.exact) limits_.exact = crossing(true);
    }
    const Saturation& first = *limits_.first;
    if (capacity_.open())
      capacity_.theory = LoadLimit{capacity_.load_at(first.factor), first.factor, first.name, first.basis};
  }

  /// Nothing but queues can be missed, and theory knows when they grow.
  bool nothing_to_run() {
    return options_.theory && scenario_.objectives.empty() && limits_.exact && limits_.all_exact;
  }

  /// By theory, whether the objectives are met; nothing when it says nothing of them.
  [[nodiscard]] std::optional<bool> predicted(double factor) const {
    std::optional<bool> met;
    const Scenario scenario = scaled(factor);
    const Prediction prediction = predict(capacity_.variant, scenario);
    for (const Objective& objective : scenario.objectives)
      for (const ClientPrediction& client : prediction.clients) {
        const ResponsePrediction& response = client.response;
        const std::pair<std::string, const std::optional<double>*> known[] = {
            {"mean", &response.mean_s}, {"p50", &response.p50_s}, {"p95", &response.p95_s}, {"p99", &response.p99_s}};
        for (const auto& [name, time] : known) {
          if (objective.path != "clients." + client.name + ".response_time." + name) continue;
          const auto limit = objective_value(Unit::seconds, objective.value);
          if (*time && limit) met = met.value_or(true) && (objective.at_most ? **time <= *limit : **time >= *limit);
        }
      }
    return met;
  }

  /// Where to begin.
  [[nodiscard]] double guess() const {
    constexpr double below_the_limit = 0.9;
    if (!limits_.first) return 1;
    double high = limits_.first->factor, low = 0;
    if (!predicted(below_the_limit * high)) return below_the_limit * high;
    for (int i = 0; i < 12; ++i) (predicted((low + high) / 2).value_or(false) ? low : high) = (low + high) / 2;
    return low > 0 ? std::min(low, 0.98 * limits_.first->factor) : below_the_limit * limits_.first->factor;
  }

  // ---- loads ----

  [[nodiscard]] double rounded(double factor) const {
    const double load = capacity_.load_at(factor);
    if (!capacity_.open()) return std::max(1.0, std::round(load)) / capacity_.base.users;
    return round_load(load) / capacity_.base.requests_per_s;
  }

  /// The factor, as a key: loads are on a grid, so equal ones are the same number.
  std::optional<Judgement> at(double factor) {
    if (const auto known = tried_.find(factor); known != tried_.end()) return known->second.verdict;
    if (tried_.size() >= most_tried) return std::nullopt;
    const bool stable =
        options_.theory && limits_.first && limits_.all_exact && factor < limits_.first->factor && capacity_.open();
    auto trial = trials_.run(capacity_.variant, scaled(factor), stable);
    if (!trial) {
      interrupted_ = true;
      return std::nullopt;
    }
    return tried_.emplace(factor, std::move(*trial)).first->second.verdict;
  }

  [[nodiscard]] std::optional<double> bound() const { return options_.theory ? limits_.exact : std::nullopt; }

  [[nodiscard]] std::optional<double> lowest_missed() const {
    for (const auto& [factor, trial] : tried_)
      if (trial.verdict == Judgement::missed) return factor;
    return bound();
  }

  /// The highest load that is met, and below all that is missed.
  [[nodiscard]] std::optional<double> highest_met() const {
    const auto missed = lowest_missed();
    std::optional<double> met;
    for (const auto& [factor, trial] : tried_)
      if (trial.verdict == Judgement::met && (!missed || factor < *missed)) met = factor;
    return met;
  }

  [[nodiscard]] bool near(double low, double high) const { return high - low <= options_.tolerance * low; }

  // ---- the search ----

  /// Tries loads up or down from where theory points, in growing steps, until one is met and the next is not.
  bool begin() {
    const double start = rounded(guess());
    const auto first = at(start);
    if (!first) return !interrupted_;
    return *first == Judgement::met ? climb(start, false) : descend(start);
  }

  /// Upwards until a load is missed, or is not met.
  bool climb(double from, bool until_missed) {
    double low = from, step = 1.06;
    while (true) {
      double next = rounded(low * step);
      if (bound() && next >= *bound()) next = near(low, *bound()) ? low : rounded((low + *bound()) / 2);
      if (next <= low && !bound()) next = rounded(low + 1 / capacity_.load_at(1));  // one user more
      if (next <= low || next > most_growth * std::max(1.0, from)) return true;
      if (!can_be_paid_for(scaled(next))) return true;
      const auto verdict = at(next);
      if (!verdict) return !interrupted_;
      if (until_missed ? *verdict == Judgement::missed : *verdict != Judgement::met) return true;
      low = next;
      step = std::min(2.0, step * step);
    }
  }

  /// Whether less load did not help, and hardly a worker is taken any more.
  [[nodiscard]] static bool is_no_matter_of_load(const Trial& before, const Trial& less) {
    constexpr double hardly = 0.1;
    if (less.first.name.empty() || less.first.taken >= hardly) return false;
    for (std::size_t i = 0; i < less.objectives.size() && i < before.objectives.size(); ++i) {
      const JudgedObjective &now = less.objectives[i], &then = before.objectives[i];
      if (now.verdict == Judgement::met || !now.excess || !then.excess) continue;
      const double limit = now.result.limit.value_or(0);
      const double chance = now.result.estimate->half_width.value_or(0) + then.result.estimate->half_width.value_or(0);
      if ((*then.excess - *now.excess) * (limit != 0 ? std::fabs(limit) : 1) > chance) return false;
    }
    return true;
  }

  bool descend(double from) {
    double high = from, step = 1.06;
    while (true) {
      double next = rounded(high / step);
      if (next >= high) next = rounded(high - 1 / capacity_.load_at(1));
      if (next >= high || next < least_share * std::min(1.0, from)) return true;
      const auto verdict = at(next);
      if (!verdict) return !interrupted_;
      if (*verdict == Judgement::met || is_no_matter_of_load(tried_.at(high), tried_.at(next))) return true;
      high = next;
      step = std::min(2.0, step * step);
    }
  }

  /// Tries the middle; false when there is none, or the search must end.
  bool halve(double low, double high) {
    const double middle = rounded((low + high) / 2);
    return !near(low, high) && middle > low && middle < high && at(middle).has_value();
  }

  /// Between the highest load that is met and the next one that is not.
  bool narrow_met() {
    while (true) {
      const auto met = highest_met();
      if (!met) return !interrupted_;
      const auto next = tried_.upper_bound(*met);
      const auto above = next == tried_.end() ? bound() : std::optional{next->first};
      if (!above || !halve(*met, *above)) return !interrupted_;
    }
  }

  /// Between the lowest load that is missed and the one before it.
  bool narrow_missed() {
    if (!highest_met()) return !interrupted_;
    if (!lowest_missed() && !tried_.empty() && tried_.rbegin()->second.verdict == Judgement::undecided &&
        !climb(tried_.rbegin()->first, true))
      return false;
    while (true) {
      const auto missed = lowest_missed();
      if (!missed) return !interrupted_;
      const auto after = tried_.lower_bound(*missed);
      if (after == tried_.begin() || !halve(std::prev(after)->first, *missed)) return !interrupted_;
    }
  }

  // ---- what it comes to ----

  void conclude() {
    capacity_.missed = lowest_missed();
    capacity_.missed_by_theory = capacity_.missed && !tried_.contains(*capacity_.missed);
    capacity_.met = tried_.empty() && nothing_to_run() ? bound() : highest_met();
    find_value();
    find_first();
    for (auto& [factor, trial] : tried_) capacity_.tried.push_back({factor, capacity_.load(factor), std::move(trial)});
  }

  void find_value() {
    if (!capacity_.met) return;
    capacity_.value = *capacity_.met;
    if (!capacity_.missed) return;
    const auto end = tried_.upper_bound(*capacity_.missed);
    for (auto low = tried_.find(*capacity_.met), high = low; low != tried_.end() && ++high != end; low = high) {
      const auto below = low->second.excess(), above = high->second.excess();
      if (!below || !above || *below > 0 || *above <= 0) continue;
      capacity_.value = low->first + (high->first - low->first) * *below / (*below - *above);
      return;
    }
  }

  void find_first() {
    const Trial* found = nullptr;  // the lowest load that is missed, else the lowest that is undecided
    for (const auto& [factor, trial] : tried_) {
      if (trial.verdict == Judgement::met || (capacity_.met && factor < *capacity_.met)) continue;
      if (found == nullptr || (found->verdict != Judgement::missed && trial.verdict == Judgement::missed))
        found = &trial;
    }
    if (found != nullptr) {
      capacity_.first = found->first;
      capacity_.why = why_not_met(*found);
    } else if (capacity_.missed_by_theory) {
      capacity_.first = {.name = limits_.first->name};
      capacity_.why = limits_.first->name + " is saturated";
    }
  }

  const Scenario& scenario_;
  const LoadSearchOptions& options_;
  Trials& trials_;
  VariantCapacity capacity_;
  Limits limits_;
  std::map<double, Trial> tried_;  // by factor
  bool interrupted_ = false;
};

}  // namespace

ClientLoad VariantCapacity::load(double factor) const {
  const double exact = factor * base.requests_per_s, round = exact > 0 ? round_load(exact) : 0;
  return {.requests_per_s = std::fabs(exact - round) < 1e-9 * exact ? round : exact,
          .users = base.users > 0 ? std::max(1.0, std::round(factor * base.users)) : 0};
}

std::string obstacle_to_load_search(const Study& study, const std::vector<std::string>& clients) {
  for (const Variant& variant : study.variants) {
    if (std::string found = obstacle_to_scaling(variant.scenario, clients); !found.empty()) return found;
    const ClientLoad load = load_of(variant.scenario, clients);
    if (load.requests_per_s <= 0 && load.users <= 0) return "no client brings a load that could grow";
    if (load.requests_per_s <= 0 && variant.scenario.objectives.empty())
      return "expected \"objectives\": users wait for their answers, so their queues do not grow without bound, and "
             "without an objective any number of them is fine";
  }
  return "";
}

CapacitySearch search_loads(const Study& study, const LoadSearchOptions& options) {
  const Scenario& baseline = study.variants.front().scenario;
  CapacitySearch search{.name = study.name,
                        .question = study.question,
                        .sha256 = study.sha256,
                        .seed = baseline.seed,
                        .replications = baseline.replications,
                        .confidence = options.experiment.confidence,
                        .tolerance = options.tolerance,
                        .horizon = baseline.horizon,
                        .clients = options.clients,
                        .variants = {}};
  Trials trials(options.experiment);
  for (const Variant& variant : study.variants) {
    LoadSearch one(variant, options, trials);
    search.complete = one.search();
    search.variants.push_back(one.capacity());
    if (!search.complete) break;
  }
  search.runs = trials.runs();
  search.events = trials.events();
  return search;
}

}  // namespace sojourn
