#!/usr/bin/env python3
"""Compares the speed of the program with other engines, on the same work, in the same run.

    scripts/bench.py build/release/sojourn [--rounds 5] [--out results/bench.md]

W1: M/M/1 at 90 %. W2: five nested calls that hold their callers' workers. W3: five stages joined by messages. Each engine records
the time of every job. Engines take turns (A B C A B C ...), so that a noisy machine disturbs all alike; a ratio is that of jobs a
CPU second in one round, and the median of the rounds is printed, with the least and the greatest. Every engine's answer stands
beside theory: nobody wins by being wrong. SimPy and SimGrid are those of Debian (python3-simpy3, libsimgrid-dev), and are skipped
where they are not installed.
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TWINS = ROOT / "scripts" / "bench"
SYSTEM_PYTHON = "/usr/bin/python3" if pathlib.Path("/usr/bin/python3").exists() else sys.executable
WORKLOADS = {"W1": (0.9, 10.0, "M/M/1"), "W2": (3.2, None, "no exact result"), "W3": (3.2, 8.7274, "five M/M/4 in a row")}
JOBS = {"sojourn": 10_000_000, "straightforward": 10_000_000, "SimGrid": 100_000, "SimPy": 50_000}


def timed(command):
    """CPU seconds and what it printed."""
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]}: exit code {process.returncode}")
    return usage.ru_utime + usage.ru_stime, printed


def run_sojourn(program, which, jobs, folder):
    """CPU seconds, jobs, mean and p99 in mean service times, events."""
    horizon = round(jobs / WORKLOADS[which][0])
    seconds, _ = timed([program, "run", TWINS / f"{which.lower()}.json", "--set", f"/horizon={horizon}s", "--jobs", "1",
                        "--quiet", "--out", folder])
    report = json.loads((pathlib.Path(folder) / "report.json").read_text())
    client = report["variants"]["default"]["clients"]["c"]
    times = client["completion_time" if which == "W3" else "response_time"]
    return seconds, client["outcomes"]["succeeded"], times["mean"]["value"], times["p99"]["value"]


def run_twin(command, which, jobs):
    seconds, printed = timed([*command, which, jobs])
    mean, p99 = map(float, printed.split()[-2:])
    return seconds, jobs, mean, p99


def engines(program, folder):
    """Name: how to run it; twins are compiled here. What is not installed is None."""
    found = {"sojourn": lambda which: run_sojourn(program, which, JOBS["sojourn"], f"{folder}/out")}
    compiler = os.environ.get("CXX", "g++")
    for name, source, more in (("straightforward", "straightforward.cpp", []), ("SimGrid", "simgrid_twin.cpp", ["-lsimgrid"])):
        binary = f"{folder}/{name}"
        done = subprocess.run([compiler, "-std=c++20", "-O3", "-DNDEBUG", TWINS / source, "-o", binary, *more],
                              capture_output=True, check=False)
        found[name] = (lambda which, b=binary, n=name: run_twin([b], which, JOBS[n])) if done.returncode == 0 else None
    simpy = subprocess.run([SYSTEM_PYTHON, "-c", "import simpy"], capture_output=True, check=False).returncode == 0
    twin = [SYSTEM_PYTHON, TWINS / "simpy_twin.py"]
    found["SimPy"] = (lambda which: run_twin(twin, which, JOBS["SimPy"])) if simpy else None
    return found


def measure(found, rounds):
    """Of each workload and engine a list of (jobs a CPU second, mean, p99), one for each round."""
    measured = {}
    for _ in range(rounds):
        for which in WORKLOADS:
            for name, run in found.items():
                if run is None:
                    continue
                seconds, jobs, mean, p99 = run(which)
                measured.setdefault((which, name), []).append((jobs / seconds, mean, p99))
    return measured


def rows_of(measured, found):
    for which, (_, exact, law) in WORKLOADS.items():
        for name in found:
            rounds = measured.get((which, name))
            if rounds is None:
                yield which, name, "skipped: not installed", "", "", ""
                continue
            ratios = [own[0] / other[0] for own, other in zip(measured[which, "sojourn"], rounds)]
            text = "1" if name == "sojourn" else (
                f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
            mean = statistics.median(entry[1] for entry in rounds)
            theory = f"{exact:g}, {law}" if exact else law
            yield which, name, text, f"{mean:.3f}", theory, f"{statistics.median(entry[2] for entry in rounds):.2f}"


def wrong_answers(measured):
    """An engine whose mean is far from theory has not done the same work."""
    for (which, name), rounds in measured.items():
        exact = WORKLOADS[which][1] or statistics.median(entry[1] for entry in measured[which, "sojourn"])
        mean = statistics.median(entry[1] for entry in rounds)
        slack = 0.25 if JOBS[name] < 1_000_000 and which == "W1" else 0.08  # W1 mixes slowly: few jobs leave much to chance
        if abs(mean / exact - 1) > slack:
            yield f"{which}: the mean of {name} is {mean}, where {exact} is right"


def machine():
    text = pathlib.Path("/proc/cpuinfo").read_text() if pathlib.Path("/proc/cpuinfo").exists() else ""
    names = [line.split(":")[1].strip() for line in text.splitlines() if line.startswith("model name")]
    compiler = subprocess.run([os.environ.get("CXX", "g++"), "-dumpfullversion"], capture_output=True, text=True, check=False)
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, gcc {compiler.stdout.strip()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = engines(str(pathlib.Path(options.program).resolve()), folder)
        measured = measure(found, options.rounds)
    lines = ["| work | engine | Sojourn is so many times as fast | mean | theory | p99 |", "|---|---|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows_of(measured, found)]
    page = "\n".join(lines) + "\n"
    print(page)
    if options.out:
        version = subprocess.run([options.program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        options.out.write_text(
            "# Speed beside other engines\n\n"
            f"Made by `scripts/bench.py build/release/sojourn --rounds {options.rounds} --out results/bench.md` with {version}, on {machine()}. Ratios of "
            f"jobs a CPU second, one thread, medians of {options.rounds} interleaved rounds (least and greatest in brackets); "
            "times in mean service times. Sojourn draws keyed random numbers, records the percentiles of clients and services, "
            f"and writes its report within that time; the others record the time of each job.\n\n{page}")
    failures = list(wrong_answers(measured))
    for failure in failures:
        print("FAILED:", failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
