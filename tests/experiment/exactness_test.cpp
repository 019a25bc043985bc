// Which results stand as exact and which do not, by what holds on every way through a flow; and what a limit must count.
#include <string>

#include "sojourn/experiment/prediction.hpp"
#include "sojourn/experiment/ways.hpp"
#include "support/catch.hpp"
#include "support/oracle.hpp"

using namespace sojourn;
using namespace sojourn::testing;
using Catch::Contains;

namespace {

Prediction predicted(const std::string& client, const std::string& services, const std::string& more = "") {
  const Study study = study_of(scenario_text("100s", client, services, more));
  return predict(study.variants[0].name, study.variants[0].scenario);
}

const std::string at_60 = poisson_client("60/s");
const std::string work = R"({"work": {"exponential": "10ms"}})";

std::string one(const std::string& steps, const std::string& keys = "") {
  return R"("a": {)" + keys + R"("operations": {"x": [)" + steps + "]}}";
}

Ways ways(const std::string& steps) {
  const Study study =
      study_of(scenario_text("100s", at_60, one(steps) + R"(, "b": {"operations": {"x": [)" + work + "]}}",
                             R"("topics": {"t": {"subscriptions": {"b.x": {}}}}, )"));
  return ways_of(study.variants[0].scenario.services.at("a").operations.at("x"));
}

void check_exact(const Prediction& prediction, double mean_s, const std::string& result) {
  const ResponsePrediction& response = prediction.clients.at(0).response;
  INFO(response.basis.result << " " << response.basis.because);
  CHECK(response.mean_s.value() == Approx(mean_s));
  CHECK(response.basis.exact);
  CHECK_THAT(response.basis.result, Contains(result));
}

void check_not_exact(const Prediction& prediction, const std::string& because) {
  const ResponsePrediction& response = prediction.clients.at(0).response;
  CHECK_FALSE(response.basis.exact);
  CHECK_FALSE(response.p50_s.has_value());
  CHECK_THAT(response.basis.because, Contains(because));
}

}  // namespace

TEST_CASE("ways through a flow: least and most works, in one go or not", "[theory]") {
  CHECK(ways(work).works_exactly_once());
  CHECK_FALSE(ways(R"({"work": "0s", "fails": 0.1}, )" + work).works_exactly_once());  // some never come to work
  CHECK(ways(R"({"work": "1ms", "fails": 0.1})").works_exactly_once());
  CHECK_FALSE(ways(R"({"work": "1ms", "fails": 0.1}, )" + work).works_exactly_once());
  const std::string either = R"({"choose": [{"probability": 0.5, "steps": [)" + work + R"(]},
                                            {"probability": 0.5, "steps": [)" +
                             work + "]}]}";
  CHECK(ways(either).works_exactly_once());
  const Ways some = ways(R"({"choose": [{"probability": 0.5, "steps": [)" + work + ", " + work + "]}]}");
  CHECK(some.least_works == 0);
  CHECK(some.most_works == 2);
  CHECK(ways(R"({"repeat": {"geometric": 1}, "steps": [)" + work + "]}").longest_run() > 1);
  const Ways apart = ways(R"({"repeat": 2, "steps": [)" + work + R"(, {"call": "b.x"}]})");
  CHECK(apart.longest_run() == 1);
  CHECK(apart.works_after_waiting());
  CHECK_FALSE(ways(work + R"(, {"call": "b.x"})").works_after_waiting());
  CHECK(ways(R"({"reply": "k"}, )" + work).replies_early);
  CHECK_FALSE(ways(work + R"(, {"reply": "k"})").replies_early);
  CHECK(ways(R"({"publish": "t"}, )" + work).tells_early);
  CHECK(ways(R"({"parallel": [[)" + work + R"(], [{"publish": "t"}]]})").tells_early);
  CHECK_FALSE(ways(R"({"parallel": [[{"publish": "t"}], [{"reply": "k"}]]})").branches);
  CHECK(ways(R"({"try": [{"work": "1ms", "fails": 0.1}], "compensate": [)" + work + "]}").most_works == 2);
  CHECK(ways(R"({"try": [{"work": "1ms"}], "compensate": [)" + work + "]}").most_works == 1);
}

TEST_CASE("work that comes once on average is a general law", "[theory]") {
  // Geometric with mean 1: the second moment of the work is 3 x 25 + 25 square milliseconds.
  const Prediction repeated =
      predicted(at_60, one(R"({"repeat": {"geometric": 1}, "steps": [{"work": {"exponential": "5ms"}}]})"));
  check_exact(repeated, 0.005 + 60 * 100e-6 / (2 * 0.7), "M/G/1");
  CHECK_FALSE(repeated.clients[0].response.p50_s.has_value());
  const Prediction half =
      predicted(at_60, one(R"({"choose": [{"probability": 0.5, "steps": [{"work": {"exponential": "20ms"}}]}]})"));
  check_exact(half, 0.010 + 60 * 400e-6 / (2 * 0.4), "M/G/1");
  CHECK(half.clients[0].completion_s.value() == Approx(0.040));  // those without work queue too
}

TEST_CASE("an answer before the work has a mean and no law", "[theory]") {
  const Prediction begun = predicted(at_60, one(R"({"reply": "begun"}, )" + work));
  check_exact(begun, 0.015, "M/M/1");
  CHECK_FALSE(begun.clients[0].response.p50_s.has_value());
  CHECK(begun.clients[0].completion_s.value() == Approx(0.025));
  CHECK(predicted(at_60, one(work + R"(, {"reply": "done"})")).clients[0].response.p50_s.has_value());
}

TEST_CASE("what no formula describes is not called exact, with the reason", "[theory]") {
  const std::string topic = R"("topics": {"t": {"subscriptions": {"a.y": {}}}}, )";
  const std::string told = R"("a": {"operations": {"x": [{"work": {"exponential": "6ms"}}, {"publish": "t"}],
                                                   "y": [{"work": {"exponential": "6ms"}}]}})";
  check_not_exact(predicted(at_60, told, topic), "it takes calls before messages");
  check_not_exact(
      predicted(poisson_client("30/s"), one(R"({"parallel": [[)" + work + "], [" + work + R"(]], "join": "any"})")),
      "a.x has branches");
  const std::string users = R"("c": {"requests": "a.x", "users": {"users": 10, "think": {"exponential": "100ms"}}})";
  check_not_exact(predicted(users, one(R"({"choose": [{"probability": 0.5, "steps": [)" + work + "]}]}")),
                  "not every station has exponential work");
  check_not_exact(predicted(users, one(R"({"repeat": {"geometric": 1}, "steps": [)" + work + "]}")),
                  "not every station has exponential work");
}

TEST_CASE("all is done when the last job is: the way back of the answer is no part of it", "[theory]") {
  const Prediction far = predicted(at_60, one(work), R"("network": {"latency": "5ms"}, )");
  check_exact(far, 0.035, "M/M/1");
  CHECK(far.clients[0].completion_s.value() == Approx(0.030));
  const std::string told = one(R"({"publish": "t"})", R"("workers": "unlimited", )") +
                           R"(, "b": {"workers": "unlimited", "operations": {"x": [{"work": "8ms", "fails": 0.2}]}})";
  const Prediction again = predicted(
      at_60, told,
      R"("topics": {"t": {"latency": "3ms", "redelivery": {"delay": "10ms", "max_deliveries": 3}, "subscriptions": {"b.x": {}}}}, )");
  // One, or two, or three deliveries; 10 ms before each of the others.
  CHECK(again.clients[0].completion_s.value() == Approx(0.003 + 1.24 * 0.008 + 0.24 * 0.010));
}

TEST_CASE("why there is no mean is told", "[theory]") {
  const Prediction heavy = predicted(at_60, one(R"({"work": {"pareto": {"shape": 1.5, "minimum": "2ms"}}})"));
  CHECK_FALSE(heavy.clients[0].response.mean_s.has_value());
  CHECK_THAT(heavy.clients[0].response.basis.because, Contains("without a finite variance"));
  CHECK_THAT(heavy.services[0].wait.because, Contains("without a finite variance"));
  const Prediction heavier =
      predicted(at_60, one(R"({"work": {"pareto": {"shape": 0.9, "minimum": "2ms"}}})", R"("workers": "unlimited", )"));
  CHECK_FALSE(heavier.clients[0].response.mean_s.has_value());
  CHECK_FALSE(heavier.clients[0].response.basis.because.empty());
}

TEST_CASE("where nobody works nobody waits, and nobody is refused", "[theory]") {
  check_exact(predicted(at_60, one(R"({"reply": "k"})", R"("queue": {"capacity": 0}, )")), 0, "");
}

TEST_CASE("cores that are shared can be the bottleneck, and a resource the limit", "[theory]") {
  const std::string shared = R"("workers": "unlimited", "cores": 1, )";
  CHECK(predicted(at_60, one(work, shared)).bottleneck == "a");
  const std::string users = R"("c": {"requests": "a.x", "users": {"users": 10, "think": {"exponential": "100ms"}}})";
  CHECK(predicted(users, one(work, shared)).bottleneck == "a");
  const Prediction held = predicted(at_60, one(R"({"use": "db", "steps": [)" + work + "]}", R"("workers": 8, )"),
                                    R"("resources": {"db": {"units": 1}}, )");
  CHECK(held.limit->requests_per_s == Approx(100));
  CHECK(held.limit->first == "db");
  CHECK(held.bottleneck == "db");
  const Prediction at_times =
      predicted(at_60,
                one(R"({"choose": [{"probability": 0.5, "steps": [{"use": "db", "steps": [)" + work + "]}]}]}",
                    R"("workers": 8, )"),
                R"("resources": {"db": {"units": 2}}, )");
  CHECK(at_times.limit->requests_per_s == Approx(400));
}
