// Incidents begin and end; what they change is seen to where the target lives.
#include "sojourn/system/simulation.hpp"

namespace sojourn {

void Simulation::plan_incidents() {
  for (std::uint32_t i = 0; i < topology_.incidents.size(); ++i) {
    const CompiledIncident& incident = topology_.incidents[i];
    has_strikes_ = has_strikes_ || incident.effect == IncidentEffect::fails;
    schedule(incident.begin, Rank::timer, What::incident_begins, i);
    schedule(incident.end, Rank::timer, What::incident_ends, i);
  }
}

void Simulation::incident_turns(std::uint32_t index, bool begins) {
  for (const IncidentTarget& target : topology_.incidents[index].targets) {
    Conditions& conditions = conditions_of(target);
    if (begins)
      conditions.begin(topology_, index);
    else
      conditions.end(topology_, index);
    switch (target.kind) {
      case IncidentTarget::Kind::service: service_conditions_changed(target.index); break;
      case IncidentTarget::Kind::operation: operation_conditions_changed(target.index); break;
      case IncidentTarget::Kind::topic: topic_conditions_changed(target.index); break;
      case IncidentTarget::Kind::link: link_conditions_changed(target.index); break;
      case IncidentTarget::Kind::client: client_conditions_changed(target.index); break;
    }
  }
}

Conditions& Simulation::conditions_of(const IncidentTarget& target) {
  switch (target.kind) {
    case IncidentTarget::Kind::service: return service_conditions_[target.index];
    case IncidentTarget::Kind::operation: return operation_conditions_[target.index];
    case IncidentTarget::Kind::topic: return topic_conditions_[target.index];
    case IncidentTarget::Kind::link: return link_conditions_[target.index];
    case IncidentTarget::Kind::client: break;
  }
  return client_conditions_[target.index];
}

}  // namespace sojourn
