#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "sojourn/app/cells.hpp"
#include "sojourn/app/interrupt.hpp"
#include "sojourn/app/program.hpp"
#include "sojourn/app/progress.hpp"
#include "sojourn/app/terminal.hpp"
#include "sojourn/io/document.hpp"
#include "sojourn/io/files.hpp"
#include "sojourn/io/journal.hpp"
#include "sojourn/io/manifest.hpp"
#include "sojourn/io/report.hpp"
#include "sojourn/io/sweep_journal.hpp"
#include "sojourn/io/sweep_report.hpp"
#include "sojourn/model/short_text.hpp"

namespace sojourn {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_journal_bytes = std::size_t{8} << 30U;

void talk(const std::string& text) { std::fputs((text + "\n").c_str(), stderr); }

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string counted(std::uint64_t n, const std::string& word) {
  return std::to_string(n) + " " + word + (n == 1 ? "" : "s");
}

ExitCode refuse(const std::vector<std::string>& lines) {
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < std::min(most, lines.size()); ++i) talk(lines[i]);
  if (lines.size() > most) talk("and " + std::to_string(lines.size() - most) + " more errors");
  return ExitCode::bad_input;
}

ExitCode cannot_write(const OutputError& error) {
  talk("sojourn: cannot write " + error.file + ": " + error.reason);
  return ExitCode::output_failed;
}

/// "36 s", "5 min".
std::string time_words(double seconds) {
  return seconds < 120    ? short_number(std::ceil(seconds)) + " s"
         : seconds < 7200 ? short_number(std::ceil(seconds / 60)) + " min"
                          : short_number(std::ceil(seconds / 3600)) + " h";
}

/// A sweep that is under way.
class Campaign {
 public:
  Campaign(const SweptScenario& scenario, const Plan& plan, std::filesystem::path folder)
      : scenario_(scenario), plan_(plan), folder_(std::move(folder)), start_(Clock::now()) {
    sweep_.name = plan.name;
    sweep_.question = plan.question;
    sweep_.grid = scenario.grid;
    sweep_.cells.resize(scenario.grid.cells());
    sweep_.scenario_sha256 = digest_with_files(
        scenario.text, std::filesystem::path(scenario.command.file).parent_path().string(), scenario.grid.axes);
  }

  /// Takes what is finished from the journal, and opens it; the exit code when it may not.
  std::optional<ExitCode> begin();
  /// Runs what is missing; the exit code when the journal could not be written.
  std::optional<ExitCode> run(const InterruptWatch& watch);
  ExitCode finish(const InterruptWatch& watch) const;

 private:
  [[nodiscard]] const Command& command() const { return scenario_.command; }
  [[nodiscard]] std::filesystem::path journal_file() const { return folder_ / "sweep.journal"; }
  [[nodiscard]] SweepIdentity identity() const;
  [[nodiscard]] std::vector<std::uint64_t> missing() const;
  std::optional<OutputError> keep(const SweptCell& cell);
  std::optional<ExitCode> take_from(const JournalText& journal);
  void tell_plan(const std::vector<std::uint64_t>& missing) const;
  void tell_time(const std::vector<std::uint64_t>& missing, double first_s) const;
  [[nodiscard]] Manifest manifest() const;
  [[nodiscard]] bool put_out() const;

  const SweptScenario& scenario_;
  const Plan& plan_;
  std::filesystem::path folder_;
  Clock::time_point start_;
  Sweep sweep_;
  Journal journal_;
  Clock::time_point synced_;
  bool goes_on_ = false;
};

SweepIdentity Campaign::identity() const {
  std::vector<std::string> axes;
  for (const Axis& axis : scenario_.grid.axes) axes.push_back(axis.pointer + "=" + axis.written);
  return {.scenario_sha256 = sweep_.scenario_sha256,
          .axes = std::move(axes),
          .sets = command().sets,
          .variants = command().variants,
          .seed = command().seed,
          .replications = command().replications,
          .version = program_version() + " (" + program_commit() + ")"};
}

std::optional<ExitCode> Campaign::take_from(const JournalText& journal) {
  if (const std::string differs = differences(journal.header, identity()); !differs.empty()) {
    talk("sojourn: " + journal_file().string() + ": expected the journal of this sweep, found that of another: " +
         differs + " differ; --fresh begins again, --out DIR takes another folder");
    return ExitCode::bad_input;
  }
  std::size_t broken = journal.broken;
  for (const std::string& line : journal.lines) {
    auto cell = read_journal_line(line);
    if (cell && cell->cell < sweep_.cells.size())
      sweep_.cells[cell->cell] = std::move(cell);
    else
      ++broken;
  }
  if (broken > 0 && !command().quiet)
    talk(counted(broken, "line") + " of " + journal_file().string() + " cannot be read; their cells run again");
  goes_on_ = sweep_.finished() > 0;
  return std::nullopt;
}

std::optional<ExitCode> Campaign::begin() {
  if (const auto error = make_folder(folder_)) return cannot_write(*error);
  std::error_code error;
  const bool exists = std::filesystem::exists(journal_file(), error);
  if (command().resume && !exists) {
    talk("sojourn: " + journal_file().string() + ": expected the journal of a sweep to go on with, found none");
    return ExitCode::bad_input;
  }
  if (exists) {  // also to begin again: not under the hands of a process that is at work
    if (const auto refused = journal_.open(journal_file())) return cannot_write(*refused);
  }
  if (exists && !command().fresh) {
    const FileText file = read_file(journal_file().string(), most_journal_bytes);
    const auto journal = parse_journal(file.text);
    if (!file.problem.empty() || !journal) {
      talk("sojourn: " + journal_file().string() + ": " +
           (file.problem.empty() ? "expected the journal of a sweep, found something else" : file.problem) +
           "; --fresh begins again");
      return ExitCode::bad_input;
    }
    return take_from(*journal);
  }
  for (const char* old : {"sweep.json", "sweep.csv", "manifest.json"}) std::filesystem::remove(folder_ / old, error);
  if (const auto refused = Journal::create(journal_file(), journal_header(identity()))) return cannot_write(*refused);
  if (const auto refused = journal_.open(journal_file())) return cannot_write(*refused);
  return std::nullopt;
}

std::vector<std::uint64_t> Campaign::missing() const {
  std::vector<std::uint64_t> missing;
  for (std::uint64_t cell = 0; cell < sweep_.cells.size(); ++cell)
    if (!sweep_.cells[cell]) missing.push_back(cell);
  return missing;
}

void Campaign::tell_plan(const std::vector<std::uint64_t>& missing) const {
  double events = 0;
  for (const std::uint64_t cell : missing) events += plan_.events[cell];
  talk("sweep of " + counted(sweep_.cells.size(), "cell") + " x " + counted(plan_.variants, "variant") + " x " +
       counted(plan_.replications, "replication") + ", about " + short_number(plan_.all_events()) + " events");
  if (goes_on_)
    talk(counted(sweep_.finished(), "cell") + " of them are in " + journal_file().string() + " already" +
         (missing.empty() ? "" : "; about " + short_number(events) + " events are left"));
}

void Campaign::tell_time(const std::vector<std::uint64_t>& missing, double first_s) const {
  double left = 0;
  for (std::size_t i = 1; i < missing.size(); ++i) left += plan_.events[missing[i]];
  const double first = plan_.events[missing.front()];
  if (first > 0 && first_s * left / first > 1)
    talk("the first cell took " + fixed(first_s, 1) + " s; the others will take about " +
         time_words(first_s * left / first));
}

/// Tells the progress of one cell as a part of all.
struct CellProgress {
  Observer all;
  std::uint64_t before = 0;
  std::uint64_t total = 0;

  [[nodiscard]] Observer observer() {
    if (all.advanced == nullptr) return {};
    Observer part;
    part.context = this;
    part.advanced = [](void* context, std::uint64_t done, std::uint64_t) {
      const auto& self = *static_cast<CellProgress*>(context);
      self.all.advanced(self.all.context, std::min(self.before + done, self.total), self.total);
    };
    return part;
  }
};

std::optional<ExitCode> Campaign::run(const InterruptWatch& watch) {
  const std::vector<std::uint64_t> cells = missing();
  if (!command().quiet) tell_plan(cells);
  Progress progress(command().quiet                ? Progress::Mode::silent
                    : ::isatty(STDERR_FILENO) != 0 ? Progress::Mode::drawn
                                                   : Progress::Mode::sentences);
  const std::uint64_t runs_a_cell = plan_.runs / sweep_.cells.size();
  CellProgress part{.all = progress.observer(), .before = 0, .total = runs_a_cell * cells.size()};
  for (const std::uint64_t cell : cells) {
    const Clock::time_point start = Clock::now();
    Input input = scenario_.read(cell);
    const ExperimentOptions options{.jobs = command().jobs,
                                    .observer = part.observer(),
                                    .interrupted = &watch.interrupted(),
                                    .max_memory = command().max_memory};
    const ExperimentResult result = run_experiment(input.study.value(), std::move(input.topologies), options);
    if (watch.interrupted() && !result.stopped) break;
    sweep_.cells[cell] = swept_cell(cell, result);
    // A stopped cell is run again next time: there may be more memory then.
    if (!result.stopped)
      if (const auto error = keep(*sweep_.cells[cell])) return cannot_write(*error);
    part.before += runs_a_cell;
    if (cell == cells.front() && !command().quiet) {
      progress.wipe();
      tell_time(cells, seconds_since(start));
    }
  }
  if (const auto error = journal_.sync()) return cannot_write(*error);
  return std::nullopt;
}

/// A disk takes some milliseconds to sync, a small cell does not: cells of the last moment share one.
std::optional<OutputError> Campaign::keep(const SweptCell& cell) {
  if (auto error = journal_.append(journal_line(cell))) return error;
  if (seconds_since(synced_) < 0.1) return std::nullopt;
  synced_ = Clock::now();
  return journal_.sync();
}

Manifest Campaign::manifest() const {
  const auto& first = sweep_.cells.front();
  return {.scenario_sha256 = sweep_.scenario_sha256,
          .seed = first ? first->seed : 1,
          .replications = plan_.replications,
          .status = "complete",
          .fingerprint = fingerprint_text(sweep_.fingerprint()),
          .wall_time_s = seconds_since(start_)};
}

/// Files and prints the sweep; false when either failed. A partial one is printed only.
bool Campaign::put_out() const {
  const std::string csv = sweep_csv(sweep_), json = sweep_json(sweep_);
  std::optional<OutputError> file_error;
  if (sweep_.complete()) {
    file_error = write_whole(folder_ / "manifest.json", manifest_json(stamped(command(), manifest())));
    if (!file_error) file_error = write_whole(folder_ / "sweep.csv", csv);
    if (!file_error) file_error = write_whole(folder_ / "sweep.json", json);
  }
  const auto print_error =
      write_to_stdout(command().format == "csv"        ? csv
                      : command().format == "json"     ? json
                      : command().format == "markdown" ? markdown_text(summary_of(sweep_))
                                                       : table_text(summary_of(sweep_), terminal_look()));
  for (const auto& error : {file_error, print_error})
    if (error) talk("sojourn: cannot write " + error->file + ": " + error->reason);
  if (!command().quiet && !file_error && sweep_.complete()) talk("results are in " + folder_.string());
  return !file_error && !print_error;
}

ExitCode Campaign::finish(const InterruptWatch& watch) const {
  if (!put_out()) return ExitCode::output_failed;
  if (!sweep_.complete()) {
    talk("sojourn: interrupted; " + std::to_string(sweep_.finished()) + " of " + counted(sweep_.cells.size(), "cell") +
         " are kept in " + journal_file().string() + "; to go on: " + shell_text(command().words));
    return watch.signal() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  }
  std::size_t stopped = 0;
  std::size_t doubtful = 0;
  for (const auto& cell : sweep_.cells) {
    if (!cell->stopped.empty()) ++stopped;
    if (!cell->warnings.empty()) ++doubtful;
  }
  if (stopped > 0) {
    talk("sojourn: " + counted(stopped, "cell") + " of " + std::to_string(sweep_.cells.size()) +
         " stopped by a guard; they have no numbers");
    return ExitCode::resource_limit;
  }
  if (!command().strict || doubtful == 0) return ExitCode::fine;
  talk("sojourn: not statistically sound: doubts in " + counted(doubtful, "cell") + " (--strict)");
  return ExitCode::unsound;
}

}  // namespace

ExitCode sweep_scenario(const Command& command) {
  InterruptWatch watch;
  GridResult grid = parse_grid(command.vary);
  if (!grid.grid) {
    for (std::string& problem : grid.problems) problem = "sojourn: --vary: " + problem;
    return refuse(grid.problems);
  }
  FileText file = read_file(command.file, DocumentLimits{}.bytes);
  if (!file.problem.empty()) return refuse({command.file + ": " + file.problem});
  const SweptScenario scenario{command, *grid.grid, std::move(file.text)};
  const Plan plan = plan_of(scenario);
  if (!command.quiet)
    for (const std::string& warning : plan.warnings) talk(warning);
  if (!plan.errors.empty()) return refuse(plan.errors);
  if (command.out.empty() && !is_safe_folder_name(plan.name)) {
    talk("sojourn: the scenario's name is no name of a folder; say where results go with --out DIR");
    return ExitCode::bad_input;
  }
  const std::filesystem::path folder = command.out.empty() ? std::filesystem::path("results") / (plan.name + "-sweep")
                                                           : std::filesystem::path(command.out);
  Campaign campaign(scenario, plan, folder);
  if (const auto refused = campaign.begin()) return *refused;
  if (const auto failed = campaign.run(watch)) return *failed;
  return campaign.finish(watch);
}

}  // namespace sojourn
