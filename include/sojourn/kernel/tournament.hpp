#pragma once
// Who is first: a winner tree over slots, each node the 16-byte key of its winner. A slot that has just won is used again by
// the next entry: one walk from leaf to root, without a data-dependent branch (keys are integers of 128 bits, because
// compilers turn their comparison into a subtraction and two conditional moves; with a branch a level the walk takes three
// times as long). put, take: O(log of entries). Memory: 32 bytes a slot and the payload; there are never more slots than
// there were entries at once, rounded up to a power of two.

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "sojourn/core/integer128.hpp"

namespace sojourn {

/// Entries with a time, an order among those of one time, and a small payload; the first one is taken first.
template <class Payload>
class Tournament {
  static_assert(std::is_trivially_copyable_v<Payload>);

 public:
  /// At most 2^24 entries at once; orders are below 2^40, and each occurs once.
  static constexpr unsigned slot_bits = 24;

  Tournament() { grow(1); }

  [[gnu::always_inline]] void put(std::uint64_t time, std::uint64_t order, const Payload& payload) {
    const std::size_t slot = take_slot();
    payloads_[slot] = payload;
    place(slot, Key{time} << 64 | (order << slot_bits | slot));
  }

  /// The time of the first entry; later than every other time when there is none.
  [[nodiscard]] std::uint64_t first_time() const { return high_of(tree_[1]); }
  /// Its order; without meaning when there is none.
  [[nodiscard]] std::uint64_t first_order() const { return low_of(tree_[1]) >> slot_bits; }
  /// Takes the first entry out, of which there must be one. Its slot has to be closed, or used again, before the next is known.
  const Payload& take() {
    assert(size() > 0 && gap_ == no_gap);
    gap_ = static_cast<std::size_t>(low_of(tree_[1]) & slot_mask);
    return payloads_[gap_];
  }
  /// Forgets the slot of the entry that was taken last, unless a new entry has it.
  void close() {
    if (gap_ == no_gap) return;
    free_.push_back(static_cast<std::uint32_t>(gap_));
    place(std::exchange(gap_, no_gap), idle);
  }

  [[nodiscard]] std::size_t size() const { return capacity_ - free_.size() - (gap_ == no_gap ? 0 : 1); }
  /// Memory held, in bytes.
  [[nodiscard]] std::size_t bytes() const { return capacity_ * (2 * sizeof(Key) + sizeof(Payload) + 4); }

 private:
  using Key = UInt128;  // time, order, slot
  static constexpr std::uint64_t slot_mask = (1U << slot_bits) - 1;
  static constexpr std::size_t no_gap = ~std::size_t{0};
  static constexpr Key idle = ~Key{0};

  static std::uint64_t low_of(Key key) { return static_cast<std::uint64_t>(key); }
  static std::uint64_t high_of(Key key) { return static_cast<std::uint64_t>(key >> 64); }
  static Key earlier(Key a, Key b) {
#if defined(__clang__)
    // In a loop it would turn the plain form into a branch; from the borrow of a subtraction it makes a mask.
    std::uint64_t low = 0, high = 0;
    const bool borrows = __builtin_sub_overflow(low_of(a), low_of(b), &low);
    const bool below = __builtin_sub_overflow(high_of(a), high_of(b), &high);
    const bool ties = __builtin_sub_overflow(high, std::uint64_t{borrows}, &high);
    const std::uint64_t mask = 0 - (std::uint64_t{below} | std::uint64_t{ties});
    return Key{high_of(b) ^ ((high_of(a) ^ high_of(b)) & mask)} << 64 | (low_of(b) ^ ((low_of(a) ^ low_of(b)) & mask));
#else
    return a < b ? a : b;
#endif
  }

  // By bytes from the root's left neighbour on: that saves shifting indices at every level.
  [[gnu::always_inline]] void place(std::size_t slot, Key key) {
    constexpr std::size_t size = sizeof(Key);
    std::size_t at = (capacity_ + slot) * size;
    auto* const tree = reinterpret_cast<std::byte*>(tree_.data());
    const auto node = [tree](std::size_t bytes) -> Key& { return *reinterpret_cast<Key*>(tree + bytes); };
    node(at) = key;
    while (at > size) {
      key = earlier(key, node(at ^ size));
      at = at / 2 & ~(size - 1);
      node(at) = key;
    }
  }

  [[gnu::always_inline]] std::size_t take_slot() {
    if (gap_ != no_gap) return std::exchange(gap_, no_gap);
    if (free_.empty()) [[unlikely]]
      grow(capacity_ * 2);
    const std::size_t slot = free_.back();
    free_.pop_back();
    return slot;
  }

  [[gnu::noinline]] void grow(std::size_t capacity) {
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
  std::size_t gap_ = no_gap;  // the slot of the entry that was taken last
};

}  // namespace sojourn
