#include "sojourn/experiment/design_rules.hpp"

#include <algorithm>
#include <cmath>

namespace sojourn {

namespace {

using Fate = DesignOutcome::Fate;

/// The standing that all designs have: of the shortened runs when there were any.
const Standing& standing_of(const DesignSearch& search, const DesignOutcome& design) {
  return search.screening ? design.screening : design.standing;
}

/// Pairs of designs that differ in this operation alone, and were both run.
template <class Visit>
void for_each_pair(const DesignSearch& search, std::size_t operation, Visit&& visit) {
  const DesignMask bit = DesignMask{1} << operation;
  for (const DesignOutcome& design : search.designs) {
    if ((design.mask & bit) != 0) continue;
    const DesignOutcome& other = search.designs[design.mask | bit];
    if (design.fate != Fate::not_run && other.fate != Fate::not_run) visit(design, other);
  }
}

DeferralEffect effect_of(const DesignSearch& search, std::size_t operation, std::size_t k, double alpha) {
  DeferralEffect effect{.criterion = k};
  for_each_pair(search, operation, [&](const DesignOutcome& waits, const DesignOutcome& defers) {
    const Standing& from = standing_of(search, waits);
    const auto difference = difference_of(from, standing_of(search, defers), k);
    if (!difference) return;
    const double reach = critical_for(alpha / 2, 1, difference->n).in_all * difference->standard_error;
    const double margin = margin_of(search.criteria[k], from.values[k].value_or(0), search.margins);
    const double worse = search.criteria[k].lower_is_better ? difference->value : -difference->value;
    effect.least = effect.pairs == 0 ? difference->value : std::min(effect.least, difference->value);
    effect.most = effect.pairs == 0 ? difference->value : std::max(effect.most, difference->value);
    ++effect.pairs;
    if (std::fabs(worse) + reach <= margin)
      ++effect.same;
    else if (worse - reach > 0)
      ++effect.worse;
    else if (worse + reach < 0)
      ++effect.better;
  });
  return effect;
}

bool defers(const DesignOutcome& design, std::size_t operation) { return (design.mask >> operation & 1U) != 0; }

/// Objectives that are missed by all designs that were run and do the other thing.
std::vector<std::string> missed_otherwise(const DesignSearch& search, std::size_t operation, bool advice_is_wait) {
  std::vector<std::string> missed;
  for (std::size_t o = 0; o < search.space.base.objectives.size(); ++o) {
    bool any = false;
    const bool all = std::all_of(search.designs.begin(), search.designs.end(), [&](const DesignOutcome& design) {
      if (design.fate == Fate::not_run || defers(design, operation) != advice_is_wait) return true;
      any = true;
      return o < design.objectives.size() && design.objectives[o].met == false;
    });
    if (any && all) missed.push_back(search.space.base.objectives[o].text);
  }
  return missed;
}

}  // namespace

std::vector<DeferralRule> deferral_rules(const DesignSearch& search) {
  std::vector<DeferralRule> rules;
  const std::size_t n = search.space.operations.size();
  const auto tests = static_cast<double>(n * search.criteria.size()) * static_cast<double>(search.space.size()) / 2;
  const std::vector<const DesignOutcome*> choices = search.choices();
  for (std::size_t i = 0; i < n; ++i) {
    DeferralRule& rule = rules.emplace_back();
    rule.operation = search.space.operations[i];
    for (std::size_t k = 0; k < search.criteria.size(); ++k)
      rule.effects.push_back(effect_of(search, i, k, (1 - search.confidence) / tests));
    const auto deferring = static_cast<std::size_t>(
        std::count_if(choices.begin(), choices.end(), [&](const DesignOutcome* design) { return defers(*design, i); }));
    if (choices.empty()) continue;
    if (deferring == 0) rule.advice = DeferralRule::Advice::wait;
    if (deferring == choices.size()) rule.advice = DeferralRule::Advice::defer;
    if (rule.advice != DeferralRule::Advice::choice)
      rule.missed = missed_otherwise(search, i, rule.advice == DeferralRule::Advice::wait);
  }
  return rules;
}

}  // namespace sojourn
