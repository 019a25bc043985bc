#include "sojourn/system/incidents.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sojourn {
namespace {

template <class T>
std::uint32_t place_of(const std::vector<T>& list, const std::string& name) {
  for (std::size_t i = 0; i < list.size(); ++i)
    if (list[i].name == name) return static_cast<std::uint32_t>(i);
  return none;
}

// Validation has made sure that the target exists, and that a name which several things share is not used.
IncidentTarget target_of(const std::string& name, const Topology& topology) {
  using Kind = IncidentTarget::Kind;
  if (name.find("->") != std::string::npos) return {Kind::link, place_of(topology.links, name)};
  for (const auto& [kind, index] : {std::pair{Kind::service, place_of(topology.services, name)},
                                    std::pair{Kind::operation, place_of(topology.operations, name)},
                                    std::pair{Kind::client, place_of(topology.clients, name)}})
    if (index != none) return {kind, index};
  return {Kind::topic, place_of(topology.topics, name)};  // a deferred operation's topic shares its name: it comes last
}

void set_effect(CompiledIncident& compiled, const DownEffect& effect) {
  compiled.effect = IncidentEffect::down;
  compiled.mode = effect.mode;
}
void set_effect(CompiledIncident& compiled, const SlowdownEffect& effect) {
  compiled.effect = IncidentEffect::slowdown;
  compiled.number = effect.factor;
}
void set_effect(CompiledIncident& compiled, const FailsEffect& effect) {
  compiled.effect = IncidentEffect::fails;
  compiled.number = effect.chance;
}
void set_effect(CompiledIncident& compiled, const LatencyEffect& effect) {
  compiled.effect = IncidentEffect::latency;
  compiled.added = Sampler(effect.added);
}
void set_effect(CompiledIncident& compiled, const LossEffect& effect) {
  compiled.effect = IncidentEffect::loss;
  compiled.number = effect.chance;
}
void set_effect(CompiledIncident& compiled, const RateEffect& effect) {
  compiled.effect = IncidentEffect::rate;
  compiled.number = effect.factor;
}
void set_effect(CompiledIncident& compiled, const ReplicasEffect& effect) {
  compiled.effect = IncidentEffect::replicas;
  compiled.lost = effect.lost;
}

void compile_incident(const Incident& incident, Topology& topology) {
  CompiledIncident compiled;
  compiled.begin = incident.at;
  compiled.end = incident.at + incident.length;
  std::visit([&](const auto& effect) { set_effect(compiled, effect); }, incident.effect.kind);
  for (const std::string& target : incident.targets) compiled.targets.push_back(target_of(target, topology));
  topology.incidents.push_back(std::move(compiled));
}

/// Whether an incident changes hops.
bool strikes_network(const Incident& incident) {
  const auto& effect = incident.effect.kind;
  if (std::holds_alternative<LatencyEffect>(effect) || std::holds_alternative<LossEffect>(effect)) return true;
  return std::any_of(incident.targets.begin(), incident.targets.end(),
                     [](const std::string& target) { return target.find("->") != std::string::npos; });
}

}  // namespace

bool network_matters(const Scenario& scenario) {
  const Network& network = scenario.network;
  if (!is_zero(network.latency) || network.loss > 0 || !network.links.empty()) return true;
  return std::any_of(scenario.incidents.begin(), scenario.incidents.end(), strikes_network);
}

void declare_links(const Scenario& scenario, Topology& topology) {
  std::map<std::string, Link> links;
  for (const auto& [name, link] : scenario.network.links) links[name.text()] = link;
  for (const Incident& incident : scenario.incidents)
    for (const std::string& target : incident.targets)
      if (target.find("->") != std::string::npos) links.try_emplace(target);
  for (const auto& [name, link] : links)
    topology.links.push_back({.name = name,
                              .latency = Sampler(link.latency.value_or(scenario.network.latency)),
                              .loss = link.loss.value_or(scenario.network.loss),
                              .from = {},
                              .to = {}});
}

std::uint32_t link_between(const Scenario& scenario, Topology& topology, const std::string& from_name,
                           IncidentTarget from, const std::string& to_name, IncidentTarget to) {
  const std::string name = from_name + "->" + to_name;
  std::uint32_t place = place_of(topology.links, name);
  if (place == none) {
    place = static_cast<std::uint32_t>(topology.links.size());
    topology.links.push_back({.name = name,
                              .latency = Sampler(scenario.network.latency),
                              .loss = scenario.network.loss,
                              .from = {},
                              .to = {}});
  }
  topology.links[place].from = from;
  topology.links[place].to = to;
  return place;
}

Profile pace_of(const Scenario& scenario, const std::string& client) {
  std::vector<Time> times;
  std::vector<std::pair<const Incident*, double>> changes;
  for (const Incident& incident : scenario.incidents) {
    if (std::find(incident.targets.begin(), incident.targets.end(), client) == incident.targets.end()) continue;
    if (const auto* rate = std::get_if<RateEffect>(&incident.effect.kind))
      changes.emplace_back(&incident, rate->factor);
    if (std::holds_alternative<DownEffect>(incident.effect.kind)) changes.emplace_back(&incident, 0);
  }
  for (const auto& [incident, factor] : changes) {
    times.push_back(incident->at);
    times.push_back(incident->at + incident->length);
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  Profile pace;
  double before = 1;
  for (const Time at : times) {
    double now = 1;
    for (const auto& [incident, factor] : changes)
      if (incident->at <= at && at < incident->at + incident->length) now *= factor;
    pace.push_back({at, before});
    pace.push_back({at, now});
    before = now;
  }
  return pace;
}

void compile_incidents(const Scenario& scenario, Topology& topology) {
  topology.has_network_incidents = std::any_of(scenario.incidents.begin(), scenario.incidents.end(), strikes_network);
  for (const Incident& incident : scenario.incidents) compile_incident(incident, topology);
}

}  // namespace sojourn
