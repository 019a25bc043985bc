#pragma once
// What one replication measured. Counts, integer integrals and integer histograms only, so that merging is exact
// addition: the order of merging, and so the number of threads, cannot matter.
// Clients: of the requests that start in the window [warm-up, horizon), followed to their end.
// Services, calls, subscriptions: of everything that happens in the window, whoever caused it.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/core/integer128.hpp"
#include "sojourn/core/time.hpp"
#include "sojourn/stats/histogram.hpp"
#include "sojourn/stats/level.hpp"

namespace sojourn {

/// How a request, a call or a job ended. The first six are the outcomes of a request.
enum class Outcome : std::uint8_t { succeeded, degraded, declined, failed, refused, timed_out, open };

/// Requests of one client that start in the window.
struct ClientMeasurement {
  std::uint64_t requests = 0;               ///< started in the window
  std::array<std::uint64_t, 6> outcomes{};  ///< by Outcome, of those with a final answer; the rest is unfinished
  std::uint64_t fulfilled = 0;              ///< every step it caused was in the end done
  std::uint64_t broken_promises = 0;        ///< answered as succeeded or degraded, and in the end not fulfilled
  std::uint64_t incomplete = 0;             ///< answered, but with work or messages left when the run stopped
  std::uint64_t compensated = 0;            ///< a try was undone
  std::uint64_t follow_ups = 0;             ///< that expected something and arrived
  std::uint64_t stale = 0;                  ///< of them, those that came before it was done
  Histogram response_time;                  ///< start until the final answer, all outcomes
  Histogram completion_time;                ///< start until the last job and message it caused has ended
  Histogram notification_time;              ///< start until notify

  void merge(const ClientMeasurement& other);
};

/// Jobs of one service.
struct ServiceMeasurement {
  std::uint64_t arrivals = 0;   ///< jobs that came, refused ones included
  std::uint64_t completed = 0;  ///< jobs that ended, however
  std::uint64_t refused = 0;    ///< by a full queue, at that instant
  Histogram waiting_time;       ///< queued until the first start, of every job that started, zeros included
  Histogram sojourn_time;       ///< arrival at the service until the end of the job
  Int128 busy_ns = 0;           ///< integral of the number of jobs in work
  Int128 used_ns = 0;           ///< integral of min(jobs in work, cores), summed over replicas
  Int128 held_ns = 0;           ///< integral of workers taken by a job that waits for somebody else
  Int128 queue_ns = 0;          ///< integral of the number of waiting jobs
  Int128 up_ns = 0;             ///< integral of the number of replicas that are up
  Int128 replicas_ns = 0;       ///< integral of the number of replicas there are
  Int128 wasted_ns = 0;         ///< work for callers that had gone

  void merge(const ServiceMeasurement& other);
};

/// Calls of one operation by one service.
struct CallMeasurement {
  std::uint64_t calls = 0;
  std::uint64_t attempts = 0;   ///< requests really sent, retries included, hedged copies not
  std::uint64_t failed = 0;     ///< attempts that failed
  std::uint64_t refused = 0;    ///< attempts refused by queue, limit or bulkhead
  std::uint64_t timed_out = 0;  ///< attempts that the caller gave up
  std::uint64_t open = 0;       ///< attempts stopped by an open breaker
  std::uint64_t fallback = 0;   ///< calls that finally failed and were replaced by their fallback
  Histogram response_time;      ///< start of the call until its final result, retries included

  void merge(const CallMeasurement& other);
};

/// Messages of one topic for one subscription.
/// Over a whole run: published = handled + dead_lettered + lost + dropped + expired + refused + waiting + in hand.
struct SubscriptionMeasurement {
  std::uint64_t published = 0;
  std::uint64_t handled = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t lost = 0;
  std::uint64_t dropped = 0;
  std::uint64_t expired = 0;
  std::uint64_t refused = 0;
  std::uint64_t redelivered = 0;  ///< deliveries after the first
  std::uint64_t duplicates = 0;   ///< deliveries that happened twice
  std::uint64_t waiting = 0;      ///< at the horizon: in the topic, redelivery delays included
  std::uint64_t in_hand = 0;      ///< at the horizon: with a running handler job
  std::uint64_t backlog_max = 0;  ///< most messages that waited at once in the window
  std::uint64_t hottest = 0;      ///< messages of the partition that got the most in the window
  Int128 backlog_ns = 0;          ///< integral of the number of messages that wait
  Histogram lag;                  ///< publish until handled

  void merge(const SubscriptionMeasurement& other);
};

/// Units of one resource.
struct ResourceMeasurement {
  std::uint64_t taken = 0;    ///< units taken
  std::uint64_t refused = 0;  ///< by a full queue, or after max_wait
  Histogram waiting_time;     ///< asked for until taken, of every unit taken, zeros included
  Int128 used_ns = 0;         ///< integral of the number of units taken
  Int128 queue_ns = 0;        ///< integral of the number of lines that wait

  void merge(const ResourceMeasurement& other);
};

/// One second (or other bucket) of a run, summed over replications.
struct TimelineClient {
  std::uint64_t started = 0;        ///< requests that started in the bucket
  std::uint64_t answered = 0;       ///< final answers given in the bucket, whenever their request started
  std::uint64_t succeeded = 0;      ///< of these, succeeded or degraded
  TimelineHistogram response_time;  ///< of the requests that started in the bucket
};
struct TimelineService {
  Int128 busy_ns = 0, held_ns = 0, queue_ns = 0;  ///< integrals over the bucket
};
struct TimelineSubscription {
  std::uint64_t published = 0, handled = 0;
  Int128 backlog_ns = 0;
};

/// The whole run from 0 to the horizon in equal buckets; [entity][bucket].
struct Timeline {
  Duration bucket;  ///< 0 when not recorded
  std::vector<std::vector<TimelineClient>> clients;
  std::vector<std::vector<TimelineService>> services;
  std::vector<std::vector<TimelineSubscription>> subscriptions;

  /// Adds one of the same length; one that was not recorded adds nothing.
  void merge(const Timeline& other);
};

/// Everything of the whole run, windows disregarded: for the laws of conservation, which are exact.
struct Ledger {
  std::uint64_t arrived = 0, answered = 0, unfinished = 0;                          ///< requests
  std::uint64_t jobs_started = 0, jobs_refused = 0, jobs_ended = 0, jobs_left = 0;  ///< jobs
  std::uint64_t published = 0, handled = 0, dead_lettered = 0, lost = 0, dropped = 0, expired = 0, refused = 0;
  std::uint64_t waiting = 0, in_hand = 0;   ///< messages at the end
  std::uint64_t worker_limit_breaches = 0;  ///< must stay 0
  std::uint64_t unit_limit_breaches = 0;    ///< of resources; must stay 0

  void merge(const Ledger& other);
};

/// Second books of a service over the whole run, kept under RunOptions::audit: each by other means than what they check.
struct ServiceAudit {
  Level present{Time{}, Time::never()};  ///< jobs that have arrived and not ended
  Int128 present_ns =
      0;  ///< its integral until the horizon: by Little the sum of all sojourn times, and what refused jobs waited
  Int128 refused_ns = 0;  ///< time that refused jobs had waited
  Int128 work_ns = 0;     ///< length of every work: the integral of the busy workers
};

/// What a request's time is spent on.
enum class Blame : std::uint8_t { queue, work, held, network, back_off, delay, topic };
inline constexpr std::size_t blame_kinds = 7;

/// What the times of some requests were spent on: nanoseconds by place and reason, see blame_slot. They add up to all of
/// their time.
struct BlameSum {
  std::uint64_t requests = 0;
  std::vector<Int128> parts_ns;  ///< empty without a request

  void merge(const BlameSum& other);
};

/// Of the measured requests of a client: all of them, and those about its p99.
struct ClientBlame {
  BlameSum response, response_tail, completion, completion_tail;

  void merge(const ClientBlame& other);
};

/// Which times are about the p99, in nanoseconds, for each client.
struct BlameWindows {
  struct Span {
    std::int64_t low_ns = 0, high_ns = -1;
  };
  std::vector<Span> response, completion;
};

/// A stretch of one request's life: what it was spent on, and where; see blame_slot. Branches run side by side.
struct LifeSpan {
  std::uint32_t slot = 0;
  Time begin, end;
};

/// The life of the request that RunOptions::watch names.
struct RequestLife {
  bool seen = false;  ///< whether there was such a request
  std::uint64_t number = 0;
  Time started;
  std::optional<Time> answered, notified, ended;  ///< nothing where that never happened
  Outcome outcome = Outcome::succeeded;           ///< of the answer
  std::vector<LifeSpan> spans;                    ///< in the order in which they ended
};

/// All that one replication measured; vectors follow the order of the topology's lists.
struct Measurements {
  Time warmup;
  Time horizon;
  std::uint64_t replications = 1;  ///< how many were merged into this
  std::uint64_t fingerprint = 0;   ///< a sum over the trajectory; see kernel/fingerprint.hpp
  std::uint64_t events = 0;        ///< timed events that fired
  std::vector<ClientMeasurement> clients;
  std::vector<ServiceMeasurement> services;
  std::vector<CallMeasurement> calls;
  std::vector<SubscriptionMeasurement> subscriptions;
  std::vector<ResourceMeasurement> resources;
  std::string stopped;  ///< why a guard ended the run early; its numbers are then to be discarded
  Timeline timeline;
  Ledger ledger;
  std::vector<ServiceAudit> audits;  ///< of the services; empty without an audit
  std::vector<ClientBlame> blames;   ///< of the clients; empty when not asked for
  RequestLife life;                  ///< of the request that was watched, if any; not merged

  /// Adds another replication of the same topology.
  void merge(const Measurements& other);
  /// The measured span of one replication, in nanoseconds.
  [[nodiscard]] double window_ns() const { return static_cast<double>((horizon - warmup).ns); }
};

}  // namespace sojourn
