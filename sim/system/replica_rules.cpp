#include "sojourn/system/replica_rules.hpp"

#include <algorithm>
#include <limits>
#include <variant>

namespace sojourn {

double cores_of(const Service& service) {
  const double workers = service.workers.unlimited() ? std::numeric_limits<double>::infinity() : *service.workers.count;
  return std::min(workers, service.cores.value_or(workers));
}

std::optional<CompiledFailures> compiled(const std::optional<Failures>& failures) {
  if (!failures) return std::nullopt;
  return CompiledFailures{Sampler(failures->time_to_failure), Sampler(failures->time_to_repair), failures->mode};
}

bool needs_replicas(const Scenario& scenario, const std::string& name, const Service& service) {
  const bool shares = service.cores && (service.workers.unlimited() || *service.cores < *service.workers.count);
  if (shares || service.failures || service.autoscaling || service.scalability) return true;
  return std::any_of(scenario.incidents.begin(), scenario.incidents.end(), [&](const Incident& incident) {
    const auto& effect = incident.effect.kind;
    if (!std::holds_alternative<DownEffect>(effect) && !std::holds_alternative<SlowdownEffect>(effect) &&
        !std::holds_alternative<ReplicasEffect>(effect))
      return false;
    return std::any_of(incident.targets.begin(), incident.targets.end(), [&](const std::string& target) {
      return target == name || (target.starts_with(name + ".") && scenario.services.contains(name) &&
                                target.find("->") == std::string::npos);
    });
  });
}

bool is_steady(const Scenario& scenario, const std::string& name, const Service& service) {
  bool struck = false;
  for (const Incident& incident : scenario.incidents)
    for (const std::string& target : incident.targets) struck |= target == name || target.starts_with(name + ".");
  return !struck && !service.failures && !service.autoscaling;
}

}  // namespace sojourn
