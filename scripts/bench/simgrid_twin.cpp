// W1, W2 or W3 in SimGrid (S4U): one actor a worker, a semaphore that counts what waits at its station.
// Usage: simgrid_twin W1|W2|W3 JOBS; prints mean and p99 of the time that counts, in mean service times.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <random>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

namespace sg4 = simgrid::s4u;

struct Job {
  double begun;
  sg4::Semaphore* caller;  // who waits for it; nobody in W1 and W3
};
struct Station {
  std::deque<Job> waiting;
  sg4::SemaphorePtr count = sg4::Semaphore::create(0);
  void put(const Job& job) {
    waiting.push_back(job);
    count->release();
  }
};

int main(int count, char** arguments) {
  sg4::Engine engine(&count, arguments);
  const std::string which = arguments[1];
  const long jobs = std::atol(arguments[2]);
  const std::vector<int> workers = which == "W1"   ? std::vector{1}
                                   : which == "W2" ? std::vector{22, 18, 14, 10, 4}
                                                   : std::vector{4, 4, 4, 4, 4};
  const bool nested = which == "W2";
  std::mt19937_64 random(1);
  auto exponential = [&random](double rate) { return std::exponential_distribution<double>(rate)(random); };
  std::vector<Station> stations(workers.size());
  std::vector<double> times;
  auto* zone = sg4::create_full_zone("zone");
  auto* host = zone->create_host("host", 1e9);
  zone->seal();
  for (std::size_t s = 0; s < workers.size(); ++s)
    for (int w = 0; w < workers[s]; ++w)
      sg4::Actor::create("worker", host, [&, s] {
        sg4::Actor::self()->daemonize();
        const auto answered = sg4::Semaphore::create(0);
        while (true) {
          stations[s].count->acquire();
          const Job job = stations[s].waiting.front();
          stations[s].waiting.pop_front();
          sg4::this_actor::sleep_for(exponential(1));
          const bool last = s + 1 == stations.size();
          if (!last) stations[s + 1].put({job.begun, nested ? answered.get() : nullptr});
          if (!last && nested) answered->acquire();
          if (job.caller != nullptr) job.caller->release();
          if (nested ? s == 0 : last) times.push_back(sg4::Engine::get_clock() - job.begun);
        }
      });
  sg4::Actor::create("source", host, [&] {
    for (long i = 0; i < jobs; ++i) {
      stations[0].put({sg4::Engine::get_clock(), nullptr});
      sg4::this_actor::sleep_for(exponential(which == "W1" ? 0.9 : 3.2));
    }
    sg4::this_actor::sleep_for(1000);
  });
  engine.run();
  double sum = 0;
  for (const double time : times) sum += time;
  const auto at = times.begin() + static_cast<long>(times.size() * 99 / 100);
  std::nth_element(times.begin(), at, times.end());
  std::printf("%.6g %.6g\n", sum / static_cast<double>(times.size()), *at);
}
