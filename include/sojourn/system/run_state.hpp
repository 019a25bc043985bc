#pragma once
// Everything that a run keeps and changes: the calendar, what is in flight, the state of services, topics and clients, and the
// measurements so far. What changes it is in simulation.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/kernel/arena.hpp"
#include "sojourn/kernel/calendar.hpp"
#include "sojourn/kernel/fingerprint.hpp"
#include "sojourn/kernel/free_list.hpp"
#include "sojourn/kernel/lane.hpp"
#include "sojourn/kernel/ready_list.hpp"
#include "sojourn/queueing/waiting_line.hpp"
#include "sojourn/random/draw.hpp"
#include "sojourn/random/stream.hpp"
#include "sojourn/system/backlog.hpp"
#include "sojourn/system/client_state.hpp"
#include "sojourn/system/conditions.hpp"
#include "sojourn/system/event.hpp"
#include "sojourn/system/frames.hpp"
#include "sojourn/system/guards.hpp"
#include "sojourn/system/measurements.hpp"
#include "sojourn/system/milestones.hpp"
#include "sojourn/system/places.hpp"
#include "sojourn/system/resources.hpp"
#include "sojourn/system/run.hpp"
#include "sojourn/system/station.hpp"
#include "sojourn/system/topology.hpp"
#include "sojourn/system/trails.hpp"

namespace sojourn {

/// The state of one run.
class RunState {
 protected:
  RunState(const Topology& topology, const RunOptions& options);

  [[nodiscard]] Station new_station(const CompiledService& service) const;
  [[nodiscard]] Backlog new_backlog(const CompiledSubscription& subscription) const;
  [[nodiscard]] ClientState new_client(const CompiledClient& client) const;
  void keep_trails();

  const Topology& topology_;
  const RunOptions options_;
  Time now_;
  Calendar<Event> calendar_;
  Fingerprint fingerprint_;
  std::vector<Lane<Event>> lanes_;  // of the calls with a timeout, then of the clients
  ReadyList<Line> ready_;
  Arena<Line> lines_;
  Arena<Frame> frames_;
  Arena<Claim> claims_;
  Arena<Watch> watches_;
  Arena<Fork> forks_;
  FreeList<Scope> scopes_;
  FreeList<Group> groups_;
  Arena<Request> requests_;
  Arena<Message> messages_;
  Arena<Parcel> parcels_;
  Arena<Attempt> attempts_;
  std::vector<CallGuards> guards_;  // by calling service and operation
  std::vector<RetryBudget> client_budgets_;
  std::vector<Station> stations_;
  std::vector<Backlog> backlogs_;
  std::vector<Stock> stocks_;  // of resources
  std::vector<Broker> brokers_;
  std::vector<ClientState> clients_;
  Places places_;
  std::uint64_t run_key_ = 0;
  bool has_strikes_ = false;       // some incident makes jobs fail at their end
  std::vector<double> slowdowns_;  // by operation: what its work in progress has been scaled by
  std::vector<Conditions> service_conditions_, operation_conditions_, topic_conditions_, link_conditions_,
      client_conditions_;
  std::uint64_t available_order_ = 0;
  std::uint64_t accepted_order_ = 0;  // of messages with partitions
  std::uint64_t measured_open_ = 0;   // measured requests that have not ended
  std::uint64_t gone_ = 0;            // callers that gave up, so far
  bool in_window_ = false;
  bool past_horizon_ = false;
  bool stopped_ = false;
  bool ended_ = false;  // because all measured requests have
  RunawayGuard runaway_;
  Time next_deadlock_check_;
  bool after_timers_ = false;  // the event that fires comes after the timers of its instant; known where somebody polls
  std::uint32_t ticks_ = 0;    // buckets of the timeline that have ended
  std::uint32_t bucket_ = none;  // the one of this instant; none where the timeline has none
  Time bucket_end_;
  std::uint64_t foreseen_ = 0;  // ends that were written down without an event
  std::optional<Trails> trails_;
  std::uint32_t watched_ = none;  // the request whose life is told, while it lasts
  Measurements measured_;
};

}  // namespace sojourn
