// Follow-ups: requests that come after an answer, and see whether what they expect has been done by then.
#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/milestones.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

// A request, or a follow-up of it, is answered: the next follow-up is thought of. Gives whether there is one.
bool Simulation::plan_follow_up(std::uint32_t index) {
  const Request& request = requests_[index];
  const CompiledClient& client = topology_.clients[request.client];
  const std::uint32_t stage = request.follows == none ? 0 : request.stage + 1U;
  const std::uint32_t first = request.follows == none ? index : request.follows;
  if (stage >= client.then.size()) {
    if (request.follows != none) leave_first(first);
    return false;
  }
  if (request.follows == none) ++requests_[first].followers;
  Draw draw(request.key, request.number, salt::follow_up + 2 * stage);
  schedule(now_ + client.then[stage].think(draw), Rank::arrival, What::follow_up, first, stage);
  return true;
}

void Simulation::start_follow_up(std::uint32_t first, std::uint32_t stage) {
  const std::uint32_t index = requests_.take();
  const Request& original = requests_[first];
  Request& request = requests_[index];
  const std::uint32_t generation = request.generation;
  request = {};
  request.number = original.number;
  request.key = mix(original.key, salt::follow_up + 2 * stage + 1);
  request.started = now_;
  request.client = original.client;
  request.from = original.from;
  request.generation = generation;
  request.user = original.user;
  request.live = true;
  request.follows = first;
  request.stage = static_cast<std::uint8_t>(stage);
  request.self = index;
  request.account.request = &request;
  request.account.open = 1;
  request.operation = topology_.clients[original.client].then[stage].operation;
  ++measured_.ledger.arrived;
  fingerprint_.add(now_, salt::arrived + 1, request.number);
  ask(index);
}

// A follow-up has come to its service: is what it expects done?
void Simulation::note_follow_up(const Request& request) {
  const std::uint64_t expected = topology_.clients[request.client].then[request.stage].expected;
  if (request.answered || request.tries > 1) return;  // given up, or seen before: the first request may be gone
  const Request& first = requests_[request.follows];
  if (expected == 0 || !first.measured) return;
  ClientMeasurement& client = measured_.clients[request.client];
  ++client.follow_ups;
  if ((first.reached & expected) == 0) ++client.stale;
}

// No follow-up looks at it any more.
void Simulation::leave_first(std::uint32_t first) {
  Request& request = requests_[first];
  --request.followers;
  if (!request.live) requests_.give_back(first);
}

}  // namespace sojourn
