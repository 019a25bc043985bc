// Visits whose end is known at arrival: who is foreseen, and that nothing else changes.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "sojourn/core/hash.hpp"
#include "sojourn/system/foresight.hpp"
#include "support/catch.hpp"
#include "support/scenario.hpp"
#include "support/short_and_long.hpp"

using namespace sojourn;
using namespace sojourn::testing;
using namespace sojourn::literals;

namespace {

/// Which services of a scenario's first variant are foreseen, by name: "a, b".
std::string foreseen_services(const std::string& client, const std::string& services, const std::string& topics = "") {
  const Topology topology = compile(read(scenario_text(client, services, topics)).variants.front().scenario);
  std::string names;
  for (const CompiledService& service : topology.services)
    if (service.foreseen) names += (names.empty() ? "" : ", ") + service.name;
  return names;
}

const std::string open_client = R"("requests": "a.x", "arrivals": {"poisson": "10/s"})";

std::string leaf(const std::string& keys, const std::string& step = R"({"work": "1ms"})") {
  return R"("a": {)" + keys + R"("operations": {"x": [)" + step + "]}}";
}

/// Numbers that depend on nothing but the flow and the place where they are asked for.
class Choices {
 public:
  explicit Choices(std::uint64_t number) : state_(mix(number + 1)) {}
  std::uint64_t below(std::uint64_t n) { return (state_ = mix(state_ + 0x9e3779b97f4a7c15ULL)) % n; }
  std::string workers() {
    const std::uint64_t n = below(14);
    return n == 13 ? R"("workers": "unlimited")" : R"("workers": )" + std::to_string(1 + n);
  }

 private:
  std::uint64_t state_;
};

/// A run of 3 s, of 60.5 s or of an hour and 1.5 s: the last two end within a bucket of the timeline. All times grow with it.
/// In a third of them nothing is left to chance, so that many things end at one instant.
struct Scale {
  std::string horizon;
  std::uint64_t times = 1;
  bool constant = false;

  [[nodiscard]] std::string law(Choices& choose, std::uint64_t mean_ms) const {
    const std::string mean = std::to_string(times * mean_ms) + "ms";
    return constant || choose.below(2) == 0 ? "\"" + mean + "\"" : R"({"exponential": ")" + mean + "\"}";
  }
};

/// Open clients at leaves of their own, and one whose requests publish to more of them, perhaps beyond what they carry.
std::string foreseen_flow(std::uint64_t number) {
  Choices choose(number);
  const Scale scale = number % 3 == 0   ? Scale{"3s", 1, choose.below(3) == 0}
                      : number % 3 == 1 ? Scale{"60500ms", 20, choose.below(3) == 0}
                                        : Scale{"3601500ms", 1200, choose.below(3) == 0};
  const std::string arrivals = scale.constant || choose.below(2) == 0 ? "constant" : "poisson";
  const std::string rate = std::to_string((20 + choose.below(300)) * 3600 / scale.times) + "/h";
  const std::string warmup = choose.below(2) == 0 ? R"("warmup": "700ms", )" : "";
  const auto law = [&](std::uint64_t mean_ms) { return scale.law(choose, mean_ms); };
  return R"({"name": "t", "seed": )" + std::to_string(number) + R"(, "replications": 2, "horizon": ")" + scale.horizon +
         R"(", )" + warmup + R"("clients": {
      "direct": {"requests": {"a.x": 1, "a.y": 2}, "arrivals": {")" +
         arrivals + R"(": ")" + rate + R"("}},
      "through": {"requests": {"front.x": 2, "front.y": 1}, "arrivals": {"constant": ")" +
         rate + R"("}}},
    "services": {
      "a": {)" +
         choose.workers() + R"(, "operations": {"x": [{"work": )" + law(2) + R"(}], "y": [{"work": )" + law(10) +
         R"(}]}},
      "front": {"workers": "unlimited", "operations": {
        "x": [{"call": "shop.x", "retry": {"attempts": 3, "backoff": "5ms"}}],
        "y": [{"parallel": [[{"publish": "t", "confirm": true}], [{"publish": "u"}, {"work": "1ms"}]]}]}},
      "shop": {"workers": 4, "operations": {"x": [{"publish": "u"}, {"work": )" +
         law(5) +
         R"(, "fails": 0.2}, {"publish": "t"}]}},
      "b": {)" +
         choose.workers() + R"(, "operations": {"x": [{"work": )" + law(8) + R"(}]}},
      "d": {)" +
         choose.workers() + R"(, "operations": {"x": [{"work": )" + law(20) + R"(}], "y": [{"work": )" + law(1) +
         R"(}]}}},
    "topics": {"t": {"subscriptions": {"b.x": {}, "d.x": {}}}, "u": {"subscriptions": {"d.y": {}}}}})";
}

}  // namespace

TEST_CASE("a visit is foreseen where it only works and nobody acts on its end", "[foreseen]") {
  CHECK(foreseen_services(open_client, leaf("")) == "a");
  CHECK(foreseen_services(open_client, leaf(R"("workers": "unlimited", )")) == "a");
  CHECK(foreseen_services(open_client + R"(, "timeout": "1s")", leaf("")).empty());
  CHECK(foreseen_services(R"("requests": "a.x", "users": {"users": 3, "think": "1s"})", leaf("")).empty());
  CHECK(foreseen_services(open_client, leaf(R"("queue": {"capacity": 3}, )")).empty());
  CHECK(foreseen_services(open_client, leaf(R"("queue": {"discipline": "lifo"}, )")).empty());
  CHECK(foreseen_services(open_client, leaf(R"("workers": 2, "cores": 1, )")).empty());
  CHECK(foreseen_services(open_client, leaf("", R"({"work": "1ms", "fails": 0.1})")).empty());
  CHECK(foreseen_services(open_client, leaf("", R"({"work": "1ms"}, {"work": "1ms"})")).empty());
  CHECK(foreseen_services(open_client,
                          leaf("", R"({"call": "b.x"})") + R"(, "b": {"operations": {"x": [{"work": "1ms"}]}})")
            .empty());
}

TEST_CASE("messages are foreseen where workers take them in their order", "[foreseen]") {
  const auto with = [](const std::string& subscription, const std::string& keys = "", const std::string& client = "") {
    return foreseen_services(R"("requests": )" + (client.empty() ? std::string(R"("a.x")") : client) +
                                 R"(, "arrivals": {"poisson": "10/s"})",
                             leaf("", R"({"work": "1ms"}, {"publish": "t"})") + R"(, "b": {)" + keys +
                                 R"("operations": {"x": [{"work": "1ms"}], "y": [{"work": "1ms"}]}})",
                             R"("topics": {"t": {"subscriptions": {"b.x": {)" + subscription + "}}}}, ");
  };
  CHECK(with("") == "b");
  CHECK(with("", R"("workers": 4, "replicas": 2, )") == "b");
  CHECK(with(R"("concurrency": 8)", R"("workers": 4, "replicas": 2, )") == "b");
  CHECK(with(R"("concurrency": 7)", R"("workers": 4, "replicas": 2, )").empty());
  CHECK(with("", "", R"({"a.x": 1, "b.y": 1})").empty());  // calls are taken before messages
}

TEST_CASE("workers become free as in a list of their times", "[foreseen]") {
  for (std::uint32_t workers = 1; workers <= 20; ++workers) {
    Foresight foresight(workers);
    std::vector<Time> free(workers);
    Choices choose(workers);
    Time now;
    for (int i = 0; i < 2'000; ++i) {
      now = now + Duration{static_cast<std::int64_t>(choose.below(100))};
      const Duration work{static_cast<std::int64_t>(choose.below(190 * workers))};
      const Visit visit = foresight.visit(now, work);
      const auto first = std::min_element(free.begin(), free.end());
      REQUIRE(visit.start == std::max(now, *first));
      REQUIRE(visit.end == visit.start + work);
      *first = visit.end;
    }
  }
}

TEST_CASE("foreseen visits give the same numbers as jobs and events", "[foreseen]") {
  for (std::uint64_t number = 0; number < 120; ++number) {
    INFO("flow " << number);
    const Study study = read(foreseen_flow(number));
    for (const CompiledService& service : compile(study.variants.front().scenario).services)
      CHECK(service.foreseen == (service.name != "shop" && service.name != "front"));
    CHECK(numbers_of(study, &run) == numbers_of(study, &run_the_long_way));
  }
}

TEST_CASE("a run that ends with its requests ends with all that ends at that instant", "[foreseen]") {
  // Of ten requests a second the last are done 900 ms past the horizon, at an instant at which other things end, too.
  const Study study = read(R"({"name": "t", "horizon": "1s", "replications": 1,
    "clients": {"c": {"requests": "front.x", "arrivals": {"constant": "10/s"}}},
    "services": {"front": {"workers": "unlimited", "operations": {"x": [{"work": "1ms"}, {"publish": "t"}]}},
                 "b": {"operations": {"x": [{"work": "200ms"}]}},
                 "d": {"workers": "unlimited", "operations": {"x": [{"work": "900ms"}]}}},
    "topics": {"t": {"subscriptions": {"b.x": {}, "d.x": {}}}}})");
  CHECK(numbers_of(study, &run) == numbers_of(study, &run_the_long_way));
}

TEST_CASE("so many workers that they never all work take no room of their own", "[foreseen]") {
  Foresight foresight(4'000'000'000U);
  CHECK(foresight.visit(5_ms, 2_ms).end == 7_ms);
  CHECK(foresight.visit(6_ms, 2_ms).start == 6_ms);
  CHECK(foresight.bytes() < 1'000);
}
