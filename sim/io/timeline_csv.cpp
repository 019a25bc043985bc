#include <algorithm>
#include <cstddef>

#include "sojourn/io/csv.hpp"

namespace sojourn {

namespace {

/// Writes one variant's timeline.
class TimelineRows {
 public:
  TimelineRows(std::string& csv, const VariantResult& variant)
      : csv_(csv),
        variant_(variant),
        timeline_(variant.merged.timeline),
        replications_(static_cast<double>(variant.merged.replications)) {}

  void append() {
    for (std::size_t bucket = 0; bucket < buckets(); ++bucket) append_bucket(bucket);
  }

 private:
  [[nodiscard]] std::size_t buckets() const {
    if (!timeline_.clients.empty()) return timeline_.clients.front().size();
    return timeline_.services.empty() ? 0 : timeline_.services.front().size();
  }

  void append_bucket(std::size_t bucket) {
    start_ = Duration{timeline_.bucket.ns * static_cast<std::int64_t>(bucket)};
    const std::int64_t end_ns = std::min(start_.ns + timeline_.bucket.ns, variant_.merged.horizon.ns);
    width_ns_ = static_cast<double>(end_ns - start_.ns) * replications_;
    if (width_ns_ <= 0) return;
    const Topology& topology = variant_.topology;
    for (std::size_t i = 0; i < topology.clients.size(); ++i)
      append(topology.clients[i].name, timeline_.clients[i][bucket]);
    for (std::size_t i = 0; i < topology.services.size(); ++i)
      append(topology.services[i].name, timeline_.services[i][bucket]);
    for (std::size_t i = 0; i < topology.subscriptions.size(); ++i)
      append(topology.subscriptions[i].topic_name + "." + topology.subscriptions[i].name,
             timeline_.subscriptions[i][bucket]);
  }

  void append(const std::string& name, const TimelineClient& client) {
    rate("clients", name, "started_per_s", client.started);
    rate("clients", name, "answered_per_s", client.answered);
    rate("clients", name, "succeeded_per_s", client.succeeded);
    line("clients", name, "response_time_n", static_cast<double>(client.response_time.count()));
    if (client.response_time.count() >= samples_needed(0.99))
      line("clients", name, "response_time_p99_s", *client.response_time.quantile(0.99) / 1e9);
  }
  void append(const std::string& name, const TimelineService& service) {
    level("services", name, "busy_workers", service.busy_ns);
    level("services", name, "held_workers", service.held_ns);
    level("services", name, "queue_length", service.queue_ns);
  }
  void append(const std::string& name, const TimelineSubscription& subscription) {
    rate("topics", name, "published_per_s", subscription.published);
    rate("topics", name, "handled_per_s", subscription.handled);
    level("topics", name, "backlog", subscription.backlog_ns);
  }

  void rate(std::string_view section, const std::string& name, std::string_view metric, std::uint64_t count) {
    line(section, name, metric, static_cast<double>(count) / (width_ns_ / 1e9));
  }
  void level(std::string_view section, const std::string& name, std::string_view metric, Int128 integral_ns) {
    line(section, name, metric, static_cast<double>(integral_ns) / width_ns_);
  }
  void line(std::string_view section, const std::string& name, std::string_view metric, double value) {
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
    csv_ += number_text(value);
    csv_ += '\n';
  }

  std::string& csv_;
  const VariantResult& variant_;
  const Timeline& timeline_;
  double replications_;
  Duration start_;
  double width_ns_ = 0;
};

}  // namespace

std::string timeline_csv(const Findings& findings) {
  std::string csv = "variant,time_s,section,name,metric,value\n";
  const std::vector<VariantResult>& variants = findings.result.variants;
  for (const VariantResult& variant : variants) {
    TimelineRows(csv, variant).append();
    if (&variant == &variants.front())
      csv.reserve(csv.size() * (8 * variants.size() + 1) / 8);  // the others are as long
  }
  return csv;
}

}  // namespace sojourn
