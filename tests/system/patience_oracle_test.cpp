// Callers who leave the queue, and a worker who waits for company: flows that the language says in several steps.
#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "support/markov_chain.hpp"
#include "support/oracle.hpp"

using namespace sojourn::testing;
using namespace sojourn::theory;

namespace {

/// A call that is answered when its work begins, and that leaves the queue after this time.
std::string begin_within(const std::string& operation, const std::string& time, const std::string& otherwise = "") {
  return R"({"call": ")" + operation + R"(", "timeout": ")" + time + R"(", "deadline": "propagate")" +
         (otherwise.empty() ? "" : R"(, "fallback": [)" + otherwise + "]") + "}";
}

/// Exponential patience as so many equally likely times, each the mean of its part of the law.
std::string impatient(int slices, double mean_s) {
  const auto below = [slices](int k) {  // the integral of x exp(-x) from the k-th quantile on
    const double left = 1 - static_cast<double>(k) / slices;
    return left > 0 ? left - left * std::log(left) : 0.0;
  };
  std::string branches;
  for (int k = 0; k < slices; ++k) {
    const auto ns = static_cast<long long>((below(k) - below(k + 1)) * slices * mean_s * 1e9);
    branches += std::string(k > 0 ? ", " : "") + R"({"probability": )" + std::to_string(1.0 / slices) +
                R"(, "steps": [)" + begin_within("b.y", std::to_string(ns) + "ns") + "]}";
  }
  return R"({"choose": [)" + branches + "]}";
}

constexpr double lambda = 300, mu = 100, theta = 1 / 0.03;  // per second
constexpr int workers = 3;

const std::string begun = R"({"reply": "begun"}, )";
const std::string work = R"({"work": {"exponential": "10ms"}})";
const std::string unlimited = R"("workers": "unlimited", )";

std::string service(const std::string& name, const std::string& operations, const std::string& keys = "") {
  return '"' + name + R"(": {)" + keys + R"("operations": {)" + operations + "}}";
}

}  // namespace

TEST_CASE("callers who lose patience leave as Erlang A says", "[oracle]") {
  // Palm 1957: a birth and death process, in which every waiting caller leaves at rate theta.
  const MarkovChain<1> chain({0}, [](const auto& at, const auto& go) {
    const int n = at[0], served = std::min(n, workers);
    if (n < 200) go({n + 1}, lambda);
    if (n > 0) go({n - 1}, served * mu + (n - served) * theta);
  });
  const double waiting = chain.mean([](const auto& at) { return std::max(0, at[0] - workers); });
  check({{"M/M/3 and patience",
          scenario_text("500s", poisson_client("300/s"),
                        service("a", R"("x": [)" + impatient(125, 0.03) + "]", unlimited) + ", " +
                            service("b", R"("y": [)" + begun + work + "]", R"("workers": 3, )")),
          {{"clients.c.success_ratio", 1 - theta * waiting / lambda},
           {"clients.c.response_time.mean", waiting / lambda},
           {"services.b.busy_workers", chain.mean([](const auto& at) { return std::min(at[0], workers); })}}}});
}

TEST_CASE("a worker that waits for four before it begins: the N-policy", "[oracle]") {
  constexpr double comes = 40, company = 4;
  // Yadin and Naor 1963: the wait of M/M/1, and half the time that the others of the first four take to come.
  const double wait = comes / mu / (mu - comes) + (company - 1) / (2 * comes);
  // Who finds the worker idle holds it until a batch of four messages is full; who finds it held sends one of them.
  const std::string tell = R"({"publish": "gather"})";
  const std::string first =
      begin_within("b.first", "1ns", begin_within("hold.look", "1ns", tell) + R"(, {"call": "b.next"})");
  check({{"M/M/1 from four on",
          scenario_text(
              "500s", poisson_client("40/s"),
              service("a", R"("x": [)" + first + "]", unlimited) + ", " +
                  service("b", R"("first": [)" + begun + R"({"call": "hold.until"}, )" + work + R"(], "next": [)" +
                                   work + "]") +
                  ", " +
                  service("hold", R"("until": [)" + tell + R"(, {"await": ["all.there"], "timeout": "1000h"}], )" +
                                      R"("look": [{"work": "0s"}])") +
                  ", " + service("all", R"("there": [{"work": "0s"}])", unlimited),
              R"("topics": {"gather": {"subscriptions": {"all.there": {"batch": {"size": 4, "wait": "1000h"}}}}}, )"),
          {{"clients.c.completion_time.mean", wait + 1 / mu}}}});
}
