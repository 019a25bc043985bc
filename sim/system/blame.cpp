// Where trails are kept up: how a job takes up its caller's, what a wait is charged to, and what is recorded in the end.
#include "sojourn/system/simulation.hpp"

namespace sojourn {

std::uint32_t Simulation::blame_slot_of(const Line& line, Blame why) {
  return blame_slot(trails_->service(main_of(line).service), why);
}

void Simulation::charge(Trail& trail, std::uint32_t slot) {
  if (watched_ != none && trail.request == watched_ && now_ > trail.until && requests_[watched_].started == trail.began)
    measured_.life.spans.push_back({slot, trail.until, now_});
  trail.charge(slot, now_);
}

// The request whose life is told, if this is the one.
void Simulation::watch(std::uint32_t index) {
  const Request& request = requests_[index];
  if (options_.watch == nullptr || measured_.life.seen || request.client != options_.watch->client) return;
  if (options_.watch->number ? request.number != *options_.watch->number : !request.measured) return;
  watched_ = index;
  measured_.life = {.seen = true,
                    .number = request.number,
                    .started = now_,
                    .answered = {},
                    .notified = {},
                    .ended = {},
                    .outcome = Outcome::succeeded,
                    .spans = {}};
}

void Simulation::watch_answer(std::uint32_t index, Outcome outcome) {
  if (index != watched_) return;
  measured_.life.answered = now_;
  measured_.life.outcome = outcome;
}

void Simulation::watch_end(std::uint32_t index) {
  if (index != watched_) return;
  measured_.life.ended = requests_[index].last_end;
  watched_ = none;
  if (options_.blame == nullptr) stopped_ = true;  // nothing else was asked for
}

void Simulation::charge_line(std::uint32_t index, Blame why) {
  charge(trails_->line(index), blame_slot_of(lines_[index], why));
}

void Simulation::charge_request(std::uint32_t index, Blame why) {
  const Request& request = requests_[index];
  const std::uint32_t place = why == Blame::back_off
                                  ? trails_->client(request.client)
                                  : trails_->service(topology_.operations[request.operation].service);
  charge(trails_->request(index), blame_slot(place, why));
}

void Simulation::charge_message(std::uint32_t index, Blame why) {
  const std::uint32_t topic = topology_.subscriptions[messages_[index].subscription].topic;
  charge(trails_->message(index), blame_slot(trails_->topic(topic), why));
}

// A line that waited for a broker to take what it published.
void Simulation::charge_publish(std::uint32_t index) {
  const std::uint32_t topic = topology_.publishes[topology_.code[lines_[index].pc - 1].index].topic;
  charge(trails_->line(index), blame_slot(trails_->topic(topic), Blame::topic));
}

// A line that waited for the callee of the call it stands at.
void Simulation::charge_call(std::uint32_t index, Blame why) {
  const CompiledCall& call = topology_.call_sites[topology_.code[lines_[index].pc - 1].index];
  const std::uint32_t service = topology_.operations[call.operation].service;
  charge(trails_->line(index), blame_slot(trails_->service(service), why));
}

void Simulation::begin_trail(std::uint32_t request) {
  trails_->request(request) = {.request = request, .began = now_, .until = now_, .parts = {}};
  trails_->ended_request(request) = {};
  watch(request);
}

// A job goes on from where its cause stands. A further copy of a call has waited for its time.
void Simulation::begin_job_trail(std::uint32_t index) {
  const Line& job = lines_[index];
  Trail trail;
  switch (job.waiter.kind) {
    case Waiter::Kind::request: trail = trails_->request(job.waiter.index); break;
    case Waiter::Kind::message: trail = trails_->message(job.waiter.index); break;
    case Waiter::Kind::line:
      trail = trails_->line(job.waiter.index);
      charge(trail, blame_slot_of(lines_[job.waiter.index], Blame::back_off));
      break;
    case Waiter::Kind::nobody: return;
  }
  trails_->line(index) = std::move(trail);
}

void Simulation::begin_message_trail(std::uint32_t index, const Origin& origin) {
  if (origin.message == none) {
    trails_->message(index) = Trail(trails_->line(origin.line));
    return;
  }
  Trail trail = trails_->message(origin.message);
  charge(trail, blame_slot_of(lines_[origin.line], Blame::work));
  trails_->message(index) = std::move(trail);
}

// The messages of a batch beside the first were in its hand all the time.
void Simulation::handle_trail(std::uint32_t message, const Line& main) {
  if (messages_[message].scope == nullptr)
    trails_->message(message) = Trail(trails_->line(main.main));
  else
    charge(trails_->message(message), blame_slot_of(main, Blame::work));
}

// Whoever hears the answer goes on from where the one who gave it stood; the way back is the network's.
void Simulation::hear_trail(const Waiter& to) {
  std::optional<Trail> passed = trails_->take_passed();
  if (!passed) return;
  if (to.kind == Waiter::Kind::line && lines_[to.index].generation == to.generation) {
    trails_->line(to.index) = std::move(*passed);
    charge_call(to.index, Blame::network);
  } else if (to.kind == Waiter::Kind::request && requests_[to.index].generation == to.generation) {
    trails_->request(to.index) = std::move(*passed);
    charge_request(to.index, Blame::network);
  }
}

// The last of all that the request caused so far has ended.
void Simulation::end_trail(std::uint32_t index) {
  const Request& request = requests_[index];
  Trail trail = trails_->ended();
  if (trail.request != index || trail.began != request.started || trail.until > now_) trail = trails_->request(index);
  charge(trail, blame_slot(trails_->service(topology_.operations[request.operation].service), Blame::held));
  trails_->ended_request(index) = std::move(trail);
}

void Simulation::record_trail(std::uint32_t index, bool completion) {
  if (options_.blame == nullptr) return;  // a life alone is told
  const std::uint32_t client = requests_[index].client;
  if (completion)
    trails_->record_completion(measured_.blames[client], client, trails_->ended_request(index));
  else
    trails_->record_response(measured_.blames[client], client, trails_->request(index));
}

void Simulation::end_with(std::uint32_t line) {
  if (trails_) trails_->end_with(trails_->line(line));
}

}  // namespace sojourn
