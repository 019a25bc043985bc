#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "sojourn/app/decide.hpp"
#include "sojourn/app/program.hpp"
#include "sojourn/app/terminal.hpp"
#include "sojourn/io/csv.hpp"
#include "sojourn/io/manifest.hpp"
#include "sojourn/io/output_file.hpp"
#include "sojourn/io/table.hpp"
#include "sojourn/model/short_text.hpp"

namespace sojourn {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_steps = 100;
constexpr std::size_t most_points = 400;

void talk(const std::string& text) { std::fputs((text + "\n").c_str(), stderr); }

/// A number and what follows it; nothing when it does not begin with a number.
std::optional<std::pair<double, std::string>> number_and_rest(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
  return std::pair{number, std::string(end, static_cast<std::size_t>(text.data() + text.size() - end))};
}

/// One point of the grid and what was decided there.
struct MapPoint {
  std::vector<double> at;  // by axis
  Decision decision;
};

std::string listed(const std::vector<const DesignOutcome*>& designs) {
  std::string text;
  for (const DesignOutcome* design : designs) text += (text.empty() ? "" : "; ") + design->name;
  return text.empty() ? "none could be run" : text;
}

bool is_choice(const DesignSearch& search, const DesignOutcome& design) {
  for (const DesignOutcome* choice : search.choices())
    if (choice->mask == design.mask) return true;
  return false;
}

std::string field_of(std::string pointer) {
  for (char& c : pointer)
    if (c == '/' || c == ',' || c == '.') c = '_';
  return pointer.substr(pointer.starts_with('_') ? 1 : 0);
}

/// One row a point and design.
std::string map_csv(const std::vector<VariedValue>& axes, const std::vector<MapPoint>& points) {
  std::string csv;
  for (const VariedValue& axis : axes) csv += field_of(axis.pointer) + ",";
  csv += "design,fate,choice,faults";
  for (const Criterion& criterion : points.front().decision.search.criteria)
    csv += "," + field_of(criterion.name()) + (criterion.unit == Unit::seconds ? "_s" : "");
  csv += "\n";
  for (const MapPoint& point : points)
    for (const DesignOutcome& design : point.decision.search.designs) {
      for (std::size_t a = 0; a < axes.size(); ++a) csv += axes[a].text(point.at[a]) + ",";
      csv += design.name + "," + std::string(name_of(design.fate)) + "," +
             (is_choice(point.decision.search, design) ? "1" : "0") + "," + std::to_string(design.faults.size());
      for (std::size_t k = 0; k < point.decision.search.criteria.size(); ++k) {
        csv += ",";
        if (k < design.estimates.size() && design.estimates[k]) csv += number_text(design.estimates[k]->value);
      }
      csv += "\n";
    }
  return csv;
}

double middle(const DeferralEffect& effect) { return (effect.least + effect.most) / 2; }

/// Where deferring an operation turns from gain to loss, or back, in a criterion: linear between points of one axis.
void append_break_evens(Block& block, const VariedValue& axis, const std::vector<MapPoint>& points) {
  for (std::size_t i = 0; i + 1 < points.size(); ++i)
    for (std::size_t r = 0; r < points[i].decision.rules.size(); ++r)
      for (std::size_t k = 0; k < points[i].decision.search.criteria.size(); ++k) {
        const DeferralEffect& from = points[i].decision.rules[r].effects[k];
        const DeferralEffect& to = points[i + 1].decision.rules[r].effects[k];
        const bool turns = (from.better > 0 && from.worse == 0 && to.worse > 0 && to.better == 0) ||
                           (from.worse > 0 && from.better == 0 && to.better > 0 && to.worse == 0);
        if (!turns) continue;
        const double share = middle(from) / (middle(from) - middle(to));
        const double value = points[i].at[0] + share * (points[i + 1].at[0] - points[i].at[0]);
        block.sentences.push_back(
            "from about " + axis.text(value) + " on, deferring " + points[i].decision.rules[r].operation.text() +
            (to.better > 0 ? " wins in " : " loses in ") + points[i].decision.search.criteria[k].name() +
            "; below, it " + (to.better > 0 ? "loses" : "wins") + " (linear between " + axis.text(points[i].at[0]) +
            " and " + axis.text(points[i + 1].at[0]) + ")");
      }
}

Summary summary_of_map(const std::vector<VariedValue>& axes, const std::vector<MapPoint>& points) {
  const DesignSearch& first = points.front().decision.search;
  Summary summary{.title = first.space.name, .question = first.space.question, .basis = "", .blocks = {}};
  summary.basis = std::to_string(first.designs.size()) + " designs decided on at " + std::to_string(points.size()) +
                  " points; all figures are in decide_map.csv";
  std::string heading;
  for (const VariedValue& axis : axes) heading += (heading.empty() ? "" : ", ") + axis.pointer;
  Block chosen{.heading = heading + ": the designs to choose from", .grid = {}, .rows = {}, .sentences = {}};
  for (const MapPoint& point : points) {
    std::vector<std::string> row;
    for (std::size_t a = 0; a < axes.size(); ++a) row.push_back(axes[a].text(point.at[a]));
    const auto choices = point.decision.search.choices();
    row.push_back(listed(choices) +
                  (!choices.empty() && !choices.front()->faults.empty() ? " (each with a fault)" : "") +
                  (point.decision.search.theory_fails_all ? " (by theory, no design carries the load)" : ""));
    chosen.rows.push_back(std::move(row));
  }
  summary.blocks.push_back(std::move(chosen));
  Block turns{.heading = "where the advice turns", .grid = {}, .rows = {}, .sentences = {}};
  if (axes.size() == 1) append_break_evens(turns, axes.front(), points);
  if (!turns.sentences.empty()) summary.blocks.push_back(std::move(turns));
  return summary;
}

/// The axes, or why there are none.
std::vector<VariedValue> axes_of(const Command& command, std::string& problem) {
  std::vector<VariedValue> axes;
  std::size_t points = 1;
  for (const std::string& text : command.vary) {
    auto axis = varied_value(text);
    if (!axis) {
      problem =
          "expected --vary POINTER=FROM..TO:STEPS with 2 to 100 steps, such as "
          "/clients/web/arrivals/poisson=40/s..120/s:5, found '" +
          text + "'";
      return {};
    }
    points *= axis->values.size();
    axes.push_back(std::move(*axis));
  }
  if (axes.size() > 2)
    problem = "expected --vary once or twice, found it " + std::to_string(axes.size()) + " times";
  else if (points > most_points)
    problem = "expected at most 400 points of --vary, found " + std::to_string(points);
  else if (command.format != "table")
    problem = "with --vary there is a table on the screen and decide_map.csv; leave --format out";
  return axes;
}

bool put_out_map(const Command& command, const std::vector<VariedValue>& axes, const std::vector<MapPoint>& points,
                 Clock::time_point start, bool complete) {
  const DesignSearch& first = points.front().decision.search;
  std::filesystem::path folder = command.out.empty() ? "results/" + first.space.name + "-decide" : command.out;
  if (!complete) folder += ".partial";
  const std::string manifest =
      manifest_json(stamped(command, {.scenario_sha256 = first.space.sha256,
                                      .seed = first.space.base.seed,
                                      .replications = first.replications,
                                      .status = complete ? "complete" : "partial",
                                      .wall_time_s = std::chrono::duration<double>(Clock::now() - start).count()}));
  auto error = make_folder(folder);
  if (!error) error = write_whole(folder / "manifest.json", manifest);
  if (!error) error = write_whole(folder / "decide_map.csv", map_csv(axes, points));
  const auto print_error = write_to_stdout(table_text(summary_of_map(axes, points), terminal_look()));
  for (const auto& one : {error, print_error})
    if (one) talk("sojourn: cannot write " + one->file + ": " + one->reason);
  if (!command.quiet && !error) talk("results are in " + folder.string());
  return !error && !print_error;
}

}  // namespace

std::string VariedValue::text(double value) const { return short_number(value) + unit; }

std::string VariedValue::assignment(std::size_t i) const {
  const std::string number = number_text(values[i]);
  return pointer + "=" + (unit.empty() ? number : "\"" + number + unit + "\"");
}

std::optional<VariedValue> varied_value(const std::string& text) {
  const std::size_t equals = text.find('='), dots = text.find("..", equals), colon = text.rfind(':');
  if (!text.starts_with('/') || dots == std::string::npos || colon == std::string::npos || colon < dots)
    return std::nullopt;
  const auto from = number_and_rest(text.substr(equals + 1, dots - equals - 1));
  const auto to = number_and_rest(text.substr(dots + 2, colon - dots - 2));
  const auto steps = number_and_rest(text.substr(colon + 1));
  if (!from || !to || !steps || !steps->second.empty()) return std::nullopt;
  const bool agrees = from->second == to->second || from->second.empty();
  const bool counts = steps->first >= 2 && steps->first <= most_steps && steps->first == std::floor(steps->first);
  if (!agrees || !counts || from->first == to->first) return std::nullopt;
  VariedValue axis{.pointer = text.substr(0, equals), .unit = to->second, .values = {}};
  for (double i = 0; i < steps->first; ++i)
    axis.values.push_back(from->first + (to->first - from->first) * i / (steps->first - 1));
  return axis;
}

ExitCode map_decisions(const Command& command) {
  const Clock::time_point start = Clock::now();
  InterruptWatch watch;
  std::string problem;
  const std::vector<VariedValue> axes = axes_of(command, problem);
  if (!problem.empty()) {
    talk("sojourn: " + problem);
    return ExitCode::bad_input;
  }
  std::vector<std::vector<double>> places;
  std::vector<DesignSpace> spaces;
  const std::size_t inner = axes.size() == 2 ? axes[1].values.size() : 1;
  for (std::size_t p = 0; p < axes[0].values.size() * inner; ++p) {
    Command here = command;
    here.sets.push_back(axes[0].assignment(p / inner));
    places.push_back({axes[0].values[p / inner]});
    if (axes.size() == 2) {
      here.sets.push_back(axes[1].assignment(p % inner));
      places.back().push_back(axes[1].values[p % inner]);
    }
    SpaceRead read = read_space(here);
    if (!read.space) {
      std::fputs(issues_text(read.issues, command.file + " at " + here.sets.back()).c_str(), stderr);
      return ExitCode::bad_input;
    }
    spaces.push_back(std::move(*read.space));
  }
  std::vector<MapPoint> points;
  for (std::size_t p = 0; p < spaces.size(); ++p) {
    auto decision = decide_in(command, spaces[p], watch);
    if (!decision || !decision->search.complete) break;
    points.push_back({.at = places[p], .decision = std::move(*decision)});
  }
  const bool complete = points.size() == spaces.size();
  if (!points.empty() && !put_out_map(command, axes, points, start, complete)) return ExitCode::output_failed;
  if (complete) return ExitCode::fine;
  talk("sojourn: interrupted; " + std::to_string(points.size()) + " of " + std::to_string(spaces.size()) +
       " points were decided on");
  return watch.signal() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

}  // namespace sojourn
