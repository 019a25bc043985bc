#pragma once
// What holds on every way through an operation's steps, however likely the way is. What exact results assume is about these,
// not about averages: a job that works once on average may work never or often.

#include <limits>

#include "sojourn/model/scenario.hpp"

namespace sojourn {

/// All ways through some steps. Works are steps of work that take time; "none" is the largest number of an empty set.
struct Ways {
  static constexpr double none = -std::numeric_limits<double>::infinity();

  double least_works = 0;       ///< on one way to the end
  double least_broken = -none;  ///< on one way that ends early, by a failure or a decline
  double most_works = 0;        ///< on one way
  double through = 0;           ///< most works in one go: on ways that never wait,
  double head = none;           ///< before the first wait,
  double tail = none;           ///< after the last one,
  double inner = none;          ///< and between two
  bool branches = false;        ///< branches that take time run at once
  bool replies = false;         ///< some way answers the caller before its end
  bool tells = false;           ///< some way publishes a message
  bool replies_early = false;   ///< an answer goes out and work may follow, or run beside
  bool tells_early = false;     ///< so does a message

  bool begins_with_work = false;  ///< its first step is work, and nothing starts before that has a worker

  [[nodiscard]] bool waits() const { return head != none; }
  [[nodiscard]] bool works_after_waiting() const { return tail > 0 || inner > 0; }
  /// The most steps of work that follow each other without a wait.
  [[nodiscard]] double longest_run() const;
  /// Every way works, those that end early too.
  [[nodiscard]] bool always_works() const { return least_works >= 1 && least_broken >= 1; }
  [[nodiscard]] bool works_exactly_once() const { return always_works() && most_works == 1; }
};

/// The ways through the steps of one operation.
[[nodiscard]] Ways ways_of(const Steps& steps);

}  // namespace sojourn
