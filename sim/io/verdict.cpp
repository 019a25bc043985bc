#include <array>
#include <cmath>
#include <cstddef>

#include "sojourn/io/summary.hpp"

namespace sojourn {

namespace {

const Comparison* comparison_of(const Findings& findings, const std::string& variant, const std::string& client,
                                std::string_view metric) {
  for (const Comparison& c : findings.comparisons)
    if (c.variant == variant && c.client == client && c.metric == metric && c.paired) return &c;
  return nullptr;
}

std::string half_width_text(const Comparison& c) {
  return c.paired->difference.half_width ? " (paired: " + difference_text(c.paired->difference, c.unit) + ")" : "";
}

/// "3.1 times sooner than b (paired: -112 ± 3 ms)"; small differences in percent.
std::string sooner_or_later(const Comparison& c) {
  const std::string& baseline = c.baseline;
  if (c.verdict == Verdict::equal) return "exactly as " + baseline;
  if (c.verdict == Verdict::undecided) return "no different from " + baseline + " beyond chance" + half_width_text(c);
  const bool sooner = c.verdict == Verdict::lower;
  if (c.paired->ratio.value_or(0) == 0)  // one of them takes no time at all: no factor tells that
    return (sooner ? "sooner than " : "later than ") + baseline + half_width_text(c);
  const double ratio = *c.paired->ratio;
  const double factor = sooner ? 1 / ratio : ratio;
  const std::string how_much =
      factor < 1.5 ? factor_text(std::fabs(1 - ratio) * 100) + " %" : factor_text(factor) + " times";
  return how_much + (sooner ? " sooner than " : " later than ") + baseline + half_width_text(c);
}

std::optional<Estimate> estimate_of(const VariantResult& variant, const std::string& client, std::string_view path) {
  return variant.estimate("clients." + client + "." + std::string(path));
}

/// The most telling figure of a time that is known in both variants: p99, else the mean.
std::string sentence_of_time(const Findings& findings, const VariantResult& variant, const std::string& client,
                             const std::string& time, const std::string& words) {
  for (const std::string_view figure : {"p99", "mean"}) {
    const std::string path = time + "." + std::string(figure);
    const Comparison* c = comparison_of(findings, variant.name, client, path);
    if (c == nullptr) continue;
    const std::string at = figure == "p99" ? " at p99, " : " on average, ";
    return words + value_text(estimate_of(variant, client, path), Unit::seconds) + at + sooner_or_later(*c);
  }
  return "";
}

std::string share_text(const VariantResult& variant, const std::string& client, std::string_view path) {
  return quantity_text(estimate_of(variant, client, path), Unit::ratio);
}

/// What the answers were worth: said where it differs, or is not perfect.
std::string sentence_of_promises(const Findings& findings, const VariantResult& variant, const std::string& client) {
  const VariantResult& baseline = findings.result.variants.front();
  const Comparison* fulfilled = comparison_of(findings, variant.name, client, "fulfilled_ratio");
  const Comparison* broken = comparison_of(findings, variant.name, client, "broken_promise_ratio");
  if (fulfilled == nullptr || broken == nullptr) return "";
  std::string text = share_text(variant, client, "fulfilled_ratio") + " are fulfilled";
  if (fulfilled->verdict != Verdict::equal) text += " against " + share_text(baseline, client, "fulfilled_ratio");
  text += ", broken promises are " + share_text(variant, client, "broken_promise_ratio");
  if (broken->verdict != Verdict::equal) text += " against " + share_text(baseline, client, "broken_promise_ratio");
  return text;
}

/// Joins sentences and ends them.
std::string told(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts)
    if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
  return text.empty() ? text : text + ".";
}

std::string whose(const Findings& findings, const std::string& client) {
  return findings.result.variants.front().topology.clients.size() > 1 ? " " + client : "";
}

std::string compared(const Findings& findings, const VariantResult& variant, const std::string& client) {
  return told({sentence_of_time(findings, variant, client, "response_time",
                                variant.name + " answers" + whose(findings, client) + " in "),
               sentence_of_time(findings, variant, client, "completion_time", "all work of a request is done in "),
               sentence_of_promises(findings, variant, client)});
}

std::string alone(const Findings& findings, const std::string& client) {
  const VariantResult& only = findings.result.variants.front();
  if (!estimate_of(only, client, "response_time.mean")) return "";
  const auto time = [&](std::string_view path) {
    return quantity_text(estimate_of(only, client, path), Unit::seconds);
  };
  return told({only.name + " answers" + whose(findings, client) + " in " + time("response_time.mean") +
                   " on average and " + time("response_time.p99") + " at p99",
               "all work of a request is done in " + time("completion_time.mean") + " on average",
               share_text(only, client, "fulfilled_ratio") + " are fulfilled"});
}

}  // namespace

std::vector<std::string> verdict_of(const Findings& findings) {
  std::vector<std::string> sentences;
  const ExperimentResult& result = findings.result;
  for (const CompiledClient& client : result.variants.front().topology.clients) {
    if (result.variants.size() == 1) sentences.push_back(alone(findings, client.name));
    for (std::size_t v = 1; v < result.variants.size(); ++v)
      sentences.push_back(compared(findings, result.variants[v], client.name));
  }
  std::erase(sentences, std::string{});
  return sentences;
}

}  // namespace sojourn
