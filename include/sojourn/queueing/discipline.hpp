#pragma once
// Who is next in a queue, and which replica's queue a job joins.

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sojourn {

/// The order in which waiting jobs start. Priority is non-preemptive, FIFO among equals.
enum class Discipline : std::uint8_t { fifo, lifo, random, priority };
constexpr auto names_of(std::type_identity<Discipline>) {
  return std::array{std::pair{Discipline::fifo, std::string_view{"fifo"}},
                    std::pair{Discipline::lifo, std::string_view{"lifo"}},
                    std::pair{Discipline::random, std::string_view{"random"}},
                    std::pair{Discipline::priority, std::string_view{"priority"}}};
}

/// One queue for all replicas, or which replica's own queue an arrival joins.
enum class Balancing : std::uint8_t { shared_queue, round_robin, random, least_loaded, power_of_two };
constexpr auto names_of(std::type_identity<Balancing>) {
  return std::array{std::pair{Balancing::shared_queue, std::string_view{"shared-queue"}},
                    std::pair{Balancing::round_robin, std::string_view{"round-robin"}},
                    std::pair{Balancing::random, std::string_view{"random"}},
                    std::pair{Balancing::least_loaded, std::string_view{"least-loaded"}},
                    std::pair{Balancing::power_of_two, std::string_view{"power-of-two"}}};
}

}  // namespace sojourn
