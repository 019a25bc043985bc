#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "sojourn/app/input.hpp"
#include "sojourn/app/interrupt.hpp"
#include "sojourn/app/program.hpp"
#include "sojourn/app/terminal.hpp"
#include "sojourn/io/capacity_report.hpp"
#include "sojourn/io/manifest.hpp"
#include "sojourn/io/output_file.hpp"
#include "sojourn/io/table.hpp"

namespace sojourn {

namespace {

using Clock = std::chrono::steady_clock;

void talk(const std::string& text) { std::fputs((text + "\n").c_str(), stderr); }

std::string obstacle(const Command& command, const Study& study) {
  if (std::string found =
          command.search_replicas ? obstacle_to_replica_search(study) : obstacle_to_load_search(study, command.clients);
      !found.empty())
    return found;
  return study.variants.front().scenario.replications < 2
             ? "expected at least 2 replications: one tells nothing about chance"
             : "";
}

template <class Search>
std::string manifest_of(const Command& command, const Search& search, Clock::time_point start) {
  return manifest_json(stamped(command, {.scenario_sha256 = search.sha256,
                                         .seed = search.seed,
                                         .replications = search.replications,
                                         .status = search.complete ? "complete" : "partial",
                                         .wall_time_s = std::chrono::duration<double>(Clock::now() - start).count()}));
}

template <class Search>
std::optional<OutputError> write_files(const std::filesystem::path& folder, const Search& search,
                                       const std::string& manifest) {
  if (auto error = make_folder(folder)) return error;
  if (auto error = write_whole(folder / "manifest.json", manifest)) return error;
  if (auto error = write_whole(folder / "capacity.csv", capacity_csv(search))) return error;
  return write_whole(folder / "capacity.json", capacity_json(search));
}

/// Files and prints; false when either failed.
template <class Search>
bool put_out(const Command& command, const Search& search, Clock::time_point start) {
  const std::string wanted = command.out.empty() ? "results/" + search.name + "-capacity" : command.out;
  const std::filesystem::path folder = search.complete ? wanted : wanted + ".partial";
  const auto file_error = write_files(folder, search, manifest_of(command, search, start));
  const auto print_error = write_to_stdout(command.format == "json" ? capacity_json(search)
                                                                    : table_text(summary_of(search), terminal_look()));
  for (const auto& error : {file_error, print_error})
    if (error) talk("sojourn: cannot write " + error->file + ": " + error->reason);
  if (!command.quiet && !file_error) talk("results are in " + folder.string());
  return !file_error && !print_error;
}

bool is_found(const CapacitySearch& search) {
  return std::any_of(search.variants.begin(), search.variants.end(), [](const auto& v) { return v.met.has_value(); });
}

bool is_found(const ReplicaSearch& search) {
  return std::any_of(search.variants.begin(), search.variants.end(), [&](const VariantReplicas& variant) {
    return search.survive_one ? variant.surviving.has_value() : variant.best.has_value();
  });
}

template <class Search>
ExitCode end_with(const Command& command, const Search& search, Clock::time_point start, int signal) {
  if (!put_out(command, search, start)) return ExitCode::output_failed;
  if (!search.complete) {
    talk("sojourn: interrupted; the result is partial");
    return signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  }
  return is_found(search) ? ExitCode::fine : ExitCode::objective_missed;
}

}  // namespace

ExitCode search_capacity(const Command& command) {
  const Clock::time_point start = Clock::now();
  InterruptWatch watch;
  Input input = read_input(command);
  if (input.study)
    if (std::string found = obstacle(command, *input.study); !found.empty()) {
      input.issues.push_back({.line = 0, .pointer = "", .message = std::move(found)});
      input.study.reset();
    }
  if (!command.quiet || !input.study) std::fputs(issues_text(input.issues, command.file).c_str(), stderr);
  if (!input.study) return ExitCode::bad_input;
  if (command.out.empty() && !is_safe_folder_name(input.study->name)) {
    talk("sojourn: the scenario's name is no name of a folder; say where results go with --out DIR");
    return ExitCode::bad_input;
  }
  const ExperimentOptions options{
      .jobs = command.jobs, .interrupted = &watch.interrupted(), .max_memory = command.max_memory};
  if (command.search_replicas) {
    const ReplicaSearch search =
        search_replicas(*input.study, {.experiment = options, .survive_one = command.survive_one});
    return end_with(command, search, start, watch.signal());
  }
  const CapacitySearch search = search_loads(*input.study, {.experiment = options, .clients = command.clients});
  return end_with(command, search, start, watch.signal());
}

}  // namespace sojourn
