#pragma once
// Where requests pass: the places of their call trees that all requests of a client share as long as nothing is tried twice
// and no step is repeated. A place is named once instead of once a request, and its draws are made for many requests at a time.
// Nothing here can change a result: a name and a draw are the same, found again.

#include <array>
#include <cstdint>
#include <vector>

#include "sojourn/random/draw_block.hpp"
#include "sojourn/random/sampler.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// The draws of one place: a block of even and one of odd order, since requests pass each other. They are given up where
/// requests come so far apart, or so few of them, that blocks cost more than single draws.
class PlaceDraws {
 public:
  Duration get(const Sampler& sampler, std::uint64_t key, std::uint64_t number, std::uint64_t site) {
    const std::uint64_t order = number / block_length;
    Block& block = blocks_[order & 1];
    if (block.order != order) [[unlikely]] {
      if (!fills(block, order, sampler, key, site)) {
        Draw draw(key, number, site);
        return sampler(draw);
      }
    }
    ++used_;
    return block.times[number % block_length];
  }

 private:
  struct Block {
    std::uint64_t order = ~std::uint64_t{0};
    std::array<Duration, block_length> times;
  };
  static constexpr std::uint32_t least_used = 8;    // of a block, to be worth it
  static constexpr std::uint32_t judged_after = 8;  // blocks
  static constexpr std::uint32_t pause = 1024;      // single draws until blocks are tried again

  [[gnu::noinline]] bool fills(Block& block, std::uint64_t order, const Sampler& sampler, std::uint64_t key,
                               std::uint64_t site) {
    if (singles_ > 0) {
      --singles_;
      return false;
    }
    if (filled_ == judged_after) {
      if (used_ < least_used * filled_) singles_ = pause;
      filled_ = used_ = 0;
    }
    ++filled_;
    block.order = order;
    sampler.draw_block(block.times, key, order * block_length, site);
    return true;
  }

  std::array<Block, 2> blocks_;
  std::uint32_t used_ = 0, filled_ = 0;
  std::uint32_t singles_ = 0;
};

/// The places of one run. A path is a way from a client's request down to one operation; it is a number, from which the
/// places of the operation's instructions follow.
class Places {
 public:
  /// One instruction on one path.
  struct Place {
    std::uint64_t site = 0;        ///< the name of the place: a visit of what is called from here
    std::uint64_t draws_site = 0;  ///< of the draws that a first attempt makes here
    std::uint32_t draws = none;    ///< its draws, once there are some
    std::uint32_t first_path = none;  ///< of the operations that are called or published to from here, once there is one
  };

  explicit Places(const Topology& topology) : topology_(topology) {}

  /// A path of an operation that is visited under this name; none when there are too many.
  std::uint32_t new_path(std::uint32_t operation, std::uint64_t visit);

  [[nodiscard]] Place& at(std::uint32_t path, std::uint32_t pc) { return places_[path + pc]; }

  /// The path of the operation that the call at this place asks.
  std::uint32_t path_of_call(std::uint32_t path, std::uint32_t pc) {
    const std::uint32_t known = at(path, pc).first_path;
    return known != none ? paths_[known] : new_paths(path, pc);
  }
  /// The path of the operation that handles what the publish at this place sends to the n-th subscription of its topic.
  std::uint32_t path_of_publish(std::uint32_t path, std::uint32_t pc, std::uint32_t n) {
    const std::uint32_t known = at(path, pc).first_path;
    if (known != none) return paths_[known + n];
    new_paths(path, pc);
    return paths_[at(path, pc).first_path + n];
  }

  /// A first attempt's draw at this place.
  Duration draw(Place& place, const Sampler& sampler, std::uint64_t key, std::uint64_t number) {
    if (place.draws == none) [[unlikely]]
      make_draws(place);
    return draws_[place.draws].get(sampler, key, number, place.draws_site);
  }

  /// Memory held, in bytes.
  [[nodiscard]] std::size_t bytes() const {
    return places_.capacity() * sizeof(Place) + draws_.capacity() * sizeof(PlaceDraws);
  }

 private:
  static constexpr std::size_t most_places = std::size_t{1} << 16;

  std::uint32_t new_paths(std::uint32_t path, std::uint32_t pc);
  void make_draws(Place& place);

  const Topology& topology_;
  std::vector<Place> places_;
  std::vector<std::uint32_t> paths_;
  std::vector<PlaceDraws> draws_;
};

}  // namespace sojourn
