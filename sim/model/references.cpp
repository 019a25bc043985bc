#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "sojourn/model/validation.hpp"
#include "sojourn/model/walk.hpp"

namespace sojourn {
namespace {

constexpr std::size_t most_issues = 200;
constexpr std::size_t most_hints = 20;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

template <class Map>
std::vector<std::string> names_in(const Map& map) {
  std::vector<std::string> names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

/// Looks names up, and tells those that lead nowhere.
class References {
 public:
  explicit References(const Scenario& scenario) : scenario_(scenario), services_(names_in(scenario.services)) {}

  Issues check() {
    check_top();
    for (const auto& [name, client] : scenario_.clients) check_client("/clients/" + name, client);
    for_each_step(scenario_,
                  [&](const Step& step, const StepPlace& place, const OperationName&) { check_step(step, place); });
    for (const auto& [name, topic] : scenario_.topics)
      for (const auto& [operation, options] : topic.subscriptions)
        check_operation("/topics/" + name + "/subscriptions/" + operation.text(), operation);
    for (std::size_t i = 0; i < scenario_.incidents.size(); ++i)
      check_incident("/incidents/" + std::to_string(i), scenario_.incidents[i]);
    check_watched();
    for (const auto& [name, link] : scenario_.network.links) check_link("/network/links/" + name.text(), name.text());
    return std::move(issues_);
  }

 private:
  void error(std::string pointer, std::string message) {
    if (issues_.size() < most_issues)
      issues_.push_back(
          {.severity = Severity::error, .line = 0, .pointer = std::move(pointer), .message = std::move(message)});
  }

  void check_top() {
    if (!is_name(scenario_.name))
      error("/name", "expected " + std::string(name_rule) + ", found \"" + scenario_.name + "\"");
    if (scenario_.clients.empty()) error("/clients", "expected at least one client, found none");
    if (scenario_.horizon.ns > 0 && scenario_.warmup.length >= scenario_.horizon)
      error("/warmup", "expected a warmup shorter than the horizon of " + to_text(scenario_.horizon) + ", found " +
                           to_text(scenario_.warmup.length));
    if (scenario_.precision && !scenario_.clients.contains(scenario_.precision->client))
      error("/precision/client", "expected a client of the scenario, found \"" + scenario_.precision->client + "\"" +
                                     did_you_mean(scenario_.precision->client, names_in(scenario_.clients)));
  }

  void check_client(const std::string& pointer, const Client& client) {
    const bool single = client.requests.weights.size() == 1;
    for (const auto& [operation, weight] : client.requests.weights)
      check_operation(pointer + "/requests" + (single ? "" : "/" + operation.text()), operation);
    for (std::size_t i = 0; i < client.then.size(); ++i) {
      const std::string at = pointer + "/then/" + std::to_string(i);
      check_operation(at + "/requests", client.then[i].operation);
      if (client.then[i].expects) check_operation(at + "/expects", *client.then[i].expects);
    }
    if (!client.arrivals) return;
    const auto* renewal = std::get_if<RenewalArrivals>(&client.arrivals->law);
    if (renewal != nullptr && !(mean_ns(renewal->gap) > 0))
      error(pointer + "/arrivals/renewal", "expected a gap above 0, found one that is always 0");
  }

  void check_step(const Step& step, const StepPlace& place) {
    if (const auto* call = std::get_if<Call>(&step.kind)) check_operation(place.pointer + "/call", call->operation);
    if (const auto* publish = std::get_if<Publish>(&step.kind); publish && !scenario_.topics.contains(publish->topic))
      error(place.pointer + "/publish", "expected a topic of the scenario, found \"" + publish->topic + "\"" +
                                            did_you_mean(publish->topic, names_in(scenario_.topics)));
    if (const auto* use = std::get_if<Use>(&step.kind); use && !scenario_.resources.contains(use->resource))
      error(place.pointer + "/use", "expected a resource of the scenario, found \"" + use->resource + "\"" +
                                        did_you_mean(use->resource, names_in(scenario_.resources)));
    if (const auto* await = std::get_if<Await>(&step.kind))
      check_operations(place.pointer + "/await", await->operations);
    if (const auto* notify = std::get_if<Notify>(&step.kind)) check_operations(place.pointer + "/when", notify->when);
  }

  void check_operations(const std::string& pointer, const std::vector<OperationName>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) check_operation(pointer + "/" + std::to_string(i), names[i]);
  }

  /// Operations that are waited for: a request has a bit for each.
  void check_watched() {
    std::set<OperationName> watched;
    for (const auto& [name, client] : scenario_.clients)
      for (const FollowUp& follow : client.then)
        if (follow.expects) watched.insert(*follow.expects);
    for_each_step(scenario_, [&](const Step& step, const StepPlace& place, const OperationName&) {
      const auto* await = std::get_if<Await>(&step.kind);
      const auto* notify = std::get_if<Notify>(&step.kind);
      if (await == nullptr && notify == nullptr) return;
      const auto& names = await != nullptr ? await->operations : notify->when;
      const bool room = watched.size() <= most_watched;
      watched.insert(names.begin(), names.end());
      if (room && watched.size() > most_watched)
        error(place.pointer + (await != nullptr ? "/await" : "/when"),
              "expected at most " + std::to_string(most_watched) +
                  " operations to be waited for in all, by 'await', 'when' and 'expects', found more");
    });
  }

  // ---- incidents and links ----

  /// What a name stands for: "service", "topic", "client", "operation", "link"; empty when nothing has it.
  [[nodiscard]] std::vector<std::string> kinds_of(const std::string& name) const {
    std::vector<std::string> kinds;
    if (scenario_.services.contains(name)) kinds.emplace_back("service");
    if (scenario_.topics.contains(name)) kinds.emplace_back("topic");
    if (scenario_.clients.contains(name)) kinds.emplace_back("client");
    const std::size_t dot = name.find('.');
    const auto service = scenario_.services.find(name.substr(0, dot));
    if (dot != std::string::npos && service != scenario_.services.end() &&
        service->second.operations.contains(name.substr(dot + 1)) && kinds.empty())
      kinds.emplace_back("operation");
    return kinds;
  }

  [[nodiscard]] std::vector<std::string> all_names() const {
    std::vector<std::string> names = services_;
    for (const auto& [name, topic] : scenario_.topics) names.push_back(name);
    for (const auto& [name, client] : scenario_.clients) names.push_back(name);
    for (const auto& [service, parts] : scenario_.services)
      for (const auto& [operation, steps] : parts.operations) names.push_back(service + "." + operation);
    return names;
  }

  /// A topic of the scenario, or one that some variant makes of a call that it defers.
  [[nodiscard]] bool is_topic(const std::string& name) const {
    bool is_one = scenario_.topics.contains(name);
    for_each_step(scenario_, [&](const Step& step, const StepPlace&, const OperationName&) {
      const auto* call = std::get_if<Call>(&step.kind);
      is_one |= call != nullptr && call->deferrable && call->operation.text() == name;
    });
    return is_one;
  }

  /// A link goes from a client or service to a service, from a service to a topic, or from a topic to a service.
  void check_link(const std::string& pointer, const std::string& name) {
    const std::size_t arrow = name.find("->");
    const std::string from = name.substr(0, arrow), to = name.substr(arrow + 2);
    const bool to_service = scenario_.services.contains(to), to_topic = is_topic(to);
    const bool from_service = scenario_.services.contains(from);
    if (to_service && (from_service || scenario_.clients.contains(from) || is_topic(from))) return;
    if (to_topic && from_service) return;
    const bool to_is_wrong = !to_service && !to_topic;
    const std::string right = issues_.size() < most_hints ? nearest(to_is_wrong ? to : from, all_names()) : "";
    const bool has_hint = !right.empty() && right != (to_is_wrong ? to : from);
    error(pointer,
          "expected a link from a client, service or topic to a service, or from a service to a topic, found \"" +
              name + "\"" +
              (has_hint ? "; did you mean '" + (to_is_wrong ? from + "->" + right : right + "->" + to) + "'?" : ""));
  }

  void check_incident(const std::string& pointer, const Incident& incident) {
    for (std::size_t i = 0; i < incident.targets.size(); ++i) {
      const std::string& target = incident.targets[i];
      const std::string at = pointer + "/target";
      if (target.find("->") != std::string::npos) {
        check_link(at, target);
        check_effect(pointer, incident, "link", target);
        continue;
      }
      const auto kinds = kinds_of(target);
      if (kinds.empty())
        error(at, "expected a service, operation, topic, link or client of the scenario, found \"" + target + "\"" +
                      near(target, all_names()));
      else if (kinds.size() > 1)
        error(at, "expected a name that one thing has, found \"" + target + "\", which is a " + kinds[0] + " and a " +
                      kinds[1]);
      else
        check_effect(pointer, incident, kinds[0], target);
    }
  }

  void check_effect(const std::string& pointer, const Incident& incident, const std::string& kind,
                    const std::string& target) {
    const bool rate = std::holds_alternative<RateEffect>(incident.effect.kind);
    const bool replicas = std::holds_alternative<ReplicasEffect>(incident.effect.kind);
    if (rate && kind != "client")
      error(pointer + "/effect", "expected a client as target of 'rate', found the " + kind + " \"" + target + "\"");
    const bool work = std::holds_alternative<SlowdownEffect>(incident.effect.kind) ||
                      std::holds_alternative<FailsEffect>(incident.effect.kind);
    if (work && kind == "client")
      error(pointer + "/effect",
            "expected something that works as target of 'slowdown' and 'fails', found the client \"" + target +
                "\"; 'rate' changes its load");
    if (replicas && kind != "service")
      error(pointer + "/effect",
            "expected a service as target of 'replicas', found the " + kind + " \"" + target + "\"");
  }

  void check_operation(std::string pointer, const OperationName& name) {
    const auto service = scenario_.services.find(name.service);
    if (service == scenario_.services.end())
      error(std::move(pointer), "expected an operation of the scenario, found \"" + name.text() +
                                    "\"; there is no service '" + name.service + "'" + near(name.service, services_));
    else if (!service->second.operations.contains(name.operation))
      error(std::move(pointer), "expected an operation of the scenario, found \"" + name.text() + "\"; service '" +
                                    name.service + "' has no operation '" + name.operation + "'" +
                                    near(name.operation, names_in(service->second.operations)));
  }

  /// The hint, while few are given: it takes longer than all other checks.
  [[nodiscard]] std::string near(const std::string& word, const std::vector<std::string>& words) const {
    return issues_.size() < most_hints ? did_you_mean(word, words) : "";
  }

  const Scenario& scenario_;
  std::vector<std::string> services_;
  Issues issues_;
};

}  // namespace

bool is_name(std::string_view text) {
  constexpr std::size_t longest = 64;
  if (text.empty() || text.size() > longest) return false;
  for (const char c : text)
    if (!is_name_character(c)) return false;
  return true;
}

Issues check_references(const Scenario& scenario) { return References(scenario).check(); }

Issues validate(const Scenario& scenario) {
  Issues issues = check_references(scenario);
  return has_errors(issues) ? issues : check_flows(scenario);
}

}  // namespace sojourn
