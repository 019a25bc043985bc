#include "support/random_scenario.hpp"

#include <vector>

#include <nlohmann/json.hpp>

#include "sojourn/core/hash.hpp"

namespace sojourn::testing {
namespace {

using Json = nlohmann::ordered_json;

/// Services s0, s1, ... each call only later ones, so calls end; topics go to later ones, too, so messages die out.
class Generator {
 public:
  explicit Generator(std::uint64_t number) : state_(mix(number + 1)) {}

  Json scenario() {
    services_ = 2 + below(3);
    topics_ = below(3);
    Json file;
    file["name"] = "random";
    file["seed"] = below(1000);
    file["replications"] = 2;
    file["horizon"] = "4s";
    file["drain"] = chance(0.3) ? "500ms" : "30s";
    if (chance(0.3)) file["warmup"] = chance(0.8) ? "1s" : "auto";
    lossy_ = chance(0.25);
    if (lossy_ || chance(0.3)) file["network"] = network();
    file["resources"]["db"] = resource();
    for (std::size_t i = 0; i < topics_; ++i) file["topics"]["t" + std::to_string(i)] = topic(i);
    for (std::size_t i = 0; i < services_; ++i) file["services"][service_name(i)] = service(i);
    file["clients"]["open"] = open_client();
    if (chance(0.6)) file["clients"]["closed"] = closed_client();
    if (chance(0.5)) file["incidents"] = incidents();
    file["variants"] = {{"plain", Json::object()}};
    if (has_deferrable_) file["variants"]["deferred"] = {{"defer", "all"}};
    if (chance(0.3))
      file["messaging"] = {{"latency", "1ms"}, {"redelivery", {{"delay", "20ms"}, {"max_deliveries", 3}}}};
    return file;
  }

 private:
  // ---- chance ----
  double uniform() {
    state_ += 0x9e3779b97f4a7c15ULL;
    return static_cast<double>(mix(state_) >> 11) * 0x1p-53;
  }
  bool chance(double p) { return uniform() < p; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(uniform() * static_cast<double>(n)); }
  std::string one_of(const std::vector<std::string>& words) { return words[below(words.size())]; }
  double share(double most) { return static_cast<double>(1 + below(99)) / 100 * most; }
  std::string ms(std::size_t least, std::size_t most) { return std::to_string(least + below(most - least + 1)) + "ms"; }

  // ---- parts ----
  static std::string service_name(std::size_t i) { return "s" + std::to_string(i); }
  static std::string operation_of(std::size_t i) { return service_name(i) + ".x"; }

  Json law() {
    switch (below(12)) {
      case 0: return ms(0, 10);
      case 1: return {{"uniform", {{"low", "1ms"}, {"high", ms(2, 10)}}}};
      case 2: return {{"erlang", {{"k", 2}, {"mean", ms(1, 8)}}}};
      case 3: return {{"lognormal", {{"p50", "3ms"}, {"p99", ms(10, 40)}}}};
      case 4: return {{"hyperexponential", {{"mean", "4ms"}, {"cv", 2}}}};
      case 5: return {{"pareto", {{"shape", 1.5}, {"minimum", "1ms"}, {"maximum", "50ms"}}}};
      case 6:
        return {{"mixture", Json::array({{{"weight", 3}, {"of", "2ms"}},
                                         {{"weight", 1},
                                          {"of", {{"shifted", {{"by", "1ms"}, {"of", {{"exponential", "5ms"}}}}}}}}})}};
      case 7: return {{"gamma", {{"mean", "4ms"}, {"cv", 1.5}}}};
      case 8: return {{"weibull", {{"shape", 0.8}, {"scale", "4ms"}}}};
      case 9: return {{"quantiles", {{"0", "1ms"}, {"0.5", "3ms"}, {"1", "30ms"}}}};
      case 10: return {{"samples", "samples.csv"}};
      default: return {{"exponential", ms(1, 8)}};
    }
  }

  Json network() {
    Json network = Json::object();
    if (chance(0.7)) network["latency"] = law();
    if (lossy_) network["loss"] = share(0.05);
    if (chance(0.5)) network["links"]["open->s0"] = {{"latency", "2ms"}};
    return network;
  }

  Json queue() {
    Json queue = Json::object();
    if (chance(0.5)) queue["capacity"] = below(6);
    if (chance(0.5)) queue["discipline"] = one_of({"fifo", "lifo", "random", "priority"});
    if (chance(0.3)) queue["max_wait"] = ms(0, 60);
    return queue;
  }

  Json resource() { return {{"units", 1 + below(3)}, {"queue", queue()}}; }

  Json failures() {
    return {{"time_to_failure", {{"exponential", "1s"}}},
            {"time_to_repair", {{"exponential", ms(20, 300)}}},
            {"mode", one_of({"refuse", "hang", "pause"})}};
  }

  Json retry() {
    Json retry = {{"attempts", 1 + below(4)}, {"backoff", ms(0, 30)}, {"jitter", one_of({"full", "equal", "none"})}};
    if (chance(0.3)) retry["budget"] = share(0.5);
    if (chance(0.3)) retry["on"] = Json::array({"failed", "timed_out"});
    return retry;
  }

  Json service(std::size_t i) {
    Json service;
    if (chance(0.4)) service["replicas"] = 1 + below(3);
    service["workers"] = chance(0.15) ? Json("unlimited") : Json(1 + below(5));
    if (chance(0.25)) service["cores"] = 1 + below(2);
    if (chance(0.4)) service["waiting"] = "async";
    if (chance(0.4)) service["queue"] = queue();
    if (chance(0.4))
      service["balancing"] = one_of({"round-robin", "random", "least-loaded", "power-of-two", "shared-queue"});
    if (chance(0.25)) service["failures"] = failures();
    if (chance(0.2))
      service["autoscaling"] = {{"minimum", 1},
                                {"maximum", 4},
                                {"target_utilization", 0.5},
                                {"interval", ms(100, 900)},
                                {"startup", ms(0, 200)}};
    if (chance(0.2)) service["scalability"] = {{"contention", 0.1}, {"coherency", 0.01}};
    if (chance(0.2)) service["cost_per_hour"] = 1.5;
    if (chance(0.2)) service["rate_limit"] = {{"rate", "60/s"}, {"burst", 5}};
    service["operations"]["x"] = steps(i, 0);
    service["operations"]["status"] = Json::array({{{"work", "1ms"}}});
    return service;
  }

  Json steps(std::size_t at, int depth) {
    Json list = Json::array();
    for (std::size_t n = 1 + below(3); n > 0; --n) list.push_back(step(at, depth));
    return list;
  }

  Json step(std::size_t at, int depth) {
    const bool may_nest = depth < 2;
    switch (below(may_nest ? 14 : 7)) {
      case 0:
      case 1: return work();
      case 2: return at + 1 < services_ ? call(at, depth) : work();
      case 3: return publish(at);
      case 4: return {{"delay", law()}};
      case 5: return chance(0.5) ? Json{{"notify", "client"}} : Json{{"reply", "accepted"}};
      case 6: return notify_or_await(at);
      case 7:
        return {{"choose", Json::array({{{"probability", 0.4}, {"steps", steps(at, depth + 1)}},
                                        {{"probability", 0.3}, {"steps", steps(at, depth + 1)}}})}};
      case 8:
      case 9:
        return {{"parallel", Json::array({steps(at, depth + 1), steps(at, depth + 1), steps(at, depth + 1)})},
                {"join", chance(0.4)   ? Json("any")
                         : chance(0.5) ? Json("all")
                                       : Json(2)}};
      case 10:
        return {{"repeat", chance(0.5) ? Json(below(3)) : Json{{"geometric", 1}}}, {"steps", steps(at, depth + 1)}};
      case 11: return {{"use", "db"}, {"steps", Json::array({work()})}};
      case 12: return {{"try", steps(at, depth + 1)}, {"compensate", Json::array({work()})}};
      default: return at + 1 < services_ ? call(at, depth) : work();
    }
  }

  Json work() {
    Json work = {{"work", law()}};
    if (chance(0.3)) work["fails"] = share(0.3);
    if (chance(0.2)) work["declines"] = share(0.2);
    if (chance(0.2)) work["per"] = "batch";
    return work;
  }

  Json call(std::size_t at, int depth) {
    Json call = {{"call", operation_of(at + 1 + below(services_ - at - 1))}};
    call["timeout"] = ms(5, 80);
    if (!lossy_ && chance(0.3)) call.erase("timeout");
    if (chance(0.4)) call["retry"] = retry();
    if (chance(0.2))
      call["circuit_breaker"] = {
          {"minimum_calls", 4}, {"window", 10}, {"wait_in_open", ms(50, 500)}, {"permitted_calls_in_half_open", 2}};
    if (call.contains("circuit_breaker") && chance(0.5))
      call["circuit_breaker"]["slow_call"] = {{"longer_than", ms(5, 30)}, {"rate_threshold", 0.5}};
    if (chance(0.2)) call["bulkhead"] = {{"max_concurrent_calls", 1 + below(3)}};
    if (chance(0.2)) call["rate_limit"] = {{"rate", "40/s"}, {"burst", 3}};
    if (chance(0.2)) call["hedge"] = {{"after", ms(1, 20)}, {"attempts", 2 + below(2)}};
    if (chance(0.2)) call["fallback"] = depth < 2 ? steps(at, depth + 1) : Json::array();
    if (chance(0.2)) call["deadline"] = "propagate";
    if (chance(0.2)) call["priority"] = static_cast<int>(below(3)) - 1;
    if (chance(0.4)) {
      call["deferrable"] = true;
      has_deferrable_ = true;
    }
    return call;
  }

  /// A topic that only later services listen to; there is none for the last service.
  Json publish(std::size_t at) {
    if (topics_ == 0 || at + 1 >= services_) return work();
    Json publish = {{"publish", "t" + std::to_string(below(topics_))}};
    if (chance(0.3)) publish["key"] = {{"zipf", {{"keys", 10}, {"exponent", 1.1}}}};
    if (chance(0.3))
      publish["outbox"] = true;
    else if (chance(0.4))
      publish["confirm"] = true, publish["timeout"] = ms(5, 50);
    return publish;
  }

  Json notify_or_await(std::size_t at) {
    const std::string last = operation_of(services_ - 1);
    if (at + 1 >= services_ || chance(0.5)) return {{"notify", "client"}, {"when", Json::array({last})}};
    return {{"await", Json::array({last})}, {"timeout", ms(5, 60)}};
  }

  Json topic(std::size_t) {
    Json topic;
    Json options = Json::object();
    if (chance(0.3)) options["concurrency"] = 1 + below(3);
    if (chance(0.3)) options["batch"] = {{"size", 1 + below(4)}, {"wait", ms(0, 20)}};
    if (chance(0.2)) options["poll"] = ms(5, 40);
    topic["subscriptions"][operation_of(services_ - 1)] = options;
    if (chance(0.4)) topic["latency"] = law();
    if (chance(0.3)) topic["partitions"] = 1 + below(4);
    if (chance(0.4)) topic["capacity"] = below(5);
    topic["overflow"] = one_of({"refuse", "drop-oldest", "block"});
    topic["delivery"] = one_of({"at-least-once", "at-most-once", "deduplicated"});
    topic["redelivery"] = {{"delay", ms(0, 50)}, {"factor", 1.5}, {"max_deliveries", 1 + below(4)}};
    if (chance(0.3)) topic["duplicates"] = share(0.3);
    if (chance(0.3)) topic["expires"] = ms(5, 100);
    if (chance(0.2)) topic["failures"] = failures();
    if (chance(0.2)) topic["cost_per_million"] = 2;
    return topic;
  }

  Json open_client() {
    Json client = {{"requests", chance(0.5) ? Json("s0.x") : Json{{"s0.x", 3}, {"s1.x", 1}}}};
    switch (below(5)) {
      case 0: client["arrivals"] = {{"constant", "40/s"}}; break;
      case 1: client["arrivals"] = {{"renewal", {{"erlang", {{"k", 2}, {"mean", "20ms"}}}}}}; break;
      case 2:
        client["arrivals"] = {
            {"bursty", {{"rate", "10/s"}, {"burst_rate", "150/s"}, {"calm", "500ms"}, {"burst", "200ms"}}}};
        break;
      case 3: client["arrivals"] = {{"trace", "trace.csv"}}; break;
      default:
        client["arrivals"] = {
            {"poisson", "50/s"},
            {"profile", Json::array({Json::array({"0s", 1}), Json::array({"2s", 1}), Json::array({"2s", 2})})}};
    }
    if (lossy_ || chance(0.5)) client["timeout"] = ms(20, 300);
    if (chance(0.3)) client["retry"] = retry();
    if (chance(0.3))
      client["then"] =
          Json::array({{{"think", ms(0, 30)}, {"requests", "s1.status"}, {"expects", operation_of(services_ - 1)}}});
    return client;
  }

  Json closed_client() {
    Json client = {{"requests", "s0.x"},
                   {"users", {{"users", 1 + below(6)}, {"think", {{"exponential", ms(5, 100)}}}}},
                   {"priority", 1}};
    if (lossy_ || chance(0.5)) client["timeout"] = ms(20, 300);
    return client;
  }

  Json link_effect() {
    switch (below(lossy_ ? 5 : 4)) {
      case 0: return {{"latency", law()}};
      case 1: return {{"slowdown", 3}};
      case 2: return {{"fails", share(1)}};
      case 3: return {{"down", one_of({"refuse", "pause"})}};
      default: return {{"loss", share(1)}};
    }
  }

  Json incidents() {
    Json list = Json::array();
    for (std::size_t n = 1 + below(3); n > 0; --n) {
      const std::string service = service_name(below(services_));
      Json incident = {{"at", ms(0, 3000)}, {"for", ms(10, 1500)}, {"target", chance(0.7) ? service : service + ".x"}};
      switch (below(6)) {
        case 0: incident["effect"] = {{"down", one_of({"refuse", "hang", "pause"})}}; break;
        case 1: incident["effect"] = {{"slowdown", 3}}; break;
        case 2: incident["effect"] = {{"fails", share(1)}}; break;
        case 3: incident["effect"] = {{"latency", law()}}; break;
        case 4:
          incident["effect"] = {{"rate", 2}};
          incident["target"] = "open";
          break;
        default: incident["effect"] = {{"replicas", 1}}; incident["target"] = service;
      }
      list.push_back(incident);
    }
    if (chance(0.5))
      list.push_back({{"at", "500ms"}, {"for", "1s"}, {"target", "open->s0"}, {"effect", link_effect()}});
    if (topics_ > 0 && chance(0.5))
      list.push_back({{"at", "1s"},
                      {"for", "500ms"},
                      {"target", "t0"},
                      {"effect", {{"down", one_of({"refuse", "hang", "pause"})}}}});
    return list;
  }

  std::uint64_t state_;
  std::size_t services_ = 0;
  std::size_t topics_ = 0;
  bool lossy_ = false;
  bool has_deferrable_ = false;
};

}  // namespace

std::string random_scenario(std::uint64_t number) { return Generator(number).scenario().dump(1); }

std::string random_scenario_folder() { return SOJOURN_SOURCE_DIR "/tests/support/files"; }

}  // namespace sojourn::testing
