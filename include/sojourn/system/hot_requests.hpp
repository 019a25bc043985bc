#pragma once
// Requests, as far as every one of them goes: how they start, and how they are answered, settled and retired. Inline, for the
// loop in simulation.cpp; what few of them need is in clients.cpp.

#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/plain_jobs.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

inline void Simulation::start_request(std::uint32_t client, std::uint64_t number, std::uint32_t user) {
  const std::uint32_t index = requests_.take();
  Request& request = requests_[index];
  const ClientState& state = clients_[client];
  const CompiledClient& from = topology_.clients[client];
  const std::uint32_t generation = request.generation;
  request = {};
  request.number = number;
  request.key = state.key;
  request.started = now_;
  request.client = client;
  request.generation = generation;
  request.user = user;
  request.bucket = bucket_;
  request.measured = in_window_;
  request.live = true;
  request.group = new_group(nullptr, index, 1);
  const std::size_t choice = from.operations.size() > 1 ? choice_of_operation(request) : 0;
  const Destination& to = state.ways[choice];
  request.operation = to.operation;
  request.path = to.path;
  if (in_window_) {
    ++measured_.clients[client].requests;
    ++measured_open_;
  }
  ++measured_.ledger.arrived;
  fingerprint_.add(now_, salt::arrived, number);
  if (bucket_ != none) ++state.rows[bucket_].started;
  if (trails_) [[unlikely]]
    begin_trail(index);
  if (to.plain)
    ask_plainly(index, request, from, to);
  else
    ask(index);
}

[[gnu::always_inline]] inline void Simulation::ask_plainly(std::uint32_t index, Request& request,
                                                           const CompiledClient& client, const Destination& to) {
  request.tries = 1;
  ++request.generation;
  if (client.retry && client.retry->budget) client_budgets_[request.client].count_first_attempt();
  Line& job = new_plain_job(to, {.visit = topology_.operations[to.operation].site,
                                               .number = request.number,
                                               .request = index,
                                               .scope = new_scope(request.group),
                                               .waiter = {Waiter::Kind::request, index, request.generation},
                                               .priority = client.priority,
                                               .own_scope = true});
  if (client.timeout) {
    const auto lane = static_cast<std::uint32_t>(topology_.call_sites.size()) + request.client;
    set_timeout(lane, *client.timeout, What::client_gives_up, index, request.generation);
  }
  enter_plain_station(job);
}

inline void Simulation::client_answered(std::uint32_t index, Outcome outcome) {
  Request& request = requests_[index];
  ++request.generation;
  if (trails_) [[unlikely]]
    charge_request(index, Blame::held);
  if (is_final(outcome) || !asks_again(index, outcome)) settle_request(index, outcome);
}

inline void Simulation::settle_request(std::uint32_t index, Outcome outcome) {
  Request& request = requests_[index];
  request.answered = true;
  request.outcome = outcome;
  ++measured_.ledger.answered;
  fingerprint_.add(now_, salt::answered + static_cast<std::uint64_t>(outcome), request.number);
  if (trails_) [[unlikely]]
    watch_answer(index, outcome);
  if (request.follows == none) record_answer(request, index);
  const std::uint32_t client = request.client, user = request.user;
  const bool goes_on = topology_.has_follow_ups && plan_follow_up(index);
  leave_group(request.group);
  if (topology_.clients[client].users > 0 && !goes_on) {
    ++clients_[client].rounds[user];
    think(client, user);
  }
}

inline void Simulation::record_answer(const Request& request, std::uint32_t index) {
  const std::int64_t response_ns = (now_ - request.started).ns;
  if (request.measured) {
    ClientMeasurement& client = measured_.clients[request.client];
    ++client.outcomes[static_cast<std::size_t>(request.outcome)];
    client.response_time.add(response_ns);
    if (trails_) [[unlikely]]
      record_trail(index, false);
  }
  TimelineClient* const rows = clients_[request.client].rows;
  if (bucket_ != none) {
    ++rows[bucket_].answered;
    if (is_success(request.outcome)) ++rows[bucket_].succeeded;
  }
  if (request.bucket != none) rows[request.bucket].response_time.add(response_ns);
}

// The request is answered and nothing that it caused is left.
inline void Simulation::retire_request(std::uint32_t index) {
  Request& request = requests_[index];
  const bool fulfilled = request.group->fulfilled > 0 && !request.compensated;
  groups_.give_back(request.group);
  if (request.measured) {
    ClientMeasurement& client = measured_.clients[request.client];
    client.completion_time.add((request.last_end - request.started).ns);
    if (trails_) [[unlikely]]
      record_trail(index, true);
    if (fulfilled)
      ++client.fulfilled;
    else if (is_success(request.outcome))
      ++client.broken_promises;
    if (--measured_open_ == 0 && past_horizon_) stopped_ = true;
  }
  if (trails_) [[unlikely]]
    watch_end(index);
  if (request.watches != none) forget_watches(request);
  ++request.generation;
  request.live = false;
  if (request.followers == 0) requests_.give_back(index);
}

}  // namespace sojourn
