"""The run over simulated time: arrivals and answers, the response time's p99, and what waits: an incident is seen."""
import math

from matplotlib.lines import Line2D

from . import style

EACH_CLIENT = True
MOST_POINTS = 240  # more would be a band, not a line: neighbours are averaged
MOST_VARIANTS = 6
ARRIVALS = {"color": style.GREY, "linestyle": "-", "linewidth": 4.5, "alpha": 0.55}
ANSWERS = {"color": style.BLUE, "linestyle": "-", "linewidth": 1.8}
SUCCEEDED = {"color": style.VERMILION, "linestyle": (0, (2, 1.2)), "linewidth": 1.8}
P99 = {"color": style.PURPLE, "linestyle": "-", "linewidth": 1.8}
BACKLOG = {"color": style.GREEN, "linestyle": "-", "linewidth": 2.4}
QUEUES = {"color": style.VERMILION, "linestyle": (0, (1.2, 1)), "linewidth": 2.2}


def draw(result):
    style.begin()
    variants = [v for v in result.variants if result.timeline(v, "clients", "started_per_s").get(result.client)]
    if not variants:
        return None
    shown = variants[:MOST_VARIANTS]
    series = {v: lines_of(result, v) for v in shown}
    rows = [rates, response, waiting] if any(s["p99"] for s in series.values()) else [rates, waiting]
    notes = [] if shown == variants else [f"The first {len(shown)} of {len(variants)} variants."]
    drawn = style.figure((max(12, 1.8 + 5.2 * len(shown)), 0.6 + 2.9 * len(rows)),
                         f"{result.name}: arrivals, answers and what waits, over simulated time", style.about(result),
                         notes, legend_rows=0)
    grid = drawn.subplots(len(rows), len(shown), sharex=True, sharey="row", squeeze=False)
    for row, kind in zip(grid, rows):
        label_row(row, kind(row, list(series.values())), shown if kind is rates else None)
    end = result.number("horizon_s") or max(max(s["arrivals"]) for s in series.values())
    time_axes(grid, end, result.number("warmup_s") or 0)
    return drawn


def label_row(row, used, variants):
    """A row's legend above its first panel, where it may reach over the next; the variants' names above the first row."""
    keys = [Line2D([], [], label=label, **look) for label, look in used.items()]
    legend = row[0].legend(handles=keys, loc="lower left", bbox_to_anchor=(0, 1), ncol=len(keys), borderaxespad=0.2,
                           columnspacing=1.4)
    legend.set_in_layout(False)
    for axes, title in zip(row, variants or [" "] * len(row)):
        axes.set_title(title, weight="bold", pad=34 if variants else 14)


def lines_of(result, variant):
    """The lines of one variant, {start of the bucket: value} each."""
    def client(metric, column="value"):
        return result.timeline(variant, "clients", metric, column).get(result.client, {})

    return {"arrivals": client("started_per_s"), "answers": client("answered_per_s"), "good": client("succeeded_per_s"),
            "p99": client("response_time_p99_s"),
            "p99 ±": client("response_time_p99_s", "half_width"),
            "backlog": total(result.timeline(variant, "topics", "backlog")),
            "queues": total(result.timeline(variant, "services", "queue_length"))}


def total(by_name):
    """The sum over all topics or services, bucket by bucket."""
    sums = {}
    for values in by_name.values():
        for start, value in values.items():
            sums[start] = sums.get(start, 0.0) + value
    return sums


def points(values, most=MOST_POINTS):
    """(middles, averages) of at most so many stretches of equal buckets; a bucket is as long as the step to the next."""
    starts = sorted(values)
    if len(starts) < 2:
        return starts, [values[s] for s in starts]
    width = starts[1] - starts[0]
    many = math.ceil(len(starts) / most)
    groups = [starts[k:k + many] for k in range(0, len(starts), many)]
    return ([(g[0] + g[-1] + width) / 2 for g in groups], [math.fsum(values[s] for s in g) / len(g) for g in groups])


def with_gaps(values, starts):
    """(middles, values) over all buckets, NaN where one has too few answers for a p99, so that the line is broken."""
    width = starts[1] - starts[0] if len(starts) > 1 else 0
    return [s + width / 2 for s in starts], [values.get(s, math.nan) for s in starts]


def rates(row, series):
    peak = max(max(s["arrivals"].values()) for s in series)
    factor, unit = style.rate_unit(peak)
    used = {"requests that start": ARRIVALS, "answers": ANSWERS}
    for axes, s in zip(row, series):
        lines = [("arrivals", ARRIVALS), ("answers", ANSWERS)]
        if any(abs(s["answers"].get(t, 0) - good) > 1e-12 for t, good in s["good"].items()):
            lines.append(("good", SUCCEEDED))
            used["answers that succeed"] = SUCCEEDED
        for name, look in lines:
            x, y = points(s[name])
            axes.plot(x, [value * factor for value in y], **look)
    row[0].set_ylim(0, 1.12 * factor * max(y for s in series for name in ("arrivals", "answers") for y in points(s[name])[1]) or 1)
    row[0].set_ylabel(f"requests / {unit}")
    return used


def response(row, series):
    seen = [value for s in series for value in s["p99"].values() if value > 0]
    low, high = min(seen) / 1.5, max(seen) * 1.5
    banded = False
    for axes, s in zip(row, series):
        starts = sorted(s["arrivals"])
        x, y = with_gaps(s["p99"], starts)
        axes.plot(x, y, **P99)
        half = [s["p99 ±"].get(start, math.nan) for start in starts]  # NaN: no band
        axes.fill_between(x, [max(v - h, low) for v, h in zip(y, half)], [v + h for v, h in zip(y, half)],
                          color=P99["color"], alpha=0.4, linewidth=0)
        banded = banded or bool(s["p99 ±"])
        style.log_time(axes.yaxis, low, high)
        if not s["p99"]:
            axes.text(0.5, 0.5, "too few answers for a p99", transform=axes.transAxes, ha="center", color=style.GREY)
    row[0].set_ylim(low, high)
    row[0].set_ylabel("response time\np99 (log scale)")
    starts = sorted(series[0]["arrivals"])
    each = f", each {style.round_time_text(starts[1] - starts[0])}" if len(starts) > 1 else ""
    interval = ", with its interval where that is known" if banded else ""
    return {f"response time p99{each}{interval}": P99}


def waiting(row, series):
    used = {}
    for name, label, look in (("backlog", "messages in the topics' backlogs", BACKLOG),
                              ("queues", "jobs in the services' queues", QUEUES)):
        for axes, s in zip(row, series):
            if s[name]:
                axes.plot(*points(s[name]), **look)
                used[label] = look
    row[0].set_ylim(bottom=0)
    row[0].set_ylabel("waiting\n[messages, jobs]")
    return used


def time_axes(grid, end, warmup):
    length, unit = style.time_unit(end)
    for axes in grid.flat:
        axes.set_xlim(0, end)
        step = nice_step(end / length)
        ticks = [k * step for k in range(int(end / length / step + 1e-9) + 1)]
        axes.set_xticks([t * length for t in ticks], [f"{t:g}" for t in ticks])
        if warmup:
            axes.axvspan(0, warmup, color="#e4e4e4", zorder=0, linewidth=0)
    for axes in grid[-1]:
        axes.set_xlabel(f"simulated time [{unit}]" + (", warm-up in grey" if warmup else ""))


def nice_step(length):
    """A step that people count in, with four to eight of them in the length."""
    for step in (s * 10.0 ** e for e in range(-9, 9) for s in (1, 2, 3, 5)):
        if length / step <= 6.5:
            return step
