#!/usr/bin/env python3
"""Measures how cost grows: memory with requests, time an event with what is pending and with services, speed with threads.

    scripts/scaling.py build/release/sojourn [--out results/scaling.md]

Memory must grow with what is in flight, not with what was served; the cost of an event no faster than the logarithm of what is
pending. Costs are CPU time an event, as ratios to the first row: of a long run less a short one, over the events between them, so
that reading, set-up and report are left out; the least of three interleaved runs each. Threads are wall time.
"""

import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROUNDS = 3


def run(program, scenario, folder, *options):
    """CPU and wall seconds, peak memory in MiB, events."""
    command = [program, "run", str(scenario), "--quiet", "--out", f"{folder}/out", *options]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        sys.exit(f"{scenario}: exit code {process.returncode}: {complaint}")
    report = json.loads((pathlib.Path(folder) / "out" / "report.json").read_text())
    return usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024, report["events"]


def written(folder, scenario):
    path = pathlib.Path(folder) / "scenario.json"
    path.write_text(json.dumps({"name": "scaling", "replications": 1, **scenario}))
    return path


def pending(users, requests):
    """So many thinking users, each a pending event; two events a request, or so."""
    return {"horizon": f"{math.ceil(1e9 * requests / users)}ns",
            "clients": {"c": {"requests": "s.x", "users": {"users": users, "think": {"exponential": "1s"}}}},
            "services": {"s": {"workers": "unlimited", "operations": {"x": [{"work": {"exponential": "1ms"}}]}}}}


def services(count, requests):
    """So many services side by side, each a tenth busy."""
    rate = 10 * count
    return {"horizon": f"{requests / rate:.6f}s", "clients": {"c": {
        "requests": {f"s{i}.x": 1 for i in range(count)}, "arrivals": {"poisson": f"{rate}/s"}}},
            "services": {f"s{i}": {"operations": {"x": [{"work": {"exponential": "10ms"}}]}} for i in range(count)}}


def costs(program, folder, name, sizes, scenario_of):
    """Rows: size, cost of an event beside the first, what the logarithm allows."""
    least, peak = {}, {}
    for _ in range(ROUNDS):
        for size in sizes:
            for requests in (1_000_000, 3_000_000):
                cpu, _, peak[size], events = run(program, written(folder, scenario_of(size, requests)), folder, "--jobs", "1")
                least[size, requests] = min(least.get((size, requests), (math.inf, 0)), (cpu, events))

    def cost(size):
        (short, few), (long, many) = least[size, 1_000_000], least[size, 3_000_000]
        return (long - short) / (many - few)

    first = sizes[0]
    lines = [f"| {name} | time an event, beside the first | logarithm, beside the first | peak memory [MiB] |", "|---|---|---|---|"]
    return lines + [f"| {size:,} | {cost(size) / cost(first):.2f} | {math.log(size) / math.log(first):.2f} | {peak[size]:.0f} |"
                    for size in sizes]


def memory(program, folder):
    lines = ["| requests of each variant | peak memory [MiB], one thread |", "|---|---|"]
    for requests in (10**5, 10**6, 10**7, 10**8):
        _, _, peak, _ = run(program, ROOT / "scenarios" / "online-shop.json", folder, "--jobs", "1", "--replications", "2", "--set",
                            f"/horizon={requests // 160}s")
        lines.append(f"| {requests:,} | {peak:.0f} |")
    return lines


def threads(program, folder):
    ratios = []
    for _ in range(ROUNDS):
        one, two = (run(program, ROOT / "scenarios" / "online-shop.json", folder, "--jobs", jobs, "--set", "/horizon=20min")[1]
                    for jobs in ("1", "2"))
        ratios.append(one / two)
    return [f"Two threads are {sorted(ratios)[ROUNDS // 2]:.2f} times as fast as one on this machine's {os.cpu_count()} cores "
            f"({min(ratios):.2f} to {max(ratios):.2f}), reading, blame and writing included."]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        parts = [memory(options.program, folder),  # first: what Python holds counts as a child's peak
                 costs(options.program, folder, "pending events", (10, 1_000, 100_000, 1_000_000), pending),
                 costs(options.program, folder, "services", (3, 100, 1_000, 10_000), services),
                 threads(options.program, folder)]
    page = "\n\n".join("\n".join(part) for part in parts) + "\n"
    print(page)
    if options.out:
        version = subprocess.run([options.program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        options.out.write_text("# How cost grows\n\n" f"Made by `scripts/scaling.py build/release/sojourn --out results/scaling.md` with {version}.\n\n{page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
