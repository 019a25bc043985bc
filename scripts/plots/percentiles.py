"""The percentile spectrum: how long the fastest half, the slowest hundredth, the slowest thousandth took."""
import math

from matplotlib.lines import Line2D

from . import style
from .load import TIMES

EACH_CLIENT = True
TICKS = (0, 50, 90, 99, 99.9, 99.99, 99.999)
PER_ROW = 4  # names in a row of the legend
FIRST = 10  # percentile: what the luckiest tenth got would stretch the axis and tell nothing


def nines(percentile):
    """0 for 0 %, 1 for 90 %, 2 for 99 %."""
    return -math.log10(1 - percentile / 100)


def spoken(metrics):
    """response, completion and notification time"""
    words = [style.WORDS[m].removesuffix(" time") for m in metrics]
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words) + " time"


def same_lines(result):
    """A line for each variant with kinds of time that are equal everywhere, so that nobody looks for a hidden line."""
    for variant in result.variants:
        spectra = [(m, result.spectrum(variant, m)) for m in TIMES if result.spectrum(variant, m)[0]]
        for at, (metric, spectrum) in enumerate(spectra):
            equal = [m for m, other in spectra[at:] if other == spectrum]
            if len(equal) > 1:
                yield f"{variant}: {spoken(equal)} are the same, and lie on one line"
                break


def draw(result):
    style.begin()
    lines = [(i, v, m, *result.spectrum(v, m)) for i, v in enumerate(result.variants) for m in TIMES]
    lines = [line for line in lines if line[3]]
    shown = [s for line in lines for p, s in zip(line[3], line[4]) if p >= FIRST and s > 0]
    if not shown:
        return None
    notes = [*same_lines(result), *style.doubts(result)]
    metrics = [m for m in TIMES if any(line[2] == m for line in lines)]
    title = f"{result.name}: {spoken(metrics)} at every percentile"
    drawn = style.figure((13, 6.4), title, style.about(result), notes, legend_rows=math.ceil(len(result.variants) / PER_ROW))
    axes = drawn.add_subplot()
    for i, _, metric, percentiles, seconds in lines:
        marks = [k for k, p in enumerate(percentiles) if p in TICKS[1:]]
        axes.plot([nines(p) for p in percentiles], seconds, color=style.colour(i), linestyle=style.LINES[metric],
                  marker=style.marker(i), markevery=marks, markersize=9, markerfacecolor="white", markeredgewidth=2)
    last = max(nines(line[3][-1]) for line in lines)
    margin = max(1.05, (max(shown) / min(shown)) ** 0.05)
    low, high = min(shown) / margin, max(shown) * margin
    axes.set_xlim(nines(FIRST), last * 1.02)
    axes.set_ylim(low, high)
    style.log_time(axes.yaxis, low, high)
    ticks = [t for t in TICKS if FIRST <= t and nines(t) <= last * 1.02]
    axes.set_xticks([nines(t) for t in ticks], [f"{t:g} %" for t in ticks])
    axes.set_xlabel("share of requests that took at most this long")
    axes.set_ylabel("time from the request's start (log scale)")
    keys(drawn, result.variants, metrics, axes)
    return drawn


def keys(drawn, variants, metrics, axes):
    """The variants below the axes; the kinds of time above them, next to nothing that is drawn."""
    of_variants = [Line2D([], [], color=style.colour(i), marker=style.marker(i), markersize=9, markerfacecolor="white",
                          markeredgewidth=2, label=v) for i, v in enumerate(variants)]
    of_metrics = [Line2D([], [], color=style.BLACK, linestyle=style.LINES[m], label=style.WORDS[m]) for m in metrics]
    style.legend(drawn, of_variants, min(PER_ROW, len(of_variants)))
    axes.legend(handles=of_metrics, loc="lower left", bbox_to_anchor=(0, 1.0), ncol=3, borderaxespad=0.2, handlelength=3.2)
