// Requests: how they start, are given up or asked again, answered, and settled.
#include <algorithm>
#include <cstddef>

#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_requests.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

void Simulation::start_clients() {
  for (std::uint32_t i = 0; i < topology_.clients.size(); ++i) {
    const CompiledClient& client = topology_.clients[i];
    for (const std::uint32_t operation : client.operations)
      clients_[i].add_way(places_.way_to(operation, topology_.operations[operation].site));
    if (client.arrivals)
      schedule(clients_[i].arrivals.next(), Rank::arrival, What::arrival, i);
    else
      for (std::uint32_t user = 0; user < client.users; ++user) think(i, user);
  }
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

// Which of several operations the request asks for.
std::size_t Simulation::choice_of_operation(std::uint32_t client, std::uint64_t number) const {
  const CompiledClient& from = topology_.clients[client];
  const double u = Draw(clients_[client].key, number, salt::mix_of_requests).uniform();
  const auto last = from.cumulative.begin() + static_cast<std::ptrdiff_t>(from.operations.size()) - 1;
  return static_cast<std::size_t>(std::lower_bound(from.cumulative.begin(), last, u) - from.cumulative.begin());
}

// The way from a client to the service that it asks.
std::uint32_t Simulation::client_link(const Request& request) const {
  const CompiledClient& client = topology_.clients[request.client];
  if (request.follows != none) return client.then[request.stage].link;
  std::size_t i = 0;
  while (client.operations[i] != request.operation) ++i;
  return client.links[i];
}

// What the first attempt of a request starts beside its job: a timeout, and what a budget counts.
void Simulation::arm_request(const Request& request) {
  const CompiledClient& client = topology_.clients[request.client];
  if (client.retry && client.retry->budget) client_budgets_[request.client].count_first_attempt();
  if (!client.timeout) return;
  const auto lane = static_cast<std::uint32_t>(topology_.call_sites.size()) + request.client;
  set_timeout(lane, *client.timeout, What::client_gives_up, request.self, request.generation);
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
      new_job(request.operation, index, new_scope(&request.account), topology_.operations[request.operation].site,
              attempt, client.priority, {Waiter::Kind::request, index, request.generation});
  if (request.tries == 1) take_path(lines_[job], request.path);
  lines_[job].own_scope = true;
  if (topology_.has_network) lines_[job].link = client_link(request);
  if (client.timeout) {
    const auto lane = static_cast<std::uint32_t>(topology_.call_sites.size()) + request.client;
    set_timeout(lane, *client.timeout, What::client_gives_up, index, request.generation);
  }
  send(job);
}

// Whether the client tries once more, after a while.
bool Simulation::asks_again(const Request& request, Outcome outcome) {
  const CompiledClient& client = topology_.clients[request.client];
  if (!client.retry || request.tries >= client.retry->attempts || !is_tried_again(*client.retry, outcome) ||
      (client.retry->budget && !client_budgets_[request.client].allow_retry()))
    return false;
  Draw draw(request.key, request.number, mix(salt::client_backoff, request.tries));
  const Duration wait = backoff_before(*client.retry, request.tries, draw);
  schedule(now_ + wait, Rank::timer, What::client_asks_again, request.self, request.generation);
  return true;
}

void Simulation::notify_client(Request& request) {
  if (request.notified) return;
  request.notified = true;
  if (watched_ != none && &request == &requests_[watched_]) measured_.life.notified = now_;
  if (request.measured) measured_.clients[request.client].notification_time.add((now_ - request.started).ns);
}

}  // namespace sojourn
