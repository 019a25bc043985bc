#include "sojourn/io/capacity_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sojourn/io/csv.hpp"
#include "sojourn/io/quantity.hpp"

namespace sojourn {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json json_of(const Trial& trial) {
  Json json = {{"verdict", name_of(trial.verdict)},
               {"growth", name_of(trial.growth)},
               {"growing", trial.growing},
               {"stopped", trial.stopped.empty() ? Json(nullptr) : Json(trial.stopped)}};
  json["objectives"] = Json::array();
  for (const JudgedObjective& objective : trial.objectives) {
    const auto& estimate = objective.result.estimate;
    json["objectives"].push_back({{"objective", objective.result.text},
                                  {"value", estimate ? Json(estimate->value) : Json(nullptr)},
                                  {"half_width", estimate ? json_of(estimate->half_width) : Json(nullptr)},
                                  {"limit", json_of(objective.result.limit)},
                                  {"at_most", objective.at_most},
                                  {"verdict", objective.verdict ? Json(name_of(*objective.verdict)) : Json(nullptr)}});
  }
  json["taken"] = Json::object();
  for (const auto& [service, share] : trial.taken) json["taken"][service] = share;
  return json;
}

template <class Search>
Json head_of(const Search& search, const char* mode) {
  return {{"scenario", {{"name", search.name}, {"sha256", search.sha256}}},
          {"mode", mode},
          {"seed", search.seed},
          {"replications", search.replications},
          {"status", search.complete ? "complete" : "partial"},
          {"confidence", search.confidence},
          {"horizon_s", exact_seconds(search.horizon)},
          {"work", {{"runs", search.runs}, {"events", search.events}}}};
}

// ---- loads ----

Json load_json(const VariantCapacity& variant, const std::optional<double>& factor) {
  if (!factor) return nullptr;
  const ClientLoad load = variant.load(*factor);
  return {{"factor", *factor},
          {"requests_per_s", variant.open() ? Json(load.requests_per_s) : Json(nullptr)},
          {"users", load.users > 0 ? Json(load.users) : Json(nullptr)}};
}

Json json_of(const VariantCapacity& variant) {
  Json json = {{"status", variant.complete ? "complete" : "partial"},
               {"scenario_load", load_json(variant, 1)},
               {"highest_load", load_json(variant, variant.value)},
               {"met_up_to", load_json(variant, variant.met)},
               {"missed_from", load_json(variant, variant.missed)},
               {"missed_by_theory", variant.missed_by_theory},
               {"first_to_give_in", nullptr},
               {"why", variant.why.empty() ? Json(nullptr) : Json(variant.why)},
               {"theory", nullptr}};
  if (!variant.first.name.empty())
    json["first_to_give_in"] = {{"service", variant.first.name},
                                {"taken", variant.first.taken},
                                {"busy", variant.first.busy},
                                {"held", variant.first.held}};
  if (variant.theory)
    json["theory"] = {{"factor", variant.theory->factor},
                      {"requests_per_s", variant.theory->requests_per_s},
                      {"saturated", variant.theory->first},
                      {"result", variant.theory->basis.result},
                      {"exact", variant.theory->basis.exact}};
  json["tried"] = Json::array();
  for (const TriedLoad& tried : variant.tried) {
    Json one = {{"factor", tried.factor},
                {"requests_per_s", variant.open() ? Json(tried.load.requests_per_s) : Json(nullptr)},
                {"users", tried.load.users > 0 ? Json(tried.load.users) : Json(nullptr)}};
    one.update(json_of(tried.trial));
    json["tried"].push_back(std::move(one));
  }
  return json;
}

// ---- replicas ----

Json replicas_json(const VariantReplicas& variant, const std::optional<Replicas>& replicas) {
  if (!replicas) return nullptr;
  Json json = {{"replicas", Json::object()}};
  for (std::size_t i = 0; i < variant.services.size(); ++i) json["replicas"][variant.services[i].name] = (*replicas)[i];
  json["count"] = variant.count(*replicas);
  json["cost_per_hour"] = variant.has_costs() ? Json(variant.cost_per_hour(*replicas)) : Json(nullptr);
  return json;
}

Json json_of(const VariantReplicas& variant) {
  Json json = {{"status", variant.complete ? "complete" : "partial"},
               {"cheapest", replicas_json(variant, variant.best)},
               {"surviving_one", replicas_json(variant, variant.surviving)},
               {"services", Json::object()},
               {"left_alone", variant.left_alone}};
  for (const ScaledService& service : variant.services)
    json["services"][service.name] = {
        {"written", service.written}, {"least", service.least}, {"cost_per_hour", service.cost_per_hour}};
  json["tried"] = Json::array();
  for (const TriedReplicas& tried : variant.tried) {
    Json one = replicas_json(variant, tried.replicas);
    one.update(json_of(tried.trial));
    json["tried"].push_back(std::move(one));
  }
  return json;
}

// ---- CSV ----

std::string field(const std::optional<double>& value) { return value ? number_text(*value) : ""; }

constexpr const char* trial_header = "verdict,growth,objective,value,half_width,limit,objective_verdict,first,taken\n";

/// A row for each objective; one without where there is none.
std::string rows_of(const std::string& before, const Trial& trial) {
  const std::string start =
      before + std::string(name_of(trial.verdict)) + "," + std::string(name_of(trial.growth)) + ",";
  const std::string end = "," + trial.first.name + "," + number_text(trial.first.taken) + "\n";
  std::string rows;
  for (const JudgedObjective& objective : trial.objectives) {
    if (!objective.verdict) continue;
    const auto& estimate = objective.result.estimate;
    rows += start + objective.result.text + "," + (estimate ? number_text(estimate->value) : "") + "," +
            (estimate ? field(estimate->half_width) : "") + "," + field(objective.result.limit) + "," +
            std::string(name_of(*objective.verdict)) + end;
  }
  return rows.empty() ? start + ",,,," + end : rows;
}

}  // namespace

std::string capacity_json(const CapacitySearch& search) {
  Json json = head_of(search, "load");
  json["tolerance"] = search.tolerance;
  json["clients"] = search.clients;
  json["variants"] = Json::object();
  for (const VariantCapacity& variant : search.variants) json["variants"][variant.variant] = json_of(variant);
  return json.dump(2) + "\n";
}

std::string capacity_json(const ReplicaSearch& search) {
  Json json = head_of(search, "replicas");
  json["with_one_lost"] = search.survive_one;
  json["variants"] = Json::object();
  for (const VariantReplicas& variant : search.variants) json["variants"][variant.variant] = json_of(variant);
  return json.dump(2) + "\n";
}

std::string capacity_csv(const CapacitySearch& search) {
  std::string csv = std::string("variant,factor,requests_per_s,users,") + trial_header;
  for (const VariantCapacity& variant : search.variants)
    for (const TriedLoad& tried : variant.tried)
      csv += rows_of(variant.variant + "," + number_text(tried.factor) + "," +
                         (variant.open() ? number_text(tried.load.requests_per_s) : "") + "," +
                         (tried.load.users > 0 ? number_text(tried.load.users) : "") + ",",
                     tried.trial);
  return csv;
}

std::string capacity_csv(const ReplicaSearch& search) {
  std::vector<std::string> names;
  for (const VariantReplicas& variant : search.variants)
    for (const ScaledService& service : variant.services)
      if (std::find(names.begin(), names.end(), service.name) == names.end()) names.push_back(service.name);
  std::string csv = "variant,";
  for (const std::string& name : names) csv += "replicas_" + name + ",";
  csv += std::string("replicas,cost_per_hour,role,") + trial_header;
  for (const VariantReplicas& variant : search.variants)
    for (const TriedReplicas& tried : variant.tried) {
      std::string row = variant.variant + ",";
      for (const std::string& name : names) {
        for (std::size_t i = 0; i < variant.services.size(); ++i)
          if (variant.services[i].name == name) row += std::to_string(tried.replicas[i]);
        row += ",";
      }
      row += std::to_string(variant.count(tried.replicas)) + "," +
             (variant.has_costs() ? number_text(variant.cost_per_hour(tried.replicas)) : "") + "," +
             (tried.replicas == variant.best        ? "cheapest"
              : tried.replicas == variant.surviving ? "surviving_one"
                                                    : "tried") +
             ",";
      csv += rows_of(row, tried.trial);
    }
  return csv;
}

}  // namespace sojourn
