// Every formula against values from elsewhere: hand arithmetic, other formulas, chains of states.

#include <cmath>
#include <limits>
#include <vector>

#include "sojourn/theory/closed_network.hpp"
#include "sojourn/theory/erlang.hpp"
#include "sojourn/theory/fork_join.hpp"
#include "sojourn/theory/general_work.hpp"
#include "sojourn/theory/open_network.hpp"
#include "sojourn/theory/retries.hpp"
#include "support/catch.hpp"
#include "support/markov_chain.hpp"
#include "support/theory.hpp"

using namespace sojourn;

TEST_CASE("Erlang's formulas agree with their recursion, small and large", "[theory]") {
  for (const int c : {1, 2, 5, 30, 200})
    for (const double load : {0.05, 0.5, 0.9, 0.999}) {
      CAPTURE(c, load);
      CHECK(erlang_b(static_cast<std::uint64_t>(c), load * c) == Approx(theory::erlang_b(c, load * c)).epsilon(1e-11));
      CHECK(erlang_c(static_cast<std::uint64_t>(c), load * c) == Approx(theory::erlang_c(c, load * c)).epsilon(1e-11));
    }
  CHECK(erlang_b(1, 1) == Approx(0.5));
  CHECK(erlang_b(2, 1) == Approx(0.2));      // (1/2) / (1 + 1 + 1/2)
  CHECK(erlang_c(2, 1) == Approx(1.0 / 3));  // 2 B / (2 - (1 - B))
  CHECK(erlang_c(3, 3.5) == 1);
  CHECK(erlang_b(5, 0) == 0);
  CHECK(erlang_b(0, 2) == 1);
  // A square root of staff beyond a load of a million: the limit of Halfin and Whitt for beta = 1, 0.2234, at c = 1,001,000.
  CHECK(erlang_c(1'001'000, 1e6) == Approx(0.2234).epsilon(0.01));
  CHECK(erlang_b(1'000'000'000, 5e8) == 0);
}

TEST_CASE("M/M/c knows its quantiles", "[theory]") {
  const MultiServerQueue one{80, 0.010, 1};
  CHECK(one.mean_response_s() == Approx(0.050));
  CHECK(one.response_quantile_s(0.5) == Approx(std::log(2) * 0.050));
  CHECK(one.wait_quantile_s(0.99) == Approx(std::log(80) * 0.050));
  CHECK(one.wait_quantile_s(0.1) == 0);
  const MultiServerQueue even{100, 0.010, 2};  // c - 1 = a: the formula's removable pole
  CHECK(even.response_quantile_s(0.9) ==
        Approx(MultiServerQueue{100.0001, 0.010, 2}.response_quantile_s(0.9)).epsilon(1e-5));
  const MultiServerQueue four{320, 0.010, 4};
  for (const double p : {0.1, 0.5, 0.99, 0.99999})
    CHECK(theory::mmc_tail(320, 100, 4, four.response_quantile_s(p)) == Approx(1 - p).epsilon(1e-9));
  CHECK(std::isinf(MultiServerQueue{100, 0.010, 1}.mean_wait_s()));
  CHECK(std::isinf(MultiServerQueue{100, 0.010, 1}.response_quantile_s(0.5)));
  CHECK(MultiServerQueue{0, 0.010, 1}.mean_response_s() == Approx(0.010));
}

TEST_CASE("a finite queue is the chain of its states, over load too", "[theory]") {
  for (const double rate : {50.0, 200.0, 390.0, 1000.0}) {
    const theory::MarkovChain<1> chain({0}, [rate](const auto& n, const auto& go) {
      if (n[0] < 7) go({n[0] + 1}, rate);
      if (n[0] > 0) go({n[0] - 1}, 100.0 * std::min(n[0], 2));
    });
    const double refused = chain.mean([](const auto& n) { return n[0] == 7 ? 1 : 0; });
    const double waiting = chain.mean([](const auto& n) { return n[0] > 2 ? n[0] - 2 : 0; });
    const FiniteQueue queue{rate, 0.010, 2, 5};
    CAPTURE(rate);
    CHECK(queue.refused() == Approx(refused).epsilon(1e-8));
    CHECK(queue.mean_wait_s() == Approx(waiting / rate / (1 - refused)).epsilon(1e-8));
    CHECK(queue.utilization() == Approx(rate * (1 - refused) * 0.010 / 2));
  }
  CHECK(FiniteQueue{90, 1, 100, 0}.refused() == Approx(theory::erlang_b(100, 90)).epsilon(1e-11));
  // At full load every state is as likely as the next; and nearly so beside it.
  CHECK(FiniteQueue{100, 0.010, 1, 999'998}.refused() == Approx(1e-6));
  CHECK(FiniteQueue{100, 0.010, 1, 999'998}.mean_wait_s() == Approx(5000).epsilon(1e-5));
  CHECK(FiniteQueue{99.999, 0.010, 1, 999'998}.refused() == Approx(1e-5 * std::exp(-10)).epsilon(1e-3));
  CHECK(FiniteQueue{99.999, 0.010, 1, 4'000'000'000U}.mean_wait_s() == Approx(1e3).epsilon(1e-4));
  CHECK(FiniteQueue{200, 0.010, 1, 4'000'000'000U}.refused() == Approx(0.5));
}

TEST_CASE("work of any law, gaps of any law", "[theory]") {
  CHECK(mean_wait_of_one_server(70, {0.010, 1e-4}) == Approx(0.0116666666667));
  CHECK(mean_wait_of_one_server(70, {0.010, 2e-4}) == Approx(0.0233333333333));
  CHECK(std::isinf(mean_wait_of_one_server(70, {0.010, std::numeric_limits<double>::infinity()})));
  CHECK(std::isinf(mean_wait_of_one_server(100, {0.010, 1e-4})));
  CHECK(mean_response_when_sharing(70, 0.010) == Approx(1.0 / 30));
  CHECK(mean_wait_allen_cunneen({70, 0.010, 1}, 1, 0) == Approx(mean_wait_of_one_server(70, {0.010, 1e-4})));
  CHECK(mean_wait_allen_cunneen({320, 0.010, 4}, 1, 1) == MultiServerQueue{320, 0.010, 4}.mean_wait_s());
  const auto poisson = [](double s) { return 80 / (80 + s); };
  CHECK(chance_of_waiting_after_gaps(0.010, poisson) == Approx(0.8));
  const auto even = [](double s) { return std::exp(-s / 80); };
  CHECK(chance_of_waiting_after_gaps(0.010, even) == Approx(theory::gm1_sigma(100, even)).epsilon(1e-9));
}

TEST_CASE("closed networks: convolution, mean values and hand arithmetic agree", "[theory]") {
  // Two stations of 1 s and one customer too many for each to be alone: X(2) = 2/3.
  const std::vector<ClosedStation> two{server_station(1, 1, 2), server_station(1, 1, 2)};
  CHECK(closed_network(two, 2).throughput_per_s == Approx(2.0 / 3));
  CHECK(closed_network(two, 2).customers[0] == Approx(1));
  const std::vector<ClosedStation> system{delay_station(0.5), server_station(0.02, 1, 60), server_station(0.03, 1, 60)};
  const std::vector<StationDemand> demands{{0.5, false}, {0.02, true}, {0.03, true}};
  for (const std::size_t n : {1U, 2U, 10U, 60U}) {
    const ClosedNetwork convolved = closed_network(system, n);
    const ClosedNetwork averaged = mean_value_analysis(demands, n);
    CHECK(convolved.throughput_per_s == Approx(averaged.throughput_per_s).epsilon(1e-11));
    for (std::size_t i = 0; i < 3; ++i) CHECK(convolved.customers[i] == Approx(averaged.customers[i]).epsilon(1e-10));
    const AsymptoticBounds bounds = asymptotic_bounds(static_cast<double>(n), 0.5, 0.05, 0.03);
    CHECK(convolved.throughput_per_s <= bounds.throughput_high * (1 + 1e-12));
    CHECK(convolved.throughput_per_s >= bounds.throughput_low * (1 - 1e-12));
    CHECK(approximate_closed_network(system, static_cast<double>(n)).throughput_per_s ==
          Approx(convolved.throughput_per_s).epsilon(0.03));
  }
  CHECK(closed_throughputs(system, 10).back() == Approx(closed_network(system, 10).throughput_per_s).epsilon(1e-12));
  const std::vector<ClosedStation> servers{delay_station(0.5),
                                           server_station(0.2, 3, 9),
                                           server_station(0.1, 2, 9),
                                           server_station(0.3, 40, 9),
                                           {.delay_s = 0, .rates = {3, 2, 4}}};
  for (std::size_t n = 1; n <= 9; ++n)
    CHECK(closed_throughputs(servers, 9)[n - 1] == Approx(closed_network(servers, n).throughput_per_s).epsilon(1e-11));
  // Weights far outside a double's range: the limit of the slowest station.
  CHECK(closed_network(std::vector{delay_station(1000), server_station(1e-6, 1, 120)}, 120).throughput_per_s ==
        Approx(0.12).epsilon(1e-6));
  CHECK(mean_value_analysis(demands, 100'000).throughput_per_s == Approx(1 / 0.03).epsilon(1e-4));
  CHECK(asymptotic_bounds(10, 0.5, 0.05, 0.03).knee == Approx(0.55 / 0.03));
  CHECK(std::isinf(closed_network(std::vector{delay_station(0)}, 3).throughput_per_s));
}

TEST_CASE("traffic equations: branches, loops, and loops that never end", "[theory]") {
  // 0 -> 1 (60 %), 1 -> 0 again (half of it): 10 from outside give x = 10 + 0.3 x.
  const std::vector<Route> routes{{0, 1, 0.6}, {1, 0, 0.5}, {1, 2, 2}};
  const auto rates = traffic({10, 0, 0}, routes);
  REQUIRE(rates.has_value());
  CHECK((*rates)[0] == Approx(10 / 0.7));
  CHECK((*rates)[1] == Approx(6 / 0.7));
  CHECK((*rates)[2] == Approx(12 / 0.7));
  CHECK_FALSE(traffic({1}, std::vector<Route>{{0, 0, 1.0}}).has_value());
  CHECK_FALSE(traffic({1}, std::vector<Route>{{0, 0, 1.5}}).has_value());
  CHECK(traffic({}, {}).has_value());
}

TEST_CASE("births and deaths: M/M/c, and a server that stands for held workers", "[theory]") {
  const LoadDependentQueue four = load_dependent_queue(320, std::vector<double>{100, 200, 300, 400});
  CHECK(four.jobs == Approx(320 * MultiServerQueue{320, 0.010, 4}.mean_response_s()));
  CHECK(four.running == Approx(3.2));
  CHECK(std::isinf(load_dependent_queue(400, std::vector<double>{400}).jobs));
  CHECK(load_dependent_queue(0, std::vector<double>{400}).jobs == 0);
}

TEST_CASE("fork and join", "[theory]") {
  CHECK(mean_response_of_two_branches(0, 0.010) == Approx(0.015));
  CHECK(mean_response_of_two_branches(80, 0.010) == Approx((12 - 0.8) / 8 * 0.050));
  const std::vector<double> hundred(100, 0.010);
  CHECK(mean_time_until(100, hundred) == Approx(0.010 * theory::harmonic(100)).epsilon(1e-6));
  CHECK(mean_time_until(1, hundred) == Approx(0.0001).epsilon(1e-6));
  CHECK(mean_time_until(2, std::vector<double>{1, 1, 1}) == Approx(1.0 / 3 + 1.0 / 2).epsilon(1e-6));
  CHECK(mean_time_until(2, std::vector<double>{1, 3}) == Approx(1 + 3 - 1 / (1 + 1.0 / 3)).epsilon(1e-6));
  CHECK(mean_time_until(1, std::vector<double>{0, 3}) == Approx(0).margin(1e-9));
  CHECK(mean_time_until(0, hundred) == 0);
}

TEST_CASE("attempts", "[theory]") {
  CHECK(attempts_of(3, 0.1).mean == Approx(1.11));
  CHECK(attempts_of(3, 0.1).fails == Approx(0.001));
  CHECK(attempts_of(4, 1).mean == 4);
  CHECK(attempts_of(4, 1).fails == 1);
  CHECK(attempts_of(1, 0.3).mean == 1);
  CHECK(attempts_of(4'000'000'000U, 0.5).mean == Approx(2));
}
