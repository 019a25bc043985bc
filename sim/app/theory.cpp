#include <cstdio>
#include <vector>

#include "sojourn/app/input.hpp"
#include "sojourn/app/program.hpp"
#include "sojourn/app/terminal.hpp"
#include "sojourn/experiment/prediction.hpp"
#include "sojourn/io/output_file.hpp"
#include "sojourn/io/table.hpp"
#include "sojourn/io/theory_report.hpp"

namespace sojourn {

ExitCode tell_theory(const Command& command) {
  const Input input = read_input(command);
  if (!command.quiet || !input.study) std::fputs(issues_text(input.issues, command.file).c_str(), stderr);
  if (!input.study) return ExitCode::bad_input;
  std::vector<Prediction> predictions;
  for (const Variant& variant : input.study->variants) predictions.push_back(predict(variant.name, variant.scenario));
  const std::string text = command.format == "json"
                               ? theory_json(*input.study, predictions)
                               : table_text(summary_of(*input.study, predictions), terminal_look());
  if (const auto error = write_to_stdout(text)) {
    std::fputs(("sojourn: cannot write " + error->file + ": " + error->reason + "\n").c_str(), stderr);
    return ExitCode::output_failed;
  }
  return ExitCode::fine;
}

}  // namespace sojourn
