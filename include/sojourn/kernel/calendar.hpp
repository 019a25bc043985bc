#pragma once
// The calendar of a run: what fires next. Ties are decided by contract, never by accident: at one instant marks come
// first, then ends (of work, and replies), then timers, then arrivals; among equals the order of scheduling decides.
//
// A winner tree (tournament) over slots, each node the 16-byte key of its winner. The slot of the event that fired is
// used again by the first event that its handling schedules: one walk from leaf to root, without a data-dependent branch
// (keys are integers of 128 bits, because compilers turn their comparison into a subtraction and two conditional moves; with
// a branch a level the walk takes three times as long).
// schedule, fire: O(log of pending). Memory: 32 bytes a slot and the payload; slots are never more than were pending at once.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "sojourn/core/integer128.hpp"
#include "sojourn/core/time.hpp"

namespace sojourn {

/// Order of events at one instant.
enum class Rank : std::uint8_t { mark, end, timer, arrival };

/// Pending events with a small payload; the earliest fires first.
template <class Payload>
class Calendar {
  static_assert(std::is_trivially_copyable_v<Payload>);

 public:
  Calendar() { grow(4); }

  /// Plans an event. At most 2^24 may be pending and 2^38 be scheduled in a run.
  void schedule(Time at, Rank rank, const Payload& payload) { schedule_as(reserve(), at, rank, payload); }

  /// Takes a place in the order of scheduling, for an event that is put in later.
  [[nodiscard]] std::uint64_t reserve() { return scheduled_++; }

  /// Plans an event under a reserved place.
  void schedule_as(std::uint64_t sequence, Time at, Rank rank, const Payload& payload) {
    const std::size_t slot = take_slot();
    payloads_[slot] = payload;
    place(slot, key_of(at, static_cast<std::uint64_t>(rank) << 62 | sequence << slot_bits | slot));
    ++pending_;
  }

  [[nodiscard]] bool empty() const { return pending_ == 0; }
  [[nodiscard]] std::size_t pending() const { return pending_; }
  /// Memory held, in bytes.
  [[nodiscard]] std::size_t bytes() const { return capacity_ * (2 * sizeof(Key) + sizeof(Payload) + 4); }
  [[nodiscard]] std::uint64_t fired() const { return fired_; }

  /// The instant of the earliest event; never when there is none.
  [[nodiscard]] Time next_time() {
    close_gap();
    return time_of(tree_[1]);
  }

  /// Takes the earliest event out. There must be one.
  Payload fire(Time& now) {
    assert(pending_ > 0);
    close_gap();
    const Key first = tree_[1];
    now = time_of(first);
    gap_ = static_cast<std::size_t>(static_cast<std::uint64_t>(first) & slot_mask);
    --pending_;
    ++fired_;
    return payloads_[gap_];
  }

 private:
  using Key = UInt128;  // time, rank, sequence, slot
  static constexpr unsigned slot_bits = 24;
  static constexpr std::uint64_t slot_mask = (1U << slot_bits) - 1;
  static constexpr std::size_t no_gap = ~std::size_t{0};
  static constexpr Key idle = Key{std::numeric_limits<std::int64_t>::max()} << 64 | ~std::uint64_t{0};

  static Key key_of(Time at, std::uint64_t order) { return Key{static_cast<std::uint64_t>(at.ns)} << 64 | order; }
  static Time time_of(Key key) { return {static_cast<std::int64_t>(key >> 64)}; }
  static Key earlier(Key a, Key b) {
#if defined(__clang__)
    // In a loop it would turn the plain form into a branch; from the borrow of a subtraction it makes a mask.
    std::uint64_t low = 0, high = 0;
    const bool borrows = __builtin_sub_overflow(low_of(a), low_of(b), &low);
    const bool less = static_cast<bool>(__builtin_sub_overflow(high_of(a), high_of(b), &high) |
                                        __builtin_sub_overflow(high, std::uint64_t{borrows}, &high));
    const std::uint64_t mask = 0 - std::uint64_t{less};
    return Key{high_of(b) ^ ((high_of(a) ^ high_of(b)) & mask)} << 64 |
           (low_of(b) ^ ((low_of(a) ^ low_of(b)) & mask));
#else
    return a < b ? a : b;
#endif
  }
  static std::uint64_t low_of(Key key) { return static_cast<std::uint64_t>(key); }
  static std::uint64_t high_of(Key key) { return static_cast<std::uint64_t>(key >> 64); }

  void place(std::size_t slot, Key key) {
    std::size_t node = capacity_ + slot;
    Key* const tree = tree_.data();
    tree[node] = key;
    while (node > 1) {
      key = earlier(key, tree[node ^ 1]);
      node >>= 1;
      tree[node] = key;
    }
  }

  void close_gap() {
    if (gap_ == no_gap) return;
    free_.push_back(static_cast<std::uint32_t>(gap_));
    place(gap_, idle);
    gap_ = no_gap;
  }

  std::size_t take_slot() {
    if (gap_ != no_gap) {
      const std::size_t slot = gap_;
      gap_ = no_gap;
      return slot;
    }
    if (free_.empty()) grow(capacity_ * 2);
    const std::size_t slot = free_.back();
    free_.pop_back();
    return slot;
  }

  void grow(std::size_t capacity) {
    assert(capacity <= slot_mask + 1);
    std::vector<Key> tree(2 * capacity, idle);
    for (std::size_t slot = 0; slot < capacity_; ++slot) tree[capacity + slot] = tree_[capacity_ + slot];
    for (std::size_t node = capacity - 1; node > 0; --node) tree[node] = earlier(tree[2 * node], tree[2 * node + 1]);
    for (std::size_t slot = capacity; slot > capacity_; --slot) free_.push_back(static_cast<std::uint32_t>(slot - 1));
    tree_ = std::move(tree);
    payloads_.resize(capacity);
    capacity_ = capacity;
  }

  std::vector<Key> tree_;  // node 1 is the root, leaves from capacity_ on
  std::vector<Payload> payloads_;
  std::vector<std::uint32_t> free_;
  std::size_t capacity_ = 0;
  std::size_t gap_ = no_gap;  // the slot of the event that fired last, until it is used again
  std::size_t pending_ = 0;
  std::uint64_t scheduled_ = 0;
  std::uint64_t fired_ = 0;
};

}  // namespace sojourn
