// What a user reads when a scenario is wrong in what makes services, calls, messages and networks lifelike.

#include <string>
#include <variant>
#include <vector>

#include "io/scenario_text.hpp"
#include "support/catch.hpp"

using namespace sojourn;

namespace {

struct Broken {
  std::string part, other;  // of the small scenario: what is replaced by what
  std::string message;
};

void check(const std::vector<Broken>& cases) {
  for (const Broken& broken : cases) {
    CAPTURE(broken.other);
    CHECK(issues_of(with(broken.part, broken.other)) == broken.message);
    CHECK_FALSE(read_study(with(broken.part, broken.other), {}).study);
  }
}

}  // namespace

TEST_CASE("links and losses must be those of the scenario") {
  check({
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"network\": { \"latency\": \"1ms\", \"links\": { \"shop\": {} } },",
       "s.json:3: /network/links/shop: expected a link such as \"shop->payment\", found \"shop\""},
      {"\"horizon\": \"10min\",", "\"horizon\": \"10min\", \"network\": { \"links\": { \"shop->stokc\": {} } },",
       "s.json:3: /network/links/shop->stokc: expected a link from a client, service or topic to a service, or from a "
       "service to a topic, found \"shop->stokc\"; did you mean 'shop->stock'?"},
      {"\"horizon\": \"10min\",", "\"horizon\": \"10min\", \"network\": { \"links\": { \"orders->web\": {} } },",
       "s.json:3: /network/links/orders->web: expected a link from a client, service or topic to a service, or from a "
       "service to a topic, found \"orders->web\""},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"network\": { \"links\": { \"shop->stock\": { \"loss\": 2 } } },",
       "s.json:3: /network/links/shop->stock/loss: expected a number from 0 to 1, found 2"},
      {"\"horizon\": \"10min\",", "\"horizon\": \"10min\", \"network\": { \"loss\": \"1%\" },",
       "s.json:3: /network/loss: expected a number from 0 to 1, found \"1%\""},
  });
}

TEST_CASE("incidents must hit something that is there") {
  check({
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": \"shop\", "
       "\"effect\": { \"explodes\": true } } ],",
       "s.json:3: /incidents/0/effect/explodes: expected one of the keys down, slowdown, fails, latency, loss, rate or "
       "replicas, found \"explodes\""},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": \"shop\", "
       "\"effect\": { \"down\": \"refuse\", \"fails\": 1 } } ],",
       "s.json:3: /incidents/0/effect: expected an effect with exactly one key, found {\"down\": \"refuse\", "
       "\"fails\": 1}"},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": \"shop\", "
       "\"effect\": \"down\" } ],",
       "s.json:3: /incidents/0/effect: expected an effect such as {\"down\": \"refuse\"}, found \"down\""},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": \"shop\", "
       "\"effect\": { \"down\": \"hangs\" } } ],",
       "s.json:3: /incidents/0/effect/down: expected \"refuse\", \"hang\" or \"pause\", found \"hangs\"; did you mean "
       "'hang'?"},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": \"shpo\", "
       "\"effect\": { \"down\": \"hang\" } } ],",
       "s.json:3: /incidents/0/target: expected a service, operation, topic, link or client of the scenario, found "
       "\"shpo\"; did you mean 'shop'?"},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": \"shop.oder\", "
       "\"effect\": { \"slowdown\": 2 } } ],",
       "s.json:3: /incidents/0/target: expected a service, operation, topic, link or client of the scenario, found "
       "\"shop.oder\"; did you mean 'shop.order'?"},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": [\"shop\", "
       "\"shop->stokc\"], \"effect\": { \"loss\": 0.5 } } ],",
       "s.json:3: /incidents/0/target: expected a link from a client, service or topic to a service, or from a service "
       "to a topic, found \"shop->stokc\"; did you mean 'shop->stock'?"},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": [], \"effect\": { "
       "\"loss\": 0.5 } } ],",
       "s.json:3: /incidents/0: expected at least one target, found none"},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": \"shop\", "
       "\"effect\": { \"rate\": 3 } } ],",
       "s.json:3: /incidents/0/effect: expected a client as target of 'rate', found the service \"shop\""},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": \"web\", "
       "\"effect\": { \"replicas\": 1 } } ],",
       "s.json:3: /incidents/0/effect: expected a service as target of 'replicas', found the client \"web\""},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"0s\", \"target\": \"shop\", "
       "\"effect\": { \"slowdown\": 0 } } ],",
       "s.json:3: /incidents/0/for: expected a duration above 0s, found \"0s\"\ns.json:3: "
       "/incidents/0/effect/slowdown: expected a number above 0, found 0"},
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"target\": \"shop\", \"effect\": { \"slowdown\": "
       "2 } } ],",
       "s.json:3: /incidents/0: expected the key 'for' (how long it lasts), found none"},
  });
}

TEST_CASE("an incident strikes only what its effect is of") {
  check({
      {"\"horizon\": \"10min\",",
       "\"horizon\": \"10min\", \"incidents\": [ { \"at\": \"1min\", \"for\": \"1min\", \"target\": \"web\", "
       "\"effect\": { \"slowdown\": 3 } } ],",
       "s.json:3: /incidents/0/effect: expected something that works as target of 'slowdown' and 'fails', found the "
       "client "
       "\"web\"; 'rate' changes its load"},
  });
}

TEST_CASE("resources, keys of messages and joins are checked") {
  check({
      {"\"horizon\": \"10min\",", "\"horizon\": \"10min\", \"resources\": { \"db\": {} },",
       "s.json:3: /resources/db: expected the key 'units' (how many can be held at once), found none"},
      {"\"horizon\": \"10min\",", "\"horizon\": \"10min\", \"resources\": { \"db\": { \"units\": 0 } },",
       "s.json:3: /resources/db/units: expected a whole number from 1 to 1000000000, found 0"},
      {"\"publish\": \"orders\"", "\"publish\": \"orders\", \"confirm\": true, \"outbox\": true",
       "s.json:12: /services/shop/operations/order/2: expected either 'confirm' or 'outbox', found both: an outbox "
       "never waits"},
      {"\"publish\": \"orders\"", "\"publish\": \"orders\", \"timeout\": \"1s\"",
       "s.json:12: /services/shop/operations/order/2: expected 'confirm' beside 'timeout', found none: only a "
       "confirming publisher waits"},
      {"\"publish\": \"orders\"", "\"publish\": \"orders\", \"key\": \"orders\"",
       "s.json:12: /services/shop/operations/order/2/key: expected \"request\", or an object such as {\"zipf\": "
       "{\"keys\": 1000, \"exponent\": 1.1}}, found \"orders\""},
      {"\"publish\": \"orders\"", "\"publish\": \"orders\", \"key\": { \"zipf\": { \"keys\": 0, \"exponent\": 1 } }",
       "s.json:12: /services/shop/operations/order/2/key/zipf/keys: expected a whole number from 1 to 10000000, found "
       "0"},
      {"\"publish\": \"orders\"", "\"publish\": \"orders\", \"key\": { \"zipf\": { \"keys\": 10 } }",
       "s.json:12: /services/shop/operations/order/2/key/zipf: expected the key 'exponent' (0: all alike; larger: "
       "hotter first keys), found none"},
      {"\"publish\": \"orders\"", "\"publish\": \"orders\", \"key\": { \"zip\": {} }",
       "s.json:12: /services/shop/operations/order/2/key/zip: expected a known key, found \"zip\"; did you mean "
       "'zipf'?"},
      {"\"publish\": \"orders\"", "\"await\": []",
       "s.json:12: /services/shop/operations/order/2: expected at least one operation, found none"},
      {"\"publish\": \"orders\"", "\"await\": [\"stock.nte\"], \"timeout\": \"1s\"",
       "s.json:12: /services/shop/operations/order/2/await/0: expected an operation of the scenario, found "
       "\"stock.nte\"; service 'stock' has no operation 'nte'; did you mean 'note'?"},
      {"\"publish\": \"orders\"", "\"await\": \"stock.note\"",
       "s.json:12: /services/shop/operations/order/2/await: expected a list, found \"stock.note\""},
      {"\"publish\": \"orders\"", "\"repeat\": { \"geometric\": -1 }, \"steps\": []",
       "s.json:12: /services/shop/operations/order/2/repeat/geometric: expected a number from 0 to 1000000, found -1"},
      {"\"publish\": \"orders\"", "\"repeat\": { \"geometric\": 3 }",
       "s.json:12: /services/shop/operations/order/2: expected the key 'steps' (the steps of one round), found none"},
      {"\"publish\": \"orders\"", "\"repeat\": -1, \"steps\": []",
       "s.json:12: /services/shop/operations/order/2/repeat: expected an object such as {\"geometric\": 3}, or a whole "
       "number from 0 to 4294967295, found -1"},
      {"\"publish\": \"orders\"", "\"use\": \"db\", \"steps\": []",
       "s.json:12: /services/shop/operations/order/2/use: expected a resource of the scenario, found \"db\""},
      {"\"publish\": \"orders\"", "\"try\": []",
       "s.json:12: /services/shop/operations/order/2: expected the key 'compensate' (what undoes it), found none"},
      {"\"publish\": \"orders\"", "\"notify\": \"clients\"",
       "s.json:12: /services/shop/operations/order/2/notify: expected \"client\", found \"clients\"; did you mean "
       "'client'?"},
      {"\"publish\": \"orders\"", "\"notify\": \"client\", \"when\": [\"stock.noet\"]",
       "s.json:12: /services/shop/operations/order/2/when/0: expected an operation of the scenario, found "
       "\"stock.noet\"; service 'stock' has no operation 'noet'; did you mean 'note'?"},
      {"\"publish\": \"orders\"", "\"work\": \"1ms\", \"per\": \"messages\"",
       "s.json:12: /services/shop/operations/order/2/per: expected \"message\" or \"batch\", found \"messages\"; did "
       "you mean 'message'?"},
  });
}

TEST_CASE("options of calls are checked") {
  check({
      {"\"timeout\": \"500ms\"", "\"timeout\": \"500ms\", \"deadline\": \"drop\"",
       "s.json:11: /services/shop/operations/order/1/deadline: expected \"ignore\" or \"propagate\", found \"drop\""},
      {"\"timeout\": \"500ms\"", "\"timeout\": \"500ms\", \"retry\": { \"on\": [\"timeout\"] }",
       "s.json:11: /services/shop/operations/order/1/retry/on/0: expected \"failed\", \"refused\", \"timed_out\" or "
       "\"open\", found \"timeout\"; did you mean 'timed_out'?"},
      {"\"timeout\": \"500ms\"", "\"timeout\": \"500ms\", \"retry\": { \"budget\": -0.1 }",
       "s.json:11: /services/shop/operations/order/1/retry/budget: expected a number of at least 0, found -0.1"},
      {"\"timeout\": \"500ms\"", "\"timeout\": \"500ms\", \"hedge\": { \"attempts\": 2 }",
       "s.json:11: /services/shop/operations/order/1/hedge: expected the key 'after' (copy k goes out (k-1) times this "
       "after the first), found none"},
      {"\"timeout\": \"500ms\"", "\"timeout\": \"500ms\", \"bulkhead\": { \"max_concurrent_calls\": 0 }",
       "s.json:11: /services/shop/operations/order/1/bulkhead/max_concurrent_calls: expected a whole number from 1 to "
       "4294967295, found 0"},
      {"\"timeout\": \"500ms\"", "\"timeout\": \"500ms\", \"circuit_breaker\": { \"failure_rate_threshold\": 50 }",
       "s.json:11: /services/shop/operations/order/1/circuit_breaker/failure_rate_threshold: expected a number above 0 "
       "and at most 1, found 50"},
      {"\"timeout\": \"500ms\"",
       "\"timeout\": \"500ms\", \"circuit_breaker\": { \"slow_call\": { \"longer_than\": 1 } }",
       "s.json:11: /services/shop/operations/order/1/circuit_breaker/slow_call/longer_than: expected a duration such "
       "as \"250ms\", found 1; a bare number has no unit, did you mean \"1ms\"?"},
      {"\"timeout\": \"500ms\"", "\"timeout\": \"500ms\", \"rate_limit\": { \"rate\": \"0/s\" }",
       "s.json:11: /services/shop/operations/order/1/rate_limit/rate: expected a rate above 0/s, found \"0/s\""},
      {"\"timeout\": \"500ms\"", "\"timeout\": \"500ms\", \"fallback\": { \"work\": \"1ms\" }",
       "s.json:11: /services/shop/operations/order/1/fallback: expected a list, found {\"work\": \"1ms\"}"},
  });
}

TEST_CASE("options of services, clients and topics are checked") {
  check({
      {"\"workers\": 4", "\"workers\": 4, \"queue\": { \"max_wait\": 5 }",
       "s.json:9: /services/shop/queue/max_wait: expected a duration such as \"250ms\", found 5; a bare number has no "
       "unit, did you mean \"5ms\"?"},
      {"\"workers\": 4",
       "\"workers\": 4, \"autoscaling\": { \"minimum\": 3, \"maximum\": 2, \"target_utilization\": 0.7, \"interval\": "
       "\"1s\" }",
       "s.json:9: /services/shop/autoscaling: expected a minimum of at most the maximum of 2, found 3"},
      {"\"workers\": 4",
       "\"workers\": 4, \"autoscaling\": { \"minimum\": 1, \"maximum\": 2, \"target_utilization\": 0, \"interval\": "
       "\"1s\" }",
       "s.json:9: /services/shop/autoscaling/target_utilization: expected a number above 0 and at most 1, found 0"},
      {"\"workers\": 4", "\"workers\": 4, \"failures\": { \"time_to_failure\": \"1h\" }",
       "s.json:9: /services/shop/failures: expected the key 'time_to_repair' (how long it stays down), found none"},
      {"\"workers\": 4",
       "\"workers\": 4, \"failures\": { \"time_to_failure\": \"1h\", \"time_to_repair\": \"1s\", \"mode\": \"crash\" }",
       "s.json:9: /services/shop/failures/mode: expected \"refuse\", \"hang\" or \"pause\", found \"crash\""},
      {"\"workers\": 4", "\"workers\": 4, \"cores\": 0",
       "s.json:9: /services/shop/cores: expected a number above 0 and at most 1000000000, found 0"},
      {"\"workers\": 4", "\"workers\": 4, \"scalability\": { \"contention\": 1.5 }",
       "s.json:9: /services/shop/scalability/contention: expected a number from 0 to 1, found 1.5"},
      {"\"arrivals\": { \"poisson\": \"10/s\" }",
       "\"arrivals\": { \"poisson\": \"10/s\" }, \"then\": [ { \"think\": \"1s\", \"requests\": \"shop.status\" } ]",
       "s.json:6: /clients/web/then/0/requests: expected an operation of the scenario, found \"shop.status\"; service "
       "'shop' has no operation 'status'"},
      {"\"arrivals\": { \"poisson\": \"10/s\" }",
       "\"arrivals\": { \"poisson\": \"10/s\" }, \"then\": { \"think\": \"1s\" }",
       "s.json:6: /clients/web/then: expected a list, found {\"think\": \"1s\"}"},
      {"\"stock.note\": {}", "\"stock.note\": { \"batch\": { \"size\": 0 } }",
       "s.json:20: /topics/orders/subscriptions/stock.note/batch/size: expected a whole number from 1 to 1000000, "
       "found 0"},
      {"\"stock.note\": {}", "\"stock.note\": { \"poll\": \"0s\" }",
       "s.json:20: /topics/orders/subscriptions/stock.note/poll: expected a duration above 0s, found \"0s\""},
      {"\"stock.note\": {}", "\"stock.note\": { \"concurrency\": \"unlimited\" }",
       "s.json:20: /topics/orders/subscriptions/stock.note/concurrency: expected a whole number from 1 to 4294967295, "
       "found \"unlimited\""},
      {"\"orders\": { \"subscriptions\": { \"stock.note\": {} } }",
       "\"orders\": { \"subscriptions\": { \"stock.note\": {} }, \"partitions\": 0 }",
       "s.json:20: /topics/orders/partitions: expected a whole number from 1 to 1000000, found 0"},
      {"\"orders\": { \"subscriptions\": { \"stock.note\": {} } }",
       "\"orders\": { \"subscriptions\": { \"stock.note\": {} }, \"duplicates\": 2 }",
       "s.json:20: /topics/orders/duplicates: expected a number from 0 to 1, found 2"},
  });
}

TEST_CASE("what is deferred has no options of a call any more") {
  const std::string options =
      "\"timeout\": \"500ms\", \"retry\": { \"attempts\": 2 }, \"circuit_breaker\": {}, \"bulkhead\": { "
      "\"max_concurrent_calls\": 2 }, \"rate_limit\": { \"rate\": \"5/s\" }, \"hedge\": { \"after\": \"1ms\" }, "
      "\"fallback\": [ { \"call\": \"stock.note\" } ], \"deadline\": \"propagate\", \"priority\": 3";
  const StudyResult result = read_study(with("\"timeout\": \"500ms\"", options), {});
  CHECK(result.issues.empty());
  REQUIRE(result.study);
  const auto step_of = [&](std::size_t variant) {
    return result.study->variants[variant].scenario.services.at("shop").operations.at("order")[1];
  };
  CHECK(std::get<Call>(step_of(0).kind).fallback.has_value());
  const auto publish = std::get<Publish>(step_of(1).kind);
  CHECK(publish.topic == "stock.reserve");
  CHECK(publish.priority == 3);
  CHECK_FALSE(publish.confirm);
  CHECK_FALSE(publish.outbox);
  CHECK_FALSE(publish.timeout.has_value());
  CHECK_FALSE(publish.message_key.zipf.has_value());
}
