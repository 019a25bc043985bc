#pragma once
// Scenarios around one topic "t": a.x works, publishes on it, and b.y handles its messages.

#include <string>

#include "support/scenario.hpp"

namespace sojourn::testing {

/// The parts of such a scenario, each as it stands in JSON; those that are not empty end with a comma.
struct TopicScenario {
  std::string topic = "";         ///< further keys of the topic
  std::string subscription = "";  ///< options of b.y, without the last comma
  std::string handle = R"({"work": "50ms"})";
  std::string publish = R"({"publish": "t"})";
  std::string handler = "";  ///< further keys of the service b
  std::string arrivals = R"({"constant": "1/s"})";
  std::string more = "";    ///< further keys of the scenario
  std::string client = "";  ///< further keys of the client
  std::string horizon = "10s";
  std::string publisher = R"("workers": 99, )";  ///< further keys of the service a

  [[nodiscard]] std::string text() const {
    return R"({"name": "test", "seed": 7, "horizon": ")" + horizon + R"(", )" + more + R"("clients": {"c": {)" +
           client + R"("requests": "a.x", "arrivals": )" + arrivals + R"(}}, "services": {"a": {)" + publisher +
           R"("operations": {"x": [)" + publish + R"(]}}, "b": {)" + handler + R"("operations": {"y": [)" + handle +
           R"(]}}}, "topics": {"t": {)" + topic + R"("subscriptions": {"b.y": {)" + subscription + "}}}}}";
  }
  [[nodiscard]] Measurements run() const { return run_text(text()); }
};

/// A burst of messages of one request, all at one instant.
inline std::string publish_times(int times) {
  return R"({"repeat": )" + std::to_string(times) + R"(, "steps": [{"publish": "t"}]})";
}

/// Published messages are all accounted for.
inline void check_books(const Measurements& m) {
  const Ledger& l = m.ledger;
  CHECK(l.published ==
        l.handled + l.dead_lettered + l.lost + l.dropped + l.expired + l.refused + l.waiting + l.in_hand);
  CHECK(l.arrived == l.answered + l.unfinished);
  CHECK(l.jobs_started == l.jobs_ended + l.jobs_refused + l.jobs_left);
  CHECK(l.worker_limit_breaches == 0);
}

/// The milliseconds behind a histogram's sum.
inline double total_ms(const Histogram& histogram) { return ms(static_cast<double>(histogram.sum())); }

}  // namespace sojourn::testing
