#include <cstddef>
#include <string>
#include <vector>

#include "sojourn/model/validation.hpp"
#include "sojourn/model/walk.hpp"

namespace sojourn {
namespace {

constexpr std::size_t most_issues = 200;

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
    if (scenario_.horizon.ns > 0 && scenario_.warmup >= scenario_.horizon)
      error("/warmup", "expected a warmup shorter than the horizon of " + to_text(scenario_.horizon) + ", found " +
                           to_text(scenario_.warmup));
  }

  void check_client(const std::string& pointer, const Client& client) {
    const bool single = client.requests.weights.size() == 1;
    for (const auto& [operation, weight] : client.requests.weights)
      check_operation(pointer + "/requests" + (single ? "" : "/" + operation.text()), operation);
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
    constexpr std::size_t most_hints = 20;
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
