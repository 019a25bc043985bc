#pragma once
// When one design beats another: it is at least as good in every criterion, up to a margin that nobody would notice, and better
// in one beyond that margin, or simpler and no different; each beyond chance, by paired differences on the same requests.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sojourn/experiment/columns.hpp"

namespace sojourn {

/// What designs are judged by.
struct Criterion {
  std::string client;  ///< "" for the cost
  std::string metric;  ///< "response_time.p99", "completion_time.p99", "fulfilled_ratio", "broken_promise_ratio",
                       ///< "cost_per_hour"
  Unit unit = Unit::seconds;
  bool lower_is_better = true;

  /// "shoppers.response_time.p99".
  [[nodiscard]] std::string name() const { return client.empty() ? metric : client + "." + metric; }
};

/// What is too little to count.
struct Margins {
  double relative = 0.01;  ///< of a time or a cost
  double ratio = 0.001;    ///< of all requests
};

/// How one design did in all criteria.
struct Standing {
  std::uint64_t replications = 0;
  std::vector<std::optional<double>> values;                 ///< by criterion
  std::vector<std::vector<std::optional<double>>> sections;  ///< [criterion][replication]
  std::vector<bool> misses;                                  ///< by objective: beyond chance
};

/// How much one design differs from another in a criterion: to - from.
struct Difference {
  double value = 0;
  double standard_error = 0;
  std::uint64_t n = 0;  ///< replications that both have
};

/// Nothing below two replications that both have. Over all replications of both where they have equally many, the centre is the
/// difference of the values, else the mean over those in common.
[[nodiscard]] std::optional<Difference> difference_of(const Standing& from, const Standing& to, std::size_t criterion);

/// How many standard errors a difference must be away from a bound, one-sided.
struct Critical {
  double in_all = 0;   ///< when it must hold in every criterion
  double in_one = 0;   ///< when it may hold in any of them
  double to_keep = 0;  ///< likewise, to hold that a design is not beaten: a slip keeps one too many and loses none
};
/// For a chance of error of alpha, after so many replications.
[[nodiscard]] Critical critical_for(double alpha, std::size_t criteria, std::uint64_t replications,
                                    double alpha_to_keep = 0.05);

/// What is known of "the challenger beats the design".
struct Duel {
  enum class End : std::uint8_t { open, beaten, not_beaten };
  End end = End::open;
  std::optional<std::size_t>
      better_in;  ///< where the challenger is better; nothing when it is simpler and no different
};

/// Judges a pair with equally many replications. A challenger that misses an objective, which the design
/// may meet, does not beat it.
[[nodiscard]] Duel judge(const std::vector<Criterion>& criteria, const Standing& design, const Standing& challenger,
                         bool challenger_is_simpler, const Margins& margins, const Critical& critical);

/// For screening, which may err: whether the challenger is better in a criterion beyond chance and the margin, or simpler, and
/// worse in none beyond chance and the margin.
[[nodiscard]] Duel screen(const std::vector<Criterion>& criteria, const Standing& design, const Standing& challenger,
                          bool challenger_is_simpler, const Margins& margins, const Critical& critical);

/// How much may be lost in a criterion before it counts, where the design has this value.
[[nodiscard]] double margin_of(const Criterion& criterion, double value, const Margins& margins);

/// After how many replications designs are judged: 6, 10, 16, ... and the last; the last alone when there are few.
[[nodiscard]] std::vector<std::uint64_t> looks_until(std::uint64_t replications);

/// A design out of the race: beaten by whom, in which round, in which criterion.
struct Defeat {
  std::size_t by = 0;  ///< its place in the list of standings
  std::optional<std::size_t> better_in;
};

/// All pairs of designs, from look to look. The chance that any design is wrongly held to be beaten stays below 1 - confidence,
/// over all pairs, criteria and looks (Bonferroni).
class Race {
 public:
  /// Simplicity: who defers less is simpler; by design, all different.
  Race(std::vector<Criterion> criteria, Margins margins, double confidence, std::size_t looks,
       std::vector<std::uint64_t> simplicity);

  /// Judges all pairs that are still open, from the standings of those who run.
  void look(const std::vector<Standing>& standings);

  /// Designs with an open pair: who runs on.
  [[nodiscard]] std::vector<std::size_t> unsettled() const;
  [[nodiscard]] const std::optional<Defeat>& defeat(std::size_t design) const { return defeats_[design]; }
  [[nodiscard]] bool is_beaten(std::size_t design) const { return defeats_[design].has_value(); }

 private:
  [[nodiscard]] bool is_open(std::size_t design, std::size_t challenger) const;
  [[nodiscard]] bool leads_to(std::size_t from, std::size_t to) const;
  void remove_beaten(const std::vector<std::vector<Defeat>>& beaten_by);

  std::vector<Criterion> criteria_;
  Margins margins_;
  double alpha_;          // of a pair and look
  double alpha_to_keep_;  // the same for each design by itself
  std::vector<std::uint64_t> simplicity_;
  std::vector<std::vector<bool>> settled_;  // [design][challenger]: the challenger does not beat the design
  std::vector<std::optional<Defeat>> defeats_;
};

}  // namespace sojourn
