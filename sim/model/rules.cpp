// Rules across the fields of one struct, declared where the struct is.

#include <string>

#include "sojourn/core/time.hpp"
#include "sojourn/model/client.hpp"
#include "sojourn/model/scenario.hpp"
#include "sojourn/model/short_text.hpp"
#include "sojourn/model/step.hpp"

namespace sojourn {

std::string Choose::problem() const {
  constexpr double rounding = 1e-9;
  double sum = 0;
  for (const ChooseBranch& branch : branches) sum += branch.probability;
  if (branches.empty()) return "expected at least one branch, found none";
  return sum <= 1 + rounding ? "" : "expected probabilities that sum to at most 1, found a sum of " + short_number(sum);
}

std::string Parallel::problem() const {
  if (branches.empty()) return "expected at least one branch, found none";
  const std::size_t needed = join.kind == Join::Kind::number ? join.number : 1;
  if (needed >= 1 && needed <= branches.size()) return "";
  return "expected a join from 1 to " + std::to_string(branches.size()) + ", the number of branches, found " +
         std::to_string(needed);
}

std::string Publish::problem() const {
  if (confirm && outbox) return "expected either 'confirm' or 'outbox', found both: an outbox never waits";
  if (timeout && !confirm) return "expected 'confirm' beside 'timeout', found none: only a confirming publisher waits";
  return "";
}

std::string Await::problem() const { return operations.empty() ? "expected at least one operation, found none" : ""; }

std::string Autoscaling::problem() const {
  if (minimum <= maximum) return "";
  return "expected a minimum of at most the maximum of " + std::to_string(maximum) + ", found " +
         std::to_string(minimum);
}

std::string Incident::problem() const { return targets.empty() ? "expected at least one target, found none" : ""; }

std::string Client::problem() const {
  if (arrivals.has_value() != users.has_value()) return "";
  return std::string("expected either 'arrivals' or 'users', found ") + (arrivals ? "both" : "neither");
}

std::string Scenario::problem() const {
  const Duration end = horizon + drain_time();
  return end < Duration::never() ? "" : "expected a horizon and a drain of at most 292 years together, found more";
}

}  // namespace sojourn
