"""A sweep: throughput and the slowest hundredth against the value that varies, a line a variant, the hockey stick. Other axes
become panels side by side."""
import copy
import itertools
import json
import math

from matplotlib.lines import Line2D

from . import style
from .load import Estimate, Problem, finite

EACH_CLIENT = True
KIND = "sweep"
MOST_PANELS = 6
PER_ROW = 4  # names in a row of the legend
ROWS = (("succeeded_per_s", "requests that\nsucceeded"), ("response_time_p99_s", "response time,\np99 (log scale)"),
        ("completion_time_p99_s", "completion time,\np99 (log scale)"))


def read(folder):
    """The sweep in the folder; raises Problem."""
    path = folder / "sweep.json"
    if not path.is_file():
        raise Problem(f"{folder}: expected sweep.json beside sweep.csv, found none; 'sojourn sweep' makes both")
    try:
        return Sweep(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, RecursionError) as error:
        raise Problem(f"{path}: expected JSON, found something else: {str(error).splitlines()[0]}") from None
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Problem(f"{path}: expected the report of a sweep, found no {error}") from None


class Sweep:
    """The cells of a sweep, seen for one client."""

    kind = KIND

    def __init__(self, report):
        self.name = report["scenario"]["name"]
        self.axes = report["axes"]
        self.sizes = [len(axis["values"]) for axis in self.axes]
        self.cells = {cell["cell"] - 1: cell for cell in report["cells"]}
        held = [cell for cell in self.cells.values() if cell["variants"]]
        if not held:
            raise Problem("sweep.json: expected cells with numbers, found none")
        self.sample = held[0]
        self.variants = list(dict.fromkeys(v for cell in held for v in cell["variants"]))
        self.clients = list(dict.fromkeys(c for cell in held for v in cell["variants"].values() for c in v["clients"]))
        self.client = self.clients[0]

    def for_client(self, client):
        other = copy.copy(self)
        other.client = client
        return other

    def cell(self, place):
        number = 0
        for size, at in zip(self.sizes, place):
            number = number * size + at
        return self.cells.get(number)

    def estimate(self, cell, variant, metric):
        found = ((cell or {}).get("variants", {}).get(variant, {}).get("clients", {}).get(self.client, {}).get(metric, {}))
        value = finite(found.get("value"))
        return None if value is None else Estimate(value, finite(found.get("half_width")))

    def grows(self, cell, variant):
        return any(w["name"] == "growing-queue" and w["variant"] == variant for w in cell["warnings"])

    def about(self):
        cell = self.sample
        parts = [f"client {self.client}", f"seed {cell['seed']}",
                 f"{cell['replications']} replication{'' if cell['replications'] == 1 else 's'} a point",
                 f"{style.round_time_text(cell['horizon_s'] - cell['warmup_s'])} measured in each"]
        return "  ·  ".join(parts)


def is_numeric(axis):
    return all(finite(value) is not None for value in axis["values"])


def words(axis):
    """The end of the pointer, as it is said: arrivals poisson, inventory workers."""
    parts = [p for p in axis["pointer"].split("/") if p and not p.isdigit()]
    return " ".join(parts[-2:])


def value_text(axis, at):
    value = axis["values"][at]
    if axis["unit"] == "seconds":
        return style.round_time_text(value)
    if axis["unit"] == "per_second":
        factor, unit = style.rate_unit(value)
        return f"{value * factor:.4g}/{unit}"
    return f"{value:.6g}" if isinstance(value, (int, float)) else str(value)


class Across:
    """The axis that runs from left to right: the numeric one with the most values, else the longest."""

    def __init__(self, sweep):
        self.index = max(range(len(sweep.axes)), key=lambda i: (is_numeric(sweep.axes[i]), sweep.sizes[i], -i))
        self.axis = sweep.axes[self.index]
        self.numeric = is_numeric(self.axis)
        self.scale, self.unit = 1.0, ""
        values = self.axis["values"]
        if self.axis["unit"] == "seconds":
            length, self.unit = style.time_unit(max(values))
            self.scale = 1 / length
        if self.axis["unit"] == "per_second":
            self.scale, name = style.rate_unit(max(values))
            self.unit = f"/{name}"
        self.log = self.numeric and self.axis["written"].endswith(":log")

    def x(self, at):
        return self.axis["values"][at] * self.scale if self.numeric else at

    def dress(self, axes):
        if self.log:
            axes.set_xscale("log")
        if not self.numeric or len(self.axis["values"]) <= 10 and (self.log or self.unit == ""):
            axes.set_xticks([self.x(at) for at in range(len(self.axis["values"]))],
                            [f"{self.x(at):.4g}" if self.numeric else str(self.axis["values"][at])
                             for at in range(len(self.axis["values"]))])
            axes.minorticks_off()

    def label(self):
        return words(self.axis) + (f" [{self.unit}]" if self.unit else "")


def panels_of(sweep, across):
    """The places on all other axes, each with what stands above its panel."""
    others = [i for i in range(len(sweep.axes)) if i != across.index]
    for place in itertools.product(*(range(sweep.sizes[i]) for i in others)):
        full = dict(zip(others, place))
        yield full, ", ".join(f"{words(sweep.axes[i])} {value_text(sweep.axes[i], at)}" for i, at in full.items())


def curve(sweep, across, fixed, variant, metric):
    """[(x, estimate, whether queues grow)] along the axis, where it is known."""
    for at in range(sweep.sizes[across.index]):
        place = [at if i == across.index else fixed[i] for i in range(len(sweep.axes))]
        cell = sweep.cell(place)
        estimate = sweep.estimate(cell, variant, metric)
        if estimate:
            yield across.x(at), estimate, sweep.grows(cell, variant)


def draw_curve(axes, points, index, floor):
    """A line through the points with their intervals; hollow where queues grow."""
    colour = style.colour(index)
    for x, estimate, grows in points:
        value, half = max(estimate.value, floor), estimate.half_width or 0
        if half:
            axes.errorbar([x], [value], [[value - max(estimate.value - half, floor)], [half]], fmt="none", ecolor=colour,
                          elinewidth=1.4, capsize=4)
        axes.plot([x], [value], color=colour, marker=style.marker(index), markersize=9, linestyle="none", zorder=3,
                  markerfacecolor="white" if grows else colour, markeredgewidth=2)
    axes.plot([p[0] for p in points], [max(p[1].value, floor) for p in points], color=colour, linestyle=dashes(index))


def dashes(index):
    return ("-", (0, (5, 2)), (0, (1, 1.3)), (0, (5, 1.5, 1, 1.5)))[index % 4]


def draw(sweep):
    style.begin()
    across = Across(sweep)
    panels = list(panels_of(sweep, across))
    notes = ["Hollow marks: queues grow as long as the run lasts, so these times say how long that was.",
             "Bars are the half-widths of the 95 % intervals; where none is seen it is smaller than its mark."]
    if len(panels) > MOST_PANELS:
        notes.append(f"The first {MOST_PANELS} of {len(panels)} panels; sweep.csv holds them all.")
        panels = panels[:MOST_PANELS]
    rows = [row for row in ROWS if any(True for fixed, _ in panels for v in sweep.variants
                                       for _ in curve(sweep, across, fixed, v, row[0]))]
    if not rows:
        return None
    title = f"{sweep.name}: what happens as {words(across.axis)} varies"
    drawn = style.figure((max(12, 2 + 5.2 * len(panels)), 0.6 + 2.7 * len(rows)), title, sweep.about(), notes,
                         legend_rows=math.ceil((len(sweep.variants) + 1) / PER_ROW))
    grid = drawn.subplots(len(rows), len(panels), sharex=True, sharey="row", squeeze=False)
    for row, (metric, label) in enumerate(rows):
        for column, (fixed, name) in enumerate(panels):
            panel(grid[row][column], sweep, across, fixed, metric)
            if row == 0 and name:
                grid[row][column].set_title(name, weight="bold")
            if row == len(rows) - 1:
                grid[row][column].set_xlabel(across.label())
        grid[row][0].set_ylabel(label + (" [/s]" if metric.endswith("_per_s") else ""))
        limits(grid[row][0], sweep, across, [fixed for fixed, _ in panels], metric)
    keys = [Line2D([], [], color=style.colour(i), marker=style.marker(i), markersize=9,
                   linestyle=dashes(i), label=v)
            for i, v in enumerate(sweep.variants)]
    style.legend(drawn, [*keys, Line2D([], [], color=style.GREY, linewidth=1.5, label="offered")], PER_ROW)
    settle(drawn)
    return drawn


def settle(drawn):
    """Rounds where the panels stand: the last bits of the layout differ from run to run, and SVG names parts after them."""
    drawn.draw_without_rendering()
    drawn.set_layout_engine("none")
    for axes in drawn.axes:
        axes.set_position([round(number, 6) for number in axes.get_position().bounds])


def panel(axes, sweep, across, fixed, metric):
    if metric == "succeeded_per_s":
        offered = list(curve(sweep, across, fixed, sweep.variants[0], "offered_per_s"))
        axes.plot([p[0] for p in offered], [p[1].value for p in offered], color=style.GREY, linewidth=1.5, zorder=1)
    for index, variant in enumerate(sweep.variants):
        points = list(curve(sweep, across, fixed, variant, metric))
        floor = 0 if metric.endswith("_per_s") else min((p[1].value for p in points if p[1].value > 0), default=1e-9) / 3
        draw_curve(axes, points, index, floor)
    across.dress(axes)


def limits(axes, sweep, across, places, metric):
    """One range for all panels of a row: from zero for rates, a ladder of times for the others."""
    values = [p[1].value for fixed in places for v in sweep.variants for p in curve(sweep, across, fixed, v, metric)
              if p[1].value > 0]
    if metric.endswith("_per_s") or not values:
        axes.set_ylim(-0.05 * max(values, default=1), max(values, default=1) * 1.12)
        return
    low, high = min(values) / 1.5, max(values) * 1.6
    axes.set_ylim(low, high)
    style.log_time(axes.yaxis, low, high)
    for other in axes.get_shared_y_axes().get_siblings(axes):
        style.log_time(other.yaxis, low, high)
        other.set_ylim(low, high)
