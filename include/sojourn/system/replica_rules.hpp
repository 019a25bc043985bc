#pragma once
// What the description of a service means for its replicas.

#include <optional>
#include <string>

#include "sojourn/model/scenario.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// Cores of a replica: no more than its workers; infinite when both are unlimited.
[[nodiscard]] double cores_of(const Service& service);

/// A law of crashes and repairs, compiled.
[[nodiscard]] std::optional<CompiledFailures> compiled(const std::optional<Failures>& failures);

/// Whether something can happen to one replica, or slow its work, so that each must be followed by itself.
[[nodiscard]] bool needs_replicas(const Scenario& scenario, const std::string& name, const Service& service);

/// Whether replicas neither crash nor come and go.
[[nodiscard]] bool is_steady(const Scenario& scenario, const std::string& name, const Service& service);

}  // namespace sojourn
