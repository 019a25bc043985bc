#include "sojourn/experiment/design_race.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "sojourn/stats/estimate.hpp"
#include "sojourn/stats/student.hpp"
#include "sojourn/stats/sum.hpp"

namespace sojourn {

namespace {

/// The differences in the replications that both have.
std::vector<double> paired(const Standing& from, const Standing& to, std::size_t k) {
  std::vector<double> differences;
  const std::size_t n = std::min(from.sections[k].size(), to.sections[k].size());
  for (std::size_t i = 0; i < n; ++i)
    if (from.sections[k][i] && to.sections[k][i]) differences.push_back(*to.sections[k][i] - *from.sections[k][i]);
  return differences;
}

bool misses_more(const Standing& challenger, const Standing& design) {
  for (std::size_t i = 0; i < challenger.misses.size(); ++i)
    if (challenger.misses[i] && !design.misses[i]) return true;
  return false;
}

}  // namespace

std::optional<Difference> difference_of(const Standing& from, const Standing& to, std::size_t k) {
  const std::vector<double> differences = paired(from, to, k);
  if (differences.size() < 2) return std::nullopt;
  const bool whole = from.replications == to.replications && from.values[k] && to.values[k];
  const double centre = whole ? *to.values[k] - *from.values[k] : mean_value(differences);
  return Difference{.value = centre,
                    .standard_error = standard_error_about(centre, differences).value_or(0),
                    .n = differences.size()};
}

double margin_of(const Criterion& criterion, double value, const Margins& margins) {
  return criterion.unit == Unit::ratio ? margins.ratio : margins.relative * std::fabs(value);
}

Critical critical_for(double alpha, std::size_t criteria, std::uint64_t replications, double alpha_to_keep) {
  const auto degrees = static_cast<double>(replications - 1);
  return {.in_all = -student_t_quantile(alpha, degrees),
          .in_one = -student_t_quantile(alpha / static_cast<double>(criteria), degrees),
          .to_keep = -student_t_quantile(alpha_to_keep / static_cast<double>(criteria), degrees)};
}

namespace {

/// Whether "no worse" is to be proved, or holds until disproved.
enum class Burden : std::uint8_t { prove, disprove };

Duel judge_by(Burden burden, const std::vector<Criterion>& criteria, const Standing& design, const Standing& challenger,
              bool challenger_is_simpler, const Margins& margins, const Critical& critical) {
  if (misses_more(challenger, design)) return {.end = Duel::End::not_beaten, .better_in = {}};
  bool as_good = true;
  std::optional<std::size_t> better_in;
  double largest = 0;
  for (std::size_t k = 0; k < criteria.size(); ++k) {
    if (!design.values[k] && !challenger.values[k]) continue;
    const auto found = difference_of(design, challenger, k);
    if (!found) return {.end = Duel::End::open, .better_in = {}};
    const double worse = criteria[k].lower_is_better ? found->value : -found->value;
    const double margin = margin_of(criteria[k], design.values[k].value_or(0), margins);
    if (worse - critical.to_keep * found->standard_error > margin)
      return {.end = Duel::End::not_beaten, .better_in = {}};
    if (burden == Burden::prove && worse + critical.in_all * found->standard_error > margin) as_good = false;
    const double gain = -worse - critical.in_one * found->standard_error;
    if (gain <= margin) continue;
    const double size = gain / std::max(std::fabs(design.values[k].value_or(0)), 1e-300);
    if (!better_in || size > largest) {
      better_in = k;
      largest = size;
    }
  }
  if (as_good && (better_in || challenger_is_simpler)) return {.end = Duel::End::beaten, .better_in = better_in};
  return {.end = Duel::End::open, .better_in = {}};
}

}  // namespace

Duel judge(const std::vector<Criterion>& criteria, const Standing& design, const Standing& challenger,
           bool challenger_is_simpler, const Margins& margins, const Critical& critical) {
  return judge_by(Burden::prove, criteria, design, challenger, challenger_is_simpler, margins, critical);
}

Duel screen(const std::vector<Criterion>& criteria, const Standing& design, const Standing& challenger,
            bool challenger_is_simpler, const Margins& margins, const Critical& critical) {
  return judge_by(Burden::disprove, criteria, design, challenger, challenger_is_simpler, margins, critical);
}

std::vector<std::uint64_t> looks_until(std::uint64_t replications) {
  std::vector<std::uint64_t> looks;
  for (std::uint64_t n = 6; 4 * n <= 3 * replications; n += 2 * n / 3) looks.push_back(n);
  looks.push_back(replications);
  return looks;
}

Race::Race(std::vector<Criterion> criteria, Margins margins, double confidence, std::size_t looks,
           std::vector<std::uint64_t> simplicity)
    : criteria_(std::move(criteria)),
      margins_(margins),
      simplicity_(std::move(simplicity)),
      settled_(simplicity_.size(), std::vector<bool>(simplicity_.size(), false)),
      defeats_(simplicity_.size()) {
  const auto n = static_cast<double>(simplicity_.size());
  alpha_to_keep_ = (1 - confidence) / static_cast<double>(looks) / std::max(1.0, n - 1);
  alpha_ = alpha_to_keep_ / std::max(1.0, n);
}

bool Race::is_open(std::size_t design, std::size_t challenger) const {
  return design != challenger && !is_beaten(design) && !is_beaten(challenger) && !settled_[design][challenger];
}

void Race::look(const std::vector<Standing>& standings) {
  std::vector<std::vector<Defeat>> beaten_by(standings.size());
  std::uint64_t replications = 0;
  Critical critical;
  for (std::size_t d = 0; d < standings.size(); ++d)
    for (std::size_t e = 0; e < standings.size(); ++e) {
      if (!is_open(d, e) || standings[d].replications < 2) continue;
      if (std::exchange(replications, standings[d].replications) != standings[d].replications)
        critical = critical_for(alpha_, criteria_.size(), replications, alpha_to_keep_);
      const Duel duel =
          judge(criteria_, standings[d], standings[e], simplicity_[e] < simplicity_[d], margins_, critical);
      if (duel.end == Duel::End::beaten) beaten_by[d].push_back({.by = e, .better_in = duel.better_in});
      if (duel.end == Duel::End::not_beaten) settled_[d][e] = true;
    }
  remove_beaten(beaten_by);
}

// Whoever nobody beats is named first; margins could close a circle of defeats, which is never gone round: somebody stays.
void Race::remove_beaten(const std::vector<std::vector<Defeat>>& beaten_by) {
  for (const bool by_the_unbeaten : {true, false})
    for (std::size_t d = 0; d < beaten_by.size(); ++d) {
      if (is_beaten(d)) continue;
      for (const Defeat& defeat : beaten_by[d]) {
        if (by_the_unbeaten ? !beaten_by[defeat.by].empty() : leads_to(defeat.by, d)) continue;
        defeats_[d] = defeat;
        break;
      }
    }
}

bool Race::leads_to(std::size_t from, std::size_t to) const {
  for (std::size_t at = from; defeats_[at]; at = defeats_[at]->by)
    if (defeats_[at]->by == to) return true;
  return false;
}

std::vector<std::size_t> Race::unsettled() const {
  std::vector<std::size_t> open;
  for (std::size_t d = 0; d < defeats_.size(); ++d)
    for (std::size_t e = 0; e < defeats_.size(); ++e)
      if (is_open(d, e) || is_open(e, d)) {
        open.push_back(d);
        break;
      }
  return open;
}

}  // namespace sojourn
