#include "sojourn/app/cells.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <utility>

#include "sojourn/experiment/columns.hpp"
#include "sojourn/io/study.hpp"
#include "sojourn/model/checks.hpp"
#include "sojourn/model/short_text.hpp"

namespace sojourn {

namespace {

constexpr std::size_t most_errors = 20;
constexpr std::uint64_t most_cells_to_search = 1000;  // for more errors, when there are some
constexpr double most_events = 1e12;                  // some hours on a few cores

/// What is said about cells, each thing once: where it was found first, and in how many cells more.
class CellIssues {
 public:
  explicit CellIssues(const SweptScenario& scenario) : scenario_(scenario) {}

  void add(std::uint64_t cell, const Issues& issues) {
    for (const Issue& issue : issues) {
      const bool is_error = issue.severity == Severity::error;
      // Warnings differ in their numbers from cell to cell: one of a name and place stands for all.
      const std::string what = is_error ? issue.message : issue.name;
      const auto [place, is_new] = known_.try_emplace({is_error, {issue.pointer, what}}, entries_.size());
      if (is_new) {
        entries_.push_back({is_error, cell, to_text(issue, scenario_.command.file) + hint(issue), 0});
        errors_ += is_error ? 1 : 0;
      }
      ++entries_[place->second].cells;
    }
  }

  [[nodiscard]] std::size_t errors() const { return errors_; }

  [[nodiscard]] std::vector<std::string> lines(bool of_errors, std::uint64_t cells) const {
    std::vector<std::string> lines;
    for (const Entry& entry : entries_) {
      if (entry.is_error != of_errors) continue;
      std::string where;
      if (entry.cells < cells) where = "--vary " + joined(scenario_.grid.sets(entry.cell), ", ") + ": ";
      if (entry.cells < cells && entry.cells > 1)
        where += "(and in " + std::to_string(entry.cells - 1) + (entry.cells == 2 ? " more cell) " : " more cells) ");
      lines.push_back(where + entry.text);
    }
    return lines;
  }

 private:
  struct Entry {
    bool is_error;
    std::uint64_t cell;
    std::string text;
    std::uint64_t cells;
  };

  /// Which values a range gives where only whole numbers will do.
  [[nodiscard]] std::string hint(const Issue& issue) const {
    if (issue.message.find("whole number") == std::string::npos) return "";
    for (const Axis& axis : scenario_.grid.axes) {
      if (axis.pointer != issue.pointer || !axis.is_range || axis.kind != Axis::Kind::number) continue;
      std::string values;
      for (std::size_t i = 0; i < std::min<std::size_t>(axis.values.size(), 6); ++i)
        values += (i == 0 ? "" : ", ") + axis.values[i];
      return "; " + axis.written + " gives " + values + (axis.values.size() > 6 ? ", ..." : "");
    }
    return "";
  }

  const SweptScenario& scenario_;
  std::map<std::pair<bool, std::pair<std::string, std::string>>, std::size_t> known_;
  std::vector<Entry> entries_;
  std::size_t errors_ = 0;
};

std::string too_costly(double events, std::uint64_t cells, std::uint64_t of) {
  return "expected a sweep of at most " + short_number(most_events) + " events, found about " + short_number(events) +
         " in the first " + std::to_string(cells) + " of " + std::to_string(of) +
         " cells; fewer steps, fewer replications or a shorter horizon need less";
}

}  // namespace

Input SweptScenario::read(std::uint64_t cell) const {
  ReadOptions options;
  options.folder = std::filesystem::path(command.file).parent_path().string();
  options.sets = command.sets;
  for (std::string& set : grid.sets(cell)) options.sets.push_back(std::move(set));
  options.only_variants = command.variants;
  options.seed = command.seed;
  options.replications = command.replications;
  return input_of(read_study(text, options));
}

double Plan::all_events() const { return std::accumulate(events.begin(), events.end(), 0.0); }

Plan plan_of(const SweptScenario& scenario) {
  Plan plan;
  CellIssues found(scenario);
  const std::uint64_t cells = scenario.grid.cells();
  double events = 0;
  std::uint64_t cell = 0;
  for (; cell < cells && found.errors() < most_errors; ++cell) {
    if (found.errors() > 0 && cell >= most_cells_to_search) break;
    const Input input = scenario.read(cell);
    found.add(cell, input.issues);
    if (!input.study) continue;
    plan.events.push_back(0);
    for (const Variant& variant : input.study->variants) plan.events.back() += expected_events(variant.scenario);
    events += plan.events.back();
    const std::uint64_t replications = input.study->variants.front().scenario.replications;
    plan.runs += replications * input.study->variants.size();
    if (cell == 0) {
      plan.name = input.study->name;
      plan.question = input.study->question;
      plan.variants = input.study->variants.size();
      plan.replications = replications;
    }
    if (events > most_events) {
      plan.errors.push_back(scenario.command.file + ": " + too_costly(events, cell + 1, cells));
      break;
    }
  }
  for (std::string& line : found.lines(true, cell)) plan.errors.push_back(std::move(line));
  plan.warnings = found.lines(false, cell);
  return plan;
}

}  // namespace sojourn
