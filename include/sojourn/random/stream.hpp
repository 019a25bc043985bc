#pragma once
// A sequence of draws, for things that are ordered by themselves: gaps between arrivals, choices of a queue.

#include <cstdint>

#include "sojourn/random/draw.hpp"

namespace sojourn {

/// Draw number 0, 1, 2, ... of a key and a site.
class Stream {
 public:
  Stream(std::uint64_t key, std::uint64_t site) : key_(key), site_(site) {}
  Draw next() { return Draw(key_, number_++, site_); }

 private:
  std::uint64_t key_, site_;
  std::uint64_t number_ = 0;
};

}  // namespace sojourn
