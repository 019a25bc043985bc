// What a service refuses by itself: whoever waited too long, and whatever exceeds its rate.
#include "support/scenario.hpp"

using namespace sojourn;
using namespace sojourn::testing;

namespace {

std::string clients(const std::string& names) {
  std::string text;
  for (const char name : names)
    text += (text.empty() ? "" : ", ") + std::string(1, '"') + name +
            R"(": {"requests": "a.x", "arrivals": {"constant": "1/s"}})";
  return text;
}

}  // namespace

TEST_CASE("who waited longer than max_wait is refused when its turn comes", "[limits]") {
  const auto m =
      run_text(R"({"name": "t", "horizon": "1999ms", "clients": {)" + clients("abcd") +
               R"(}, "services": {"a": {"queue": {"max_wait": "15ms"}, "operations": {"x": [{"work": "10ms"}]}}}})");
  check_all_ms(m.clients[0].response_time, 10);
  check_all_ms(m.clients[1].response_time, 20);
  for (const std::size_t late : {2U, 3U}) {
    CHECK(outcome(m.clients[late], Outcome::refused) == 1);
    check_all_ms(m.clients[late].response_time, 20);  // learns so at its turn, not before
  }
  CHECK(m.services[0].refused == 2);
  CHECK(m.services[0].waiting_time.count() == 2);
  CHECK(m.ledger.jobs_refused == 2);
}

TEST_CASE("exactly max_wait is not longer", "[limits]") {
  const auto m =
      run_text(R"({"name": "t", "horizon": "1999ms", "clients": {)" + clients("ab") +
               R"(}, "services": {"a": {"queue": {"max_wait": "10ms"}, "operations": {"x": [{"work": "10ms"}]}}}})");
  check_all_ms(m.clients[1].response_time, 20);
  CHECK(m.services[0].refused == 0);
}

TEST_CASE("a job that resumes is never refused for its wait", "[limits]") {
  const auto m = run_text(R"({"name": "t", "horizon": "1999ms",
    "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "1/s"}}, "d": {"requests": "a.y", "arrivals": {"constant": "1/s"}}},
    "services": {"a": {"waiting": "async", "queue": {"max_wait": "15ms"}, "operations": {
      "x": [{"work": "10ms"}, {"delay": "1ms"}, {"work": "10ms"}], "y": [{"work": "50ms"}]}}}})");
  check_all_ms(m.clients[0].response_time, 70);
  CHECK(m.services[0].refused == 0);
}

TEST_CASE("a rate limit admits its burst and then its rate", "[limits]") {
  for (const std::string apart : {"", R"("workers": 9, "cores": 8, )"}) {
    // 100/s from 10 ms on for 2 s: 199. Burst 5 and 20/s: at 10 ms 5 tokens, one every 50 ms after the first.
    const auto m =
        run_text(R"({"name": "t", "horizon": "2s",
      "clients": {"c": {"requests": "a.x", "arrivals": {"constant": "100/s"}}},
      "services": {"a": {)" +
                 apart + R"("rate_limit": {"rate": "20/s", "burst": 5}, "operations": {"x": [{"work": "1ms"}]}}}})");
    CHECK(m.clients[0].requests == 199);
    CHECK(outcome(m.clients[0], Outcome::succeeded) == 5 + 39);
    CHECK(outcome(m.clients[0], Outcome::refused) == 199 - 44);
    CHECK(m.services[0].refused == 199 - 44);
  }
}

TEST_CASE("a rate limit does not hold for messages", "[limits]") {
  const auto m = run_text(R"({"name": "t", "horizon": "2s",
    "clients": {"c": {"requests": "p.x", "arrivals": {"constant": "100/s"}}},
    "services": {"p": {"operations": {"x": [{"publish": "t"}]}},
                 "a": {"rate_limit": {"rate": "1/s", "burst": 1}, "operations": {"y": [{"work": "1ms"}]}}},
    "topics": {"t": {"subscriptions": {"a.y": {}}}}})");
  CHECK(m.clients[0].fulfilled == 199);
}
