#!/usr/bin/env python3
"""Shows that a result depends on the scenario, the seed and the version alone.

    scripts/determinism.py                        builds with six sets of compiler and options, and compares all their results
    scripts/determinism.py --program PROGRAM      compares this one at several thread counts, and with what is recorded
    scripts/determinism.py --program PROGRAM --record       records what it says, after a change that is meant

Every scenario of the project runs with several numbers of threads; each must give one fingerprint of all its events and one report.json,
byte by byte. And a variant against itself must differ by exactly nothing. `--out` writes the table; builds go to build/determinism/.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
RECORD = ROOT / "tests" / "scripts" / "fingerprints.json"
THREADS = (1, 3)
SHORT = ("--replications", "2")  # of each variant
COMPILERS = ("g++", "clang++-14")
OPTIONS = ("-O0", "-O2", "-O3 -march=native")


def scenarios():
    found = sorted((ROOT / "scenarios").rglob("*.json"))
    return [path for path in found if path.name != "schema.json" and '"services"' in path.read_text()]


def result_of(program, scenario, threads, folder, *more):
    """Fingerprint, digest of report.json, and the report."""
    done = subprocess.run([program, "run", scenario, "--jobs", str(threads), "--quiet", "--out", folder, *more], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{scenario}: exit code {done.returncode}: {done.stderr.strip()}")
    text = (pathlib.Path(folder) / "report.json").read_bytes()
    report = json.loads(text)
    return report["fingerprint"], hashlib.sha256(text).hexdigest()[:16], report


def results_of(program, threads):
    """For each scenario the results that occurred; one where all is well."""
    results = {}
    for scenario in scenarios():
        name = str(scenario.relative_to(ROOT))
        with tempfile.TemporaryDirectory() as folder:
            results[name] = {result_of(program, scenario, count, folder, *SHORT)[:2] for count in threads}
    return results


def differences_from_itself(program):
    """How many paired differences of the online shop and its copy are not exactly zero, of how many."""
    text = (ROOT / "scenarios" / "online-shop.json").read_text()
    shop = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    shop.pop("variants", None)
    shop["variants"] = {"this": {}, "again": {}}
    shop["objectives"] = []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "again.json"
        path.write_text(json.dumps(shop))
        report = result_of(program, path, 2, f"{folder}/out", "--replications", "4")[2]
    rows = report["comparisons"]
    differing = [row for row in rows if row["difference"]["value"] != 0 or row["difference"]["half_width"] not in (0, None)]
    return len(differing), len(rows)


def built(compiler, options):
    """Builds the program with these; None where the compiler is not there."""
    if shutil.which(compiler) is None:
        return None
    place = ROOT / "build" / "determinism" / (compiler + options).replace(" ", "")
    place.mkdir(parents=True, exist_ok=True)
    configure = ["cmake", "-S", ROOT, "-B", place, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_BUILD_TYPE=None",
                 f"-DCMAKE_CXX_FLAGS={options}", "-DSOJOURN_TESTS=OFF"]
    with open(place / "build.log", "w") as log:
        subprocess.run(configure, stdout=log, stderr=log, check=True)
        subprocess.run(["cmake", "--build", place, "--target", "sojourn", "-j", str(os.cpu_count())], stdout=log, stderr=log,
                       check=True)
    return place / "sojourn"


def compare_builds(out):
    seen, lines, failures = {}, ["| compiler | options | scenarios x threads | fingerprints and reports |", "|---|---|---|---|"], []
    for compiler in COMPILERS:
        for options in OPTIONS:
            program = built(compiler, options)
            if program is None:
                lines.append(f"| {compiler} | `{options}` | | skipped: not installed |")
                continue
            results = results_of(program, THREADS)
            wrong = [name for name, found in results.items()
                     if seen.setdefault(name, min(found)) != max(found) or len(found) != 1]
            failures += [f"{compiler} {options}: {name} differs" for name in wrong]
            verdict = "all the same" if not wrong else f"{len(wrong)} differ"
            lines.append(f"| {compiler} | `{options}` | {len(results)} x {len(THREADS)} | {verdict} |")
            print(lines[-1], flush=True)
    differing, rows = differences_from_itself(program)
    if differing:
        failures.append(f"a variant differs from itself in {differing} of {rows} numbers")
    lines += ["", f"The online shop against itself: {rows - differing} of {rows} paired differences are exactly zero, with intervals "
                  "of no width.", "", "| scenario | fingerprint | report.json, SHA-256 begins |", "|---|---|---|"]
    lines += [f"| `{name}` | {fingerprint} | {digest} |" for name, (fingerprint, digest) in seen.items()]
    page = "\n".join(lines) + "\n"
    if out:
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        out.write_text("# One result for all compilers, options and thread counts\n\n"
                       f"Made by `scripts/determinism.py --out results/determinism.md` with {version}: every scenario of the project, two "
                       f"replications of each variant, with {' and '.join(map(str, THREADS))} threads.\n\n{page}")
    print(page)
    return failures


def compare_with_record(program, record):
    results = results_of(program, THREADS)
    failures = [f"{name}: the number of threads matters: {sorted(found)}" for name, found in results.items() if len(found) > 1]
    said = {name: list(min(found)) for name, found in results.items()}
    if record:
        RECORD.write_text(json.dumps(said, indent=2) + "\n")
    recorded = json.loads(RECORD.read_text())
    failures += [f"{name}: {said.get(name)} where {recorded.get(name)} is recorded; if that is meant, "
                 "scripts/determinism.py --program PROGRAM --record, and a line in CHANGELOG.md"
                 for name in sorted(set(said) | set(recorded)) if said.get(name) != recorded.get(name)]
    differing, rows = differences_from_itself(program)
    if differing or not rows:
        failures.append(f"a variant differs from itself in {differing} of {rows} numbers")
    print(f"{len(said)} scenarios, {rows} paired differences of a variant and itself")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    program = options.program and str(pathlib.Path(options.program).resolve())
    failures = compare_with_record(program, options.record) if program else compare_builds(options.out)
    for failure in failures:
        print("FAILED:", failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
