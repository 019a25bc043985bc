#pragma once
// Retries: how often an attempt is made again, and how long to wait before each.

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

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

/// What a retry may answer to.
enum class RetryOn : std::uint8_t { failed, refused, timed_out, open };
constexpr auto names_of(std::type_identity<RetryOn>) {
  return std::array{
      std::pair{RetryOn::failed, std::string_view{"failed"}}, std::pair{RetryOn::refused, std::string_view{"refused"}},
      std::pair{RetryOn::timed_out, std::string_view{"timed_out"}}, std::pair{RetryOn::open, std::string_view{"open"}}};
}

/// Attempts are made again after failures, with exponential backoff.
struct Retry {
  std::uint32_t attempts = 3;
  Duration backoff{100'000'000};
  double factor = 2;
  Duration max_backoff{10'000'000'000};
  Jitter jitter = Jitter::full;
  std::optional<double> budget = {};
  std::vector<RetryOn> on{RetryOn::failed, RetryOn::refused, RetryOn::timed_out, RetryOn::open};

  static constexpr std::string_view sentence = "attempts are made again after failures, with exponential backoff";
  static constexpr auto fields() {
    return std::tuple{
        optional("attempts", &Retry::attempts, "attempts in all, the first included", between(1, 1e6)),
        optional("backoff", &Retry::backoff, "wait before the first retry"),
        optional("factor", &Retry::factor, "growth of the wait from retry to retry", at_least(1)),
        optional("max_backoff", &Retry::max_backoff, "the wait grows no longer than this"),
        optional("jitter", &Retry::jitter, "full: uniform on (0, b]; equal: b/2 and uniform on (0, b/2]; none: b"),
        optional(
            "budget", &Retry::budget,
            "retries allowed as a share of first attempts, per calling service and operation (a token bucket of 10)",
            at_least(0)),
        optional("on", &Retry::on, "what is tried again: failed, refused, timed_out, open")};
  }

  /// Whether this kind of outcome is tried again.
  [[nodiscard]] bool answers_to(RetryOn kind) const { return std::find(on.begin(), on.end(), kind) != on.end(); }
};

/// The wait before retry k (from 1): b = min(max_backoff, backoff x factor^(k-1)), spread by the jitter.
/// Source: Brooker, Exponential Backoff and Jitter, AWS Architecture Blog (2015).
[[nodiscard]] Duration backoff_before(const Retry& retry, std::uint32_t k, Draw& draw);

}  // namespace sojourn
