#pragma once
// What one job of each operation does on average: its work, its waits, whom it asks and tells, how it ends.

#include <cstdint>
#include <string>
#include <vector>

#include "sojourn/model/flow.hpp"
#include "sojourn/model/scenario.hpp"
#include "sojourn/theory/general_work.hpp"

namespace sojourn {

/// Jobs of another operation that a job causes, retries and redeliveries included.
struct Leg {
  std::uint32_t operation = 0;
  double times = 0;
  double most = 1;      ///< times on one way through
  bool waits = false;   ///< a call; otherwise a message
  double on_way_s = 0;  ///< a message's time in the network, in the broker and until it comes again, per delivery
};

/// A resource that a job holds.
struct Holding {
  std::string resource;
  double held_s = 0;  ///< units times seconds, where nobody waits
};

/// A job, or some of its steps, on average; times in seconds. Timeouts are left out.
struct Passage {
  Moments work;
  double stretches = 0;  ///< how often it needs a worker anew when it lets go of it while it waits
  double idle_s = 0;     ///< delays, back-offs and hops
  double time_s = 0;     ///< all of it, calls included; waiting for its own workers is not
  double answer_s = 0;   ///< the part until its caller has the answer
  double answer_stretches = 0;
  double answer_work_s = 0;  ///< work until the answer
  double replied = 0;        ///< chance that an answer went out before the end
  double goes_on = 1;        ///< chance to succeed
  double fails = 0;
  double declines = 0;
  double works = 0;      ///< steps of work done
  double work_on_s = 0;  ///< work of those that go on, times their share
  double messages = 0;   ///< most messages published on one way through
  bool forks = false;    ///< something of it goes on beside it: branches, or what comes after a message
  bool rough = false;    ///< these means leave out how its parts depend on each other
  std::vector<Leg> legs;
  std::vector<Holding> holdings;

  // How it joins what stands before and after it, for counting stretches: chances.
  double is_instant = 1;  ///< neither works nor waits
  double starts_working = 0;
  double starts_before_answer = 0;  ///< starts working, before an answer
  double ends_working = 0;
};

/// The passages of all operations, in the order of the graph. response_s: how long a caller waits for each operation, hops left
/// out; empty: as long as if nobody ever waited in a queue.
[[nodiscard]] std::vector<Passage> passages_of(const Scenario& scenario, const FlowGraph& graph,
                                               const std::vector<double>& response_s = {});

/// Mean time of one hop between two names.
[[nodiscard]] double hop_s(const Network& network, const std::string& from, const std::string& to);

/// Mean sum of the back-offs when each attempt fails with this chance.
[[nodiscard]] double mean_backoff_s(const Retry& retry, double fails);

}  // namespace sojourn
