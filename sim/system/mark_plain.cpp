#include <algorithm>

#include "sojourn/system/topology.hpp"

namespace sojourn {
namespace {

bool keeps_one_line(Action action) {
  switch (action) {
    case Action::work:
    case Action::call:
    case Action::publish:
    case Action::reply:
    case Action::notify:
    case Action::delay:
    case Action::choose:
    case Action::jump:
    case Action::end: return true;
    case Action::fork:
    case Action::branch_end:
    case Action::repeat:
    case Action::repeat_end:
    case Action::try_begin:
    case Action::try_end:
    case Action::undone:
    case Action::use:
    case Action::use_end:
    case Action::await: return false;
  }
  return false;
}

bool has_plain_code(const Topology& topology, const CompiledOperation& operation) {
  for (std::uint32_t pc = operation.entry;; ++pc) {
    if (!keeps_one_line(topology.code[pc].action)) return false;
    if (topology.code[pc].action == Action::end) return true;
  }
}

/// Whether nothing in it can fail or decline, as long as nothing happens to its job.
bool always_succeeds(const Topology& topology, const CompiledOperation& operation) {
  for (std::uint32_t pc = operation.entry; topology.code[pc].action != Action::end; ++pc) {
    const Instruction& in = topology.code[pc];
    if (in.action == Action::call) return false;
    if (in.action == Action::work && topology.works[in.index].may_fail) return false;
    if (in.action == Action::publish && !topology.publishes[in.index].simple) return false;
  }
  return true;
}

bool strikes_topic(const CompiledIncident& incident, std::uint32_t topic) {
  return std::any_of(incident.targets.begin(), incident.targets.end(), [&](const IncidentTarget& target) {
    return target.kind == IncidentTarget::Kind::topic && target.index == topic;
  });
}

/// A message is available as soon as it is published, and one that is available and a free worker are all that it takes.
bool hands_on_at_once(const Topology& topology, const CompiledSubscription& subscription) {
  const CompiledTopic& topic = topology.topics[subscription.topic];
  Draw any(0, 0, 0);
  return !subscription.special && subscription.batch_size == 1 && topic.capacity == none && !topic.expires &&
         topic.duplicates == 0 && !topic.breaks_down && topic.latency.is_constant() && topic.latency(any).ns == 0 &&
         std::none_of(topology.incidents.begin(), topology.incidents.end(),
                      [&](const CompiledIncident& incident) { return strikes_topic(incident, subscription.topic); });
}

/// Something that any job may meet, wherever it is.
bool something_strikes(const Topology& topology) {
  return topology.has_network || topology.has_follow_ups ||
         std::any_of(topology.call_sites.begin(), topology.call_sites.end(),
                     [](const CompiledCall& call) { return call.deadline; }) ||
         std::any_of(topology.incidents.begin(), topology.incidents.end(),
                     [](const CompiledIncident& incident) { return incident.effect == IncidentEffect::fails; });
}

bool is_plain(const Topology& topology, const CompiledService& service) {
  return !service.by_replica && service.balancing == Balancing::shared_queue && !service.async && !service.max_wait &&
         !service.rate_limit &&
         std::all_of(service.subscriptions.begin(), service.subscriptions.end(), [&](std::uint32_t subscription) {
           return hands_on_at_once(topology, topology.subscriptions[subscription]);
         });
}

bool only_works(const Topology& topology, const CompiledOperation& operation) {
  const Instruction* const code = &topology.code[operation.entry];
  return code[0].action == Action::work && code[1].action == Action::end && !topology.works[code[0].index].may_fail &&
         operation.milestone == none;
}

/// Its consumers are its workers: no topic holds messages back from a free one.
bool takes_all(const Topology& topology, const CompiledService& service) {
  return std::all_of(service.subscriptions.begin(), service.subscriptions.end(), [&](std::uint32_t subscription) {
    const std::uint32_t concurrency = topology.subscriptions[subscription].concurrency;
    return concurrency == none || (service.workers != none && concurrency / service.replicas >= service.workers);
  });
}

/// Of the plain services, those where nobody acts on the end of a job.
void mark_foreseen(Topology& topology) {
  for (CompiledService& service : topology.services)
    service.foreseen = service.plain && service.discipline == Discipline::fifo && service.capacity == none &&
                       takes_all(topology, service);
  const auto service_of = [&](std::uint32_t operation) -> CompiledService& {
    return topology.services[topology.operations[operation].service];
  };
  for (std::uint32_t i = 0; i < topology.operations.size(); ++i)
    if (!only_works(topology, topology.operations[i])) service_of(i).foreseen = false;
  for (const CompiledCall& call : topology.call_sites) service_of(call.operation).foreseen = false;
  for (const CompiledClient& client : topology.clients) {
    const bool acts = !client.arrivals || client.timeout || client.retry;
    for (const std::uint32_t operation : client.operations)
      if (acts || !service_of(operation).subscriptions.empty()) service_of(operation).foreseen = false;
  }
}

}  // namespace

void mark_plain(Topology& topology) {
  for (CompiledCall& call : topology.call_sites) call.simple = !call.guarded && !call.hedge;
  for (CompiledPublish& publish : topology.publishes)
    publish.simple = !publish.confirm && !publish.outbox && topology.topics[publish.topic].overflow != Overflow::block;
  if (something_strikes(topology)) return;
  for (CompiledService& service : topology.services) service.plain = is_plain(topology, service);
  for (CompiledOperation& operation : topology.operations) {
    if (!has_plain_code(topology, operation)) topology.services[operation.service].plain = false;
    operation.never_fails = always_succeeds(topology, operation);
  }
  mark_foreseen(topology);
}

}  // namespace sojourn
