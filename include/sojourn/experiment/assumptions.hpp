#pragma once
// Which assumptions of queueing theory a scenario keeps: why a result does not apply, and why it would not be exact.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "sojourn/experiment/layers.hpp"

namespace sojourn {

/// Why no result applies to a client's response time; "" when one does.
[[nodiscard]] std::string obstacle(const Layers& layers, const Source& source);

/// Why a result would not be exact for all services and clients of a scenario, however its stations are; "" when it can be.
/// Some times are known for any arrivals; loads alone depend neither on their law, nor on who is served next.
enum class Exactness : std::uint8_t { of_times, of_times_for_any_arrivals, of_loads };
[[nodiscard]] std::string inexactness(const Layers& layers, Exactness exactness);

/// Why the formulas of a station do not describe this one exactly, whatever comes to it, so that its waits are only near; ""
/// when they do. Of a service whose workers are not held.
[[nodiscard]] std::string station_inexactness(const Layers& layers, std::uint32_t layer,
                                              const std::vector<double>& jobs_per_s);

/// What of the scenario the loads leave out.
[[nodiscard]] std::vector<std::string> left_out_of(const Scenario& scenario);

/// Whether a client's requests are a Poisson stream at a constant rate.
[[nodiscard]] bool is_poisson(const Client& client);

/// Whether all replicas of a service serve one queue, or each a random part of a Poisson stream.
[[nodiscard]] bool splits_fairly(const Service& service);

}  // namespace sojourn
