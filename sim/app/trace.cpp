#include <algorithm>
#include <cstdio>
#include <string>

#include "sojourn/app/input.hpp"
#include "sojourn/app/program.hpp"
#include "sojourn/io/life_report.hpp"
#include "sojourn/io/manifest.hpp"
#include "sojourn/io/output_file.hpp"
#include "sojourn/system/run.hpp"

namespace sojourn {

namespace {

void talk(const std::string& text) { std::fputs(text.c_str(), stderr); }

/// The client's place in every variant's list; the first one unless another is named.
std::optional<std::uint32_t> client_index(const Topology& topology, const std::string& name) {
  for (std::uint32_t i = 0; i < topology.clients.size(); ++i)
    if (name.empty() || topology.clients[i].name == name) return i;
  return std::nullopt;
}

std::optional<OutputError> write_files(const Command& command, const Study& study, const LifeReport& report) {
  const std::filesystem::path folder = command.out.empty() ? std::filesystem::path("results") / (study.name + "-trace")
                                                           : std::filesystem::path(command.out);
  const Manifest manifest{.scenario_sha256 = study.sha256,
                          .seed = study.variants.front().scenario.seed,
                          .replications = 1,
                          .status = "complete",
                          .wall_time_s = 0};
  if (auto error = make_folder(folder)) return error;
  if (auto error = write_whole(folder / "manifest.json", manifest_json(stamped(command, manifest)))) return error;
  if (auto error = write_whole(folder / "life.csv", life_csv(report))) return error;
  if (auto error = write_whole(folder / "trace.json", life_trace_json(report))) return error;
  if (!command.quiet) talk("results are in " + folder.string() + "\n");
  return std::nullopt;
}

}  // namespace

ExitCode trace_request(const Command& command) {
  const Input input = read_input(command);
  if (!command.quiet || !input.study) talk(issues_text(input.issues, command.file));
  if (!input.study) return ExitCode::bad_input;
  const Study& study = *input.study;
  const std::string wanted = command.clients.empty() ? std::string() : command.clients.back();
  const auto client = client_index(input.topologies.front(), wanted);
  if (!client) {
    std::string names;
    for (const CompiledClient& one : input.topologies.front().clients) names += (names.empty() ? "" : ", ") + one.name;
    talk("sojourn: no client '" + wanted + "' in " + command.file + "; there is " + names + "\n");
    return ExitCode::bad_input;
  }
  LifeReport report{study.name, input.topologies.front().clients[*client].name, {}};
  bool seen = false;
  for (std::size_t v = 0; v < study.variants.size(); ++v) {
    const Topology& topology = input.topologies[v];
    const WatchedRequest watched{.client = client_index(topology, report.client).value_or(none),
                                 .number = command.request};
    const Measurements measured = run(topology, {.seed = study.variants[v].scenario.seed,
                                                 .replication = 0,
                                                 .timeline = false,
                                                 .watch = &watched,
                                                 .max_memory = command.max_memory});
    report.lives.push_back({study.variants[v].name, &topology, measured.life});
    seen = seen || measured.life.seen;
  }
  if (!seen) {
    talk("sojourn: " + report.client + " has no " +
         (command.request ? "request " + std::to_string(*command.request) : std::string("measured request")) +
         " before the run ends\n");
    return ExitCode::bad_input;
  }
  const auto error = write_to_stdout(command.format == "json" ? life_trace_json(report) : life_text(report));
  const auto file_error = error ? std::nullopt : write_files(command, study, report);
  for (const auto& one : {error, file_error})
    if (one) talk("sojourn: cannot write " + one->file + ": " + one->reason + "\n");
  return error || file_error ? ExitCode::output_failed : ExitCode::fine;
}

}  // namespace sojourn
