#pragma once
// Queues that grow without bound: what waits in the four quarters of the measured window, replication by replication. Where
// no queue is in sight, because cores are shared, a resource or a full topic is waited for, more and more is in flight.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sojourn/system/measurements.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// The mean number of waiting jobs or messages in each quarter of the window.
using Quarters = std::array<double, 4>;

/// What is counted at a place: jobs or messages that wait; all jobs in a service; requests that have no answer yet.
enum class Counted : std::uint8_t { queued, jobs, requests };

/// Something in which jobs or messages wait.
struct WaitingPlace {
  std::string path;   ///< "services.inventory.queue_length", "topics.orders.inventory.reserve.backlog"
  std::string named;  ///< "inventory's queue", "the backlog of orders for inventory.reserve"
  Counted kind = Counted::queued;
};

/// The queues of services, the backlogs of subscriptions, the jobs in services, the requests of clients.
[[nodiscard]] std::vector<WaitingPlace> waiting_places_of(const Topology& topology);

/// What one replication saw, in the order of waiting_places_of; empty without a timeline of at least four buckets. Of jobs
/// and requests without what a higher rate of requests than in the first quarter explains (Little's law).
[[nodiscard]] std::vector<Quarters> quarters_of(const Measurements& measured);

/// How fast the queue grows, per second, when it does: when its last two steps from quarter to quarter are each at least
/// half as large as an even step would be, and the growth is beyond chance (t test over replications, one in a thousand).
/// A queue that merely settles grows less and less, one that is bounded stops. Nothing otherwise. Where it is foreseen that
/// more is asked for than there is, the steps need no test: a single replication shows what it does.
[[nodiscard]] std::optional<double> growth_per_second(std::span<const Quarters> replications, double window_s,
                                                      bool foreseen = false);

}  // namespace sojourn
