// Theory of whole scenarios: what is exact and said to be, what is an approximation and near, what is refused.
#include "sojourn/experiment/prediction.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "support/markov_chain.hpp"
#include "support/oracle.hpp"
#include "support/project_scenarios.hpp"
#include "support/theory.hpp"

using namespace sojourn;
using namespace sojourn::testing;
using Catch::Contains;

namespace {

Prediction predicted(const std::string& text) {
  const Study study = study_of(text);
  return predict(study.variants[0].name, study.variants[0].scenario);
}

Prediction predicted(const std::string& client, const std::string& services, const std::string& more = "") {
  return predicted(scenario_text("100s", client, services, more));
}

const ServicePrediction& service(const Prediction& prediction, const std::string& name) {
  for (const ServicePrediction& one : prediction.services)
    if (one.name == name) return one;
  FAIL("no service " << name);
  return prediction.services.front();
}

const std::string at_80 = poisson_client("80/s");
const std::string work = R"({"work": {"exponential": "10ms"}})";

std::string one(const std::string& steps, const std::string& keys = "") {
  return R"("a": {)" + keys + R"("operations": {"x": [)" + steps + "]}}";
}
std::string b(const std::string& keys = "", const std::string& steps = work) {
  return R"(, "b": {)" + keys + R"("operations": {"x": [)" + steps + "]}}";
}
const std::string nested = R"({"work": {"exponential": "30ms"}}, {"call": "b.x"})";

/// The only client's response, exact, by this result.
void check_exact(const Prediction& prediction, double mean_s, const std::string& result) {
  const ResponsePrediction& response = prediction.clients.at(0).response;
  INFO(response.basis.result << " " << response.basis.because);
  CHECK(response.mean_s.value() == Approx(mean_s).epsilon(1e-6));
  CHECK(response.basis.exact);
  CHECK_THAT(response.basis.result, Contains(result));
}

void check_refused(const Prediction& prediction, const std::string& because) {
  const ResponsePrediction& response = prediction.clients.at(0).response;
  INFO(response.basis.result);
  CHECK_FALSE(response.mean_s.has_value());
  CHECK_THAT(response.basis.because, Contains(because));
}

void check_near(const Prediction& prediction, double mean_s, double relative, const std::string& because) {
  const ResponsePrediction& response = prediction.clients.at(0).response;
  CHECK(response.mean_s.value() == Approx(mean_s).epsilon(relative));
  CHECK_FALSE(response.basis.exact);
  CHECK_THAT(response.basis.because, Contains(because));
}

}  // namespace

TEST_CASE("stations of their own are exact", "[theory]") {
  const Prediction mm1 = predicted(at_80, one(work));
  check_exact(mm1, 0.050, "M/M/1");
  CHECK(mm1.clients[0].response.p99_s.value() == Approx(std::log(100) * 0.050));
  CHECK(service(mm1, "a").utilization.value() == Approx(0.8));
  CHECK(service(mm1, "a").wait_s.value() == Approx(0.040));
  CHECK(mm1.limit->requests_per_s == Approx(100));
  CHECK(mm1.limit->factor == Approx(1.25));
  CHECK(mm1.limit->basis.exact);
  CHECK(mm1.bottleneck == "a");
  check_exact(predicted(poisson_client("320/s"), one(work, R"("workers": 4, )")), 0.0174554058973, "M/M/4");
  check_exact(predicted(poisson_client("320/s"), one(work, R"("replicas": 2, "workers": 2, )")), 0.0174554058973,
              "M/M/4");
  check_exact(predicted(poisson_client("320/s"), one(work, R"("replicas": 4, "balancing": "random", )")), 0.050,
              "M/M/1");
  check_exact(predicted(at_80, one(R"({"work": "10ms"})")), 0.030, "M/G/1");
  check_exact(predicted(at_80, one(R"({"work": "10ms"})", R"("workers": "unlimited", )")), 0.010, "M/G/inf");
  check_exact(predicted(at_80, one(R"({"work": "10ms"})", R"("workers": "unlimited", "cores": 1, )")), 0.050,
              "sharing");
  const auto gap = [](double s) { return std::exp(-s / 80); };
  const double waits = theory::gm1_sigma(100, gap);
  check_exact(predicted(R"("c": {"requests": "a.x", "arrivals": {"constant": "80/s"}})", one(work)),
              0.010 / (1 - waits), "D/M/1");
}

TEST_CASE("a full queue refuses by the formula, refused requests answered at once", "[theory]") {
  const Prediction finite = predicted(at_80, one(work, R"("queue": {"capacity": 3}, )"));
  const double refused = std::pow(0.8, 4) * 0.2 / (1 - std::pow(0.8, 5));
  double jobs = 0, total = 0;
  for (int n = 0; n <= 4; ++n) {
    jobs += n * std::pow(0.8, n);
    total += std::pow(0.8, n);
  }
  check_exact(finite, jobs / total / 80, "M/M/1/4");
  CHECK(service(finite, "a").utilization.value() == Approx(0.8 * (1 - refused)));
  CHECK(finite.clients[0].completion_s.value() == Approx(jobs / total / 80));  // a refused request is done at once
}

TEST_CASE("a full queue has its formula at any load", "[theory]") {
  // At 100 % all of the five states of M/M/1/4 are equally likely: 4/5 get in, and two jobs are there on average.
  const Prediction even = predicted(poisson_client("100/s"), one(work, R"("queue": {"capacity": 3}, )"));
  check_exact(even, 0.020, "M/M/1/4");
  CHECK(service(even, "a").utilization.value() == Approx(0.8));
  CHECK(service(even, "a").taken.value() == Approx(0.8));
  CHECK(service(even, "a").wait_s.value() == Approx(0.015));
  const Prediction twice = predicted(poisson_client("200/s"), one(work, R"("queue": {"capacity": 0}, )"));
  CHECK(service(twice, "a").utilization.value() == Approx(2.0 / 3));
}

TEST_CASE("services that let go of their workers are a Jackson network", "[theory]") {
  const Prediction async = predicted(at_80, one(nested, R"("workers": 8, "waiting": "async", )") + b());
  check_exact(async, theory::mmc_mean(80, 1 / 0.030, 8) + 0.050, "Jackson");
  CHECK(async.limit->requests_per_s == Approx(100));
  CHECK(async.limit->first == "b");
  const std::string topic = R"("topics": {"t": {"subscriptions": {"b.x": {}}}}, )";
  const Prediction tandem = predicted(at_80, one(work + R"(, {"publish": "t"})") + b(), topic);
  check_exact(tandem, 0.050, "M/M/1");
  CHECK(tandem.clients[0].completion_s.value() == Approx(0.100));
  // Each job comes again with probability 1/2, as a message: twice the load.
  const Prediction loop = predicted(poisson_client("40/s"),
                                    one(work + R"(, {"choose": [{"probability": 0.5, "steps": [{"publish": "t"}]}]})"),
                                    R"("topics": {"t": {"subscriptions": {"a.x": {}}}}, )");
  CHECK(service(loop, "a").jobs_per_s == Approx(80));
  CHECK(loop.limit->requests_per_s == Approx(50));
}

TEST_CASE("held workers: the limit is exact, the response is near the chain of states", "[theory]") {
  const Prediction held = predicted(at_80, one(nested, R"("workers": 8, )") + b());
  CHECK(held.limit->requests_per_s == Approx(99.1867560603).epsilon(1e-9));
  CHECK(held.limit->first == "a");
  CHECK(held.limit->basis.exact);
  CHECK_THAT(held.limit->basis.result, Contains("closed network of 8 held workers"));
  check_near(held, 0.0810059, 0.01, "holds its workers");
  CHECK(service(held, "a").utilization.value() == Approx(0.3));
  CHECK(service(held, "a").taken.value() == Approx(0.65).epsilon(0.02));
  CHECK(service(held, "b").most_jobs_per_s.value() == Approx(100));
  // Workers enough for everybody: the caller's queue is no more, the callee is the limit.
  const Prediction many = predicted(at_80, one(nested, R"("workers": 2000, )") + b());
  CHECK(many.limit->requests_per_s == Approx(100).epsilon(0.001));
  check_near(many, 0.080, 0.01, "holds its workers");
  const Prediction few = predicted(at_80, one(nested, R"("workers": 2, )") + b());
  check_refused(few, "a holds its workers too long");
  CHECK(few.limit->factor < 1);
}

TEST_CASE("two levels of held workers, and a caller beside other traffic", "[theory]") {
  // c has one worker; b's three are held through its call; a's five through both: fewer get through at every level.
  const std::string services = one(nested, R"("workers": 5, )") +
                               b(R"("workers": 3, )", work + R"(, {"call": "c.x"})") +
                               R"(, "c": {"operations": {"x": [)" + work + "]}}";
  const Prediction levels = predicted(poisson_client("30/s"), services);
  const double limit_b = service(levels, "b").most_jobs_per_s.value();
  CHECK(limit_b == Approx(93.75));  // 100/s x (1 - 1/16): three customers, equal rates
  const theory::MarkovChain<3> chain({5, 0, 0}, [](const auto& at, const auto& go) {
    const auto [own, in_b, in_c] = at;  // the rest waits for one of b's three workers
    const auto settle = [](int o, int q) { return std::array<int, 3>{o, std::min(3 - q, 5 - o - q), q}; };
    if (own > 0) go(settle(own - 1, in_c), own / 0.030);
    if (in_b > 0) go(settle(own, in_c + 1), in_b / 0.010);
    if (in_c > 0) go(settle(own + 1, in_c - 1), 1 / 0.010);
  });
  const double limit_a = chain.mean([](const auto& at) { return at[2] > 0 ? 100 : 0; });
  CHECK(service(levels, "a").most_jobs_per_s.value() == Approx(limit_a).epsilon(0.01));
  CHECK(limit_a < limit_b);
  CHECK_FALSE(service(levels, "a").most.exact);
  // Half of b is taken by others: the caller's share of it is a server of half the speed (a mixed network).
  const std::string two_clients = R"("c": {"requests": "a.x", "arrivals": {"poisson": "25/s"}},
                                     "d": {"requests": "b.x", "arrivals": {"poisson": "25/s"}})";
  const Prediction mixed = predicted(two_clients, one(nested, R"("workers": 8, )") + b());
  CHECK_FALSE(mixed.limit->basis.exact);
  const double f = mixed.limit->factor;
  const theory::ClosedNetwork network = theory::mean_value_analysis(8, 0.030, {0.010 / (1 - 0.25 * f)});
  CHECK(25 * f == Approx(network.throughput).epsilon(1e-6));
}

TEST_CASE("users: mean value analysis and bounds", "[theory]") {
  const std::string users = R"("c": {"requests": "a.x", "users": {"users": 10, "think": "500ms"}})";
  const Prediction repair = predicted(users, one(R"({"work": {"exponential": "125ms"}})", R"("workers": 2, )"));
  check_exact(repair, 0.231622028719, "mean value analysis");
  CHECK(repair.clients[0].requests_per_s == Approx(13.6682598493));
  const UserBounds& bounds = repair.clients[0].bounds.value();
  CHECK(bounds.throughput_high == Approx(16));  // 2 workers / 125 ms and 10 / 625 ms
  CHECK(bounds.response_low_s == Approx(0.125));
  CHECK(bounds.response_high_s == Approx(1.25));
  CHECK(bounds.knee_users == Approx(10));
  CHECK_FALSE(repair.limit.has_value());
  const std::string many = R"("c": {"requests": "a.x", "users": {"users": 5000, "think": "50s"}})";
  const Prediction crowd = predicted(many, one(R"({"work": {"exponential": "9ms"}})"));
  const theory::ClosedNetwork exact = theory::mean_value_analysis(5000, 50, {0.009});
  check_exact(crowd, exact.response, "mean value analysis");
}

TEST_CASE("branches: two equal ones are exact, others are near", "[theory]") {
  const auto branches = [](const std::string& join) {
    return one(R"({"parallel": [[{"call": "b.x"}], [{"call": "d.x"}]], "join": )" + join + "}",
               R"("workers": "unlimited", )") +
           b() + R"(, "d": {"operations": {"x": [)" + work + "]}}";
  };
  check_exact(predicted(at_80, branches(R"("all")")), (12 - 0.8) / 8 * 0.050, "two branches");
  const ResponsePrediction any = predicted(at_80, branches(R"("any")")).clients[0].response;
  CHECK_FALSE(any.basis.exact);
  CHECK(any.mean_s.value() == Approx(0.025).epsilon(1e-4));
}

TEST_CASE("failures, retries and branches change the load", "[theory]") {
  const std::string call = R"({"call": "b.x", "retry": {"attempts": 3, "backoff": "0s"}})";
  const Prediction retried =
      predicted(poisson_client("10/s"),
                one(call, R"("workers": "unlimited", )") + b("", R"({"work": {"exponential": "10ms"}, "fails": 0.5})"));
  CHECK(service(retried, "b").jobs_per_s == Approx(17.5));
  CHECK(retried.clients[0].success == Approx(0.875));
  CHECK_FALSE(retried.clients[0].response.basis.exact);
  const std::string client =
      R"("c": {"requests": "a.x", "arrivals": {"poisson": "10/s"}, "retry": {"attempts": 2, "backoff": "0s"}})";
  const Prediction asked_twice = predicted(client, one(R"({"work": {"exponential": "10ms"}, "fails": 0.2})"));
  CHECK(asked_twice.clients[0].amplification == Approx(1.2));
  CHECK(asked_twice.clients[0].success == Approx(0.96));
  CHECK(service(asked_twice, "a").jobs_per_s == Approx(12));
  const Prediction branched =
      predicted(poisson_client("10/s"),
                one(R"({"choose": [{"probability": 0.25, "steps": [{"repeat": 4, "steps": [{"call": "b.x"}]}]}]},
                       {"repeat": {"geometric": 3}, "steps": [{"call": "b.x"}]})",
                    R"("workers": "unlimited", )") +
                    b());
  CHECK(service(branched, "b").jobs_per_s == Approx(40));
  const std::string redelivered = R"("topics": {"t": {"subscriptions": {"b.x": {}}}}, )";
  const Prediction messages = predicted(poisson_client("10/s"),
                                        one(R"({"publish": "t"})", R"("workers": "unlimited", )") +
                                            b("", R"({"work": {"exponential": "10ms"}, "fails": 0.5})"),
                                        redelivered);
  CHECK(service(messages, "b").jobs_per_s == Approx(10 * (2 - 1.0 / 16)));
}

TEST_CASE("where no result applies, the reason is told", "[theory]") {
  check_refused(predicted(poisson_client("120/s"), one(work)), "a is asked for more than it carries");
  check_refused(predicted(R"("c": {"requests": "a.x", "arrivals": {"bursty": {"rate": "10/s", "burst_rate": "90/s",
                             "calm": "1s", "burst": "1s"}}})",
                          one(work)),
                "bursts");
  check_refused(
      predicted(R"("c": {"requests": "a.x", "arrivals": {"poisson": "10/s", "profile": [["0s", 1], ["5s", 2]]}})",
                one(work)),
      "changes over time");
}

TEST_CASE("what is not exact does not say it is", "[theory]") {
  check_near(predicted(R"("c": {"requests": "a.x", "arrivals": {"poisson": "80/s"}, "timeout": "1s"})", one(work)),
             0.050, 1e-9, "c has a timeout");
  check_near(predicted(poisson_client("320/s"), one(R"({"work": "10ms"})", R"("workers": 4, )")),
             0.010 + 0.00745540589734 / 2, 1e-6, "not exponential");
  // After a station of constant work the stream is no longer Poisson.
  check_near(predicted(at_80, one(R"({"work": "5ms"}, {"call": "b.x"})", R"("waiting": "async", )") + b()),
             0.005 + 0.005 * 0.4 / 1.2 + 0.050, 1e-6, "b: its arrivals are no Poisson stream");
}

TEST_CASE("theory is near what the project's scenarios do", "[theory]") {
  // Simulated, 20 replications: 177.1, 5.09 and 36.7 ms; the timeouts of these scenarios hardly ever strike.
  const Study shop = project_study("online-shop.json");
  const std::vector<std::pair<std::string, double>> simulated{
      {"request-driven", 0.1771}, {"event-driven", 0.00509}, {"hybrid", 0.0367}};
  for (const auto& [name, mean] : simulated)
    for (const Variant& variant : shop.variants) {
      if (variant.name != name) continue;
      const Prediction prediction = predict(name, variant.scenario);
      CHECK(prediction.clients[0].response.mean_s.value() == Approx(mean).epsilon(0.02));
      CHECK(prediction.bottleneck == "shipping");
      CHECK_FALSE(prediction.left_out.empty());
    }
  for (const Case& one : all_cases()) {
    INFO(one.name);
    const Prediction prediction = predict("v", one.scenario);
    for (const ServicePrediction& s : prediction.services) {
      CHECK(s.utilization.value_or(0) >= 0);
      CHECK(s.taken.value_or(0) >= 0);
      CHECK(std::isfinite(s.wait_s.value_or(0)));
      CHECK((!s.wait.exact || s.wait.because.empty()));
    }
    for (const ClientPrediction& c : prediction.clients)
      CHECK((c.response.mean_s.has_value() || !c.response.basis.because.empty()));
  }
}

TEST_CASE("users' waits are not told by formulas for open arrivals", "[theory]") {
  const Prediction users = predicted(R"("c": {"requests": "a.x", "users": {"users": 40, "think": "3s"}})", one(work));
  CHECK_FALSE(service(users, "a").wait_s.has_value());
  CHECK(service(users, "a").wait.because == "users wait for their answers");
  CHECK(users.clients[0].response.basis.result == "mean value analysis");
}
