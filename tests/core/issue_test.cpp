#include "sojourn/core/issue.hpp"

#include "support/catch.hpp"

using namespace sojourn;

TEST_CASE("an issue says where, what was expected and what was found", "[core]") {
  const Issue issue{Severity::error, 12, "/services/shop/workers", "expected a whole number from 1, found 0"};
  CHECK(to_text(issue, "shop.json") == "shop.json:12: /services/shop/workers: expected a whole number from 1, found 0");
  CHECK(to_text(Issue{Severity::error, 0, "", "expected a scenario, found an empty file"}, "a.json") ==
        "a.json: expected a scenario, found an empty file");
  CHECK(to_text(Issue{Severity::error, 3, "/horizon", "expected a duration, found 5"}, "a.json") ==
        "a.json:3: /horizon: expected a duration, found 5");
  CHECK(to_text(Issue{Severity::error, 0, "", "expected a file"}, "") == "expected a file");
}

TEST_CASE("only errors stop a run", "[core]") {
  CHECK_FALSE(has_errors({}));
  const Issue doubtful{Severity::warning, 0, "", "doubtful"};
  CHECK_FALSE(has_errors({doubtful}));
  CHECK(has_errors({doubtful, Issue{Severity::error, 0, "", "wrong"}}));
}

TEST_CASE("a slip of the finger finds the name that was meant", "[core]") {
  const std::vector<std::string> names{"replicas", "workers", "waiting", "queue", "operations"};
  CHECK(nearest("worker", names) == "workers");
  CHECK(nearest("wrokers", names) == "workers");
  CHECK(nearest("Replicas", names) == "replicas");
  CHECK(nearest("operatoins", names) == "operations");
  CHECK(nearest("colour", names).empty());
  CHECK(nearest("queeu", {"queue", "queues"}) == "queue");  // a swap of neighbours counts one
  CHECK(nearest("cat", {"car", "bat", "cat"}) == "cat");    // the nearest, not the first
  CHECK(nearest("cap", {"car", "cat"}) == "car");           // among equals the first
  CHECK(nearest("wxyzers", names).empty());                 // three slips in seven letters
  CHECK(nearest("retry", std::vector<std::string>{}).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest(std::string(10'000, 'x'), names).empty());
  CHECK(did_you_mean("qeue", names) == "; did you mean 'queue'?");
  CHECK(did_you_mean("banana", names).empty());
}
