#include "sojourn/experiment/objectives.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>

#include "sojourn/core/time.hpp"

namespace sojourn {

namespace {

std::optional<double> plain_number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return std::nullopt;
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string_view kind_of(Unit unit) {
  if (unit == Unit::seconds) return "a duration such as \"300ms\"";
  if (unit == Unit::per_second) return "a rate such as \"80/s\"";
  return "a number";
}

using Columns = std::vector<std::vector<Column>>;  // by variant

std::vector<std::string> paths_of(const Columns& columns) {
  std::vector<std::string> paths;
  for (const auto& variant : columns)
    for (const Column& column : variant)
      if (column.present) paths.push_back(column.dotted());
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

bool starts_with_parts(const std::string& path, const std::string& prefix) {
  return prefix.empty() || (path.size() > prefix.size() && path.starts_with(prefix) && path[prefix.size()] == '.');
}

/// "a, b or c", cut after a few.
std::string listed(const std::vector<std::string>& words) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < words.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + words[i];
  return words.size() > most ? text + ", ..." : text;
}

/// What may follow the part of the path that is right.
std::string what_follows(const std::string& path, const std::vector<std::string>& paths) {
  std::string prefix = path;
  const auto known = [&] {
    return std::any_of(paths.begin(), paths.end(), [&](const std::string& p) { return starts_with_parts(p, prefix); });
  };
  while (!prefix.empty() && !known()) {
    const std::size_t dot = prefix.rfind('.');
    prefix = dot == std::string::npos ? "" : prefix.substr(0, dot);
  }
  std::vector<std::string> next;
  for (const std::string& p : paths) {
    if (!starts_with_parts(p, prefix)) continue;
    const std::size_t start = prefix.empty() ? 0 : prefix.size() + 1;
    next.push_back(p.substr(start, p.find('.', start) - start));
  }
  next.erase(std::unique(next.begin(), next.end()), next.end());
  return prefix.empty() ? "; a path begins with " + listed(next) : "; after '" + prefix + "' comes " + listed(next);
}

std::string unknown_path(const std::string& path, const std::vector<std::string>& paths) {
  const std::string hint = did_you_mean(path, paths);
  return "expected a path of the report, found '" + path + "', which no variant has" +
         (hint.empty() ? what_follows(path, paths) : hint);
}

/// The first variant's column with this path.
const Column* column_named(const Columns& columns, std::string_view path) {
  for (const auto& variant : columns)
    if (const auto position = position_of(variant, path)) return &variant[*position];
  return nullptr;
}

/// What is wrong with an objective, or "".
std::string problem_of(const Objective& objective, const Columns& columns, const std::vector<std::string>& paths) {
  const Column* column = column_named(columns, objective.path);
  if (column == nullptr) return unknown_path(objective.path, paths);
  if (objective_value(column->unit, objective.value)) return "";
  return "expected " + std::string(kind_of(column->unit)) + " for '" + objective.path + "', found '" + objective.value +
         "'";
}

ObjectiveResult judge(const Objective& objective, const VariantResult& variant) {
  ObjectiveResult result{.variant = variant.name,
                         .text = objective.text,
                         .unit = Unit::count,
                         .estimate = std::nullopt,
                         .met = std::nullopt};
  const auto position = position_of(variant.columns, objective.path);
  if (!position) return result;
  result.unit = variant.columns[*position].unit;
  result.estimate = variant.estimates[*position];
  const auto limit = objective_value(result.unit, objective.value);
  result.met = limit && result.estimate &&
               (objective.at_most ? result.estimate->value <= *limit : result.estimate->value >= *limit);
  return result;
}

}  // namespace

std::optional<double> objective_value(Unit unit, std::string_view text) {
  if (unit == Unit::seconds) {
    const auto duration = parse_duration(text);
    return duration ? std::optional{static_cast<double>(duration->ns) / 1e9} : std::nullopt;
  }
  if (unit == Unit::per_second)
    if (const auto rate = parse_rate(text)) return rate->per_second;
  return plain_number(text);
}

namespace {

/// What is wrong with the precision that is asked for: it needs a figure with an interval, which some variant has.
Issue check_precision(const Study& study, const Columns& columns) {
  const auto& precision = study.variants.front().scenario.precision;
  if (!precision) return {};
  const std::string path = "clients." + precision->client + "." + precision->metric;
  std::vector<std::string> candidates;
  for (const std::vector<Column>& variant : columns)
    for (const Column& column : variant) {
      const bool has_interval = column.statistic == Statistic::mean || column.statistic == Statistic::quantile;
      if (!column.present || column.section != Section::clients || !has_interval) continue;
      if (column.dotted() == path) return {};
      if (column.subject.front() == precision->client) candidates.push_back(joined(column.measure, "."));
    }
  return {.pointer = "/precision/metric",
          .message = "expected a figure of the client that has an interval, such as \"response_time.p99\", found \"" +
                     precision->metric + "\"" + did_you_mean(precision->metric, candidates)};
}

}  // namespace

Issues check_objectives(const Study& study, const std::vector<Topology>& topologies) {
  Columns columns;
  for (const Topology& topology : topologies) columns.push_back(columns_of(topology));
  const std::vector<std::string> paths = paths_of(columns);
  Issues issues;
  std::vector<std::string> seen;
  for (const Variant& variant : study.variants) {
    for (std::size_t i = 0; i < variant.scenario.objectives.size(); ++i) {
      const Objective& objective = variant.scenario.objectives[i];
      if (std::find(seen.begin(), seen.end(), objective.text) != seen.end()) continue;
      seen.push_back(objective.text);
      std::string message = problem_of(objective, columns, paths);
      if (!message.empty())
        issues.push_back({.pointer = "/objectives/" + std::to_string(i), .message = std::move(message)});
    }
  }
  if (Issue issue = check_precision(study, columns); !issue.message.empty()) issues.push_back(std::move(issue));
  return issues;
}

std::vector<ObjectiveResult> judge_objectives(const Study& study, const ExperimentResult& result) {
  std::vector<ObjectiveResult> results;
  for (std::size_t v = 0; v < result.variants.size(); ++v)
    for (const Objective& objective : study.variants[v].scenario.objectives)
      results.push_back(judge(objective, result.variants[v]));
  return results;
}

}  // namespace sojourn
