#pragma once
// Where requests pass: the instructions of every operation, once for each way that leads there from a client's request. All
// requests of a client share these places as long as nothing is tried twice and no step is repeated. So what is done at a
// place is looked up once instead of once a request, and its draws are made for many requests at a time.
// Nothing here can change a result: a name and a draw are the same, found again.

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "sojourn/random/draw_block.hpp"
#include "sojourn/random/sampler.hpp"
#include "sojourn/system/backlog.hpp"
#include "sojourn/system/measurements.hpp"
#include "sojourn/system/station.hpp"
#include "sojourn/system/topology.hpp"

namespace sojourn {

/// Whether blocks of draws are worth it at a place: they are not where requests come so far apart, or so few of them, that
/// blocks cost more than single draws.
class BlockWorth {
 public:
  void use() { ++used_; }
  /// Whether to make another block; otherwise a single draw.
  bool pays() {
    if (singles_ > 0) return --singles_, false;
    if (made_ == judged_after) {
      if (used_ < least_used * made_) singles_ = pause;
      made_ = used_ = 0;
    }
    ++made_;
    return true;
  }

 private:
  static constexpr std::uint32_t least_used = 8;    // of a block, to be worth it
  static constexpr std::uint32_t judged_after = 8;  // blocks
  static constexpr std::uint32_t pause = 1024;      // single draws until blocks are tried again

  std::uint32_t used_ = 0, made_ = 0;
  std::uint32_t singles_ = 0;  // left to make one by one
};

/// The times that are drawn at one place: a block of even and one of odd order, since requests pass each other.
class PlaceTimes {
 public:
  PlaceTimes(const Sampler& sampler, std::uint64_t key, std::uint64_t site)
      : sampler_(&sampler), key_(key), site_(site) {}

  /// What the request of this number draws.
  [[gnu::always_inline]] Duration of(std::uint64_t number) {
    const std::uint64_t order = number / block_length;
    Block& block = blocks_[order % 2];
    if (block.order != order && !fills(block, order)) [[unlikely]]
      return single(number);
    worth_.use();
    return block.times[number % block_length];
  }

 private:
  struct Block {
    std::uint64_t order = ~std::uint64_t{0};
    DurationBlock times;
  };
  [[gnu::noinline]] bool fills(Block& block, std::uint64_t order);
  [[nodiscard]] Duration single(std::uint64_t number) const;

  std::array<Block, 2> blocks_;
  const Sampler* sampler_;
  std::uint64_t key_, site_;
  BlockWorth worth_;
};

/// Whether something of a given probability strikes at one place; in the same way.
class PlaceChance {
 public:
  PlaceChance(double probability, std::uint64_t key, std::uint64_t site)
      : probability_(probability), key_(key), site_(site) {}

  /// Whether it strikes the request of this number.
  bool of(std::uint64_t number) {
    const std::uint64_t order = number / block_length;
    Block& block = blocks_[order % 2];
    if (block.order != order && !fills(block, order)) [[unlikely]]
      return single(number);
    worth_.use();
    return (block.struck >> (number % block_length) & 1) != 0;
  }

 private:
  struct Block {
    std::uint64_t order = ~std::uint64_t{0};
    std::uint32_t struck = 0;  // a bit each
  };
  static_assert(block_length == 32);
  [[gnu::noinline]] bool fills(Block& block, std::uint64_t order);
  [[nodiscard]] bool single(std::uint64_t number) const;

  std::array<Block, 2> blocks_;
  double probability_;
  std::uint64_t key_, site_;
  BlockWorth worth_;
};

/// Where a job of an operation is to be: what a call or a message needs to know of it.
struct Destination {
  Station* station = nullptr;
  std::uint32_t service = 0;
  std::uint32_t operation = 0;
  std::uint32_t pc = 0;       ///< its first instruction
  std::uint32_t path = none;  ///< none when there are too many
  std::uintptr_t places = 0;  ///< of the path
  std::uint64_t visit = 0;    ///< under which name it comes there
  bool plain = false;         ///< the short way leads there
  bool foreseen = false;      ///< its end is known when it comes
  std::uint32_t way = 0;      ///< of a client: which of its ways
};

/// One instruction on one path, and what a first attempt needs there.
struct alignas(128) Place {
  Action action = Action::end;
  bool simple = false;     ///< a call or publish that takes the short way
  bool own_scope = false;  ///< of a call: see CompiledCall
  bool timed = false;
  bool budgeted = false;
  bool has_fallback = false;
  bool closing = false;       ///< nothing but simple publishes and the end comes after it
  bool may_fail = false;      ///< of a work
  bool has_priority = false;  ///< of its own, instead of the job's
  std::uint32_t index = 0;    ///< the instruction's
  std::int32_t priority = 0;
  std::uint64_t site = 0;               ///< the name of the place: a visit of what is called from here
  PlaceTimes* times = nullptr;          ///< of a work
  PlaceChance* fails = nullptr;         ///< of a work that may
  PlaceChance* declines = nullptr;      ///< of a work that may
  CallMeasurement* measured = nullptr;  ///< of a call
  Destination to;                       ///< of a call
  std::uint32_t first_outlet = none;    ///< of a publish: its outlets stand side by side
  std::uint32_t outlets = 0;
  std::uint32_t milestone = none;  ///< of an end: the operation's
};

/// A publish's way to one subscription.
struct Outlet {
  std::uint32_t subscription = 0;
  std::uint32_t concurrency = none;
  Backlog* backlog = nullptr;
  SubscriptionMeasurement* measured = nullptr;
  Destination to;
  bool never_fails = false;  ///< see CompiledOperation
};

/// The places of one run.
class Places {
 public:
  /// The lists must not grow any more.
  Places(const Topology& topology, std::vector<Station>& stations, std::vector<Backlog>& backlogs,
         Measurements& measured)
      : topology_(topology), stations_(stations), backlogs_(backlogs), measured_(measured) {}

  /// A way to an operation that is visited under this name.
  [[nodiscard]] Destination way_to(std::uint32_t operation, std::uint64_t visit);

  [[nodiscard]] Place& at(std::uint32_t path, std::uint32_t pc) { return place_at(paths_[path], pc); }
  [[nodiscard]] std::uintptr_t base_of(std::uint32_t path) const { return paths_[path]; }
  /// The place of an instruction: places stand in the order of instructions, and are found from where the first instruction of
  /// the program would be.
  [[nodiscard]] static Place& place_at(std::uintptr_t places, std::uint32_t pc) {
    return *reinterpret_cast<Place*>(places + std::uintptr_t{pc} * sizeof(Place));
  }
  [[nodiscard]] const Outlet& outlet(std::uint32_t index) const { return outlets_[index]; }

  /// Completes what is not known before a place is passed for the first time.
  void complete_work(std::uint32_t path, std::uint32_t pc, std::uint64_t key);
  void complete_call(std::uint32_t path, std::uint32_t pc);
  void complete_publish(std::uint32_t path, std::uint32_t pc);

  /// Memory held, in bytes.
  [[nodiscard]] std::size_t bytes() const {
    return places_ * sizeof(Place) + outlets_.capacity() * sizeof(Outlet) + times_.size() * sizeof(PlaceTimes) +
           chances_.size() * sizeof(PlaceChance);
  }

 private:
  static constexpr std::size_t most_places = std::size_t{1} << 16;

  std::uint32_t new_path(std::uint32_t operation, std::uint64_t visit);
  [[nodiscard]] Place place_of(const Instruction& in, const CompiledOperation& operation, std::uint64_t visit) const;

  const Topology& topology_;
  std::vector<Station>& stations_;
  std::vector<Backlog>& backlogs_;
  Measurements& measured_;
  std::size_t places_ = 0;             // of all paths
  std::vector<std::uintptr_t> paths_;  // as Destination::places
  std::vector<std::unique_ptr<Place[]>> blocks_;
  std::vector<Outlet> outlets_;
  std::deque<PlaceTimes> times_;
  std::deque<PlaceChance> chances_;
};

}  // namespace sojourn
