#pragma once
// The command line, read into a value.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/app/exit_code.hpp"

namespace sojourn {

/// What the person at the terminal asked for.
struct Command {
  enum class Verb : std::uint8_t { run, check, theory, sweep, capacity, decide, trace, demo, schema };
  Verb verb = Verb::run;
  std::string file;
  std::vector<std::string> sets;      ///< "/services/shop/workers=8"
  std::vector<std::string> variants;  ///< only these; empty is all
  std::vector<std::string> vary;      ///< "/clients/web/arrivals/poisson=40/s..120/s:5"
  std::vector<std::string>
      clients;  ///< of a capacity search: those that grow; of a trace: whose request; empty: see there
  std::optional<std::uint64_t> request;  ///< which one, from 0; the first that is measured without it
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> replications;
  unsigned jobs = 0;                                  ///< threads; 0 is one a core
  std::uint64_t max_memory = std::uint64_t{2} << 30;  ///< bytes for what is in flight, all threads together
  std::string out;                                    ///< folder of results; empty is results/NAME
  std::string format = "table";
  bool quiet = false;
  bool strict = false;
  bool resume = false;             ///< only go on with a sweep that has begun
  bool fresh = false;              ///< begin a sweep again, whatever its journal holds
  bool search_replicas = false;    ///< the cheapest replicas, not the highest load
  bool survive_one = false;        ///< with one replica lost, too
  bool reference = false;          ///< the language in words, not as a schema
  std::vector<std::string> words;  ///< as typed, the program's name included
};

/// A command, or what to print instead and with which exit code to end.
struct CommandLine {
  std::optional<Command> command;
  std::string to_stdout;
  std::string to_stderr;
  ExitCode exit_code = ExitCode::fine;
};

/// Reads the words of a command line. Slips of the finger in names are answered with the nearest one.
[[nodiscard]] CommandLine read_command_line(const std::vector<std::string>& words);

/// The words as a shell would read them back.
[[nodiscard]] std::string shell_text(const std::vector<std::string>& words);

/// "sojourn 0.1.0 (4ea02a3)", and its parts.
[[nodiscard]] std::string program_version();
[[nodiscard]] std::string program_commit();
[[nodiscard]] std::string program_compiler();

}  // namespace sojourn
