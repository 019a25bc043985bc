"""The highest loads: every load that was tried with its verdict, a row a variant; below, each objective over its limit."""
import math

from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from . import style
from .load import finite
from .sweep import settle

EACH_CLIENT = False
KIND = "capacity"
PER_ROW = 4  # names in a row of the legend
VERDICTS = {"met": ("o", style.GREEN, style.GREEN), "undecided": ("o", "white", style.BLACK),
            "missed": ("X", style.VERMILION, style.VERMILION)}
MOST = 3.0  # limits: what misses one by more is drawn at the edge


def draw(result):
    style.begin()
    variants = list(result.variants)
    tried = {v: [(result.load(t), t) for t in result.variants[v]["tried"] if result.load(t)] for v in variants}
    if not any(tried.values()):
        return None
    judged = [o for points in tried.values() for _, t in points for o in t["objectives"]]
    known = {o["objective"] for o in judged if over_limit(o) is not None}
    objectives = [name for name in dict.fromkeys(o["objective"] for o in judged) if name in known]
    unit, scale = "users", 1.0
    if result.is_open():
        scale, name = style.rate_unit(max(load for points in tried.values() for load, _ in points))
        unit = f"requests/{name}"
    notes = ["Thick bars: from the highest load that is met to the lowest that is missed. Black ticks: the highest load.",
             f"Whiskers: {100 * result.number('confidence'):g} % confidence intervals; values beyond {MOST:g} times "
             "their limit stand at the edge."]
    rows = 1 + len(objectives)
    drawn = style.figure((13, 1.2 + 0.6 * len(variants) + 2.6 * len(objectives)),
                         f"{result.name}: which load meets the objectives?", about(result), notes,
                         legend_rows=math.ceil((3 + (len(variants) if objectives else 0)) / PER_ROW))
    grid = drawn.subplots(rows, 1, sharex=True, squeeze=False,
                          height_ratios=[1 + 0.6 * len(variants), *[2.6] * len(objectives)])[:, 0]
    verdicts(grid[0], result, tried, scale)
    for axes, objective in zip(grid[1:], objectives):
        margins(axes, variants, tried, objective, scale)
    grid[-1].set_xlabel(f"load [{unit}]")
    style.legend(drawn, legend(variants if objectives else []), PER_ROW)
    settle(drawn)
    return drawn


def about(result):
    parts = [f"seed {result.report['seed']}", f"{result.number('replications'):.0f} replications a load",
             f"runs of {style.round_time_text(result.number('horizon_s'))}"]
    if result.report.get("status") == "partial":
        parts.append("PARTIAL: the search was interrupted")
    return "  ·  ".join(parts)


def over_limit(objective):
    """(value, half-width) over the limit; None where there is no value, or the limit is none to divide by."""
    value, limit = finite(objective["value"]), finite(objective["limit"])
    if value is None or not limit:
        return None
    return value / limit, (finite(objective["half_width"]) or 0) / abs(limit)


def verdicts(axes, result, tried, scale):
    names = list(tried)
    for row, name in enumerate(names):
        found = result.variants[name]
        met, missed, value = (result.load(found[key]) for key in ("met_up_to", "missed_from", "highest_load"))
        if met and missed:
            axes.plot([met * scale, missed * scale], [row, row], color=style.SKY, linewidth=12, solid_capstyle="butt",
                      zorder=1)
        for load, point in tried[name]:
            shape, face, edge = VERDICTS[point["verdict"]]
            axes.plot([load * scale], [row], marker=shape, markersize=10, markerfacecolor=face, markeredgecolor=edge,
                      markeredgewidth=1.5, linestyle="none", zorder=3)
        if value:
            axes.plot([value * scale], [row], marker="|", markersize=26, markeredgewidth=3, color=style.BLACK,
                      linestyle="none", zorder=2)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)


def margins(axes, variants, tried, objective, scale):
    """The objective's value over its limit: 1 is just kept."""
    for index, variant in enumerate(variants):
        points, colour = [], style.colour(index)
        for load, point in tried[variant]:
            for one in point["objectives"]:
                margin = over_limit(one) if one["objective"] == objective else None
                if margin:
                    points.append((load * scale, *margin))
        for x, value, half in points:
            if half and value < MOST:
                axes.errorbar([x], [value], [[half], [half]], fmt="none", ecolor=colour, elinewidth=1.4, capsize=4)
        axes.plot([p[0] for p in points], [min(p[1], MOST) for p in points], color=colour, marker=style.marker(index),
                  markersize=8)
    axes.axhline(1, color=style.GREY, linewidth=1.5, zorder=1)
    axes.set_ylim(0, MOST * 1.05)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} x"))
    axes.set_ylabel("of the limit")
    axes.set_title(objective)


def legend(variants):
    keys = [Line2D([], [], linestyle="none", marker=shape, markersize=10, markerfacecolor=face, markeredgecolor=edge,
                   markeredgewidth=1.5, label=verdict) for verdict, (shape, face, edge) in VERDICTS.items()]
    return keys + [Line2D([], [], color=style.colour(i), marker=style.marker(i), markersize=8, label=v)
                   for i, v in enumerate(variants)]
