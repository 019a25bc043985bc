#pragma once
// What a run keeps about one client between its requests.

#include <cstdint>
#include <vector>

#include "sojourn/model/client.hpp"
#include "sojourn/stats/histogram.hpp"
#include "sojourn/system/arrivals.hpp"
#include "sojourn/system/measurements.hpp"
#include "sojourn/system/places.hpp"

namespace sojourn {

struct ClientState {
  std::uint64_t key = 0;  ///< of its requests' draws
  std::uint64_t next_number = 0;
  ArrivalProcess arrivals;
  Profile pace = {};                  ///< of its users' thinking
  std::vector<std::uint32_t> rounds;  ///< of each user
  std::vector<Destination> ways;      ///< to the operations that it asks for
  std::int32_t priority = 0;
  bool users = false;    ///< it is closed
  bool several = false;  ///< operations
  bool armed = false;    ///< its requests have a timeout, or a budget for retries
  ClientMeasurement* measured = nullptr;
  TimelineClient* rows = nullptr;        ///< of its timeline, by bucket
  Histogram prompt = {};                 ///< response and completion time of requests for which they are the same
  std::vector<Histogram> foreseen = {};  ///< by way: the same, and the sojourn time at the service, of foreseen visits

  void add_way(Destination way) {
    way.way = static_cast<std::uint32_t>(ways.size());
    ways.push_back(way);
    foreseen.emplace_back();
  }
};

}  // namespace sojourn
