#pragma once
// How much of a common growth of all open clients each service stands, held workers included.

#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/layers.hpp"
#include "sojourn/experiment/prediction.hpp"

namespace sojourn {

/// Something that can be saturated: a service, or a subscription whose concurrency is limited.
struct Saturation {
  std::string name;
  std::optional<std::uint32_t> layer;  ///< nothing for a subscription
  double factor = 0;                   ///< of the load of the open clients
  Basis basis;
};

/// The factors at which services and subscriptions are saturated, the services in the order of the layers; those that nothing
/// comes to, or that have no limit, are left out.
[[nodiscard]] std::vector<Saturation> saturations_of(const Layers& layers);

}  // namespace sojourn
