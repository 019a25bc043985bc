#!/usr/bin/env python3
"""Counts how often the intervals of small experiments hold the exact value.

    scripts/coverage.py build/release/sojourn [--experiments 1000] [--jobs 2] [--out results/coverage.md]

Each experiment is one run of ten short replications with a seed of its own. An interval of 95 % should hold the exact mean, or the
exact p99, in 93 to 97 % of 1,000 experiments. The last row does what should not be done: it takes the requests of one run for
independent observations. Exit code 1 where a share is out of bounds, or where the naive interval is as good as the others.
"""

import argparse
import concurrent.futures
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile

REPLICATIONS = 10
WORK_S = 0.010


def exponential(mean_s):
    return {"exponential": f"{mean_s * 1e9:.0f}ns"}


def scenario(rate, seconds, services, **more):
    return {"name": "coverage", "replications": REPLICATIONS, "warmup": "2s", "horizon": f"{2 + seconds}s",
            "clients": {"c": {"requests": "s.x", "arrivals": {"poisson": f"{rate}/s"}}}, "services": services, **more}


def quantile(distribution, p):
    """Where a continuous distribution function reaches p, by bisection."""
    low, high = 0.0, 0.4  # s
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if distribution(middle) < p else (low, middle)
    return low


def one_server(rate):
    """M/M/1: the response is exponential (Kleinrock 1975, 3.2)."""
    mean = 1 / (1 / WORK_S - rate)
    return mean, -mean * math.log(0.01)


def many_servers(rate, servers):
    """M/M/c: waiting by Erlang's C formula, and the work after it (Gross and Harris, 2.3)."""
    offered = rate * WORK_S
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = offered * blocked / (n + offered * blocked)
    waits = servers * blocked / (servers - offered * (1 - blocked))
    drain, mu = servers / WORK_S - rate, 1 / WORK_S

    def distribution(t):
        both = waits * (mu * math.exp(-drain * t) - drain * math.exp(-mu * t)) / (mu - drain)
        return 1 - (1 - waits) * math.exp(-mu * t) - both

    return WORK_S + waits / drain, quantile(distribution, 0.99)


def constant_work(rate):
    """M/D/1: Erlang 1909; the sum is exact enough here, as its terms stay small."""
    load = rate * WORK_S

    def distribution(t):
        wait = t - WORK_S
        if wait < 0:
            return 0.0
        terms = []
        for k in range(math.floor(wait / WORK_S) + 1):
            x = rate * (wait - k * WORK_S)
            terms.append((-1) ** k * math.exp(x + k * math.log(x) - math.lgamma(k + 1)) if x > 0 else float(k == 0))
        return (1 - load) * math.fsum(terms)

    return WORK_S + load * WORK_S / (2 * (1 - load)), quantile(distribution, 0.99)


def two_in_a_row(rate):
    """Two equal M/M/1 one after the other: independent exponential stays (Burke 1956, Reich 1957), so Erlang of 2 stages."""
    mean = 1 / (1 / WORK_S - rate)
    return 2 * mean, quantile(lambda t: 1 - (1 + t / mean) * math.exp(-t / mean), 0.99)


def models():
    """Name: scenario, what is looked at, exact mean and p99."""
    work = [{"work": exponential(WORK_S)}]
    one = {"s": {"operations": {"x": work}}}
    return {
        "M/M/1, 70 %": (scenario(70, 200, one), "response_time", one_server(70)),
        "M/M/4, 80 %": (scenario(320, 100, {"s": {"workers": 4, "operations": {"x": work}}}), "response_time",
                        many_servers(320, 4)),
        "M/D/1, 70 %": (scenario(70, 200, {"s": {"operations": {"x": [{"work": f"{WORK_S * 1e3:.0f}ms"}]}}}),
                        "response_time", constant_work(70)),
        "two M/M/1 in a row, 60 %": (
            scenario(60, 200, {"s": {"operations": {"x": [*work, {"publish": "t"}]}}, "u": {"operations": {"y": work}}},
                     topics={"t": {"subscriptions": {"u.y": {}}}}), "completion_time", two_in_a_row(60)),
    }


def experiment(program, scenario_path, seed, folder):
    done = subprocess.run([program, "run", scenario_path, "--quiet", "--seed", str(seed), "--jobs", "1", "--format", "json",
                           "--out", f"{folder}/{seed}"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"exit code {done.returncode}: {done.stderr}")
    shutil.rmtree(f"{folder}/{seed}", ignore_errors=True)
    return json.loads(done.stdout)["variants"]["default"]["clients"]["c"]


def shares(program, model, experiments, jobs):
    """How often the interval held: the mean, the p99, and the mean by the naive interval."""
    path_of, (mean, p99) = model[1], model[2]
    held = {"mean": 0, "p99": 0, "naive": 0}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "scenario.json"
        path.write_text(json.dumps(model[0]))
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for client in pool.map(lambda seed: experiment(program, path, seed, folder), range(1, experiments + 1)):
                times = client[path_of]
                for name, exact in (("mean", mean), ("p99", p99)):
                    held[name] += abs(times[name]["value"] - exact) <= times[name]["half_width"]
                # the deviation of an exponential time is its mean; this is for the M/M/1 alone
                naive = 1.96 * times["mean"]["value"] / math.sqrt(client["outcomes"]["succeeded"])
                held["naive"] += abs(times["mean"]["value"] - mean) <= naive
    return {name: count / experiments for name, count in held.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--experiments", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    lines = ["| model | number | exact [ms] | intervals of 95 % that hold it |", "|---|---|---|---|"]
    failures = []
    # three standard errors of a share of 95 %, where fewer experiments than 1,000 leave more to chance than 2 points
    slack = max(0.02, 3 * math.sqrt(0.05 * 0.95 / options.experiments))
    for name, model in models().items():
        share = shares(options.program, model, options.experiments, options.jobs)
        for number, exact in zip(("mean", "p99"), model[2]):
            good = abs(share[number] - 0.95) <= slack
            seconds = int(model[0]["horizon"][:-1]) - 2
            lines.append(f"| {name}, {seconds} s each | {number} | {exact * 1e3:.4g} | {share[number]:.1%} |")
            if not good:
                failures.append(f"{name}, {number}: {share[number]:.1%}")
        if name.startswith("M/M/1"):
            naive = f"| {name}, requests taken for independent | mean | {model[2][0] * 1e3:.4g} | {share['naive']:.1%} |"
            if share["naive"] > 0.9:
                failures.append(f"the naive interval holds the mean in {share['naive']:.1%}: the experiments show nothing")
    page = "\n".join([*lines, naive]) + "\n"
    print(page)
    if options.out:
        version = subprocess.run([options.program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        options.out.write_text(
            "# How often the intervals hold the exact value\n\n"
            f"Made by `scripts/coverage.py build/release/sojourn --experiments {options.experiments} --out results/coverage.md` with {version}: "
            f"{options.experiments} experiments of {REPLICATIONS} replications a model, each with a seed of its own. "
            f"An interval of 95 % should hold the exact value in {0.95 - slack:.0%} to {0.95 + slack:.0%} of them.\n\n{page}")
    for failure in failures:
        print("FAILED:", failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
