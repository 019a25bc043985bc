#include "sojourn/experiment/client_prediction.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <variant>

#include "sojourn/experiment/assumptions.hpp"
#include "sojourn/theory/closed_network.hpp"
#include "sojourn/theory/fork_join.hpp"
#include "sojourn/theory/retries.hpp"

namespace sojourn {

namespace {

std::optional<double> if_finite(double value) { return std::isfinite(value) ? std::optional(value) : std::nullopt; }

class ClientPredictor {
 public:
  explicit ClientPredictor(const PredictedLoad& load)
      : layers_(*load.layers),
        scenario_(load.layers->scenario()),
        requests_(load.requests_per_s),
        jobs_(load.jobs_per_s),
        queues_(load.queues),
        answers_(load.answers_s) {}

  [[nodiscard]] ClientPrediction predict(std::size_t s) const {
    const Source& source = layers_.sources()[s];
    ClientPrediction client{
        .name = source.name, .requests_per_s = requests_[s], .open = source.client->arrivals.has_value()};
    for (const double asked : source.asks) client.amplification += asked;
    client.amplification -= 1;
    double declines = 0, total = 0;
    for (const auto& [operation, weight] : source.client->requests.weights) total += weight;
    double fails = 0;
    const bool retries = source.client->retry && source.client->retry->answers_to(RetryOn::failed);
    for (const auto& [operation, weight] : source.client->requests.weights) {
      const Passage& passage = layers_.passages()[layers_.graph().index_of(operation)];
      const Attempts attempts = attempts_of(retries ? source.client->retry->attempts : 1, passage.fails);
      fails += weight / total * attempts.fails;
      declines += weight / total * attempts.mean * passage.declines;
    }
    client.success = std::max(0.0, 1 - fails - declines);
    if (const std::string why = obstacle(layers_, source); !why.empty())
      client.response.basis.because = why;
    else if (client.open)
      predict_open(source, client);
    else
      predict_users(s, client);
    if (!client.open) client.bounds = bounds_of(s);
    return client;
  }

 private:
  void predict_open(const Source& source, ClientPrediction& client) const {
    double mean = between_answers_s(layers_, source);
    const std::set<std::uint32_t> waited = layers_.waited_for(source.asks);
    for (const std::uint32_t node : waited) {
      const std::uint32_t layer = layers_.layer_of(node);
      if (!std::isnan(queues_[layer].wait_s) && std::isfinite(queues_[layer].wait_s)) continue;
      client.response.basis.because = queues_[layer].basis.because;
      return;
    }
    for (std::uint32_t node = 0; node < source.asks.size(); ++node)
      if (source.asks[node] > 0) mean += source.asks[node] * answers_[node];
    if (const auto joined = two_equal_branches(source)) {
      client.response = {.mean_s = between_answers_s(layers_, source) + *joined,
                         .p50_s = {},
                         .p95_s = {},
                         .p99_s = {},
                         .basis = {"two branches of M/M/1 (Flatto and Hahn)", true, ""}};
      return;
    }
    client.response.mean_s = if_finite(mean);
    if (!client.response.mean_s) {
      client.response.basis.because = "some work, delay or hop has no finite mean";
      return;
    }
    client.response.basis = basis_of(waited);
    if (client.response.basis.exact) add_quantiles(source, waited, client);
    if (client.response.basis.exact) add_completion(source, client);
  }

  /// Exact where every station on the way is, and one follows the other.
  Basis basis_of(const std::set<std::uint32_t>& waited) const {
    std::set<std::uint32_t> stations;
    for (const std::uint32_t node : waited) stations.insert(layers_.layer_of(node));
    // Arrivals that are no Poisson stream are fine where the queue's own result knows them.
    const bool any_arrivals = stations.size() == 1 && queues_[*stations.begin()].any_gaps;
    std::string because =
        inexactness(layers_, any_arrivals ? Exactness::of_times_for_any_arrivals : Exactness::of_times);
    for (const std::uint32_t node : waited) {
      const std::uint32_t layer = layers_.layer_of(node);
      const std::string& name = layers_.layers()[layer].name;
      if (!because.empty()) continue;
      if (!queues_[layer].basis.exact) because = name + ": " + queues_[layer].basis.because;
      if (layers_.layers()[layer].holds) because = name + " holds its workers while it waits for others";
      if (calls_refusers(node)) because = layers_.graph().nodes[node].name.text() + " may be refused by whom it calls";
      if (layers_.ways()[node].branches) because = layers_.graph().nodes[node].name.text() + " has branches";
      if (layers_.passages()[node].rough)
        because = layers_.graph().nodes[node].name.text() + " ends differently after different work";
    }
    if (because.empty() && stations.size() == 1) return {queues_[*stations.begin()].basis.result, true, ""};
    if (because.empty()) return {"Jackson network", true, ""};
    if (stations.size() == 1 && !layers_.layers()[*stations.begin()].holds)
      return {queues_[*stations.begin()].basis.result, false, because};
    return {"layered approximation", false, because};
  }

  [[nodiscard]] bool calls_refusers(std::uint32_t node) const {
    const std::vector<Leg>& legs = layers_.passages()[node].legs;
    return std::any_of(legs.begin(), legs.end(), [&](const Leg& leg) {
      return leg.waits && queues_[layers_.layer_of(leg.operation)].refused > 0;
    });
  }

  void add_quantiles(const Source& source, const std::set<std::uint32_t>& waited, ClientPrediction& client) const {
    if (waited.size() != 1 || between_answers_s(layers_, source) > 0) return;
    const Passage& passage = layers_.passages()[*waited.begin()];
    const Ways& ways = layers_.ways()[*waited.begin()];
    const auto& queue = queues_[layers_.layer_of(*waited.begin())].quantiles;
    if (!queue || !ways.works_exactly_once() || ways.replies_early || passage.idle_s > 0) return;
    client.response.p50_s = queue->response_quantile_s(0.50);
    client.response.p95_s = queue->response_quantile_s(0.95);
    client.response.p99_s = queue->response_quantile_s(0.99);
  }

  /// By Little's law: what a request's jobs spend at all stations, one after the other.
  void add_completion(const Source& source, ClientPrediction& client) const {
    double sum = 0;  // the way back of the last answer is no part of it
    for (std::uint32_t node = 0; node < source.asks.size(); ++node)
      sum += source.asks[node] * hop_s(scenario_.network, source.name, layers_.graph().nodes[node].name.service);
    const auto stops = std::count_if(source.jobs.begin(), source.jobs.end(), [](double jobs) { return jobs > 0; });
    for (std::uint32_t node = 0; node < source.jobs.size(); ++node) {
      if (!(source.jobs[node] > 0)) continue;
      const Passage& passage = layers_.passages()[node];
      const Layer& layer = layers_.layers()[layers_.layer_of(node)];
      const QueuePrediction& queue = queues_[layers_.layer_of(node)];
      if (!queue.basis.exact || passage.forks || passage.rough || layer.holds || calls_refusers(node)) return;
      if (queue.refused > 0 && stops > 1) return;  // what a refusal leaves out
      const double served = source.jobs[node] * (1 - queue.refused);
      const double waits = queue.slowing         ? *queue.slowing * passage.work.mean
                           : layer.queues_once() ? queue.wait_s
                                                 : passage.stretches * queue.wait_s;
      sum += served * (waits + passage.work.mean + passage.idle_s);
      for (const Leg& leg : passage.legs)
        if (!leg.waits) sum += source.jobs[node] * leg.times * leg.on_way_s;
    }
    client.completion_s = if_finite(sum);
  }

  /// Both branches of the client's only step, where each is one M/M/1 of its own and they are equal.
  [[nodiscard]] std::optional<double> two_equal_branches(const Source& source) const {
    if (!inexactness(layers_, Exactness::of_times).empty() || layers_.sources().size() != 1) return std::nullopt;
    if (source.client->requests.weights.size() != 1 || layers_.graph().nodes.size() != 3) return std::nullopt;
    const std::uint32_t root = layers_.graph().index_of(source.client->requests.weights.begin()->first);
    const Layer& own = layers_.layers()[layers_.layer_of(root)];
    const Steps& steps = scenario_.services.at(own.name).operations.begin()->second;
    const Passage& passage = layers_.passages()[root];
    const auto* both = steps.size() == 1 ? std::get_if<Parallel>(&steps.front().kind) : nullptr;
    if (both == nullptr || both->branches.size() != 2 || both->join.needed(2) != 2 || !std::isinf(own.capacity()))
      return std::nullopt;
    if (passage.legs.size() != 2 || passage.work.mean > 0 || passage.idle_s > 0) return std::nullopt;
    const std::uint32_t a = passage.legs[0].operation, b = passage.legs[1].operation;
    if (layers_.layer_of(a) == layers_.layer_of(b) || passage.legs[0].times != 1 || passage.legs[1].times != 1)
      return std::nullopt;
    for (const std::uint32_t node : {a, b}) {
      const Layer& layer = layers_.layers()[layers_.layer_of(node)];
      const Passage& branch = layers_.passages()[node];
      const bool plain = layer.memoryless && !layer.holds && layer.capacity() == 1 && branch.legs.empty() &&
                         layer.service->queue.capacity.unlimited() && branch.goes_on == 1 && branch.idle_s == 0;
      if (!layers_.ways()[node].works_exactly_once() || layers_.ways()[node].replies_early) return std::nullopt;
      if (!plain || layer.service->queue.discipline != Discipline::fifo) return std::nullopt;
    }
    const double work = layers_.passages()[a].work.mean;
    if (work != layers_.passages()[b].work.mean) return std::nullopt;
    return if_finite(mean_response_of_two_branches(source.rate_per_s, work));
  }

  void predict_users(std::size_t s, ClientPrediction& client) const {
    const Source& source = layers_.sources()[s];
    for (const std::uint32_t waited : layers_.waited_for(source.asks))
      for (const std::uint32_t node : layers_.layers()[layers_.layer_of(waited)].operations)
        if (const std::string backlog = layers_.growing_backlog(node, jobs_); !backlog.empty()) {
          client.response.basis.because =
              backlog + " is asked for more than it carries: its backlog grows without bound";
          return;
        }
    const Round round = round_of_users(layers_, s, requests_[s], jobs_);
    const double users = source.client->users->users;
    const double think = mean_ns(source.client->users->think) * 1e-9;
    client.response.mean_s = if_finite(std::max(0.0, users / requests_[s] - think));
    std::string because = inexactness(layers_, Exactness::of_times);
    for (const std::uint32_t node : layers_.waited_for(source.asks)) {
      const Passage& passage = layers_.passages()[node];
      const std::string name = layers_.graph().nodes[node].name.text();
      if (because.empty() && passage.replied > 0) because = name + " answers before its end";
      if (because.empty() && passage.messages > 0) because = name + " publishes messages";
      if (because.empty() && !layers_.layers()[layers_.layer_of(node)].service->queue.capacity.unlimited())
        because = layers_.layers()[layers_.layer_of(node)].name + " refuses what finds its queue full";
    }
    if (because.empty() && layers_.sources().size() > 1) because = "other clients share the services";
    if (because.empty() && !round.exact) because = "not every station has exponential work and workers of its own";
    const bool solved = users <= Layers::most_customers || (by_mean_values(layers_, round) && users <= 1e5);
    if (because.empty() && !solved) because = "there are many users: mean value analysis after Schweitzer and Bard";
    client.response.basis = {"mean value analysis", because.empty(), because};
    if (!because.empty()) client.response.basis.result += " (approximation)";
  }

  /// Whether a request is a chain of work and waits that nothing cuts short, runs beside or goes on after it: then the bounds of
  /// closed networks are bounds.
  [[nodiscard]] bool is_bounded_chain(const Source& source) const {
    if (layers_.sources().size() != 1 || !obstacle(layers_, source).empty() || !left_out_of(scenario_).empty())
      return false;
    for (std::uint32_t node = 0; node < source.jobs.size(); ++node) {
      const Ways& ways = layers_.ways()[node];
      if (source.jobs[node] > 0 && (ways.branches || ways.replies_early || ways.tells)) return false;
    }
    return true;
  }

  [[nodiscard]] std::optional<UserBounds> bounds_of(std::size_t s) const {
    if (!is_bounded_chain(layers_.sources()[s])) return std::nullopt;
    const Round round = round_of_users(layers_, s, requests_[s], jobs_);
    double demand = 0, largest = 0;
    for (std::size_t i = 0; i < round.layers.size(); ++i) {
      const double alone = 1 / round.stations[i + 1].rates.front();  // nobody waits, also while a worker is held
      demand += alone;
      largest = std::max(largest, alone / layers_.layers()[round.layers[i]].capacity());
    }
    for (std::uint32_t i = 0; i < layers_.layers().size(); ++i) {  // those further down, too
      double work = 0;
      for (const std::uint32_t node : layers_.layers()[i].operations)
        work += layers_.sources()[s].jobs[node] * layers_.passages()[node].work.mean;
      largest = std::max(largest, work / layers_.layers()[i].capacity());
    }
    const double away = round.stations.front().delay_s;
    const double think = mean_ns(layers_.sources()[s].client->users->think) * 1e-9;
    const AsymptoticBounds bounds = asymptotic_bounds(layers_.sources()[s].client->users->users, away, demand, largest);
    if (!(demand > 0)) return std::nullopt;
    return UserBounds{bounds.throughput_low, bounds.throughput_high, bounds.response_low + away - think,
                      bounds.response_high + away - think, bounds.knee};
  }

  const Layers& layers_;
  const Scenario& scenario_;
  const std::vector<double>& requests_;
  const std::vector<double>& jobs_;
  const std::vector<QueuePrediction>& queues_;
  const std::vector<double>& answers_;
};

}  // namespace

double between_answers_s(const Layers& layers, const Source& source) {
  const Network& network = layers.scenario().network;
  const Client& client = *source.client;
  const bool retries = client.retry && client.retry->answers_to(RetryOn::failed);
  double sum = (client.users ? mean_ns(client.users->think) * 1e-9 : 0) +
               (retries ? mean_backoff_s(*client.retry, source.fails) : 0);
  for (std::uint32_t node = 0; node < source.asks.size(); ++node) {
    const std::string& service = layers.graph().nodes[node].name.service;
    sum += source.asks[node] * (hop_s(network, source.name, service) + hop_s(network, service, source.name));
  }
  return sum;
}

Round round_of_users(const Layers& layers, std::size_t s, double requests_per_s,
                     const std::vector<double>& jobs_per_s) {
  const Source& source = layers.sources()[s];
  return layers.round_of(source.asks, between_answers_s(layers, source), source.client->users->users, jobs_per_s,
                         requests_per_s);
}

bool by_mean_values(const Layers& layers, const Round& round) {
  return round.exact && std::all_of(round.layers.begin(), round.layers.end(),
                                    [&](std::uint32_t layer) { return layers.layers()[layer].capacity() == 1; });
}

ClientPrediction predict_client(const PredictedLoad& load, std::size_t source) {
  return ClientPredictor(load).predict(source);
}

}  // namespace sojourn
