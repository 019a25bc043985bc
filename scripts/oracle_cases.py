"""Small scenarios whose answers queueing theory knows: for scripts/oracles.py.

A model is a scenario, how long it runs, and what is read from its report: a case's id, a path, and how the number there becomes
the one of the case (value = scale x number + shift). The first quantity of a model is the one that stands for it where
independent numbers are needed."""

import dataclasses
import math


@dataclasses.dataclass
class Quantity:
    case: str
    path: str
    scale: float = 1.0
    shift: float = 0.0


@dataclasses.dataclass
class Model:
    scenario: dict
    quantities: list
    seconds: float = 1000  # of simulated time after the warm-up, in the full form
    warmup: float = 0
    constant: bool = False  # nothing in it is left to chance
    brief: float = 0  # seconds in the short form; without it, a twentieth of the full form
    full_form_only: bool = False  # a short run says nothing about it
    blunt: str = ""  # why no run is long enough for a narrow interval


def exp(mean_ms):
    return {"exponential": f"{mean_ms * 1000:.0f}us"}


def poisson(rate):
    return {"poisson": f"{rate}/s"}


RESPONSE = "clients.c.response_time."
WAIT = "services.s.waiting_time."
MS = 1e3  # reports have seconds, the cases milliseconds


def scenario(services, client=None, **more):
    client = client or {"requests": "s.x", "arrivals": poisson(80)}
    clients = client if "requests" not in client else {"c": client}
    return {"clients": clients, "services": services, **more}


def queue(rate, work, **service):
    """One service "s", one operation "x" with this work, Poisson arrivals."""
    return scenario({"s": {**service, "operations": {"x": [{"work": work}]}}},
                    {"requests": "s.x", "arrivals": poisson(rate)})


def queue_of(steps, rate, **service):
    return scenario({"s": {**service, "operations": {"x": steps}}}, {"requests": "s.x", "arrivals": poisson(rate)})


def pure_delay(steps):
    """Steps without any queue, asked for at 1000/s."""
    return scenario({"s": {"workers": "unlimited", "operations": {"x": steps, "y": [{"work": exp(10)}]}}},
                    {"requests": "s.x", "arrivals": poisson(1000)})


def fan_out(branches, join="all", step=None):
    return pure_delay([{"parallel": [[step or {"call": "s.y"}]] * branches, "join": join}])


def times(case, *statistics):
    return [Quantity(f"{case}.{name}", RESPONSE + at, MS) for name, at in statistics]


def waits(case, statistic="mean", path=WAIT):
    return Quantity(case, path + statistic, MS)


def pipeline(first_ms):
    """A saturated source, a full topic between two services, no room but for three messages."""
    return scenario({"s": {"operations": {"x": [{"work": exp(first_ms)}, {"publish": "t"}]}},
                     "u": {"operations": {"y": [{"work": exp(10)}]}}},
                    {"requests": "s.x", "users": {"users": 5, "think": "1ns"}},
                    topics={"t": {"capacity": 3, "overflow": "block", "subscriptions": {"u.y": {}}}})


def behind_gateway(rate, **more):
    """A station, and before it a gateway that holds one of its workers for each request in the station."""
    return scenario({"g": {"workers": "unlimited", "operations": {"x": [{"call": "s.x"}]}},
                     "s": {"operations": {"x": [{"work": exp(10)}]}}},
                    {"requests": "g.x", "arrivals": poisson(rate)}, **more)


def at_instant(middle_ms, width_ms, replications):
    """A window about an instant of a run that begins empty: in the full form so many replications."""
    return {"warmup": f"{round((middle_ms - width_ms / 2) * 1000)}us",
            "horizon": f"{round((middle_ms + width_ms / 2) * 1000)}us", "drain": "1ms", "replications": replications}


def at_once(rate, workers):
    """Answered when a worker begins, and given up after a nanosecond: those who need not wait succeed."""
    return scenario({"s": {"workers": workers, "operations": {"x": [{"reply": "begun"}, {"work": exp(10)}]}}},
                    {"requests": "s.x", "arrivals": poisson(rate), "timeout": "1ns"})


def by_gateway(steps, rate, operations, **more):
    """A gateway takes each request these steps further; the station "s" has these operations."""
    services = {"g": {"workers": "unlimited", "operations": {"x": steps}},
                "s": {**more.pop("station", {}), "operations": operations}, **more.pop("others", {})}
    return scenario(services, {"requests": "g.x", "arrivals": poisson(rate)}, **more)


def if_idle(operation, otherwise):
    """Calls an operation that replies when it begins: it begins at once, or not at all."""
    return {"call": f"s.{operation}", "timeout": "1ns", "deadline": "propagate", "fallback": otherwise}


def impatient(rate, mean_work_ms, workers, mean_patience_ms, slices=200):
    """Erlang A: callers leave the queue after an exponential time, here after one of so many times of the same probability,
    each the mean of its slice of the law. A client that looks in, and costs nothing, sees whether all workers are busy."""
    def edge(k):  # the mean below a quantile, times its probability
        left = 1 - k / slices
        return left - left * math.log(left) if left else 0
    branches = [{"probability": round(1 / slices, 12),
                 "steps": [{"call": "s.x", "timeout": f"{(edge(k) - edge(k + 1)) * slices * mean_patience_ms * 1e6:.0f}ns",
                            "deadline": "propagate"}]} for k in range(slices)]
    services = {"g": {"workers": "unlimited", "operations": {"x": [{"choose": branches}]}},
                "s": {"workers": workers, "operations": {"x": [{"reply": "begun"}, {"work": exp(mean_work_ms)}],
                                                         "look": [{"reply": "begun"}, {"work": "0s"}]}}}
    return scenario(services, {"c": {"requests": "g.x", "arrivals": poisson(rate)},
                               "look": {"requests": "s.look", "timeout": "1ns", "arrivals": poisson(rate)}})


def nth_customer(n, every_s):
    """The n-th customer of a station that was empty, again and again: n - 1 messages before it, which nobody waits for."""
    return scenario({"g": {"workers": "unlimited", "operations": {"x": [
        {"repeat": n - 1, "steps": [{"publish": "t"}, {"delay": exp(12.5)}]}, {"call": "s.last"}]}},
                     "h": {"workers": "unlimited", "operations": {"y": [{"call": "s.y"}]}},
                     "s": {"operations": {"y": [{"work": exp(10)}], "last": [{"work": exp(10)}]}}},
                    {"requests": "g.x", "arrivals": {"constant": f"{1 / every_s}/s"}},
                    topics={"t": {"subscriptions": {"h.y": {}}}})


def seen_by_observers(units):
    """An infinite server whose requests each hold one unit of twenty, so that one in a hundred million is lost. Observers ask
    for so many units at once, for no time: they get them when no more than the rest of the twenty are held."""
    take = [{"work": "0s"}]
    for _ in range(units):
        take = [{"use": "units", "steps": take}]
    return scenario({"s": {"workers": "unlimited", "operations": {"x": [{"use": "units", "steps": [{"work": exp(20)}]}]}},
                     "o": {"workers": "unlimited", "operations": {"look": take}}},
                    {"c": {"requests": "s.x", "arrivals": poisson(200)},
                     "look": {"requests": "o.look", "arrivals": poisson(100)}},
                    resources={"units": {"units": 20, "queue": {"capacity": 0}}})


def squared(every_ms, levels, operations, timed=({"call": "s.x"},), around=lambda steps: steps, rates=(20, 60), **station):
    """The second moment of a time T, as the number of those who wait. Each timed request is followed by one who comes a uniform
    time below d after T began, by another who comes d later, and so on while T lasts; all stay until T ends, and together they
    wait T^2 / 2d in the mean. That T ends is known by a message, which is handled for so long. Neighbours have nearly the same
    T: most requests, at the second rate, are only there."""
    waiting = {f"wait{k}": [{"call": "end.known", "timeout": f"{every_ms}ms", "fallback": [{"call": f"w.wait{k + 1}"}]}]
               for k in range(levels)}
    waiting[f"wait{levels}"] = [{"call": "end.known"}]
    steps = [{"publish": "t"}, {"delay": {"uniform": {"low": "0s", "high": f"{every_ms}ms"}}}, {"call": "w.wait0"}]
    services = {"g": {"workers": "unlimited", "operations": {"x": around(steps)}},
                "h": {"workers": "unlimited", "operations": {"timed": list(timed)}},
                "w": {"workers": "unlimited", "operations": waiting},
                "end": {"workers": "unlimited", "operations": {"known": [{"await": ["h.timed"], "timeout": "1000h"}]}},
                "s": {**station, "operations": operations}}
    clients = {"c": {"requests": "g.x", "arrivals": poisson(rates[0])}}
    if rates[1]:
        clients["d"] = {"requests": "s.x", "arrivals": poisson(rates[1])}
    return scenario(services, clients, topics={"t": {"subscriptions": {"h.timed": {}}}})


def number_squared(places, unit, observers):
    """How many requests there are, squared: each holds one of so many places, of which there are always enough. Observers take
    one place after another until none is left, for no time, and count the square of those that they did not get, over a unit."""
    looks = {}
    for k in range(places):
        whole, rest = divmod((places - k) ** 2, unit)
        count = [{"repeat": whole, "steps": [{"call": "count.one"}]}] if whole else []
        count += [{"choose": [{"probability": rest / unit, "steps": [{"call": "count.one"}]}]}] if rest else []
        looks[f"look{k}"] = [{"call": f"o.take{k}", "fallback": count}]
        looks[f"take{k}"] = [{"use": "places", "steps": [{"call": f"o.look{k + 1}"}]}]
    looks[f"look{places}"] = [{"work": "0s"}]
    return scenario({"g": {"workers": "unlimited", "operations": {"x": [{"use": "places", "steps": [{"call": "s.x"}]}]}},
                     "s": {"operations": {"x": [{"work": exp(10)}]}},
                     "o": {"workers": "unlimited", "operations": looks},
                     "count": {"workers": "unlimited", "operations": {"one": [{"work": "0s"}]}}},
                    {"c": {"requests": "g.x", "arrivals": poisson(80)},
                     "look": {"requests": "o.look0", "arrivals": poisson(observers)}},
                    resources={"places": {"units": places, "queue": {"capacity": 0}}})


def sine(seconds):
    """1 + 0.6 sin(2 pi t / 60 s), a point each tenth of a second."""
    return [[f"{k * 100}ms", 1 + 0.6 * math.sin(2 * math.pi * k / 600)] for k in range(seconds * 10 + 1)]


def models():
    """All models, by name."""
    fails = {"time_to_failure": {"exponential": "990ms"}, "time_to_repair": {"exponential": "10ms"}}
    steady = {"arrivals": {"constant": "100/s"}}
    ask = {"operations": {"x": [{"work": "0s"}]}}
    return {
        "M/M/1, 80 % busy": Model(queue(80, exp(10)), times("mm1", ("W", "mean"), ("p50", "p50"), ("p95", "p95"),
                                  ("p99", "p99"), ("p999", "p99.9")) + [waits("mm1.Wq"), waits("mm1.wq_p99", "p99")],
                                  160_000, 30),
        "M/M/1, 90 % busy": Model(queue(90, exp(10)), times("mm1_90", ("W", "mean"), ("p99", "p99")), 250_000, 100),
        "M/M/4": Model(queue(320, exp(10), workers=4),
                       times("mmc4", ("W", "mean"), ("p99", "p99")) + [waits("mmc4.Wq")], 8900, 10),
        "M/M/16": Model(queue(1520, exp(10), workers=16), [Quantity("mmc.allen", WAIT + "mean", 80.0)], 21_000, 20),
        "four queues of their own": Model(queue(320, exp(10), replicas=4, balancing="random"),
                                          times("part4", ("W", "mean")), 3200, 30),
        "Erlang B by lognormal work": Model(queue(90, {"lognormal": {"mean": "1s", "cv": 2}}, workers=100,
                                                  queue={"capacity": 0}),
                                            [Quantity("erlB100", "services.s.refused_per_s", 1 / 90)], 140_000, 100),
        "M/D/1": Model(queue(80, "10ms"), [waits("md1.Wq"), waits("md1.wq_p95", "p95"),
                                           waits("md1.wq_p99.9", "p99.9")], 72_000, 20),
        "M/G/1, constant": Model(queue(70, "10ms"), [waits("mg1.det")], 4000, 20),
        "M/G/1, exponential": Model(queue(70, exp(10)), [waits("mg1.exp")], 14_000, 20),
        "M/G/1, lognormal": Model(queue(70, {"lognormal": {"mean": "10ms", "cv": 1}}), [waits("mg1.ln1")], 16_000, 20),
        "M/G/1, Pareto 2.5": Model(queue(70, {"pareto": {"shape": 2.5, "minimum": "6ms"}}), [waits("mg1.par25")],
                                   100_000, 20, full_form_only=True,
                                   blunt="its waiting time has no variance"),
        "bounded Pareto": Model(scenario({"s": {"workers": "unlimited", "operations": {"x": [{"work": {
            "pareto": {"shape": 1.5, "minimum": "1ms", "maximum": "10s"}}}]}}},
            {"requests": "s.x", "arrivals": poisson(2000)}), [Quantity("bpareto.mean", RESPONSE + "mean", MS)], 300),
        # By Pollaczek and Khinchine the second moment is the mean wait times 2 (1 - rho) / lambda, here 100/s and 29.7 %.
        "M/G/1, bounded Pareto": Model(scenario({"s": {"operations": {"x": [{"work": {
            "pareto": {"shape": 1.5, "minimum": "1ms", "maximum": "10s"}}}]}}},
            {"requests": "s.x", "arrivals": poisson(100)}),
            [Quantity("bpareto.m2", "services.s.waiting_time.mean", MS * 2 * (1 - 0.1 * 2.97000297) / 0.1)], 12_500_000, 500,
            full_form_only=True),
        "processor sharing, long jobs": Model(scenario(
            {"s": {"workers": "unlimited", "cores": 1, "operations": {"x": [{"work": "50ms"}], "y": [{"work": exp(10)}]}}},
            {"c": {"requests": "s.x", "arrivals": poisson(0.2)}, "d": {"requests": "s.y", "arrivals": poisson(69)}}),
            [Quantity("ps.slow50", RESPONSE + "mean", MS)], 26_000, 20),
        "Jackson network": Model(scenario(
            {"s": {"workers": "unlimited", "operations": {"x": [
                {"call": "gateway.go"}, {"call": "orders.go"},
                {"choose": [{"probability": 0.6, "steps": [{"call": "payments.go"}]}]}, {"call": "stock.go"}]}},
             "gateway": {"operations": {"go": [{"work": exp(5)}]}},
             "orders": {"workers": 2, "operations": {"go": [{"work": {"exponential": "16666667ns"}}]}},
             "payments": {"operations": {"go": [{"work": exp(12.5)}]}},
             "stock": {"workers": 3, "operations": {"go": [{"work": {"exponential": "22222222ns"}}]}}},
            {"requests": "s.x", "arrivals": poisson(100)}), [Quantity("jackson.net", RESPONSE + "mean", MS)], 5400, 20),
        "five works in a row": Model(pure_delay([{"work": exp(10)}] * 5),
                                     times("chain5", ("p50", "p50"), ("p99", "p99")), 100),
        "three works in a row": Model(pure_delay([{"work": exp(5)}, {"work": exp(10)}, {"work": exp(20)}]),
                                      [Quantity("chain5.diffp99", RESPONSE + "p99", MS)], 150),
        "closed: machines and repairmen": Model(scenario(
            {"s": {"workers": 2, "operations": {"x": [{"work": exp(125)}]}}},
            {"requests": "s.x", "users": {"users": 10, "think": exp(500)}}),
            [Quantity("repair.R", RESPONSE + "mean", MS), Quantity("repair.X", "clients.c.offered_per_s")], 5000, 20),
        "fan-out to 2": Model(fan_out(2), times("max2", ("mean", "mean"), ("p99", "p99")), 150),
        "fan-out to 100": Model(fan_out(100), times("max100", ("mean", "mean"), ("p99", "p99")), 8),
        "one of 100 slow": Model(fan_out(100, step={"work": "0s", "fails": 0.01}),
                                 [Quantity("tail100", "clients.c.success_ratio", -1, 1)], 10),
        "two of three": Model(fan_out(3, 2), [Quantity("quorum2of3.p99", RESPONSE + "p99", MS)], 150),
        "the first of two": Model(fan_out(2, "any"), [Quantity("hedge.min2", RESPONSE + "mean", MS)], 100),
        "saturated pipeline, even": Model(pipeline(10), [Quantity("block.bal", "services.u.arrivals_per_s")], 1500, 10),
        "saturated pipeline, uneven": Model(pipeline(1000 / 120), [Quantity("block.unbal", "services.u.arrivals_per_s")],
                                            1500, 10),
        "held threads": Model(scenario(
            {"s": {"workers": 8, "operations": {"x": [{"work": exp(30)}, {"call": "b.y"}]}},
             "b": {"operations": {"y": [{"work": exp(10)}]}}},
            {"requests": "s.x", "users": {"users": 100, "think": "1ns"}}),
            [Quantity("sync.cap", "clients.c.offered_per_s")], 2000, 20),
        "power of two choices": Model(queue(90_000, exp(1), replicas=100, balancing="power-of-two"),
                                      [Quantity("pod2.meanfield", RESPONSE + "mean", MS)], 4, 0.5),
        "two replicas that crash": Model(scenario({"s": {"replicas": 2, "failures": fails, **ask}},
                                                  {"requests": "s.x", **steady}),
                                         [Quantity("avail.par", "clients.c.success_ratio")], 1000),
        "two of three that crash": Model(scenario(
            {"s": {"workers": "unlimited", "operations": {"x": [
                {"parallel": [[{"call": f"{name}.x"}] for name in "uvw"], "join": 2}]}},
             **{name: {"failures": fails, **ask} for name in "uvw"}}, {"requests": "s.x", **steady}),
            [Quantity("avail.2of3", "clients.c.success_ratio")], 500),
        "back-off with full jitter": Model(scenario(
            {"s": {"workers": "unlimited", "operations": {"x": [
                {"call": "s.y", "retry": {"attempts": 5, "backoff": "100ms"}}], "y": [{"work": "0s", "fails": 1}]}}},
            {"requests": "s.x", "arrivals": {"constant": "500/s"}}),
            [Quantity("retry.backoff", RESPONSE + "mean", MS)], 60),
        "deliveries of a message": Model(scenario(
            {"s": {"workers": "unlimited", "operations": {"x": [{"publish": "t"}]}},
             "u": {"workers": "unlimited", "operations": {"y": [{"work": "0s", "fails": 0.05}]}}},
            {"requests": "s.x", "arrivals": {"constant": "500/s"}},
            topics={"t": {"redelivery": {"delay": "1ms", "max_deliveries": 100}, "subscriptions": {"u.y": {}}}}),
            [Quantity("redelivery", "services.u.arrivals_per_s", 1 / 500)], 100, 1),
        "an overload of a minute": Model(scenario(
            {"s": {"workers": "unlimited", "operations": {"x": [{"publish": "t"}]}},
             "u": {"operations": {"y": [{"work": exp(10)}]}}},
            {"requests": "s.x", "arrivals": poisson(130)}, topics={"t": {"subscriptions": {"u.y": {}}}},
            horizon="60s", drain="1s"), [Quantity("overload.q", "topics.t.u.y.waiting")], 60),
        "bursts (MMPP/M/1)": Model(scenario(
            {"s": {"operations": {"x": [{"work": exp(10)}]}}},
            {"requests": "s.x", "arrivals": {"bursty": {"rate": "20/s", "burst_rate": "150/s", "calm": "666666667ns",
                                                        "burst": "1s"}}}),
            [Quantity("mmpp.W", RESPONSE + "mean", MS)], 18_000_000, 600, brief=600),
        "Zipf's hottest key": Model(scenario(
            {"s": {"workers": "unlimited", "operations": {"x": [
                {"publish": "t", "key": {"zipf": {"keys": 1000, "exponent": 1}}}]}},
             "u": {"workers": "unlimited", "operations": {"y": [{"work": "0s"}]}}},
            {"requests": "s.x", "arrivals": {"constant": "1000/s"}},
            topics={"t": {"partitions": 1000, "subscriptions": {"u.y": {}}}}),
            [Quantity("zipf.hot", "topics.t.u.y.hottest_partition_share")], 60),
        "a stall of 100 s": Model(scenario(
            {"s": {"operations": {"x": [{"work": "1ms"}]}}},
            {"requests": "s.x", "arrivals": {"constant": "100/s"}}, horizon="200005ms", drain="200s",
            incidents=[{"at": "100005ms", "for": "100s", "target": "s", "effect": {"down": "pause"}}]),
            [Quantity("co.open.mean", RESPONSE + "mean"), Quantity("co.open.p50", RESPONSE + "p50"),
             Quantity("co.open.p99", RESPONSE + "p99")], 200, constant=True),
        "priorities, M/M/4": Model(scenario(
            {"s": {"workers": 4, "queue": {"discipline": "priority"}, "operations": {"x": [{"work": exp(10)}]}}},
            {"c": {"requests": "s.x", "priority": 1, "arrivals": poisson(100)},
             "d": {"requests": "s.x", "arrivals": poisson(220)}}),
            [Quantity("mmc_prio.Wq2", "clients.d.response_time.mean", MS, -10),
             Quantity("mmc_prio.Wq1", "clients.c.response_time.mean", MS, -10)], 8700, 10),
        "a full token bucket": Model(scenario(
            {"s": {"workers": "unlimited", "rate_limit": {"rate": "100/s", "burst": 50},
                   "operations": {"x": [{"work": "0s"}]}}},
            {"requests": "s.x", "arrivals": {"constant": "10k/s"}}, horizon="10s"),
            [Quantity("bucket.burst", "clients.c.outcomes.succeeded")], 10),
        "M/M/1, who need not wait": Model(at_once(80, 1), [Quantity("mm1.pwait0", "clients.c.success_ratio")], 6000, 30),
        "M/M/4, who must wait": Model(at_once(320, 4), [Quantity("mmc4.ErlangC", "clients.c.success_ratio", -1, 1)],
                                      500, 10),
        "M/M/1, how many are there": Model(behind_gateway(80), [Quantity("mm1.L", "services.g.held_workers")], 13_000, 30),
        "M/M/1, 100 ms after it was empty": Model(behind_gateway(80, **at_instant(100, 1, 190_000)),
                                                  [Quantity("mm1.trans.100ms", "services.g.held_workers")]),
        "M/M/1, 1 s after it was empty": Model(behind_gateway(80, **at_instant(1000, 1, 210_000)),
                                               [Quantity("mm1.trans.1s", "services.g.held_workers")]),
        # The first peak: 17 s after it was empty, what that has left is a hundredth of a percent.
        "a rate like a sine, at the peak": Model(scenario(
            {"s": {"workers": "unlimited", "operations": {"x": [{"work": {"exponential": "2s"}}]}}},
            {"requests": "s.x", "arrivals": {"poisson": "100/s", "profile": sine(18)}},
            **at_instant(15_000 + 1971.5, 350, 600)), [Quantity("mtminf.peak", "services.s.busy_workers")]),
        # Users who are always there, and always last: while nobody else is, the worker is away for one of them.
        "exponential vacations": Model(scenario(
            {"s": {"queue": {"discipline": "priority"},
                   "operations": {"x": [{"work": exp(10)}], "v": [{"work": exp(20)}]}}},
            {"c": {"requests": "s.x", "priority": 1, "arrivals": poisson(50)},
             "v": {"requests": "s.v", "users": {"users": 2, "think": "0s"}}}),
            [Quantity("vac.exp", "clients.c.response_time.mean", MS, -10)], 2500, 10),
        # A break after each piece of work with probability f / (1 + f), f = 10 ms / 2 s: in all 10 ms of work.
        "breakdowns while it works": Model(queue_of([
            {"work": {"exponential": "9950249ns"}},
            {"repeat": {"geometric": 0.005}, "steps": [{"work": {"exponential": "222222222ns"}},
                                                       {"work": {"exponential": "9950249ns"}}]}], 60),
            [Quantity("brkop.W", RESPONSE + "mean", MS)], 150_000, 60),
        "callers who lose patience": Model(impatient(480, 10, 4, 50), [
            Quantity("erlangA.Ew", RESPONSE + "mean", MS), Quantity("erlangA.pab", "clients.c.success_ratio", -1, 1),
            Quantity("erlangA.pwait", "clients.look.success_ratio", -1, 1)], 500, 10),
        # Who finds the worker busy tries again after an exponential time, until it is free.
        "an orbit of retries": Model(by_gateway(
            [{"call": "s.x", "fallback": [{"call": "orbit.x", "retry": {"attempts": 100, "backoff": "0s"}}]}], 60,
            {"x": [{"work": exp(10)}]}, station={"queue": {"capacity": 0}},
            others={"orbit": {"workers": "unlimited", "operations": {"x": [{"work": exp(50)}, {"call": "s.x"}]}}}),
            [Quantity("retrial.W", RESPONSE + "mean", MS), Quantity("retrial.N", "services.orbit.busy_workers")], 3700, 50),
        # Who finds the worker idle warms it up first.
        "a setup after each idle time": Model(by_gateway(
            [if_idle("cold", [{"call": "s.warm"}])], 80,
            {"cold": [{"reply": "begun"}, {"work": exp(200)}, {"work": exp(10)}], "warm": [{"work": exp(10)}]}),
            [Quantity("setup.W", "clients.c.completion_time.mean", MS)], 24_000, 50),
        # Who finds the worker idle holds it until five are there: a batch of messages that is full. Those who come meanwhile
        # see that it is held, and send one message each.
        "the worker waits for five (N-policy)": Model(by_gateway(
            [if_idle("first", [{"call": "hold.look", "timeout": "1ns", "deadline": "propagate",
                                "fallback": [{"publish": "gather"}]}, {"call": "s.next"}])], 50,
            {"first": [{"reply": "begun"}, {"call": "hold.until"}, {"work": exp(10)}], "next": [{"work": exp(10)}]},
            others={"hold": {"operations": {"until": [{"publish": "gather"}, {"await": ["five.there"], "timeout": "1000h"}],
                                            "look": [{"work": "0s"}]}},
                    "five": {"workers": "unlimited", "operations": {"there": [{"work": "0s"}]}}},
            topics={"gather": {"subscriptions": {"five.there": {"batch": {"size": 5, "wait": "1000h"}}}}}),
            [Quantity("npolicy", "clients.c.completion_time.mean", MS, -10)], 2000, 50),
        # Who finds the worker idle sends somebody after the work who lets everybody pass: he begins when nobody is left.
        "M/M/1, how long it stays busy": Model(by_gateway(
            [{"try": [{"call": "s.first", "timeout": "1ns", "deadline": "propagate"}, {"call": "s.last", "priority": -1}],
              "compensate": [{"call": "s.next"}]}], 80,
            {"first": [{"reply": "begun"}, {"work": exp(10)}], "next": [{"work": exp(10)}], "last": [{"work": "0s"}]},
            station={"queue": {"discipline": "priority"}}),
            [Quantity("mm1.busy_mean", "calls.g->s.last.response_time.mean", MS)], 6000, 50),
        # A gate lets ten at a time to the queue, which changes nothing; who looks in sees whether all ten are taken.
        "M/M/1, ten or more": Model(scenario(
            {"g": {"workers": 10, "operations": {"x": [{"call": "s.x"}], "look": [{"reply": "begun"}, {"work": "0s"}]}},
             "s": {"operations": {"x": [{"work": exp(10)}]}}},
            {"c": {"requests": "g.x", "arrivals": poisson(80)},
             "look": {"requests": "g.look", "timeout": "1ns", "arrivals": poisson(80)}}),
            [Quantity("mm1.pN10", "clients.look.success_ratio", -1, 1)], 72_000, 50),
        "M/M/1, the tenth customer": Model(nth_customer(10, 2), [
            Quantity("mm1.W10", "calls.g->s.last.response_time.mean", MS, -10)], 60_000),
        "M/M/1, the hundredth customer": Model(nth_customer(100, 10), [
            Quantity("mm1.W100", "calls.g->s.last.response_time.mean", MS, -10)], 150_000, brief=3000),
        "an infinite server, nobody there": Model(seen_by_observers(20), [
            Quantity("mginf.p0", "clients.look.success_ratio")], 9000, 1),
        "an infinite server, more than eight": Model(seen_by_observers(12), [
            Quantity("mginf.gt8", "clients.look.success_ratio", -1, 1)], 20_000, 1, brief=600),
        # Those who are interrupted see breakdowns, each a busy time of the others; their mean takes its first two moments.
        "preemptive priority, the high class": Model(queue(30, exp(5)), [
            Quantity("prio_pr.T1", RESPONSE + "mean", MS)], 2000, 5),
        "preemptive priority, the low class": Model(queue(50, exp(12), failures={
            "mode": "pause", "time_to_failure": {"exponential": "33333333ns"},
            "time_to_repair": {"hyperexponential": {"mean": "5882353ns", "cv": 1.16316}}}), [
            Quantity("prio_pr.T2", RESPONSE + "mean", MS)], 14_000, 20),
        "M/M/1, how much its times vary": Model(squared(100, 10, {"x": [{"work": exp(10)}]}), [
            Quantity("mm1.var", "services.w.held_workers", 2 * 100 / 0.02, -50**2)], 330_000, 30, brief=2000),
        "sharing, how much its times vary": Model(squared(200, 25, {"x": [{"work": exp(10)}]}, workers="unlimited", cores=1), [
            Quantity("mm1ps.var", "services.w.held_workers", 2 * 200 / 0.02, -50**2)], 220_000, 30, brief=1500),
        # Timed as above, by 16/s who find the worker idle.
        "M/M/1, how much its busy times vary": Model(squared(
            500, 20, {"first": [{"reply": "begun"}, {"work": exp(10)}], "next": [{"work": exp(10)}], "last": [{"work": "0s"}]},
            [{"call": "s.last", "priority": -1}], lambda steps: [
                {"try": [{"call": "s.first", "timeout": "1ns", "deadline": "propagate"}, *steps],
                 "compensate": [{"call": "s.next"}]}], (80, 0), queue={"discipline": "priority"}), [
            Quantity("mm1.busy_scv", "services.w.held_workers", 2 * 500 / 0.016 / 50**2, -1)], 88_000, 30, brief=1000),
        # The root of a second moment of 36, of which the mean squared, 16, is taken off: near there it is a straight line.
        "M/M/1, how much its number varies": Model(number_squared(70, 100, 2), [
            Quantity("mm1.feedback.var", "services.count.arrivals_per_s", 100 / 2 / (2 * math.sqrt(20)),
                     math.sqrt(20) - 36 / (2 * math.sqrt(20)))], 80_000, 30, brief=1200),
        # A miss fills the cache for 3 s; who comes meanwhile is refused: a hit.
        "a cache that forgets": Model(queue_of([{"work": "3s"}], 2, queue={"capacity": 0}),
                                      [Quantity("ttlcache", "clients.c.success_ratio", -1, 1)], 20_000, 20),
    }


NOT_EXPRESSED = {
    "mm1.autocorr": "the rate of a decay that is only reached in the limit",
    "pod2.s3": "the report does not count replicas by what they hold, and an observer would choose between two of them, too",
    "mtminf.lag": "the place of a peak, which many windows would only bracket",
    "setup2.W": "workers have no setup of their own that ends when its work goes elsewhere",
    "mg1.par19": "no mean to compare with; the input's infinite variance is a named warning",
}


def own_models():
    """Other parameters, for which the program's own theory has exact results."""
    return {
        "M/M/1, 50 %": (queue(50, exp(10)), 7900, 2), "M/M/2, 70 %": (queue(140, exp(10), workers=2), 11_000, 5),
        "M/M/8, 85 %": (queue(680, exp(10), workers=8), 7300, 5),
        "M/M/3/5": (queue(300, exp(10), workers=3, queue={"capacity": 2}), 250, 2),
        "Erlang B, 5": (queue(40, exp(100), workers=5, queue={"capacity": 0}), 600, 5),
        "M/D/1, 60 %": (queue(60, "10ms"), 4200, 3),
        "M/Erlang/1": (queue(60, {"erlang": {"k": 3, "mean": "10ms"}}), 5000, 3),
        "M/H2/1": (queue(60, {"hyperexponential": {"mean": "10ms", "cv": 2}}), 23_000, 10),
        "M/gamma/1": (queue(60, {"gamma": {"mean": "10ms", "cv": 0.5}}), 2900, 3),
        "M/uniform/1": (queue(60, {"uniform": {"low": "5ms", "high": "15ms"}}), 3200, 3),
        "M/G/1 PS": (queue(60, {"gamma": {"mean": "10ms", "cv": 1.5}}, workers="unlimited", cores=1), 6600, 5),
        "unlimited workers": (queue(500, {"weibull": {"shape": 0.7, "scale": "10ms"}}, workers="unlimited"), 100, 2),
        "closed, 1 worker": (scenario({"s": {"operations": {"x": [{"work": exp(20)}]}}},
                                      {"requests": "s.x", "users": {"users": 8, "think": exp(200)}}), 1500, 10),
        "closed, tandem": (scenario({"s": {"waiting": "async", "operations": {"x": [{"work": exp(20)}, {"call": "b.y"}]}},
                                     "b": {"workers": 2, "operations": {"y": [{"work": exp(50)}]}}},
                                    {"requests": "s.x", "users": {"users": 6, "think": exp(300)}}), 2000, 10),
        "async tandem": (scenario({"s": {"waiting": "async", "operations": {"x": [{"work": exp(8)}, {"call": "b.y"}]}},
                                   "b": {"workers": 2, "operations": {"y": [{"work": exp(15)}]}}},
                                  {"requests": "s.x", "arrivals": poisson(90)}), 8500, 5),
    }
