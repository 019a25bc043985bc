// What a user reads when a scenario is wrong: file, line, pointer, rule, value, hint.

#include <string>
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

TEST_CASE("the small scenario is sound") {
  CHECK(issues_of(small_scenario).empty());
  REQUIRE(read_study(small_scenario, {}).study);
}

TEST_CASE("broken syntax is told with its line") {
  check({
      {"\"1min\",", "\"1min\"", "s.json:5: expected ',' or '}', found a string"},
      {"\"workers\": 2", "\"workers\": NaN", "s.json:14: expected a finite number, found NaN"},
      {"\"workers\": 2", "\"workers\": 1e400", "s.json:14: expected a number that a double can hold, found 1e400"},
      {"\"workers\": 2", "\"workers\": 2, \"workers\": 3",
       "s.json:14: expected every key once, found \"workers\" again, which is in line 14 already"},
  });
  CHECK(issues_of("[]") == "s.json:1: expected a JSON object, found []");
  CHECK(issues_of("") == "s.json:1: expected a JSON object, found an empty file");
}

TEST_CASE("wrong values are told with what is right") {
  check({
      {"\"10min\"", "600",
       "s.json:3: /horizon: expected a duration such as \"250ms\", found 600; a bare number has no unit, "
       "did you mean \"600ms\"?"},
      {"\"10min\"", "-1e3",
       "s.json:3: /horizon: expected a duration such as \"250ms\", found -1e3; a bare number has no unit"},
      {"\"10min\"", "\"0s\"", "s.json:3: /horizon: expected a duration above 0s, found \"0s\""},
      {"\"10min\"", "\"300000d\"",
       "s.json:3: /horizon: expected a duration such as \"250ms\", found \"300000d\"; units are "
       "ns us ms s m min h d, the longest is 292 years"},
      {"\"10min\"", "\"60000d\"", "s.json:1: expected a horizon and a drain of at most 292 years together, found more"},
      {"\"1min\"", "\"10min\"", "s.json:4: /warmup: expected a warmup shorter than the horizon of 10min, found 10min"},
      {"\"1min\"", "\"soon\"",
       "s.json:4: /warmup: expected a duration such as \"250ms\", found \"soon\"; units are "
       "ns us ms s m min h d, the longest is 292 years"},
      {"\"10/s\"", "10",
       "s.json:6: /clients/web/arrivals/poisson: expected a rate such as \"80/s\", found 10; a bare number has "
       "no unit, did you mean \"10/s\"?"},
      {"\"10/s\"", "\"0/s\"", "s.json:6: /clients/web/arrivals/poisson: expected a rate above 0/s, found \"0/s\""},
      {"\"10/s\"", "\"10/day\"",
       "s.json:6: /clients/web/arrivals/poisson: expected a rate such as \"80/s\", found \"10/day\"; "
       "units are /s /min /h"},
      {"\"2s\"", "\"5 parsecs\"",
       "s.json:6: /clients/web/timeout: expected a duration such as \"250ms\", found \"5 parsecs\"; "
       "units are ns us ms s m min h d, the longest is 292 years"},
      {"\"workers\": 4", "\"workers\": 0",
       "s.json:9: /services/shop/workers: expected \"unlimited\" or a whole number from 1 to "
       "1000000000, found 0"},
      {"\"workers\": 4", "\"replicas\": 2.5",
       "s.json:9: /services/shop/replicas: expected a whole number from 1 to 1000000, found 2.5"},
      {"\"workers\": 4", "\"replicas\": 4294967297",
       "s.json:9: /services/shop/replicas: expected a whole number from 1 to 1000000, found 4294967297"},
      {"\"workers\": 4", "\"replicas\": -1",
       "s.json:9: /services/shop/replicas: expected a whole number from 1 to 1000000, found -1"},
      {"\"workers\": 4", "\"replicas\": \"2\"",
       "s.json:9: /services/shop/replicas: expected a whole number from 1 to 1000000, found \"2\""},
      {"\"workers\": 4", "\"cost_per_hour\": -0.5",
       "s.json:9: /services/shop/cost_per_hour: expected a number of at least 0, found -0.5"},
      {"\"name\"", "\"seed\": 18446744073709551616, \"name\"",
       "s.json:2: /seed: expected a whole number from 0 to 18446744073709551615, found 18446744073709551616"},
      {"\"workers\": 4", "\"waiting\": \"asynch\"",
       "s.json:9: /services/shop/waiting: expected \"blocking\" or \"async\", found \"asynch\"; did you mean 'async'?"},
      {"\"workers\": 4", "\"queue\": []", "s.json:9: /services/shop/queue: expected an object, found []"},
      {"\"deferrable\": true", "\"deferrable\": 1",
       "s.json:11: /services/shop/operations/order/1/deferrable: expected true or false, found 1"},
      {"\"20ms\" }", "\"20ms\", \"fails\": 1.5 }",
       "s.json:15: /services/stock/operations/reserve/0/fails: expected a number from 0 to 1, found 1.5"},
      {"\"exponential\": \"4ms\"", "\"exponential\": \"0s\"",
       "s.json:10: /services/shop/operations/order/0/work/exponential: expected a duration above 0s, found \"0s\""},
      {"\"exponential\": \"4ms\"", "\"gamma\": {\"mean\": \"4ms\", \"cv\": 0}",
       "s.json:10: /services/shop/operations/order/0/work/gamma/cv: expected a number above 0 and at most 1000, found "
       "0"},
  });
}

TEST_CASE("wrong names and keys are told with the right ones") {
  check({
      {"\"small\"", "\"my shop\"",
       "s.json:2: /name: expected a name of 1 to 64 letters, digits, '_' or '-', found \"my shop\""},
      {"\"stock\": {", "\"st.ock\": {",
       "s.json:14: /services/st.ock: expected a name of 1 to 64 letters, digits, '_' or '-', found \"st.ock\""},
      {"\"workers\": 4", "\"wokers\": 4",
       "s.json:9: /services/shop/wokers: expected a known key, found \"wokers\"; did you mean 'workers'?"},
      {"\"name\"", "\"precision\": {\"client\": \"wbe\", \"metric\": \"response_time.mean\"}, \"name\"",
       "s.json:2: /precision/client: expected a client of the scenario, found \"wbe\"; did you mean 'web'?"},
      {"\"publish\"", "\"publsh\"",
       "s.json:12: /services/shop/operations/order/2/publsh: expected a known key, found \"publsh\"; "
       "did you mean 'publish'?"},
      {"\"publish\"", "\"work\": \"1ms\", \"publish\"",
       "s.json:12: /services/shop/operations/order/2: expected a step: an object with one of the keys work, call, "
       "publish, reply, "
       "notify, delay, choose, parallel, repeat, use, await or try, found both 'work' and 'publish'"},
      {"{ \"publish\": \"orders\" }", "{}",
       "s.json:12: /services/shop/operations/order/2: expected a step: an object with one of the keys work, call, "
       "publish, reply, "
       "notify, delay, choose, parallel, repeat, use, await or try, found {}"},
      {"\"exponential\"", "\"exponental\"",
       "s.json:10: /services/shop/operations/order/0/work/exponental: expected a known key, "
       "found \"exponental\"; did you mean 'exponential'?"},
      {"{ \"exponential\": \"4ms\" }", "{ \"exponential\": \"4ms\", \"erlang\": {} }",
       "s.json:10: /services/shop/operations/order/0/work: expected a distribution with exactly one key, found "
       "{\"exponential\": "
       "\"4ms\", \"erlang\": {}}"},
      {"{ \"exponential\": \"4ms\" }", "[1]",
       "s.json:10: /services/shop/operations/order/0/work: expected a distribution: a duration such as \"5ms\", or an "
       "object such "
       "as {\"exponential\": \"5ms\"}, found [1]"},
      {"\"exponential\": \"4ms\"", "\"uniform\": {\"low\": \"4ms\", \"high\": \"2ms\"}",
       "s.json:10: /services/shop/operations/order/0/work/uniform: expected low not above high, found 4ms above 2ms"},
      {"\"exponential\": \"4ms\"", "\"quantiles\": {\"0\": \"1ms\", \"2\": \"2ms\"}",
       "s.json:10: /services/shop/operations/order/0/work/quantiles: expected probabilities from 0 to 1 as keys, found "
       "'2'"},
      {"\"poisson\": \"10/s\"", "\"poison\": \"10/s\"",
       "s.json:6: /clients/web/arrivals/poison: expected a known key, found \"poison\"; did you mean 'poisson'?"},
      {"\"requests\": \"shop.order\", ", "",
       "s.json:6: /clients/web: expected the key 'requests' (the operation asked for, or operations with weights), "
       "found none"},
      {"\"arrivals\": { \"poisson\": \"10/s\" }, ", "",
       "s.json:6: /clients/web: expected either 'arrivals' or 'users', found neither"},
      {"\"arrivals\"", "\"users\": {\"users\": 1, \"think\": \"1s\"}, \"arrivals\"",
       "s.json:6: /clients/web: expected either 'arrivals' or 'users', found both"},
  });
}

TEST_CASE("names that lead nowhere are told with the nearest") {
  check({
      {"\"requests\": \"shop.order\"", "\"requests\": \"shop.odrer\"",
       "s.json:6: /clients/web/requests: expected an operation of the scenario, found \"shop.odrer\"; service 'shop' "
       "has no "
       "operation 'odrer'; did you mean 'order'?"},
      {"\"requests\": \"shop.order\"", "\"requests\": {\"shop.order\": 1, \"sohp.order\": 2}",
       "s.json:6: /clients/web/requests/sohp.order: expected an operation of the scenario, found \"sohp.order\"; there "
       "is no "
       "service 'sohp'; did you mean 'shop'?"},
      {"\"requests\": \"shop.order\"", "\"requests\": \"order\"",
       "s.json:6: /clients/web/requests: expected an operation such as \"shop.order\", found \"order\"; it is written "
       "service.operation"},
      {"\"requests\": \"shop.order\"", "\"requests\": {\"shop.order\": 0}",
       "s.json:6: /clients/web/requests/shop.order: expected a number above 0, found 0"},
      {"\"requests\": \"shop.order\"", "\"requests\": {}",
       "s.json:6: /clients/web/requests: expected at least one operation with its weight, found {}"},
      {"\"publish\": \"orders\"", "\"publish\": \"order\"",
       "s.json:12: /services/shop/operations/order/2/publish: expected a topic of the scenario, found \"order\"; did "
       "you mean "
       "'orders'?"},
      {"\"stock.note\": {}", "\"stock.nota\": {}",
       "s.json:20: /topics/orders/subscriptions/stock.nota: expected an operation of the scenario, found "
       "\"stock.nota\"; service "
       "'stock' has no operation 'nota'; did you mean 'note'?"},
      {"\"note\": []", "\"note\": [ { \"call\": \"shop.order\" } ]",
       "s.json:12: /services/shop/operations/order/2/publish: expected messages that die out, found a loop in which "
       "each causes 1 "
       "more on average: shop.order -> stock.note -> shop.order; let it go on with a probability below 1"},
      {"\"work\": \"20ms\"", "\"call\": \"shop.order\"",
       "s.json:11: /services/shop/operations/order/1/call: expected calls that come to an end, found a cycle of calls "
       "that wait "
       "for each other: shop.order -> stock.reserve -> shop.order; publish a message in place of one of them, or leave "
       "it with a "
       "choice (in variant waits)\n"
       "s.json:11: /services/shop/operations/order/1/publish: expected messages that die out, found a loop in which "
       "each causes 1 "
       "more on average: shop.order -> stock.reserve -> shop.order; let it go on with a probability below 1 (in "
       "variant hurries)"},
  });
}

TEST_CASE("rules across values are told") {
  check({
      {"\"publish\": \"orders\"",
       "\"choose\": [ {\"probability\": 0.7, \"steps\": []}, {\"probability\": 0.4, \"steps\": []} ]",
       "s.json:12: /services/shop/operations/order/2: expected probabilities that sum to at most 1, found a sum of "
       "1.1"},
      {"\"publish\": \"orders\"", "\"parallel\": [[], []], \"join\": 3",
       "s.json:12: /services/shop/operations/order/2: expected a join from 1 to 2, the number of branches, found 3"},
      {"\"publish\": \"orders\"", "\"parallel\": [[], []], \"join\": 0",
       "s.json:12: /services/shop/operations/order/2/join: expected \"all\", \"any\" or a whole number from 1 to "
       "4294967295, found 0"},
      {"\"publish\": \"orders\"", "\"parallel\": []",
       "s.json:12: /services/shop/operations/order/2: expected at least one branch, found none"},
      {"{ \"poisson\": \"10/s\" }", "{ \"poisson\": \"10/s\", \"profile\": [[\"2min\", 1], [\"1min\", 2]] }",
       "s.json:6: /clients/web/arrivals/profile/1: expected a time not before 2min, found 1min"},
      {"{ \"poisson\": \"10/s\" }", "{ \"poisson\": \"10/s\", \"profile\": [[\"2min\"]] }",
       "s.json:6: /clients/web/arrivals/profile/0: expected a time and a factor such as [\"5min\", 3], found "
       "[\"2min\"]"},
      {"{ \"poisson\": \"10/s\" }", "{ \"renewal\": \"0s\" }",
       "s.json:6: /clients/web/arrivals/renewal: expected a gap above 0, found one that is always 0"},
      {"{ \"poisson\": \"10/s\" }", "{ \"trace\": \"/etc/passwd\" }",
       "s.json:6: /clients/web/arrivals/trace: expected the name of a file in the scenario's folder, found "
       "\"/etc/passwd\""},
      {"\"10/s\"", "\"10000k/s\"",
       "s.json:5: /clients: expected at most 1e11 events, found about 8.4e11 = 1e7 requests/s x 600 s x 7 hops a "
       "request x 20 "
       "replications; the largest factors are 1e7 requests/s and 600 s"},
  });
}

TEST_CASE("objectives must be sentences that can be judged") {
  const std::string expected =
      "s.json:26: /objectives/0: expected an objective such as \"clients.web.response_time.p99 <= 300ms\", found ";
  const auto problem_of = [](std::string_view objective) {
    return issues_of(with("\"clients.web.response_time.p99 <= 300ms\"", objective));
  };
  CHECK(problem_of("\"a.b < 3\"") == expected + "\"a.b < 3\"; expected '<=' or '>='");
  CHECK(problem_of("\"a.b == 3\"") == expected + "\"a.b == 3\"; expected '<=' or '>='");
  CHECK(problem_of("\"a.b\"") == expected + "\"a.b\"; expected '<=' or '>=' after the path");
  CHECK(problem_of("\" <= 3\"") == expected + "\" <= 3\"; expected a path of the report before '<='");
  CHECK(problem_of("\"a b >= 3\"") == expected + "\"a b >= 3\"; expected a path of the report before '>='");
  CHECK(problem_of("\"a <= 5%\"") == expected + "\"a <= 5%\"; expected a number, a duration or a rate after '<='");
  CHECK(problem_of("\"a <=\"") == expected + "\"a <=\"; expected a number, a duration or a rate after '<='");
  CHECK(problem_of("7") == expected + "7");
  for (const char* sound : {"\"a<=3\"", "\"a >= 0.5\"", "\"a <= 1.5k/s\"", "\"a\\t<= 1e-3\""})
    CHECK(problem_of(sound).empty());
}

TEST_CASE("what is wrong with variants is told where it stands") {
  check({
      {"\"waits\": {}", "\"waits\": { \"services\": { \"stock\": { \"workers\": 0 } } }",
       "s.json:23: /variants/waits/services/stock/workers: expected \"unlimited\" or a whole number from 1 to "
       "1000000000, found 0"},
      {"\"waits\": {}", "\"waits\": { \"services\": { \"stock\": { \"wrkers\": 1 } } }",
       "s.json:23: /variants/waits/services/stock/wrkers: expected a known key, found \"wrkers\"; did you mean "
       "'workers'?"},
      {"\"waits\": {}", "\"waits\": { \"services\": { \"stock\": null } }",
       "s.json:11: /services/shop/operations/order/1/call: expected an operation of the scenario, found "
       "\"stock.reserve\"; there is "
       "no service 'stock' (in variant waits)\n"
       "s.json:20: /topics/orders/subscriptions/stock.note: expected an operation of the scenario, found "
       "\"stock.note\"; there is no "
       "service 'stock' (in variant waits)"},
      {"\"waits\": {}", "\"waits\": { \"clients\": { \"web\": { \"arrivals\": { \"constant\": \"1/s\" } } } }",
       "s.json:6: /clients/web/arrivals: expected a law of arrivals: an object with one of the keys poisson, constant, "
       "renewal, "
       "bursty or trace, found both 'poisson' and 'constant'; a patch adds to what is there, the old key goes away "
       "with null (in "
       "variant waits)"},
      {"\"waits\": {}", "\"waits\": { \"seed\": 2 }",
       "s.json:23: /variants/waits/seed: expected a key that a variant may change, found \"seed\", which all variants "
       "share"},
      {"\"waits\": {}", "\"waits\": 3", "s.json:23: /variants/waits: expected an object (a merge patch), found 3"},
      {"\"waits\": {}", "\"it waits\": {}",
       "s.json:23: /variants/it waits: expected a name of 1 to 64 letters, digits, '_' or '-', found \"it waits\""},
      {"\"defer\": \"all\"", "\"defer\": \"al\"",
       "s.json:24: /variants/hurries/defer: expected \"all\" or a list of operations, found \"al\""},
      {"\"defer\": \"all\"", "\"defer\": [\"stock.reserve\", 3]",
       "s.json:24: /variants/hurries/defer/1: expected an operation such as \"shop.order\", found 3"},
      {"\"defer\": \"all\"", "\"defer\": [\"stock.resreve\"]",
       "s.json:24: /variants/hurries/defer/0: expected an operation that a deferrable call names, found "
       "\"stock.resreve\"; "
       "deferrable are stock.reserve; did you mean 'stock.reserve'?"},
      {"\"topics\"", "\"messaging\": { \"subscriptions\": {} }, \"topics\"",
       "s.json:19: /messaging/subscriptions: expected defaults of all topics, found 'subscriptions', which each topic "
       "has alone"},
      {"\"topics\"", "\"messaging\": { \"delivery\": \"at-least-one\" }, \"topics\"",
       "s.json:19: /messaging/delivery: expected \"at-least-once\", \"at-most-once\" or \"deduplicated\", found "
       "\"at-least-one\"; did "
       "you mean 'at-least-once'?"},
      {"\"topics\"", "\"messaging\": 3, \"topics\"", "s.json:19: /messaging: expected an object, found 3"},
  });
}

TEST_CASE("all errors come in one pass, those of the base once") {
  std::string text = with("\"workers\": 4", "\"workers\": -1");
  text = with("\"workers\": 2", "\"wrokers\": 2", text);
  text = with("\"publish\": \"orders\"", "\"publish\": \"order\"", text);
  text = with("\"10min\"", "600", text);
  CHECK(issues_of(text) ==
        "s.json:3: /horizon: expected a duration such as \"250ms\", found 600; a bare number has no unit, did you mean "
        "\"600ms\"?\n"
        "s.json:9: /services/shop/workers: expected \"unlimited\" or a whole number from 1 to 1000000000, found -1\n"
        "s.json:12: /services/shop/operations/order/2/publish: expected a topic of the scenario, found \"order\"; did "
        "you mean "
        "'orders'?\n"
        "s.json:14: /services/stock/wrokers: expected a known key, found \"wrokers\"; did you mean 'workers'?");
}

TEST_CASE("doubts are named warnings, and the study is there") {
  const auto warning_of = [](std::string_view text) {
    CHECK(read_study(text, {}).study);
    return issues_of(text);
  };
  CHECK(warning_of(with("\"10/s\"", "\"120/s\"")) ==
        "overload s.json:14: /services/stock: stock: 120/s x 20ms = 2.4 of 2 workers");
  CHECK(warning_of(with("\"stock\": {", "\"idle\": {\"operations\": {}}, \"stock\": {")) ==
        "unreachable-service s.json:14: /services/idle: no request leads to 'idle': nobody calls it or sends it "
        "messages");
  const std::string idle_note =
      "unreachable-operation s.json:16: /services/stock/operations/note: no request leads to 'stock.note': nobody "
      "calls "
      "it or sends it messages\n";
  CHECK(warning_of(with("\"publish\": \"orders\"", "\"delay\": \"1ms\"")) ==
        idle_note + "unused-topic s.json:20: /topics/orders: no step publishes to 'orders'");
  CHECK(
      warning_of(with("\"stock.note\": {}", "")) ==
      idle_note +
          "no-subscribers s.json:20: /topics/orders: no operation subscribes to 'orders': its messages are handled by "
          "nobody");
  CHECK(warning_of(with("\"work\": \"20ms\"", "\"work\": { \"pareto\": { \"shape\": 1.5, \"minimum\": \"1ms\" } }")) ==
        "infinite-variance s.json:15: /services/stock/operations/reserve/0/work: the variance is infinite: averages "
        "settle slowly "
        "and intervals are too narrow");
  // What one variant needs is there for a reason.
  CHECK(warning_of(
            with("\"waits\": {}", "\"waits\": { \"services\": { \"shop\": { \"operations\": { \"order\": [] } } } }"))
            .empty());
}
