#pragma once
// Simulated time. One type serves instants and spans: whole nanoseconds, 292 years of them.
// Integer time makes ties exact and results independent of compiler and machine.

#include <bit>
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace sojourn {

/// A span of simulated time, or an instant counted from the start of the run, in nanoseconds.
struct Duration {
  std::int64_t ns = 0;

  /// Later than every instant a run can reach; what an overflowing sum becomes.
  static constexpr Duration never() { return {std::numeric_limits<std::int64_t>::max()}; }

  constexpr auto operator<=>(const Duration&) const = default;

  /// The span in seconds, for reports only.
  [[nodiscard]] constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }
};

/// An instant: the time since the run began.
using Time = Duration;

/// Sum of two non-negative times; saturates at never, so that an absurd draw ends beyond the horizon.
[[nodiscard]] constexpr Duration operator+(Duration a, Duration b) {
  Duration sum;
  if (__builtin_add_overflow(a.ns, b.ns, &sum.ns)) return Duration::never();
  return sum;
}

/// Difference of two times; never minus anything stays representable, since both are non-negative.
[[nodiscard]] constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }

/// How often something happens, per second of simulated time.
struct Rate {
  double per_second = 0;
  constexpr auto operator<=>(const Rate&) const = default;
};

/// Nanoseconds as a duration: rounded to the nearest, saturating at never, negative values become zero.
[[nodiscard]] constexpr Duration from_ns(double ns) {
  if (!(ns > 0)) return {};
  if (ns >= 0x1p63) return Duration::never();
  if (ns >= 0x1p51) return {static_cast<std::int64_t>(ns >= 0x1p52 ? ns : ns + 0.5)};  // whole, or half of one at most
  // The sum with 2^52 is rounded to an integer, which stands in its last bits; a half may have gone down to an even one. That
  // needs no branch, which a random number would take at random.
  const double sum = ns + 0x1p52;
  const double left = ns - (sum - 0x1p52);
  const std::uint64_t nearest = std::bit_cast<std::uint64_t>(sum) & 0xfffffffffffffU;
  const bool half = std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(0.5);
  return {static_cast<std::int64_t>(nearest + std::uint64_t{half})};
}

/// Reads "250ms", "1.5s", "1h30m"; units ns us ms s m min h d. Exact for up to nanoseconds.
/// Nothing when the text is not a duration or lies past 292 years.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

/// Reads "80/s", "1.5k/s", "4800/min", "1000/h". Nothing when the text is not a rate.
[[nodiscard]] std::optional<Rate> parse_rate(std::string_view text);

/// The shortest text that parse_duration reads back as the same value: "1.5s", "250ms", "0s".
[[nodiscard]] std::string to_text(Duration duration);

/// The text that parse_rate reads back as the same value, "80/s".
[[nodiscard]] std::string to_text(Rate rate);

namespace literals {
constexpr Duration operator""_ns(unsigned long long v) { return {static_cast<std::int64_t>(v)}; }
constexpr Duration operator""_us(unsigned long long v) { return {static_cast<std::int64_t>(v) * 1'000}; }
constexpr Duration operator""_ms(unsigned long long v) { return {static_cast<std::int64_t>(v) * 1'000'000}; }
constexpr Duration operator""_s(unsigned long long v) { return {static_cast<std::int64_t>(v) * 1'000'000'000}; }
constexpr Duration operator""_min(unsigned long long v) { return {static_cast<std::int64_t>(v) * 60'000'000'000}; }
}  // namespace literals

}  // namespace sojourn
