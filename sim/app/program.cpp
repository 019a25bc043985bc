#include "sojourn/app/program.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>

#include "sojourn/io/output_file.hpp"

namespace sojourn {

namespace {

constexpr std::size_t most_issues = 20;

void append_issues(std::string& text, const Issues& issues, Severity severity, const std::string& file) {
  std::size_t told = 0;
  std::size_t untold = 0;
  for (const Issue& issue : issues) {
    if (issue.severity != severity) continue;
    if (told == most_issues)
      ++untold;
    else if (++told <= most_issues)
      text += to_text(issue, file) + "\n";
  }
  if (untold > 0)
    text += "and " + std::to_string(untold) + " more " + (severity == Severity::error ? "errors\n" : "warnings\n");
}

ExitCode obey(const Command& command) {
  switch (command.verb) {
    case Command::Verb::run: return run_scenario(command);
    case Command::Verb::check: return check_scenario(command);
    case Command::Verb::schema: return print_schema(command);
    case Command::Verb::theory: return tell_theory(command);
    case Command::Verb::sweep: return sweep_scenario(command);
    case Command::Verb::capacity: return search_capacity(command);
    case Command::Verb::demo: return show_demo(command);
    case Command::Verb::trace: return trace_request(command);
    case Command::Verb::decide: return decide_designs(command);
  }
  return ExitCode::internal_error;
}

/// How to see an unexpected end again.
void tell_internal_error(const Command& command, const std::string& what) {
  const std::string seed = command.seed ? std::to_string(*command.seed) : "the scenario's";
  const std::string text = "sojourn: internal error: " + what + "\nversion " + program_version() + " (" +
                           program_commit() + ", " + program_compiler() + "), seed " + seed +
                           "\nto see it again: " + shell_text(command.words) + "\n";
  std::fputs(text.c_str(), stderr);
}

}  // namespace

Manifest stamped(const Command& command, Manifest manifest) {
  if (manifest.scenario_file.empty()) manifest.scenario_file = command.file;
  manifest.version = program_version();
  manifest.commit = program_commit();
  manifest.compiler = program_compiler();
  manifest.command = command.words;
  return manifest;
}

std::string issues_text(const Issues& issues, const std::string& file) {
  std::string text;
  append_issues(text, issues, Severity::error, file);
  append_issues(text, issues, Severity::warning, file);
  return text;
}

ExitCode run_program(const std::vector<std::string>& words) {
  Command command;
  command.words = words;
  try {
    const CommandLine line = read_command_line(words);
    std::fputs(line.to_stderr.c_str(), stderr);
    if (const auto error = write_to_stdout(line.to_stdout)) {
      std::fputs(("sojourn: " + error->file + ": " + error->reason + "\n").c_str(), stderr);
      return ExitCode::output_failed;
    }
    if (!line.command) return line.exit_code;
    command = *line.command;
    return obey(command);
  } catch (const std::bad_alloc&) {
    std::fputs("sojourn: out of memory; fewer replications or a shorter horizon need less\n", stderr);
    return ExitCode::resource_limit;
  } catch (const std::exception& error) {
    tell_internal_error(command, error.what());
  } catch (...) {
    tell_internal_error(command, "something that is no exception of ours");
  }
  return ExitCode::internal_error;
}

}  // namespace sojourn
