#include "sojourn/experiment/comparison.hpp"

#include <array>
#include <cmath>
#include <cstddef>

namespace sojourn {

namespace {

constexpr std::array<std::string_view, 9> metrics{
    "response_time.mean",   "response_time.p99",      "completion_time.mean",
    "completion_time.p99",  "notification_time.mean", "fulfilled_ratio",
    "broken_promise_ratio", "success_ratio",          "succeeded_per_s"};

std::optional<PairedDifference> compare_columns(const VariantResult& baseline, std::size_t b,
                                                const VariantResult& variant, std::size_t v, double confidence) {
  const std::optional<Estimate>& from = baseline.estimates[b];
  const std::optional<Estimate>& to = variant.estimates[v];
  if (!from || !to) return std::nullopt;
  if (variant.columns[v].statistic == Statistic::quantile)
    return compare_paired_quantiles(from->value, to->value, baseline.values[b], variant.values[v], confidence);
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

std::optional<std::size_t> winner(const ExperimentResult& result, std::string_view dotted, bool lower_is_better) {
  std::vector<std::optional<std::size_t>> at;
  std::optional<std::size_t> best;
  const auto value = [&](std::size_t v) { return result.variants[v].estimates[*at[v]]->value; };
  for (std::size_t v = 0; v < result.variants.size(); ++v) {
    at.push_back(position_of(result.variants[v].columns, dotted));
    if (!at[v] || !result.variants[v].estimates[*at[v]]) return std::nullopt;
    if (!best || (lower_is_better ? value(v) < value(*best) : value(v) > value(*best))) best = v;
  }
  for (std::size_t v = 0; v < result.variants.size(); ++v) {
    if (v == *best) continue;
    const auto paired =
        compare_columns(result.variants[v], *at[v], result.variants[*best], *at[*best], result.confidence);
    if (!paired || !paired->difference.half_width ||
        std::fabs(paired->difference.value) <= *paired->difference.half_width)
      return std::nullopt;
  }
  return result.variants.size() > 1 ? best : std::nullopt;
}

}  // namespace sojourn
