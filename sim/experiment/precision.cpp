#include "sojourn/experiment/precision.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace sojourn {

// Half-widths fall with the square root of the number of replications.
void foresee(PrecisionReached& reached, const ExperimentResult& result, const Precision& asked) {
  double worst = 0;
  for (std::size_t v = 0; v < reached.relative.size(); ++v) {
    if (!reached.relative[v] || *reached.relative[v] <= worst) continue;
    worst = *reached.relative[v];
    const VariantResult& variant = result.variants[v];
    const double times = std::max(1.0, worst / reached.wanted * (worst / reached.wanted));
    for (std::size_t i = 0; i < variant.topology.clients.size(); ++i)
      if (variant.topology.clients[i].name == asked.client && variant.merged.clients.size() > i)
        reached.requests_needed =
            static_cast<std::uint64_t>(std::ceil(static_cast<double>(variant.merged.clients[i].requests) * times));
    reached.replications_needed =
        static_cast<std::uint64_t>(std::ceil(static_cast<double>(variant.merged.replications) * times));
  }
}

std::string PrecisionReached::need() const {
  if (replications_needed == 0) return "";
  std::string text = "about " + std::to_string(replications_needed) + " replications with " +
                     std::to_string(requests_needed) + " requests";
  if (replications_needed > most_replications)
    text += ", more than the " + std::to_string(most_replications) + " that are allowed";
  return text;
}

}  // namespace sojourn
