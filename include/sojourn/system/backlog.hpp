#pragma once
// What a run keeps about topics: the broker's state, and for every subscription the messages that wait for a consumer.

#include <cstdint>
#include <optional>
#include <vector>

#include "sojourn/core/time.hpp"
#include "sojourn/messaging/polling.hpp"
#include "sojourn/model/failures.hpp"
#include "sojourn/queueing/waiting_line.hpp"
#include "sojourn/random/stream.hpp"
#include "sojourn/stats/level.hpp"
#include "sojourn/system/foresight.hpp"
#include "sojourn/system/measurements.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// One partition for one subscription: its messages in the order in which the broker took them. Those whose handling failed
/// stand at its head again, and nothing passes them.
struct Partition {
  std::uint32_t first = none, last = none;
  std::uint32_t available = 0;                    ///< of them, those that a consumer could take if it were their turn
  bool busy = false;                              ///< a job handles some of its messages
  std::uint64_t ready_order = ~std::uint64_t{0};  ///< of the first message for which it stands among the ready ones
  Time armed = Time::never();                     ///< when a batch that is not full will start
  std::uint64_t published = 0;                    ///< in the window
};

/// A partition that a consumer could take from. It may be out of date: then its first message is another one by now.
struct ReadyPartition {
  std::int32_t priority = 0;
  std::uint64_t order = 0;  ///< of its first message
  std::uint32_t partition = 0;
  /// Whether it comes after the other.
  bool operator<(const ReadyPartition& other) const {
    return priority != other.priority ? priority < other.priority : order > other.order;
  }
};

/// Marks, among indices of messages, that of a job which stands for its message from the start (plain_messages.hpp).
inline constexpr std::uint32_t early_job = std::uint32_t{1} << 31;

/// The messages of one subscription.
struct Backlog {
  WaitingLine available;      // messages that a consumer could take; with partitions they stand there instead
  Stream order;               // unused by these disciplines, demanded by the line
  Ring blocked = {};          // messages whose publishers wait for room
  Ring outbox = {};           // messages that wait at their publishers, who do not
  std::uint32_t stored = 0;   // wait and count against the capacity
  std::uint32_t delayed = 0;  // wait for their redelivery
  std::uint32_t in_hand = 0;  // with a handler job
  std::uint32_t jobs = 0;     // handler jobs; in a batch there are more messages than jobs
  bool stopped = false;       // the broker is down: nothing is delivered
  bool held = false;          // the operation that handles its messages is down
  bool admitting = false;     // those who wait for room are being let in
  bool looking = false;       // polling consumers look just now
  bool by_priority = false;
  Time armed = Time::never();       // when a batch that is not full will start
  Time look_at = Time::never();     // the next look of a polling consumer that is in the calendar
  Time looked_at = Time::never();   // the last one
  PollingConsumers consumers = {};  // where they poll
  std::vector<Partition> partitions = {};
  std::vector<ReadyPartition> ready = {};      // a heap
  std::uint32_t oldest = none, newest = none;  // with partitions: all available ones, by when they became so
  Level waiting{Time{}, Time::never()};
  SubscriptionMeasurement* measured = nullptr;
  ServiceMeasurement* service = nullptr;           // of the one that handles its messages
  TimelineSubscription* rows = nullptr;            // of its timeline, by bucket
  Instants starts = {};                            // of messages that wait, where visits are foreseen
  Int128 waiting_at_opening = 0;                   // its integral when the window opened
  TimelineSubscription so_far = {}, at_tick = {};  // published and handled in the whole run; and all at the last tick
};

/// The broker of one topic.
struct Broker {
  Stream clock;           // of its failures
  bool failed = false;    // by itself
  bool troubled = false;  // it does not take every message that comes
  std::optional<DownMode> down = {};
  Ring held = {};  // messages that go on when it is up again
};

}  // namespace sojourn
