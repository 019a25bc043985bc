// Waits that may never end, because the network may lose what is waited for.

#include <string>
#include <utility>

#include "sojourn/model/checks.hpp"
#include "sojourn/model/short_text.hpp"
#include "sojourn/model/walk.hpp"

namespace sojourn {
namespace {

class LossChecks {
 public:
  explicit LossChecks(const Scenario& scenario) : scenario_(scenario) {}

  Issues check() {
    for (const auto& [name, client] : scenario_.clients) {
      if (client.timeout) continue;
      for (const auto& [operation, weight] : client.requests.weights)
        if (expect_timeout("/clients/" + name, name, operation.service)) break;
    }
    for_each_step(scenario_, [&](const Step& step, const StepPlace& place, const OperationName& name) {
      if (const auto* call = std::get_if<Call>(&step.kind); call != nullptr && !call->timeout)
        expect_timeout(place.pointer, name.service, call->operation.service);
      if (const auto* publish = std::get_if<Publish>(&step.kind);
          publish != nullptr && publish->confirm && !publish->timeout)
        expect_timeout(place.pointer, name.service, publish->topic);
    });
    return std::move(issues_);
  }

 private:
  /// Tells when the way there, or the way back, may lose something.
  bool expect_timeout(const std::string& pointer, const std::string& from, const std::string& to) {
    for (const auto& [first, second] : {std::pair{from, to}, std::pair{to, from}}) {
      const double loss = loss_between(first, second);
      if (!(loss > 0)) continue;
      issues_.push_back(error_at(pointer, "expected a timeout, found none where " + first + "->" + second +
                                              " loses a share of " + short_number(loss) +
                                              "; a lost call or reply looks like silence, and only a timeout ends it"));
      return true;
    }
    return false;
  }

  [[nodiscard]] double loss_between(const std::string& from, const std::string& to) const {
    const auto link = scenario_.network.links.find({from, to});
    const bool differs = link != scenario_.network.links.end() && link->second.loss;
    return differs ? *link->second.loss : scenario_.network.loss;
  }

  const Scenario& scenario_;
  Issues issues_;
};

}  // namespace

Issues check_losses(const Scenario& scenario) { return LossChecks(scenario).check(); }

}  // namespace sojourn
