#pragma once
// What a run keeps about one client between its requests.

#include <cstdint>
#include <vector>

#include "sojourn/model/client.hpp"
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
  const CompiledClient* compiled = nullptr;
  ClientMeasurement* measured = nullptr;
  TimelineClient* rows = nullptr;  ///< of its timeline, by bucket
};

}  // namespace sojourn
