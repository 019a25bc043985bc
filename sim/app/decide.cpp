#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "sojourn/app/decide.hpp"
#include "sojourn/app/interrupt.hpp"
#include "sojourn/app/program.hpp"
#include "sojourn/app/progress.hpp"
#include "sojourn/app/terminal.hpp"
#include "sojourn/experiment/objectives.hpp"
#include "sojourn/io/design_report.hpp"
#include "sojourn/io/manifest.hpp"
#include "sojourn/io/output_file.hpp"
#include "sojourn/io/study.hpp"
#include "sojourn/io/table.hpp"
#include "sojourn/model/defer.hpp"

namespace sojourn {

namespace {

using Clock = std::chrono::steady_clock;

void talk(const std::string& text) { std::fputs((text + "\n").c_str(), stderr); }

ReadOptions read_options(const Command& command, bool all_wait) {
  return {.folder = {},
          .sets = command.sets,
          .only_variants = command.variants,
          .seed = command.seed,
          .replications = command.replications,
          .all_wait = all_wait};
}

/// Objectives may name what only some designs have: the topics of deferred calls.
Issues check_design_objectives(const DesignSpace& space) {
  Study study{.name = space.name, .question = "", .sha256 = "", .variants = {}};
  for (const std::size_t mask : {std::size_t{0}, space.size() - 1})
    study.variants.push_back(
        {design_name(space, static_cast<DesignMask>(mask)), design_scenario(space, static_cast<DesignMask>(mask))});
  study.variants.front().scenario.precision.reset();
  return check_objectives(study, compile_all(study));
}

std::string obstacle(const DesignSpace& space) {
  if (std::string found = obstacle_to_search(space); !found.empty()) return found;
  return space.base.replications < 2 ? "expected at least 2 replications: one tells nothing about chance" : "";
}

std::string manifest_of(const Command& command, const DesignSearch& search, Clock::time_point start) {
  return manifest_json(stamped(command, {.scenario_sha256 = search.space.sha256,
                                         .seed = search.space.base.seed,
                                         .replications = search.replications,
                                         .status = search.complete ? "complete" : "partial",
                                         .wall_time_s = std::chrono::duration<double>(Clock::now() - start).count()}));
}

std::filesystem::path folder_of(const Command& command, const DesignSearch& search) {
  const std::string wanted = command.out.empty() ? "results/" + search.space.name + "-decide" : command.out;
  return search.complete ? wanted : wanted + ".partial";
}

std::optional<OutputError> write_files(const std::filesystem::path& folder, const Decision& decision,
                                       const std::string& manifest) {
  if (auto error = make_folder(folder)) return error;
  if (auto error = write_whole(folder / "manifest.json", manifest)) return error;
  if (auto error = write_whole(folder / "designs.csv", designs_csv(decision))) return error;
  return write_whole(folder / "decide.json", decide_json(decision));
}

/// Files and prints; false when either failed.
bool put_out(const Command& command, const Decision& decision, Clock::time_point start) {
  const std::filesystem::path folder = folder_of(command, decision.search);
  const auto file_error = write_files(folder, decision, manifest_of(command, decision.search, start));
  const auto print_error = write_to_stdout(
      command.format == "json" ? decide_json(decision) : table_text(summary_of(decision), terminal_look()));
  for (const auto& error : {file_error, print_error})
    if (error) talk("sojourn: cannot write " + error->file + ": " + error->reason);
  if (!command.quiet && !file_error) talk("results are in " + folder.string());
  return !file_error && !print_error;
}

ExitCode interrupted_by(int signal, const std::string& what) {
  talk("sojourn: interrupted; " + what);
  return signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

}  // namespace

SpaceRead read_space(const Command& command) {
  StudyResult whole = read_study_file(command.file, read_options(command, false));
  if (!whole.study || has_errors(whole.issues)) return {.space = std::nullopt, .issues = std::move(whole.issues)};
  StudyResult flow = read_study_file(command.file, read_options(command, true));
  if (!flow.study || has_errors(flow.issues)) return {.space = std::nullopt, .issues = std::move(flow.issues)};
  const Variant& first = flow.study->variants.front();
  DesignSpace space{.name = flow.study->name,
                    .question = flow.study->question,
                    .sha256 = whole.study->sha256,
                    .base_variant = first.name,
                    .base = first.scenario,
                    .topic_defaults = flow.topic_defaults.front(),
                    .operations = {}};
  for (const OperationName& name : deferrable_operations(space.base)) space.operations.push_back(name);
  if (const std::string found = obstacle(space); !found.empty()) {
    whole.issues.push_back({.line = 0, .pointer = "", .message = found});
    return {.space = std::nullopt, .issues = std::move(whole.issues)};
  }
  const Issues objectives = check_design_objectives(space);
  whole.issues.insert(whole.issues.end(), objectives.begin(), objectives.end());
  if (has_errors(whole.issues)) return {.space = std::nullopt, .issues = std::move(whole.issues)};
  return {.space = std::move(space), .issues = std::move(whole.issues)};
}

std::optional<Decision> decide_in(const Command& command, const DesignSpace& space, const InterruptWatch& watch) {
  const bool drawn = !command.quiet && ::isatty(STDERR_FILENO) != 0;
  Progress progress(drawn ? Progress::Mode::drawn : Progress::Mode::silent);
  const SearchOptions options{.experiment = {.jobs = command.jobs,
                                             .observer = progress.observer(),
                                             .interrupted = &watch.interrupted(),
                                             .max_memory = command.max_memory}};
  auto found = search_designs(space, options);
  if (!found) return std::nullopt;
  Decision decision{.search = std::move(*found), .rules = {}};
  decision.rules = deferral_rules(decision.search);
  return decision;
}

ExitCode decide_designs(const Command& command) {
  if (!command.vary.empty()) return map_decisions(command);
  const Clock::time_point start = Clock::now();
  InterruptWatch watch;
  const SpaceRead read = read_space(command);
  if (!command.quiet || !read.space) std::fputs(issues_text(read.issues, command.file).c_str(), stderr);
  if (!read.space) return ExitCode::bad_input;
  if (command.out.empty() && !is_safe_folder_name(read.space->name)) {
    talk("sojourn: the scenario's name is no name of a folder; say where results go with --out DIR");
    return ExitCode::bad_input;
  }
  const auto found = decide_in(command, *read.space, watch);
  if (!found) return interrupted_by(watch.signal(), "no round had ended, nothing was written");
  const Decision& decision = *found;
  if (!put_out(command, decision, start)) return ExitCode::output_failed;
  if (!decision.search.complete) return interrupted_by(watch.signal(), "the result is partial");
  const auto choices = decision.search.choices();
  return !choices.empty() && choices.front()->faults.empty() ? ExitCode::fine : ExitCode::objective_missed;
}

}  // namespace sojourn
