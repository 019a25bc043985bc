#include "sojourn/experiment/prediction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "sojourn/experiment/assumptions.hpp"
#include "sojourn/experiment/client_prediction.hpp"
#include "sojourn/experiment/layers.hpp"
#include "sojourn/experiment/load_limits.hpp"
#include "sojourn/experiment/queues.hpp"
#include "sojourn/theory/closed_network.hpp"

namespace sojourn {

namespace {

std::optional<double> if_finite(double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; }

class Predictor {
 public:
  Predictor(const std::string& variant, const Scenario& scenario) : scenario_(scenario), layers_(scenario) {
    prediction_.variant = variant;
  }

  Prediction predict() {
    find_rates();
    queues_ = queues_of(layers_, jobs_);
    find_responses();
    for (std::uint32_t i = 0; i < layers_.layers().size(); ++i) predict_service(i);
    find_limits();
    const PredictedLoad load{&layers_, requests_, jobs_, queues_, responses_.answers};
    for (std::size_t s = 0; s < layers_.sources().size(); ++s) prediction_.clients.push_back(predict_client(load, s));
    prediction_.left_out = left_out_of(scenario_);
    for (std::uint32_t node = 0; node < jobs_.size(); ++node)
      if (const std::string backlog = layers_.growing_backlog(node, jobs_); !backlog.empty())
        prediction_.left_out.push_back(backlog + " takes fewer messages than come: loads count all of them");
    return std::move(prediction_);
  }

 private:
  // ---- users: as many requests as their answers allow ----

  [[nodiscard]] double throughput_of(std::size_t s) const {
    constexpr double most_by_mean_values = 1e5;
    const Round round = round_of_users(layers_, s, requests_[s], jobs_);
    const double users = layers_.sources()[s].client->users->users;
    if (round.saturated) return requests_[s] / 2;
    if (users <= Layers::most_customers)
      return closed_throughputs(round.stations, static_cast<std::size_t>(users)).back();
    if (users > most_by_mean_values || !by_mean_values(layers_, round))
      return approximate_closed_network(round.stations, users).throughput_per_s;
    std::vector<StationDemand> demands;
    for (const ClosedStation& station : round.stations)
      demands.push_back(station.rates.empty() ? StationDemand{station.delay_s, false}
                                              : StationDemand{1 / station.rates[0], true});
    return mean_value_analysis(demands, static_cast<std::uint64_t>(users)).throughput_per_s;
  }

  void find_rates() {
    bool users = false;
    for (const Source& source : layers_.sources()) {
      requests_.push_back(source.rate_per_s);
      users = users || source.client->users;
    }
    jobs_ = layers_.job_rates(requests_);
    // What each group of users gets through leaves less to the others, until nothing changes any more.
    for (int round = 0; users && round < 200; ++round) {
      double change = 0;
      for (std::size_t s = 0; s < requests_.size(); ++s) {
        if (!layers_.sources()[s].client->users) continue;
        const double next = throughput_of(s);
        if (!std::isfinite(next)) continue;
        const double damped = round == 0 || layers_.sources().size() == 1 ? next : (requests_[s] + next) / 2;
        change = std::max(change, std::fabs(damped - requests_[s]) / std::max(damped, 1e-300));
        requests_[s] = damped;
        jobs_ = layers_.job_rates(requests_);
      }
      if (change < 1e-10) break;
    }
  }

  // ---- responses: what waits at every layer, from those who are called up to those who call ----

  struct Responses {
    std::vector<double> answers;  ///< by operation
    std::vector<Passage> passages;
  };

  /// plain: as if all work were exponential, which is how long held workers are known to be held.
  [[nodiscard]] Responses responses(bool plain, const std::vector<double>& shares) const {
    Responses found{.answers = {}, .passages = layers_.passages()};
    for (const Passage& passage : found.passages) found.answers.push_back(passage.answer_s);
    for (std::size_t round = 0; round <= found.passages.size() + 1; ++round) {
      found.passages = passages_of(scenario_, layers_.graph(), found.answers);
      std::vector<double> next;
      for (std::uint32_t node = 0; node < found.passages.size(); ++node)
        next.push_back(answer_s(node, found.passages[node], plain, shares[layers_.layer_of(node)]));
      const bool settled = next == found.answers;
      found.answers = std::move(next);
      if (settled) break;
    }
    return found;
  }

  [[nodiscard]] double answer_s(std::uint32_t node, const Passage& passage, bool plain, double share) const {
    const std::uint32_t layer = layers_.layer_of(node);
    const QueuePrediction& queue = queues_[layer];
    const double base = layers_.passages()[node].answer_s;
    const double wait = plain ? queue.plain_s : queue.wait_s;
    const bool once = layers_.layers()[layer].service->waiting == Waiting::blocking;
    const double waits = wait == 0       ? 0
                         : queue.slowing ? *queue.slowing * passage.answer_work_s
                                         : wait * (once ? 1 : passage.answer_stretches);
    const double more = passage.answer_s - base;
    const double answer = waits + base + (more > 0 ? share * more : 0);
    return queue.refused > 0 ? (1 - queue.refused) * answer : answer;
  }

  /// Callers whose workers are few leave shorter queues at those they call: by so much of the wait there.
  [[nodiscard]] std::vector<double> shares_of(const Responses& plain) const {
    std::vector<double> shares(layers_.layers().size(), 1);
    for (std::uint32_t i = 0; i < shares.size(); ++i) {
      if (!queues_[i].held_s) continue;
      double base = 0, met = 0, jobs = 0;
      for (const std::uint32_t node : layers_.layers()[i].operations) {
        base += jobs_[node] * layers_.passages()[node].time_s;
        met += jobs_[node] * plain.passages[node].time_s;
        jobs += jobs_[node];
      }
      if (met > base && std::isfinite(met))
        shares[i] = std::clamp((*queues_[i].held_s * jobs - base) / (met - base), 0.0, 1.0);
      if (std::isinf(met)) shares[i] = 0;
    }
    return shares;
  }

  void find_responses() {
    std::vector<double> shares(layers_.layers().size(), 1);
    // The share of a layer depends on the layers below it.
    for (std::size_t round = 0; round < shares.size() + 1; ++round) {
      std::vector<double> next = shares_of(responses(true, shares));
      if (next == shares) break;
      shares = std::move(next);
    }
    shares_ = shares;
    responses_ = responses(false, shares);
  }

  // ---- services ----

  void predict_service(std::uint32_t i) {
    const Layer& layer = layers_.layers()[i];
    const ServiceLoad load = layers_.load_of(layer, jobs_);
    const QueuePrediction& queue = queues_[i];
    ServicePrediction service{.name = layer.name, .jobs_per_s = load.jobs_per_s};
    const double let_in = 1 - queue.refused;
    if (!std::isinf(layer.capacity())) service.utilization = let_in * load.work_per_s() / layer.cores;
    if (!std::isinf(layer.workers)) service.taken = std::min(1.0, let_in * taken_of(i, load) / layer.workers);
    service.waits_elsewhere = layer.cores < layer.workers || takes_messages(layer) || !starts_with_work(layer);
    if (!queue.basis.result.empty()) service.wait_s = if_finite(queue.wait_s);
    service.wait = queue.basis;
    const bool users = std::any_of(layers_.sources().begin(), layers_.sources().end(),
                                   [](const Source& source) { return source.client->users.has_value(); });
    if (users && !service.wait.exact && service.wait_s) {  // formulas for open arrivals, which users are not
      service.wait_s.reset();
      service.wait = {"", false, "users wait for their answers"};
    }
    prediction_.services.push_back(std::move(service));
  }

  /// Messages wait in their topic, not in the queue of the service.
  [[nodiscard]] bool takes_messages(const Layer& layer) const {
    for (std::uint32_t node = 0; node < jobs_.size(); ++node)
      for (const Leg& leg : layers_.passages()[node].legs)
        if (!leg.waits && jobs_[node] > 0 &&
            layers_.layer_of(leg.operation) == layers_.layer_of(layer.operations.front()))
          return true;
    return false;
  }

  /// Whether jobs start when they have a worker; without one those start that do something else first.
  [[nodiscard]] bool starts_with_work(const Layer& layer) const {
    return layer.queues_once() ||
           std::all_of(layer.operations.begin(), layer.operations.end(),
                       [&](std::uint32_t node) { return !(jobs_[node] > 0) || layers_.ways()[node].begins_with_work; });
  }

  /// Mean number of workers that are taken.
  [[nodiscard]] double taken_of(std::uint32_t i, const ServiceLoad& load) const {
    const Layer& layer = layers_.layers()[i];
    if (!layer.holds) return load.work_per_s();
    double taken = 0;
    for (const std::uint32_t node : layer.operations) {
      if (!(jobs_[node] > 0)) continue;
      const double base = layers_.passages()[node].time_s;
      const double more = responses_.passages[node].time_s - base;
      taken += jobs_[node] * (base + (more > 0 && shares_[i] > 0 ? shares_[i] * more : 0));
    }
    return std::isfinite(queues_[i].wait_s) ? taken : layer.workers;
  }

  // ---- limits ----

  void find_limits() {
    double requests = 0;
    for (const Source& source : layers_.sources()) requests += source.rate_per_s;
    std::vector<double> open;
    for (const Source& source : layers_.sources()) open.push_back(source.rate_per_s);
    const std::vector<double> jobs = layers_.job_rates(open);
    for (const Saturation& found : saturations_of(layers_)) {
      if (found.layer) {
        ServicePrediction& service = prediction_.services[*found.layer];
        service.most_jobs_per_s = found.factor * layers_.load_of(layers_.layers()[*found.layer], jobs).jobs_per_s;
        service.most = found.basis;
      }
      if (!prediction_.limit || found.factor < prediction_.limit->factor)
        prediction_.limit = LoadLimit{found.factor * requests, found.factor, found.name, found.basis};
    }
    double most = 0;
    for (const ServicePrediction& service : prediction_.services) {
      const double share = std::max(service.taken.value_or(0), service.utilization.value_or(0));  // workers, cores
      if (share > most) prediction_.bottleneck = service.name;
      most = std::max(most, share);
    }
    for (const auto& [name, resource] : scenario_.resources) {
      const double share = held_of(layers_, name, jobs_) / resource.units;
      if (share > most) prediction_.bottleneck = name;
      most = std::max(most, share);
    }
  }

  const Scenario& scenario_;
  Layers layers_;
  std::vector<double> requests_;  ///< per second, by client
  std::vector<double> jobs_;      ///< per second, by operation
  std::vector<QueuePrediction> queues_;
  std::vector<double> shares_;
  Responses responses_;
  Prediction prediction_;
};

}  // namespace

Prediction predict(const std::string& variant, const Scenario& scenario) {
  return Predictor(variant, scenario).predict();
}

}  // namespace sojourn
