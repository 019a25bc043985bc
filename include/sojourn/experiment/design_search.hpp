#pragma once
// The search for the designs worth choosing: all 2^n of a flow, those that theory rules out left aside, the others run against
// each other on the same requests, and run no longer than it takes to tell who beats whom.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/design_race.hpp"
#include "sojourn/experiment/design_runs.hpp"
#include "sojourn/experiment/design_space.hpp"
#include "sojourn/experiment/experiment.hpp"

namespace sojourn {

/// Requests that are fulfilled, and those that are answered with a yes, of one client in one case.
struct CaseShares {
  std::string client;
  std::size_t which = 0;
  std::optional<Estimate> fulfilled;
  std::optional<Estimate> success;
};

/// What became of one design.
struct DesignOutcome {
  /// On the frontier: nothing beats it. Screened: beaten in shortened runs, which many designs make necessary.
  enum class Fate : std::uint8_t { frontier, beaten, screened, not_run };

  DesignMask mask = 0;
  std::string name;
  Fate fate = Fate::frontier;
  std::string reason = {};  ///< why it was not run
  std::optional<DesignMask> beaten_by = {};
  std::optional<std::size_t> better_in = {};  ///< the criterion in which; nothing when it was simpler and no different
  std::size_t round = 0;                      ///< in which it was beaten, from 1; 0: while screening
  std::vector<std::optional<Estimate>> estimates = {};  ///< by criterion
  std::vector<CaseShares> cases = {};
  std::vector<ObjectiveResult> objectives = {};
  std::vector<std::string> faults = {};  ///< why it cannot be recommended: "misses ...", "breaks 2 % of promises"
  Standing standing = {};                ///< at the end of its runs
  Standing screening = {};               ///< in the shortened runs, if there were any
};

struct DesignSearch {
  DesignSpace space;
  std::vector<DesignCase> cases;
  std::vector<Criterion> criteria;
  Margins margins;
  double confidence = 0.95;
  std::uint64_t replications = 0;    ///< most of a design and case
  std::vector<std::uint64_t> looks;  ///< replications after which designs were judged
  Duration warmup;
  std::optional<Duration> screening;   ///< horizon of the shortened runs
  bool theory_fails_all = false;       ///< by theory no design carries the load; all were run
  std::vector<DesignOutcome> designs;  ///< by mask
  DesignMask baseline = 0;             ///< the design that defers least of those that were run
  std::uint64_t runs = 0;
  std::uint64_t events = 0;
  bool complete = true;  ///< not interrupted

  /// Runs that every design in every case would have taken.
  [[nodiscard]] std::uint64_t full_runs() const { return space.size() * cases.size() * replications; }
  [[nodiscard]] std::vector<const DesignOutcome*> frontier() const;
  /// Those of the frontier without a fault; the whole frontier when each has one.
  [[nodiscard]] std::vector<const DesignOutcome*> choices() const;
};

struct SearchOptions {
  ExperimentOptions experiment;
  Margins margins = {};
  bool race = true;  ///< false: every design is run to the end, and judged once
};

/// Searches. Needs a flow without an obstacle and at least two replications. Nothing when interrupted before the first look.
[[nodiscard]] std::optional<DesignSearch> search_designs(const DesignSpace& space, const SearchOptions& options);

}  // namespace sojourn
