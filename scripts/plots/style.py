"""The look of all pictures: colours that the colour-blind can tell apart, forms that do without colour, units that a
person would use, a title that says what is seen; and files that are the same bytes every time."""
import math
import os
import textwrap

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

# The palette of Okabe and Ito, without its yellow, which no projector shows on white.
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, BLACK, GREY = "#E69F00", "#56B4E9", "#000000", "#767676"

VARIANT_COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
VARIANT_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")

WORDS = {"response_time": "response time", "completion_time": "completion time", "notification_time": "notification time"}
LINES = {"response_time": "-", "completion_time": (0, (4, 1.6)), "notification_time": (0, (1, 1.5))}

SETTINGS = {
    "svg.hashsalt": "sojourn", "font.family": "DejaVu Sans", "font.size": 15, "axes.labelsize": 15, "axes.titlesize": 16,
    "xtick.labelsize": 14, "ytick.labelsize": 14, "legend.fontsize": 14, "axes.spines.top": False,
    "axes.spines.right": False, "axes.grid": True, "grid.color": "#d0d0d0", "grid.linewidth": 0.8, "axes.axisbelow": True,
    "hatch.linewidth": 1.2, "legend.frameon": False, "figure.dpi": 100, "savefig.dpi": 100, "lines.linewidth": 2.2,
    "axes.titlelocation": "left", "axes.titlepad": 8, "text.parse_math": False, "axes.formatter.limits": (-5, 12),
}

TIME_UNITS = ((1e-6, "µs", 1e-3), (1e-3, "ms", 1), (1, "s", 120), (60, "min", 7200), (3600, "h", 172800), (86400, "days", None))
RATE_UNITS = ((1, "s", 0.2), (1 / 60, "min", 1 / 60), (1 / 3600, "h", None))
LADDER = [d * 10.0 ** e for e in range(-9, 0) for d in (1, 2, 5)] + [1, 2, 5, 10, 20, 30] + \
         [60 * m for m in (1, 2, 5, 10, 20, 30)] + [3600 * h for h in (1, 2, 5, 10)] + \
         [86400 * d * 10 ** e for e in range(4) for d in (1, 2, 5)]
COARSE = [10.0 ** e for e in range(-9, 2)] + [60, 600, 3600, 36000] + [86400 * 10 ** e for e in range(4)]


def begin():
    """Makes the settings those of the house, whatever the user's own are."""
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(SETTINGS)


def colour(index):
    return VARIANT_COLOURS[index % len(VARIANT_COLOURS)]


def marker(index):
    return VARIANT_MARKERS[index % len(VARIANT_MARKERS)]


def time_unit(seconds):
    """(length in seconds, name) of the unit in which a person would tell this time."""
    for length, name, below in TIME_UNITS:
        if below is None or abs(seconds) < below:
            return length, name


def rate_unit(per_second):
    """(factor, name) of the unit of time for this rate: a rate times the factor is per that unit."""
    for share, name, least in RATE_UNITS:
        if least is None or per_second >= least or per_second == 0:
            return 1 / share, name


def digits(value):
    """The value in three digits, and no exponent for what people read."""
    if value == 0:
        return "0"
    places = 2 - math.floor(math.log10(abs(float(f"{value:.3g}"))))
    return f"{value:.{min(max(places, 0), 9)}f}"


def time_text(seconds, unit=None):
    """A measured time: 4.00 ms; in the unit given when that is not too long for it."""
    length, name = unit if unit and abs(seconds) >= unit[0] else time_unit(seconds)
    return f"{digits(seconds / length)} {name}" if seconds else "0 s"


def round_time_text(seconds):
    """A time that somebody chose, in the largest unit that tells it in three digits: 4 ms, 90 s, 1 h, 1.5 h."""
    for length, name, _ in reversed(TIME_UNITS):
        text = f"{seconds / length:.4g}"
        if seconds >= length and len(text.replace(".", "")) <= 3 and "e" not in text:
            return f"{text} {'day' if text == '1' and name == 'days' else name}"
    return time_text(seconds)


def log_time(axis, low, high):
    """A logarithmic axis from low to high seconds whose ticks carry their units; axis is an XAxis or a YAxis."""
    ladder = LADDER if sum(low <= t <= high for t in LADDER) <= 8 else COARSE
    axis._set_axes_scale("log")
    axis.set_major_locator(FixedLocator([t for t in ladder if low <= t <= high]))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda seconds, _: round_time_text(seconds)))


def about(result, client=True):
    """What a reader must know of the run, in one line."""
    parts = [f"client {result.client}"] if client else []
    if "seed" in result.report:
        parts.append(f"seed {result.report['seed']}")
    replications = result.number("replications")
    if replications is not None:
        parts.append(f"{replications:.0f} replication" + ("" if replications == 1 else "s"))
    horizon, warmup = result.number("horizon_s"), result.number("warmup_s")
    if horizon is not None and warmup is not None:
        parts.append(f"{round_time_text(horizon - warmup)} measured" + (" in each" if (replications or 0) > 1 else "")
                     + (f", after {round_time_text(warmup)} of warm-up" if warmup else ""))
    if result.report.get("status") == "partial":
        parts.append("PARTIAL: the run was interrupted")
    return "  ·  ".join(parts)


def figure(size, title, subtitle, notes=(), legend_rows=1):
    """A figure in inches with its title above, notes below, and room for legend_rows of a legend between."""
    width, height = size
    wrapped = [line for note in notes for line in textwrap.wrap(note, int(width * 10.6))]
    titles = textwrap.wrap(title, int(width * 6.1))
    subtitles = textwrap.wrap(subtitle, int(width * 9.0))
    top = 0.2 + 0.36 * len(titles) + 0.28 * len(subtitles)
    legend, bottom = 0.34 * legend_rows + (0.1 if legend_rows else 0), 0.1 + 0.27 * len(wrapped)
    height += top + legend + bottom
    drawn = Figure(figsize=(width, height), facecolor="white", layout="constrained")
    FigureCanvasAgg(drawn)
    drawn.get_layout_engine().set(rect=(0.005, (bottom + legend) / height, 0.985, 1 - (top + legend + bottom) / height))
    drawn.text(0.15 / width, 1 - 0.14 / height, "\n".join(titles), fontsize=20, weight="bold", va="top")
    drawn.text(0.15 / width, 1 - (0.2 + 0.36 * len(titles)) / height, "\n".join(subtitles), fontsize=14, color="#333333",
               va="top")
    drawn.text(0.15 / width, 0.08 / height, "\n".join(wrapped), fontsize=13, color="#333333", va="bottom")
    drawn.legend_at = bottom / height
    return drawn


def legend(drawn, keys, columns):
    drawn.legend(handles=keys, loc="lower center", bbox_to_anchor=(0.5, drawn.legend_at), ncol=columns, borderaxespad=0,
                 handlelength=2.6, columnspacing=1.8)


def doubts(result):
    """A line for each variant whose times do not say what they seem to: of failures, or of the finished requests only."""
    for variant in result.variants:
        good = result.estimate(variant, "clients", result.client, "success_ratio")
        if good and good.value < 0.99:
            yield f"{variant}: {100 * good.value:.3g} % of the requests succeeded; the response times are those of the others too"
        left = result.estimate(variant, "clients", result.client, "incomplete")
        requests = result.estimate(variant, "clients", result.client, "requests")
        if left and left.value > 0:
            of = f" of {requests.value:.0f}" if requests else ""
            yield (f"{variant}: the work of {left.value:.0f}{of} requests was not done when the run stopped; they are missing "
                   "in its completion time, which is too short")


def save(drawn, path, kind):
    """Writes the picture whole or not at all; the same figure gives the same bytes."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    metadata = {"Date": None, "Creator": "sojourn"} if kind == "svg" else {"Software": None}
    try:
        with matplotlib.rc_context(SETTINGS):
            drawn.savefig(beside, format=kind, metadata=metadata)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return path
