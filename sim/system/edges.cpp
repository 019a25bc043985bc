#include "sojourn/system/edges.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sojourn {

namespace {

class Edges {
 public:
  explicit Edges(const Topology& topology) : topology_(topology) {}

  std::vector<Edge> all() {
    for (const CompiledClient& client : topology_.clients) {
      for (const std::uint32_t operation : client.operations)
        if (operation < topology_.operations.size()) add({client.name, service_of(operation), "asks"});
      for (const CompiledFollowUp& next : client.then) add({client.name, service_of(next.operation), "asks"});
    }
    for (std::size_t at = 0; at < topology_.code.size(); ++at) {
      const Instruction& in = topology_.code[at];
      if (in.action == Action::call)
        add({service_at(at), service_of(topology_.call_sites[in.index].operation), "calls"});
      else if (in.action == Action::publish)
        add({service_at(at), topology_.topics[topology_.publishes[in.index].topic].name, "publishes"});
    }
    for (const CompiledSubscription& subscription : topology_.subscriptions)
      if (subscription.operation < topology_.operations.size())  // a topology that is made for a test may have no code
        add({subscription.topic_name, service_of(subscription.operation), "delivers"});
    return std::move(edges_);
  }

 private:
  void add(Edge edge) {
    if (std::find(edges_.begin(), edges_.end(), edge) == edges_.end()) edges_.push_back(std::move(edge));
  }

  [[nodiscard]] const std::string& service_of(std::uint32_t operation) const {
    return topology_.services[topology_.operations[operation].service].name;
  }

  /// The service of the operation whose code holds this place: the one with the last entry up to it.
  [[nodiscard]] const std::string& service_at(std::size_t place) const {
    const CompiledOperation* found = &topology_.operations.front();
    for (const CompiledOperation& operation : topology_.operations)
      if (operation.entry <= place && (operation.entry >= found->entry || found->entry > place)) found = &operation;
    return topology_.services[found->service].name;
  }

  const Topology& topology_;
  std::vector<Edge> edges_;
};

}  // namespace

std::vector<Edge> edges_of(const Topology& topology) { return Edges(topology).all(); }

}  // namespace sojourn
