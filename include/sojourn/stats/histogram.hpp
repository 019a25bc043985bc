#pragma once
// Counts of durations in log-linear integer buckets (the layout of HdrHistogram): every octave [2^k, 2^(k+1)) is cut into
// 2^bits equal buckets, values below 2^(bits+1) are exact. Count, sum, minimum and maximum are exact integers.
// Merging is addition, so neither the order of values nor that of merges can matter.

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "sojourn/core/integer128.hpp"

namespace sojourn {

/// Where a value falls: buckets are numbered from 0 upward, without gaps, over all non-negative 64-bit values.
template <int bits>
struct LogLinearBuckets {
  static_assert(bits >= 1 && bits <= 20);
  static constexpr std::size_t per_octave = std::size_t{1} << bits;

  /// The bucket of a non-negative value.
  [[nodiscard, gnu::always_inline]] static constexpr std::size_t index_of(std::int64_t ns) {
    const auto value = static_cast<std::uint64_t>(ns);
    const int shift =
        (std::countl_zero(value | per_octave) ^ 63) - bits;  // one instruction: the place of the highest bit
    return (static_cast<std::size_t>(shift) << bits) + static_cast<std::size_t>(value >> shift);
  }
  /// The smallest value of a bucket.
  [[nodiscard]] static constexpr std::int64_t lower_of(std::size_t index) {
    return static_cast<std::int64_t>((index - (shift_of(index) << bits)) << shift_of(index));
  }
  /// The largest value of a bucket.
  [[nodiscard]] static constexpr std::int64_t upper_of(std::size_t index) {
    return lower_of(index) + ((std::int64_t{1} << shift_of(index)) - 1);
  }

 private:
  static constexpr std::size_t shift_of(std::size_t index) { return index < per_octave ? 0 : (index >> bits) - 1; }
};

/// A histogram of non-negative nanoseconds with a relative bucket width of at most 2^-bits.
/// Memory: the first values as they are, until they are as long as an octave; from then on one Count a bucket, over the octaves
/// between the smallest and the largest value: narrow ones, because a run touches many buckets at random. What exceeds a Count
/// is noted by itself, so all numbers are exact. Which of the two it is never shows.
template <int bits, class Count = std::uint32_t>
class BasicHistogram {
 public:
  using Buckets = LogLinearBuckets<bits>;

  /// Counts one value; ns >= 0. Nearly every value lies between the buckets of the smallest and the largest so far: one
  /// comparison finds that out, and then nothing but its bucket, the count and the sum change.
  [[gnu::always_inline]] void add(std::int64_t ns) {
    assert(ns >= 0);
    const std::size_t index = Buckets::index_of(ns);
    if (index - inside_ >= insides_) [[unlikely]]
      return add_at_edge(ns);
    increase(index - first_, 1);
    ++count_;
    add_to_sum(static_cast<std::uint64_t>(ns));
  }
  /// Counts a zero.
  void add_zero() {
    ++zeros_;
    ++count_;
  }

  /// Adds the other histogram's values to this one's.
  void merge(const BasicHistogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// The smallest value, exact; 0 when empty.
  [[nodiscard]] std::int64_t minimum() const { return empty() || zeros_ > 0 ? 0 : minimum_; }
  /// The largest value, exact; 0 when empty.
  [[nodiscard]] std::int64_t maximum() const { return maximum_; }
  /// The sum of all values in nanoseconds, exact.
  [[nodiscard]] UInt128 sum() const { return UInt128{sum_high_} << 64 | sum_low_; }
  /// The mean in nanoseconds, from the exact sum; 0 when empty.
  [[nodiscard]] double mean() const { return empty() ? 0 : static_cast<double>(sum()) / static_cast<double>(count_); }

  /// The p-quantile in nanoseconds, 0 <= p <= 1: the value of rank ceil(p * count), placed evenly within its bucket and
  /// kept within [minimum, maximum]; so the error is below one bucket's width, and none at the first and last rank. Nothing
  /// when empty.
  [[nodiscard]] std::optional<double> quantile(double p) const;

  /// The share of values above the threshold, exact at bucket bounds and spread evenly within a bucket. Nothing when empty.
  [[nodiscard]] std::optional<double> share_above(std::int64_t threshold_ns) const;

  /// Calls visit(lower_ns, upper_ns, count) for every bucket that is not empty, upwards; both bounds belong to the bucket.
  template <class Visit>
  void for_each_bucket(Visit&& visit) const {
    if (zeros_ > 0) visit(std::int64_t{0}, std::int64_t{0}, zeros_);
    if (!first_values_.empty()) return for_each_of_first(visit);
    for (std::size_t i = 0; i < counts_.size(); ++i)
      if (const std::uint64_t here = count_of(i, i + 1); here != 0)
        visit(Buckets::lower_of(first_ + i), Buckets::upper_of(first_ + i), here);
  }

  /// How many values lie in the buckets [lowest, end).
  [[nodiscard]] std::uint64_t count_between(std::size_t lowest, std::size_t end) const {
    std::uint64_t count = lowest == 0 && end > 0 ? zeros_ : 0;
    for (const std::int64_t ns : first_values_)
      if (const std::size_t index = Buckets::index_of(ns); index >= lowest && index < end) ++count;
    const std::size_t from = std::max(lowest, first_), to = std::min(end, first_ + counts_.size());
    return from < to ? count + count_of(from - first_, to - first_) : count;
  }

  /// Equal counts, sums and extremes: the same values up to their place in a bucket.
  [[nodiscard]] bool operator==(const BasicHistogram& other) const {
    return count_ == other.count_ && zeros_ == other.zeros_ && sum() == other.sum() && minimum_ == other.minimum_ &&
           maximum_ == other.maximum_ && buckets() == other.buckets();
  }

 private:
  /// None where an octave is as short as a few values.
  static constexpr std::size_t most_values = bits < 8 ? 0 : Buckets::per_octave * sizeof(Count) / sizeof(std::int64_t);

  [[nodiscard]] std::vector<std::pair<std::int64_t, std::uint64_t>> buckets() const {
    std::vector<std::pair<std::int64_t, std::uint64_t>> list;
    for_each_bucket([&](std::int64_t lower, std::int64_t, std::uint64_t here) { list.emplace_back(lower, here); });
    return list;
  }
  template <class Visit>
  void for_each_of_first(Visit& visit) const {
    std::vector<std::int64_t> sorted = first_values_;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0, end = 0; i < sorted.size(); i = end) {
      const std::size_t index = Buckets::index_of(sorted[i]);
      while (end < sorted.size() && Buckets::index_of(sorted[end]) == index) ++end;
      visit(Buckets::lower_of(index), Buckets::upper_of(index), static_cast<std::uint64_t>(end - i));
    }
  }
  void note_extremes(std::int64_t ns) {
    minimum_ = std::min(minimum_, ns);
    maximum_ = std::max(maximum_, ns);
    if (!counts_.empty()) extremes_changed();
  }
  /// Puts the first values into buckets.
  void settle();
  /// Counts values above 0 that lie within the extremes, not yet in count and sum.
  void put(const std::vector<std::int64_t>& values);

  [[gnu::always_inline]] void increase(std::size_t place, Count by) {
    Count& count = counts_[place];
    count = static_cast<Count>(count + by);
    if (count < by) [[unlikely]]
      note_full(first_ + place);
  }
  // A bucket has begun anew: it was full.
  [[gnu::noinline]] void note_full(std::size_t index) {
    full_.insert(std::upper_bound(full_.begin(), full_.end(), index), index);
  }
  void add_to_sum(std::uint64_t ns) {
    if (__builtin_add_overflow(sum_low_, ns, &sum_low_)) [[unlikely]]
      ++sum_high_;
  }
  // How many values there are in the buckets [place, end).
  [[nodiscard]] std::uint64_t count_of(std::size_t place, std::size_t end) const {
    std::uint64_t count = 0;
    for (std::size_t i = place; i < end; ++i) count += counts_[i];
    if (full_.empty()) [[likely]]
      return count;
    const auto full = std::count_if(full_.begin(), full_.end(),
                                    [&](std::size_t index) { return index >= first_ + place && index < first_ + end; });
    return count + (static_cast<std::uint64_t>(full) << std::numeric_limits<Count>::digits);
  }
  /// Grows to whole octaves, several where they are small, that hold the buckets [lowest, highest] and all that was there.
  void cover(std::size_t lowest, std::size_t highest);
  [[gnu::noinline]] void add_at_edge(std::int64_t ns);
  void extremes_changed() {
    inside_ = Buckets::index_of(minimum_) + 1;
    insides_ = std::max(inside_, Buckets::index_of(maximum_)) - inside_;
  }

  std::vector<std::int64_t> first_values_;  // above 0; empty as soon as there are counts
  std::vector<Count> counts_;  // of the buckets from first_ on, whole octaves; zeros are counted by themselves
  std::size_t first_ = 0;
  std::size_t inside_ = 0, insides_ = 0;  // the buckets between those of the extremes: the first, and how many
  std::uint64_t count_ = 0;
  std::uint64_t sum_low_ = 0, sum_high_ = 0;
  std::uint64_t zeros_ = 0;
  std::int64_t minimum_ = std::numeric_limits<std::int64_t>::max();  // of the values above 0
  std::int64_t maximum_ = 0;
  std::vector<std::size_t> full_;  // buckets that begun anew, once for each time
};

/// For results: 1024 buckets an octave, an error below 0.1 %.
using Histogram = BasicHistogram<10>;
/// For one bucket of a timeline, of which there are thousands: 64 buckets an octave, an error below 1.6 %.
using TimelineHistogram = BasicHistogram<6, std::uint16_t>;

/// The smallest n for which the largest of n independent values lies above the p-quantile with probability 0.95, that is
/// 1 - p^n >= 0.95: with fewer, a p-quantile is a guess. 29 for p90, 299 for p99. At p >= 1 no n is enough: the largest number.
[[nodiscard]] std::uint64_t samples_needed(double p);

template <int bits, class Count>
void BasicHistogram<bits, Count>::cover(std::size_t lowest, std::size_t highest) {
  constexpr std::size_t step = std::max<std::size_t>(Buckets::per_octave, 128 / sizeof(Count));
  std::size_t first = lowest / step * step;
  std::size_t end = (highest / step + 1) * step;
  if (!counts_.empty()) {
    first = std::min(first, first_);
    end = std::max(end, first_ + counts_.size());
  }
  if (end - first == counts_.size()) return;
  std::vector<Count> grown(end - first);  // not resize(), which would double the memory
  std::copy(counts_.begin(), counts_.end(),
            grown.begin() + static_cast<std::ptrdiff_t>(first_ < first ? 0 : first_ - first));
  counts_ = std::move(grown);
  first_ = first;
}

template <int bits, class Count>
void BasicHistogram<bits, Count>::settle() {
  if (first_values_.empty()) return;
  cover(Buckets::index_of(minimum_), Buckets::index_of(maximum_));
  for (const std::int64_t ns : first_values_) increase(Buckets::index_of(ns) - first_, 1);
  first_values_ = {};
  extremes_changed();
}

template <int bits, class Count>
void BasicHistogram<bits, Count>::put(const std::vector<std::int64_t>& values) {
  if (counts_.empty() && first_values_.size() + values.size() <= most_values) {
    first_values_.insert(first_values_.end(), values.begin(), values.end());
    return;
  }
  settle();
  cover(Buckets::index_of(minimum_), Buckets::index_of(maximum_));
  for (const std::int64_t ns : values) increase(Buckets::index_of(ns) - first_, 1);
}

template <int bits, class Count>
void BasicHistogram<bits, Count>::add_at_edge(std::int64_t ns) {
  if (ns == 0) return add_zero();
  ++count_;
  add_to_sum(static_cast<std::uint64_t>(ns));
  if (counts_.empty() && first_values_.size() < most_values) {
    first_values_.push_back(ns);
    return note_extremes(ns);
  }
  settle();
  const std::size_t index = Buckets::index_of(ns);
  if (index - first_ >= counts_.size()) cover(index, index);
  increase(index - first_, 1);
  if (ns < minimum_ || ns > maximum_) note_extremes(ns);
}

template <int bits, class Count>
void BasicHistogram<bits, Count>::merge(const BasicHistogram& other) {
  if (&other == this) return merge(BasicHistogram(other));
  count_ += other.count_;
  zeros_ += other.zeros_;
  add_to_sum(other.sum_low_);
  sum_high_ += other.sum_high_;
  if (other.maximum_ == 0) return;
  if (!other.counts_.empty()) settle();
  minimum_ = std::min(minimum_, other.minimum_);
  maximum_ = std::max(maximum_, other.maximum_);
  if (other.counts_.empty()) {
    put(other.first_values_);
  } else {
    cover(other.first_, other.first_ + other.counts_.size() - 1);
    const std::size_t offset = other.first_ - first_;
    for (std::size_t i = 0; i < other.counts_.size(); ++i) increase(offset + i, other.counts_[i]);
    for (const std::size_t index : other.full_) note_full(index);
  }
  if (!counts_.empty()) extremes_changed();
}

template <int bits, class Count>
std::optional<double> BasicHistogram<bits, Count>::quantile(double p) const {
  assert(p >= 0 && p <= 1);
  if (empty()) return std::nullopt;
  const double position = p * static_cast<double>(count_);
  const double exact = std::ceil(position - position * 0x1p-51);  // 0.07 of 100 is rank 7, though 0.07 * 100 > 7
  if (exact >= static_cast<double>(count_)) return static_cast<double>(maximum_);
  const std::uint64_t rank = exact < 1 ? 1 : static_cast<std::uint64_t>(exact);
  if (rank <= zeros_) return 0.0;
  if (rank == 1) return static_cast<double>(minimum_);
  const auto place_in = [&](std::size_t index, std::uint64_t below, std::uint64_t here) {
    const auto lower = static_cast<double>(Buckets::lower_of(index));
    const auto span = static_cast<double>(Buckets::upper_of(index) - Buckets::lower_of(index));
    const double share = (static_cast<double>(rank - below) - 0.5) / static_cast<double>(here);
    return std::clamp(lower + span * share, static_cast<double>(minimum()), static_cast<double>(maximum_));
  };
  if (!first_values_.empty()) {
    std::vector<std::int64_t> values = first_values_;
    const auto ranked = values.begin() + static_cast<std::ptrdiff_t>(rank - zeros_ - 1);
    std::nth_element(values.begin(), ranked, values.end());
    const std::size_t index = Buckets::index_of(*ranked);
    const auto before =
        std::count_if(values.begin(), values.end(), [&](std::int64_t ns) { return ns < Buckets::lower_of(index); });
    const auto here =
        std::count_if(values.begin(), values.end(), [&](std::int64_t ns) { return Buckets::index_of(ns) == index; });
    return place_in(index, zeros_ + static_cast<std::uint64_t>(before), static_cast<std::uint64_t>(here));
  }
  std::uint64_t below = zeros_;
  std::size_t i = 0;
  // Runs of buckets at a time, which the compiler adds up in vectors; then bucket by bucket.
  constexpr std::size_t run = std::min<std::size_t>(Buckets::per_octave, 64);
  for (; i + run <= counts_.size(); i += run) {
    const std::uint64_t in_run = count_of(i, i + run);
    if (below + in_run >= rank) break;
    below += in_run;
  }
  for (; i < counts_.size(); ++i) {
    const std::uint64_t here = count_of(i, i + 1);
    if (below + here < rank) {
      below += here;
      continue;
    }
    return place_in(first_ + i, below, here);
  }
  return static_cast<double>(maximum_);
}

template <int bits, class Count>
std::optional<double> BasicHistogram<bits, Count>::share_above(std::int64_t threshold_ns) const {
  if (empty()) return std::nullopt;
  if (threshold_ns >= maximum_) return 0.0;
  if (threshold_ns < minimum()) return 1.0;
  std::uint64_t counted = 0;
  double above = 0;
  for_each_bucket([&](std::int64_t lower, std::int64_t upper, std::uint64_t here) {
    counted += here;
    const double width = static_cast<double>(upper - lower) + 1;
    if (lower > threshold_ns)
      above += static_cast<double>(here);
    else if (upper > threshold_ns)
      above += static_cast<double>(here) * (static_cast<double>(upper - threshold_ns) / width);
  });
  return above / static_cast<double>(counted);
}

}  // namespace sojourn
