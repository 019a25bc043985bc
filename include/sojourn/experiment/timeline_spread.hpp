#pragma once
// How far off the numbers of one bucket of time may be: the spread of each over the replications. Only the bucket's sum is
// kept by the merged timeline; this keeps what an interval needs besides, and no replication's own timeline.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sojourn/stats/histogram.hpp"
#include "sojourn/stats/running_spread.hpp"
#include "sojourn/system/measurements.hpp"

namespace sojourn {

/// What an interval for the p99 of one bucket of time needs. Requests of one replication share its queue there, so neither their
/// number nor the spread of the replications' own p99s says how far off the p99 of all of them is: a few replications in a bad
/// moment make it. Their shares of times above it do say it.
class BucketQuantile {
 public:
  static constexpr double probability = 0.99;

  void add(const TimelineHistogram& replication);

  /// The interval about the p99 of all times together, in nanoseconds. The share above it is a ratio over n replications with the
  /// standard error of one; the quantiles at that share plus and minus its half-width bound the p99 (Woodruff 1952). Nothing
  /// where no time bounds it from above, or where times of fewer than six replications' worth are above it.
  [[nodiscard]] Estimate about(const TimelineHistogram& merged, std::uint64_t n, StudentFactors& factors) const;

 private:
  /// A threshold, four in an octave, and sums over the replications; a is how many times of one lie at or above it.
  struct Threshold {
    double a_squared = 0;
    double a_times_n = 0;
  };
  /// How much more the share above a threshold varies than that of independent times, and how many replications are worth as
  /// much as all those that have times above it.
  struct Clustering {
    double factor = 1;
    double replications = 0;
  };
  void cover(std::size_t lowest, std::size_t highest);
  [[nodiscard]] Clustering clustering_at(std::size_t place, std::uint64_t above, std::uint64_t all, double n) const;

  std::vector<Threshold> thresholds_;
  std::uint32_t first_ = 0;
  double n_squared_ = 0;  // n is how many times one replication has
};

struct ClientSpread {
  RunningSpread started, answered, succeeded;  ///< counts of a replication's bucket
  BucketQuantile response_p99;
};
struct ServiceSpread {
  RunningSpread busy, held, queue;  ///< integrals over a replication's bucket, in nanoseconds
};
struct SubscriptionSpread {
  RunningSpread published, handled;  ///< counts
  RunningSpread backlog;             ///< an integral, in nanoseconds
};

/// In the order of the timeline: [entity][bucket]. Empty until the first replication.
struct TimelineSpread {
  std::uint64_t replications = 0;
  std::vector<std::vector<ClientSpread>> clients;
  std::vector<std::vector<ServiceSpread>> services;
  std::vector<std::vector<SubscriptionSpread>> subscriptions;

  /// Whether the p99s of this client's buckets have intervals: where at least half of those with enough times have one. Else those
  /// few that have are the ones whose replications happen to agree, and hold too seldom.
  [[nodiscard]] bool knows_p99s(const std::vector<TimelineClient>& merged, std::size_t client,
                                StudentFactors& factors) const;

  /// The next replication. Always in the order of replications, so that the last bits are the same for any number of threads.
  void add(const Timeline& replication);
};

}  // namespace sojourn
