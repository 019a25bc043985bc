#pragma once
// Sections: what an interval of a quantile rests on. A replication is a section where it has enough samples for a quantile of
// its own. Those that have too few are put together, in their order, until they have enough: the same ones in all variants,
// so that differences stay paired.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sojourn/experiment/columns.hpp"
#include "sojourn/stats/estimate.hpp"
#include "sojourn/stats/histogram.hpp"
#include "sojourn/system/measurements.hpp"

namespace sojourn {

/// Fewer sections than these say nothing of the spread, where they had to be put together.
inline constexpr std::size_t least_sections = 5;

/// What one replication of one variant says, by column.
struct SeenColumns {
  std::vector<std::optional<double>> values;
  std::vector<std::uint64_t> samples;     ///< behind a quantile; 0 for other columns
  std::map<std::size_t, Histogram> kept;  ///< times with few samples, by the first column that is a quantile of them
};
[[nodiscard]] SeenColumns seen_columns(const std::vector<Column>& columns, const Measurements& measured);

/// The sections of all quantiles of all variants.
class Sections {
 public:
  /// The columns of each variant.
  explicit Sections(const std::vector<const std::vector<Column>*>& variants);

  /// The next replication: what it said, by variant.
  void add(std::span<const SeenColumns* const> seen);

  /// The quantile in each section; nothing where the variant has too few samples in it.
  [[nodiscard]] std::vector<std::optional<double>> values(std::size_t variant, std::size_t column) const;
  /// Whether replications were put together.
  [[nodiscard]] bool grouped(std::size_t variant, std::size_t column) const;

 private:
  /// One variant's share in a family of sections.
  struct Member {
    std::size_t variant = 0;
    std::size_t column = 0;
    std::size_t key = 0;  // of the kept times
    std::vector<std::optional<double>> values = {};
    Histogram open = {};  // too few so far
    Histogram last = {};  // of the last section that was put together
  };
  /// One quantile of one thing, in all variants that have it.
  struct Family {
    double probability = 0;
    std::vector<Member> members;
    std::optional<std::size_t> last = {};  // the last section that was put together
    bool grouped = false;
  };

  static void add_to(Family& family, std::span<const SeenColumns* const> seen);
  static void close(Family& family);
  [[nodiscard]] const Family* family_of(std::size_t variant, std::size_t column) const;

  std::vector<Family> families_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> places_;  // of a variant's column
};

/// How many independent samples would let a quantile vary from section to section as much as it does: as many as a section
/// has where they are independent, fewer where neighbours share their fate, as in a busy queue. By the width of a binomial
/// interval in all samples together (Woodruff 1952). Nothing below least_sections sections, or where nothing varies.
[[nodiscard]] std::optional<double> independent_samples(const Column& column, const Measurements& merged,
                                                        std::span<const std::optional<double>> sections);

/// How many these are where they are too few: fewer than half of what the quantile needs of independent ones. There an
/// interval of 95 % holds the exact value in less than about 92 % of experiments; measured on M/M/1 queues.
[[nodiscard]] std::optional<double> unsure_worth(const Column& column, const Measurements& merged,
                                                 std::span<const std::optional<double>> sections);

/// How the values behind an estimate came about.
struct ValuesFrom {
  bool grouped = false;      ///< replications were put together
  bool terminating = false;  ///< a longer run would be another one
};
/// What the values say of a column, those of replications or of a quantile's sections. Nothing where no value is known or a
/// quantile has too few samples; no half-width for what is no mean, or where an interval would hold too seldom.
[[nodiscard]] std::optional<Estimate> estimate_from(std::span<const std::optional<double>> values, const Column& column,
                                                    const Measurements& merged, ValuesFrom from, double confidence);

/// Whether doubts about a quantile's interval are told: those of clients' times, up to p99. Others are just without one.
[[nodiscard]] bool is_headline(const Column& column);

}  // namespace sojourn
