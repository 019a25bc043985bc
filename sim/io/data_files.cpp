#include "sojourn/io/data_files.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "sojourn/io/files.hpp"
#include "sojourn/io/node.hpp"

namespace sojourn {
namespace {

std::string_view trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  return first == std::string_view::npos ? "" : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

std::optional<Duration> seconds(std::string_view text) {
  if (auto exact = parse_duration(std::string(text) + "s")) return exact;
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool sound = problem == std::errc{} && end == text.data() + text.size() && number >= 0 && number < 9.2e9;
  return sound ? std::optional{from_ns(number * 1e9)} : std::nullopt;
}

std::optional<Duration> parse_line(std::string_view line, LineKind kind) {
  if (auto duration = parse_duration(line)) return duration;
  return kind == LineKind::duration_or_seconds ? seconds(line) : std::nullopt;
}

std::string expected_line(LineKind kind) {
  return kind == LineKind::duration ? "a duration such as \"250ms\""
                                    : "a duration such as \"250ms\" or a number of seconds";
}

}  // namespace

Durations parse_durations(const std::string& text, LineKind kind) {
  Durations result;
  std::string_view rest = text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = trimmed(rest.substr(0, end));
    rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    if (line.empty() || line.front() == '#') continue;
    const auto duration = parse_line(line, kind);
    if (!duration)
      return {.values = {},
              .problem = expected_line(kind) + " in line " + std::to_string(number) + ", found " + in_quotes(line)};
    result.values.push_back(*duration);
  }
  if (result.values.empty()) result.problem = expected_line(kind) + " in every line, found no line";
  return result;
}

const Durations& DataFiles::durations(const std::string& name, LineKind kind) {
  const auto [at, is_new] = known_.try_emplace({name, kind});
  if (!is_new) return at->second;
  const FileText file = read_file_in(folder_, name);
  Durations& durations = at->second;
  if (!file.problem.empty()) {
    durations.problem = file.problem;
    return durations;
  }
  durations = parse_durations(file.text, kind);
  if (!durations.problem.empty()) durations.problem = "expected in " + in_quotes(name) + " " + durations.problem;
  return durations;
}

}  // namespace sojourn
