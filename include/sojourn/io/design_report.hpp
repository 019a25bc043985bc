#pragma once
// What a search among designs found, as text for people, as JSON, and as CSV. The same scenario, seed and version give the same
// bytes, whatever the number of threads.

#include <string>
#include <vector>

#include "sojourn/experiment/design_rules.hpp"
#include "sojourn/experiment/design_search.hpp"
#include "sojourn/io/summary.hpp"

namespace sojourn {

/// A search and its rules.
struct Decision {
  DesignSearch search;
  std::vector<DeferralRule> rules;
};

/// The frontier against the design that waits, what each deferral does, who was beaten by whom, and which to choose.
[[nodiscard]] Summary summary_of(const Decision& decision);

/// decide.json, with a line break at its end.
[[nodiscard]] std::string decide_json(const Decision& decision);

/// designs.csv: one row a design.
[[nodiscard]] std::string designs_csv(const Decision& decision);

/// "frontier", "beaten", "screened", "not_run".
[[nodiscard]] std::string_view name_of(DesignOutcome::Fate fate);

}  // namespace sojourn
