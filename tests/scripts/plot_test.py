#!/usr/bin/python3
"""The pictures: drawn from real results, equal to their numbers, whole, the same bytes every time; errors are one line.

plot_test.py SOJOURN [unittest's own arguments]; exit code 77 where matplotlib is not installed
"""
import contextlib
import csv
import io
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
PLOT = ROOT / "scripts" / "plot.py"
sys.path.insert(0, str(ROOT / "scripts"))

try:
    import matplotlib
except ImportError:
    print("skipped: matplotlib is not installed")
    sys.exit(77)
matplotlib.use("Agg")
from matplotlib.image import imread

import plot as plot_program
from plots import PICTURES, decision_map, life, load, percentiles, response_completion, style, sweep, timeline, topology, workers

SOJOURN = None
OF_RUNS = {name: picture for name, picture in PICTURES.items() if name not in ("decide", "decision-map", "sweep", "capacity", "life")}
NAMES = ["percentiles", "response-completion", "timeline", "topology", "workers"]


def simulate(scenario, out, *options):
    command = [SOJOURN, "run", str(ROOT / "scenarios" / scenario), "--out", str(out), "--quiet", *options]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 3):  # 3: a missed objective
        raise RuntimeError(f"{' '.join(command)}\n{run.stderr}")


def plot(*arguments, **environment):
    """The program in a process of its own."""
    return subprocess.run([sys.executable, str(PLOT), *map(str, arguments)], capture_output=True, text=True, check=False,
                          env={**os.environ, **environment})


def quick_plot(*arguments):
    """The same here, without the second that matplotlib takes to load."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            plot_program.main(list(map(str, arguments)))
        except SystemExit as end:
            code = end.code
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def rows(folder, name, **where):
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if all(row[key] == value for key, value in where.items())]


def curve(line):
    return list(map(float, line.get_xdata())), list(map(float, line.get_ydata()))


class Pictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        top = Path(cls.place.name)
        cls.hello, cls.shop, cls.clients = top / "hello", top / "shop", top / "clients"
        simulate("hello.json", cls.hello, "--set", "/horizon=20s", "--set", "/warmup=2s", "--replications", "4")
        simulate("online-shop.json", cls.shop, "--set", "/horizon=12s", "--set", "/warmup=2s", "--replications", "5")
        simulate("measured-testbed/baseline.json", cls.clients, "--replications", "2")

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def copy(self, folder):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        return Path(shutil.copytree(folder, Path(place.name) / "result"))

    def changed_report(self, change):
        folder = self.copy(self.shop)
        report = json.loads((folder / "report.json").read_text())
        change(report)
        (folder / "report.json").write_text(json.dumps(report))
        return folder

    def fails(self, said, *arguments, **environment):
        run = plot(*arguments, **environment) if environment else quick_plot(*arguments)
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertEqual(run.stdout, "")
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        self.assertIn(said, run.stderr)

    def test_draws_every_picture_and_says_where(self):
        folder = self.copy(self.hello)
        run = plot(folder)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        expected = sorted(str(folder / f"{name}.{kind}") for name in NAMES for kind in ("png", "svg"))
        self.assertEqual(sorted(run.stdout.split()), expected)
        self.assertEqual(sorted(str(p) for kind in ("png", "svg") for p in folder.glob(f"*.{kind}")), expected)
        for name in NAMES:
            pixels = imread(folder / f"{name}.png")[:, :, :3]
            self.assertGreater(pixels.shape[1], 1000)
            self.assertGreater(pixels.shape[0], 300)
            self.assertGreater((pixels.min(axis=2) < 0.5).mean(), 0.005, f"{name} is nearly blank")

    def test_same_bytes_twice(self):
        first, second = self.copy(self.shop), self.copy(self.shop)
        for folder in (first, second):
            self.assertEqual(plot(folder, "--out", folder / "drawn").returncode, 0)
        for name in NAMES:
            for kind in ("png", "svg"):
                one, two = ((f / "drawn" / f"{name}.{kind}").read_bytes() for f in (first, second))
                self.assertEqual(one, two, f"{name}.{kind}")

    def test_only_and_format_and_out(self):
        folder = self.copy(self.hello)
        run = quick_plot(folder, "--only", "workers", "--format", "svg", "--out", folder / "deep" / "er")
        self.assertEqual(run.stdout.split(), [str(folder / "deep" / "er" / "workers.svg")])
        self.assertIn("<svg", (folder / "deep" / "er" / "workers.svg").read_text())

    def test_each_client_has_its_own(self):
        folder = self.copy(self.clients)
        clients = list(json.loads((folder / "report.json").read_text())["variants"]["synchronous"]["clients"])
        run = quick_plot(folder, "--only", "response-completion", "--format", "svg")
        self.assertEqual([Path(p).stem for p in run.stdout.split()],
                         ["response-completion"] + [f"response-completion-{c}" for c in clients[1:]])
        run = quick_plot(folder, "--only", "percentiles", "--client", clients[1], "--format", "svg")
        self.assertEqual([Path(p).stem for p in run.stdout.split()], [f"percentiles-{clients[1]}"])

    def test_percentiles_are_those_of_the_csv(self):
        axes = percentiles.draw(load.read(self.shop)).axes[0]
        drawn = [curve(line) for line in axes.lines]
        expected = []
        for variant in ("request-driven", "event-driven", "hybrid"):
            for metric in ("response_time", "completion_time", "notification_time"):
                found = rows(self.shop, "percentiles.csv", variant=variant, metric=metric, client="shoppers")
                expected.append(([-math.log10(1 - float(r["percentile"]) / 100) for r in found],
                                 [float(r["value_s"]) for r in found]))
        self.assertEqual(len(expected), 9)
        self.assertGreater(min(len(x) for x, _ in expected), 30)
        self.assertEqual(drawn, expected)
        self.assertEqual({line.get_linestyle() for line in axes.lines}, {"-", "--"})  # dotted is a kind of dashed here

    def test_bars_and_whiskers_are_those_of_the_csv(self):
        figure = response_completion.draw(load.read(self.shop))
        for axes, name in zip(figure.axes, ("p50", "p99")):
            scale = 1e3 if "[ms]" in axes.get_xlabel() else 1
            self.assertTrue(axes.get_xlabel().endswith("[ms]" if scale > 1 else "[s]"), axes.get_xlabel())
            widths = [bar.get_width() for bar in axes.patches]
            spans = [c.lines[2][0].get_segments()[0][:, 0] for c in axes.containers if hasattr(c, "has_xerr")]
            expected = [(float(row[f"{metric}_{name}_s"]), float(row[f"{metric}_{name}_half_width_s"]))
                        for row in rows(self.shop, "clients.csv")
                        for metric in ("response_time", "completion_time", "notification_time")]
            self.assertEqual(len(expected), 9)
            self.assertEqual(len(spans), 9)
            for width, span, (value, half) in zip(widths, spans, expected):
                self.assertAlmostEqual(width, value * scale, 9)
                self.assertAlmostEqual(span[0], (value - half) * scale, 9)
                self.assertAlmostEqual(span[1], (value + half) * scale, 9)
            self.assertIn(style.time_text(expected[0][0]), [text.get_text() for text in axes.texts])

    def test_workers_are_shares_of_what_the_scenario_has(self):
        have = {"shop": 48, "payment": 8, "inventory": 4, "shipping": 16, "mail": 4, "loyalty": 1}
        result = load.read(self.shop)
        figure = workers.draw(result)
        self.assertEqual([axes.get_title(loc="left") for axes in figure.axes], result.variants)
        for axes, variant in zip(figure.axes, result.variants):
            for at, row in enumerate(rows(self.shop, "services.csv", variant=variant)):
                of = have[row["service"]]
                busy, held, idle = (bar.get_width() for bar in axes.patches[3 * at:3 * at + 3])
                self.assertAlmostEqual(busy, 100 * float(row["busy_workers"]) / of, 6)
                self.assertAlmostEqual(held, 100 * float(row["held_workers"]) / of, 6)
                self.assertAlmostEqual(busy + held + idle, 100, 6)
        self.assertGreater(workers.shares(result, "request-driven", "shop")[1], 0.1)

    def test_workers_of_a_service_that_only_waits_come_from_another_variant(self):
        def no_work(report):
            shop = report["variants"]["request-driven"]["services"]["shop"]
            shop["utilization"]["value"] = shop["busy_workers"]["value"] = 0.0
            shop["held_workers"]["value"] = 12.0

        result = load.read(self.changed_report(no_work))
        busy, held, idle = workers.shares(result, "request-driven", "shop")
        self.assertEqual(busy, 0)
        self.assertAlmostEqual(held, 0.25)
        self.assertAlmostEqual(idle, 0.75)

    def test_timeline_is_that_of_the_csv(self):
        figure = timeline.draw(load.read(self.shop))
        top, bottom = figure.axes[1], figure.axes[-2]  # event-driven, the middle of three columns
        for line, metric in zip(top.lines, ("started_per_s", "answered_per_s")):
            found = rows(self.shop, "timeline.csv", variant="event-driven", metric=metric)
            x, y = curve(line)
            self.assertEqual(y, [float(r["value"]) for r in found])
            bucket = 12 / len(found)
            for drawn, row in zip(x, found):
                self.assertAlmostEqual(drawn, float(row["time_s"]) + bucket / 2, 9)
        sums = {}
        for row in rows(self.shop, "timeline.csv", variant="event-driven", metric="backlog"):
            sums[float(row["time_s"])] = sums.get(float(row["time_s"]), 0.0) + float(row["value"])
        self.assertEqual(curve(bottom.lines[0])[1], list(sums.values()))
        self.assertGreater(max(sums.values()), 0)

    def test_long_timelines_are_averaged_without_loss(self):
        values = {float(k): float(k % 7) for k in range(1000)}
        x, y = timeline.points(values)
        self.assertEqual(len(x), 200)
        self.assertAlmostEqual(sum(y) * 5, sum(values.values()))
        self.assertEqual(x[0], 2.5)

    def test_nothing_is_cut_off(self):
        for folder in (self.hello, self.shop, self.clients):
            result = load.read(folder)
            for client in result.clients[:2]:
                for name, picture in OF_RUNS.items():
                    figure = picture.draw(result.for_client(client))
                    figure.draw_without_rendering()
                    box = figure.get_tightbbox(figure.canvas.get_renderer())
                    width, height = figure.get_size_inches()
                    self.assertTrue(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height,
                                    f"{folder.name} {name}: {box} in {width} x {height}")

    def test_a_decision_is_drawn_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([SOJOURN, "decide", str(ROOT / "scenarios" / "online-shop.json"), "--out", folder, "--quiet",
                            "--replications", "4", "--set", '/horizon="40s"'], capture_output=True, check=True)
            done = quick_plot(folder, "--format", "png")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertEqual(done.stdout.split(), [str(Path(folder) / "decide.png")])
            decision = load.read(Path(folder))
            figure = PICTURES["decide"].draw(decision)
            figure.draw_without_rendering()
            box = figure.get_tightbbox(figure.canvas.get_renderer())
            self.assertTrue(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.get_size_inches()[0])
            self.assertEqual({t.get_text().replace("\n", " ") for t in figure.axes[0].texts},
                             {design["design"].removeprefix("defer ") for design in decision.designs})
            self.assertEqual(len(decision.designs), 8)
            (Path(folder) / "decide.json").write_text("{}")
            self.assertIn("expected", quick_plot(folder).stderr)

    def test_a_search_for_the_highest_load_is_drawn_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            command = [SOJOURN, "capacity", str(ROOT / "scenarios" / "online-shop.json"), "--out", folder, "--quiet",
                       "--replications", "3", "--set", '/horizon="24s"']
            subprocess.run(command, capture_output=True, check=True)
            done = quick_plot(folder, "--format", "svg")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            drawn = Path(folder) / "capacity.svg"
            self.assertEqual(done.stdout.split(), [str(drawn)])
            first = drawn.read_bytes()
            self.assertEqual(quick_plot(folder, "--format", "svg").returncode, 0)
            self.assertEqual(drawn.read_bytes(), first)
            result = load.read(Path(folder))
            figure = PICTURES["capacity"].draw(result)
            figure.draw_without_rendering()
            box = figure.get_tightbbox(figure.canvas.get_renderer())
            width, height = figure.get_size_inches()
            self.assertTrue(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, f"{box}")
            self.assertEqual([axes.get_title(loc="left") for axes in figure.axes[1:]],
                             ["clients.shoppers.response_time.p99 <= 300ms", "clients.shoppers.broken_promise_ratio <= 0.001"])
            for row, variant in enumerate(result.variants):
                marks = {x for line in figure.axes[0].lines for x, y in zip(*curve(line)) if y == row}
                self.assertTrue({t["requests_per_s"] for t in result.variants[variant]["tried"]} <= marks)
            for text in ("{", "[]", "{}", '{"scenario": {"name": "a"}, "mode": "replicas"}'):
                (Path(folder) / "capacity.json").write_text(text)
                self.assertIn("expected", quick_plot(folder).stderr)

    def test_titles_say_what_is_seen(self):
        result = load.read(self.clients).for_client("S2-pay")
        for name, picture in OF_RUNS.items():
            said = " ".join(text.get_text() for text in picture.draw(result).texts)
            for part in ("measured-testbed-baseline", "seed 1", "2 replications"):
                self.assertIn(part, said, name)
            self.assertEqual("S2-pay" in said, picture.EACH_CLIENT, name)

    def test_missing_numbers_are_left_out(self):
        def hollow(report):
            client = report["variants"]["event-driven"]["clients"]["shoppers"]
            client["response_time"]["p99"] = {"value": None, "half_width": None}
            client["completion_time"] = None
            report["variants"]["hybrid"]["clients"]["shoppers"]["response_time"]["p50"] = {"value": math.inf,
                                                                                         "half_width": math.nan}
            report["variants"]["hybrid"]["services"]["mail"]["utilization"] = None

        result = load.read(self.changed_report(hollow))
        said = [text.get_text() for axes in response_completion.draw(result).axes for text in axes.texts]
        self.assertEqual(said.count("too few requests to tell"), 4)
        self.assertEqual(sum(len(axes.patches) for axes in workers.draw(result).axes), 3 * 17)

    def test_only_what_the_result_holds_is_drawn(self):
        folder = self.copy(self.hello)
        (folder / "timeline.csv").unlink()
        head = (folder / "percentiles.csv").read_text().splitlines()[0]
        (folder / "percentiles.csv").write_text(head + "\ndefault,visitors,response_time,50,\n")
        run = quick_plot(folder, "--format", "svg")
        self.assertEqual([Path(p).stem for p in run.stdout.split()], ["response-completion", "workers", "topology"])
        self.fails("expected data for timeline, found none", folder, "--only", "timeline")

    def test_a_short_answer_time_has_no_zero_on_a_logarithm(self):
        folder = self.copy(self.hello)
        table = folder / "percentiles.csv"
        table.write_text("variant,client,metric,percentile,value_s\n" +
                         "".join(f"default,visitors,response_time,{p},{v}\n" for p, v in ((0, 0), (50, 0), (90, 0.2))))
        figure = percentiles.draw(load.read(folder))
        self.assertGreater(figure.axes[0].get_ylim()[0], 0)
        figure.draw_without_rendering()

    def test_errors_are_one_line_and_exit_code_2(self):
        top = Path(self.place.name)
        self.fails("found nothing", top / "none")
        (top / "empty").mkdir(exist_ok=True)
        self.fails("expected report.json in it, found none", top / "empty")
        self.fails("expected a result folder, found a file", self.hello / "report.json")
        self.fails("did you mean 'workers'?", self.hello, "--only", "worker")
        self.fails("no format 'pdf'", self.hello, "--format", "pdf")
        self.fails("no client 'guests'; there is visitors", self.hello, "--client", "guests")
        self.fails("unrecognized arguments", self.hello, "--wrong")
        self.fails("the following arguments are required: RESULT")

    def test_a_malformed_result_is_named(self):
        folder = self.copy(self.hello)
        for text, said in (("{", "expected JSON"), ("[]", "/: expected an object"), ("\xff", "expected JSON"),
                           ('{"scenario": {"name": "a"}}', "/variants: expected an object"),
                           ('{"scenario": {"name": "a"}, "variants": {"v": {"clients": 3}}}', "/variants/v/clients")):
            (folder / "report.json").write_text(text, encoding="latin-1")
            self.fails(said, folder)
        folder = self.copy(self.hello)
        (folder / "timeline.csv").write_text("variant,time_s\n")
        self.fails("timeline.csv:1: expected a column section", folder, "--only", "timeline")
        (folder / "timeline.csv").write_text("variant,time_s,section,name,metric,value,half_width\ndefault,0,clients,visitors,x,many,\n")
        self.fails("timeline.csv:2: expected numbers, found 0,many", folder, "--only", "timeline")
        (folder / "timeline.csv").write_bytes(b"\xff\xfe")
        self.fails("expected CSV in UTF-8", folder, "--only", "timeline")
        self.fails("file exists", self.hello, "--out", folder / "report.json")

    def test_without_matplotlib_it_says_what_to_install(self):
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / "matplotlib.py").write_text("raise ImportError('hidden')\n")
            self.fails("apt-get install python3-matplotlib", self.hello, PYTHONPATH=place)


class Sweeps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.place.name)
        run = subprocess.run([SOJOURN, "sweep", str(ROOT / "scenarios" / "online-shop.json"), "--set", "/horizon=12s", "--set",
                              "/warmup=2s", "--replications", "4", "--vary", "/services/inventory/workers=1,4", "--vary",
                              "/clients/shoppers/arrivals/poisson=40/s..160/s:3", "--out", cls.place.name, "--quiet"],
                             capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise RuntimeError(run.stderr)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def test_a_sweep_is_drawn_from_its_folder(self):
        run = quick_plot(self.folder)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertEqual(run.stdout.split(), [str(self.folder / f"sweep.{kind}") for kind in ("png", "svg")])
        first = (self.folder / "sweep.svg").read_bytes()
        self.assertEqual(quick_plot(self.folder, "--format", "svg").returncode, 0)
        self.assertEqual((self.folder / "sweep.svg").read_bytes(), first)
        self.assertIn("found none", quick_plot(self.folder, "--only", "workers").stderr)

    def test_its_lines_are_those_of_the_csv(self):
        figure = sweep.draw(sweep.read(self.folder))
        self.assertEqual(len(figure.axes), 6)  # three measures at two numbers of workers
        self.assertEqual(figure.axes[1].get_title(loc="left"), "inventory workers 4")
        for axes, workers_, metric in ((figure.axes[2], "1", "response_time_p99_s"),
                                       (figure.axes[5], "4", "completion_time_p99_s")):
            drawn = [curve(line) for line in axes.lines if len(line.get_xdata()) == 3]
            expected = []
            for variant in ("request-driven", "event-driven", "hybrid"):
                found = rows(self.folder, "sweep.csv", variant=variant, metric=metric, inventory_workers=workers_,
                             section="clients")
                expected.append(([float(r["arrivals_poisson_per_s"]) for r in found], [float(r["value"]) for r in found]))
            self.assertEqual(drawn, expected)

    def test_nothing_of_it_is_cut_off(self):
        figure = sweep.draw(sweep.read(self.folder))
        figure.draw_without_rendering()
        box = figure.get_tightbbox(figure.canvas.get_renderer())
        width, height = figure.get_size_inches()
        self.assertTrue(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, f"{box} in {width} x {height}")

    def test_a_malformed_sweep_is_named(self):
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / "sweep.csv").write_text("")
            self.assertIn("expected sweep.json", quick_plot(place).stderr)
            for text in ("{", "[]", '{"scenario": {"name": "a"}, "axes": [], "cells": []}'):
                (Path(place) / "sweep.json").write_text(text)
                run = quick_plot(place)
                self.assertEqual((run.returncode, run.stderr.count("\n")), (2, 1), run.stderr)
                self.assertIn("expected", run.stderr)


class Lives(unittest.TestCase):
    """The life of one request, and the arrows of a topology."""

    def test_a_life_is_drawn_from_its_folder(self):
        with tempfile.TemporaryDirectory() as place:
            run = subprocess.run([SOJOURN, "trace", str(ROOT / "scenarios" / "online-shop.json"), "--out", place, "--quiet"],
                                 capture_output=True, text=True, check=False)
            self.assertEqual(run.returncode, 0, run.stderr)
            drawn = quick_plot(place, "--format", "png")
            self.assertEqual((drawn.returncode, drawn.stderr), (0, ""))
            told = life.read(Path(place))
            figure = life.draw(told)
            self.assertEqual(len(figure.axes), 3)
            for axes, variant in zip(figure.axes, told.variants):
                bars = sorted((round(bar.get_x(), 6), round(bar.get_width(), 6)) for bar in axes.patches)
                of = sorted((round(begin * 1e3, 6), round((end - begin) * 1e3, 6)) for _, _, begin, end in told.stretches[variant])
                self.assertEqual(bars, of)

    def test_a_malformed_life_is_named(self):
        with tempfile.TemporaryDirectory() as place:
            for text in ("variant,where\na,b\n", "variant,where,why,begin_s,end_s\n", "variant,where,why,begin_s,end_s\na,b,work,x,1\n"):
                (Path(place) / "life.csv").write_text(text)
                run = quick_plot(place)
                self.assertEqual((run.returncode, run.stderr.count("\n")), (2, 1), run.stderr)
                self.assertIn("expected", run.stderr)

    def test_a_decision_map_is_drawn_from_its_folder(self):
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "decide_map.csv"
            path.write_text("rate,workers,design,fate,choice\n" + "".join(
                f"{rate},{workers},{design},{fate},{choice}\n" for rate in ("40/s", "80/s") for workers in (1, 2)
                for design, fate, choice in (("all-wait", "beaten", 0), ("defer-all", "frontier", rate == "80/s" and 1 or 0))))
            self.assertEqual(quick_plot(place, "--format", "png").stderr, "")
            figure = decision_map.draw(decision_map.read(Path(place)))
            self.assertEqual([len(axes.patches) for axes in figure.axes], [4, 4])
            blue = [bar for axes in figure.axes for bar in axes.patches if bar.get_facecolor() == matplotlib.colors.to_rgba(style.BLUE)]
            self.assertEqual([round(bar.get_x() + 0.46) for bar in blue], [1, 1])  # defer-all at 80/s, for both workers
            path.write_text("a,b\n")
            self.assertIn("expected what 'sojourn decide --vary' writes", quick_plot(place).stderr)

    def test_columns_follow_the_arrows_and_circles_end(self):
        arrows = [{"from": "c", "to": "a"}, {"from": "a", "to": "b"}, {"from": "a", "to": "d"}, {"from": "b", "to": "d"}]
        self.assertEqual(topology.columns_of(arrows), {"c": 0, "a": 1, "b": 2, "d": 3})
        circle = [*arrows, {"from": "d", "to": "a"}]
        self.assertEqual(topology.columns_of(circle), {"c": 0, "a": 1, "b": 2, "d": 2})


class Units(unittest.TestCase):
    def test_times_are_told_as_people_tell_them(self):
        for seconds, text in ((0, "0 s"), (3.2e-8, "0.0320 µs"), (2e-6, "2.00 µs"), (0.004, "4.00 ms"), (0.574, "574 ms"),
                              (0.9999, "1000 ms"), (5, "5.00 s"), (119, "119 s"), (204, "3.40 min"), (7200, "2.00 h"),
                              (691200, "8.00 days")):
            self.assertEqual(style.time_text(seconds), text)
        for seconds, text in ((0.02, "20 ms"), (220, "220 s"), (60, "1 min"), (90, "1.5 min"), (3600, "1 h"),
                              (86400, "1 day"), (691200, "8 days"), (1e-5, "10 µs")):
            self.assertEqual(style.round_time_text(seconds), text)

    def test_rates_have_a_unit_that_fits(self):
        self.assertEqual(style.rate_unit(80), (1, "s"))
        self.assertEqual(style.rate_unit(0.1), (60, "min"))
        self.assertEqual(style.rate_unit(0.004), (3600, "h"))


if __name__ == "__main__":
    SOJOURN = sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else os.environ.get("SOJOURN_BINARY")
    if not SOJOURN:
        sys.exit(__doc__)
    unittest.main()
