#pragma once
// The program: a command line in, an exit code out. Data goes to standard output, talk to standard error.

#include <string>
#include <vector>

#include "sojourn/app/command_line.hpp"
#include "sojourn/app/exit_code.hpp"
#include "sojourn/core/issue.hpp"
#include "sojourn/io/manifest.hpp"

namespace sojourn {

/// Does what the words say; never throws.
[[nodiscard]] ExitCode run_program(const std::vector<std::string>& words);

/// sojourn run: every variant on the same requests; prints and files the findings.
[[nodiscard]] ExitCode run_scenario(const Command& command);

/// sojourn check: all that is wrong or doubtful; runs nothing.
[[nodiscard]] ExitCode check_scenario(const Command& command);

/// sojourn schema: the language as JSON Schema, or as a page of reference.
[[nodiscard]] ExitCode print_schema(const Command& command);

/// sojourn theory: what mathematics says without running; prints it.
[[nodiscard]] ExitCode tell_theory(const Command& command);

/// sojourn sweep: every cell of a grid, kept in a journal as they end; prints and files them together.
[[nodiscard]] ExitCode sweep_scenario(const Command& command);

/// sojourn capacity: the highest load, or the cheapest replicas, that meet the objectives; prints and files what it finds.
[[nodiscard]] ExitCode search_capacity(const Command& command);

/// sojourn demo: the online shop that is built in, and what to try next; writes files only where it is told to.
[[nodiscard]] ExitCode show_demo(const Command& command);

/// A name that stays in the folder it is put in.
[[nodiscard]] bool is_safe_folder_name(const std::string& name);

/// sojourn decide: which of the deferrable calls should wait; searches all designs, prints and files what it finds.
[[nodiscard]] ExitCode decide_designs(const Command& command);

/// sojourn trace: the life of one request in each variant, as a table, as life.csv for pictures and as trace.json for viewers.
[[nodiscard]] ExitCode trace_request(const Command& command);

/// The manifest with what every command knows of itself: its file unless another is named, its words, the program's version,
/// commit and compiler.
[[nodiscard]] Manifest stamped(const Command& command, Manifest manifest);

/// The issues as lines, errors first, at most 20 of each kind and how many more there are.
[[nodiscard]] std::string issues_text(const Issues& issues, const std::string& file);

}  // namespace sojourn
