#pragma once
// More and less of the load that a scenario's clients bring.

#include <string>
#include <vector>

#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// What the clients that grow bring: requests per second of the open ones, and how many users the closed ones have.
struct ClientLoad {
  double requests_per_s = 0;
  double users = 0;
};

/// The load of these clients; of all when none are named.
[[nodiscard]] ClientLoad load_of(const Scenario& scenario, const std::vector<std::string>& clients);

/// Why these clients cannot bring more and less, or "": a name that is no client's, arrivals recorded in a trace.
[[nodiscard]] std::string obstacle_to_scaling(const Scenario& scenario, const std::vector<std::string>& clients);

/// The scenario with so many times the load of these clients: rates are multiplied, gaps divided, users multiplied and rounded
/// to a whole number, at least one. Nothing else changes; the n-th request meets the same random numbers at every load.
[[nodiscard]] Scenario with_load(const Scenario& scenario, double factor, const std::vector<std::string>& clients);

/// The nearest number that people would name, in steps of at most half a percent; positive.
[[nodiscard]] double round_load(double load);

/// Whether its runs take no more events than a command may spend on one load.
[[nodiscard]] bool can_be_paid_for(const Scenario& scenario);

}  // namespace sojourn
