#pragma once
// The runs of a search: every design in every case, replication by replication, on as many threads as wanted. Replication r
// meets the same random numbers in every design. Only what designs are judged by is kept.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/design_race.hpp"
#include "sojourn/experiment/design_space.hpp"
#include "sojourn/experiment/experiment.hpp"
#include "sojourn/experiment/objectives.hpp"
#include "sojourn/experiment/sections.hpp"

namespace sojourn {

/// What became of one design in one case.
struct DesignCell {
  /// The columns are those that the design is judged by.
  DesignCell(Topology compiled, std::vector<Column> judged_by, bool is_terminating);

  Topology topology;
  std::vector<Column> columns;
  bool terminating = false;
  std::vector<std::vector<std::optional<double>>> values;  ///< [column][replication]
  Sections sections;                                       ///< of the quantiles among them
  std::vector<std::optional<double>> costs;                ///< per hour, by replication
  std::optional<Measurements> merged;
  std::string stopped;  ///< why a guard ended a run; its replication is the first that was stopped
  std::uint64_t stopped_in = 0;

  /// The number with this dotted path, over all replications; a quantile by sectioning, as in a plain run.
  [[nodiscard]] std::optional<Estimate> estimate(std::string_view dotted, double confidence) const;
  /// The place of a column with this dotted path.
  [[nodiscard]] std::optional<std::size_t> place_of(std::string_view dotted) const;
};

/// What all runs of a search have in common.
struct DesignPlan {
  std::uint64_t seed = 1;
  Duration warmup;
  std::optional<Duration> horizon;  ///< in place of the scenario's
  bool all_sections = false;        ///< keep the times of services, calls and topics: an objective names them
};

/// The criteria of a flow: the answer's and the completion's p99 in the ordinary case, broken promises there, the share fulfilled
/// in the worst case; the cost where any is given.
[[nodiscard]] std::vector<Criterion> criteria_of(const DesignSpace& space);

class DesignRuns {
 public:
  DesignRuns(const DesignSpace& space, const std::vector<DesignCase>& cases, DesignPlan plan,
             const ExperimentOptions& options);

  /// Runs what these designs lack up to so many replications; false when interrupted: then nothing of it counts.
  [[nodiscard]] bool extend(const std::vector<DesignMask>& designs, std::uint64_t replications);
  /// By case; nothing for a design that never ran.
  [[nodiscard]] const std::vector<DesignCell>* cells(DesignMask design) const;
  /// Why a run of this design was stopped, or "".
  [[nodiscard]] std::string stopped(DesignMask design) const;
  /// Where the design stands in these criteria.
  [[nodiscard]] Standing standing(DesignMask design, const std::vector<Criterion>& criteria) const;
  /// The objectives of the scenario, judged in the file as it is written.
  [[nodiscard]] std::vector<ObjectiveResult> objectives(DesignMask design) const;
  /// The case in which the share fulfilled of this client is least.
  [[nodiscard]] std::size_t worst_case(DesignMask design, const std::string& client) const;
  /// Forgets a design that runs no more.
  void drop(DesignMask design);

  [[nodiscard]] std::uint64_t runs() const { return runs_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  /// Runs that are still expected, for whoever shows progress.
  void expect(std::uint64_t runs) { expected_ = runs; }

 private:
  struct Work;
  void prepare(DesignMask design);
  void run_all(std::vector<Work>& list);
  void run_one(Work& work);

  const DesignSpace& space_;
  const std::vector<DesignCase>& cases_;
  DesignPlan plan_;
  const ExperimentOptions& options_;
  std::map<DesignMask, std::vector<DesignCell>> cells_;
  std::map<DesignMask, std::uint64_t> done_;
  std::uint64_t runs_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t expected_ = 0;
  unsigned threads_ = 1;
};

}  // namespace sojourn
