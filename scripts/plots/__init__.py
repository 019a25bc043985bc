"""The pictures of a result. A picture is a module with EACH_CLIENT (whether each client gets its own) and
draw(result), which returns a Figure, or None where the result does not hold the data. A new one is one more line here."""
from . import capacity, decide, decision_map, life, percentiles, response_completion, sweep, timeline, topology, workers

PICTURES = {
    "response-completion": response_completion,
    "percentiles": percentiles,
    "workers": workers,
    "timeline": timeline,
    "topology": topology,
    "life": life,
    "decide": decide,
    "decision-map": decision_map,
    "sweep": sweep,
    "capacity": capacity,
}
