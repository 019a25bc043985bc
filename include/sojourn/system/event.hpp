#pragma once
// The events of a run, as they stand in the calendar.

#include <cstdint>

namespace sojourn {

/// What fires.
enum class What : std::uint8_t {
  window_opens,
  window_closes,
  tick,
  drain_ends,
  replica_advances,
  replica_turns,
  replica_ready,
  scaling_decides,
  incident_begins,
  incident_ends,
  arrival,
  think_ends,
  lane,
  client_gives_up,
  client_asks_again,
  work_ends,
  plain_work_ends,
  late_visit_ends,
  delay_ends,
  caller_gives_up,
  caller_asks_again,
  await_gives_up,
  copy_is_due,
  call_arrives,
  call_fails,
  follow_up,
  answer_arrives,
  message_arrives,
  message_available,
  message_again,
  publish_confirmed,
  publish_refused,
  confirm_times_out,
  batch_is_due,
  consumer_looks,
  broker_turns
};

struct Line;

/// Something planned: what, about whom, and, where it may come too late, for which of his waits.
struct Event {
  What what = What::tick;
  std::uint32_t generation = 0;
  union {
    std::uint32_t index = 0;
    Line* line;  ///< of plain_work_ends
  };

  Event() = default;
  Event(What kind, std::uint32_t whom, std::uint32_t wait) : what(kind), generation(wait), index(whom) {}
  Event(What kind, Line& whom) : what(kind), line(&whom) {}
};

}  // namespace sojourn
