#pragma once
// An experiment: every variant of a study, run as often as there are replications, on as many threads as wanted.
// Replication r meets the same random numbers in every variant, so that differences between variants are paired.
// Measurements merge by integer addition and all other arithmetic follows the order of replications, so the number of
// threads changes nothing.

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/core/issue.hpp"
#include "sojourn/experiment/columns.hpp"
#include "sojourn/experiment/growth.hpp"
#include "sojourn/experiment/timeline_spread.hpp"
#include "sojourn/model/scenario.hpp"
#include "sojourn/stats/estimate.hpp"
#include "sojourn/system/run.hpp"

namespace sojourn {

struct PrecisionReached;

/// Told whenever a run has ended; from several threads, but never from two at once.
struct Observer {
  void (*advanced)(void* context, std::uint64_t done, std::uint64_t total) = nullptr;
  void* context = nullptr;
  /// Told once, after the first round, what the asked precision will need, if more than was run.
  void (*forecast)(void* context, const PrecisionReached& reached) = nullptr;
};

struct ExperimentOptions {
  unsigned jobs = 0;         ///< threads; 0 is one a core
  double confidence = 0.95;  ///< of every interval
  Observer observer = {};
  const std::atomic<bool>* interrupted = nullptr;     ///< when it becomes true, what has not ended is given up
  std::uint64_t max_memory = std::uint64_t{2} << 30;  ///< bytes for things in flight, all threads together
  Measurements (*run)(const Topology&, const RunOptions&) = &sojourn::run;  ///< what one replication is
};

/// What became of one variant. All lists of replications hold only those that every variant finished, in order.
struct VariantResult {
  std::string name;
  Topology topology;
  std::vector<Column> columns;
  std::vector<std::vector<std::optional<double>>> values;  ///< [column][replication], of a quantile [column][section]
  std::vector<std::optional<Estimate>> estimates;          ///< [column]; nothing where it cannot be known
  std::vector<std::vector<Quarters>> quarters;             ///< [replication][waiting place]; empty without a timeline
  Measurements merged;                                     ///< of all these replications
  TimelineSpread spread;  ///< of its timeline, over these replications; empty where one alone is wanted
  std::uint64_t fingerprint = 0;
  Issues
      foreseen;  ///< what its scenario alone says: more is asked for than there is, laws without a mean or a variance
  std::vector<ClientBlame> blames;  ///< what the clients' times were spent on; empty until asked for

  /// The estimate with this dotted path; nothing when there is none.
  [[nodiscard]] std::optional<Estimate> estimate(std::string_view dotted) const;
};

/// A run that a guard ended early.
struct StoppedRun {
  std::string variant;
  std::uint64_t replication = 0;  ///< from 0
  std::string reason;
};

/// How narrow the interval became for which a precision was asked.
struct PrecisionReached {
  std::string path;                             ///< "clients.shoppers.response_time.p99"
  double wanted = 0;                            ///< half-width over value
  std::vector<std::optional<double>> relative;  ///< by variant; nothing where it cannot be known
  bool met = false;                             ///< by every variant
  std::uint64_t most_replications = 0;          ///< no more may be run
  std::uint64_t replications_needed = 0;        ///< about so many would do, allowed or not; 0 where that is not known
  std::uint64_t requests_needed = 0;            ///< of the client: as many as these replications have

  /// "about 720 replications with 3456000 requests, more than the 200 that are allowed"; "" where it is not known.
  [[nodiscard]] std::string need() const;
};

struct ExperimentResult {
  std::string name;
  std::string question;
  std::string sha256;
  std::uint64_t seed = 1;
  std::uint64_t wanted = 0;        ///< replications asked for
  std::uint64_t replications = 0;  ///< replications that every variant finished
  double confidence = 0.95;
  Duration horizon;
  Duration warmup;
  bool terminating = false;  ///< something happens at a given time: a profile, an incident
  bool warmup_found = true;  ///< false when "auto" found none within half the run
  std::optional<PrecisionReached> precision;
  std::uint64_t fingerprint = 0;
  std::uint64_t events = 0;
  std::vector<VariantResult> variants;  ///< the baseline first
  std::optional<StoppedRun> stopped;    ///< the first run that a guard ended; no others were begun after it

  [[nodiscard]] bool complete() const { return replications == wanted; }
};

/// Every variant of the study, compiled.
[[nodiscard]] std::vector<Topology> compile_all(const Study& study);

/// Runs all replications of all variants. What a run throws is thrown on, after all threads have ended.
[[nodiscard]] ExperimentResult run_experiment(const Study& study, std::vector<Topology> topologies,
                                              const ExperimentOptions& options);
[[nodiscard]] ExperimentResult run_experiment(const Study& study, const ExperimentOptions& options);

}  // namespace sojourn
