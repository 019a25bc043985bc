#pragma once
// A scenario as theory sees it: services as stations, one layer calling the next, and how much of each a request asks for.

#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "sojourn/experiment/passage.hpp"
#include "sojourn/experiment/ways.hpp"
#include "sojourn/model/flow.hpp"
#include "sojourn/model/scenario.hpp"
#include "sojourn/theory/closed_network.hpp"
#include "sojourn/theory/general_work.hpp"

namespace sojourn {

/// A service as a station. Workers and cores of all replicas, infinite when unlimited.
struct Layer {
  std::string name;
  const Service* service = nullptr;
  std::vector<std::uint32_t> operations = {};
  double workers = 1;
  double cores = 1;
  bool holds = false;       ///< a worker is held while its job waits for somebody else
  bool memoryless = false;  ///< on every way each stretch of work is one exponential time, with one mean for all
  [[nodiscard]] double capacity() const { return workers < cores ? workers : cores; }
  /// Whether a job queues once, whatever it does, and keeps its worker to its end.
  [[nodiscard]] bool queues_once() const { return service->waiting == Waiting::blocking && !std::isinf(workers); }
};

/// A client and what one of its requests causes.
struct Source {
  std::string name;
  const Client* client = nullptr;
  double rate_per_s = 0;          ///< of an open client: requests
  std::vector<double> asks = {};  ///< jobs that a request asks for itself, retries included, by operation
  std::vector<double> jobs = {};  ///< jobs that a request causes, by operation
  double fails = 0;               ///< chance that an attempt fails
};

/// What a service is asked to carry.
struct ServiceLoad {
  double jobs_per_s = 0;
  double stretches_per_s = 0;
  Moments stretch;  ///< the work of one stretch
  [[nodiscard]] double work_per_s() const { return stretches_per_s * stretch.mean; }
};

/// Stations that a customer goes round between, one per service met, and one delay.
struct Round {
  std::vector<ClosedStation> stations;
  std::vector<std::uint32_t> layers;  ///< of the stations after the first, which is the delay
  std::vector<double> visits;         ///< to them, in a round
  std::vector<double> demands;        ///< work there in a round
  double overlap = 1;                 ///< how many things a customer does at once, where branches run at once
  bool exact = true;                  ///< a network with a product form
  bool saturated = false;             ///< others leave nothing
};

/// The layers of a sound scenario. Source of the method: Rolia and Sevcik, The Method of Layers (1995), with flow-equivalent
/// servers (Chandy, Herzog and Woo 1975) in place of its surrogate delays.
class Layers {
 public:
  explicit Layers(const Scenario& scenario);

  [[nodiscard]] const Scenario& scenario() const { return *scenario_; }
  [[nodiscard]] const FlowGraph& graph() const { return graph_; }
  [[nodiscard]] const std::vector<Passage>& passages() const { return passages_; }
  [[nodiscard]] const std::vector<Ways>& ways() const { return ways_; }
  [[nodiscard]] const std::vector<Layer>& layers() const { return layers_; }
  [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }
  [[nodiscard]] std::uint32_t layer_of(std::uint32_t operation) const { return layer_of_[operation]; }

  /// Jobs per second of every operation, when each client sends so many requests per second.
  [[nodiscard]] std::vector<double> job_rates(const std::vector<double>& requests_per_s) const;
  [[nodiscard]] ServiceLoad load_of(const Layer& layer, const std::vector<double>& jobs_per_s) const;

  /// Variance of the time that a job of an operation takes where nobody waits in a queue; delays count as constant.
  [[nodiscard]] double time_variance(std::uint32_t operation) const;
  /// Messages for an operation per second.
  [[nodiscard]] double messages_to(std::uint32_t operation, const std::vector<double>& jobs_per_s) const;
  /// The subscription of an operation that takes fewer messages at once than its messages need; "" when there is none.
  [[nodiscard]] std::string growing_backlog(std::uint32_t operation, const std::vector<double>& jobs_per_s) const;

  /// Most jobs of each service that one request of a client leads to, in the order of the layers.
  [[nodiscard]] std::vector<double> most_visits(const Source& source) const;

  /// Operations that are waited for, directly or not, by those that are asked for.
  [[nodiscard]] std::set<std::uint32_t> waited_for(const std::vector<double>& asks) const;

  /// The way of so many customers who ask for these jobs in each round, among jobs of others.
  [[nodiscard]] Round round_of(const std::vector<double>& asks, double delay_s, double customers,
                               const std::vector<double>& jobs_per_s, double rounds_per_s) const;
  /// Jobs per second that a service completes with 1, 2, ... of its workers taken, the last rate for all of them; the list is
  /// short when there are many workers. Others: jobs per second of all operations, its own included.
  struct Held {
    std::vector<double> rates;
    bool all_known = true;  ///< one rate for each number of workers
    bool exact = true;
  };
  [[nodiscard]] Held held(std::uint32_t layer, const std::vector<double>& jobs_per_s) const;
  /// The same for so many jobs of one operation at once.
  [[nodiscard]] Held held_by(const std::vector<double>& shares, double customers, const std::vector<double>& jobs_per_s,
                             double own_rate) const;

  /// Most customers for which networks are solved exactly.
  static constexpr double most_customers = 128;

 private:
  struct Visits;
  void make_layers();
  void make_sources();
  [[nodiscard]] bool is_memoryless(const Layer& layer) const;
  void visit(std::vector<double> times, double customers, Visits& visits) const;
  void visit_own(const Layer& layer, double times, std::uint32_t operation, Visits& visits) const;
  [[nodiscard]] ClosedStation station_of(std::uint32_t layer, double demand, double customers,
                                         const std::vector<double>& jobs_per_s, double own_rate, Round& round) const;

  const Scenario* scenario_;
  FlowGraph graph_;
  std::vector<Passage> passages_;
  std::vector<Ways> ways_;
  std::vector<Layer> layers_;
  std::vector<std::uint32_t> layer_of_;
  std::vector<Source> sources_;
  std::vector<std::uint32_t> callers_first_;
};

}  // namespace sojourn
