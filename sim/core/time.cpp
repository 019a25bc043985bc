#include "sojourn/core/time.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <utility>

#include "sojourn/core/integer128.hpp"

namespace sojourn {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};

// Longest first where one begins another ("min" before "m", "ms" before "m").
constexpr std::array<Unit, 8> units{{{"min", 60'000'000'000},
                                     {"ns", 1},
                                     {"us", 1'000},
                                     {"ms", 1'000'000},
                                     {"s", 1'000'000'000},
                                     {"m", 60'000'000'000},
                                     {"h", 3'600'000'000'000},
                                     {"d", 86'400'000'000'000}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

using Wide = UInt128;

/// A decimal number without sign or exponent, exact: digits / 10^decimals.
struct Decimal {
  Wide digits = 0;
  int decimals = 0;
};

constexpr Wide power_of_ten(int n) {
  Wide power = 1;
  for (; n > 0; --n) power *= 10;
  return power;
}

/// Takes a decimal number off the front of the text; nothing when there is none, or it has over 30 digits.
std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal number;
  std::size_t i = 0;
  int digits = 0;
  bool point = false;
  for (; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      if (digits == 30) return std::nullopt;
      number.digits = number.digits * 10 + static_cast<unsigned>(text[i] - '0');
      ++digits;
      if (point) ++number.decimals;
    } else if (text[i] == '.' && !point && i > 0) {
      point = true;
    } else {
      break;
    }
  }
  if (digits == 0 || (point && text[i - 1] == '.')) return std::nullopt;
  text.remove_prefix(i);
  return number;
}

std::optional<Unit> take_unit(std::string_view& text) {
  for (const Unit& unit : units) {
    if (!text.starts_with(unit.name)) continue;
    const std::string_view rest = text.substr(unit.name.size());
    if (!rest.empty() && !is_digit(rest.front())) continue;
    text = rest;
    return unit;
  }
  return std::nullopt;
}

/// A number of units in nanoseconds, rounded to the nearest; nothing from 2^63 - 1 on.
std::optional<std::int64_t> to_ns(const Decimal& number, std::int64_t unit_ns) {
  const Wide divisor = power_of_ten(number.decimals), whole = number.digits / divisor;
  if (whole > static_cast<Wide>(Duration::never().ns)) return std::nullopt;
  // Decimals after the 18th cannot matter: in days they are below a millionth of a nanosecond.
  const int kept = std::min(number.decimals, 18);
  const Wide part = number.digits % divisor / power_of_ten(number.decimals - kept), scale = power_of_ten(kept);
  const Wide ns = whole * static_cast<Wide>(unit_ns) + (part * static_cast<Wide>(unit_ns) + scale / 2) / scale;
  if (ns >= static_cast<Wide>(Duration::never().ns)) return std::nullopt;
  return static_cast<std::int64_t>(ns);
}

/// n / d as the nearest double; d below 2^127.
double ratio(Wide n, Wide d) {
  if (n == 0) return 0;
  Wide quotient = n / d, rest = n % d;
  double scale = 1;
  while (quotient < Wide{1} << 62) {  // more digits than a double holds
    quotient <<= 1;
    rest <<= 1;
    scale /= 2;
    if (rest < d) continue;
    rest -= d;
    quotient |= 1;
  }
  return static_cast<double>(quotient | (rest > 0 ? 1U : 0U)) * scale;
}

/// number / unit as text, the unit a power of ten or a divisor: "1.5".
std::string decimal_text(Wide number, Wide unit) {
  std::string text = std::to_string(static_cast<std::uint64_t>(number / unit));
  number %= unit;
  if (number > 0) text += '.';
  for (; number > 0; number %= unit) {
    unit /= 10;
    text += static_cast<char>('0' + static_cast<int>(number / unit));
  }
  return text;
}

/// value * 10^decimals to the nearest whole number, for value < 2^63, at most 27 decimals and a result below 2^64.
std::uint64_t scaled(double value, int decimals) {
  if (!(value > 0)) return 0;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const int exponent = std::max(static_cast<int>(bits >> 52), 1) - 1075 + decimals;
  Wide product = (bits & 0xfffffffffffffULL) | (bits >> 52 > 0 ? 0x10000000000000ULL : 0);
  for (int i = 0; i < decimals; ++i) product *= 5;  // below 2^(53 + 63)
  if (exponent >= 0) return static_cast<std::uint64_t>(product << exponent);
  if (exponent < -120) return 0;
  return static_cast<std::uint64_t>((product + (Wide{1} << (-exponent - 1))) >> -exponent);
}

}  // namespace

// Each part is rounded to whole nanoseconds; units must fall from part to part.
std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Duration sum;
  std::int64_t last_unit = Duration::never().ns;
  while (!text.empty()) {
    const auto number = take_decimal(text);
    const auto unit = number ? take_unit(text) : std::nullopt;
    if (!unit || unit->ns >= last_unit) return std::nullopt;
    last_unit = unit->ns;
    const auto ns = to_ns(*number, unit->ns);
    if (!ns) return std::nullopt;
    sum = sum + Duration{*ns};
  }
  if (sum == Duration::never()) return std::nullopt;
  return sum;
}

// The nearest double to what is written, so that equal rates in different units are equal.
std::optional<Rate> parse_rate(std::string_view text) {
  const auto number = take_decimal(text);
  if (!number) return std::nullopt;
  Wide events = number->digits, seconds = power_of_ten(number->decimals);
  if (text.starts_with('k') || text.starts_with('M')) {
    events *= text.front() == 'k' ? 1'000U : 1'000'000U;
    text.remove_prefix(1);
  }
  if (!text.starts_with('/')) return std::nullopt;
  text.remove_prefix(1);
  const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == text; });
  if (unit == units.end()) return std::nullopt;
  constexpr std::int64_t second = 1'000'000'000;
  if (unit->ns > second) seconds *= static_cast<Wide>(unit->ns / second);
  if (unit->ns < second && __builtin_mul_overflow(events, static_cast<Wide>(second / unit->ns), &events))
    return std::nullopt;
  return Rate{ratio(events, seconds)};
}

std::string to_text(Duration duration) {
  if (duration.ns == 0) return "0s";
  if (duration == Duration::never()) return "never";
  static constexpr std::array<Unit, 7> scale{{{"d", 86'400'000'000'000},
                                              {"h", 3'600'000'000'000},
                                              {"min", 60'000'000'000},
                                              {"s", 1'000'000'000},
                                              {"ms", 1'000'000},
                                              {"us", 1'000},
                                              {"ns", 1}}};
  std::string best;
  for (const Unit& unit : scale) {
    if (duration.ns < unit.ns) continue;
    const bool decimal = unit.ns <= 1'000'000'000;  // days, hours and minutes only when whole, and then at once
    if (!decimal && duration.ns % unit.ns != 0) continue;
    std::string text = decimal_text(static_cast<Wide>(duration.ns), static_cast<Wide>(unit.ns));
    text += unit.name;
    if (!decimal) return text;
    if (best.empty() || text.size() < best.size()) best = std::move(text);
  }
  return best;
}

// Reads back as the same from 1e-10 a second on, which is three in a thousand years; below, it is rounded.
std::string to_text(Rate rate) {
  if (!(rate.per_second < 0x1p63)) return "more than 9e18/s";
  for (int decimals = 0;; ++decimals) {
    const std::uint64_t digits = scaled(rate.per_second, decimals);
    const Wide unit = power_of_ten(decimals);
    if (decimals == 27 || ratio(digits, unit) == rate.per_second) return decimal_text(digits, unit) + "/s";
  }
}

}  // namespace sojourn
