#include "support/random_flow.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "sojourn/core/hash.hpp"

namespace sojourn::testing {
namespace {

using Json = nlohmann::ordered_json;

/// Services s0, s1, ... each call and publish to later ones only.
class Flow {
 public:
  explicit Flow(std::uint64_t number) : state_(mix(number + 77)) {}

  Json scenario() {
    services_ = 1 + below(6);
    for (std::size_t i = 0, n = below(4); i < n; ++i) make_topic(i);
    Json file{{"name", "flow"}, {"seed", below(100)}, {"replications", 2}, {"horizon", chance(0.5) ? "3s" : "8s"}};
    if (chance(0.4)) file["warmup"] = "500ms";
    file["clients"]["open"] = open_client();
    if (chance(0.4))
      file["clients"]["closed"] = {{"requests", "s0.x"}, {"users", {{"users", 1 + below(40)}, {"think", law()}}}};
    for (std::size_t i = 0; i < services_; ++i) file["services"][name_of(i)] = service(i);
    for (const Topic& topic : topics_) file["topics"][topic.name] = topic.json;
    file["variants"] = {{"as-written", Json::object()}};
    if (has_deferrable_) file["variants"]["deferred"] = {{"defer", "all"}};
    return file;
  }

 private:
  struct Topic {
    std::string name;
    std::size_t first = 0;  // subscriber
    Json json;
  };

  double uniform() {
    state_ += 0x9e3779b97f4a7c15ULL;
    return static_cast<double>(mix(state_) >> 11) * 0x1p-53;
  }
  bool chance(double p) { return uniform() < p; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }
  static std::string name_of(std::size_t i) { return "s" + std::to_string(i); }
  std::string operation_of(std::size_t i) { return name_of(i) + (chance(0.5) ? ".x" : ".y"); }

  Json law() {
    const std::string mean = std::to_string(1 + below(20)) + "ms";
    switch (below(6)) {
      case 0: return mean;
      case 1: return {{"lognormal", {{"mean", mean}, {"cv", 0.5 + uniform()}}}};
      case 2: return {{"gamma", {{"mean", mean}, {"cv", 0.5 + uniform()}}}};
      case 3: return {{"uniform", {{"low", "0s"}, {"high", mean}}}};
      default: return {{"exponential", mean}};
    }
  }

  void make_topic(std::size_t number) {
    Topic topic{.name = "t" + std::to_string(number), .first = services_, .json = {}};
    for (std::size_t i = 1; i < services_; ++i) {
      if (!chance(0.5)) continue;
      topic.first = std::min(topic.first, i);
      topic.json["subscriptions"][operation_of(i)] = chance(0.3) ? Json{{"concurrency", 1 + below(3)}} : Json::object();
    }
    if (topic.first == services_) return;
    if (chance(0.5)) topic.json["redelivery"] = {{"delay", chance(0.2) ? "0s" : "15ms"}, {"max_deliveries", 3}};
    if (chance(0.1)) topic.json["latency"] = "2ms";
    if (chance(0.1)) topic.json["capacity"] = 4;
    if (chance(0.2)) topic.json["delivery"] = "at-most-once";
    if (chance(0.1)) topic.json["partitions"] = 3;
    topics_.push_back(std::move(topic));
  }

  Json service(std::size_t i) {
    Json service{{"workers", 1 + below(6)}, {"operations", {{"x", steps(i, 0)}, {"y", steps(i, 0)}}}};
    if (chance(0.15)) service["workers"] = "unlimited";
    if (chance(0.2)) service["replicas"] = 2;
    if (chance(0.2)) service["queue"] = {{"capacity", below(6)}};
    if (chance(0.1)) service["queue"]["discipline"] = chance(0.5) ? "priority" : "lifo";
    if (chance(0.1)) service["waiting"] = "async";
    if (chance(0.1)) service["balancing"] = "least-loaded";
    if (chance(0.05)) service["cores"] = 1;
    return service;
  }

  Json steps(std::size_t service, int depth) {
    Json list = Json::array();
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      Json one = step(service, depth);
      if (!one.is_null()) list.push_back(std::move(one));
    }
    if (list.empty()) list.push_back({{"work", law()}});
    return list;
  }

  Json step(std::size_t service, int depth) {
    const double kind = uniform();
    if (kind < 0.4) return work();
    if (kind < 0.65) return service + 1 < services_ ? call(service) : Json();
    if (kind < 0.8) return publish(service);
    if (kind < 0.85) return depth == 0 ? Json{{"reply", "accepted"}} : Json();
    if (kind < 0.89) return {{"notify", "client"}};
    if (kind < 0.92) return {{"delay", law()}};
    if (depth > 0) return Json();
    if (kind < 0.97)
      return {{"choose",
               {{{"probability", 0.3}, {"steps", steps(service, 1)}},
                {{"probability", 0.4}, {"steps", steps(service, 1)}}}}};
    if (kind < 0.985) return {{"parallel", {steps(service, 1), steps(service, 1)}}};
    return {{"repeat", 2}, {"steps", steps(service, 1)}};
  }

  Json work() {
    Json work{{"work", law()}};
    if (chance(0.2)) work["fails"] = 0.1 * uniform();
    if (chance(0.2)) work["declines"] = 0.1 * uniform();
    return work;
  }

  Json call(std::size_t service) {
    Json call{{"call", operation_of(service + 1 + below(services_ - service - 1))}};
    if (chance(0.35)) call["timeout"] = std::to_string(5 + below(100)) + "ms";
    if (chance(0.3)) call["retry"] = {{"attempts", 2 + below(2)}, {"backoff", "5ms"}};
    if (call.contains("retry") && chance(0.3)) call["retry"]["budget"] = 0.2;
    if (chance(0.15)) call["fallback"] = {{{"work", "1ms"}}};
    if (chance(0.1)) call["priority"] = 2;
    if (chance(0.08)) call["hedge"] = {{"after", "10ms"}, {"attempts", 2}};
    if (chance(0.08)) call["circuit_breaker"] = {{"window", 20}, {"minimum_calls", 5}};
    if (chance(0.3)) has_deferrable_ = call["deferrable"] = true;
    return call;
  }

  Json publish(std::size_t service) {
    std::vector<std::string> open;
    for (const Topic& topic : topics_)
      if (topic.first > service) open.push_back(topic.name);
    if (open.empty()) return Json();
    Json publish{{"publish", open[below(open.size())]}};
    if (chance(0.1)) publish["confirm"] = true;
    if (chance(0.1)) publish["priority"] = 1;
    if (!publish.contains("confirm") && chance(0.1)) publish["outbox"] = true;
    return publish;
  }

  Json open_client() {
    Json client{{"requests", chance(0.5) ? Json("s0.x") : Json{{"s0.x", 3}, {"s0.y", 1}}}};
    client["arrivals"] = chance(0.8) ? Json{{"poisson", std::to_string(50 + below(250)) + "/s"}}
                                     : Json{{"renewal", {{"gamma", {{"mean", "8ms"}, {"cv", 2}}}}}};
    if (client["arrivals"].contains("poisson") && chance(0.2))
      client["arrivals"]["profile"] = Json::parse(R"([["0s", 1], ["1s", 1], ["1s", 2]])");
    if (chance(0.4)) client["timeout"] = std::to_string(20 + below(300)) + "ms";
    if (chance(0.3)) client["retry"] = {{"attempts", 2}};
    return client;
  }

  std::uint64_t state_;
  std::size_t services_ = 1;
  std::vector<Topic> topics_;
  bool has_deferrable_ = false;
};

}  // namespace

std::string random_flow(std::uint64_t number) { return Flow(number).scenario().dump(1); }

}  // namespace sojourn::testing
