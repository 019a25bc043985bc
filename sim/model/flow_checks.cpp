// The checks of a flow, in the order in which one makes sense of the next.

#include <iterator>
#include <utility>

#include "sojourn/model/checks.hpp"
#include "sojourn/model/validation.hpp"

namespace sojourn {

Issues check_flows(const Scenario& scenario) {
  const FlowGraph graph = flow_graph(scenario);
  if (Issues silent = check_losses(scenario); !silent.empty()) return silent;
  if (Issues endless = check_endings(scenario, graph); !endless.empty()) return endless;
  const Demand demand = demand_of(scenario, graph);
  if (Issues costly = check_cost(scenario, graph, demand); !costly.empty()) return costly;
  Issues doubts;
  for (Issues more : {check_use(scenario, graph), check_tails(scenario), check_load(scenario, graph, demand),
                      check_deadlocks(scenario, graph), check_waits(scenario, graph)})
    doubts.insert(doubts.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return doubts;
}

}  // namespace sojourn
