#include "sojourn/experiment/service_load.hpp"

#include <cmath>
#include <cstddef>
#include <limits>

namespace sojourn {

std::optional<MeasuredLoad> load_of_service(const VariantResult& variant, std::size_t i) {
  const CompiledService& service = variant.topology.services.at(i);
  const ServiceMeasurement& measured = variant.merged.services.at(i);
  const auto replicas_ns = static_cast<double>(measured.replicas_ns);
  const bool limited = service.workers != none;
  if (replicas_ns == 0 || (!limited && !std::isfinite(service.cores))) return std::nullopt;
  const double workers_ns = limited ? replicas_ns * service.workers : std::numeric_limits<double>::infinity();
  return MeasuredLoad{&service, static_cast<double>(measured.busy_ns) / workers_ns,
                      static_cast<double>(measured.held_ns) / workers_ns,
                      static_cast<double>(measured.used_ns) / (replicas_ns * service.cores)};
}

MeasuredLoad heaviest_load(const VariantResult& variant) {
  MeasuredLoad heaviest;
  for (std::size_t i = 0; i < variant.merged.services.size(); ++i)
    if (const auto load = load_of_service(variant, i))
      if (heaviest.service == nullptr || load->taken() > heaviest.taken()) heaviest = *load;
  return heaviest;
}

}  // namespace sojourn
