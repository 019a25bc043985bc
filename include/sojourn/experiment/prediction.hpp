#pragma once
// What mathematics says of a variant without running it: loads, limits, and response times where a result applies.

#include <optional>
#include <string>
#include <vector>

#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// Where a number comes from.
struct Basis {
  std::string result;   ///< "M/M/4 (Erlang C)", "layered approximation"; empty where none applies
  bool exact = false;   ///< all that the result assumes holds in the scenario
  std::string because;  ///< why none applies, or why it is not exact
};

/// A service under its load; no number where a client's load is not known.
struct ServicePrediction {
  std::string name;
  double jobs_per_s = 0;
  std::optional<double> utilization = {};  ///< share of its workers or cores at work; nothing when unlimited
  std::optional<double> taken = {};        ///< share of its workers that are taken, waiting for others included
  std::optional<double> wait_s = {};       ///< mean time until its work goes on
  bool waits_elsewhere = false;            ///< not in its queue alone: beside others on its cores, or in a topic
  Basis wait = {};
  std::optional<double> most_jobs_per_s = {};  ///< what it carries when all open clients grow alike
  Basis most = {};
};

/// Times until the answer, in seconds.
struct ResponsePrediction {
  std::optional<double> mean_s, p50_s, p95_s, p99_s;
  Basis basis;
};

/// What holds for any law of the work.
struct UserBounds {
  double throughput_low = 0, throughput_high = 0;
  double response_low_s = 0, response_high_s = 0;
  double knee_users = 0;  ///< from here on more users wait longer and get no more done
};

struct ClientPrediction {
  std::string name;
  double requests_per_s = 0;  ///< asked for by an open client, got through by users
  bool open = true;
  double success = 1;        ///< share of requests that neither fail nor are declined
  double amplification = 1;  ///< attempts of a request
  ResponsePrediction response = {};
  std::optional<double> completion_s = {};  ///< mean, where it follows from the response
  std::optional<UserBounds> bounds = {};
};

/// The highest load of the open clients together.
struct LoadLimit {
  double requests_per_s = 0;
  double factor = 0;  ///< of the load in the scenario
  std::string first;  ///< the service, subscription or resource that is saturated first
  Basis basis;
};

struct Prediction {
  std::string variant;
  std::vector<ServicePrediction> services;
  std::string bottleneck;  ///< the service or resource with the largest share taken; empty when none has a limit
  std::optional<LoadLimit> limit;
  std::vector<ClientPrediction> clients;
  std::vector<std::string> left_out;  ///< what the scenario holds and the numbers do not
};

/// The prediction for a sound scenario.
[[nodiscard]] Prediction predict(const std::string& variant, const Scenario& scenario);

}  // namespace sojourn
