#include <unistd.h>

#include <cstdio>
#include <utility>

#include "sojourn/app/demo_scenario.hpp"
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

constexpr const char* next_steps =
    "\nThat was one minute of the online shop. Next, guess first:\n"
    "  sojourn run scenarios/online-shop.json\n"
    "      the same for four minutes, with files for pictures\n"
    "  sojourn sweep scenarios/online-shop.json --vary /clients/shoppers/arrivals/poisson=40/s..160/s:7\n"
    "      which architecture breaks first as sale day comes?\n";

void talk(const std::string& text) { std::fputs(text.c_str(), stderr); }

std::optional<OutputError> write_files(const Command& command, const Findings& findings) {
  const ExperimentResult& result = findings.result;
  const Manifest manifest{.scenario_file = "built in",
                          .scenario_sha256 = result.sha256,
                          .seed = result.seed,
                          .replications = result.replications,
                          .status = result.complete() ? "complete" : "partial",
                          .fingerprint = fingerprint_text(result.fingerprint),
                          .wall_time_s = 0};
  return write_results(folder_for(command.out, result.complete()), findings, manifest_json(stamped(command, manifest)));
}

}  // namespace

ExitCode show_demo(const Command& command) {
  const InterruptWatch watch;
  ReadOptions options;
  options.sets = {"/horizon=70s", "/warmup=10s", "/replications=10"};
  options.seed = command.seed;
  Input input = input_of(read_study(demo_scenario(), options));
  if (!input.study) {
    talk(issues_text(input.issues, "the scenario of the demo"));
    return ExitCode::internal_error;
  }
  const Study study = *input.study;
  Progress progress(command.quiet || ::isatty(STDERR_FILENO) == 0 ? Progress::Mode::silent : Progress::Mode::drawn);
  const ExperimentOptions experiment{.jobs = command.jobs,
                                     .observer = progress.observer(),
                                     .interrupted = &watch.interrupted(),
                                     .max_memory = command.max_memory};
  const Findings findings = findings_of(study, run_experiment(study, std::move(input.topologies), experiment));
  progress.wipe();
  const auto print_error = write_to_stdout(format_named(command.format)->text_of(findings, terminal_look()));
  const auto file_error = command.out.empty() ? std::nullopt : write_files(command, findings);
  for (const auto& error : {print_error, file_error})
    if (error) talk("sojourn: cannot write " + error->file + ": " + error->reason + "\n");
  if (print_error || file_error) return ExitCode::output_failed;
  if (findings.result.stopped) return ExitCode::resource_limit;
  if (!findings.result.complete()) return watch.signal() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  if (!command.quiet) talk(next_steps);
  return ExitCode::fine;
}

}  // namespace sojourn
