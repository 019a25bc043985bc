#!/usr/bin/env python3
"""Compares the program with exact results of queueing theory, as a table of z-scores.

    scripts/oracles.py build/release/sojourn [--cases FILE] [--short] [--only WORD] [--out results/oracles.md]

Every case of the file that the scenario language can express runs as a small scenario with a fixed seed. The z-score is
(simulated - exact) / standard error, the error being that of the report's interval. It fails when one of them is beyond 4.5, or
when those of independent runs do not look like Student's t (Anderson and Darling's test at 1 %). Without the file of cases, and
after it, the program's own formulas are compared in the same way, at other parameters.

The full form runs until every half-width is below 0.5 % of the exact value, and fails where one is not: some 30 minutes of two
cores, most of them for two models with long memories (--skip leaves models out)."""

import argparse
import json
import math
import pathlib
import shlex
import subprocess
import sys
import tempfile
import zlib

import oracle_cases

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASES = ROOT.parent / "shared" / "data" / "oracles.json"
FAR = 4.5
REPLICATIONS = 20
SHARP = 0.005  # half-width over the exact value; a row that is blunter says so
CRITICAL = 3.857  # of Anderson and Darling's statistic for a known law, at 1 %: Stephens 1974


def t_cdf(t, degrees):
    """Student's distribution function by the continued fraction of the incomplete beta function."""
    if t == 0:
        return 0.5
    x = degrees / (degrees + t * t)
    a, b = degrees / 2, 0.5
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    outside = 1 - _beta(b, a, 1 - x, front) if x > (a + 1) / (a + b + 2) else _beta(a, b, x, front)
    return 1 - outside / 2 if t > 0 else outside / 2


def _beta(a, b, x, front):
    """The regularised incomplete beta function, where x is below (a + 1) / (a + b + 2); Lentz's algorithm."""
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    fraction = d
    for m in range(1, 300):
        for term in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                     -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 + term * d
            c = 1 + term / c
            d = 1 / (d if abs(d) > tiny else tiny)
            c = c if abs(c) > tiny else tiny
            fraction *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return front * fraction / a


def t_quantile(p, degrees):
    low, high = 0.0, 1000.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_cdf(middle, degrees) < p else (low, middle)
    return low


def anderson_darling(uniforms):
    u = sorted(min(max(value, 1e-15), 1 - 1e-15) for value in uniforms)
    n = len(u)
    return -n - sum((2 * i + 1) * (math.log(u[i]) + math.log1p(-u[n - 1 - i])) for i in range(n)) / n


def run(program, name, scenario, seconds, warmup, share):
    seed = zlib.crc32(name.encode())  # of its own: with one seed for all, the z-scores would not be independent
    scenario = {"name": "oracle", "seed": seed, **scenario}
    scenario["replications"] = max(REPLICATIONS, round(scenario.get("replications", REPLICATIONS) * share))
    if "horizon" not in scenario:
        scenario["warmup"] = f"{warmup * 1000:.0f}ms"
        scenario["horizon"] = f"{(warmup + seconds * share) * 1000:.0f}ms"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "oracle.json"
        path.write_text(json.dumps(scenario))
        done = subprocess.run([program, "run", path, "--quiet", "--out", f"{folder}/out", "--format", "json"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{name}: exit code {done.returncode}\n{done.stderr}")
        return json.loads(done.stdout)


def number_at(report, path):
    """Value, half-width, and the number of values behind it, at a dotted path; keys may hold dots, and the longest one counts.
    None for a half-width that the report does not give."""
    node, rest = report["variants"]["default"], path
    while rest:
        key = max((key for key in node if rest == key or rest.startswith(key + ".")), key=len)
        node, rest = node[key], rest[len(key) + 1:]
    if isinstance(node, dict):
        return node["value"], node["half_width"], node.get("n", report["replications"])
    return node / report["replications"], 0, report["replications"]  # a count is a total


class Table:
    def __init__(self):
        self.rows = []
        self.refused = 0  # numbers of which a short run gives no interval
        self.blunt = 0  # rows whose half-width is above SHARP
        self.uniforms = []  # one for each run, from its first quantity with an interval
        self.failures = []

    def add(self, model, case, exact, value, half_width, tolerance, stands_for_run, replications, blunt=""):
        z = None
        if half_width:
            z = (value - exact) / (half_width / t_quantile(0.975, replications - 1))
            if stands_for_run and tolerance is None:
                self.uniforms.append(t_cdf(z, replications - 1))
        relative = abs(value - exact) / abs(exact)
        if tolerance is not None:
            good, verdict = relative <= tolerance, f"within {tolerance:.1%}" if relative <= tolerance else "FAR"
        elif z is None:
            good, verdict = relative <= 1e-3, "the same" if relative < 1e-12 else "within 0.1%" if relative <= 1e-3 else "FAR"
        else:
            good, verdict = abs(z) <= FAR, f"{z:+.2f}" if abs(z) <= FAR else f"{z:+.2f} FAR"
        if not good:
            self.failures.append(f"{model}: {case}: exact {exact:.8g}, simulated {value:.8g} ± {half_width}")
        width, sharp = "", ""
        if half_width is not None:
            width = f"{half_width / abs(exact):.2%}"
            sharp = "yes" if half_width <= SHARP * abs(exact) else f"no: {blunt}" if blunt else "no"
            self.blunt += sharp == "no"
        self.rows.append((model, case, f"{exact:.6g}", f"{value:.6g}", width, sharp, verdict))

    def text(self):
        lines = [f"| model | case | exact | simulated | half-width | within {SHARP:.1%} | z |", "|---" * 7 + "|"]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in self.rows])


def compare_with_cases(table, program, cases, share, wanted):
    used = set()
    for name, model in oracle_cases.models().items():
        if not wanted(name):
            continue
        used.update(quantity.case for quantity in model.quantities)
        if model.full_form_only and share < 1:
            continue
        seconds = model.brief / share if share < 1 and model.brief else model.seconds
        report = run(program, name, model.scenario, seconds, model.warmup, share)
        for place, quantity in enumerate(model.quantities):
            case = cases[quantity.case]
            value, half_width, behind = number_at(report, quantity.path)
            if half_width is None and share < 1:
                table.refused += 1  # a short run has too few samples for an interval of a far quantile
                continue
            if half_width is None:
                table.failures.append(f"{name}: {quantity.case}: no interval")
                continue
            half_width *= abs(quantity.scale)
            tolerance = case.get("tol_rel")
            if half_width == 0 or model.constant:
                half_width = None  # nothing is left to chance: no more than rounding and a bin of a histogram may remain
            table.add(name, quantity.case, float(case["value"]), value * quantity.scale + quantity.shift, half_width,
                      tolerance, place == 0, behind, model.blunt)
    return used


def compare_with_own(table, program, share, wanted):
    for name, (scenario, seconds, warmup) in oracle_cases.own_models().items():
        if not wanted(name):
            continue
        report = run(program, name, scenario, seconds, warmup, share)
        if not report["theory"]:
            table.failures.append(f"{name}: no result of theory is exact")
        for place, row in enumerate(report["theory"]):
            if row["exact"] == 0:
                continue
            table.add(name, f"{row['path']} ({row['result']})", row["exact"], row["value"], row["half_width"] or None,
                      None, place == 0, row.get("n", report["replications"]))


def command_of(options):
    """As one would write it in the project's folder."""
    words = ["scripts/oracles.py", "build/release/sojourn", *(["--short"] if options.short else [])]
    if options.cases != CASES:
        words += ["--cases", str(options.cases)]
    if options.only:
        words += ["--only", options.only]
    if options.skip:
        words += ["--skip", *options.skip]
    return shlex.join([*words, "--out", "results/oracles.md"])


def false_alarms(runs):
    """How often chance alone would raise an alarm, in words."""
    one = 2 * (1 - t_cdf(FAR, REPLICATIONS - 1))
    return (f"A number is beyond {FAR} standard errors by chance with probability {one:.3g} (Student's t, {REPLICATIONS - 1} "
            f"degrees), so one at least of {runs} independent runs with {1 - (1 - one) ** runs:.1%}, and more where a run has "
            "several numbers; Anderson and Darling's test adds its 1 %. The seeds are fixed: the same program gives the same "
            "page, and an alarm that is new is one of what was changed.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--cases", type=pathlib.Path, default=CASES)
    parser.add_argument("--short", action="store_true", help="a twentieth of the time, with the same gate")
    parser.add_argument("--only", default="", metavar="WORD", help="models with this word in their name")
    parser.add_argument("--skip", nargs="*", default=[], metavar="WORD", help="no models with one of these words")
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    share = 0.05 if options.short else 1.0

    def wanted(name):
        return options.only in name and not any(word in name for word in options.skip)

    table, text = Table(), []
    skipped = ""
    if options.cases.exists():
        cases = {case["id"]: case for case in json.loads(options.cases.read_text())["cases"]}
        used = compare_with_cases(table, options.program, cases, share, wanted)
        if any(case.startswith("erlangA.") for case in used):
            text.append("The callers who lose patience (Erlang A) have one of 200 equally likely times in place of an "
                        "exponential one, each the mean of its slice of the law: an error below 2e-5.")
        left = [case for case in cases if case not in used]
        unexplained = [case for case in left if case not in oracle_cases.NOT_EXPRESSED]
        if not (options.only or options.skip):
            text.append(f"{len(used)} of {len(cases)} cases are expressed. Not expressed: " + "; ".join(
                f"{case} ({oracle_cases.NOT_EXPRESSED.get(case, 'NO REASON GIVEN')})" for case in left) + ".")
            table.failures += [f"{case}: neither expressed nor explained" for case in unexplained]
        elif options.skip:
            text.append("Left out of this run: " + ", ".join(
                name for name in oracle_cases.models() if options.only in name and not wanted(name)) + ".")
    else:
        skipped = f"skipped: {options.cases} is not there; the program's own formulas alone are compared."
        text.append(skipped)
    compare_with_own(table, options.program, share, wanted)
    if len(table.uniforms) >= 8:
        statistic = anderson_darling(table.uniforms)
        text.append(f"Anderson and Darling's statistic of the {len(table.uniforms)} runs, one number of each: "
                    f"{statistic:.2f}; beyond {CRITICAL} their z-scores would not look like Student's t at 1 %.")
        text.append(false_alarms(len(table.uniforms)))
        if statistic > CRITICAL:
            table.failures.append(f"the z-scores do not look like chance: {statistic:.2f} > {CRITICAL}")
    if table.blunt and share < 1:
        text.insert(0, f"{table.blunt} of {len(table.rows)} rows have a half-width above {SHARP:.1%} of the exact value: so "
                       "short a run sees only larger errors there.")
    elif table.blunt:
        table.failures.append(f"{table.blunt} half-widths are above {SHARP:.1%} of the exact value")
    if table.refused:
        text.insert(1, f"{table.refused} far quantiles are left to the long form: so short a run gives no interval for them.")
    page = f"{table.text()}\n\n" + "\n\n".join(text) + "\n"
    print(page)
    if options.out:
        version = subprocess.run([options.program, "--version"], capture_output=True, text=True).stdout.strip()
        options.out.write_text(
            f"# Exact results, and what the program says\n\nMade by `{command_of(options)}` with {version}. The z-score is "
            f"(simulated - exact) / standard error, {REPLICATIONS} replications (windows about an instant have more); the "
            f"half-width is that of a 95 % interval, over the exact value.\n\n{page}")
    for failure in table.failures:
        print("FAILED:", failure, file=sys.stderr)
    if skipped:
        print(skipped, flush=True)
    return 1 if table.failures else 0


if __name__ == "__main__":
    sys.exit(main())
