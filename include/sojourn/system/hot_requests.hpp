#pragma once
// Requests, as far as every one of them goes: how they start, and how they are answered and settled. Inline, for the
// loop in simulation.cpp; what few of them need is in clients.cpp.

#include "sojourn/core/hash.hpp"
#include "sojourn/system/foreseen_visits.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/plain_jobs.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

[[gnu::always_inline]] inline void Simulation::start_request(std::uint32_t client, std::uint64_t number,
                                                             std::uint32_t user) {
  ClientState& state = clients_[client];
  const Destination& to = state.ways[state.several ? choice_of_operation(client, number) : 0];
  Visit visit;
  if (to.foreseen) {
    visit = foresee(to, state.key, number);
    if (visit.end < topology_.horizon) [[likely]] {
      book_visit(*to.station, now_, visit);
      return settle_foreseen(state, number, to, visit);
    }
  }
  const std::uint32_t index = requests_.take();
  Request& request = requests_[index];
  request.number = number;
  request.key = state.key;
  request.started = now_;
  request.last_end = now_;
  request.account = {.parent = nullptr, .request = &request, .open = 1, .needed = 1, .fulfilled = 0, .first = {}};
  request.from = &state;
  request.client = client;
  request.bucket = bucket_;
  request.tries = 0;
  request.user = user;
  request.watches = none;
  request.live = true;
  request.measured = in_window_;
  request.answered = request.notified = request.compensated = false;
  request.follows = none;
  request.followers = 0;
  request.reached = 0;
  request.self = index;
  request.operation = to.operation;
  request.path = to.path;
  if (in_window_) {
    ++state.measured->requests;
    ++measured_open_;
  }
  ++measured_.ledger.arrived;
  fingerprint_.add(now_, salt::arrived, number);
  if (bucket_ != none) ++state.rows[bucket_].started;
  if (trails_) [[unlikely]]
    begin_trail(index);
  if (to.foreseen)
    ask_late(request, to, visit);
  else if (to.plain)
    ask_plainly(request, to);
  else
    ask(index);
}

[[gnu::always_inline]] inline void Simulation::ask_plainly(Request& request, const Destination& to) {
  request.tries = 1;
  ++request.generation;
  if (request.from->armed) arm_request(request);
  Line& job = new_plain_job(to, {.visit = to.visit,
                                 .number = request.number,
                                 .request = request.self,
                                 .scope = new_scope(&request.account),
                                 .waiter = {Waiter::Kind::request, request.self, request.generation},
                                 .priority = request.from->priority,
                                 .own_scope = true});
  enter_plain_station(job);
}

[[gnu::always_inline]] inline void Simulation::client_answered(Request& request, Outcome outcome) {
  ++request.generation;
  if (trails_) [[unlikely]]
    charge_request(request.self, Blame::held);
  if (is_final(outcome) || !asks_again(request, outcome)) settle_request(request, outcome);
}

[[gnu::always_inline]] inline void Simulation::settle_request(Request& request, Outcome outcome) {
  request.answered = true;
  request.answered_at = now_;
  request.outcome = outcome;
  ++measured_.ledger.answered;
  fingerprint_.add(now_, salt::answered + static_cast<std::uint64_t>(outcome), request.number);
  if (trails_) [[unlikely]]
    watch_answer(request.self, outcome);
  if (request.follows == none) record_answer(request);
  const std::uint32_t client = request.client, user = request.user;
  ClientState& from = *request.from;
  const bool goes_on = topology_.has_follow_ups && plan_follow_up(request.self);
  leave_group(&request.account);
  if (from.users && !goes_on) {
    ++from.rounds[user];
    think(client, user);
  }
}

[[gnu::always_inline]] inline void Simulation::record_answer(const Request& request) {
  const ClientState& client = *request.from;
  if (request.measured) {
    ++client.measured->outcomes[static_cast<std::size_t>(request.outcome)];
    if (trails_) [[unlikely]]
      record_trail(request.self, false);
  }
  if (bucket_ != none) {
    ++client.rows[bucket_].answered;
    if (is_success(request.outcome)) ++client.rows[bucket_].succeeded;
  }
  if (request.bucket != none) client.rows[request.bucket].response_time.add((now_ - request.started).ns);
}

}  // namespace sojourn
