#pragma once
// Incidents and the links that they or the network name, from the scenario to their compiled form.

#include <cstdint>
#include <string>

#include "sojourn/model/scenario.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// Whether hops take time or can be lost, by the network itself or by an incident.
[[nodiscard]] bool network_matters(const Scenario& scenario);

/// The links that the network's overrides and incidents name.
void declare_links(const Scenario& scenario, Topology& topology);

/// The link between two of the topology's things, with their names; made when it is the first of them.
std::uint32_t link_between(const Scenario& scenario, Topology& topology, const std::string& from_name,
                           IncidentTarget from, const std::string& to_name, IncidentTarget to);

/// What incidents do to a client's rate over time: steps; empty when nothing.
[[nodiscard]] Profile pace_of(const Scenario& scenario, const std::string& client);

/// Fills the topology's incidents; its services, operations, topics, clients and links are there.
void compile_incidents(const Scenario& scenario, Topology& topology);

}  // namespace sojourn
