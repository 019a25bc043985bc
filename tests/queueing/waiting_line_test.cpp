#include "sojourn/queueing/waiting_line.hpp"

#include <deque>
#include <set>
#include <vector>

#include "support/catch.hpp"

using namespace sojourn;

namespace {

std::vector<std::uint32_t> drain(WaitingLine& line) {
  Stream stream(1, 2);
  std::vector<std::uint32_t> order;
  while (!line.empty()) order.push_back(line.pop(stream));
  return order;
}

WaitingLine filled(Discipline discipline, std::vector<std::pair<std::uint32_t, std::int32_t>> items) {
  WaitingLine line(discipline);
  for (const auto& [item, priority] : items) line.push(item, priority);
  return line;
}

}  // namespace

TEST_CASE("fifo, lifo and priority take the next one by their rule", "[queueing]") {
  const std::vector<std::pair<std::uint32_t, std::int32_t>> items{{1, 0}, {2, 5}, {3, 0}, {4, 5}, {5, -1}};
  auto fifo = filled(Discipline::fifo, items);
  CHECK(fifo.front() == 1);
  CHECK(drain(fifo) == std::vector<std::uint32_t>{1, 2, 3, 4, 5});
  auto lifo = filled(Discipline::lifo, items);
  CHECK(drain(lifo) == std::vector<std::uint32_t>{5, 4, 3, 2, 1});
  auto priority = filled(Discipline::priority, items);
  CHECK(priority.front() == 2);
  CHECK(drain(priority) == std::vector<std::uint32_t>{2, 4, 1, 3, 5});  // FIFO among equals
}

TEST_CASE("the random discipline loses nobody and favours nobody", "[queueing]") {
  Stream stream(3, 4);
  std::vector<int> first(4, 0);
  for (int round = 0; round < 40'000; ++round) {
    auto line = filled(Discipline::random, {{0, 0}, {1, 0}, {2, 0}, {3, 0}});
    ++first[line.pop(stream)];
    std::set<std::uint32_t> rest;
    while (!line.empty()) rest.insert(line.pop(stream));
    REQUIRE(rest.size() == 3);
  }
  for (const int count : first) CHECK(std::abs(count - 10'000) < 4.5 * 87);  // sd of B(40000, 1/4) is 86.6
}

TEST_CASE("a ring is a deque", "[queueing]") {
  Ring ring;
  std::deque<std::uint32_t> deque;
  std::uint32_t next = 0;
  for (int round = 0; round < 5'000; ++round) {
    const int what = (round * 7919) % 5;
    if (what < 3 || deque.empty()) {
      ring.push_back(next);
      deque.push_back(next++);
    } else if (what == 3) {
      REQUIRE(ring.pop_front() == deque.front());
      deque.pop_front();
    } else {
      REQUIRE(ring.pop_back() == deque.back());
      deque.pop_back();
    }
    REQUIRE(ring.size() == deque.size());
  }
}
