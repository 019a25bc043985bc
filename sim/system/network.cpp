// Hops: how long they take, and what becomes of what is sent.
#include <algorithm>

#include "sojourn/core/hash.hpp"
#include "sojourn/system/hot_accounts.hpp"
#include "sojourn/system/salts.hpp"

namespace sojourn {

// One hop over a link, to or from a job of an operation (none for messages on their way to a topic).
Hop Simulation::cross(std::uint32_t index, std::uint32_t operation, const Request& request, std::uint64_t site) const {
  const CompiledLink& link = topology_.links[index];
  Hop hop{.time = sample(link.latency, request, site), .passage = Passage::passes};
  double loss = link.loss;
  if (topology_.has_network_incidents) loss = trouble(hop, loss, index, operation, request, site);
  if (loss > 0 && uniform(request, mix(site, salt::lost)) <= loss) hop.passage = Passage::lost;
  return hop;
}

// What incidents do to a hop; gives the probability that it loses what it carries.
double Simulation::trouble(Hop& hop, double loss, std::uint32_t index, std::uint32_t operation, const Request& request,
                           std::uint64_t site) const {
  const CompiledLink& link = topology_.links[index];
  const Conditions& own = link_conditions_[index];
  hop.time = scaled(hop.time, own.slowdown);
  double kept = 1 - loss;
  const auto apply = [&](const Conditions& conditions) {
    kept *= 1 - conditions.loss;
    for (const std::uint32_t incident : conditions.latencies)
      hop.time = hop.time + sample(topology_.incidents[incident].added, request, mix(site + salt::added, incident));
  };
  apply(own);
  for (const IncidentTarget& end : {link.from, link.to}) {
    if (end.kind == IncidentTarget::Kind::service) apply(service_conditions_[end.index]);
    if (end.kind == IncidentTarget::Kind::client) apply(client_conditions_[end.index]);
  }
  if (operation != none) apply(operation_conditions_[operation]);
  if (own.is_down(DownMode::pause)) hop.time = hop.time + pause_left(index);
  const bool fails = own.fails > 0 && uniform(request, mix(site, salt::link_fails)) <= own.fails;
  if (own.is_down(DownMode::refuse) || fails) hop.passage = Passage::refused;
  if (own.is_down(DownMode::refuse)) hop.time = {};  // it fails at once
  return own.is_down(DownMode::hang) ? 1 : 1 - kept;
}

Duration Simulation::scaled(Duration time, double factor) {
  return factor == 1 ? time : from_ns(static_cast<double>(time.ns) * factor);
}

// How long a link stands still from now on: what is sent meanwhile leaves afterwards.
Duration Simulation::pause_left(std::uint32_t link) const {
  Duration left;
  for (const CompiledIncident& incident : topology_.incidents) {
    const bool pauses = incident.effect == IncidentEffect::down && incident.mode == DownMode::pause;
    if (!pauses || incident.begin > now_ || incident.end <= now_) continue;
    for (const IncidentTarget& target : incident.targets)
      if (target.kind == IncidentTarget::Kind::link && target.index == link) left = std::max(left, incident.end - now_);
  }
  return left;
}

// A call or request on its way to its service.
void Simulation::send_over(std::uint32_t index) {
  const Line& job = lines_[index];
  const Hop hop = cross(job.link, job.operation, requests_[job.request], mix(job.visit + salt::call_hop, job.attempt));
  switch (hop.passage) {
    case Passage::lost: return lose_on_the_way(index);
    case Passage::refused: return schedule(now_ + hop.time, Rank::end, What::call_fails, index);
    case Passage::passes: break;
  }
  schedule(now_ + hop.time, Rank::arrival, What::call_arrives, index);
}

// The caller of a job that never arrives hears of it when its link says so.
void Simulation::call_fails(std::uint32_t index) {
  const Waiter waiter = lines_[index].waiter;
  lose_on_the_way(index);
  if (trails_) trails_->pass(trails_->line(index));
  deliver_answer(waiter, Outcome::failed);
}

void Simulation::lose_on_the_way(std::uint32_t index) {
  Line& job = lines_[index];
  ++measured_.ledger.jobs_ended;
  Scope* const scope = job.scope;
  if (!job.own_scope) scope->failed = true;
  blame(index, Blame::network);
  job.live = false;
  job.waiter = {};
  ++job.generation;
  lines_.give_back(index);
  end_with(index);
  leave_scope(scope);
}

// An answer on its way back, over the link of its call.
void Simulation::answer_over(const Line& main, Outcome outcome) {
  const Hop hop =
      cross(main.link, main.operation, requests_[main.request], mix(main.visit + salt::answer_hop, main.attempt));
  if (hop.passage == Passage::lost) {
    if (trails_) trails_->take_passed();
    return;
  }
  const std::uint32_t parcel = parcels_.take();
  if (trails_) trails_->pass_with(parcel);
  parcels_[parcel] = {main.waiter, hop.passage == Passage::refused ? Outcome::failed : outcome};
  schedule(now_ + hop.time, Rank::end, What::answer_arrives, parcel);
}

// A message that was lost on its way to a consumer comes again, as one whose handling failed.
void Simulation::lose_delivery(std::uint32_t index) {
  Message& message = messages_[index];
  const std::uint32_t subscription = message.subscription;
  if (!message.second) {
    ++message.deliveries;
    if (in_window_ && message.deliveries > 1) ++measured_.subscriptions[subscription].redelivered;
  }
  if (message.stored) take_back(index);
  if (message.handled) return lose_second_delivery(index);
  const CompiledTopic& topic = topology_.topics[topology_.subscriptions[subscription].topic];
  const bool over = topic.delivery == Delivery::at_most_once || message.deliveries >= topic.redelivery.max_deliveries;
  if (message.partition == none || !over) {
    if (message.partition == none) return handling_failed(index);
    ++backlogs_[subscription].delayed;
    count_waiting(subscription);
    return schedule(now_ + topic.redelivery.wait_after(message.deliveries), Rank::timer, What::message_again, index);
  }
  const std::uint32_t partition = message.partition;
  leave_partition(index);
  handling_failed(index);
  partition_changed(subscription, partition);
}

// Of a message that is handled already: nobody misses it.
void Simulation::lose_second_delivery(std::uint32_t index) {
  const std::uint32_t subscription = messages_[index].subscription, partition = messages_[index].partition;
  if (partition != none) leave_partition(index);
  end_message(index);
  if (partition != none) partition_changed(subscription, partition);
}

void Simulation::link_conditions_changed(std::uint32_t) {}

void Simulation::client_conditions_changed(std::uint32_t) {}

}  // namespace sojourn
