#include <cstdio>

#include "sojourn/app/program.hpp"
#include "sojourn/io/language.hpp"
#include "sojourn/io/output_file.hpp"

namespace sojourn {

ExitCode print_schema(const Command& command) {
  if (const auto error = write_to_stdout(command.reference ? reference_text() : schema_text())) {
    std::fputs(("sojourn: " + error->file + ": " + error->reason + "\n").c_str(), stderr);
    return ExitCode::output_failed;
  }
  return ExitCode::fine;
}

}  // namespace sojourn
