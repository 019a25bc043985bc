#include "sojourn/experiment/warmup.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "sojourn/stats/mser.hpp"

namespace sojourn {
namespace {

bool has_profile(const Client& client) {
  if (!client.arrivals) return false;
  const auto& law = client.arrivals->law;
  if (const auto* poisson = std::get_if<PoissonArrivals>(&law)) return !poisson->profile.empty();
  if (const auto* constant = std::get_if<ConstantArrivals>(&law)) return !constant->profile.empty();
  return false;
}

/// Mean response time of the requests that start in each bucket; a bucket without any repeats the one before.
std::vector<double> response_series(const std::vector<TimelineClient>& buckets) {
  std::vector<double> series;
  for (const TimelineClient& bucket : buckets) {
    if (!bucket.response_time.empty())
      series.push_back(bucket.response_time.mean());
    else if (!series.empty())
      series.push_back(series.back());
  }
  return series;
}

/// Jobs at work, jobs that wait, workers held, and messages, on average in each bucket.
std::vector<double> level_series(const Timeline& timeline) {
  std::size_t buckets = 0;
  for (const auto& service : timeline.services) buckets = std::max(buckets, service.size());
  std::vector<double> series(buckets, 0);
  for (const auto& service : timeline.services)
    for (std::size_t i = 0; i < service.size(); ++i)
      series[i] += static_cast<double>(service[i].busy_ns + service[i].held_ns + service[i].queue_ns);
  for (const auto& subscription : timeline.subscriptions)
    for (std::size_t i = 0; i < subscription.size(); ++i) series[i] += static_cast<double>(subscription[i].backlog_ns);
  // The last bucket may be shorter than the others.
  if (!series.empty()) series.pop_back();
  return series;
}

/// The buckets to cut from all series; nothing when one has not settled.
std::optional<std::size_t> longest_cut(const Timeline& timeline) {
  std::size_t longest = 0;
  const auto take = [&](const std::vector<double>& series) {
    if (series.empty()) return true;
    const auto cut = mser5(series);
    longest = std::max(longest, cut.value_or(0));
    return cut.has_value();
  };
  for (const auto& client : timeline.clients)
    if (!take(response_series(client))) return std::nullopt;
  return take(level_series(timeline)) ? std::optional{longest} : std::nullopt;
}

}  // namespace

bool is_terminating(const Scenario& scenario) {
  return !scenario.incidents.empty() || std::any_of(scenario.clients.begin(), scenario.clients.end(),
                                                    [](const auto& client) { return has_profile(client.second); });
}

std::optional<Duration> settled_after(std::span<const Measurements> variants) {
  Duration longest;
  for (const Measurements& measured : variants) {
    const auto cut = longest_cut(measured.timeline);
    if (!cut) return std::nullopt;
    longest = std::max(longest, Duration{static_cast<std::int64_t>(*cut) * measured.timeline.bucket.ns});
  }
  return longest;
}

}  // namespace sojourn
