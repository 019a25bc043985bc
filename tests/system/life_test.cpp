// The life of one request, stretch by stretch, and the arrows of a variant.
#include "sojourn/io/life_report.hpp"

#include <nlohmann/json.hpp>

#include "sojourn/system/edges.hpp"
#include "support/scenario.hpp"

using namespace sojourn;
using Catch::Contains;

namespace {

// A request every 100 ms: the shop works 2 ms, the store 150 ms with one worker, so each request waits 50 ms longer.
const std::string shop = R"({"name": "shop", "replications": 1, "horizon": "1s",
  "clients": {"c": {"requests": "shop.order", "arrivals": {"constant": "10/s"}}},
  "services": {"shop": {"workers": "unlimited", "operations": {"order": [
                 {"work": "2ms"}, {"call": "store.take", "deferrable": true}, {"notify": "client", "when": ["store.take"]}]}},
               "store": {"operations": {"take": [{"work": "150ms"}]}}},
  "variants": {"wait": {}, "tell": {"defer": "all"}}})";

LifeReport report_of(const Study& study, const std::vector<Topology>& topologies, std::optional<std::uint64_t> number) {
  LifeReport report{study.name, "c", {}};
  const WatchedRequest watched{.client = 0, .number = number};
  for (std::size_t v = 0; v < study.variants.size(); ++v)
    report.lives.push_back(
        {study.variants[v].name, &topologies[v],
         run(topologies[v], {.seed = 1, .replication = 0, .timeline = false, .watch = &watched}).life});
  return report;
}

struct Told {
  Study study = testing::read(shop);
  std::vector<Topology> topologies{compile(study.variants[0].scenario), compile(study.variants[1].scenario)};
};

}  // namespace

TEST_CASE("the third request's life, with calls and with events", "[system]") {
  const Told told;
  const LifeReport report = report_of(told.study, told.topologies, 2);
  CHECK(life_csv(report) ==
        "variant,where,why,begin_s,end_s\n"
        "wait,shop,work,0,0.002\n"
        "wait,store,queue,0.002,0.102\n"
        "wait,store,work,0.102,0.252\n"
        "wait,c,answered,0.252,0.252\n"
        "wait,c,notified,0.252,0.252\n"
        "wait,c,complete,0.252,0.252\n"
        "tell,shop,work,0,0.002\n"
        "tell,store.take,topic,0.002,0.102\n"
        "tell,store,work,0.102,0.252\n"
        "tell,c,answered,0.002,0.002\n"
        "tell,c,notified,0.252,0.252\n"
        "tell,c,complete,0.252,0.252\n");
  const std::string text = life_text(report);
  CHECK_THAT(text, Contains("request 2 of c, started at 300 ms") && Contains("waits in its queue"));
  CHECK_THAT(text, Contains("answered (succeeded) after 2.00 ms; notified after 252 ms; complete after 252 ms"));
}

TEST_CASE("trace viewers read the life of a request", "[system]") {
  const Told told;
  const auto trace = nlohmann::json::parse(life_trace_json(report_of(told.study, told.topologies, 2)));
  double work_us = 0;
  std::size_t moments = 0;
  for (const auto& event : trace["traceEvents"]) {
    if (event["ph"] == "X" && event["name"] == "work" && event["pid"] == 1) work_us += event["dur"].get<double>();
    if (event["ph"] == "i") ++moments;
  }
  CHECK(work_us == Approx(152'000));
  CHECK(moments == 6);
}

TEST_CASE("a request that never comes is not seen, the first one is found without a number", "[system]") {
  const Told told;
  CHECK_FALSE(report_of(told.study, told.topologies, 1000).lives[0].life.seen);
  CHECK(life_text(report_of(told.study, told.topologies, 1000)) == "wait: no such request\n\ntell: no such request\n");
  CHECK(report_of(told.study, told.topologies, std::nullopt).lives[0].life.number == 0);
}

TEST_CASE("arrows tell who asks, calls, publishes and delivers, each once", "[system]") {
  const Told told;
  CHECK(edges_of(told.topologies[0]) == std::vector<Edge>{{"c", "shop", "asks"}, {"shop", "store", "calls"}});
  CHECK(edges_of(told.topologies[1]) == std::vector<Edge>{{"c", "shop", "asks"},
                                                          {"shop", "store.take", "publishes"},
                                                          {"store.take", "store", "delivers"}});
}
