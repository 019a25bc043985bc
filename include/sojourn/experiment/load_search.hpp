#pragma once
// The highest load that meets the objectives of a variant: bracketed by theory, then halved with runs on the same requests.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/load_scale.hpp"
#include "sojourn/experiment/prediction.hpp"
#include "sojourn/experiment/trial.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

struct LoadSearchOptions {
  ExperimentOptions experiment;
  std::vector<std::string> clients = {};  ///< those that grow; empty: all
  double tolerance = 0.01;  ///< how near two loads come before nothing between them is tried, over the load
  bool theory = true;       ///< false: theory only says where to begin
};

/// A load that was tried.
struct TriedLoad {
  double factor = 1;  ///< of the load in the scenario
  ClientLoad load;
  Trial trial;
};

/// What a variant carries. Loads are told in requests per second of the open clients that grow, else in users.
struct VariantCapacity {
  std::string variant;
  ClientLoad base;                  ///< of the scenario as it is written
  std::optional<LoadLimit> theory;  ///< where a queue grows without bound; requests per second of the clients that grow
  std::vector<TriedLoad> tried;     ///< the smallest first
  std::optional<double>
      value;                  ///< factor: where the value of an objective crosses its limit between the two below; else
                              ///< what was met
  std::optional<double> met;  ///< factor: the highest load at which all was met, with none missed below it
  std::optional<double>
      missed;  ///< factor: the lowest load at which something was missed, or the exact limit of theory
  bool missed_by_theory = false;
  bool complete = true;  ///< not interrupted: else nothing was found yet, whatever stands here
  TakenService first;    ///< to give in: most taken at the lowest load that is missed, else at the lowest undecided one
  std::string why;       ///< what is missed there: an objective as written, "shipping's queue grows"

  [[nodiscard]] bool open() const { return base.requests_per_s > 0; }
  /// The load at a factor; users in whole numbers.
  [[nodiscard]] ClientLoad load(double factor) const;
  /// A factor in the unit of the load.
  [[nodiscard]] double load_at(double factor) const { return factor * (open() ? base.requests_per_s : base.users); }
};

/// The capacities of a study's variants.
struct CapacitySearch {
  std::string name;
  std::string question;
  std::string sha256;
  std::uint64_t seed = 1;
  std::uint64_t replications = 0;
  double confidence = 0.95;
  double tolerance = 0.01;
  Duration horizon;
  std::vector<std::string> clients;  ///< those that grow; empty: all
  std::vector<VariantCapacity> variants;
  std::uint64_t runs = 0;
  std::uint64_t events = 0;
  bool complete = true;  ///< not interrupted: all variants were searched to the end
};

/// Why the loads of a study cannot be searched, or "".
[[nodiscard]] std::string obstacle_to_load_search(const Study& study, const std::vector<std::string>& clients);

/// Searches; a study without an obstacle and with at least two replications.
[[nodiscard]] CapacitySearch search_loads(const Study& study, const LoadSearchOptions& options);

}  // namespace sojourn
