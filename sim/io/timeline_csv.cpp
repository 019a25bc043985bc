#include <algorithm>
#include <cstddef>

#include "sojourn/io/csv.hpp"

namespace sojourn {

namespace {

constexpr std::size_t piece_length = 1U << 16U;

/// Writes one variant's timeline.
class TimelineRows {
 public:
  TimelineRows(TextSink& sink, const VariantResult& variant, double confidence)
      : sink_(sink),
        variant_(variant),
        timeline_(variant.merged.timeline),
        replications_(static_cast<double>(variant.merged.replications)),
        factors_(confidence) {}

  void append() {
    for (std::size_t i = 0; i < timeline_.clients.size(); ++i)
      known_p99s_.push_back(variant_.spread.knows_p99s(timeline_.clients[i], i, factors_));
    for (std::size_t bucket = 0; bucket < buckets(); ++bucket) {
      append_bucket(bucket);
      if (csv_.size() < piece_length) continue;
      sink_.put(csv_);
      csv_.clear();
    }
    sink_.put(csv_);
  }

 private:
  [[nodiscard]] std::size_t buckets() const {
    if (!timeline_.clients.empty()) return timeline_.clients.front().size();
    return timeline_.services.empty() ? 0 : timeline_.services.front().size();
  }

  void append_bucket(std::size_t bucket) {
    start_ = Duration{timeline_.bucket.ns * static_cast<std::int64_t>(bucket)};
    const std::int64_t end_ns = std::min(start_.ns + timeline_.bucket.ns, variant_.merged.horizon.ns);
    width_ns_ = static_cast<double>(end_ns - start_.ns);
    if (width_ns_ <= 0 || replications_ <= 0) return;
    const Topology& topology = variant_.topology;
    const TimelineSpread& spread = variant_.spread;
    for (std::size_t i = 0; i < topology.clients.size(); ++i)
      append(topology.clients[i].name, timeline_.clients[i][bucket], of(spread.clients, i, bucket), known_p99s_[i]);
    for (std::size_t i = 0; i < topology.services.size(); ++i)
      append(topology.services[i].name, timeline_.services[i][bucket], of(spread.services, i, bucket));
    for (std::size_t i = 0; i < topology.subscriptions.size(); ++i)
      append(topology.subscriptions[i].topic_name + "." + topology.subscriptions[i].name,
             timeline_.subscriptions[i][bucket], of(spread.subscriptions, i, bucket));
  }
  /// Of a single replication there is none.
  template <class Spread>
  [[nodiscard]] static const Spread& of(const std::vector<std::vector<Spread>>& rows, std::size_t i,
                                        std::size_t bucket) {
    static const Spread none{};
    return rows.empty() ? none : rows[i][bucket];
  }

  void append(const std::string& name, const TimelineClient& client, const ClientSpread& spread, bool has_interval) {
    rate("clients", name, "started_per_s", client.started, spread.started);
    rate("clients", name, "answered_per_s", client.answered, spread.answered);
    rate("clients", name, "succeeded_per_s", client.succeeded, spread.succeeded);
    const TimelineHistogram& times = client.response_time;
    line("clients", name, "response_time_n",
         {static_cast<double>(times.count()), std::nullopt, variant_.merged.replications}, 1);
    if (times.count() < p99_needs_) return;
    Estimate p99 = spread.response_p99.about(times, variant_.spread.replications, factors_);
    if (!has_interval) p99.half_width.reset();
    line("clients", name, "response_time_p99_s", p99, 1e9);
  }
  void append(const std::string& name, const TimelineService& service, const ServiceSpread& spread) {
    level("services", name, "busy_workers", service.busy_ns, spread.busy);
    level("services", name, "held_workers", service.held_ns, spread.held);
    level("services", name, "queue_length", service.queue_ns, spread.queue);
  }
  void append(const std::string& name, const TimelineSubscription& subscription, const SubscriptionSpread& spread) {
    rate("topics", name, "published_per_s", subscription.published, spread.published);
    rate("topics", name, "handled_per_s", subscription.handled, spread.handled);
    level("topics", name, "backlog", subscription.backlog_ns, spread.backlog);
  }

  void rate(std::string_view section, const std::string& name, std::string_view metric, std::uint64_t count,
            const RunningSpread& spread) {
    line(section, name, metric,
         spread.about(static_cast<double>(count) / replications_, variant_.spread.replications, factors_),
         width_ns_ / 1e9);
  }
  void level(std::string_view section, const std::string& name, std::string_view metric, Int128 integral_ns,
             const RunningSpread& spread) {
    line(section, name, metric,
         spread.about(static_cast<double>(integral_ns) / replications_, variant_.spread.replications, factors_),
         width_ns_);
  }
  /// The estimate over the unit, in one line.
  void line(std::string_view section, const std::string& name, std::string_view metric, const Estimate& estimate,
            double unit) {
    csv_ += variant_.name;
    csv_ += ',';
    csv_ += number_text(static_cast<double>(start_.ns) / 1e9);
    csv_ += ',';
    csv_ += section;
    csv_ += ',';
    csv_ += name;
    csv_ += ',';
    csv_ += metric;
    csv_ += ',';
    csv_ += number_text(estimate.value / unit);
    csv_ += ',';
    if (estimate.half_width) csv_ += number_text(*estimate.half_width / unit);
    csv_ += ',';
    csv_ += std::to_string(estimate.half_width ? estimate.n : variant_.merged.replications);
    csv_ += '\n';
  }

  TextSink& sink_;
  std::string csv_;  // not put yet
  const VariantResult& variant_;
  const Timeline& timeline_;
  double replications_;
  StudentFactors factors_;
  std::vector<bool> known_p99s_;  // by client: whether its p99s have intervals
  std::uint64_t p99_needs_ = samples_needed(BucketQuantile::probability);
  Duration start_;
  double width_ns_ = 0;
};

}  // namespace

void timeline_csv(const Findings& findings, TextSink& sink) {
  sink.put("variant,time_s,section,name,metric,value,half_width,n\n");
  for (const VariantResult& variant : findings.result.variants)
    TimelineRows(sink, variant, findings.result.confidence).append();
}

std::string timeline_csv(const Findings& findings) {
  JoinedText csv;
  timeline_csv(findings, csv);
  return csv.text();
}

}  // namespace sojourn
