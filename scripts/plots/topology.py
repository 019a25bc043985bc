"""Who asks, calls and publishes to whom in each variant; each service as dark as its workers are busy, with the share written on it."""
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from . import style

EACH_CLIENT = False
WIDTH, HEIGHT = 1.0, 0.46  # of a box; columns stand 1.75 apart, rows 0.8
KINDS = (("calls, and waits", "-"), ("publishes, nobody waits", (0, (3, 2))))


def columns_of(edges):
    """{name: column}: how far from a client each stands, by the longest way that meets nothing twice."""
    nodes = list(dict.fromkeys(name for edge in edges for name in (edge["from"], edge["to"])))
    depth = {name: 0 for name in nodes}
    for _ in nodes:
        for edge in edges:
            depth[edge["to"]] = max(depth[edge["to"]], min(depth[edge["from"]] + 1, len(nodes)))
    if max(depth.values(), default=0) < len(nodes):
        return depth
    depth = {}  # there is a circle: the shortest way does
    front = [name for name in nodes if all(edge["to"] != name for edge in edges)] or nodes[:1]
    for step in range(len(nodes) + 1):
        depth.update({name: step for name in front if name not in depth})
        front = [edge["to"] for edge in edges if edge["from"] in front and edge["to"] not in depth]
    return {name: depth.get(name, 0) for name in nodes}


def places_of(edges):
    """{name: (x, y)}."""
    by_column = {}
    for name, column in columns_of(edges).items():
        by_column.setdefault(column, []).append(name)
    return {name: (1.75 * column, -0.8 * (i - (len(names) - 1) / 2))
            for column, names in by_column.items() for i, name in enumerate(names)}


def draw(result):
    flows = {variant: result.at(variant, "flow") for variant in result.variants}
    if not all(isinstance(flow, list) and flow for flow in flows.values()):
        return None
    style.begin()
    places = {variant: places_of(flow) for variant, flow in flows.items()}
    rows = [max(y for _, y in p.values()) - min(y for _, y in p.values()) + 1.0 for p in places.values()]
    width = max(x for p in places.values() for x, _ in p.values()) + 2.6
    drawn = style.figure((max(11, 1.75 * width), 1.75 * sum(rows) + 0.6 * len(rows)),
                         f"{result.name}: who talks to whom, and how busy each service is", style.about(result, client=False))
    panels = drawn.subplots(len(flows), 1, squeeze=False, height_ratios=rows)[:, 0]
    for axes, variant in zip(panels, flows):
        panel(axes, result, variant, flows[variant], places[variant])
        axes.set_xlim(-0.7, width - 1.6)
    style.legend(drawn, [Line2D([], [], color="black", linestyle=line, label=name) for name, line in KINDS], 2)
    return drawn


def panel(axes, result, variant, edges, places):
    axes.set_title(variant, weight="bold")
    axes.axis("off")
    axes.set_aspect("equal")
    for edge in edges:
        arrow(axes, places[edge["from"]], places[edge["to"]], edge["kind"])
    services, topics = result.at(variant, "services"), result.at(variant, "topics") or {}
    for name, place in places.items():
        utilization = result.estimate(variant, "services", name, "utilization") if name in services else None
        box(axes, place, name, utilization, name in topics)
    ys = [y for _, y in places.values()]
    axes.set_ylim(min(ys) - 0.45, max(ys) + 0.45)


def arrow(axes, start, end, kind):
    line = KINDS[kind in ("publishes", "delivers")][1]
    forward = end[0] > start[0]
    begin = (start[0] + WIDTH / 2 * (1 if forward else -1), start[1])
    goal = (end[0] - WIDTH / 2 * (1 if forward else -1), end[1])
    bend = 0.0 if abs(end[0] - start[0]) < 1.8 and forward else 0.25  # around what stands between
    axes.add_patch(FancyArrowPatch(begin, goal, arrowstyle="-|>", mutation_scale=16, linestyle=line, linewidth=1.6,
                                   color="black", connectionstyle=f"arc3,rad={bend}", shrinkA=0, shrinkB=0, zorder=1))


def box(axes, place, name, utilization, is_topic):
    """White to dark blue; the text turns white where it would be lost."""
    share = min(1.0, max(0.0, utilization.value)) if utilization else 0.0
    fill = tuple(1 - share * (1 - part) for part in (0.0, 0.27, 0.45))
    form = "round,pad=0,rounding_size=0.2" if is_topic else "round,pad=0,rounding_size=0.04"
    axes.add_patch(FancyBboxPatch((place[0] - WIDTH / 2, place[1] - HEIGHT / 2), WIDTH, HEIGHT, boxstyle=form, facecolor=fill,
                                  edgecolor="black", linewidth=1.4, linestyle="--" if is_topic else "-", zorder=2))
    text = name + (f"\n{100 * utilization.value:.1f} % busy" if utilization else "\ntopic" if is_topic else "")
    longest = max(len(line) for line in text.split("\n"))
    axes.text(*place, text, ha="center", va="center", fontsize=min(13, 150 / max(longest, 1)),
              color="white" if share > 0.55 else "black", zorder=3)
