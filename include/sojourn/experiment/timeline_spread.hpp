#pragma once
// How far off the numbers of one bucket of time may be: the spread of each over the replications. Only the bucket's sum is
// kept by the merged timeline; this keeps what an interval needs besides, and no replication's own timeline.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sojourn/stats/running_spread.hpp"
#include "sojourn/system/measurements.hpp"

namespace sojourn {

/// The p99 of one bucket: replications with enough samples of their own are sections; others are put together, in their
/// order, until they have enough.
class BucketQuantile {
 public:
  static constexpr double probability = 0.99;

  void add(const TimelineHistogram& replication);

  /// The interval about the quantile of all samples, in nanoseconds, from the sections' spread; n are the sections. No half-width
  /// below two of them, or below five where replications had to be put together.
  [[nodiscard]] Estimate about(double merged_ns, StudentFactors& factors) const;

 private:
  RunningSpread spread_;
  std::uint32_t sections_ = 0;
  bool grouped_ = false;
  TimelineHistogram open_;  // too few so far
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

  /// The next replication. Always in the order of replications, so that the last bits are the same for any number of threads.
  void add(const Timeline& replication);
};

}  // namespace sojourn
