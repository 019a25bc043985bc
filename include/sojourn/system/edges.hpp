#pragma once
// Who asks, publishes to and hears from whom: a variant as a graph, for pictures.

#include <string>
#include <string_view>
#include <vector>

#include "sojourn/system/topology.hpp"

namespace sojourn {

/// One arrow. Kinds: "asks" (client to service), "calls" (service to service), "publishes" (service to topic), "delivers"
/// (topic to service).
struct Edge {
  std::string from, to;
  std::string_view kind;
  bool operator==(const Edge&) const = default;
};

/// Every arrow once, clients first, in the order of the topology's lists.
[[nodiscard]] std::vector<Edge> edges_of(const Topology& topology);

}  // namespace sojourn
