#pragma once
// Retries: how often an attempt is made again, and how long to wait before each.

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "sojourn/core/describe.hpp"
#include "sojourn/core/time.hpp"
#include "sojourn/random/draw.hpp"

namespace sojourn {

/// How the wait before a retry is spread, so that retries do not come in step.
enum class Jitter : std::uint8_t { full, equal, none };
constexpr auto names_of(std::type_identity<Jitter>) {
  return std::array{std::pair{Jitter::full, std::string_view{"full"}},
                    std::pair{Jitter::equal, std::string_view{"equal"}},
                    std::pair{Jitter::none, std::string_view{"none"}}};
}

/// Attempts are made again after failures, with exponential backoff.
struct Retry {
  std::uint32_t attempts = 3;
  Duration backoff{100'000'000};
  double factor = 2;
  Duration max_backoff{10'000'000'000};
  Jitter jitter = Jitter::full;

  static constexpr std::string_view sentence = "attempts are made again after failures, with exponential backoff";
  static constexpr std::array<std::string_view, 2> later{"budget", "on"};
  static constexpr auto fields() {
    return std::tuple{
        optional("attempts", &Retry::attempts, "attempts in all, the first included", between(1, 1e6)),
        optional("backoff", &Retry::backoff, "wait before the first retry"),
        optional("factor", &Retry::factor, "growth of the wait from retry to retry", at_least(1)),
        optional("max_backoff", &Retry::max_backoff, "the wait grows no longer than this"),
        optional("jitter", &Retry::jitter, "full: uniform on (0, b]; equal: b/2 and uniform on (0, b/2]; none: b")};
  }
};

/// The wait before retry k (from 1): b = min(max_backoff, backoff x factor^(k-1)), spread by the jitter.
/// Source: Brooker, Exponential Backoff and Jitter, AWS Architecture Blog (2015).
[[nodiscard]] Duration backoff_before(const Retry& retry, std::uint32_t k, Draw& draw);

}  // namespace sojourn
