#include "sojourn/io/manifest.hpp"

#include <nlohmann/json.hpp>

namespace sojourn {

std::string manifest_json(const Manifest& manifest) {
  const nlohmann::ordered_json json = {
      {"scenario", {{"file", manifest.scenario_file}, {"sha256", manifest.scenario_sha256}}},
      {"seed", manifest.seed},
      {"replications", manifest.replications},
      {"status", manifest.status},
      {"fingerprint", manifest.fingerprint},
      {"version", manifest.version},
      {"commit", manifest.commit},
      {"compiler", manifest.compiler},
      {"command", manifest.command},
      {"wall_time_s", manifest.wall_time_s}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace sojourn
