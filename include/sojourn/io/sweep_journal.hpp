#pragma once
// The lines of a sweep's journal: first what the sweep is, then a finished cell each.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/experiment/sweep.hpp"
#include "sojourn/io/axis.hpp"

namespace sojourn {

/// What must be the same for two sweeps to be one: all that their numbers depend on.
struct SweepIdentity {
  std::string scenario_sha256;        ///< of the text, and of the files that it names
  std::vector<std::string> axes;      ///< as they were written
  std::vector<std::string> sets;      ///< values set for all cells
  std::vector<std::string> variants;  ///< only these; empty is all
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> replications;
  std::string version;
};

/// The SHA-256 digest of a scenario's text, and of the files of samples and arrivals that it or its axes name.
[[nodiscard]] std::string digest_with_files(std::string_view text, const std::string& folder,
                                            const std::vector<Axis>& axes);

[[nodiscard]] std::string journal_header(const SweepIdentity& identity);

/// What differs between the sweep of a journal and this one, "its axes, its seed"; "" when nothing does.
[[nodiscard]] std::string differences(std::string_view header, const SweepIdentity& identity);

[[nodiscard]] std::string journal_line(const SweptCell& cell);

/// The cell of a line; nothing when the line is of another make.
[[nodiscard]] std::optional<SweptCell> read_journal_line(std::string_view line);

}  // namespace sojourn
