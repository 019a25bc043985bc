#include "sojourn/experiment/comparison.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sojourn {

namespace {

constexpr std::array<std::string_view, 9> metrics{
    "response_time.mean",   "response_time.p99",      "completion_time.mean",
    "completion_time.p99",  "notification_time.mean", "fulfilled_ratio",
    "broken_promise_ratio", "success_ratio",          "succeeded_per_s"};

/// Where either side has no interval, the difference has none.
std::optional<PairedDifference> compare_quantiles(const Estimate& from,
                                                  const std::vector<std::optional<double>>& from_sections,
                                                  const Estimate& to,
                                                  const std::vector<std::optional<double>>& to_sections,
                                                  double confidence) {
  auto paired = compare_paired_quantiles(from.value, to.value, from_sections, to_sections, confidence);
  if (from.half_width && to.half_width) return paired;
  if (!paired) paired.emplace();
  paired->difference = {.value = to.value - from.value, .half_width = std::nullopt, .n = 1};
  paired->correlation = paired->p_value = std::nullopt;
  if (from.value != 0) paired->ratio = to.value / from.value;
  return paired;
}

std::optional<PairedDifference> compare_columns(const VariantResult& baseline, std::size_t b,
                                                const VariantResult& variant, std::size_t v, double confidence) {
  const std::optional<Estimate>& from = baseline.estimates[b];
  const std::optional<Estimate>& to = variant.estimates[v];
  if (!from || !to) return std::nullopt;
  if (variant.columns[v].statistic == Statistic::quantile)
    return compare_quantiles(*from, baseline.values[b], *to, variant.values[v], confidence);
  return compare_paired(baseline.values[b], variant.values[v], confidence);
}

void append_client(std::vector<Comparison>& comparisons, const ExperimentResult& result, const VariantResult& variant,
                   const std::string& client) {
  const VariantResult& baseline = result.variants.front();
  for (const std::string_view metric : metrics) {
    const std::string path = "clients." + client + "." + std::string(metric);
    const auto b = position_of(baseline.columns, path);
    const auto v = position_of(variant.columns, path);
    if (!b || !v) continue;
    comparisons.push_back({client, std::string(metric), baseline.name, variant.name, variant.columns[*v].unit,
                           compare_columns(baseline, *b, variant, *v, result.confidence), Verdict::undecided});
  }
}

bool is_exactly_equal(const PairedDifference& paired) {
  return paired.difference.value == 0 && paired.difference.half_width.value_or(0) == 0;
}

/// Settles all verdicts together: the more questions are asked, the stronger each answer must be.
void settle(std::vector<Comparison>& comparisons, double confidence) {
  std::vector<double> p_values;
  for (const Comparison& c : comparisons)
    if (c.paired && c.paired->p_value) p_values.push_back(*c.paired->p_value);
  const std::vector<double> adjusted = holm(p_values);
  std::size_t next = 0;
  for (Comparison& c : comparisons) {
    if (!c.paired) continue;
    const bool decided = c.paired->p_value && adjusted[next++] < 1 - confidence;
    if (is_exactly_equal(*c.paired))
      c.verdict = Verdict::equal;
    else if (decided)
      c.verdict = c.paired->difference.value < 0 ? Verdict::lower : Verdict::higher;
  }
}

/// The variant with the best value, and the p-value of "some other variant is as good": the largest of its comparisons.
struct Lead {
  std::optional<std::size_t> variant;
  double p_value = 1;
};

Lead lead_of(const ExperimentResult& result, const Contest& contest) {
  std::vector<std::size_t> at;
  std::size_t best = 0;
  const auto value = [&](std::size_t v) { return result.variants[v].estimates[at[v]]->value; };
  for (std::size_t v = 0; v < result.variants.size(); ++v) {
    const auto position = position_of(result.variants[v].columns, contest.path);
    if (!position || !result.variants[v].estimates[*position]) return {};
    at.push_back(*position);
    if (contest.lower_is_better ? value(v) < value(best) : value(v) > value(best)) best = v;
  }
  if (at.size() < 2) return {};
  Lead lead{.variant = best, .p_value = 0};
  for (std::size_t v = 0; v < at.size(); ++v) {
    if (v == best) continue;
    const auto paired = compare_columns(result.variants[v], at[v], result.variants[best], at[best], result.confidence);
    lead.p_value = std::max(lead.p_value, paired ? paired->p_value.value_or(1) : 1);
  }
  return lead;
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  constexpr std::array<std::string_view, 4> names{"lower", "higher", "equal", "undecided"};
  return names[static_cast<std::size_t>(verdict)];
}

std::vector<Comparison> compare_variants(const ExperimentResult& result) {
  std::vector<Comparison> comparisons;
  for (std::size_t v = 1; v < result.variants.size(); ++v)
    for (const CompiledClient& client : result.variants[v].topology.clients)
      append_client(comparisons, result, result.variants[v], client.name);
  settle(comparisons, result.confidence);
  return comparisons;
}

std::vector<std::optional<std::size_t>> winners(const ExperimentResult& result,
                                                const std::vector<Comparison>& comparisons,
                                                const std::vector<Contest>& contests) {
  std::vector<Lead> leads;
  for (const Contest& contest : contests) leads.push_back(lead_of(result, contest));
  std::vector<double> p_values;
  for (const Lead& lead : leads)
    if (lead.variant) p_values.push_back(lead.p_value);
  for (const Comparison& c : comparisons)
    if (c.paired && c.paired->p_value) p_values.push_back(*c.paired->p_value);
  const std::vector<double> adjusted = holm(p_values);
  std::vector<std::optional<std::size_t>> winners;
  std::size_t next = 0;
  for (const Lead& lead : leads) {
    const bool decided = lead.variant && adjusted[next++] < 1 - result.confidence;
    winners.push_back(decided ? lead.variant : std::nullopt);
  }
  return winners;
}

}  // namespace sojourn
