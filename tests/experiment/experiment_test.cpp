#include "sojourn/experiment/experiment.hpp"

#include <stdexcept>

#include "support/catch.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;

namespace {

const std::vector<std::string> names{"plain", "slower"};

std::vector<Topology> topologies() { return {synthetic::topology(), synthetic::topology(500'000)}; }

Measurements failing_run(const Topology& topology, const RunOptions& options) {
  if (options.replication == 3) throw std::runtime_error("no more");
  return synthetic::run(topology, options);
}

std::atomic<bool> stop{false};

/// Stops the experiment when the fifth replication begins.
Measurements interrupting_run(const Topology& topology, const RunOptions& options) {
  if (options.replication == 4) stop = true;
  return synthetic::run(topology, options);
}

}  // namespace

TEST_CASE("the number of threads changes nothing") {
  const Study study = synthetic::study(9, names);
  const ExperimentResult one = synthetic::experiment(study, topologies(), 1);
  for (const unsigned jobs : {2U, 5U, 40U}) {
    const ExperimentResult many = synthetic::experiment(study, topologies(), jobs);
    CHECK(many.fingerprint == one.fingerprint);
    CHECK(many.events == one.events);
    for (std::size_t v = 0; v < names.size(); ++v) {
      CHECK(many.variants[v].values == one.variants[v].values);
      CHECK(many.variants[v].estimates == one.variants[v].estimates);
      CHECK(many.variants[v].merged.clients[0].response_time == one.variants[v].merged.clients[0].response_time);
    }
  }
}

TEST_CASE("replications are the unit of evidence") {
  const ExperimentResult result = synthetic::experiment(synthetic::study(6, names), topologies());
  CHECK(result.complete());
  CHECK(result.replications == 6);
  CHECK(result.events == 2 * (6 * 1000 + 15));
  const VariantResult& variant = result.variants[1];
  CHECK(variant.merged.clients[0].requests == 2400);
  const auto mean = variant.estimate("clients.web.response_time.mean");
  REQUIRE(mean.has_value());
  CHECK(mean->n == 6);
  CHECK(mean->value == Approx(6e-3).epsilon(0.02));  // uniform on 1 to 10 ms, and half a millisecond
  CHECK(mean->half_width.value() > 0);
  const auto p99 = variant.estimate("clients.web.response_time.p99");
  CHECK(p99.value().value == variant.merged.clients[0].response_time.quantile(0.99).value() / 1e9);
  const auto requests = variant.estimate("clients.web.requests");
  CHECK(requests.value() == Estimate{.value = 2400, .half_width = {}, .n = 6});
  CHECK(variant.estimate("topics.orders.stock.reserve.backlog_max").value().value == 12);
}

TEST_CASE("a quantile with too few samples is refused") {
  const ExperimentResult result = synthetic::experiment(synthetic::study(2, names), topologies());  // 800 requests
  CHECK(result.variants[0].estimate("clients.web.response_time.p99").has_value());
  CHECK_FALSE(result.variants[0].estimate("clients.web.response_time.p99.9").has_value());
  CHECK(result.variants[0].estimate("clients.web.response_time.max").has_value());
}

TEST_CASE("one replication has no interval") {
  const ExperimentResult result = synthetic::experiment(synthetic::study(1, names), topologies());
  CHECK_FALSE(result.variants[0].estimate("clients.web.response_time.mean").value().half_width.has_value());
}

TEST_CASE("an interrupted experiment keeps the replications that every variant finished") {
  for (const unsigned jobs : {1U, 3U}) {
    stop = false;
    const Study study = synthetic::study(50, names);
    const ExperimentResult result =
        run_experiment(study, topologies(), {.jobs = jobs, .interrupted = &stop, .run = interrupting_run});
    CHECK_FALSE(result.complete());
    CHECK(result.wanted == 50);
    CHECK(result.replications <= 4);
    if (jobs == 1) CHECK(result.replications == 4);
    for (const VariantResult& variant : result.variants) {
      if (result.replications > 0) CHECK(variant.merged.replications == result.replications);
      for (std::size_t c = 0; c < variant.columns.size(); ++c)
        if (variant.columns[c].statistic == Statistic::quantile)  // those with few samples share a section
          CHECK(variant.values[c].size() <= result.replications);
        else
          CHECK(variant.values[c].size() == result.replications);
    }
  }
}

TEST_CASE("what the first replications say does not depend on those that follow") {
  stop = false;
  const ExperimentResult partial = run_experiment(synthetic::study(50, names), topologies(),
                                                  {.jobs = 1, .interrupted = &stop, .run = interrupting_run});
  const ExperimentResult whole = synthetic::experiment(synthetic::study(4, names), topologies());
  CHECK(partial.fingerprint == whole.fingerprint);
  CHECK(partial.variants[1].estimates == whole.variants[1].estimates);
}

TEST_CASE("a run that throws ends the experiment, whatever the number of threads") {
  for (const unsigned jobs : {1U, 4U})
    CHECK_THROWS_AS(run_experiment(synthetic::study(9, names), topologies(), {.jobs = jobs, .run = failing_run}),
                    std::runtime_error);
}

TEST_CASE("the observer sees every run once") {
  struct Seen {
    std::uint64_t calls = 0, total = 0;
  } seen;
  const Observer observer{[](void* context, std::uint64_t done, std::uint64_t total) {
                            auto& s = *static_cast<Seen*>(context);
                            s.total = total;
                            if (done == ++s.calls) return;
                            s.calls = 1000;  // out of order
                          },
                          &seen};
  const auto result = run_experiment(synthetic::study(8, names), topologies(),
                                     {.jobs = 4, .observer = observer, .run = synthetic::run});
  CHECK(result.complete());
  CHECK(seen.calls == 16);
  CHECK(seen.total == 16);
}
