#pragma once
// A scenario tried: whether it meets its objectives without queues that grow, beyond chance.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/experiment.hpp"
#include "sojourn/experiment/objectives.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// Met: the whole interval keeps the objective. Missed: the whole interval misses it. Undecided: it may be either.
enum class Judgement : std::uint8_t { met, undecided, missed };

/// An objective and its verdict.
struct JudgedObjective {
  ObjectiveResult result;
  bool at_most = true;
  std::optional<Judgement> verdict;  ///< nothing where it does not apply to the variant
  std::optional<double> excess;  ///< by how much its value misses the limit, over the limit; below 0 when it meets it
};

/// A service, and the share of its workers or cores that is taken.
struct TakenService {
  std::string name;  ///< "" where no service has a limit
  double taken = 0;
  double busy = 0;
  double held = 0;  ///< by jobs that wait for somebody else
};

/// What became of one scenario.
struct Trial {
  Judgement verdict = Judgement::met;
  std::vector<JudgedObjective> objectives;
  std::vector<std::string>
      growing;  ///< "shipping's queue": more comes to it than it carries, or that cannot be ruled out
  Judgement growth = Judgement::met;    ///< undecided: it cannot be ruled out
  std::string stopped;                  ///< why a guard ended a run
  TakenService first;                   ///< the service with the most taken: the first to give in
  std::map<std::string, double> taken;  ///< share taken of every service that has a limit

  /// By how much the objective that is missed most is missed; nothing when none has a number.
  [[nodiscard]] std::optional<double> excess() const;
};

/// What is missed, or may be: an objective as written, "shipping's queue grows"; "" when all is met.
[[nodiscard]] std::string why_not_met(const Trial& trial);

/// Runs scenarios, all with the same random numbers, and counts what it ran.
class Trials {
 public:
  explicit Trials(const ExperimentOptions& options) : options_(options) {}

  /// Runs all replications of the scenario. Stable: theory is sure that its queues do not grow without bound; what grows is
  /// only undecided then. Nothing when interrupted.
  [[nodiscard]] std::optional<Trial> run(const std::string& variant, const Scenario& scenario, bool stable = false);

  [[nodiscard]] std::uint64_t runs() const { return runs_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  ExperimentOptions options_;
  std::uint64_t runs_ = 0;
  std::uint64_t events_ = 0;
};

/// "met", "undecided", "missed".
[[nodiscard]] std::string_view name_of(Judgement verdict);

}  // namespace sojourn
