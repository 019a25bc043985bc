"""Response beside completion (beside notification): how soon the answer came, and how soon the work was done."""
from matplotlib.patches import Patch

from . import style
from .load import TIMES

EACH_CLIENT = True
FILLS = {"response_time": (style.BLUE, ""), "completion_time": (style.ORANGE, "//"), "notification_time": ("#ffffff", "..")}
BAR = 0.8  # of the room that a variant has
FIGURES = (("p50", "p50: half of the requests took less"), ("p99", "p99: one request in a hundred took longer"))
MEAN = ("mean", "mean")


def draw(result):
    style.begin()
    def estimate(variant, metric, figure):
        return result.estimate(variant, "clients", result.client, metric, figure)

    def known(figure):
        return any(estimate(v, m, figure) for v in result.variants for m in TIMES)

    figures = [f for f in FIGURES if known(f[0])]
    if len(figures) < 2 and known("mean"):
        figures.append(MEAN)
    if not figures:
        return None
    metrics = [m for m in TIMES if any(estimate(v, m, f[0]) for v in result.variants for f in figures)]
    confidence = result.number("confidence")
    notes = [f"Whiskers: {confidence * 100:g} % confidence interval of the value over the replications."] if confidence else []
    notes += style.doubts(result)
    title = f"{result.name}: when the answer came, and when the work was done"
    drawn = style.figure((15, 1.3 + 0.42 * (len(metrics) + 0.6) * len(result.variants)), title, style.about(result), notes)
    for place, axes in enumerate(drawn.subplots(1, len(figures), sharey=True, squeeze=False)[0]):
        figure, words = figures[place]
        panel(axes, [[estimate(v, m, figure) for m in metrics] for v in result.variants], metrics)
        axes.set_title(words)
        axes.set_yticks(range(len(result.variants)), result.variants)
        axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(result.variants) - 0.5, -0.5)
    style.legend(drawn, [Patch(facecolor=FILLS[m][0], hatch=FILLS[m][1], edgecolor="black", label=style.WORDS[m])
                         for m in metrics], len(metrics))
    return drawn


def panel(axes, rows, metrics):
    """The bars of one figure: a group a variant, a bar a kind of time, its value written at its end."""
    ends = [e.value + (e.half_width or 0) for row in rows for e in row if e]
    longest = max(ends, default=0)
    length, unit = style.time_unit(longest)
    height = BAR / len(metrics)
    for at, row in enumerate(rows):
        for k, (metric, estimate) in enumerate(zip(metrics, row)):
            y = at - BAR / 2 + (k + 0.5) * height
            end, text = 0, "too few requests to tell"
            if estimate:
                fill, hatch = FILLS[metric]
                axes.barh(y, estimate.value / length, height * 0.9, color=fill, hatch=hatch, edgecolor="black", linewidth=1)
                end, text = estimate.value, style.time_text(estimate.value, (length, unit))
                if estimate.half_width:
                    axes.errorbar(estimate.value / length, y, xerr=estimate.half_width / length, color="black", capsize=5,
                                  linewidth=2, capthick=2)
                    end += estimate.half_width
            axes.annotate(text, (end / length, y), (8, 0), textcoords="offset points", va="center", fontsize=14)
    axes.set_xlim(0, longest / length * 1.24 or 1)
    axes.set_xlabel(f"time from the request's start [{unit}]")
    axes.grid(axis="y", visible=False)
