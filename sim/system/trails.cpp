#include "sojourn/system/trails.hpp"

namespace sojourn {

void Trail::charge(std::uint32_t slot, Time now) {
  const std::int64_t ns = (now - until).ns;
  if (ns <= 0) return;
  until = now;
  for (auto& [known, sum] : parts) {
    if (known != slot) continue;
    sum += ns;
    return;
  }
  parts.emplace_back(slot, ns);
}

Trails::Trails(std::uint32_t services, std::uint32_t topics, std::uint32_t clients, const BlameWindows& windows)
    : services_(services), topics_(topics), clients_(clients), windows_(windows) {}

void Trails::record(BlameSum& all, BlameSum& tail, const BlameWindows::Span& span, const Trail& trail) const {
  const std::int64_t length = (trail.until - trail.began).ns;
  const bool in_tail = length >= span.low_ns && length <= span.high_ns;
  for (BlameSum* sum : {&all, in_tail ? &tail : nullptr}) {
    if (sum == nullptr) continue;
    ++sum->requests;
    sum->parts_ns.resize(slots(), 0);
    for (const auto& [slot, ns] : trail.parts) sum->parts_ns[slot] += ns;
  }
}

void Trails::record_response(ClientBlame& sums, std::uint32_t client, const Trail& trail) const {
  record(sums.response, sums.response_tail, windows_.response.at(client), trail);
}

void Trails::record_completion(ClientBlame& sums, std::uint32_t client, const Trail& trail) const {
  record(sums.completion, sums.completion_tail, windows_.completion.at(client), trail);
}

}  // namespace sojourn
