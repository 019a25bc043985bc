#include "sojourn/io/theory_report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace sojourn {

namespace {

using Json = nlohmann::ordered_json;

std::optional<Estimate> exactly(const std::optional<double>& value) {
  if (!value) return std::nullopt;
  return Estimate{.value = *value, .half_width = std::nullopt};
}

std::string text_of(const std::optional<double>& value, Unit unit) {
  if (value && unit == Unit::seconds && *value < 1e-9) return *value == 0 ? "0" : "< 1 ns";
  return value ? value_text(exactly(value), unit) : "-";
}

std::string share_text(const std::optional<double>& share) {
  return share ? fixed(*share * 100, 1) + " %" : "unlimited";
}

/// "M/M/4 (Erlang C), exact"; "layered approximation: shop holds its workers ..."; "no result applies, because ...".
std::string text_of(const Basis& basis) {
  if (basis.result.empty()) return basis.because.empty() ? "" : "no result applies, because " + basis.because;
  if (basis.exact) return basis.result + ", exact";
  return basis.result + (basis.because.empty() ? "" : "; not exact: " + basis.because);
}

/// "M/M/4 (Erlang C), exact", or the result alone.
std::string short_text_of(const Basis& basis) {
  return basis.result.empty() ? text_of(basis) : basis.result + (basis.exact ? ", exact" : "");
}

std::string limit_text(const Prediction& prediction) {
  if (!prediction.limit) return "no load of open clients saturates a service";
  const LoadLimit& limit = *prediction.limit;
  return "highest load " + text_of(limit.requests_per_s, Unit::per_second) + " requests, " + factor_text(limit.factor) +
         " x that of the scenario: then " + limit.first + " is saturated (" + text_of(limit.basis) + ")";
}

Block services_block(const Prediction& prediction) {
  Block block{.heading = prediction.variant + ": " + limit_text(prediction), .grid = {}, .rows = {}, .sentences = {}};
  block.rows.push_back({"service", "jobs", "at work", "taken", "carries", "mean wait", "by"});
  for (const ServicePrediction& service : prediction.services) {
    if (service.jobs_per_s <= 0) continue;
    const std::string mark = service.name == prediction.bottleneck ? " <- bottleneck" : "";
    block.rows.push_back({service.name + mark, text_of(service.jobs_per_s, Unit::per_second),
                          share_text(service.utilization), share_text(service.taken),
                          text_of(service.most_jobs_per_s, Unit::per_second), text_of(service.wait_s, Unit::seconds),
                          short_text_of(service.wait)});
  }
  for (const std::string& text : prediction.left_out) block.sentences.push_back(text);
  return block;
}

void append_bounds(Block& block, const ClientPrediction& client) {
  if (!client.bounds) return;
  const UserBounds& b = *client.bounds;
  block.sentences.push_back(
      client.name + ": whatever the law of the work, between " + text_of(b.throughput_low, Unit::per_second) + " and " +
      text_of(b.throughput_high, Unit::per_second) + " requests, each in " + text_of(b.response_low_s, Unit::seconds) +
      " to " + text_of(b.response_high_s, Unit::seconds) + "; from " + fixed(std::ceil(b.knee_users), 0) +
      " users on more of them wait longer and get no more done (asymptotic bounds)");
}

Block clients_block(const Prediction& prediction) {
  Block block{.heading = prediction.variant + ": response times", .grid = {}, .rows = {}, .sentences = {}};
  block.rows.push_back({"client", "requests", "mean", "p50", "p99", "by"});
  for (const ClientPrediction& client : prediction.clients) {
    const ResponsePrediction& response = client.response;
    block.rows.push_back({client.name, text_of(client.requests_per_s, Unit::per_second),
                          text_of(response.mean_s, Unit::seconds), text_of(response.p50_s, Unit::seconds),
                          text_of(response.p99_s, Unit::seconds), text_of(response.basis)});
    if (client.completion_s && response.mean_s && *client.completion_s > *response.mean_s * (1 + 1e-9))
      block.sentences.push_back(client.name + ": all that a request causes is done after " +
                                text_of(client.completion_s, Unit::seconds) +
                                " on average (Little's law at each station)");
    if (client.success < 1 || client.amplification > 1)
      block.sentences.push_back(client.name + ": " + fixed(client.success * 100, 3) + " % succeed, with " +
                                fixed(client.amplification, 4) + " attempts of the client each");
    append_bounds(block, client);
  }
  return block;
}

Json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json json_of(const Basis& basis) {
  return {{"result", basis.result.empty() ? Json(nullptr) : Json(basis.result)},
          {"exact", basis.exact},
          {"because", basis.because.empty() ? Json(nullptr) : Json(basis.because)}};
}

Json json_of(const ServicePrediction& service) {
  return {{"jobs_per_s", service.jobs_per_s},
          {"utilization", number(service.utilization)},
          {"taken", number(service.taken)},
          {"waiting_time", {{"mean", number(service.wait_s)}, {"by", json_of(service.wait)}}},
          {"most_jobs_per_s", {{"value", number(service.most_jobs_per_s)}, {"by", json_of(service.most)}}}};
}

Json json_of(const ClientPrediction& client) {
  const ResponsePrediction& response = client.response;
  Json json = {{"requests_per_s", client.requests_per_s},
               {"success_ratio", client.success},
               {"amplification", client.amplification},
               {"response_time",
                {{"mean", number(response.mean_s)},
                 {"p50", number(response.p50_s)},
                 {"p95", number(response.p95_s)},
                 {"p99", number(response.p99_s)},
                 {"by", json_of(response.basis)}}},
               {"completion_time", {{"mean", number(client.completion_s)}}},
               {"bounds", nullptr}};
  if (client.bounds)
    json["bounds"] = {{"throughput_low_per_s", number(client.bounds->throughput_low)},
                      {"throughput_high_per_s", number(client.bounds->throughput_high)},
                      {"response_low", number(client.bounds->response_low_s)},
                      {"response_high", number(client.bounds->response_high_s)},
                      {"knee_users", number(client.bounds->knee_users)}};
  return json;
}

Json json_of(const Prediction& prediction) {
  Json json = {{"bottleneck", prediction.bottleneck.empty() ? Json(nullptr) : Json(prediction.bottleneck)},
               {"highest_load", nullptr}};
  if (prediction.limit)
    json["highest_load"] = {{"requests_per_s", number(prediction.limit->requests_per_s)},
                            {"factor", number(prediction.limit->factor)},
                            {"saturated", prediction.limit->first},
                            {"by", json_of(prediction.limit->basis)}};
  json["services"] = Json::object();
  for (const ServicePrediction& service : prediction.services) json["services"][service.name] = json_of(service);
  json["clients"] = Json::object();
  for (const ClientPrediction& client : prediction.clients) json["clients"][client.name] = json_of(client);
  json["left_out"] = prediction.left_out;
  return json;
}

}  // namespace

Summary summary_of(const Study& study, const std::vector<Prediction>& predictions) {
  Summary summary{.title = study.name, .question = study.question, .basis = "", .blocks = {}};
  summary.basis =
      "theory: nothing was run; 'exact' stands where all assumptions of the result hold. At work: share of workers or "
      "cores; taken: with those that are held while their job waits for others; carries: when all open clients grow "
      "alike";
  for (const Prediction& prediction : predictions) {
    summary.blocks.push_back(services_block(prediction));
    summary.blocks.push_back(clients_block(prediction));
  }
  return summary;
}

std::string theory_json(const Study& study, const std::vector<Prediction>& predictions) {
  Json json = {{"scenario", {{"name", study.name}, {"sha256", study.sha256}}}, {"variants", Json::object()}};
  for (const Prediction& prediction : predictions) json["variants"][prediction.variant] = json_of(prediction);
  return json.dump(2) + "\n";
}

}  // namespace sojourn
