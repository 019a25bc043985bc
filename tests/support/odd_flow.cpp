#include "support/odd_flow.hpp"

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "sojourn/core/hash.hpp"

namespace sojourn::testing {
namespace {

using Json = nlohmann::ordered_json;

/// s may call and tell b and d; b may call and tell d.
class OddFlow {
 public:
  OddFlow(std::uint64_t number, double rate) : state_(mix(number + 1234)), rate_(rate) {}

  Json scenario() {
    odd_ = chance(0.5);
    Json file{{"name", "odd"}, {"seed", 1 + below(1000)}, {"replications", 20}, {"horizon", "110s"}, {"warmup", "10s"}};
    if (chance(0.15)) file["network"] = {{"latency", chance(0.5) ? Json("2ms") : exponential("2ms")}};
    const std::string to_b = chance(0.4) ? topic(any_of({"b.x", "b.y", "d.x", "d.y", "s.y"})) : "";
    const std::string to_d = chance(0.3) ? topic(any_of({"d.x", "d.y"})) : "";
    std::vector<std::string> calls;
    if (chance(0.6)) calls.emplace_back("b.x");
    if (chance(0.3)) calls.emplace_back("d.x");
    file["services"]["s"] = service(steps("5ms", calls, to_b, 0), Json::array({work("5ms")}));
    calls = {"d.x"};
    file["services"]["b"] = service(steps("6ms", chance(0.6) ? calls : none_, to_d, 0), steps("6ms", none_, "", 0));
    file["services"]["d"] = service(steps("4ms", none_, "", 0), steps("8ms", none_, "", 0));
    file["topics"] = topics_;
    file["clients"] = clients();
    return file;
  }

 private:
  double uniform() {
    state_ += 0x9e3779b97f4a7c15ULL;
    return static_cast<double>(mix(state_) >> 11) * 0x1p-53;
  }
  bool chance(double p) { return uniform() < p; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }
  std::string any_of(const std::vector<std::string>& texts) { return texts[below(texts.size())]; }
  static Json exponential(const std::string& mean) { return {{"exponential", mean}}; }

  Json clients() {
    Json c{{"requests", chance(0.5) ? Json("s.x") : Json{{"s.x", 1}, {"b.y", 1}}}};
    const std::string per_second = std::to_string(rate_) + "/s";
    const double law = uniform();
    if (law < 0.8)
      c["arrivals"] = {{"poisson", per_second}};
    else if (law < 0.9)
      c["arrivals"] = {{"constant", per_second}};
    else
      c["users"] = {{"users", 5}, {"think", exponential("50ms")}};
    if (chance(0.1)) c["retry"] = {{"attempts", 3}, {"backoff", "2ms"}};
    Json all{{"c", c}};
    if (chance(0.2)) all["e"] = {{"requests", "b.x"}, {"arrivals", {{"poisson", per_second}}}};
    return all;
  }

  std::string topic(const std::string& handler) {
    const std::string name = "t" + std::to_string(topics_.size());
    Json options{{"subscriptions", {{handler, Json::object()}}}};
    if (chance(0.2)) options["latency"] = "3ms";
    if (chance(0.4)) options["redelivery"] = {{"delay", "10ms"}, {"max_deliveries", 3}};
    topics_[name] = options;
    return name;
  }

  Json service(Json x, Json y) {
    Json s;
    const double kind = uniform();
    if (kind < 0.25) s["workers"] = "unlimited";
    if (kind < 0.12) s["cores"] = 1 + below(2);
    if (kind > 0.8) s["workers"] = 2 + below(2);
    if (kind > 0.9) s["replicas"] = 2, s["balancing"] = any_of({"random", "shared-queue", "round-robin"});
    if (chance(0.5)) s["waiting"] = "async";
    if (chance(0.1))
      s["queue"] = {{"capacity", 3 * below(2)}};
    else if (chance(0.1))
      s["queue"] = {{"discipline", any_of({"lifo", "random"})}};
    s["operations"] = {{"x", std::move(x)}, {"y", std::move(y)}};
    return s;
  }

  Json work(const std::string& mean) {
    Json time = exponential(mean);
    if (odd_ && chance(0.4)) time = chance(0.5) ? Json(mean) : Json{{"gamma", {{"mean", mean}, {"cv", 1.5}}}};
    Json step{{"work", time}};
    if (chance(0.08)) step["fails"] = 0.3;
    if (chance(0.05)) step["declines"] = 0.3;
    return step;
  }

  Json steps(const std::string& mean, const std::vector<std::string>& calls, const std::string& told, int depth) {
    Json list = Json::array();
    bool tells = !told.empty();
    for (std::size_t i = 0, n = 1 + below(3); i < n; ++i) {
      const double kind = uniform();
      if (kind < 0.15 && !calls.empty())
        list.push_back({{"call", calls[below(calls.size())]}});
      else if (kind < 0.23 && std::exchange(tells, false))
        list.push_back({{"publish", told}});
      else if (kind < 0.28 && depth == 0)
        list.push_back({{"reply", "begun"}});
      else if (kind < 0.32)
        list.push_back({{"delay", chance(0.5) ? Json("5ms") : exponential("5ms")}});
      else if (kind < 0.50 && depth < 2)
        list.push_back(nested(mean, calls, depth + 1));
      else
        list.push_back(work(mean));
    }
    return list;
  }

  Json nested(const std::string& mean, const std::vector<std::string>& calls, int depth) {
    const Json inside = steps(mean, calls, "", depth);
    switch (below(8)) {
      case 0: return {{"parallel", {inside, steps(mean, calls, "", depth)}}, {"join", chance(0.5) ? "all" : "any"}};
      case 1: return {{"try", inside}, {"compensate", Json::array({work(mean)})}};
      case 2: return {{"repeat", 2}, {"steps", inside}};
      case 3:
      case 4: return {{"repeat", {{"geometric", chance(0.5) ? 1 : 0.5}}}, {"steps", inside}};
      default: return {{"choose", Json::array({{{"probability", 0.5}, {"steps", inside}}})}};
    }
  }

  std::uint64_t state_;
  double rate_;
  bool odd_ = false;
  Json topics_ = Json::object();
  const std::vector<std::string> none_;
};

}  // namespace

std::string odd_flow(std::uint64_t number, double rate) { return OddFlow(number, rate).scenario().dump(); }

}  // namespace sojourn::testing
