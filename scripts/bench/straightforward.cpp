// The straightforward engine that scripts/bench.py compares with: std::priority_queue, std::function, std::deque, one event a
// step. Usage: straightforward W1|W2|W3 JOBS; prints mean and p99 of the time that counts, in mean service times.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <vector>

struct Event {
  double at;
  long order;
  std::function<void()> what;
  bool operator<(const Event& other) const { return at != other.at ? at > other.at : order > other.order; }
};
struct Engine {
  std::priority_queue<Event> events;
  double now = 0;
  long order = 0;
  std::mt19937_64 random{1};
  double exponential(double mean) { return std::exponential_distribution<double>(1 / mean)(random); }
  void after(double delay, std::function<void()> what) { events.push({now + delay, order++, std::move(what)}); }
  void run() {
    while (!events.empty()) {
      Event next = std::move(const_cast<Event&>(events.top()));
      events.pop();
      now = next.at;
      next.what();
    }
  }
};
struct Station {
  int free;
  std::deque<std::function<void()>> waiting;
  void take(std::function<void()> go) {
    if (free == 0) return waiting.push_back(std::move(go));
    --free;
    go();
  }
  void give() {
    if (waiting.empty()) return void(++free);
    auto go = std::move(waiting.front());
    waiting.pop_front();
    go();
  }
};

int main(int, char** arguments) {
  const std::string which = arguments[1];
  const long jobs = std::atol(arguments[2]);
  const std::vector<int> workers = which == "W1"   ? std::vector{1}
                                   : which == "W2" ? std::vector{22, 18, 14, 10, 4}
                                                   : std::vector{4, 4, 4, 4, 4};
  const bool nested = which == "W2";
  Engine engine;
  std::vector<Station> stations;
  for (const int count : workers) stations.push_back({count, {}});
  std::vector<double> times;
  // One job at one stage: take a worker, work, then call (and hold the worker) or hand on.
  std::function<void(std::size_t, std::function<void()>)> stage = [&](std::size_t s, std::function<void()> done) {
    stations[s].take([&, s, done = std::move(done)]() mutable {
      engine.after(engine.exponential(1), [&, s, done = std::move(done)]() mutable {
        auto end = [&, s, done] { stations[s].give(), done(); };
        if (s + 1 == stations.size()) return end();
        if (nested) return stage(s + 1, std::move(end));
        stations[s].give();
        stage(s + 1, std::move(done));
      });
    });
  };
  long started = 0;
  std::function<void()> arrive = [&] {
    stage(0, [&, begun = engine.now] { times.push_back(engine.now - begun); });
    if (++started < jobs) engine.after(engine.exponential(which == "W1" ? 1 / 0.9 : 1 / 3.2), arrive);
  };
  engine.after(0, arrive);
  engine.run();
  double sum = 0;
  for (const double time : times) sum += time;
  std::nth_element(times.begin(), times.begin() + jobs * 99 / 100, times.end());
  std::printf("%.6g %.6g\n", sum / static_cast<double>(times.size()), times[static_cast<std::size_t>(jobs * 99 / 100)]);
}
