#include "sojourn/io/study.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "io/scenario_text.hpp"
#include "support/catch.hpp"

using namespace sojourn;

namespace {

const Step& step(const Variant& variant, const std::string& service, const std::string& operation, std::size_t index) {
  return variant.scenario.services.at(service).operations.at(operation).at(index);
}

Study study_of(std::string_view text, const ReadOptions& options = {}) {
  StudyResult result = read_study(text, options);
  if (!result.study) throw std::runtime_error(to_text(result.issues.front(), "s.json"));
  return *result.study;
}

/// The first variant with one step in place of the small scenario's publish.
Step step_of(const std::string& json) {
  return step(study_of(with("{ \"publish\": \"orders\" }", json)).variants[0], "shop", "order", 2);
}

Distribution law_of(const std::string& json) {
  return std::get<Delay>(step_of("{ \"delay\": " + json + " }").kind).time;
}

}  // namespace

TEST_CASE("a scenario is read with its values and defaults") {
  const Study study = study_of(small_scenario);
  CHECK(study.name == "small");
  CHECK(study.sha256.size() == 64);
  REQUIRE(study.variants.size() == 2);
  const Scenario& scenario = study.variants[0].scenario;
  CHECK(study.variants[0].name == "waits");
  CHECK(scenario.seed == 1);
  CHECK(scenario.replications == 20);
  CHECK(scenario.horizon == Duration{600'000'000'000});
  CHECK(scenario.warmup == Warmup{.length = Duration{60'000'000'000}});
  CHECK_FALSE(scenario.drain);
  CHECK(is_zero(scenario.network.latency));
  const Client& web = scenario.clients.at("web");
  CHECK(std::get<PoissonArrivals>(web.arrivals->law).rate.per_second == 10);
  CHECK(web.requests.weights.at({"shop", "order"}) == 1);
  CHECK(web.timeout == Duration{2'000'000'000});
  CHECK_FALSE(web.retry);
  const Service& shop = scenario.services.at("shop");
  CHECK(shop.replicas == 1);
  CHECK(shop.workers == limited_to(4));
  CHECK(shop.queue.capacity.unlimited());
  CHECK(std::get<Exponential>(std::get<Work>(shop.operations.at("order")[0].kind).time.kind).mean ==
        Duration{4'000'000});
  CHECK(std::get<Publish>(step(study.variants[0], "shop", "order", 2).kind).topic == "orders");
  REQUIRE(scenario.objectives.size() == 1);
  CHECK(scenario.objectives[0].path == "clients.web.response_time.p99");
  CHECK(scenario.objectives[0].at_most);
  CHECK(scenario.objectives[0].value == "300ms");
  CHECK(scenario.objectives[0].text == "clients.web.response_time.p99 <= 300ms");
}

TEST_CASE("every kind of step is read") {
  const auto call = std::get<Call>(step_of(R"({ "call": "stock.note", "timeout": "1s", "priority": -2,
      "retry": { "attempts": 5, "backoff": "0s", "factor": 1.5, "max_backoff": "1s", "jitter": "equal" } })")
                                       .kind);
  CHECK(call.operation == OperationName{"stock", "note"});
  CHECK(call.priority == -2);
  CHECK_FALSE(call.deferrable);
  CHECK(call.retry->attempts == 5);
  CHECK(call.retry->backoff == Duration{0});
  CHECK(call.retry->factor == 1.5);
  CHECK(call.retry->jitter == Jitter::equal);
  const auto work =
      std::get<Work>(step_of(R"({ "work": "1h30m", "fails": 0.25, "declines": 1, "description": "x" })").kind);
  CHECK(work.fails == 0.25);
  CHECK(work.declines == 1);
  CHECK(constant_of(work.time) == Duration{5'400'000'000'000});
  CHECK(std::get<Reply>(step_of(R"({ "reply": "accepted" })").kind).answer == "accepted");
  CHECK(std::get<Notify>(step_of(R"({ "notify": "client" })").kind).whom == Notified::client);
  const auto choose =
      std::get<Choose>(step_of(R"({ "choose": [ { "probability": 0.5, "steps": [ { "delay": "1s" } ] } ] })").kind);
  CHECK(choose.branches[0].probability == 0.5);
  CHECK(choose.branches[0].steps.size() == 1);
  const auto parallel =
      std::get<Parallel>(step_of(R"({ "parallel": [ [], [ { "delay": "1s" } ] ], "join": "any" })").kind);
  CHECK(parallel.join.kind == Join::Kind::any);
  CHECK(parallel.branches[1].size() == 1);
  CHECK(std::get<Parallel>(step_of(R"({ "parallel": [ [], [] ], "join": 2.0 })").kind).join.number == 2);
  CHECK(std::get<Parallel>(step_of(R"({ "parallel": [ [] ] })").kind).join.kind == Join::Kind::all);
  const auto repeat = std::get<Repeat>(step_of(R"({ "repeat": 1e1, "steps": [ { "repeat": 0, "steps": [] } ] })").kind);
  CHECK(repeat.times.count == 10);
  CHECK(std::get<Repeat>(repeat.steps[0].kind).times.count == 0);
}

TEST_CASE("every law is read") {
  CHECK(mean_ns(law_of("\"5us\"")) == 5e3);
  CHECK(std::get<Uniform>(law_of(R"({ "uniform": { "low": "1ms", "high": "3ms" } })").kind).high ==
        Duration{3'000'000});
  CHECK(std::get<Erlang>(law_of(R"({ "erlang": { "k": 3, "mean": "3ms" } })").kind).k == 3);
  CHECK(std::get<Gamma>(law_of(R"({ "gamma": { "mean": "3ms", "cv": 0.5 } })").kind).cv == 0.5);
  CHECK(std::get<Hyperexponential>(law_of(R"({ "hyperexponential": { "mean": "3ms", "cv": 2 } })").kind).cv == 2);
  CHECK(std::get<Lognormal>(law_of(R"({ "lognormal": { "p50": "3ms", "p99": "9ms" } })").kind).p99 ==
        Duration{9'000'000});
  CHECK(std::get<Lognormal>(law_of(R"({ "lognormal": { "mean": "3ms", "cv": 1 } })").kind).cv == 1);
  CHECK(std::get<Weibull>(law_of(R"({ "weibull": { "shape": 0.7, "scale": "3ms" } })").kind).shape == 0.7);
  CHECK(std::get<Pareto>(law_of(R"({ "pareto": { "shape": 3, "minimum": "1ms", "maximum": "9ms" } })").kind).maximum ==
        Duration{9'000'000});
  CHECK(std::get<Quantiles>(law_of(R"({ "quantiles": { "0": "0s", "0.5": "1ms", "1": "2ms", "x-": 1 } })").kind)
            .points.size() == 3);
  const auto mixture = std::get<Mixture>(law_of(R"({ "mixture": [ { "weight": 3, "of": "1ms" },
      { "weight": 1, "of": { "shifted": { "by": "2ms", "of": { "exponential": "3ms" } } } } ] })")
                                             .kind);
  REQUIRE(mixture.parts.size() == 2);
  CHECK(mixture.parts[0].weight == 3);
  CHECK(mean_ns(mixture.parts[1].of) == Approx(5e6));
}

TEST_CASE("every law of arrivals is read") {
  const auto client_of = [](const std::string& json) {
    return study_of(with("\"arrivals\": { \"poisson\": \"10/s\" }", json)).variants[0].scenario.clients.at("web");
  };
  const auto constant = std::get<ConstantArrivals>(
      client_of(R"("arrivals": { "constant": "600/min", "profile": [["0s", 1], ["5min", 1], ["5min", 3]] })")
          .arrivals->law);
  CHECK(constant.rate.per_second == 10);
  REQUIRE(constant.profile.size() == 3);
  CHECK(constant.profile[2].at == Duration{300'000'000'000});
  CHECK(constant.profile[2].factor == 3);
  CHECK(mean_ns(
            std::get<RenewalArrivals>(client_of(R"("arrivals": { "renewal": { "exponential": "1s" } })").arrivals->law)
                .gap) == 1e9);
  const auto bursty = std::get<BurstyArrivals>(
      client_of(R"("arrivals": { "bursty": { "rate": "0/s", "burst_rate": "5/s", "calm": "1min", "burst": "1s" } })")
          .arrivals->law);
  CHECK(bursty.bursts.burst_rate.per_second == 5);
  const Client closed = client_of(R"("users": { "users": 200, "think": { "exponential": "1s" } })");
  CHECK_FALSE(closed.arrivals);
  CHECK(closed.users->users == 200);
}

TEST_CASE("samples and traces come from files beside the scenario") {
  const auto folder = std::filesystem::temp_directory_path() / "sojourn-study-test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "times.csv") << "1ms\n2ms\n3ms\n";
  std::ofstream(folder / "trace.csv") << "0.5\n750ms\n1\n";
  std::ofstream(folder / "unordered.csv") << "2s\n1s\n";
  std::string text = with("{ \"poisson\": \"10/s\" }", "{ \"trace\": \"trace.csv\" }");
  text = with("\"work\": \"20ms\"", "\"work\": { \"samples\": \"times.csv\" }", text);
  std::ofstream(folder / "s.json") << text;
  const StudyResult result = read_study_file((folder / "s.json").string(), {});
  REQUIRE(result.study);
  const Variant& variant = result.study->variants[0];
  CHECK(mean_ns(std::get<Work>(step(variant, "stock", "reserve", 0).kind).time) == 2e6);
  const auto& trace = std::get<TraceArrivals>(variant.scenario.clients.at("web").arrivals->law);
  CHECK(trace.file == "trace.csv");
  CHECK(trace.offsets == std::vector<Time>{{500'000'000}, {750'000'000}, {1'000'000'000}});

  const ReadOptions options{.folder = folder.string()};
  CHECK(issues_of(with("trace.csv", "unordered.csv", text), options) ==
        "s.json:6: /clients/web/arrivals/trace: expected offsets that do not fall in \"unordered.csv\", found 1s after "
        "2s");
  CHECK(issues_of(with("times.csv", "trace.csv", text), options) ==
        "s.json:15: /services/stock/operations/reserve/0/work/samples: expected in \"trace.csv\" a duration such as "
        "\"250ms\" in "
        "line 1, found \"0.5\"");
  CHECK(issues_of(with("times.csv", "none.csv", text), options) ==
        "s.json:15: /services/stock/operations/reserve/0/work/samples: expected a readable file, found \"none.csv\": "
        "No such file or "
        "directory");
  std::filesystem::remove_all(folder);
}

TEST_CASE("a file that cannot be read is told") {
  const StudyResult result = read_study_file("/nowhere/s.json", {});
  CHECK_FALSE(result.study);
  REQUIRE(result.issues.size() == 1);
  CHECK(result.issues[0].message == "expected a readable file, found \"/nowhere/s.json\": No such file or directory");
}

TEST_CASE("a variant defers calls in place") {
  const Study study = study_of(small_scenario);
  CHECK(std::holds_alternative<Call>(step(study.variants[0], "shop", "order", 1).kind));
  const Variant& hurries = study.variants[1];
  CHECK(hurries.name == "hurries");
  CHECK(std::get<Publish>(step(hurries, "shop", "order", 1).kind).topic == "stock.reserve");
  const Topic& topic = hurries.scenario.topics.at("stock.reserve");
  REQUIRE(topic.subscriptions.size() == 1);
  CHECK(topic.subscriptions.begin()->first == OperationName{"stock", "reserve"});
}

TEST_CASE("defaults of messaging reach every topic, and a topic's own keys come first") {
  const std::string text = with(
      "\"topics\": {\n    \"orders\": { \"subscriptions\": { \"stock.note\": {} } }",
      R"("messaging": { "latency": { "exponential": "5ms" }, "capacity": 100, "redelivery": { "delay": "3s", "factor": 2 } },
           "topics": { "orders": { "subscriptions": { "stock.note": {} }, "latency": { "erlang": { "k": 2, "mean": "1ms" } },
           "redelivery": { "factor": 4 } })");
  const Scenario scenario = study_of(text).variants[1].scenario;
  const Topic& orders = scenario.topics.at("orders");
  CHECK(orders.capacity == limited_to(100));
  CHECK(std::holds_alternative<Erlang>(orders.latency.kind));
  CHECK(orders.redelivery.delay == Duration{3'000'000'000});
  CHECK(orders.redelivery.factor == 4);
  const Topic& generated = scenario.topics.at("stock.reserve");
  CHECK(generated.capacity == limited_to(100));
  CHECK(std::holds_alternative<Exponential>(generated.latency.kind));
  CHECK(generated.redelivery.factor == 2);
}

TEST_CASE("variants: the first of the file is the baseline, the others follow by name") {
  const std::string text =
      with("\"waits\": {},", R"("waits": {}, "z": {}, "b": { "services": { "stock": { "workers": 7 } } },
      "description": "of them", "x-later": {}, "c": { "defer": [] },)");
  const Study study = study_of(text);
  std::string names;
  for (const Variant& variant : study.variants) names += variant.name + " ";
  CHECK(names == "waits b c hurries z ");
  CHECK(study.variants[0].scenario.services.at("stock").workers == limited_to(2));
  CHECK(study.variants[1].scenario.services.at("stock").workers == limited_to(7));
  CHECK(study.variants[2].scenario.topics.size() == 1);

  const Study chosen = study_of(text, {.only_variants = {"z", "b"}});
  REQUIRE(chosen.variants.size() == 2);
  CHECK(chosen.variants[0].name == "z");
  CHECK(chosen.variants[1].name == "b");
  CHECK(chosen.sha256 == study.sha256);
  CHECK(issues_of(text, {.only_variants = {"hurrys"}}) ==
        "s.json: /variants: expected a variant of the scenario, found \"hurrys\"; did you mean 'hurries'?");
}

TEST_CASE("without variants there is one") {
  const std::string text = with(R"(  "variants": {
    "waits": {},
    "hurries": { "defer": "all" }
  },
)",
                                "");
  const Study study = study_of(text);
  REQUIRE(study.variants.size() == 1);
  CHECK(study.variants[0].name == "default");
  CHECK(study_of(text, {.only_variants = {"default"}}).variants.size() == 1);
}

TEST_CASE("the command line sets values, the seed and the replications") {
  const ReadOptions options{
      .sets = {"/services/stock/workers=9", "/horizon=5min", "/variants/waits/services={\"shop\":{\"workers\":1}}"},
      .seed = 18446744073709551615U,
      .replications = 3};
  const Study study = study_of(small_scenario, options);
  const Scenario& scenario = study.variants[0].scenario;
  CHECK(scenario.services.at("stock").workers == limited_to(9));
  CHECK(scenario.services.at("shop").workers == limited_to(1));
  CHECK(scenario.horizon == Duration{300'000'000'000});
  CHECK(scenario.seed == 18446744073709551615U);
  CHECK(scenario.replications == 3);
  CHECK(study.sha256 != study_of(small_scenario).sha256);
  CHECK(issues_of(small_scenario, {.sets = {"/services/shop/wokers=1"}}) ==
        "s.json: /services/shop/wokers: expected a known key, found \"wokers\"; did you mean 'workers'?");
  CHECK(issues_of(small_scenario, {.sets = {"/services/shp/workers=1"}}) ==
        "s.json: /services/shp/workers: expected a pointer into the scenario, found nothing there at 'shp'; did you "
        "mean 'shop'?");
  CHECK(issues_of(small_scenario, {.replications = 0}) ==
        "s.json: /replications: expected a whole number from 1 to 1000000, found 0");
}

TEST_CASE("the digest is of what is meant, not of how it is written") {
  const std::string digest = study_of(small_scenario).sha256;
  CHECK(study_of(with("\"workers\": 4", "/* four */ \"workers\": 4.0")).sha256 == digest);
  CHECK(study_of(with("\"name\"", "\"$schema\": \"x\", \"x-note\": 1, \"description\": \"d\", \"name\"")).sha256 ==
        digest);
  CHECK(
      study_of(with("\"horizon\": \"10min\",\n  \"warmup\": \"1min\"", "\"warmup\": \"1min\", \"horizon\": \"10min\""))
          .sha256 == digest);
  CHECK(study_of(small_scenario, {.sets = {"/services/shop/workers=4e0"}}).sha256 == digest);
  CHECK(study_of(with("\"workers\": 4", "\"workers\": 5")).sha256 != digest);
  // The baseline is the first of the file: this order counts.
  CHECK(study_of(with("\"waits\": {},\n    \"hurries\": { \"defer\": \"all\" }",
                      "\"hurries\": { \"defer\": \"all\" }, \"waits\": {}"))
            .sha256 != digest);
}
