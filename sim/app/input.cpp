#include "sojourn/app/input.hpp"

#include <utility>

#include "sojourn/experiment/experiment.hpp"
#include "sojourn/experiment/objectives.hpp"

namespace sojourn {

Input read_input(const Command& command) {
  ReadOptions options;
  options.sets = command.sets;
  options.only_variants = command.variants;
  options.seed = command.seed;
  options.replications = command.replications;
  return input_of(read_study_file(command.file, options));
}

Input input_of(StudyResult read) {
  Input input{.study = std::nullopt, .topologies = {}, .issues = std::move(read.issues)};
  if (!read.study || has_errors(input.issues)) return input;
  input.topologies = compile_all(*read.study);
  const Issues objectives = check_objectives(*read.study, input.topologies);
  input.issues.insert(input.issues.end(), objectives.begin(), objectives.end());
  if (!has_errors(input.issues)) input.study = std::move(read.study);
  return input;
}

}  // namespace sojourn
