#include "sojourn/experiment/sweep.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>

#include "sojourn/experiment/service_load.hpp"

namespace sojourn {
namespace {

/// A measure that is kept, as objectives name it.
struct Kept {
  Section section;
  std::string_view measure;
};
constexpr std::array kept{
    Kept{Section::clients, "offered_per_s"},
    Kept{Section::clients, "succeeded_per_s"},
    Kept{Section::clients, "success_ratio"},
    Kept{Section::clients, "fulfilled_ratio"},
    Kept{Section::clients, "broken_promise_ratio"},
    Kept{Section::clients, "response_time.mean"},
    Kept{Section::clients, "response_time.p50"},
    Kept{Section::clients, "response_time.p90"},
    Kept{Section::clients, "response_time.p99"},
    Kept{Section::clients, "response_time.p99.9"},
    Kept{Section::clients, "completion_time.mean"},
    Kept{Section::clients, "completion_time.p50"},
    Kept{Section::clients, "completion_time.p99"},
    Kept{Section::clients, "notification_time.mean"},
    Kept{Section::clients, "notification_time.p99"},
    Kept{Section::services, "utilization"},
    Kept{Section::services, "busy_workers"},
    Kept{Section::services, "held_workers"},
    Kept{Section::services, "queue_length"},
    Kept{Section::services, "waiting_time.mean"},
    Kept{Section::services, "waiting_time.p99"},
    Kept{Section::services, "sojourn_time.mean"},
    Kept{Section::services, "sojourn_time.p99"},
    Kept{Section::services, "completed_per_s"},
    Kept{Section::services, "refused_per_s"},
    Kept{Section::services, "availability"},
    Kept{Section::services, "replicas"},
    Kept{Section::services, "cost_per_hour"},
    Kept{Section::calls, "calls_per_s"},
    Kept{Section::calls, "amplification"},
    Kept{Section::calls, "failed_per_s"},
    Kept{Section::calls, "timed_out_per_s"},
    Kept{Section::calls, "response_time.p99"},
    Kept{Section::topics, "handled_per_s"},
    Kept{Section::topics, "backlog"},
    Kept{Section::topics, "lag.mean"},
    Kept{Section::topics, "lag.p99"},
    Kept{Section::topics, "dead_lettered"},
    Kept{Section::topics, "lost"},
    Kept{Section::resources, "utilization"},
    Kept{Section::resources, "queue_length"},
    Kept{Section::resources, "waiting_time.p99"},
};

bool is_kept(const Column& column) {
  const std::string measure = joined(column.measure, ".");
  return std::any_of(kept.begin(), kept.end(),
                     [&](const Kept& k) { return k.section == column.section && k.measure == measure; });
}

std::optional<double> finite(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? value : std::nullopt;
}

SweptVariant swept_variant(const VariantResult& result) {
  SweptVariant variant{
      .name = result.name, .fingerprint = result.fingerprint, .busiest = "", .busiest_taken = 0, .subjects = {}};
  const MeasuredLoad load = heaviest_load(result);
  if (load.service != nullptr) variant.busiest = load.service->name;
  if (std::isfinite(load.taken())) variant.busiest_taken = load.taken();
  const std::vector<std::string>* subject = nullptr;
  for (std::size_t c = 0; c < result.columns.size(); ++c) {
    const Column& column = result.columns[c];
    if (subject == nullptr || *subject != column.subject || variant.subjects.back().section != column.section)
      variant.subjects.push_back({.section = column.section, .name = joined(column.subject, "."), .values = {}});
    subject = &column.subject;
    if (!is_kept(column)) continue;
    const auto& estimate = result.estimates[c];
    variant.subjects.back().values.push_back(
        estimate ? SweptValue{finite(estimate->value), finite(estimate->half_width)} : SweptValue{});
  }
  return variant;
}

}  // namespace

std::vector<Column> swept_measures(Section section) {
  std::vector<Column> measures = measures_of(section);
  std::erase_if(measures, [](const Column& column) { return !is_kept(column); });
  return measures;
}

SweptCell swept_cell(std::uint64_t cell, const ExperimentResult& result) {
  SweptCell swept{.cell = cell,
                  .sha256 = result.sha256,
                  .seed = result.seed,
                  .replications = result.replications,
                  .fingerprint = result.fingerprint,
                  .events = result.events,
                  .horizon_s = static_cast<double>(result.horizon.ns) / 1e9,
                  .warmup_s = static_cast<double>(result.warmup.ns) / 1e9,
                  .stopped = "",
                  .variants = {},
                  .warnings = {}};
  if (result.stopped) {
    // How many replications had ended before it depends on the threads: no number is kept.
    swept.stopped = "variant " + result.stopped->variant + ", replication " +
                    std::to_string(result.stopped->replication + 1) + ": " + result.stopped->reason;
    swept.replications = swept.fingerprint = swept.events = 0;
    return swept;
  }
  for (const VariantResult& variant : result.variants) swept.variants.push_back(swept_variant(variant));
  swept.warnings = warnings_of(result);
  return swept;
}

}  // namespace sojourn
