#pragma once
// How long a job holds its worker, at least: its work, and the waits that it makes by itself, nobody else in the way.

#include <string>
#include <vector>

#include "sojourn/model/flow.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// Mean times in nanoseconds; lower bounds where something is left out.
struct JobTime {
  double message_work = 0;  ///< for each message of a batch; of a job that is no batch, all that is not per batch
  double batch_work = 0;    ///< once a job
  double elapsed = 0;       ///< work, calls with their hops, delays and joins
  double response = 0;      ///< until the answer: the same, or up to the first `reply`
  bool has_replied = false;

  [[nodiscard]] double work() const { return message_work + batch_work; }
  [[nodiscard]] double waiting() const { return elapsed - work(); }
};

/// The times of all operations of a scenario. What is called answers without queueing; a call takes at most its timeout, or the
/// first wait of its hedge. Left out: retries, confirms, awaits, joins that need not wait for all.
class JobTimes {
 public:
  JobTimes(const Scenario& scenario, const FlowGraph& graph);

  [[nodiscard]] const JobTime& of(std::uint32_t operation) const { return times_[operation]; }
  /// Of steps that stand in an operation of this service.
  [[nodiscard]] JobTime of(const Steps& steps, const std::string& service) const;

 private:
  [[nodiscard]] JobTime of(const Step& step, const std::string& service) const;
  [[nodiscard]] JobTime of(const Call& call, const std::string& service) const;
  [[nodiscard]] JobTime of(const Choose& choose, const std::string& service) const;
  [[nodiscard]] JobTime of(const Parallel& parallel, const std::string& service) const;
  [[nodiscard]] double hop_ns(const std::string& from, const std::string& to) const;

  const Scenario& scenario_;
  const FlowGraph& graph_;
  std::vector<JobTime> times_;
};

}  // namespace sojourn
