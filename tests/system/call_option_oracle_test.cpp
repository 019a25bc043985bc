// Retries, copies, breakers, buckets and bulkheads against their arithmetic.
#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "support/oracle.hpp"
#include "support/theory.hpp"

using namespace sojourn::testing;
using namespace sojourn::theory;

namespace {

const std::string mean = "clients.c.response_time.mean";
const std::string success = "clients.c.success_ratio";

std::string calling(const std::string& horizon, const std::string& rate, const std::string& options,
                    const std::string& callee) {
  return scenario_text(horizon, poisson_client(rate),
                       R"("a": {"workers": "unlimited", "operations": {"x": [{"call": "b.x")" + options + R"(}]}},
                       "b": {"workers": "unlimited", "operations": {"x": [)" +
                           callee + "]}}");
}

/// Service i calls service i+1 with n attempts; the last one always fails.
std::string five_layers(const std::string& attempts, const std::string& fails = "1",
                        const std::string& horizon = "20s") {
  std::string services;
  const std::string names = "abcdef";
  for (int i = 0; i < 5; ++i)
    services += std::string("\"") + names[static_cast<std::size_t>(i)] +
                R"(": {"workers": "unlimited", "operations": {"x": [{"call": ")" +
                names[static_cast<std::size_t>(i) + 1] + R"(.x", "retry": {"attempts": )" + attempts +
                R"(, "backoff": "0s"}}]}}, )";
  return scenario_text(
      horizon, poisson_client("5/s"),
      services + R"("f": {"workers": "unlimited", "operations": {"x": [{"work": "0s", "fails": )" + fails + R"(}]}})");
}

/// A slow callee whose callers hold their few workers, beside an operation that needs nobody.
std::string beside_a_slow_callee(const std::string& options) {
  return scenario_text(
      "60s",
      R"("slow": {"requests": "a.slow", "arrivals": {"poisson": "40/s"}}, "quick": {"requests": "a.quick", "arrivals": {"poisson": "50/s"}})",
      R"("a": {"workers": 10, "queue": {"capacity": 20}, "operations": {"slow": [{"call": "b.x")" + options +
          R"(}], "quick": [{"work": {"exponential": "2ms"}}]}},
         "b": {"workers": "unlimited", "operations": {"x": [{"work": {"exponential": "1s"}}]}})");
}

/// A burst of load that ends at 20 s; clients who try again keep the queue full, or do not.
double answered_after_the_burst(const std::string& retry) {
  const auto result = simulate(
      R"({"name": "storm", "replications": 3, "horizon": "100s", "warmup": "60s", "clients": {"c": {"requests": "a.x",
        "timeout": "500ms", "retry": )" +
      retry +
      R"(, "arrivals": {"poisson": "70/s", "profile": [["0s", 1], ["10s", 1], ["10s", 4], ["20s", 4], ["20s", 1]]}}},
      "services": {"a": {"queue": {"capacity": 100}, "operations": {"x": [{"work": {"exponential": "10ms"}}]}}}})");
  return result.variants.front().estimate(success)->value;
}

}  // namespace

TEST_CASE("retries nested in five layers multiply", "[oracle]") {
  check({{"two attempts each", five_layers("2"), {{"calls.e->f.x.amplification", 2}, {"services.a.arrivals_per_s", 5}}},
         // Seven in ten fail: 1 + 0.7 attempts of the last, and 1 + 0.7^2 of the call before it.
         {"two attempts each, some fail",
          five_layers("2", "0.7", "200s"),
          {{"calls.e->f.x.amplification", 1.7}, {"calls.d->e.x.amplification", 1.49}}}});
  const auto result = simulate(five_layers("3"));
  const auto& variant = result.variants.front();
  const double asked = variant.estimate("services.a.arrivals_per_s")->value;
  CHECK(variant.estimate("services.f.arrivals_per_s")->value / asked == Approx(243).epsilon(1e-12));
}

TEST_CASE("a hedged call is as fast as the first of its copies", "[oracle]") {
  // One copy until d, then two: P(T > t) = e^-t/m up to d, e^-(2t - d)/m beyond.
  const double m = 0.010, d = 0.020;
  const double expected = m * (1 - std::exp(-d / m)) + m / 2 * std::exp(-d / m);
  const double p999 = (d + m * std::log(1000)) / 2;
  check({{"two copies of exponential work",
          calling("200s", "100/s", R"(, "hedge": {"after": "20ms"})", R"({"work": {"exponential": "10ms"}})"),
          {{mean, expected},
           {"clients.c.response_time.p99.9", p999},
           {"services.b.arrivals_per_s", 100 * (1 + std::exp(-d / m))}}}});
}

TEST_CASE("a breaker lets through what its cycle says", "[oracle]") {
  // All calls fail at once: ten open it; after 2 s and a wait of 1/50 s for the next one, five look again, 1/50 s apart.
  const std::string rules =
      R"(, "circuit_breaker": {"minimum_calls": 10, "window": 10, "wait_in_open": "2s", "permitted_calls_in_half_open": 5})";
  const double cycle = 2 + 5 / 50.0;
  check({{"renewal",
          calling("1000s", "50/s", rules, R"({"work": "0s", "fails": 1})"),
          {{"calls.a->b.x.attempts_per_s", 5 / cycle}}}});
}

TEST_CASE("a bucket passes what a queue of constant service would", "[oracle]") {
  // The deficit of the bucket is the work in an M/D/1 queue that holds b; with b = 1 it loses rho / (1 + rho).
  const auto limited = [](const std::string& burst) {
    return R"(, "rate_limit": {"rate": "100/s", "burst": )" + burst + "}";
  };
  const double rho = 0.8;
  check({{"burst of 1", calling("200s", "80/s", limited("1"), R"({"work": "0s"})"), {{success, 1 / (1 + rho)}}}});
  const auto many = simulate(calling("60s", "400/s", limited("10"), R"({"work": "0s"})"));
  CHECK(many.variants.front().estimate("calls.a->b.x.attempts_per_s")->value == Approx(100).epsilon(0.005));
}

TEST_CASE("a bulkhead is a loss system", "[oracle]") {
  check({{"ten at once",
          calling("100s", "900/s", R"(, "bulkhead": {"max_concurrent_calls": 10})",
                  R"({"work": {"exponential": "10ms"}})"),
          {{success, 1 - erlang_b(10, 9)}}}});
}

TEST_CASE("a slow callee takes all of its caller's workers, unless a bulkhead stops it", "[oracle]") {
  const auto quick = [](const std::string& options) {
    return simulate(beside_a_slow_callee(options)).variants.front().estimate("clients.quick.success_ratio")->value;
  };
  CHECK(quick("") < 0.3);
  CHECK(quick(R"(, "bulkhead": {"max_concurrent_calls": 5})") > 0.999);
}

TEST_CASE("a storm of retries outlives what set it off, unless a budget ends it", "[oracle]") {
  const std::string storm = R"({"attempts": 4, "backoff": "10ms")";
  CHECK(answered_after_the_burst(storm + "}") < 0.2);
  CHECK(answered_after_the_burst(storm + R"(, "budget": 0.1})") > 0.95);
}
