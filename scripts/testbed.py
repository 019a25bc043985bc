#!/usr/bin/env python3
"""Runs scenarios/measured-testbed and prints what was measured beside what is simulated, as a table in Markdown.

    scripts/testbed.py build/release/sojourn

The totals are those of a load generator: all clients' answers together. Their percentiles are read off the mixture of the
clients' percentile spectra. README.md shows the table; a test holds it to it."""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile
from bisect import bisect_left

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLIENTS_FAIL = ("failed", "refused", "timed_out")
# profile, variant: answers per second, errors in per cent, p50 and p95 in milliseconds
PUBLISHED = {
    ("baseline", "synchronous"): (55.6, 3.51, 0.78, 16.99),
    ("baseline", "asynchronous"): (58.1, 0, 1.50, 5.67),
    ("medium", "synchronous"): (178.3, 5.47, 0.67, 507.5),
    ("medium", "asynchronous"): (189.5, 0, 1.14, 6.43),
    ("stress", "synchronous"): (380.0, 7.55, 0.74, 510.6),
    ("stress", "asynchronous"): (420.5, 0, 1.20, 7.07),
}


def run(program, profile, folder):
    scenario = ROOT / "scenarios" / "measured-testbed" / f"{profile}.json"
    subprocess.run([program, "run", scenario, "--quiet", "--out", folder], check=True, stdout=subprocess.DEVNULL)
    with open(folder / "percentiles.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return json.loads((folder / "report.json").read_text()), rows


def spectrum(rows, variant, client):
    """Response times and the shares of requests up to them."""
    points = [(float(row["value_s"]), float(row["percentile"]) / 100) for row in rows
              if (row["variant"], row["client"], row["metric"]) == (variant, client, "response_time")]
    return [value for value, _ in points], [share for _, share in points]


def share_up_to(time, curve):
    values, shares = curve
    place = bisect_left(values, time)
    if place == 0 or place == len(values):
        return 0.0 if place == 0 else 1.0
    low, high = values[place - 1], values[place]
    return shares[place - 1] + (shares[place] - shares[place - 1]) * (time - low) / (high - low)


def mixed_quantile(share, weighted):
    low, high = 0.0, max(curve[0][-1] for _, curve in weighted)
    total = sum(weight for weight, _ in weighted)
    for _ in range(60):
        middle = (low + high) / 2
        below = sum(weight * share_up_to(middle, curve) for weight, curve in weighted) / total
        low, high = (middle, high) if below < share else (low, middle)
    return high


def totals(report, rows, variant):
    clients = report["variants"][variant]["clients"]
    answered = {name: client["requests"] - client["outcomes"]["unfinished"] for name, client in clients.items()}
    errors = sum(client["outcomes"][kind] for client in clients.values() for kind in CLIENTS_FAIL)
    seconds = (report["horizon_s"] - report["warmup_s"]) * report["replications"]
    weighted = [(count, spectrum(rows, variant, name)) for name, count in answered.items()]
    count = sum(answered.values())
    return (count / seconds, 100 * errors / count, 1000 * mixed_quantile(0.5, weighted),
            1000 * mixed_quantile(0.95, weighted))


def unmeasured(report, variant):
    """Completion of a payment, and the messages that wait in all topics when the load ends."""
    result = report["variants"][variant]
    done = result["clients"]["S2-pay"]["completion_time"]["p50"]["value"]
    waiting = sum(subscription["waiting"] for topic in result["topics"].values() for subscription in topic.values())
    return done, waiting / report["replications"]


def table(program):
    lines = ["| profile, variant | answers/s: measured, simulated | errors % | p50 ms | p95 ms | "
             "payment answered, done (p50) | messages left waiting |",
             "|---|---|---|---|---|---|---|"]
    for profile in ("baseline", "medium", "stress"):
        with tempfile.TemporaryDirectory() as folder:
            report, rows = run(program, profile, pathlib.Path(folder))
        for variant in ("synchronous", "asynchronous"):
            measured, simulated = PUBLISHED[profile, variant], totals(report, rows, variant)
            pairs = [f"{a:.4g}, {b:.{digits}f}" for a, b, digits in zip(measured, simulated, (1, 2, 2, 1))]
            answered = report["variants"][variant]["clients"]["S2-pay"]["response_time"]["p50"]["value"]
            done, waiting = unmeasured(report, variant)
            lines.append(f"| {profile}, {variant} | " + " | ".join(pairs) +
                         f" | {answered:.3f} s, {done:.1f} s | {waiting:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: scripts/testbed.py PROGRAM")
    print(table(sys.argv[1]))
