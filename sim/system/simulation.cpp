#include "sojourn/system/simulation.hpp"

#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_requests.hpp"
#include "sojourn/system/plain_messages.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {
void Simulation::schedule(Time at, Rank rank, What what, std::uint32_t index, std::uint32_t generation) {
  calendar_.schedule(at, rank, Event{what, index, generation});
}

// Timeouts of one call site or client have one length: only the first of them stands in the calendar.
void Simulation::set_timeout(std::uint32_t index, Duration timeout, What what, std::uint32_t whose,
                             std::uint32_t generation) {
  Lane<Event>& lane = lanes_[index];
  const Lane<Event>::Timer timer{now_ + timeout, calendar_.reserve(), {what, whose, generation}};
  lane.push(timer);
  if (lane.is_posted()) return;
  lane.post();
  calendar_.schedule_as(timer.sequence, timer.at, Rank::timer, Event(What::lane, index, 0));
}

bool Simulation::is_awaited(const Event& event) const {
  return event.what == What::client_gives_up ? requests_[event.index].generation == event.generation
                                             : lines_[event.index].generation == event.generation;
}

void Simulation::lane_ends(std::uint32_t index) {
  Lane<Event>& lane = lanes_[index];
  const Event event = lane.pop().payload;
  while (!lane.empty() && !is_awaited(lane.front().payload)) lane.pop();
  if (lane.empty())
    lane.unpost();
  else
    calendar_.schedule_as(lane.front().sequence, lane.front().at, Rank::timer, Event(What::lane, index, 0));
  fire(event);
}

// Runs what was unblocked, in the order in which it was unblocked.
[[gnu::always_inline]] inline void Simulation::go_on() {
  while (Line* const line = ready_.pop_front()) {
    if (line->plain) [[likely]]
      run_plain_line(line);
    else
      run_line(line->self);
  }
}

// A run that ends with its measured requests ends with all that ends at that instant, in whatever order it was scheduled.
void Simulation::finish_instant() {
  while (ended_ && measured_.stopped.empty() && calendar_.has_end_at(now_)) {
    const Event event = calendar_.fire(now_);
    if (runaway_.fired(now_)) return stop(runaway_.reason(topology_));
    if (event.what == What::plain_work_ends)
      plain_work_ends(*event.line);
    else
      fire(event);
    work_off();
  }
}

Measurements Simulation::run() {
  prepare_measurements();
  plan_incidents();
  start_replicas();
  plan_broker_failures();
  start_clients();
  while (!stopped_) {
    if ((calendar_.fired() & 0x3fff) == 0) {
      if (options_.interrupted != nullptr && options_.interrupted->load(std::memory_order_relaxed)) break;
      check_guards();
      if (stopped_) break;
    }
    const Event& fired = calendar_.fire(now_);
    if (runaway_.fired(now_)) {
      stop(runaway_.reason(topology_));
      break;
    }
    if (fired.what == What::plain_work_ends) {
      Line& line = *fired.line;
      after_timers_ = false;
      plain_work_ends(line);
    } else if (fired.what == What::arrival) {
      const std::uint32_t index = fired.index;
      ClientState& client = clients_[index];
      after_timers_ = true;
      calendar_.schedule(client.arrivals.next(), Rank::arrival, Event{What::arrival, index, 0});
      start_request(index, client.next_number++, 0);
    } else {
      const Event event = fired;
      if (topology_.polls) after_timers_ = comes_after_timers(event.what);
      fire(event);
    }
    go_on();
  }
  finish_instant();
  close_books();
  return std::move(measured_);
}

void Simulation::work_off() { go_on(); }

void Simulation::fire(const Event& event) {
  const std::uint32_t index = event.index;
  switch (event.what) {
    case What::work_ends: return work_ended(index);
    case What::think_ends: {
      const ClientState& client = clients_[index];
      const std::uint32_t users = topology_.clients[index].users;
      return start_request(index, std::uint64_t{client.rounds[event.generation]} * users + event.generation,
                           event.generation);
    }
    case What::lane: return lane_ends(index);
    case What::late_visit_ends: return late_visit_ends(index);
    case What::call_arrives: return enter_station(index);
    case What::call_fails: return call_fails(index);
    case What::follow_up: return start_follow_up(index, event.generation);
    case What::answer_arrives: {
      const Parcel parcel = parcels_[index];
      if (trails_) trails_->pass_from(index);
      parcels_.give_back(index);
      return deliver_answer(parcel.to, parcel.outcome);
    }
    case What::delay_ends:
      if (lines_[index].generation != event.generation) return;
      blame(index, Blame::delay);
      return resume(index);
    case What::caller_gives_up:
      if (lines_[index].generation != event.generation) return;
      ++gone_;
      return call_answered(index, Outcome::timed_out);
    case What::copy_is_due:
      if (lines_[index].generation == event.generation) send_copy(index, topology_.code[lines_[index].pc - 1]);
      return;
    case What::caller_asks_again:
      if (lines_[index].generation == event.generation) attempt_call(index);
      return;
    case What::await_gives_up:
      if (lines_[index].generation == event.generation) await_gives_up(index);
      return;
    case What::client_gives_up:
      if (requests_[index].generation != event.generation) return;
      ++gone_;
      return client_answered(requests_[index], Outcome::timed_out);
    case What::client_asks_again:
      if (requests_[index].generation == event.generation) ask(index);
      return;
    default: return fire_other(event);
  }
}

// Events of topics, replicas, incidents and windows.
void Simulation::fire_other(const Event& event) {
  const std::uint32_t index = event.index;
  switch (event.what) {
    case What::message_arrives: return message_arrives(index);
    case What::message_available: return make_available(index);
    case What::message_again: return message_again(index);
    case What::replica_advances: return replica_advances(index, event.generation);
    case What::replica_turns: return replica_turns(index, event.generation);
    case What::replica_ready: return replica_ready(index, event.generation);
    case What::scaling_decides: return scaling_decides(index);
    case What::publish_confirmed:
      if (lines_[index].generation == event.generation) publish_answered(index, true);
      return;
    case What::publish_refused:
    case What::confirm_times_out:
      if (lines_[index].generation == event.generation) publish_answered(index, false);
      return;
    case What::batch_is_due: return batch_is_due(index, event.generation);
    case What::consumer_looks: return consumers_look(index);
    case What::broker_turns: return broker_turns(index);
    case What::incident_begins: return incident_turns(index, true);
    case What::incident_ends: return incident_turns(index, false);
    case What::window_opens: return open_window();
    case What::window_closes: return close_window();
    case What::tick: return tick();
    case What::drain_ends:
      if (measured_open_ > 0 && topology_.may_deadlock) check_deadlock();
      stopped_ = true;
      return;
    default: return;  // fire() has taken it
  }
}

Measurements run(const Topology& topology, const RunOptions& options) { return Simulation(topology, options).run(); }

}  // namespace sojourn
