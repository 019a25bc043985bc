#!/usr/bin/python3
"""A sweep that is killed at any instant, and started again, ends with the bytes of one that never was.

sweep_test.py SOJOURN
"""
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HELLO = str(ROOT / "scenarios" / "hello.json")
FILES = ("sweep.csv", "sweep.json")
SOJOURN = None


def command(out, *options, seeds="1..60:60"):
    return [SOJOURN, "sweep", HELLO, "--vary", f"/seed={seeds}", "--vary", "/services/web/workers=1,2", "--set",
            "/horizon=40s", "--replications", "4", "--out", str(out), *options]


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=100)


def files(folder):
    return [(folder / name).read_bytes() for name in FILES]


class Sweeps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.top = Path(cls.place.name)
        cls.whole = cls.top / "whole"
        start = time.monotonic()
        cls.first = run(*command(cls.whole))
        cls.seconds = time.monotonic() - start
        assert cls.first.returncode == 0, cls.first.stderr

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def test_killed_at_random_instants_it_ends_with_the_same_bytes(self):
        instants = random.Random(1)
        folder, kills = self.top / "killed", 0
        for _ in range(8):
            process = subprocess.Popen(command(folder, "--jobs", "2"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(timeout=instants.uniform(0.02, 0.4) * self.seconds)
            except subprocess.TimeoutExpired:
                kills += 1
            process.kill()
            process.wait()
        self.assertGreater(kills, 0)
        self.assertEqual(run(*command(folder, "--jobs", "1")).returncode, 0)
        self.assertEqual(files(folder), files(self.whole))

    def test_a_journal_cut_or_changed_anywhere_costs_its_cells_only(self):
        journal = (self.whole / "sweep.journal").read_bytes()
        header = journal.index(b"\n") + 1
        instants = random.Random(2)
        for number in range(3):
            folder = self.top / f"cut{number}"
            folder.mkdir()
            cut = bytearray(journal[:instants.randrange(header, len(journal))])
            if len(cut) > header:
                cut[instants.randrange(header, len(cut))] ^= 4
            (folder / "sweep.journal").write_bytes(cut)
            done = run(*command(folder, "--jobs", "3"))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(files(folder), files(self.whole))

    def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(self):
        folder = self.top / "interrupted"
        words = command(folder)
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        journal = folder / "sweep.journal"
        while process.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 5):
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn("PARTIAL", out)
        self.assertIn("to go on: " + SOJOURN + " sweep", err)
        self.assertFalse((folder / "sweep.csv").exists())
        done = run(*words, "--resume")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("of them are in", done.stderr)
        self.assertEqual(files(folder), files(self.whole))
        self.assertEqual(done.stdout, self.first.stdout)

    def test_the_journal_of_another_sweep_is_refused(self):
        folder = self.top / "other"
        self.assertEqual(run(*command(folder, seeds="1,2")).returncode, 0)
        before = (folder / "sweep.journal").read_bytes()
        other = run(*command(folder, seeds="1,3"))
        self.assertEqual(other.returncode, 2)
        self.assertIn("its axes differ; --fresh begins again", other.stderr)
        self.assertIn("its seed differ", run(*command(folder, "--seed", "4", seeds="1,2")).stderr)
        self.assertEqual((folder / "sweep.journal").read_bytes(), before)
        self.assertEqual(run(*command(folder, "--fresh", seeds="1,3")).returncode, 0)
        self.assertEqual([axis["values"] for axis in json.loads((folder / "sweep.json").read_text())["axes"]],
                         [[1, 3], [1, 2]])
        (folder / "sweep.journal").write_text("nonsense\n")
        self.assertIn("expected the journal of a sweep", run(*command(folder, seeds="1,3")).stderr)
        none = run(*command(self.top / "none", "--resume"))
        self.assertEqual(none.returncode, 2)
        self.assertIn("found none", none.stderr)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    SOJOURN = sys.argv.pop(1)
    unittest.main()
