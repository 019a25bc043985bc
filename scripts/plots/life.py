"""The life of one request in each variant, one above the other on one axis of time: a row for each place, a bar for each wait or work."""
import csv
import math

from matplotlib.patches import Patch

from . import style
from .load import Problem

EACH_CLIENT = False
KIND = "life"
REASONS = {"work": ("works", style.BLUE, ""), "queue": ("waits in its queue", style.VERMILION, "///"),
           "topic": ("kept in the topic", style.ORANGE, "..."), "held": ("waits for others", style.SKY, "\\\\\\"),
           "network": ("on its way", style.GREY, "---"), "back_off": ("waits before it asks again", style.PURPLE, "xxx"),
           "delay": ("pauses", style.GREEN, "++")}
MOMENTS = ("answered", "notified", "complete")


def read(folder):
    """The life in the folder; raises Problem."""
    path = folder / "life.csv"
    with path.open(newline="", encoding="utf-8") as file:
        try:
            rows = [(row["variant"], row["where"], row["why"], float(row["begin_s"]), float(row["end_s"]))
                    for row in csv.DictReader(file)]
        except (KeyError, TypeError, ValueError) as error:
            raise Problem(f"{path}: expected what 'sojourn trace' writes, found a row without {error}") from None
    if not rows:
        raise Problem(f"{path}: expected the life of a request, found none")
    return Life(folder.name.removesuffix("-trace"), rows)


class Life:
    """The stretches and moments of each variant."""
    kind = KIND

    def __init__(self, name, rows):
        self.name = name
        self.variants = list(dict.fromkeys(row[0] for row in rows))
        self.stretches = {v: [row[1:] for row in rows if row[0] == v and row[2] not in MOMENTS] for v in self.variants}
        self.moments = {v: {row[2]: row[3] for row in rows if row[0] == v and row[2] in MOMENTS} for v in self.variants}
        self.clients = [""]

    def for_client(self, _):
        return self


def draw(life):
    style.begin()
    places = {v: list(dict.fromkeys(where for where, *_ in life.stretches[v])) for v in life.variants}
    last = max((end for of in life.stretches.values() for *_, end in of), default=0.0)
    last = max([last, *(at for of in life.moments.values() for at in of.values())])
    if not last > 0 or not math.isfinite(last):
        return None
    length, unit = style.time_unit(last)
    rows = [len(places[v]) + 0.8 for v in life.variants]
    drawn = style.figure((12, 0.55 * sum(rows) + 1.2 * len(rows)), f"{life.name}: the life of one request",
                         "the same request in each variant; stretches that overlap are branches, or go on after the answer")
    panels = drawn.subplots(len(rows), 1, sharex=True, squeeze=False, height_ratios=rows)[:, 0]
    for axes, variant in zip(panels, life.variants):
        panel(axes, life, variant, places[variant], length, unit)
    panels[-1].set_xlim(0, 1.12 * last / length)
    panels[-1].set_xlabel(f"time since the request's start [{unit}]")
    met = {why for of in life.stretches.values() for _, why, *_ in of}
    style.legend(drawn, [Patch(facecolor=fill, hatch=hatch, edgecolor="black", label=name)
                         for why, (name, fill, hatch) in REASONS.items() if why in met], 4)
    return drawn


def panel(axes, life, variant, places, length, unit):
    axes.set_title(variant, weight="bold")
    for where, why, begin, end in life.stretches[variant]:
        _, fill, hatch = REASONS[why]
        axes.barh(places.index(where), (end - begin) / length, 0.62, left=begin / length, color=fill, hatch=hatch,
                  edgecolor="black", linewidth=0.8)
    moments = life.moments[variant]
    for name, at in moments.items():
        axes.axvline(at / length, color="black", linewidth=1.4, linestyle="-" if name == "answered" else (0, (2, 2)))
    told = ", ".join(f"{name} after {style.time_text(at, (length, unit))}" for name, at in moments.items())
    axes.set_title(told or "not answered when the run ended", loc="right", fontsize=14)
    axes.set_yticks(range(len(places)), places)
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
