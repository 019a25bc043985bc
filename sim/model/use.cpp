// What is there and never comes into play.

#include <set>
#include <string>
#include <vector>

#include "sojourn/model/checks.hpp"
#include "sojourn/model/walk.hpp"

namespace sojourn {
namespace {

class UseChecks {
 public:
  UseChecks(const Scenario& scenario, const FlowGraph& graph)
      : scenario_(scenario), graph_(graph), reached_(reached_nodes(scenario, graph)) {
    for (const auto& [name, client] : scenario.clients) {
      for (const auto& [operation, weight] : client.requests.weights) add_hop(name, operation.service);
      for (const FollowUp& next : client.then) add_hop(name, next.operation.service);
    }
    for_each_step(scenario, [&](const Step& step, const StepPlace&, const OperationName& name) {
      if (const auto* call = std::get_if<Call>(&step.kind)) add_call(name.service, *call);
      if (const auto* use = std::get_if<Use>(&step.kind)) used_.insert(use->resource);
      if (const auto* publish = std::get_if<Publish>(&step.kind)) add_publish(name.service, publish->topic);
    });
  }

  Issues check() {
    check_operations();
    check_topics();
    for (const auto& [name, resource] : scenario_.resources)
      if (!used_.contains(name)) warn("unused-resource", "/resources/" + name, "no step uses '" + name + "'");
    for (const auto& [name, link] : scenario_.network.links)
      if (!hops_.contains(name))
        warn("unused-link", "/network/links/" + name.text(),
             "nothing goes from '" + name.from + "' to '" + name.to + "'");
    check_incidents();
    return std::move(issues_);
  }

 private:
  void warn(std::string name, std::string pointer, std::string message) {
    issues_.push_back(warning_at(std::move(name), std::move(pointer), std::move(message)));
  }

  /// A request, or a publish and its acknowledgement; the reply goes back.
  void add_hop(const std::string& from, const std::string& to) {
    hops_.insert({from, to});
    hops_.insert({to, from});
  }

  // The topic that a deferrable call becomes in another variant has links of its own there.
  void add_call(const std::string& service, const Call& call) {
    add_hop(service, call.operation.service);
    if (!call.deferrable) return;
    add_hop(service, call.operation.text());
    add_hop(call.operation.text(), call.operation.service);
  }

  void add_publish(const std::string& service, const std::string& topic) {
    published_.insert(topic);
    add_hop(service, topic);
    for (const auto& [operation, options] : scenario_.topics.at(topic).subscriptions) add_hop(topic, operation.service);
  }

  void check_operations() {
    std::set<std::string> services;
    for (std::size_t i = 0; i < reached_.size(); ++i)
      if (reached_[i]) services.insert(graph_.nodes[i].name.service);
    for (const auto& [name, service] : scenario_.services)
      if (!services.contains(name))
        warn("unreachable-service", "/services/" + name,
             "no request leads to '" + name + "': nobody calls it or sends it messages");
    for (std::size_t i = 0; i < reached_.size(); ++i) {
      const OperationName& name = graph_.nodes[i].name;
      if (!reached_[i] && services.contains(name.service))
        warn("unreachable-operation", "/services/" + name.service + "/operations/" + name.operation,
             "no request leads to '" + name.text() + "': nobody calls it or sends it messages");
    }
  }

  void check_topics() {
    for (const auto& [name, topic] : scenario_.topics) {
      if (!published_.contains(name)) warn("unused-topic", "/topics/" + name, "no step publishes to '" + name + "'");
      if (topic.subscriptions.empty())
        warn("no-subscribers", "/topics/" + name,
             "no operation subscribes to '" + name + "': its messages are handled by nobody");
    }
  }

  void check_incidents() {
    const Duration end = scenario_.horizon + scenario_.drain_time();
    for (std::size_t i = 0; i < scenario_.incidents.size(); ++i) {
      const Duration at = scenario_.incidents[i].at;
      if (at >= end)
        warn("late-incident", "/incidents/" + std::to_string(i) + "/at",
             "it begins at " + to_text(at) + ", when the run is over: horizon and drain end at " + to_text(end));
    }
  }

  const Scenario& scenario_;
  const FlowGraph& graph_;
  std::vector<bool> reached_;
  std::set<LinkName> hops_;
  std::set<std::string> used_, published_;
  Issues issues_;
};

}  // namespace

Issues check_use(const Scenario& scenario, const FlowGraph& graph) { return UseChecks(scenario, graph).check(); }

}  // namespace sojourn
