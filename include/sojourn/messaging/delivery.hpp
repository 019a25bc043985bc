#pragma once
// What a broker promises: how often a message is delivered, what happens when a backlog is full, when it is sent again.

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "sojourn/core/describe.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// When a message leaves the topic: once its handler succeeded, or once it was delivered.
enum class Delivery : std::uint8_t { at_least_once, at_most_once, deduplicated };
constexpr auto names_of(std::type_identity<Delivery>) {
  return std::array{std::pair{Delivery::at_least_once, std::string_view{"at-least-once"}},
                    std::pair{Delivery::at_most_once, std::string_view{"at-most-once"}},
                    std::pair{Delivery::deduplicated, std::string_view{"deduplicated"}}};
}

/// What a full backlog does to a message that comes.
enum class Overflow : std::uint8_t { refuse, drop_oldest, block };
constexpr auto names_of(std::type_identity<Overflow>) {
  return std::array{std::pair{Overflow::refuse, std::string_view{"refuse"}},
                    std::pair{Overflow::drop_oldest, std::string_view{"drop-oldest"}},
                    std::pair{Overflow::block, std::string_view{"block"}}};
}

/// A message whose handling failed comes again, until it is dead.
struct Redelivery {
  Duration delay{1'000'000'000};
  double factor = 1;
  std::uint32_t max_deliveries = 5;

  static constexpr std::string_view sentence = "a message whose handling failed comes again, until it is dead";
  static constexpr auto fields() {
    return std::tuple{
        optional("delay", &Redelivery::delay, "counted from the failure"),
        optional("factor", &Redelivery::factor, "growth of the delay from delivery to delivery", at_least(0)),
        optional("max_deliveries", &Redelivery::max_deliveries,
                 "deliveries in all, the first included; then it is dead", between(1, 1e6))};
  }

  /// The wait after the failure of delivery k (from 1): delay x factor^(k-1).
  [[nodiscard]] constexpr Duration wait_after(std::uint32_t k) const {
    double wait = static_cast<double>(delay.ns);
    for (std::uint32_t i = 1; i < k && wait > 0 && wait < 9e18 && factor != 1; ++i) wait *= factor;
    return wait >= 9e18 ? Duration::never() : Duration{static_cast<std::int64_t>(wait + 0.5)};
  }
};

}  // namespace sojourn
