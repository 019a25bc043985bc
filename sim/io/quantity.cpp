#include "sojourn/io/quantity.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <utility>

namespace sojourn {

namespace {

/// A unit, and the value from which it is easier to read than the one below.
struct Step {
  Scale scale;
  double from;
};
constexpr std::array time_steps{Step{{"ns", 1e-9}, 0}, Step{{"µs", 1e-6}, 1e-6}, Step{{"ms", 1e-3}, 1e-3},
                                Step{{"s", 1}, 1},     Step{{"min", 60}, 120},   Step{{"h", 3600}, 7200}};
constexpr std::array rate_steps{Step{{"/h", 1.0 / 3600}, 0}, Step{{"/min", 1.0 / 60}, 1.0 / 60}, Step{{"/s", 1}, 0.2}};

/// The unit for the middle one of the values.
Scale scale_of(std::span<const Step> steps, std::vector<double> values, const Scale& without_values) {
  for (double& value : values) value = std::fabs(value);
  std::erase(values, 0.0);
  if (values.empty()) return without_values;
  std::sort(values.begin(), values.end());
  Scale chosen = steps.front().scale;
  for (const Step& step : steps)
    if (values[values.size() / 2] >= step.from) chosen = step.scale;
  return chosen;
}

/// The power of ten of the first digit: 0 for 1 to 9.99, -1 for 0.1 to 0.999.
int magnitude(double value) {
  int power = 0;
  double rest = std::fabs(value);
  if (rest == 0 || !std::isfinite(rest)) return 0;
  for (; rest >= 10; rest /= 10) ++power;
  for (; rest < 1; rest *= 10) --power;
  return power;
}

double power_of_ten(int n) {
  double power = 1;
  for (; n > 0; --n) power *= 10;
  return power;
}

/// Decimals up to the first digit of the half-width, or the second when the first is a one.
int decimals_of_half_width(double half_width) {
  const int first = -magnitude(half_width);
  const bool starts_with_one = half_width * (first >= 0 ? power_of_ten(first) : 1 / power_of_ten(-first)) < 2;
  return starts_with_one ? first + 1 : first;
}

int decimals_of(double value, double half_width, Unit unit) {
  constexpr int most = 6;
  if (unit == Unit::count) return 0;
  if (value == 0 && half_width == 0) return 0;
  if (unit == Unit::ratio) {
    if (half_width == 0) return value == std::floor(value) ? 0 : 2;
    return std::clamp(decimals_of_half_width(half_width), 0, 4);
  }
  const int three_digits = 2 - magnitude(value == 0 ? half_width : value);
  const int sure = half_width == 0 ? three_digits : std::min(three_digits, decimals_of_half_width(half_width));
  return std::clamp(sure, 0, most);
}

std::string rounded_up(double half_width, int decimals) {
  if (half_width == 0) return "0";
  const double scale = power_of_ten(decimals);
  return fixed(std::ceil(half_width * scale - 1e-6) / scale, decimals);
}

/// A difference of shares is told in percentage points.
std::string_view unit_of_difference(Unit unit, std::string_view name) { return unit == Unit::ratio ? "points" : name; }

std::string with_unit(std::string text, std::string_view unit) {
  if (unit.empty()) return text;
  const bool joins = unit.front() == '/';
  return std::move(text) + (joins ? "" : " ") + std::string(unit);
}

}  // namespace

std::string Quantity::text() const { return half_width.empty() ? value : value + " ± " + half_width; }

std::string fixed(double value, int decimals) {
  std::array<char, 400> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  std::string text(buffer.data(), result.ptr);
  const bool is_minus_zero = text.starts_with('-') && text.find_first_not_of("-0.") == std::string::npos;
  return is_minus_zero ? text.substr(1) : text;
}

std::string factor_text(double factor) {
  const bool is_near_one = factor > 0.5 && factor < 2;
  return fixed(factor, is_near_one ? 2 : std::clamp(1 - magnitude(factor), 0, 4));
}

Scale scale_for(Unit unit, std::vector<double> values) {
  if (unit == Unit::ratio) return {"%", 0.01};
  if (unit == Unit::per_second) return scale_of(rate_steps, std::move(values), {"/s", 1});
  if (unit == Unit::cost) return {"/h", 1};
  if (unit != Unit::seconds) return {"", 1};
  return scale_of(time_steps, std::move(values), {"ms", 1e-3});
}

Quantity quantity_of(const std::optional<Estimate>& estimate, Unit unit, const Scale& scale) {
  if (!estimate) return {"-", ""};
  const double value = estimate->value / scale.size;
  const double half_width = estimate->half_width.value_or(0) / scale.size;
  const int decimals = decimals_of(value, half_width, unit);
  return {fixed(value, decimals), estimate->half_width ? rounded_up(half_width, decimals) : ""};
}

std::string quantity_text(const std::optional<Estimate>& estimate, Unit unit) {
  if (!estimate) return "unknown";
  const Scale scale = scale_for(unit, {estimate->value});
  const Quantity quantity = quantity_of(estimate, unit, scale);
  return with_unit(quantity.half_width == "0" ? quantity.value : quantity.text(), scale.name);
}

std::string value_text(const std::optional<Estimate>& estimate, Unit unit) {
  if (!estimate) return "unknown";
  const Scale scale = scale_for(unit, {estimate->value});
  return with_unit(quantity_of(estimate, unit, scale).value, scale.name);
}

std::string difference_text(const Estimate& difference, Unit unit) {
  const double size = difference.value != 0 ? difference.value : difference.half_width.value_or(0);
  const Scale scale = unit == Unit::per_second ? Scale{"/s", 1} : scale_for(unit, {size});
  const Quantity quantity = quantity_of(difference, unit, scale);
  const std::string sign = difference.value > 0 ? "+" : "";
  return with_unit(sign + quantity.text(), unit_of_difference(unit, scale.name));
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace sojourn
