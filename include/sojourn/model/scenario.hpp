#pragma once
// A scenario: one flow of business, and the variants that lay it out.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "sojourn/core/describe.hpp"
#include "sojourn/model/client.hpp"
#include "sojourn/model/incident.hpp"
#include "sojourn/model/service.hpp"
#include "sojourn/model/topic.hpp"
#include "sojourn/model/values.hpp"

namespace sojourn {

/// One way through the network that differs from the others.
struct Link {
  std::optional<Distribution> latency;
  std::optional<double> loss;

  static constexpr std::string_view sentence = "one way through the network that differs from the others";
  static constexpr auto fields() {
    return std::tuple{
        optional("latency", &Link::latency, "time of one hop; default: that of the network"),
        optional("loss", &Link::loss, "probability that a hop loses what it carries; default: that of the network",
                 probability())};
  }
};

/// What lies between client, services and topics.
struct Network {
  Distribution latency;
  double loss = 0;
  std::map<LinkName, Link> links;

  static constexpr std::string_view sentence = "what every hop costs: call, reply, publish, delivery";
  static constexpr auto fields() {
    return std::tuple{optional("latency", &Network::latency, "time of one hop"),
                      optional("loss", &Network::loss, "probability that a hop loses what it carries", probability()),
                      optional("links", &Network::links,
                               "\"shop->payment\" to what differs there; also \"client->service\", \"service->topic\", "
                               "\"topic->service\"")};
  }
};

/// Something shared and finite that jobs hold for a while: connections, locks.
struct Resource {
  std::uint32_t units = 1;
  QueueRules queue;

  static constexpr std::string_view sentence = "shared and finite, held by the step 'use': connections, locks";
  static constexpr auto fields() {
    return std::tuple{required("units", &Resource::units, "how many can be held at once", between(1, 1e9)),
                      optional("queue", &Resource::queue, "where jobs wait for a unit")};
  }
};

/// How long requests are not measured: a time, or "auto".
struct Warmup {
  Duration length;
  bool automatic = false;
  constexpr bool operator==(const Warmup&) const = default;
};

/// How narrow an interval must become: replications are added until it is.
struct Precision {
  std::string client;
  std::string metric;
  double relative = 0.05;
  double confidence = 0.95;
  std::uint32_t max_replications = 200;

  static constexpr std::string_view sentence = "replications are added until an interval is this narrow";
  static constexpr auto fields() {
    return std::tuple{
        required("client", &Precision::client, "whose figure"),
        required("metric", &Precision::metric, "which figure of the client's report, such as \"response_time.p99\""),
        optional("relative", &Precision::relative, "half-width of the interval as a share of the value",
                 Bound{.minimum = 0, .maximum = 1, .above_minimum = true}),
        optional("confidence", &Precision::confidence, "of that interval", between(0.5, 0.999999)),
        optional("max_replications", &Precision::max_replications, "no more than these are run", between(10, 1e6))};
  }
};

/// What a run is to show: a path in a variant's report, <= or >=, and a value.
struct Objective {
  std::string text;     ///< as written
  std::string path;     ///< "clients.shoppers.response_time.p99"
  bool at_most = true;  ///< <= ; otherwise >=
  std::string value;    ///< "300ms", "0.001", "80/s"
};

/// One architecture of the flow: a scenario after its variant's patch and deferrals.
struct Scenario {
  std::string name;
  std::string question;
  std::uint64_t seed = 1;
  std::uint32_t replications = 20;
  Duration horizon;
  Warmup warmup;
  std::optional<Precision> precision;
  std::optional<Duration> drain;
  Network network;
  std::map<std::string, Client> clients;
  std::map<std::string, Service> services;
  std::map<std::string, Topic> topics;
  std::map<std::string, Resource> resources;
  std::vector<Incident> incidents;
  std::vector<Objective> objectives;

  static constexpr std::string_view sentence = "one flow of business, and the variants that lay it out";
  static constexpr auto fields() {
    return std::tuple{
        required("name", &Scenario::name, "what results are filed under"),
        optional("question", &Scenario::question, "what the scenario is to answer"),
        optional("seed", &Scenario::seed, "of all random numbers"),
        optional("replications", &Scenario::replications, "independent runs", between(1, 1e6)),
        required("horizon", &Scenario::horizon, "requests that start before it are measured", more_than(0)),
        optional("warmup", &Scenario::warmup,
                 "requests that start earlier are not measured; \"auto\" finds the time (MSER-5)"),
        optional("precision", &Scenario::precision, "replications are added until an interval is this narrow"),
        optional("drain", &Scenario::drain,
                 "how long after the horizon unfinished requests are followed; default: the horizon's length"),
        optional("network", &Scenario::network, "what every hop costs"),
        required("clients", &Scenario::clients, "where requests come from"),
        required("services", &Scenario::services, "who does the work"),
        optional("topics", &Scenario::topics, "where messages wait"),
        optional("resources", &Scenario::resources, "what jobs share and hold with the step 'use'"),
        optional("incidents", &Scenario::incidents, "what happens for a while"),
        optional("objectives", &Scenario::objectives, "what the report is to show")};
  }
  [[nodiscard]] std::string problem() const;

  /// How long after the horizon unfinished requests are followed.
  [[nodiscard]] Duration drain_time() const { return drain.value_or(horizon); }
};

/// A named architecture.
struct Variant {
  std::string name;
  Scenario scenario;
};

/// A scenario file read whole: every variant of it, the baseline first, the others by name.
struct Study {
  std::string name;
  std::string question;
  std::string sha256;  ///< of the canonical text: key order, comments and spelling of numbers do not count
  std::vector<Variant> variants;
};

}  // namespace sojourn
