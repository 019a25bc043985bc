#include "sojourn/experiment/service_load.hpp"

#include <cmath>
#include <cstddef>
#include <limits>

namespace sojourn {

ServiceLoad heaviest_load(const VariantResult& variant) {
  ServiceLoad heaviest;
  for (std::size_t i = 0; i < variant.merged.services.size(); ++i) {
    const CompiledService& service = variant.topology.services[i];
    const ServiceMeasurement& measured = variant.merged.services[i];
    const auto replicas_ns = static_cast<double>(measured.replicas_ns);
    const bool limited = service.workers != none;
    if (replicas_ns == 0 || (!limited && !std::isfinite(service.cores))) continue;
    const double workers_ns = limited ? replicas_ns * service.workers : std::numeric_limits<double>::infinity();
    const ServiceLoad load{&service, static_cast<double>(measured.busy_ns) / workers_ns,
                           static_cast<double>(measured.held_ns) / workers_ns,
                           static_cast<double>(measured.used_ns) / (replicas_ns * service.cores)};
    if (heaviest.service == nullptr || load.taken() > heaviest.taken()) heaviest = load;
  }
  return heaviest;
}

}  // namespace sojourn
