// Requests: how they start, are given up or asked again, answered, and settled.
#include <algorithm>
#include <cstddef>

#include "sojourn/core/hash.hpp"
#include "sojourn/system/salts.hpp"
#include "sojourn/system/simulation.hpp"

namespace sojourn {

void Simulation::start_clients() {
  for (std::uint32_t i = 0; i < topology_.clients.size(); ++i) {
    const CompiledClient& client = topology_.clients[i];
    if (client.arrivals)
      schedule(clients_[i].arrivals.next(), Rank::arrival, What::arrival, i);
    else
      for (std::uint32_t user = 0; user < client.users; ++user) think(i, user);
  }
}

void Simulation::arrive(std::uint32_t client) {
  ClientState& state = clients_[client];
  schedule(state.arrivals.next(), Rank::arrival, What::arrival, client);
  start_request(client, state.next_number++, 0);
}

// A user's n-th request has a number of its own, whatever the other users do: so it is the same in every variant.
void Simulation::think(std::uint32_t client, std::uint32_t user) {
  ClientState& state = clients_[client];
  const std::uint64_t number = std::uint64_t{state.rounds[user]} * topology_.clients[client].users + user;
  Draw draw(state.key, number, salt::think);
  const Duration time = topology_.clients[client].think(draw);
  const Time until = state.pace.empty() ? now_ + time : paced_end(state.pace, now_, time);
  if (until == Time::never()) return;  // nobody ever thinks to an end again
  schedule(until, Rank::arrival, What::think_ends, client, user);
}

void Simulation::start_request(std::uint32_t client, std::uint64_t number, std::uint32_t user) {
  const std::uint32_t index = requests_.take();
  Request& request = requests_[index];
  const std::uint32_t generation = request.generation;
  request = {};
  request.number = number;
  request.key = clients_[client].key;
  request.started = now_;
  request.client = client;
  request.generation = generation;
  request.user = user;
  request.measured = in_window_;
  request.live = true;
  request.group = new_group(none, index, 1);
  const CompiledClient& from = topology_.clients[client];
  std::size_t choice = 0;
  if (from.operations.size() > 1) {
    const double u = uniform(request, salt::mix_of_requests);
    const auto last = from.cumulative.begin() + static_cast<std::ptrdiff_t>(from.operations.size()) - 1;
    choice = static_cast<std::size_t>(std::lower_bound(from.cumulative.begin(), last, u) - from.cumulative.begin());
  }
  request.operation = from.operations[choice];
  if (request.measured) {
    ++measured_.clients[client].requests;
    ++measured_open_;
  }
  ++measured_.ledger.arrived;
  fingerprint_.add(now_, salt::arrived, number);
  if (const std::size_t bucket = bucket_of(now_); bucket != no_bucket)
    ++measured_.timeline.clients[client][bucket].started;
  if (trails_) begin_trail(index);
  ask(index);
}

// The way from a client to the service that it asks.
std::uint32_t Simulation::client_link(const Request& request) const {
  const CompiledClient& client = topology_.clients[request.client];
  if (request.follows != none) return client.then[request.stage].link;
  std::size_t i = 0;
  while (client.operations[i] != request.operation) ++i;
  return client.links[i];
}

void Simulation::ask(std::uint32_t index) {
  Request& request = requests_[index];
  const CompiledClient& client = topology_.clients[request.client];
  ++request.tries;
  if (trails_) charge_request(index, Blame::back_off);
  if (request.tries == 1 && client.retry && client.retry->budget) client_budgets_[request.client].count_first_attempt();
  ++request.generation;
  const std::uint64_t attempt = request.tries == 1 ? 0 : mix(salt::client_attempt, request.tries);
  const std::uint32_t job =
      new_job(request.operation, index, new_scope(request.group), topology_.operations[request.operation].site, attempt,
              client.priority, {Waiter::Kind::request, index, request.generation});
  lines_[job].own_scope = true;
  if (topology_.has_network) lines_[job].link = client_link(request);
  if (client.timeout) {
    const auto lane = static_cast<std::uint32_t>(topology_.call_sites.size()) + request.client;
    set_timeout(lane, *client.timeout, What::client_gives_up, index, request.generation);
  }
  send(job);
}

void Simulation::client_answered(std::uint32_t index, Outcome outcome) {
  Request& request = requests_[index];
  ++request.generation;
  if (trails_) charge_request(index, Blame::held);
  const CompiledClient& client = topology_.clients[request.client];
  const bool final = outcome == Outcome::succeeded || outcome == Outcome::degraded || outcome == Outcome::declined;
  if (final || !client.retry || request.tries >= client.retry->attempts || !is_tried_again(*client.retry, outcome) ||
      (client.retry->budget && !client_budgets_[request.client].allow_retry()))
    return settle_request(index, outcome);
  Draw draw(request.key, request.number, mix(salt::client_backoff, request.tries));
  const Duration wait = backoff_before(*client.retry, request.tries, draw);
  schedule(now_ + wait, Rank::timer, What::client_asks_again, index, request.generation);
}

void Simulation::settle_request(std::uint32_t index, Outcome outcome) {
  Request& request = requests_[index];
  request.answered = true;
  request.outcome = outcome;
  ++measured_.ledger.answered;
  fingerprint_.add(now_, salt::answered + static_cast<std::uint64_t>(outcome), request.number);
  if (index == watched_) {
    measured_.life.answered = now_;
    measured_.life.outcome = outcome;
  }
  if (request.follows == none) record_answer(index);
  const std::uint32_t client = request.client, user = request.user;
  const bool goes_on = topology_.has_follow_ups && plan_follow_up(index);
  leave_group(request.group);
  if (topology_.clients[client].users > 0 && !goes_on) {
    ++clients_[client].rounds[user];
    think(client, user);
  }
}

void Simulation::record_answer(std::uint32_t index) {
  const Request& request = requests_[index];
  const std::int64_t response_ns = (now_ - request.started).ns;
  const bool good = request.outcome == Outcome::succeeded || request.outcome == Outcome::degraded;
  if (request.measured) {
    ClientMeasurement& client = measured_.clients[request.client];
    ++client.outcomes[static_cast<std::size_t>(request.outcome)];
    client.response_time.add(response_ns);
    if (trails_) record_trail(index, false);
  }
  if (const std::size_t bucket = bucket_of(now_); bucket != no_bucket) {
    TimelineClient& row = measured_.timeline.clients[request.client][bucket];
    ++row.answered;
    if (good) ++row.succeeded;
  }
  if (const std::size_t bucket = bucket_of(request.started); bucket != no_bucket)
    measured_.timeline.clients[request.client][bucket].response_time.add(response_ns);
}

void Simulation::notify_client(Request& request) {
  if (request.notified) return;
  request.notified = true;
  if (watched_ != none && &request == &requests_[watched_]) measured_.life.notified = now_;
  if (request.measured) measured_.clients[request.client].notification_time.add((now_ - request.started).ns);
}

// The request is answered and nothing that it caused is left.
void Simulation::retire_request(std::uint32_t index) {
  Request& request = requests_[index];
  const bool fulfilled = groups_[request.group].fulfilled > 0 && !request.compensated;
  groups_.give_back(request.group);
  if (request.measured) {
    ClientMeasurement& client = measured_.clients[request.client];
    client.completion_time.add((request.last_end - request.started).ns);
    if (trails_) record_trail(index, true);
    if (fulfilled) ++client.fulfilled;
    const bool promised = request.outcome == Outcome::succeeded || request.outcome == Outcome::degraded;
    if (promised && !fulfilled) ++client.broken_promises;
    if (--measured_open_ == 0 && past_horizon_) stopped_ = true;
  }
  if (index == watched_) {
    measured_.life.ended = request.last_end;
    watched_ = none;
    if (options_.blame == nullptr) stopped_ = true;  // nothing else was asked for
  }
  if (request.watches != none) forget_watches(request);
  ++request.generation;
  request.live = false;
  if (request.followers == 0) requests_.give_back(index);
}

}  // namespace sojourn
