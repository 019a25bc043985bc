#pragma once
// A service: identical replicas, each with workers, in front of them a queue.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "sojourn/core/describe.hpp"
#include "sojourn/model/failures.hpp"
#include "sojourn/model/step.hpp"
#include "sojourn/model/values.hpp"
#include "sojourn/queueing/discipline.hpp"
#include "sojourn/resilience/token_bucket.hpp"

namespace sojourn {

/// Whether a worker stays held while its job waits for somebody else.
enum class Waiting : std::uint8_t { blocking, async };
constexpr auto names_of(std::type_identity<Waiting>) {
  return std::array{std::pair{Waiting::blocking, std::string_view{"blocking"}},
                    std::pair{Waiting::async, std::string_view{"async"}}};
}

/// The queue in front of a service's workers.
struct QueueRules {
  Limit capacity;
  Discipline discipline = Discipline::fifo;
  std::optional<Duration> max_wait;

  static constexpr std::string_view sentence = "the queue in front of the workers";
  static constexpr auto fields() {
    return std::tuple{
        optional("capacity", &QueueRules::capacity, "jobs that may wait, per queue; \"unlimited\" or a number from 0",
                 at_least(0)),
        optional("discipline", &QueueRules::discipline, "who is next: fifo, lifo, random or priority"),
        optional("max_wait", &QueueRules::max_wait, "a job that waited longer is refused when its turn comes")};
  }
};

/// Replicas by need: every interval, replicas := ceil(current * utilization / target), bounded.
struct Autoscaling {
  std::uint32_t minimum = 1;
  std::uint32_t maximum = 1;
  double target_utilization = 0.7;
  Duration interval;
  Duration startup;

  static constexpr std::string_view sentence =
      "every interval, replicas := ceil(current * utilization / target), bounded";
  static constexpr auto fields() {
    return std::tuple{
        required("minimum", &Autoscaling::minimum, "fewest replicas", between(1, 1e6)),
        required("maximum", &Autoscaling::maximum, "most replicas", between(1, 1e6)),
        required("target_utilization", &Autoscaling::target_utilization, "mean utilization that is aimed at",
                 Bound{.minimum = 0, .maximum = 1, .above_minimum = true}),
        required("interval", &Autoscaling::interval, "time between decisions", more_than(0)),
        optional("startup", &Autoscaling::startup, "a new replica serves after this time")};
  }
  [[nodiscard]] std::string problem() const;
};

/// The universal scalability law: with n workers busy in a replica, work is slower by
/// 1 + contention (n - 1) + coherency n (n - 1). Source: Gunther, Guerrilla Capacity Planning (2007), chapter 4.
struct Scalability {
  double contention = 0;
  double coherency = 0;

  static constexpr std::string_view sentence =
      "slows work with the number n of workers busy in a replica: 1 + contention (n-1) + coherency n (n-1)";
  static constexpr auto fields() {
    return std::tuple{
        optional("contention", &Scalability::contention, "share that is done by one at a time", between(0, 1)),
        optional("coherency", &Scalability::coherency, "cost of keeping each pair of workers in step", between(0, 1))};
  }
};

/// Requests enter as jobs of one of its operations.
struct Service {
  std::uint32_t replicas = 1;
  Limit workers = limited_to(1);
  std::optional<double> cores;
  Waiting waiting = Waiting::blocking;
  QueueRules queue;
  Balancing balancing = Balancing::shared_queue;
  std::optional<Failures> failures;
  std::optional<Autoscaling> autoscaling;
  std::optional<Scalability> scalability;
  std::optional<RateLimit> rate_limit;
  double cost_per_hour = 0;
  std::map<std::string, Steps> operations;

  static constexpr std::string_view sentence = "identical replicas, each with workers, behind a queue";
  static constexpr auto fields() {
    return std::tuple{
        optional("replicas", &Service::replicas, "identical instances", between(1, 1e6)),
        optional("workers", &Service::workers, "jobs that one replica runs at once; \"unlimited\" for pure delay",
                 between(1, 1e9)),
        optional(
            "cores", &Service::cores,
            "when more workers than cores are in work, they share: each progresses at cores/busy; default: workers",
            Bound{.minimum = 0, .maximum = 1e9, .above_minimum = true}),
        optional(
            "waiting", &Service::waiting,
            "blocking: a worker stays held during its job's calls, delays and joins; async: it is needed during work "
            "only"),
        optional("queue", &Service::queue, "the queue in front of the workers"),
        optional("balancing", &Service::balancing, "one queue for all replicas, or who gets an arrival"),
        optional("failures", &Service::failures, "replicas that crash and come back; what they held is lost"),
        optional("autoscaling", &Service::autoscaling, "replicas by need, from 'replicas' on"),
        optional("scalability", &Service::scalability, "the universal scalability law"),
        optional("rate_limit", &Service::rate_limit, "a token bucket; what exceeds it is refused"),
        optional("cost_per_hour", &Service::cost_per_hour, "per replica", at_least(0)),
        required("operations", &Service::operations, "name of an operation to its list of steps")};
  }
};

}  // namespace sojourn
