#!/usr/bin/env python3
"""Guards the speed of the kernel without a clock: instructions a timed event, counted by valgrind's callgrind.

    scripts/instructions.py build/dev/sojourn [--record]

Each workload of scripts/bench runs twice, once longer; the difference in instructions over the difference in events leaves start
and report out. It fails where more than 10 % above what tests/scripts/instructions.json holds; a count depends on the compiler
and its options, so the record names them, and another compiler is skipped (exit code 77), as is a machine without valgrind.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECORD = ROOT / "tests" / "scripts" / "instructions.json"
# Simulated seconds, the shorter and the longer run. Whole multiples of 3,600 have the same number of buckets of time, and beyond
# 20,000 requests all runs account for the same number of them: what remains is the kernel.
HORIZONS = {"W1": (25_200, 32_400), "W2": (7_200, 10_800), "W3": (7_200, 10_800)}
MORE = 1.10


def count(program, which, seconds, folder):
    """Instructions and timed events of one run."""
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/calls", program, "run",
               ROOT / "scripts" / "bench" / f"{which.lower()}.json", "--set", f"/horizon={seconds}s",
               "--jobs", "1", "--quiet", "--out", f"{folder}/out"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"Collected\s*:\s*(\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"{which}: exit code {done.returncode}: {done.stderr[-300:]}")
    report = json.loads((pathlib.Path(folder) / "out" / "report.json").read_text())
    return int(found[1]), report["events"]


def instructions_an_event(program, which):
    with tempfile.TemporaryDirectory() as folder:
        (short, few), (long, many) = (count(program, which, seconds, folder) for seconds in HORIZONS[which])
    return (long - short) / (many - few)


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        skip("valgrind is not installed")
    version = subprocess.run([options.program, "--version"], capture_output=True, text=True, check=True).stdout
    compiler = re.search(r"(gcc|clang)[^)]*", version)[0]
    recorded = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if not options.record and recorded.get("compiler") != compiler:
        skip(f"recorded with {recorded.get('compiler')}, this is {compiler}")
    counted = {which: round(instructions_an_event(options.program, which)) for which in HORIZONS}
    if options.record:
        RECORD.write_text(json.dumps({"compiler": compiler, "preset": "dev", "instructions_an_event": counted}, indent=2) + "\n")
        recorded = {"instructions_an_event": counted}
    failed = False
    for which, here in counted.items():
        known = recorded["instructions_an_event"][which]
        failed = failed or here > MORE * known
        print(f"{which}: {here} instructions a timed event, {known} recorded ({here / known - 1:+.1%})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
