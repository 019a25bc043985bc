#pragma once
// Replicas and brokers that crash and come back.

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "sojourn/core/describe.hpp"
#include "sojourn/random/distribution.hpp"

namespace sojourn {

/// What those who ask see of something that is down.
enum class DownMode : std::uint8_t { refuse, hang, pause };
constexpr auto names_of(std::type_identity<DownMode>) {
  return std::array{std::pair{DownMode::refuse, std::string_view{"refuse"}},
                    std::pair{DownMode::hang, std::string_view{"hang"}},
                    std::pair{DownMode::pause, std::string_view{"pause"}}};
}

/// Up and down by turns, each replica by itself, in calendar time, up at the start.
struct Failures {
  Distribution time_to_failure;
  Distribution time_to_repair;
  DownMode mode = DownMode::refuse;

  static constexpr std::string_view sentence = "up and down by turns, each replica by itself; all start up";
  static constexpr auto fields() {
    return std::tuple{
        required("time_to_failure", &Failures::time_to_failure, "how long it stays up"),
        required("time_to_repair", &Failures::time_to_repair, "how long it stays down"),
        optional("mode", &Failures::mode,
                 "refuse: callers fail at once; hang: silence; pause: work stops and goes on afterwards")};
  }
};

}  // namespace sojourn
