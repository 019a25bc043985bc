#pragma once
// How much of a common growth of all open clients each service stands, held workers included.

#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/layers.hpp"
#include "sojourn/experiment/prediction.hpp"

namespace sojourn {

/// Something that can be saturated: a service, a subscription whose concurrency is limited, or a resource.
struct Saturation {
  std::string name;
  std::optional<std::uint32_t> layer;  ///< nothing for a subscription or a resource
  double factor = 0;                   ///< of the load of the open clients
  Basis basis;
};

/// Mean number of units of a resource that jobs hold when nobody waits while holding one: the least that they need.
[[nodiscard]] double held_of(const Layers& layers, const std::string& resource, const std::vector<double>& jobs_per_s);

/// The factors at which services and subscriptions are saturated, the services in the order of the layers; those that nothing
/// comes to, or that have no limit, are left out.
[[nodiscard]] std::vector<Saturation> saturations_of(const Layers& layers);

}  // namespace sojourn
