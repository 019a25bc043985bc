// What a run holds its things in: free lists, the list of what is ready, tournaments.
#include <cstdint>
#include <set>
#include <vector>

#include "sojourn/core/hash.hpp"
#include "sojourn/kernel/free_list.hpp"
#include "sojourn/kernel/ready_list.hpp"
#include "sojourn/kernel/tournament.hpp"
#include "support/catch.hpp"

using namespace sojourn;

TEST_CASE("a free list hands out distinct objects, the last one given back first", "[kernel]") {
  FreeList<int> list;
  std::set<int*> taken;
  for (int i = 0; i < 1000; ++i) taken.insert(list.take());
  CHECK(taken.size() == 1000);
  CHECK(list.live() == 1000);
  int* const one = *taken.begin();
  list.give_back(one);
  CHECK(list.live() == 999);
  CHECK(list.take() == one);
}

TEST_CASE("what is ready goes on in the order in which it became so", "[kernel]") {
  std::vector<int> objects(100);
  ReadyList<int> ready;
  CHECK(ready.pop_front() == nullptr);
  std::size_t pushed = 0, popped = 0;
  for (std::uint64_t round = 0; round < 50'000; ++round) {
    const std::size_t waiting = pushed - popped;
    if (waiting == 0 || (waiting < objects.size() && mix(round) % 2 == 0))
      ready.push_back(objects[pushed++ % objects.size()]);
    else
      REQUIRE(ready.pop_front() == &objects[popped++ % objects.size()]);
  }
  ready.push_back(objects[0]);
  ready.push_back(objects[1]);
  ready.clear();
  CHECK(ready.pop_front() == nullptr);
}

TEST_CASE("a tournament's slots are used again, and a slot that stays empty loses to all", "[kernel]") {
  Tournament<int> tournament;
  CHECK(tournament.size() == 0);
  for (int i = 0; i < 40; ++i) tournament.put(static_cast<std::uint64_t>(100 + i), static_cast<std::uint64_t>(i), i);
  const std::size_t bytes = tournament.bytes();
  for (int round = 0; round < 1000; ++round) {
    const std::uint64_t now = tournament.first_time();
    const int who = tournament.take();
    REQUIRE(now == static_cast<std::uint64_t>(100 + round));
    REQUIRE(who == round % 40);
    tournament.put(now + 40, static_cast<std::uint64_t>(40 + round), who);
    tournament.close();  // nothing is open
  }
  CHECK(tournament.bytes() == bytes);
  for (std::size_t left = 40; left > 0; --left) {
    REQUIRE(tournament.size() == left);
    static_cast<void>(tournament.take());
    tournament.close();
  }
  CHECK(tournament.first_time() == ~std::uint64_t{0});
}
