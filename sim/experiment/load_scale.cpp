#include "sojourn/experiment/load_scale.hpp"

#include <algorithm>
#include <cmath>
#include <variant>

#include "sojourn/core/issue.hpp"
#include "sojourn/model/checks.hpp"
#include "sojourn/model/flow.hpp"
#include "sojourn/random/scaled.hpp"

namespace sojourn {

namespace {

bool grows(const std::string& name, const std::vector<std::string>& clients) {
  return clients.empty() || std::find(clients.begin(), clients.end(), name) != clients.end();
}

void scale(Arrivals& arrivals, double factor) {
  struct Scale {
    double factor;
    void operator()(PoissonArrivals& law) const { law.rate.per_second *= factor; }
    void operator()(ConstantArrivals& law) const { law.rate.per_second *= factor; }
    void operator()(RenewalArrivals& law) const { law.gap = scaled(law.gap, 1 / factor); }
    void operator()(BurstyArrivals& law) const {
      law.bursts.rate.per_second *= factor;
      law.bursts.burst_rate.per_second *= factor;
    }
    void operator()(TraceArrivals&) const {}  // refused before
  };
  std::visit(Scale{factor}, arrivals.law);
}

}  // namespace

ClientLoad load_of(const Scenario& scenario, const std::vector<std::string>& clients) {
  ClientLoad load;
  for (const auto& [name, client] : scenario.clients) {
    if (!grows(name, clients)) continue;
    if (client.arrivals) load.requests_per_s += request_rate(client, scenario.horizon, 0);
    if (client.users) load.users += client.users->users;
  }
  return load;
}

std::string obstacle_to_scaling(const Scenario& scenario, const std::vector<std::string>& clients) {
  std::vector<std::string> names;
  for (const auto& [name, client] : scenario.clients) names.push_back(name);
  for (const std::string& name : clients)
    if (!scenario.clients.contains(name))
      return "expected the name of a client after --client, found '" + name + "'" + did_you_mean(name, names);
  for (const auto& [name, client] : scenario.clients)
    if (grows(name, clients) && client.arrivals && std::holds_alternative<TraceArrivals>(client.arrivals->law))
      return "the arrivals of client " + name +
             " are recorded in a trace, which has one load; give it another law of arrivals, or name with --client "
             "those that are to grow";
  return "";
}

Scenario with_load(const Scenario& scenario, double factor, const std::vector<std::string>& clients) {
  Scenario result = scenario;
  for (auto& [name, client] : result.clients) {
    if (!grows(name, clients)) continue;
    if (client.arrivals) scale(*client.arrivals, factor);
    if (client.users)
      client.users->users = static_cast<std::uint32_t>(std::clamp(std::round(factor * client.users->users), 1.0, 1e7));
  }
  return result;
}

double round_load(double load) {
  double power = 1;
  while (power * 10 <= load) power *= 10;
  while (power > load) power /= 10;
  const double step = power / (load < 2 * power ? 200 : load < 5 * power ? 100 : 50);
  return step < 1 ? std::round(load / step) / std::round(1 / step) : std::round(load / step) * step;
}

bool can_be_paid_for(const Scenario& scenario) {
  constexpr double most_events = 1e10;
  return expected_events(scenario) <= most_events;
}

}  // namespace sojourn
