#include <cstdio>

#include "sojourn/app/input.hpp"
#include "sojourn/app/program.hpp"
#include "sojourn/io/output_file.hpp"

namespace sojourn {

namespace {

std::string counted(std::size_t n, const std::string& word) {
  return std::to_string(n) + " " + word + (n == 1 ? "" : "s");
}

std::string variant_line(const std::string& name, const Topology& topology) {
  return "variant " + name + ": fine; " + counted(topology.clients.size(), "client") + ", " +
         counted(topology.services.size(), "service") + ", " + counted(topology.calls.size(), "call") + ", " +
         counted(topology.topics.size(), "topic") + "\n";
}

}  // namespace

ExitCode check_scenario(const Command& command) {
  const Input input = read_input(command);
  std::fputs(issues_text(input.issues, command.file).c_str(), stderr);
  if (!input.study) return ExitCode::bad_input;
  std::string text;
  for (std::size_t v = 0; v < input.topologies.size(); ++v)
    text += variant_line(input.study->variants[v].name, input.topologies[v]);
  if (const auto error = write_to_stdout(text)) {
    std::fputs(("sojourn: " + error->file + ": " + error->reason + "\n").c_str(), stderr);
    return ExitCode::output_failed;
  }
  return ExitCode::fine;
}

}  // namespace sojourn
