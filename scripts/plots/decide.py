"""The designs of a decision: how soon each answers against how soon all is complete; those that are beaten in grey."""
from matplotlib.lines import Line2D

from . import style

EACH_CLIENT = True
KIND = "decision"
MOST_NAMES = 12
STEPS = ((0.999, 260, "99.9 % or more"), (0.99, 170, "99 % or more"), (0.95, 100, "95 % or more"), (-1, 45, "less"))


def draw(result):
    style.begin()
    points = []
    for design in result.designs:
        response, completion = (result.estimate(design, f"{m}.p99") for m in ("response_time", "completion_time"))
        fulfilled = result.estimate(design, "fulfilled_ratio")
        if response and completion and fulfilled:
            points.append((design, response, completion, fulfilled.value))
    if not points:
        return None
    choices = set(result.report["choices"])
    notes = [f"Named by what they defer. Whiskers: {100 * result.number('confidence'):g} % confidence interval."]
    left_out = sum(design["fate"] == "not_run" for design in result.report["designs"])
    if left_out:
        notes.append(f"{left_out} of {len(result.report['designs'])} designs were not run, and are not shown.")
    drawn = style.figure((13, 8), f"{result.name}: which calls should wait?", f"client {result.client}", notes, 3)
    axes = drawn.subplots()
    length, unit = style.time_unit(max(p[1].value for p in points))
    height, height_unit = style.time_unit(max(p[2].value for p in points))
    used = set()
    for design, response, completion, fulfilled in sorted(points, key=lambda p: p[0]["fate"] == "frontier"):
        size = next(s for s in STEPS if fulfilled >= s[0])
        used.add(size)
        colour, marker = look(design, choices)
        x, y = response.value / length, completion.value / height
        if design["fate"] == "frontier":
            axes.errorbar(x, y, xerr=(response.half_width or 0) / length, yerr=(completion.half_width or 0) / height,
                          color=colour, capsize=4, linewidth=1.5, zorder=2)
        axes.scatter(x, y, s=size[1], marker=marker, color=colour, edgecolor="black", linewidth=1, zorder=3)
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + 0.15 * (high - low))
    named = [p for p in points if p[0]["fate"] == "frontier" or len(points) <= MOST_NAMES][:MOST_NAMES]
    last = max((p[1].value for p in named if p[0]["fate"] == "frontier"), default=0)
    for design, response, completion, _ in named:  # the frontier has its room below, the beaten ones above
        ahead = design["fate"] == "frontier"
        left = ahead and response.value < last and response.value / length > (low + high) / 2
        axes.annotate(design["design"].removeprefix("defer ").replace(" + ", "\n+ "),
                      (response.value / length, completion.value / height), (-10 if left else 10, -10 if ahead else 10),
                      textcoords="offset points", ha="right" if left else "left", va="top" if ahead else "bottom",
                      fontsize=12, color="black" if ahead else style.GREY)
    axes.set_xlabel(f"response time p99 [{unit}]: sooner answers to the left")
    axes.set_ylabel(f"completion time p99 [{height_unit}]: sooner done below")
    axes.margins(y=0.2)
    style.legend(drawn, legend(points, choices, [s for s in STEPS if s in used]), 2)
    return drawn


def look(design, choices):
    """Colour and shape: a choice, on the frontier but with a fault, beaten."""
    if design["fate"] != "frontier":
        return "#d0d0d0", "o"
    return (style.BLUE, "o") if design["design"] in choices else (style.VERMILION, "s")


def legend(points, choices, sizes):
    kinds = {look(p[0], choices) for p in points}
    words = {(style.BLUE, "o"): "nothing beats it", (style.VERMILION, "s"): "nothing beats it, but it has a fault",
             ("#d0d0d0", "o"): "beaten"}
    lines = [Line2D([], [], linestyle="", marker=kind[1], color=kind[0], markeredgecolor="black", markersize=11, label=label)
             for kind, label in words.items() if kind in kinds]
    return lines + [Line2D([], [], linestyle="", marker="o", color="white", markeredgecolor="black",
                           markersize=size ** 0.5, label=f"fulfilled in the worst case: {label}") for _, size, label in sizes]
