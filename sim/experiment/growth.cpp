#include "sojourn/experiment/growth.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "sojourn/stats/estimate.hpp"

namespace sojourn {

namespace {

constexpr double chance = 0.001;
constexpr double least_growth = 2;  // jobs between first and last quarter: less is nobody's concern

/// The buckets that lie wholly in the window, cut into four.
struct Cut {
  std::size_t first = 0;
  std::size_t buckets = 0;
  [[nodiscard]] std::size_t start_of(std::size_t quarter) const { return first + buckets * quarter / 4; }
};

Cut cut_of(const Measurements& measured) {
  const std::int64_t bucket = measured.timeline.bucket.ns;
  if (bucket <= 0) return {};
  const std::int64_t first = (measured.warmup.ns + bucket - 1) / bucket;
  const std::int64_t end = measured.horizon.ns / bucket;
  if (end <= first) return {};
  return {static_cast<std::size_t>(first), static_cast<std::size_t>(end - first)};
}

Quarters sum_of(std::span<const Quarters> parts) {
  Quarters sum{};
  for (const Quarters& part : parts)
    for (std::size_t q = 0; q < 4; ++q) sum[q] += part[q];
  return sum;
}

template <class Bucket>
Quarters quarters_in(const std::vector<Bucket>& buckets, Int128 Bucket::*waiting_ns, const Cut& cut, Duration bucket) {
  Quarters quarters{};
  for (std::size_t q = 0; q < 4; ++q) {
    Int128 sum = 0;
    for (std::size_t i = cut.start_of(q); i < cut.start_of(q + 1) && i < buckets.size(); ++i)
      sum += buckets[i].*waiting_ns;
    const auto count = static_cast<double>(cut.start_of(q + 1) - cut.start_of(q));
    quarters[q] = static_cast<double>(sum) / (static_cast<double>(bucket.ns) * count);
  }
  return quarters;
}

Quarters jobs_in(const std::vector<TimelineService>& buckets, const Cut& cut, Duration bucket) {
  const Quarters parts[] = {quarters_in(buckets, &TimelineService::busy_ns, cut, bucket),
                            quarters_in(buckets, &TimelineService::held_ns, cut, bucket),
                            quarters_in(buckets, &TimelineService::queue_ns, cut, bucket)};
  return sum_of(parts);
}

/// Requests that started in each quarter, by bucket.
Quarters started_in(const std::vector<TimelineClient>& buckets, const Cut& cut) {
  Quarters quarters{};
  for (std::size_t q = 0; q < 4; ++q) {
    for (std::size_t i = cut.start_of(q); i < cut.start_of(q + 1) && i < buckets.size(); ++i)
      quarters[q] += static_cast<double>(buckets[i].started);
    quarters[q] /= static_cast<double>(cut.start_of(q + 1) - cut.start_of(q));
  }
  return quarters;
}

/// Requests in flight: started and not answered, on average between the beginnings and the ends of the buckets.
Quarters unanswered_in(const std::vector<TimelineClient>& buckets, const Cut& cut) {
  Quarters quarters{};
  double before = 0;
  std::size_t q = 0;
  for (std::size_t i = 0; i < cut.start_of(4) && i < buckets.size(); ++i) {
    const double after = before + static_cast<double>(buckets[i].started) - static_cast<double>(buckets[i].answered);
    while (i >= cut.start_of(q + 1)) ++q;
    if (i >= cut.start_of(0))
      quarters[q] += (before + after) / 2 / static_cast<double>(cut.start_of(q + 1) - cut.start_of(q));
    before = after;
  }
  return quarters;
}

/// By Little's law twice the requests have twice as many in flight: what is beyond that.
Quarters unexplained(Quarters level, const Quarters& started) {
  if (started[0] == 0) return level;
  const double first = level[0];
  for (std::size_t q = 1; q < 4; ++q) level[q] -= first * (started[q] / started[0] - 1);
  return level;
}

/// The mean over replications of something of their quarters.
template <class Of>
Estimate mean_over(std::span<const Quarters> replications, Of&& of) {
  std::vector<double> values;
  for (const Quarters& q : replications) values.push_back(of(q));
  return mean_of(values, 1 - chance).value_or(Estimate{});
}

bool beyond_chance(const Estimate& growth) { return growth.half_width && growth.value > *growth.half_width; }

}  // namespace

std::vector<WaitingPlace> waiting_places_of(const Topology& topology) {
  std::vector<WaitingPlace> places;
  for (const CompiledService& s : topology.services)
    places.push_back({"services." + s.name + ".queue_length", s.name + "'s queue"});
  for (const CompiledSubscription& s : topology.subscriptions) {
    const std::string of = s.topic_name == s.name ? s.name : s.topic_name + " for " + s.name;
    places.push_back({"topics." + s.topic_name + "." + s.name + ".backlog", "the backlog of " + of});
  }
  for (const CompiledService& s : topology.services)
    places.push_back({"services." + s.name + ".busy_workers", "the number of jobs in " + s.name, Counted::jobs});
  for (const CompiledClient& c : topology.clients)
    places.push_back({"clients." + c.name + ".response_time",
                      "the number of " + c.name + "'s requests without an answer", Counted::requests});
  return places;
}

std::vector<Quarters> quarters_of(const Measurements& measured) {
  const Cut cut = cut_of(measured);
  if (cut.buckets < 4) return {};
  std::vector<Quarters> result;
  const Duration bucket = measured.timeline.bucket;
  for (const auto& service : measured.timeline.services)
    result.push_back(quarters_in(service, &TimelineService::queue_ns, cut, bucket));
  for (const auto& subscription : measured.timeline.subscriptions)
    result.push_back(quarters_in(subscription, &TimelineSubscription::backlog_ns, cut, bucket));
  std::vector<Quarters> started;
  for (const auto& client : measured.timeline.clients) started.push_back(started_in(client, cut));
  for (const auto& service : measured.timeline.services)
    result.push_back(unexplained(jobs_in(service, cut, bucket), sum_of(started)));
  for (std::size_t i = 0; i < started.size(); ++i)
    result.push_back(unexplained(unanswered_in(measured.timeline.clients[i], cut), started[i]));
  return result;
}

std::optional<double> growth_per_second(std::span<const Quarters> replications, double window_s, bool foreseen) {
  const Estimate whole = mean_over(replications, [](const Quarters& q) { return q[3] - q[0]; });
  const Estimate late = mean_over(replications, [](const Quarters& q) { return q[3] - q[2]; });
  const Estimate middle = mean_over(replications, [](const Quarters& q) { return q[2] - q[1]; });
  const double least_step = whole.value / 6;  // half of an even step
  if (whole.value < least_growth || middle.value < least_step || late.value < least_step) return std::nullopt;
  if (!foreseen && (!beyond_chance(whole) || !beyond_chance(late))) return std::nullopt;
  return whole.value / (0.75 * window_s);
}

}  // namespace sojourn
