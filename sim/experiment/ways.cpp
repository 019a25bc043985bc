#include "sojourn/experiment/ways.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <variant>

namespace sojourn {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// The largest numbers of both, and what either may do.
void widen(Ways& a, const Ways& b) {
  a.most_works = std::max(a.most_works, b.most_works);
  a.through = std::max(a.through, b.through);
  a.head = std::max(a.head, b.head);
  a.tail = std::max(a.tail, b.tail);
  a.inner = std::max(a.inner, b.inner);
  a.branches = a.branches || b.branches;
  a.replies = a.replies || b.replies;
  a.tells = a.tells || b.tells;
  a.replies_early = a.replies_early || b.replies_early;
  a.tells_early = a.tells_early || b.tells_early;
}

Ways either(Ways a, const Ways& b) {
  widen(a, b);
  a.least_works = std::min(a.least_works, b.least_works);
  a.least_broken = std::min(a.least_broken, b.least_broken);
  return a;
}

/// b after a.
Ways then(const Ways& a, const Ways& b) {
  Ways c = a;
  widen(c, b);
  c.least_works = a.least_works + b.least_works;
  c.least_broken = std::min(a.least_broken, a.least_works + b.least_broken);
  c.most_works = a.most_works + b.most_works;
  c.through = a.through + b.through;
  c.head = std::max(a.head, a.through + b.head);
  c.tail = std::max(b.tail, a.tail + b.through);
  c.inner = std::max({a.inner, b.inner, a.tail + b.head});
  c.replies_early = c.replies_early || (a.replies && b.most_works > 0);
  c.tells_early = c.tells_early || (a.tells && b.most_works > 0);
  return c;
}

/// A wait that may end the job, or not.
Ways wait(bool may_break) {
  Ways ways;
  ways.through = Ways::none;
  ways.head = ways.tail = 0;
  if (may_break) ways.least_broken = 0;
  return ways;
}

Ways of(const Steps& steps);

Ways one(const Work& work) {
  Ways ways;
  if (!is_zero(work.time)) ways.least_works = ways.most_works = ways.through = 1;
  if (work.fails > 0 || work.declines > 0) ways.least_broken = ways.least_works;
  return ways;
}

Ways one(const Call& call) {
  const Ways asked = wait(true);
  return call.fallback ? either(asked, then(asked, of(*call.fallback))) : asked;
}

Ways one(const Publish& publish) {
  Ways ways = publish.confirm ? wait(true) : Ways{};
  ways.tells = true;
  return ways;
}

Ways one(const Reply&) {
  Ways ways;
  ways.replies = true;
  return ways;
}

Ways one(const Notify&) { return {}; }
Ways one(const Await&) { return wait(true); }
Ways one(const Delay&) { return wait(false); }
Ways one(const Use& use) { return then(wait(true), of(use.steps)); }

Ways one(const Choose& choose) {
  double rest = 1;
  for (const ChooseBranch& branch : choose.branches) rest -= branch.probability;
  std::optional<Ways> all;
  if (rest > 1e-12) all = Ways{};
  for (const ChooseBranch& branch : choose.branches)
    if (branch.probability > 0) all = all ? either(*all, of(branch.steps)) : of(branch.steps);
  return all.value_or(Ways{});
}

/// Only whether a number is 0, 1 or more matters: three rounds stand for all further ones.
Ways one(const Repeat& repeat) {
  const Ways round = of(repeat.steps);
  const bool any_number = repeat.times.geometric_mean.has_value();
  const std::uint64_t rounds = any_number ? 3 : std::min<std::uint64_t>(repeat.times.count, 3);
  Ways all;
  for (std::uint64_t k = 0; k < rounds; ++k) all = then(all, round);
  return any_number ? either(all, Ways{}) : all;
}

Ways one(const Parallel& parallel) {
  Ways all;
  for (const Steps& steps : parallel.branches) all = then(all, of(steps));
  all.branches = all.branches || all.most_works > 0 || all.waits();
  all.replies_early = all.replies_early || (all.replies && all.most_works > 0);
  all.tells_early = all.tells_early || (all.tells && all.most_works > 0);
  return all;
}

Ways one(const Try& attempt) {
  Ways ways = of(attempt.steps);
  const Ways back = of(attempt.compensate);
  if (ways.least_broken == infinite) return ways;
  widen(ways, then(ways, back));
  ways.least_broken += std::min(back.least_works, back.least_broken);
  return ways;
}

Ways of(const Steps& steps) {
  Ways all;
  for (const Step& step : steps) all = then(all, std::visit([](const auto& kind) { return one(kind); }, step.kind));
  return all;
}

}  // namespace

double Ways::longest_run() const { return std::max({through, head, tail, inner}); }

Ways ways_of(const Steps& steps) {
  Ways ways = of(steps);
  const auto* work = steps.empty() ? nullptr : std::get_if<Work>(&steps.front().kind);
  ways.begins_with_work = work != nullptr && !is_zero(work->time);
  return ways;
}

}  // namespace sojourn
