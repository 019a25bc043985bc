#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "sojourn/app/input.hpp"
#include "sojourn/app/interrupt.hpp"
#include "sojourn/app/program.hpp"
#include "sojourn/app/progress.hpp"
#include "sojourn/app/terminal.hpp"
#include "sojourn/io/formats.hpp"
#include "sojourn/io/manifest.hpp"
#include "sojourn/io/report.hpp"

namespace sojourn {

namespace {

using Clock = std::chrono::steady_clock;

void talk(const std::string& text) { std::fputs((text + "\n").c_str(), stderr); }

std::filesystem::path results_folder(const Command& command, const ExperimentResult& result) {
  const std::filesystem::path wanted =
      command.out.empty() ? std::filesystem::path("results") / result.name : std::filesystem::path(command.out);
  return folder_for(wanted, result.complete());
}

Manifest manifest_of(const ExperimentResult& result, Clock::time_point start) {
  return {.scenario_sha256 = result.sha256,
          .seed = result.seed,
          .replications = result.replications,
          .status = result.complete() ? "complete" : "partial",
          .fingerprint = fingerprint_text(result.fingerprint),
          .wall_time_s = std::chrono::duration<double>(Clock::now() - start).count()};
}

/// Files and prints the findings; false when either failed.
bool put_out(const Command& command, const Findings& findings, Clock::time_point start) {
  const std::filesystem::path folder = results_folder(command, findings.result);
  const auto file_error =
      write_results(folder, findings, manifest_json(stamped(command, manifest_of(findings.result, start))));
  const auto print_error = write_to_stdout(format_named(command.format)->text_of(findings, terminal_look()));
  for (const auto& error : {file_error, print_error})
    if (error) talk("sojourn: cannot write " + error->file + ": " + error->reason);
  if (!command.quiet && !file_error) talk("results are in " + folder.string());
  return !file_error && !print_error;
}

ExitCode interrupted_by(int signal, const ExperimentResult& result) {
  talk("sojourn: interrupted; the result is partial: " + std::to_string(result.replications) + " of " +
       std::to_string(result.wanted) + " replications");
  return signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

ExitCode stopped_by(const StoppedRun& stopped, const ExperimentResult& result) {
  talk("sojourn: stopped: variant " + stopped.variant + ", replication " + std::to_string(stopped.replication + 1) +
       ": " + stopped.reason + "; the result is partial: " + std::to_string(result.replications) + " of " +
       std::to_string(result.wanted) + " replications");
  return ExitCode::resource_limit;
}

ExitCode judged(const Command& command, const Findings& findings) {
  if (command.strict && !findings.warnings.empty()) {
    talk("sojourn: not statistically sound, " + std::to_string(findings.warnings.size()) +
         " doubts (--strict): " + findings.warnings.front().variant + ": " + findings.warnings.front().message);
    return ExitCode::unsound;
  }
  return misses_objective(findings) ? ExitCode::objective_missed : ExitCode::fine;
}

ExperimentResult run_with_progress(const Command& command, Input input, const InterruptWatch& watch) {
  Progress progress(command.quiet                  ? Progress::Mode::silent
                    : ::isatty(STDERR_FILENO) != 0 ? Progress::Mode::drawn
                                                   : Progress::Mode::sentences);
  const ExperimentOptions options{.jobs = command.jobs,
                                  .observer = progress.observer(),
                                  .interrupted = &watch.interrupted(),
                                  .max_memory = command.max_memory};
  ExperimentResult result = run_experiment(*input.study, std::move(input.topologies), options);
  add_blame(result, options);
  return result;
}

}  // namespace

bool is_safe_folder_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

ExitCode run_scenario(const Command& command) {
  const Clock::time_point start = Clock::now();
  InterruptWatch watch;
  Input input = read_input(command);
  if (!command.quiet || !input.study) std::fputs(issues_text(input.issues, command.file).c_str(), stderr);
  if (!input.study) return ExitCode::bad_input;
  if (command.out.empty() && !is_safe_folder_name(input.study->name)) {
    talk("sojourn: the scenario's name is no name of a folder; say where results go with --out DIR");
    return ExitCode::bad_input;
  }
  const Study study = *input.study;
  const Findings findings = findings_of(study, run_with_progress(command, std::move(input), watch));
  if (!put_out(command, findings, start)) return ExitCode::output_failed;
  if (findings.result.stopped) return stopped_by(*findings.result.stopped, findings.result);
  if (!findings.result.complete()) return interrupted_by(watch.signal(), findings.result);
  return judged(command, findings);
}

}  // namespace sojourn
