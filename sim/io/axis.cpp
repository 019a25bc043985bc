#include "sojourn/io/axis.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "sojourn/core/time.hpp"
#include "sojourn/io/document.hpp"
#include "sojourn/io/pointer.hpp"
#include "sojourn/model/short_text.hpp"
#include "sojourn/random/math.hpp"

namespace sojourn {
namespace {

constexpr std::string_view forms =
    "values such as 2,4,8 or a range FROM..TO:STEPS such as 20/s..200/s:10 or 1..64:7:log";

AxisResult refused(std::string problem) { return {.axis = std::nullopt, .problem = std::move(problem)}; }

/// The number that all of the text is.
std::optional<double> plain_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
  return whole ? std::optional(value) : std::nullopt;
}

/// The text as a number, a span in nanoseconds, or a rate per second, whichever the kind says.
std::optional<double> number_as(Axis::Kind kind, std::string_view text) {
  if (kind == Axis::Kind::number) return plain_number(text);
  if (kind == Axis::Kind::duration) {
    const auto duration = parse_duration(text);
    return duration ? std::optional(static_cast<double>(duration->ns)) : std::nullopt;
  }
  if (kind == Axis::Kind::rate) {
    const auto rate = parse_rate(text);
    return rate ? std::optional(rate->per_second) : std::nullopt;
  }
  return std::nullopt;
}

/// The kind that all values have; text when they have none in common.
Axis::Kind kind_of(const std::vector<std::string>& values) {
  for (const Axis::Kind kind : {Axis::Kind::number, Axis::Kind::duration, Axis::Kind::rate})
    if (std::all_of(values.begin(), values.end(), [&](const std::string& v) { return number_as(kind, v).has_value(); }))
      return kind;
  return Axis::Kind::text;
}

std::string rounded(double value, int digits) {
  std::array<char, 40> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, digits).ptr;
  return {buffer.data(), end};
}

/// The text cut at commas that stand in no brackets and no string.
std::vector<std::string> list_items(std::string_view text) {
  std::vector<std::string> items(1);
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\' && i + 1 < text.size()) {
      items.back() += c;
      items.back() += text[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '[' || c == '{')) ++depth;
    if (!quoted && (c == ']' || c == '}')) --depth;
    if (c == ',' && depth <= 0 && !quoted)
      items.emplace_back();
    else
      items.back() += c;
  }
  return items;
}

/// FROM..TO:STEPS, cut in pieces.
struct Range {
  std::string from, to;
  std::uint64_t steps = 0;
  bool logarithmic = false;
  Axis::Kind kind = Axis::Kind::text;
};

/// How many values; more than a grid can have when the number is too long to be read.
std::optional<std::uint64_t> steps_of(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  std::uint64_t steps = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), steps).ec != std::errc{}) return ~std::uint64_t{0};
  return steps;
}

/// What is wrong with a range, or "".
std::string read_range(std::string_view text, Range& range) {
  const std::size_t dots = text.find("..");
  range.from = text.substr(0, dots);
  std::string_view rest = text.substr(dots + 2);
  std::vector<std::string_view> parts;
  for (std::size_t colon = rest.find(':'); colon != std::string_view::npos; colon = rest.find(':')) {
    parts.push_back(rest.substr(0, colon));
    rest = rest.substr(colon + 1);
  }
  parts.push_back(rest);
  range.to = parts[0];
  if (parts.size() == 1) return "expected the number of steps behind the range, as in " + std::string(text) + ":10";
  const auto steps = steps_of(parts[1]);
  if (!steps || *steps < 2) return "expected a number of steps from 2, both ends counted, found " + in_quotes(parts[1]);
  if (*steps > most_cells)
    return "expected at most " + std::to_string(most_cells) + " steps, found " + in_quotes(parts[1]);
  if (parts.size() > 3 || (parts.size() == 3 && parts[2] != "log"))
    return "expected nothing or :log behind the steps, found " + in_quotes(parts[2]);
  range.steps = *steps;
  range.logarithmic = parts.size() == 3;
  range.kind = kind_of({range.from, range.to});
  if (range.kind == Axis::Kind::text)
    return "expected two numbers, two durations or two rates as the ends of the range, found " + in_quotes(range.from) +
           " and " + in_quotes(range.to);
  if (range.logarithmic && !(*number_as(range.kind, range.from) > 0 && *number_as(range.kind, range.to) > 0))
    return "expected ends above 0 for logarithmic steps, found " + in_quotes(range.from) + " and " +
           in_quotes(range.to);
  return "";
}

/// "/s" of "20/s"; of "1.5k/s" it is "k/s".
std::string unit_behind(std::string_view text) {
  const std::size_t at = text.find_first_not_of("+-0123456789.eE");
  return at == std::string_view::npos ? "" : std::string(text.substr(at));
}

/// The span in the largest unit of which it has one: 13.333333ms.
std::string span_text(double ns) {
  const Duration span = from_ns(ns);
  constexpr std::array<std::pair<std::string_view, double>, 3> units{{{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}}};
  for (const auto& [name, length] : units) {
    if (static_cast<double>(span.ns) < length) continue;
    const std::string text = rounded(static_cast<double>(span.ns) / length, 14) + std::string(name);
    return parse_duration(text) == span ? text : to_text(span);
  }
  return to_text(span);
}

/// The values between the ends, in the unit of both, or in seconds where they have different ones.
class Steps {
 public:
  explicit Steps(const Range& range) : range_(range), from_(*number_as(range.kind, range.from)) {
    to_ = *number_as(range.kind, range.to);
    if (range.kind != Axis::Kind::rate) return;
    unit_ = unit_behind(range.from);
    const auto from = plain_number(std::string_view(range.from).substr(0, range.from.size() - unit_.size()));
    const auto to =
        plain_number(std::string_view(range.to).substr(0, range.to.size() - std::min(unit_.size(), range.to.size())));
    if (unit_ == unit_behind(range.to) && from && to) {
      from_ = *from;
      to_ = *to;
    } else {
      unit_ = "/s";
    }
  }

  [[nodiscard]] std::string at(std::uint64_t step) const {
    if (step == 0) return range_.from;
    if (step == range_.steps - 1) return range_.to;
    const double value = range_.logarithmic ? logarithmic(step) : linear(step);
    const int digits = range_.logarithmic ? 4 : 14;
    if (range_.kind == Axis::Kind::duration)
      return span_text(range_.logarithmic ? plain_number(rounded(value, digits)).value_or(value) : value);
    return rounded(value, digits) + unit_;
  }

 private:
  [[nodiscard]] double linear(std::uint64_t step) const {
    const auto last = static_cast<double>(range_.steps - 1), k = static_cast<double>(step);
    return from_ * ((last - k) / last) + to_ * (k / last);
  }
  [[nodiscard]] double logarithmic(std::uint64_t step) const {
    const double share = static_cast<double>(step) / static_cast<double>(range_.steps - 1);
    return exponential(natural_log(from_) * (1 - share) + natural_log(to_) * share);
  }

  const Range& range_;
  double from_;
  double to_ = 0;
  std::string unit_;
};

/// What is wrong with the values of an axis, or "".
std::string problem_of_values(const Axis& axis) {
  if (axis.values.size() < 2)
    return "expected " + std::string(forms) + ", found " + in_quotes(axis.written) + "; --set sets a single value";
  for (const std::string& value : axis.values) {
    if (value.empty()) return "expected a value between the commas, found none in " + in_quotes(axis.written);
    const std::size_t dots = value.find("..");
    if (!axis.is_range && dots != std::string::npos &&
        kind_of({value.substr(0, dots), value.substr(dots + 2)}) != Axis::Kind::text)
      return "expected a list of values or one range, found both in " + in_quotes(axis.written);
  }
  std::vector<std::string> sorted = axis.values;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice == sorted.end()) return "";
  return "expected every value once, found " + in_quotes(*twice) + " again in " + in_quotes(axis.written);
}

std::string lower_snake(std::string_view part) {
  std::string name;
  for (const char c : part) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool capital = c >= 'A' && c <= 'Z';
    name += plain ? c : capital ? static_cast<char>(c - 'A' + 'a') : '_';
  }
  return name;
}

std::string_view unit_of(Axis::Kind kind) {
  return kind == Axis::Kind::rate ? "_per_s" : kind == Axis::Kind::duration ? "_s" : "";
}

/// The name of an axis from this many of its pointer's last names, or from all parts.
std::string column_name(const Axis& axis, std::size_t most) {
  std::vector<std::string> names;
  for (const std::string& part : pointer_parts(axis.pointer).value_or(std::vector<std::string>{}))
    if (most > 2 || part.find_first_not_of("0123456789") != std::string::npos) names.push_back(lower_snake(part));
  std::string name;
  for (std::size_t i = names.size() > most ? names.size() - most : 0; i < names.size(); ++i)
    name += (name.empty() ? "" : "_") + names[i];
  return name + std::string(unit_of(axis.kind));
}

bool lies_within(const std::string& inner, const std::string& outer) {
  return inner == outer || inner.starts_with(outer + "/");
}

std::vector<std::string> problems_between(const std::vector<Axis>& axes) {
  std::vector<std::string> problems;
  for (std::size_t i = 0; i < axes.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (lies_within(axes[i].pointer, axes[k].pointer) || lies_within(axes[k].pointer, axes[i].pointer))
        problems.push_back("expected axes of which none lies within another, found " + axes[k].pointer + " and " +
                           axes[i].pointer);
  return problems;
}

}  // namespace

std::optional<double> Axis::number(std::size_t index) const {
  const auto value = number_as(kind, values.at(index));
  return value && kind == Kind::duration ? std::optional(*value / 1e9) : value;
}

AxisResult parse_axis(std::string_view text) {
  const std::size_t equals = text.find('=');
  Axis axis;
  axis.pointer = text.substr(0, equals);
  const auto parts = pointer_parts(axis.pointer);
  if (equals == std::string_view::npos || !parts || parts->empty())
    return refused("expected POINTER=VALUES such as /services/shop/workers=2,4,8, found " + in_quotes(text));
  axis.written = text.substr(equals + 1);
  axis.values = list_items(axis.written);
  axis.is_range = axis.values.size() == 1 && axis.written.find("..") != std::string::npos;
  if (axis.is_range) {
    Range range;
    if (std::string problem = read_range(axis.written, range); !problem.empty())
      return refused(axis.pointer + ": " + problem);
    const Steps steps(range);
    axis.values.clear();
    for (std::uint64_t i = 0; i < range.steps; ++i) axis.values.push_back(steps.at(i));
  }
  if (std::string problem = problem_of_values(axis); !problem.empty()) return refused(axis.pointer + ": " + problem);
  axis.kind = kind_of(axis.values);
  return {.axis = std::move(axis), .problem = ""};
}

std::uint64_t SweepGrid::cells() const {
  std::uint64_t cells = 1;
  for (const Axis& axis : axes) cells *= axis.values.size();
  return cells;
}

std::vector<std::size_t> SweepGrid::place(std::uint64_t cell) const {
  std::vector<std::size_t> place(axes.size());
  for (std::size_t i = axes.size(); i-- > 0; cell /= axes[i].values.size())
    place[i] = static_cast<std::size_t>(cell % axes[i].values.size());
  return place;
}

std::vector<std::string> SweepGrid::sets(std::uint64_t cell) const {
  std::vector<std::string> sets;
  const std::vector<std::size_t> at = place(cell);
  for (std::size_t i = 0; i < axes.size(); ++i) sets.push_back(axes[i].pointer + "=" + axes[i].values[at[i]]);
  return sets;
}

GridResult parse_grid(const std::vector<std::string>& texts) {
  GridResult result;
  std::vector<Axis> axes;
  double cells = 1;
  for (const std::string& text : texts) {
    AxisResult axis = parse_axis(text);
    if (!axis.axis) {
      result.problems.push_back(std::move(axis.problem));
      continue;
    }
    cells *= static_cast<double>(axis.axis->values.size());
    axes.push_back(std::move(*axis.axis));
  }
  for (std::string& problem : problems_between(axes)) result.problems.push_back(std::move(problem));
  if (cells > static_cast<double>(most_cells)) {
    std::string product;
    for (const Axis& axis : axes) product += (product.empty() ? "" : " x ") + std::to_string(axis.values.size());
    result.problems.push_back("expected a grid of at most " + std::to_string(most_cells) + " cells, found " +
                              short_number(cells) + " = " + product);
  }
  if (result.problems.empty()) result.grid = SweepGrid{std::move(axes)};
  return result;
}

std::vector<std::string> column_names(const std::vector<Axis>& axes) {
  std::vector<std::string> names;
  for (const Axis& axis : axes) names.push_back(column_name(axis, 2));
  std::vector<std::string> result = names;
  constexpr std::array<std::string_view, 7> taken{"cell",   "variant", "section",   "name",
                                                  "metric", "value",   "half_width"};
  for (std::size_t i = 0; i < axes.size(); ++i)
    if (std::count(names.begin(), names.end(), names[i]) > 1 || names[i].empty() ||
        std::find(taken.begin(), taken.end(), names[i]) != taken.end())
      result[i] = "at_" + column_name(axes[i], std::numeric_limits<std::size_t>::max());
  return result;
}

}  // namespace sojourn
