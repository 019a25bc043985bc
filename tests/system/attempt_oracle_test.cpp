// Attempts: timeouts, retries, redeliveries and refusals by the other side, against their arithmetic.
#include "support/oracle.hpp"

#include <cmath>
#include <string>

#include "support/catch.hpp"

using namespace sojourn::testing;

namespace {

const std::string mean = "clients.c.response_time.mean";

std::string calling(const std::string& options, const std::string& callee_steps) {
  return scenario_text("200s", poisson_client("100/s"),
                       R"("a": {"workers": "unlimited", "operations": {"x": [{"call": "b.x")" + options + R"(}]}},
                          "b": {"workers": "unlimited", "operations": {"x": [)" +
                           callee_steps + "]}}");
}

std::string publishing(const std::string& topic_options, const std::string& handler_steps) {
  return scenario_text("200s", poisson_client("100/s"),
                       R"("a": {"workers": "unlimited", "operations": {"x": [{"publish": "t"}]}},
                          "b": {"workers": "unlimited", "operations": {"x": [)" +
                           handler_steps + "]}}",
                       R"("topics": {"t": {"subscriptions": {"b.x": {}}, )" + topic_options + "}}, ");
}

std::string with_timeout() {
  return scenario_text("1200s", R"("c": {"requests": "a.x", "arrivals": {"poisson": "80/s"}, "timeout": "100ms"})",
                       R"("a": {"operations": {"x": [{"work": {"exponential": "10ms"}}]}})");
}

}  // namespace

TEST_CASE("a client that gives up changes its own answer, not the queue", "[oracle]") {
  // The time at M/M/1 is exponential with rate 20/s; the work goes on without the client.
  check({{"timeout",
          with_timeout(),
          {{"clients.c.success_ratio", 1 - std::exp(-2.0)},
           {mean, 0.050 * (1 - std::exp(-2.0))},
           {"clients.c.completion_time.mean", 0.050},
           {"clients.c.fulfilled_ratio", 1}}}});
}

TEST_CASE("retries multiply attempts and wait in between", "[oracle]") {
  const std::string flaky = R"({"work": "1ms", "fails": 0.2})";
  const std::string broken = R"({"work": "0s", "fails": 1})";
  const std::string five = R"(, "retry": {"attempts": 5, "backoff": "100ms", "factor": 2, "jitter": ")";
  check({
      {"one in five fails",
       calling(R"(, "retry": {"attempts": 3, "backoff": "0s"})", flaky),
       {{"calls.a->b.x.amplification", 1 + 0.2 + 0.04},
        {"clients.c.success_ratio", 1 - 0.008},
        {mean, 0.001 * 1.24},
        {"calls.a->b.x.failed_per_s", 100 * 0.2 * 1.24}}},
      {"four waits with full jitter", calling(five + R"(full"})", broken), {{mean, 0.750}}},
      {"four waits with equal jitter", calling(five + R"(equal"})", broken), {{mean, 0.75 * 1.5}}},
      {"four waits without jitter", calling(five + R"(none"})", broken), {{mean, 1.5}}},
  });
}

TEST_CASE("a message comes again until it is handled or dead", "[oracle]") {
  const std::string flaky = R"({"work": "1ms", "fails": 0.5})";
  check({
      {"three deliveries",
       publishing(R"("redelivery": {"delay": "10ms", "factor": 2, "max_deliveries": 3})", flaky),
       {{"clients.c.fulfilled_ratio", 1 - 0.125},
        {"clients.c.broken_promise_ratio", 0.125},
        {"clients.c.completion_time.mean", 0.001 * 1.75 + 0.5 * 0.010 + 0.25 * 0.020}}},
      {"as many as it takes",
       publishing(R"("redelivery": {"delay": "0s", "max_deliveries": 1000})", flaky),
       {{"clients.c.fulfilled_ratio", 1}, {"topics.t.b.x.lag.mean", 0.002}}},
      {"no second chance", publishing(R"("delivery": "at-most-once")", flaky), {{"clients.c.fulfilled_ratio", 0.5}}},
  });
}

TEST_CASE("an answer of no is a declined request when called, a broken promise when deferred", "[oracle]") {
  const std::string no = R"({"work": "1ms", "declines": 0.02})";
  check({
      {"called", calling("", no), {{"clients.c.success_ratio", 0.98}, {"clients.c.broken_promise_ratio", 0}}},
      {"deferred",
       publishing(R"("latency": "2ms")", no),
       {{"clients.c.success_ratio", 1}, {"clients.c.broken_promise_ratio", 0.02}, {"topics.t.b.x.lag.mean", 0.003}}},
  });
}
