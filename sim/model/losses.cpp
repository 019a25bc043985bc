// Waits that may never end, because the network may lose what is waited for.

#include <algorithm>
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
    return std::max(differs ? *link->second.loss : scenario_.network.loss, loss_by_incidents(from, to));
  }

  /// The largest share that an incident takes from what goes between the two.
  [[nodiscard]] double loss_by_incidents(const std::string& from, const std::string& to) const {
    double most = 0;
    for (const Incident& incident : scenario_.incidents)
      for (const std::string& target : incident.targets) {
        const bool on_link = target == from + "->" + to;
        const auto* down = std::get_if<DownEffect>(&incident.effect.kind);
        if (on_link && down != nullptr && down->mode == DownMode::hang) most = 1;
        const auto* loss = std::get_if<LossEffect>(&incident.effect.kind);
        if (loss != nullptr && (on_link || target == from || target == to)) most = std::max(most, loss->chance);
      }
    return most;
  }

  const Scenario& scenario_;
  Issues issues_;
};

}  // namespace

Issues check_losses(const Scenario& scenario) { return LossChecks(scenario).check(); }

}  // namespace sojourn
