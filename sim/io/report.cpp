#include "sojourn/io/report.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "sojourn/io/quantity.hpp"
#include "sojourn/system/edges.hpp"

namespace sojourn {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

/// An interval that rests on another number of values than there are replications says on how many.
Json json_of(const std::optional<Estimate>& estimate, std::uint64_t replications) {
  if (!estimate) return {{"value", nullptr}, {"half_width", nullptr}};
  Json json = {{"value", estimate->value}, {"half_width", json_of(estimate->half_width)}};
  if (estimate->half_width && estimate->n != replications) json["n"] = estimate->n;
  return json;
}

Json json_of(const Column& column, const std::optional<Estimate>& estimate, std::uint64_t replications) {
  if (column.statistic != Statistic::total) return json_of(estimate, replications);
  return estimate ? Json(static_cast<std::uint64_t>(estimate->value)) : Json(nullptr);
}

/// Puts one column where its path says; a group of numbers that the variant cannot have becomes null.
void put(Json& variant, const Column& column, const std::optional<Estimate>& estimate, std::uint64_t replications) {
  Json* at = &variant[std::string(name_of(column.section))];
  for (const std::string& name : column.subject) at = &(*at)[name];
  for (std::size_t i = 0; i + 1 < column.measure.size(); ++i) at = &(*at)[column.measure[i]];
  if (column.present)
    (*at)[column.measure.back()] = json_of(column, estimate, replications);
  else if (column.measure.size() == 1)
    (*at)[column.measure.back()] = nullptr;
}

Json json_of(const VariantResult& result) {
  Json variant = {{"fingerprint", fingerprint_text(result.fingerprint)}};
  for (const Section section :
       {Section::clients, Section::services, Section::calls, Section::topics, Section::resources})
    variant[std::string(name_of(section))] = Json::object();
  for (std::size_t c = 0; c < result.columns.size(); ++c)
    put(variant, result.columns[c], result.estimates[c], result.merged.replications);
  variant["flow"] = Json::array();
  for (const Edge& edge : edges_of(result.topology))
    variant["flow"].push_back({{"from", edge.from}, {"to", edge.to}, {"kind", edge.kind}});
  return variant;
}

Json json_of(const Comparison& comparison, std::uint64_t replications) {
  const bool known = comparison.paired.has_value();
  return {{"client", comparison.client},
          {"metric", comparison.metric},
          {"baseline", comparison.baseline},
          {"variant", comparison.variant},
          {"difference", json_of(known ? std::optional{comparison.paired->difference} : std::nullopt, replications)},
          {"ratio", json_of(known ? comparison.paired->ratio : std::nullopt)},
          {"correlation", json_of(known ? comparison.paired->correlation : std::nullopt)},
          {"verdict", name_of(comparison.verdict)}};
}

Json json_of(const ObjectiveResult& objective, std::uint64_t replications) {
  Json json = {{"variant", objective.variant}, {"objective", objective.text}};
  json.update(json_of(objective.estimate, replications));
  json["met"] = objective.met ? Json(*objective.met) : Json(nullptr);
  return json;
}

Json json_of(const TheoryCheck& check, std::uint64_t replications) {
  Json json = {{"variant", check.variant}, {"path", check.path}, {"result", check.result}, {"exact", check.exact}};
  json.update(json_of(std::optional(check.simulated), replications));
  json["standard_errors"] = json_of(check.standard_errors);
  return json;
}

Json json_of(const BlameStory& story) {
  Json json = {{"variant", story.variant},     {"client", story.client},     {"time", story.time},
               {"statistic", story.statistic}, {"requests", story.requests}, {"value", story.seconds}};
  json["parts"] = Json::array();
  for (const BlamePart& part : story.parts)
    json["parts"].push_back({{"where", part.place}, {"why", name_of(part.why)}, {"value", part.seconds}});
  return json;
}

Json json_of(const Warning& warning) {
  return {{"name", warning.name}, {"variant", warning.variant}, {"path", warning.path}, {"message", warning.message}};
}

template <class Item, class... More>
Json list_of(const std::vector<Item>& items, const More&... more) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(json_of(item, more...));
  return list;
}

}  // namespace

std::string fingerprint_text(std::uint64_t fingerprint) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; fingerprint >>= 4) text[i] = "0123456789abcdef"[fingerprint & 15];
  return text;
}

std::string report_json(const Findings& findings) {
  const ExperimentResult& result = findings.result;
  Json report = {{"scenario", {{"name", result.name}, {"sha256", result.sha256}}},
                 {"seed", result.seed},
                 {"replications", result.replications},
                 {"confidence", result.confidence},
                 {"horizon_s", exact_seconds(result.horizon)},
                 {"warmup_s", exact_seconds(result.warmup)},
                 {"fingerprint", fingerprint_text(result.fingerprint)},
                 {"events", result.events},
                 {"status", result.complete() ? "complete" : "partial"},
                 {"warnings", list_of(findings.warnings)}};
  if (result.terminating) report["pooled_over_time"] = true;
  if (result.stopped)
    report["stopped"] = {{"variant", result.stopped->variant},
                         {"replication", result.stopped->replication + 1},
                         {"reason", result.stopped->reason}};
  report["variants"] = Json::object();
  for (const VariantResult& variant : result.variants) report["variants"][variant.name] = json_of(variant);
  report["comparisons"] = list_of(findings.comparisons, result.replications);
  report["objectives"] = list_of(findings.objectives, result.replications);
  report["theory"] = list_of(findings.theory, result.replications);
  report["blame"] = list_of(findings.blame);
  return report.dump(2) + "\n";
}

}  // namespace sojourn
