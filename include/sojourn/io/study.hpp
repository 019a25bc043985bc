#pragma once
// Reading a scenario file whole: its variants as scenarios that are sound, or everything that is wrong, told in one pass.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/core/issue.hpp"
#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// What the command line adds to a scenario file.
struct ReadOptions {
  std::string folder = {};                      ///< of samples and traces; read_study_file takes the scenario's own
  std::vector<std::string> sets = {};           ///< "POINTER=VALUE", applied to the file's document before its variants
  std::vector<std::string> only_variants = {};  ///< these alone are read; empty: all
  std::optional<std::uint64_t> seed = {};
  std::optional<std::uint32_t> replications = {};
  bool all_wait = false;  ///< what variants defer is left out: the flow before any deferral
};

/// A study when there are no errors; warnings may come with it.
struct StudyResult {
  std::optional<Study> study;
  std::vector<Topic> topic_defaults = {};  ///< by variant: what topics take that a deferral makes
  Issues issues;
};

/// Reads a scenario from its text.
[[nodiscard]] StudyResult read_study(std::string_view text, const ReadOptions& options);

/// Reads a scenario from a plain file of at most 16 MiB.
[[nodiscard]] StudyResult read_study_file(const std::string& path, ReadOptions options);

}  // namespace sojourn
