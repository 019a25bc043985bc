"""What the workers of every service did: work, hold still for somebody else's answer, or idle."""
import math

from matplotlib.patches import Patch

from . import style

EACH_CLIENT = False
KINDS = (("busy", style.BLUE, ""), ("held: waits for a call, a delay or a lock", style.ORANGE, "///"),
         ("idle", "#ffffff", ""))
COLUMNS = 3


def shares(result, variant, service):
    """(busy, held, idle) as shares of the worker-time; None where the workers have no limit or nothing tells of it."""
    utilization = result.estimate(variant, "services", service, "utilization")
    held = result.estimate(variant, "services", service, "held_workers")
    if not utilization or not held:
        return None
    taken = 0.0
    if held.value > 0:
        workers = workers_of(result, variant, service)
        if not workers:
            return None
        taken = held.value / workers
    return utilization.value, taken, max(0.0, 1 - utilization.value - taken)


def workers_of(result, variant, service):
    """The workers of all replicas of a service, on average. The report tells them only through busy workers and
    utilization; where a variant gives a service no work, another variant's workers a replica must do."""
    for of in [variant] + result.variants:
        utilization = result.estimate(of, "services", service, "utilization")
        busy = result.estimate(of, "services", service, "busy_workers")
        here = result.estimate(variant, "services", service, "replicas")
        there = result.estimate(of, "services", service, "replicas")
        if utilization and busy and utilization.value > 0 and here and there and there.value > 0:
            return busy.value / utilization.value / there.value * here.value
    return None


def draw(result):
    style.begin()
    services = result.services()
    table = {v: [shares(result, v, s) for s in services] for v in result.variants}
    if not any(share for column in table.values() for share in column):
        return None
    columns = min(COLUMNS, len(result.variants))
    rows = math.ceil(len(result.variants) / columns)
    drawn = style.figure((max(11, 2.0 + 5.2 * columns), rows * (1.5 + 0.52 * len(services))),
                         f"{result.name}: what the workers of each service did", style.about(result, client=False))
    grid = list(drawn.subplots(rows, columns, sharey=True, squeeze=False).flat)
    for axes in grid[len(result.variants):]:
        axes.set_visible(False)
    for axes, variant in zip(grid, result.variants):
        panel(axes, table[variant])
        axes.set_title(variant, weight="bold", pad=30)
        axes.set_yticks(range(len(services)), services)
        axes.set_ylim(len(services) - 0.45, -0.55)
    style.legend(drawn, [Patch(facecolor=c, hatch=h, edgecolor="black", label=k) for k, c, h in KINDS], 3)
    return drawn


def panel(axes, column):
    """A bar a service, and beside it the three shares in numbers."""
    places = (124, 150, 176)
    for place, (kind, _, _) in zip(places, KINDS):
        axes.annotate(f"{kind.split(':')[0]} %", (place, 1), (0, 6), xycoords=("data", "axes fraction"),
                      textcoords="offset points", ha="right", fontsize=13)
    for y, share in enumerate(column):
        if share is None:
            axes.text(2, y, "no limit, or not used", va="center", fontsize=13, color=style.GREY)
            continue
        start = 0.0
        for place, part, (_, fill, hatch) in zip(places, share, KINDS):
            axes.barh(y, part * 100, 0.66, left=start, color=fill, hatch=hatch, edgecolor="black", linewidth=0.8)
            start += part * 100
            axes.text(place, y, f"{part * 100:.1f}", ha="right", va="center", fontsize=13)
    axes.set_xlim(0, places[-1] + 2)
    axes.set_xticks(range(0, 101, 25))
    axes.set_xlabel("share of worker-time [%]", loc="left")
    axes.tick_params(axis="y", length=0)
    axes.spines["bottom"].set_bounds(0, 100)
    axes.grid(visible=False)
