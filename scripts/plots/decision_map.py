"""The decision over one value or two: at each value, which designs to choose, which nothing beats but have a fault, which are beaten."""
import csv

from matplotlib.patches import Patch, Rectangle

from . import style
from .load import Problem

EACH_CLIENT = False
KIND = "map"
MOST_PANELS = 6
FATES = {"choice": ("to choose", style.BLUE, ""), "frontier": ("nothing beats it, but it has a fault", style.SKY, "///"),
         "beaten": ("beaten", "#ffffff", ""), "not_run": ("cannot carry the load", "#dddddd", "xx")}


def read(folder):
    """The map in the folder; raises Problem."""
    path = folder / "decide_map.csv"
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        fields = reader.fieldnames or []
        if "design" not in fields or not 1 <= fields.index("design") <= 2 or "fate" not in fields or "choice" not in fields:
            raise Problem(f"{path}: expected what 'sojourn decide --vary' writes, found {','.join(fields)[:60] or 'nothing'}")
        rows = list(reader)
    if not rows:
        raise Problem(f"{path}: expected the designs at each value, found none")
    return Map(folder.name.removesuffix("-decide"), fields[:fields.index("design")], rows)


class Map:
    """What became of each design at each value."""
    kind = KIND

    def __init__(self, name, axes, rows):
        self.name, self.axes, self.clients = name, axes, [""]
        self.values = [list(dict.fromkeys(row[axis] for row in rows)) for axis in axes]
        self.designs = list(dict.fromkeys(row["design"] for row in rows))
        self.fates = {(row["design"], *(row[axis] for axis in axes)): fate_of(row) for row in rows}

    def for_client(self, _):
        return self


def fate_of(row):
    if row["choice"] == "1":
        return "choice"
    return row["fate"] if row["fate"] in ("frontier", "not_run") else "beaten"


def draw(found):
    style.begin()
    columns, others = found.values[0], found.values[1] if len(found.axes) > 1 else [None]
    others = others[:MOST_PANELS]
    longest = max(len(design) for design in found.designs)
    notes = [] if len(found.axes) < 2 or len(found.values[1]) <= MOST_PANELS else [f"The first {MOST_PANELS} of {len(found.values[1])} values."]
    drawn = style.figure((max(11, 2 + 0.13 * longest + 1.1 * len(columns)), 1.6 + len(others) * (1.3 + 0.5 * len(found.designs))),
                         f"{found.name}: which design wins where?", f"over {named(found.axes[0])}", notes, 2)
    panels = drawn.subplots(len(others), 1, squeeze=False)[:, 0]
    for axes, other in zip(panels, others):
        for x, value in enumerate(columns):
            for y, design in enumerate(found.designs):
                fate = found.fates.get((design, value) if other is None else (design, value, other), "beaten")
                _, fill, hatch = FATES[fate]
                axes.add_patch(Rectangle((x - 0.46, y - 0.42), 0.92, 0.84, facecolor=fill, hatch=hatch, edgecolor="black"))
        axes.set_xlim(-0.6, len(columns) - 0.4)
        axes.set_ylim(len(found.designs) - 0.4, -0.6)
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(found.designs)), found.designs)
        axes.tick_params(length=0)
        axes.grid(visible=False)
        if other is not None:
            axes.set_title(f"{named(found.axes[1])} {other}", weight="bold")
    panels[-1].set_xlabel(named(found.axes[0]))
    met = set(found.fates.values())
    style.legend(drawn, [Patch(facecolor=fill, hatch=hatch, edgecolor="black", label=name)
                         for fate, (name, fill, hatch) in FATES.items() if fate in met], 2)
    return drawn


def named(column):
    return column.replace("_", " ")
