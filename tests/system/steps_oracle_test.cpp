// Resources, joins of messages and random repeats, against exact results.
#include <string>

#include "support/catch.hpp"
#include "support/oracle.hpp"
#include "support/theory.hpp"

using namespace sojourn::testing;
using namespace sojourn::theory;

namespace {

const std::string mean = "clients.c.response_time.mean";

std::string unlimited(const std::string& steps) {
  return R"("a": {"workers": "unlimited", "operations": {"x": [)" + steps + "]}}";
}

}  // namespace

TEST_CASE("units of a resource agree with M/M/c", "[oracle]") {
  const double sojourn = mmc_mean(320, 100, 4);
  const std::string steps = R"({"use": "db", "steps": [{"delay": {"exponential": "10ms"}}]})";
  check({{"four units",
          scenario_text("250s", poisson_client("320/s"), unlimited(steps), R"("resources": {"db": {"units": 4}}, )"),
          {{mean, sojourn},
           {"resources.db.utilization", 0.8},
           {"resources.db.used_units", 3.2},
           {"resources.db.taken_per_s", 320},
           {"resources.db.queue_length", 320 * (sojourn - 0.010)},
           {"resources.db.waiting_time.mean", sojourn - 0.010}}},
         {"one unit, no room",
          scenario_text("250s", poisson_client("80/s"), unlimited(steps),
                        R"("resources": {"db": {"units": 1, "queue": {"capacity": 0}}}, )"),
          {{"clients.c.success_ratio", 1 - erlang_b(1, 0.8)}, {"resources.db.refused_per_s", 80 * erlang_b(1, 0.8)}}}});
}

TEST_CASE("awaiting two handlers takes the longer of two exponentials", "[oracle]") {
  const std::string handlers =
      R"(, "b": {"workers": "unlimited", "operations": {"h": [{"work": {"exponential": "10ms"}}]}},
      "d": {"workers": "unlimited", "operations": {"h": [{"work": {"exponential": "10ms"}}]}})";
  const std::string topic = R"("topics": {"t": {"subscriptions": {"b.h": {}, "d.h": {}}}}, )";
  check(
      {{"await",
        scenario_text("60s", poisson_client("100/s"),
                      unlimited(R"({"publish": "t"}, {"await": ["b.h", "d.h"]})") + handlers, topic),
        {{mean, 0.015}}},
       {"notify",
        scenario_text("60s", poisson_client("100/s"),
                      unlimited(R"({"publish": "t"}, {"notify": "client", "when": ["b.h", "d.h"]})") + handlers, topic),
        {{"clients.c.notification_time.mean", 0.015}, {mean, 0}}}});
}

TEST_CASE("work repeated geometrically is M/G/1 with its moments", "[oracle]") {
  // A geometric number of exponentials from 1 on is exponential itself, with mean (1 + 1) 5 ms; half of the jobs have none.
  check({{"feedback",
          scenario_text("600s", poisson_client("120/s"),
                        R"("a": {"operations": {"x": [{"repeat": {"geometric": 1},
                                                       "steps": [{"work": {"exponential": "5ms"}}]}]}})"),
          {{mean, mg1_mean(120, 0.005, 1e-4)}, {"services.a.utilization", 0.6}}}});
}

TEST_CASE("a saga is compensated as often as its step fails", "[oracle]") {
  check({{"compensated",
          scenario_text("60s", poisson_client("100/s"),
                        unlimited(R"({"try": [{"work": "1ms", "fails": 0.1}, {"work": "1ms", "fails": 0.2}],
                                      "compensate": [{"delay": "10ms"}]})")),
          {{"clients.c.fulfilled_ratio", 0.9 * 0.8}, {mean, 0.1 * 0.011 + 0.9 * 0.2 * 0.012 + 0.72 * 0.002}}}});
}
