#pragma once
// Files of measured numbers beside a scenario: samples of a distribution, offsets of arrivals; each is read once a study.

#include <map>
#include <string>
#include <vector>

#include "sojourn/core/time.hpp"

namespace sojourn {

/// What one line of a file may be.
enum class LineKind { duration, duration_or_seconds };

/// The durations of a file, or what is wrong with it ("expected ..., found ...").
struct Durations {
  std::vector<Duration> values;
  std::string problem;
};

/// One duration a line; empty lines, and lines that begin with '#', are skipped.
[[nodiscard]] Durations parse_durations(const std::string& text, LineKind kind);

/// The files of one folder, kept once read.
class DataFiles {
 public:
  explicit DataFiles(std::string folder) : folder_(std::move(folder)) {}

  /// The durations in a file of the folder.
  const Durations& durations(const std::string& name, LineKind kind);

 private:
  std::string folder_;
  std::map<std::pair<std::string, LineKind>, Durations> known_;
};

}  // namespace sojourn
