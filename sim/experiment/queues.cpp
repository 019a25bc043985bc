#include "sojourn/experiment/queues.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

#include "sojourn/experiment/assumptions.hpp"
#include "sojourn/random/math.hpp"
#include "sojourn/theory/general_work.hpp"
#include "sojourn/theory/open_network.hpp"

namespace sojourn {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

std::string counted(double servers) { return std::to_string(static_cast<std::uint64_t>(servers)); }

/// P(e^(-s gap)) of the laws of gaps whose transform is simple.
struct GapTransform {
  const Distribution* gap = nullptr;
  double constant_s = 0;

  [[nodiscard]] bool known() const {
    return gap == nullptr || std::holds_alternative<Constant>(gap->kind) || std::holds_alternative<Erlang>(gap->kind) ||
           std::holds_alternative<Gamma>(gap->kind);
  }
  [[nodiscard]] double operator()(double s) const {
    if (gap == nullptr) return exponential(-s * constant_s);
    const double mean = mean_ns(*gap) * 1e-9;
    if (std::holds_alternative<Constant>(gap->kind)) return exponential(-s * mean);
    const double shape = mean * mean / (variance_ns2(*gap) * 1e-18);
    return exponential(-shape * natural_log(1 + s * mean / shape));
  }
};

/// The parts of a station that formulas take.
struct Station {
  double arrivals_per_s = 0;
  Moments work;
  double servers = 1;
  double gaps_cv2 = 1;
  [[nodiscard]] MultiServerQueue plain() const {
    return {arrivals_per_s, work.mean, static_cast<std::uint64_t>(servers)};
  }
};

class Queues {
 public:
  Queues(const Layers& layers, const std::vector<double>& jobs) : layers_(layers), jobs_(jobs) {
    inexact_ = inexactness(layers, Exactness::of_times);
    for (std::uint32_t node = 0; node < jobs.size(); ++node)
      if (jobs[node] > 0) forks_ = forks_ || layers.passages()[node].forks;
    for (const Source& source : layers.sources()) users_ = users_ || !source.client->arrivals;
    visits_.resize(layers.layers().size(), 0);
    for (const Source& source : layers.sources()) {
      const std::vector<double> visits = layers.most_visits(source);
      for (std::size_t i = 0; i < visits.size(); ++i) visits_[i] = std::max(visits_[i], visits[i]);
    }
    coming_.resize(layers.layers().size());
    for (std::uint32_t node = 0; node < jobs.size(); ++node)
      for (std::size_t k = 0; k < layers.passages()[node].legs.size(); ++k) {
        const Leg& leg = layers.passages()[node].legs[k];
        if (jobs[node] > 0 && leg.times > 0) coming_[layers.layer_of(leg.operation)].emplace_back(node, k);
      }
    for (std::uint32_t i = 0; i < visits_.size(); ++i) stations_.push_back(station_inexactness(layers, i, jobs));
  }

  [[nodiscard]] std::vector<QueuePrediction> all() {
    queues_.resize(layers_.layers().size());
    const bool product_form = is_product_form();
    for (std::size_t i = 0; i < queues_.size(); ++i) queues_[i].poisson_in = product_form;
    // A stream stays Poisson from station to station: as many rounds as there are stations.
    for (std::size_t round = 0; round < queues_.size() && !product_form; ++round) {
      bool changed = false;
      answers_.assign(jobs_.size(), std::nullopt);
      for (std::uint32_t i = 0; i < queues_.size(); ++i) changed = spread(i) || changed;
      if (!changed) break;
    }
    for (std::uint32_t i = 0; i < queues_.size(); ++i) predict(i);
    return std::move(queues_);
  }

 private:
  [[nodiscard]] const Layer& layer(std::uint32_t i) const { return layers_.layers()[i]; }

  /// M/M/c, first come first served, without bound; or everybody is served at once.
  [[nodiscard]] bool keeps_streams(const Layer& layer) const {
    if (std::isinf(layer.capacity())) return true;
    const auto i = static_cast<std::size_t>(&layer - layers_.layers().data());
    return layer.memoryless && !layer.holds && layer.service->queue.capacity.unlimited() && stations_[i].empty();
  }

  [[nodiscard]] bool is_product_form() const {
    if (!inexact_.empty() || forks_ || users_) return false;
    return std::all_of(layers_.layers().begin(), layers_.layers().end(), [&](const Layer& layer) {
      return !(layers_.load_of(layer, jobs_).jobs_per_s > 0) || keeps_streams(layer);
    });
  }

  /// Whether the jobs of an operation go on as a Poisson stream where this leg begins: after its work, and after those that it
  /// has called.
  [[nodiscard]] bool leaves_in_a_stream(std::uint32_t node, std::size_t leg) {
    const Passage& passage = layers_.passages()[node];
    if (!queues_[layers_.layer_of(node)].poisson_out || visits_[layers_.layer_of(node)] > 1) return false;
    const Ways& ways = layers_.ways()[node];
    if (!std::isinf(layer(layers_.layer_of(node)).capacity()) && (ways.works_after_waiting() || ways.tells_early))
      return false;
    for (std::size_t k = 0; k < std::min(leg, passage.legs.size()); ++k) {
      const Leg& before = passage.legs[k];
      if (!before.waits || !(before.times > 0)) continue;
      if (layers_.ways()[before.operation].replies_early || !answers_in_a_stream(before.operation)) return false;
    }
    return true;
  }

  /// The same where all of its legs are behind it, found once in a round.
  [[nodiscard]] bool answers_in_a_stream(std::uint32_t node) {
    std::optional<bool>& known = answers_[node];
    if (!known) known = leaves_in_a_stream(node, layers_.passages()[node].legs.size());
    return *known;
  }

  /// Whether what comes to a layer is a Poisson stream, by what is known of those who send; true when that changed.
  bool spread(std::uint32_t i) {
    if (!inexact_.empty() || users_) return false;
    std::size_t legs = 0;
    bool poisson = visits_[i] <= 1, asked = false;
    for (const auto& [node, leg] : coming_[i]) {
      ++legs;
      poisson = poisson && layers_.layer_of(node) != i && leaves_in_a_stream(node, leg);
    }
    for (const Source& source : layers_.sources())
      for (const std::uint32_t node : layer(i).operations) asked = asked || source.asks[node] > 0;
    for (const std::uint32_t node : layer(i).operations)
      if (jobs_[node] > 0 && !std::isinf(layer(i).capacity()))
        poisson = poisson && !layers_.ways()[node].works_after_waiting();
    if (forks_ && legs > 0) poisson = poisson && legs == 1 && !asked;
    QueuePrediction& queue = queues_[i];
    const bool out = poisson && keeps_streams(layer(i));
    const bool changed = poisson != queue.poisson_in || out != queue.poisson_out;
    queue.poisson_in = poisson;
    queue.poisson_out = out;
    return changed;
  }

  void predict(std::uint32_t i) {
    QueuePrediction& queue = queues_[i];
    for (const std::uint32_t node : layer(i).operations)
      if (const std::string backlog = layers_.growing_backlog(node, jobs_); !backlog.empty()) {
        queue.wait_s = queue.plain_s = infinite;
        queue.basis.because = backlog + " is asked for more than it carries: its backlog grows without bound";
        return;
      }
    const ServiceLoad load = layers_.load_of(layer(i), jobs_);
    if (!(load.jobs_per_s > 0)) {
      queue.basis.because = "nothing comes to it";
      return;
    }
    const double least = layer(i).holds ? 0 : load.work_per_s();
    const bool loses = !layer(i).holds && !std::isinf(layer(i).workers) && load.stretch.mean > 0 &&
                       !layer(i).service->queue.capacity.unlimited();
    if (loses) {  // at any load
      predict_finite(queue, i, load);
    } else if (least >= layer(i).capacity()) {
      queue.wait_s = queue.plain_s = infinite;
      queue.basis.because = layer(i).name + " is asked for more than it carries: its queue grows without bound";
    } else if (layer(i).holds) {
      predict_held(i, load);
    } else if (std::isinf(layer(i).workers)) {
      predict_sharing(queue, i, load);
    } else {
      predict_queue(queue, i, load);
    }
    if (queue.basis.exact || queue.basis.result.empty() || !queue.basis.because.empty()) return;
    queue.basis.because = !inexact_.empty()       ? inexact_
                          : layer(i).holds        ? "its workers are held while it waits for others"
                          : !stations_[i].empty() ? stations_[i]
                          : users_                ? "users wait for their answers"
                          : !queue.poisson_in     ? "its arrivals are no Poisson stream"
                                                  : "its work is not exponential";
  }

  void predict_held(std::uint32_t i, const ServiceLoad& load) {
    QueuePrediction& queue = queues_[i];
    const Layers::Held held = layers_.held(i, jobs_);
    queue.basis = {.result = "held workers as a flow-equivalent server (approximation)", .exact = false, .because = ""};
    if (load.jobs_per_s >= held.rates.back()) {
      queue.wait_s = queue.plain_s = infinite;
      queue.basis = {"", false,
                     "by the approximation " + layer(i).name +
                         " holds its workers too long for its load: its queue would grow without bound"};
    } else if (held.all_known) {
      const LoadDependentQueue jobs = load_dependent_queue(load.jobs_per_s, held.rates);
      queue.held_s = jobs.running / load.jobs_per_s;
      queue.plain_s = std::max(0.0, jobs.jobs - jobs.running) / load.jobs_per_s;
      queue.wait_s = std::max(0.0, queue.plain_s - steadier_s(i, load.jobs_per_s));
    } else {
      // Many workers: an M/M/c of the same limit.
      const double each_s = layer(i).workers / held.rates.back();
      const MultiServerQueue plain{load.jobs_per_s, each_s, static_cast<std::uint64_t>(layer(i).workers)};
      queue.wait_s = queue.plain_s = plain.mean_wait_s();
    }
  }

  /// A flow-equivalent server takes the time that a worker is held for exponential. Where nobody queued below, it would be an
  /// M/G/c: by so much is its wait shorter (Allen-Cunneen).
  [[nodiscard]] double steadier_s(std::uint32_t i, double jobs_per_s) const {
    double mean = 0, second = 0;
    for (const std::uint32_t node : layer(i).operations) {
      const double time = layers_.passages()[node].time_s;
      mean += jobs_[node] / jobs_per_s * time;
      second += jobs_[node] / jobs_per_s * (layers_.time_variance(node) + time * time);
    }
    const MultiServerQueue alone{jobs_per_s, mean, static_cast<std::uint64_t>(layer(i).workers)};
    const double cv2 = Moments{mean, second}.cv2();
    return alone.stable() && cv2 < 1 ? alone.mean_wait_s() * (1 - cv2) / 2 : 0;
  }

  void predict_sharing(QueuePrediction& queue, std::uint32_t i, const ServiceLoad& load) const {
    const Layer& layer = this->layer(i);
    if (std::isinf(layer.cores)) {
      queue.basis = {"M/G/inf: nobody waits", true, ""};
      return;
    }
    const MultiServerQueue plain{load.stretches_per_s, load.stretch.mean,
                                 static_cast<std::uint64_t>(std::max(1.0, std::floor(layer.cores)))};
    queue.wait_s = queue.plain_s = plain.mean_wait_s();
    if (load.stretch.mean > 0) queue.slowing = queue.wait_s / load.stretch.mean;
    const bool exact = queue.poisson_in && layer.service->replicas == 1 && layer.cores == std::floor(layer.cores) &&
                       stations_[i].empty();
    queue.basis = {
        "M/G/" + counted(plain.servers == 1 ? 1 : layer.cores) + " sharing (insensitive to the law of the work)", exact,
        ""};
  }

  void predict_finite(QueuePrediction& queue, std::uint32_t i, const ServiceLoad& load) const {
    const Layer& layer = this->layer(i);
    const bool one_queue = layer.service->replicas == 1 || layer.service->balancing == Balancing::shared_queue;
    const std::uint32_t places = *layer.service->queue.capacity.count;
    const bool known = queue.poisson_in && one_queue && layer.cores >= layer.workers && stations_[i].empty() &&
                       (layer.memoryless || places == 0);
    if (!known) {
      queue.wait_s = queue.plain_s = std::numeric_limits<double>::quiet_NaN();
      queue.basis.because = layer.name + " refuses what finds its queue full";
      return;
    }
    const FiniteQueue finite{load.stretches_per_s, load.stretch.mean, static_cast<std::uint64_t>(layer.workers),
                             places};
    queue.refused = finite.refused();
    queue.wait_s = queue.plain_s = finite.mean_wait_s();
    const std::string c = counted(layer.workers);
    queue.basis = {
        (places == 0 ? "M/G/" + c + "/" + c + " (Erlang B)" : "M/M/" + c + "/" + counted(layer.workers + places)), true,
        ""};
  }

  /// Replicas with queues of their own are stations of their own.
  [[nodiscard]] static Station station_of(const Layer& layer, const ServiceLoad& load) {
    Station station{load.stretches_per_s, load.stretch, std::max(1.0, std::floor(layer.capacity())), 1};
    const double replicas = layer.service->replicas;
    const Balancing balancing = layer.service->balancing;
    if (replicas > 1 && (balancing == Balancing::random || balancing == Balancing::round_robin)) {
      station.arrivals_per_s /= replicas;
      station.servers = std::max(1.0, std::floor(layer.capacity() / replicas));
      if (balancing == Balancing::round_robin) station.gaps_cv2 = 1 / replicas;
    }
    return station;
  }

  void predict_queue(QueuePrediction& queue, std::uint32_t i, const ServiceLoad& load) const {
    const Layer& layer = this->layer(i);
    const Station station = station_of(layer, load);
    const MultiServerQueue plain = station.plain();
    queue.plain_s = plain.mean_wait_s();
    if (std::isinf(station.work.second)) {
      queue.wait_s = infinite;
      queue.basis.because = layer.name + " has work without a finite variance, so its mean wait is infinite";
      return;
    }
    const bool exact = queue.poisson_in && splits_fairly(*layer.service) && stations_[i].empty();
    const std::string c = counted(station.servers);
    if (exact && layer.memoryless) {
      queue.wait_s = queue.plain_s;
      queue.basis = {c == "1" ? "M/M/1" : "M/M/" + c + " (Erlang C)", true, ""};
      if (layer.cores >= layer.workers && layer.service->queue.discipline == Discipline::fifo) queue.quantiles = plain;
    } else if (exact && c == "1" && layer.cores >= layer.workers) {
      queue.wait_s = mean_wait_of_one_server(station.arrivals_per_s, station.work);
      queue.basis = {"M/G/1 (Pollaczek-Khinchine)", true, ""};
    } else if (!(layer.memoryless && c == "1" && predict_gaps(queue, i, load))) {
      queue.wait_s = mean_wait_allen_cunneen(plain, station.gaps_cv2, station.work.cv2());
      queue.basis = {"Allen-Cunneen approximation", false, ""};
    }
  }

  /// G/M/1, where one client with other gaps is all there is.
  bool predict_gaps(QueuePrediction& queue, std::uint32_t i, const ServiceLoad& load) const {
    if (layers_.sources().size() != 1 || layers_.scenario().services.size() != 1 || layer(i).operations.size() != 1)
      return false;
    const Source& source = layers_.sources().front();
    if (!source.client->arrivals || source.client->timeout || source.client->retry || !source.client->then.empty())
      return false;
    if (std::fabs(load.stretches_per_s - source.rate_per_s) > 1e-9 * source.rate_per_s) return false;
    const auto* renewal = std::get_if<RenewalArrivals>(&source.client->arrivals->law);
    const auto* constant = std::get_if<ConstantArrivals>(&source.client->arrivals->law);
    if ((renewal == nullptr && constant == nullptr) || (constant != nullptr && !constant->profile.empty()))
      return false;
    const GapTransform transform{renewal != nullptr ? &renewal->gap : nullptr, 1 / source.rate_per_s};
    if (!transform.known() || layer(i).service->replicas != 1 || !stations_[i].empty() || visits_[i] > 1) return false;
    if (!inexactness(layers_, Exactness::of_times_for_any_arrivals).empty()) return false;
    const std::uint32_t node = layer(i).operations.front();
    if (layers_.ways()[node].works_after_waiting()) return false;  // it waits between its arrival and its work
    if (hop_s(layers_.scenario().network, source.name, layer(i).name) > 0) return false;
    const double waits = chance_of_waiting_after_gaps(load.stretch.mean, transform);
    queue.wait_s = load.stretch.mean * waits / (1 - waits);
    queue.basis = {constant != nullptr ? "D/M/1" : "G/M/1", true, ""};
    queue.any_gaps = true;
    // The response is exponential, as at an M/M/1 that is never busy.
    if (layer(i).service->queue.discipline == Discipline::fifo)
      queue.quantiles = MultiServerQueue{0, load.stretch.mean / (1 - waits), 1};
    return true;
  }

  const Layers& layers_;
  const std::vector<double>& jobs_;
  std::vector<QueuePrediction> queues_;
  std::string inexact_;
  std::vector<std::string> stations_;  // why each is none of those that formulas know
  std::vector<double> visits_;         // most jobs of one request at each
  std::vector<std::vector<std::pair<std::uint32_t, std::size_t>>> coming_;  // legs to each, with whose they are
  std::vector<std::optional<bool>> answers_;                                // by operation
  bool forks_ = false;
  bool users_ = false;
};

}  // namespace

std::vector<QueuePrediction> queues_of(const Layers& layers, const std::vector<double>& jobs_per_s) {
  return Queues(layers, jobs_per_s).all();
}

}  // namespace sojourn
