#include "sojourn/core/time.hpp"

#include <array>
#include <cmath>
#include <cstddef>

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

/// A decimal number without sign or exponent, exact: digits / 10^decimals.
struct Decimal {
  UInt128 digits = 0;
  int decimals = 0;
};

using Wide = UInt128;

/// Takes a decimal number off the front of the text; nothing when there is none, or it has over 30 digits.
std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal number;
  std::size_t i = 0;
  int digits = 0;
  bool point = false;
  for (; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      number.digits = number.digits * 10 + static_cast<unsigned>(text[i] - '0');
      ++digits;
      if (point) ++number.decimals;
    } else if (text[i] == '.' && !point && i > 0) {
      point = true;
    } else {
      break;
    }
  }
  if (digits == 0 || digits > 30 || (point && text[i - 1] == '.')) return std::nullopt;
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

}  // namespace

Duration from_ns(double ns) {
  if (!(ns > 0)) return {};
  if (ns >= 9.2e18) return Duration::never();
  return {static_cast<std::int64_t>(ns + 0.5)};
}

// Parts of a nanosecond are rounded to the nearest.
std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  std::int64_t last_unit = 0;
  while (!text.empty()) {
    const auto number = take_decimal(text);
    const auto unit = number ? take_unit(text) : std::nullopt;
    if (!unit || (last_unit != 0 && unit->ns >= last_unit)) return std::nullopt;
    last_unit = unit->ns;
    Wide divisor = 1;
    for (int i = 0; i < number->decimals; ++i) divisor *= 10;
    if (number->digits / divisor > Wide{9'300'000'000'000'000'000ULL}) return std::nullopt;
    const Wide whole = number->digits / divisor * static_cast<Wide>(unit->ns);
    const Wide rest = number->digits % divisor;
    // At most 18 decimals count: finer ones are below a nanosecond in every unit.
    Wide part = rest, scale = divisor;
    while (scale > Wide{1'000'000'000'000'000'000ULL}) {
      part /= 10;
      scale /= 10;
    }
    const Wide ns = whole + (part * static_cast<Wide>(unit->ns) + scale / 2) / scale;
    if (ns > static_cast<Wide>(Duration::never().ns - 1) ||
        __builtin_add_overflow(sum, static_cast<std::int64_t>(ns), &sum))
      return std::nullopt;
  }
  return Duration{sum};
}

std::optional<Rate> parse_rate(std::string_view text) {
  const auto number = take_decimal(text);
  if (!number) return std::nullopt;
  double value = static_cast<double>(number->digits);
  double divisor = 1;
  for (int i = 0; i < number->decimals; ++i) divisor *= 10;
  value /= divisor;
  if (text.starts_with('k')) {
    value *= 1e3;
    text.remove_prefix(1);
  } else if (text.starts_with('M')) {
    value *= 1e6;
    text.remove_prefix(1);
  }
  if (!text.starts_with('/')) return std::nullopt;
  text.remove_prefix(1);
  for (const Unit& unit : units)
    if (text == unit.name) return Rate{value * 1e9 / static_cast<double>(unit.ns)};
  return std::nullopt;
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
  std::size_t i = 0;
  while (duration.ns < scale[i].ns) ++i;
  // A unit that leaves at most three decimals; days, hours and minutes only when whole.
  while (i < 3 ? duration.ns % scale[i].ns != 0
               : static_cast<Wide>(duration.ns) * 1000 % static_cast<Wide>(scale[i].ns) != 0)
    ++i;
  const std::int64_t whole = duration.ns / scale[i].ns;
  std::int64_t thousandths =
      static_cast<std::int64_t>(static_cast<Wide>(duration.ns % scale[i].ns) * 1000 / static_cast<Wide>(scale[i].ns));
  std::string text = std::to_string(whole);
  if (thousandths > 0) {
    std::string decimals = std::to_string(1000 + thousandths).substr(1);
    while (decimals.back() == '0') decimals.pop_back();
    text += "." + decimals;
  }
  return text + std::string(scale[i].name);
}

std::string to_text(Rate rate) {
  // Whole numbers as they are, others with up to nine decimals.
  const double value = rate.per_second;
  const double whole = std::floor(value);
  std::string text = std::to_string(static_cast<std::uint64_t>(whole));
  const auto billionths = static_cast<std::uint64_t>((value - whole) * 1e9 + 0.5);
  if (billionths > 0 && billionths < 1'000'000'000) {
    std::string decimals = std::to_string(1'000'000'000 + billionths).substr(1);
    while (decimals.back() == '0') decimals.pop_back();
    text += "." + decimals;
  }
  return text + "/s";
}

}  // namespace sojourn
