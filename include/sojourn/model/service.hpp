#pragma once
// A service: identical replicas, each with workers, in front of them a queue.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "sojourn/core/describe.hpp"
#include "sojourn/model/step.hpp"
#include "sojourn/model/values.hpp"
#include "sojourn/queueing/discipline.hpp"

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

  static constexpr std::string_view sentence = "the queue in front of the workers";
  static constexpr std::array<std::string_view, 1> later{"max_wait"};
  static constexpr auto fields() {
    return std::tuple{optional("capacity", &QueueRules::capacity,
                               "jobs that may wait, per queue; \"unlimited\" or a number from 0", at_least(0)),
                      optional("discipline", &QueueRules::discipline, "who is next: fifo, lifo, random or priority")};
  }
};

/// Requests enter as jobs of one of its operations.
struct Service {
  std::uint32_t replicas = 1;
  Limit workers = limited_to(1);
  Waiting waiting = Waiting::blocking;
  QueueRules queue;
  Balancing balancing = Balancing::shared_queue;
  double cost_per_hour = 0;
  std::map<std::string, Steps> operations;

  static constexpr std::string_view sentence = "identical replicas, each with workers, behind a queue";
  static constexpr std::array<std::string_view, 5> later{"cores", "failures", "autoscaling", "rate_limit",
                                                         "scalability"};
  static constexpr auto fields() {
    return std::tuple{
        optional("replicas", &Service::replicas, "identical instances", between(1, 1e6)),
        optional("workers", &Service::workers, "jobs that one replica runs at once; \"unlimited\" for pure delay",
                 between(1, 1e9)),
        optional(
            "waiting", &Service::waiting,
            "blocking: a worker stays held during its job's calls, delays and joins; async: it is needed during work "
            "only"),
        optional("queue", &Service::queue, "the queue in front of the workers"),
        optional("balancing", &Service::balancing, "one queue for all replicas, or who gets an arrival"),
        optional("cost_per_hour", &Service::cost_per_hour, "per replica", at_least(0)),
        required("operations", &Service::operations, "name of an operation to its list of steps")};
  }
};

}  // namespace sojourn
