#pragma once
// Queues that grow without bound: what waits in the four quarters of the measured window, replication by replication.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sojourn/system/measurements.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// The mean number of waiting jobs or messages in each quarter of the window.
using Quarters = std::array<double, 4>;

/// Something in which jobs or messages wait.
struct WaitingPlace {
  std::string path;   ///< "services.inventory.queue_length", "topics.orders.inventory.reserve.backlog"
  std::string named;  ///< "inventory's queue", "the backlog of orders for inventory.reserve"
};

/// The services and then the subscriptions of a topology.
[[nodiscard]] std::vector<WaitingPlace> waiting_places_of(const Topology& topology);

/// What one replication saw, in the order of waiting_places_of; empty without a timeline of at least four buckets.
[[nodiscard]] std::vector<Quarters> quarters_of(const Measurements& measured);

/// How fast the queue grows, per second, when it does: when its last two steps from quarter to quarter are each at least
/// half as large as an even step would be, and the growth is beyond chance (t test over replications, one in a thousand).
/// A queue that merely settles grows less and less, one that is bounded stops. Nothing otherwise.
[[nodiscard]] std::optional<double> growth_per_second(std::span<const Quarters> replications, double window_s);

}  // namespace sojourn
