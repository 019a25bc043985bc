#pragma once
// Incidents and the links that they or the network name, from the scenario to their compiled form.

#include "sojourn/model/scenario.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// Fills the topology's links and incidents; its services, operations, topics and clients are there.
void compile_incidents(const Scenario& scenario, Topology& topology);

}  // namespace sojourn
