#pragma once
// Where jobs wait and work: the workers and queues of one service.

#include <cstdint>
#include <vector>

#include "sojourn/queueing/balancer.hpp"
#include "sojourn/queueing/waiting_line.hpp"
#include "sojourn/random/stream.hpp"
#include "sojourn/resilience/token_bucket.hpp"
#include "sojourn/stats/integral.hpp"
#include "sojourn/system/foresight.hpp"
#include "sojourn/system/measurements.hpp"
#include "sojourn/system/replica.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// A set of workers behind one queue's end: a replica, or all replicas of a service with a shared queue.
struct Pool {
  std::uint32_t workers = none;  // none when unlimited
  std::uint32_t taken = 0;
  WaitingLine queue;
  Replica replica = {};  // where replicas are followed one by one
  [[nodiscard]] bool has_free_worker() const { return taken < workers; }
};
/// In how many foreseen spans of work, or of waiting, whole buckets of the timeline lie: by bucket, how many more than before.
struct WholeBuckets {
  std::vector<std::int64_t> busy, queue;
};
/// Where a span of work, or of waiting, at a foreseen service is written down: the measured window and the timeline.
struct SpanBooks {
  Int128 ServiceMeasurement::*sum;
  Int128 TimelineService::*row;
  std::vector<std::int64_t> WholeBuckets::*whole;
};

/// All workers of a service, and what is measured of them.
struct Station {
  bool plain = false;             // jobs take the short way: see mark_plain
  bool foreseen = false;          // a visit's end is known when it comes: see mark_plain
  bool handles_messages = false;  // of some subscription
  std::uint32_t service = 0;
  std::uint32_t only_subscription = none;  // none where there are several
  std::uint32_t concurrency = none;        // of that
  std::uint32_t capacity = none;           // of a queue
  ServiceMeasurement* measured = nullptr;
  TimelineService* rows = nullptr;  // of its timeline, by bucket
  Foresight foresight = {};         // where visits are foreseen
  WholeBuckets whole = {};          // likewise
  std::vector<Pool> pools;
  Balancer balancer;
  Stream order;                                   // the random discipline's choices
  Integral busy = {}, taken = {}, queue = {};     // workers at work, workers that some job has, jobs that wait
  TimelineService at_opening = {}, at_tick = {};  // integrals when the window opened, and at the last tick
  bool shared = true;                             // one queue, that of the first pool
  TokenBucket tokens = {};
  std::uint32_t births = 0;  // of replicas that are followed one by one
  ReplicaLevels levels = {};
  ReplicaLevels::Integrals levels_at_opening = {}, at_decision = {};
  WaitingLine& queue_of(std::uint32_t pool) { return pools[shared ? 0 : pool].queue; }
  /// The integrals until now: workers at work, workers held by jobs that wait for somebody else, jobs in the queue.
  [[nodiscard]] TimelineService integrals(Time now) const {
    return {.busy_ns = busy.at(now), .held_ns = taken.at(now) - busy.at(now), .queue_ns = queue.at(now)};
  }
};

}  // namespace sojourn
