#include "sojourn/io/design_report.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "sojourn/io/csv.hpp"
#include "sojourn/io/quantity.hpp"

namespace sojourn {

namespace {

using Json = nlohmann::ordered_json;
using Fate = DesignOutcome::Fate;

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json json_of(const std::optional<Estimate>& estimate) {
  if (!estimate) return {{"value", nullptr}, {"half_width", nullptr}};
  return {{"value", estimate->value}, {"half_width", json_of(estimate->half_width)}};
}

Json names_of_deferred(const DesignSpace& space, DesignMask design) {
  Json names = Json::array();
  for (const OperationName& name : deferred_by(space, design)) names.push_back(name.text());
  return names;
}

Json cases_of(const DesignSearch& search, const DesignOutcome& design) {
  Json cases = Json::object();
  for (const CaseShares& shares : design.cases)
    cases[search.cases[shares.which].name][shares.client] = {{"fulfilled_ratio", json_of(shares.fulfilled)},
                                                             {"success_ratio", json_of(shares.success)}};
  return cases;
}

Json objectives_of(const DesignOutcome& design) {
  Json list = Json::array();
  for (const ObjectiveResult& objective : design.objectives) {
    Json json = {{"objective", objective.text}};
    json.update(json_of(objective.estimate));
    json["met"] = objective.met ? Json(*objective.met) : Json(nullptr);
    list.push_back(std::move(json));
  }
  return list;
}

Json json_of(const DesignSearch& search, const DesignOutcome& design) {
  Json json = {{"design", design.name},
               {"deferred", names_of_deferred(search.space, design.mask)},
               {"fate", name_of(design.fate)},
               {"replications", design.standing.replications}};
  if (!design.reason.empty()) json["reason"] = design.reason;
  if (design.beaten_by) {
    json["beaten_by"] = search.designs[*design.beaten_by].name;
    json["better_in"] = design.better_in ? Json(search.criteria[*design.better_in].name()) : Json(nullptr);
    json["round"] = design.round;
  }
  Json criteria = Json::object();
  for (std::size_t k = 0; k < design.estimates.size(); ++k)
    criteria[search.criteria[k].name()] = json_of(design.estimates[k]);
  json["criteria"] = std::move(criteria);
  json["cases"] = cases_of(search, design);
  json["objectives"] = objectives_of(design);
  json["faults"] = design.faults;
  return json;
}

Json json_of(const DesignSearch& search, const DeferralRule& rule) {
  constexpr std::array<std::string_view, 3> advice{"wait", "defer", "choice"};
  Json effects = Json::array();
  for (const DeferralEffect& effect : rule.effects)
    effects.push_back({{"criterion", search.criteria[effect.criterion].name()},
                       {"pairs", effect.pairs},
                       {"better", effect.better},
                       {"worse", effect.worse},
                       {"same", effect.same},
                       {"least", effect.least},
                       {"most", effect.most}});
  return {{"operation", rule.operation.text()},
          {"advice", advice[static_cast<std::size_t>(rule.advice)]},
          {"missed_otherwise", rule.missed},
          {"effects", std::move(effects)}};
}

std::string field_of(std::string_view metric, Unit unit) {
  std::string name(metric);
  std::replace(name.begin(), name.end(), '.', '_');
  return unit == Unit::seconds ? name + "_s" : name;
}

std::string number_or_empty(const std::optional<double>& value) { return value ? number_text(*value) : ""; }

}  // namespace

std::string_view name_of(Fate fate) {
  constexpr std::array<std::string_view, 4> names{"frontier", "beaten", "screened", "not_run"};
  return names[static_cast<std::size_t>(fate)];
}

std::string decide_json(const Decision& decision) {
  const DesignSearch& search = decision.search;
  Json json = {{"scenario", {{"name", search.space.name}, {"sha256", search.space.sha256}}},
               {"base_variant", search.space.base_variant},
               {"seed", search.space.base.seed},
               {"status", search.complete ? "complete" : "partial"},
               {"confidence", search.confidence},
               {"margins", {{"relative", search.margins.relative}, {"ratio", search.margins.ratio}}},
               {"horizon_s", exact_seconds(search.space.base.horizon)},
               {"warmup_s", exact_seconds(search.warmup)},
               {"screening_horizon_s", search.screening ? Json(exact_seconds(*search.screening)) : Json(nullptr)},
               {"replications", search.replications},
               {"looks", search.looks},
               {"work",
                {{"runs", search.runs},
                 {"full_runs", search.full_runs()},
                 {"share", static_cast<double>(search.runs) / static_cast<double>(search.full_runs())},
                 {"events", search.events}}}};
  json["deferrable"] = Json::array();
  for (const OperationName& name : search.space.operations) json["deferrable"].push_back(name.text());
  json["cases"] = Json::array();
  for (const DesignCase& one : search.cases) json["cases"].push_back({{"name", one.name}, {"sentence", one.sentence}});
  json["criteria"] = Json::array();
  for (const Criterion& criterion : search.criteria)
    json["criteria"].push_back({{"name", criterion.name()}, {"lower_is_better", criterion.lower_is_better}});
  json["baseline"] = search.designs[search.baseline].name;
  json["theory_fails_all"] = search.theory_fails_all;
  json["frontier"] = Json::array();
  for (const DesignOutcome* design : search.frontier()) json["frontier"].push_back(design->name);
  json["choices"] = Json::array();
  for (const DesignOutcome* design : search.choices()) json["choices"].push_back(design->name);
  json["rules"] = Json::array();
  for (const DeferralRule& rule : decision.rules) json["rules"].push_back(json_of(search, rule));
  json["designs"] = Json::array();
  for (const DesignOutcome& design : search.designs) json["designs"].push_back(json_of(search, design));
  return json.dump(2) + "\n";
}

std::string designs_csv(const Decision& decision) {
  const DesignSearch& search = decision.search;
  std::string csv = "design,deferred,fate,beaten_by,better_in,round,replications,faults";
  for (const Criterion& criterion : search.criteria) {
    const std::string before = criterion.client.empty() ? "" : criterion.client + "_";
    csv += "," + before + field_of(criterion.metric, criterion.unit);
    csv += "," + before + field_of(criterion.metric + "_half_width", criterion.unit);
  }
  csv += "\n";
  for (const DesignOutcome& design : search.designs) {
    std::string deferred;
    for (const OperationName& name : deferred_by(search.space, design.mask))
      deferred += (deferred.empty() ? "" : " ") + name.text();
    csv += design.name + "," + deferred + "," + std::string(name_of(design.fate)) + "," +
           (design.beaten_by ? search.designs[*design.beaten_by].name : "") + "," +
           (design.better_in ? search.criteria[*design.better_in].name() : "") + "," +
           (design.beaten_by ? std::to_string(design.round) : "") + "," + std::to_string(design.standing.replications) +
           "," + std::to_string(design.faults.size());
    for (std::size_t k = 0; k < search.criteria.size(); ++k) {
      const auto estimate = k < design.estimates.size() ? design.estimates[k] : std::nullopt;
      csv += "," + (estimate ? number_text(estimate->value) : "") + "," +
             (estimate ? number_or_empty(estimate->half_width) : "");
    }
    csv += "\n";
  }
  return csv;
}

}  // namespace sojourn
