#pragma once
// manifest.json: where a result came from. Unlike the report it may differ between two equal runs.

#include <cstdint>
#include <string>
#include <vector>

namespace sojourn {

struct Manifest {
  std::string scenario_file = {};
  std::string scenario_sha256 = {};
  std::uint64_t seed = 1;
  std::uint64_t replications = 0;
  std::string status = {};  ///< "complete" or "partial"
  std::string fingerprint = {};
  std::string version = {};
  std::string commit = {};
  std::string compiler = {};
  std::vector<std::string> command = {};
  double wall_time_s = 0;
};

/// The manifest as JSON text with a line break at its end.
[[nodiscard]] std::string manifest_json(const Manifest& manifest);

}  // namespace sojourn
