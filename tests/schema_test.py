#!/usr/bin/python3
"""The schema and the reference are those of the program, and the schema says what `sojourn check` says.

schema_test.py SOJOURN    the program's path; exit code 77 where Debian's python3-jsonschema is not installed
"""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

try:
    from jsonschema import Draft7Validator
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "scenarios"
PROGRAM = None  # set below
DELETE = object()

LAWS = [
    "5ms", "1h30m", "0s", {"exponential": "5ms"}, {"uniform": {"low": "0s", "high": "3ms"}},
    {"erlang": {"k": 3, "mean": "3ms"}}, {"gamma": {"mean": "3ms", "cv": 0.5}}, {"hyperexponential": {"mean": "3ms", "cv": 2}},
    {"lognormal": {"mean": "3ms", "cv": 1}}, {"lognormal": {"p50": "3ms", "p99": "9ms"}},
    {"weibull": {"shape": 0.7, "scale": "3ms"}}, {"pareto": {"shape": 3, "minimum": "1ms", "maximum": "9ms"}},
    {"quantiles": {"0": "0s", ".5": "1ms", "1.0": "2ms"}}, {"samples": "times.csv"},
    {"mixture": [{"weight": 3, "of": "1ms"}, {"weight": 1, "of": {"shifted": {"by": "2ms", "of": "1.5ms"}}}]},
]

BASE = {
    "name": "base", "horizon": "10s", "network": {"latency": "1ms", "links": {"a->b": {"latency": "2ms"}}},
    "clients": {"web": {"requests": "a.x", "arrivals": {"poisson": "1/s"}, "timeout": "2s"}},
    "services": {
        "a": {"workers": 4, "operations": {"x": [{"work": {"exponential": "4ms"}},
                                                 {"call": "b.y", "deferrable": True, "timeout": "1s"},
                                                 {"publish": "t"}]}},
        "b": {"operations": {"y": [{"work": "20ms"}], "z": []}}},
    "topics": {"t": {"subscriptions": {"b.z": {}}}},
    "resources": {"db": {"units": 2}},
}

STEP = "/services/a/operations/x/2"
CALL = "/services/a/operations/x/1/"
SERVICE = "/services/a/"
TOPIC = "/topics/t/"
WEB = "/clients/web/"
INCIDENT = {"at": "1s", "for": "1s", "target": "a", "effect": {"slowdown": 2}}


def changed(*changes):
    """The base with values put at pointers; DELETE takes a key away."""
    document = copy.deepcopy(BASE)
    for pointer, value in changes:
        *parents, last = [p.replace("~1", "/") for p in pointer.strip("/").split("/")]
        place = document
        for part in parents:
            place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
        if isinstance(place, list):
            place[int(last)] = value
        elif value is DELETE:
            del place[last]
        else:
            place[last] = value
    return document


def incident(**values):
    return "/incidents", [{**INCIDENT, **values}]


GOOD = {
    "precision and automatic warmup": changed(
        ("/warmup", "auto"),
        ("/precision", {"client": "web", "metric": "response_time.p99", "relative": 0.01, "confidence": 0.9,
                        "max_replications": 50})),
    "base": changed(),
    "top level": changed(("/question", "?"), ("/seed", 18446744073709551615), ("/replications", 3), ("/warmup", "1s"),
                         ("/drain", "0s"), ("/objectives", ["clients.web.response_time.p99 <= 300ms", " services.a.utilization>=1e-3 "]),
                         ("/$schema", 7), ("/x-mine", None), ("/description", [1]), ("/replications", 3.0)),
    "laws": changed((STEP, {"parallel": [[{"delay": law}] for law in LAWS], "join": "all"})),
    "constant arrivals": changed((WEB + "arrivals", {"constant": "60/min", "profile": [["0s", 1], ["5s", 0.5], ["5s", 3]]})),
    "renewal": changed((WEB + "arrivals", {"renewal": {"exponential": "1s"}})),
    "bursty": changed((WEB + "arrivals", {"bursty": {"rate": "0/s", "burst_rate": "2k/h", "calm": "3s", "burst": "1s"}})),
    "trace": changed((WEB + "arrivals", {"trace": "times.csv"})),
    "users": changed((WEB + "arrivals", DELETE), (WEB + "users", {"users": 3, "think": {"exponential": "1s"}}),
                     (WEB + "then", [{"think": "1s", "requests": "b.z", "expects": "b.y"}])),
    "weights": changed((WEB + "requests", {"a.x": 1, "b.y": 0.25, "description": "two"}), (WEB + "priority", -3),
                       (WEB + "retry", {})),
    "call options": changed((CALL + "retry", {"attempts": 2, "backoff": "0s", "factor": 1, "max_backoff": "1s",
                                              "jitter": "equal", "budget": 0.1, "on": ["failed", "open"]}),
                            (CALL + "circuit_breaker", {"failure_rate_threshold": 1, "window": 10, "minimum_calls": 5,
                                                        "wait_in_open": "5s", "permitted_calls_in_half_open": 2,
                                                        "slow_call": {"longer_than": "1s", "rate_threshold": 0.5}}),
                            (CALL + "bulkhead", {"max_concurrent_calls": 10}), (CALL + "priority", 2),
                            (CALL + "rate_limit", {"rate": "80/s", "burst": 5}), (CALL + "deadline", "propagate"),
                            (CALL + "hedge", {"after": "50ms", "attempts": 2}), (CALL + "fallback", [{"work": "1ms"}])),
    "publish confirmed": changed((STEP, {"publish": "t", "confirm": True, "timeout": "1s", "priority": 1,
                                         "key": {"zipf": {"keys": 10, "exponent": 1.1}}})),
    "publish by outbox": changed((STEP, {"publish": "t", "outbox": True, "confirm": False, "key": "request"})),
    "steps": changed((STEP, {"try": [{"use": "db", "steps": [{"reply": "accepted"}, {"await": ["b.z"], "timeout": "5s"}]}],
                             "compensate": [{"notify": "client", "when": ["b.z"]},
                                            {"work": "1ms", "fails": 0.1, "declines": 0, "per": "batch", "x-why": 1}]})),
    "more steps": changed((STEP, {"choose": [{"probability": 0.5, "steps": [{"repeat": 3, "steps": []}]}]}),
                          ("/services/b/operations/z", [{"repeat": {"geometric": 0.5}, "steps": [{"delay": "1ms"}]},
                                                        {"parallel": [[], []], "join": 2}, {"parallel": [[]], "join": "any"}])),
    "service": changed((SERVICE + "replicas", 2), (SERVICE + "workers", "unlimited"), (SERVICE + "cores", 0.5),
                       (SERVICE + "waiting", "async"), (SERVICE + "balancing", "least-loaded"), (SERVICE + "cost_per_hour", 1),
                       (SERVICE + "queue", {"capacity": 0, "discipline": "lifo", "max_wait": "1s"})),
    "service in trouble": changed((SERVICE + "failures", {"time_to_failure": {"exponential": "1h"}, "time_to_repair": "1s",
                                                          "mode": "pause"}),
                                  (SERVICE + "autoscaling", {"minimum": 1, "maximum": 3, "target_utilization": 0.6,
                                                             "interval": "30s", "startup": "1s"}),
                                  (SERVICE + "scalability", {"contention": 0.05, "coherency": 0.001}),
                                  (SERVICE + "rate_limit", {"rate": "1M/d", "burst": 1})),
    "topic": changed((TOPIC + "latency", "1ms"), (TOPIC + "partitions", 3), (TOPIC + "capacity", "unlimited"),
                     (TOPIC + "overflow", "block"), (TOPIC + "delivery", "deduplicated"), (TOPIC + "duplicates", 0.1),
                     (TOPIC + "redelivery", {"delay": "1s", "factor": 2, "max_deliveries": 3}), (TOPIC + "expires", "1h"),
                     (TOPIC + "failures", {"time_to_failure": "1h", "time_to_repair": "1s"}), (TOPIC + "cost_per_million", 2),
                     (TOPIC + "subscriptions", {"b.z": {"concurrency": 2, "batch": {"size": 10, "wait": "50ms"},
                                                        "poll": "100ms"}})),
    "messaging": changed(("/messaging", {"latency": "1ms", "capacity": 10, "redelivery": {"delay": "2s"}})),
    "resource": changed(("/resources/db/queue", {"capacity": 5, "discipline": "priority"})),
    "network": changed(("/network", {"latency": "1ms", "loss": 0.0, "links": {"web->a": {"loss": 0.1, "latency": "1ms"}}})),
    "incidents": changed(("/incidents", [{**INCIDENT, "target": target, "effect": effect} for target, effect in [
        ("a", {"down": "hang"}), (["a", "b.y"], {"slowdown": 4}), ("t", {"fails": 1}), ("a->b", {"latency": "5ms"}),
        ("a->t", {"loss": 0}), ("web", {"rate": 0}), ("b", {"replicas": 1, "description": "half of it"})]])),
    "variants": changed(("/variants", {"one": {}, "two": {"defer": "all"}, "three": {"defer": ["b.y"]}, "x-no": 3,
                                       "four": {"services": {"a": {"workers": None, "operations": {"x": []}}}, "drain": "1s",
                                                "messaging": {"duplicates": 0.5}, "topics": {}, "description": "of it",
                                                "nothing": None}})),
}

BAD = {
    "not an object": [],
    **{f"bare number {key}": changed(("/" + key, 5)) for key in ["horizon", "warmup", "drain"]},
    "unknown unit": changed(("/horizon", "5 parsecs")),
    "units that grow": changed(("/horizon", "5s1min")),
    "unit twice": changed(("/horizon", "1m1min")),
    "no digit before the point": changed(("/horizon", ".5s")),
    "empty duration": changed(("/horizon", "")),
    "horizon of 0": changed(("/horizon", "0s")),
    "no horizon": changed(("/horizon", DELETE)),
    "no name": changed(("/name", DELETE)),
    "name with a blank": changed(("/name", "my shop")),
    "unknown key": changed(("/wramup", "1s")),
    "a precision of nothing": changed(("/precision", {})),
    "a warmup that is no time": changed(("/warmup", "soon")),
    "seed below 0": changed(("/seed", -1)),
    "seed of a fraction": changed(("/seed", 1.5)),
    "no replications": changed(("/replications", 0)),
    "no client": changed(("/clients", {})),
    "clients as a list": changed(("/clients", [])),
    "both open and closed": changed((WEB + "users", {"users": 1, "think": "1s"})),
    "neither open nor closed": changed((WEB + "arrivals", DELETE)),
    "two laws of arrivals": changed((WEB + "arrivals", {"poisson": "1/s", "constant": "1/s"})),
    "no law of arrivals": changed((WEB + "arrivals", {})),
    "rate without a unit": changed((WEB + "arrivals", {"poisson": 5})),
    "rate of 0": changed((WEB + "arrivals", {"poisson": "0.0/s"})),
    "rate below 0": changed((WEB + "arrivals", {"poisson": "-1/s"})),
    "profile without points": changed((WEB + "arrivals", {"poisson": "1/s", "profile": []})),
    "point without a factor": changed((WEB + "arrivals", {"poisson": "1/s", "profile": [["1s"]]})),
    "profile of a renewal": changed((WEB + "arrivals", {"renewal": "1s", "profile": [["1s", 1]]})),
    "no operation": changed((WEB + "requests", "a")),
    "weight of 0": changed((WEB + "requests", {"a.x": 0})),
    "no weights": changed((WEB + "requests", {})),
    "no users": changed((WEB + "arrivals", DELETE), (WEB + "users", {"users": 0, "think": "1s"})),
    "follow-up without think": changed((WEB + "then", [{"requests": "b.z"}])),
    "negative workers": changed((SERVICE + "workers", -1)),
    "workers in words": changed((SERVICE + "workers", "many")),
    "replicas as text": changed((SERVICE + "replicas", "2")),
    "no cores": changed((SERVICE + "cores", 0)),
    "unknown waiting": changed((SERVICE + "waiting", "asynch")),
    "unknown balancing": changed((SERVICE + "balancing", "fair")),
    "queue as a list": changed((SERVICE + "queue", [])),
    "wait without a unit": changed((SERVICE + "queue", {"max_wait": 5})),
    "no operations": changed((SERVICE + "operations", DELETE)),
    "service with a dot": changed(("/services/c.d", {"operations": {}})),
    "steps as an object": changed(("/services/a/operations/x", {"work": "1ms"})),
    "repair without failure": changed((SERVICE + "failures", {"time_to_repair": "1s"})),
    "target of 0": changed((SERVICE + "autoscaling", {"minimum": 1, "maximum": 2, "target_utilization": 0, "interval": "1s"})),
    "empty step": changed((STEP, {})),
    "two steps in one": changed((STEP, {"work": "1ms", "delay": "1ms"})),
    "key of another step": changed((STEP, {"work": "1ms", "timeout": "1s"})),
    "probability above 1": changed((STEP, {"work": "1ms", "fails": 1.5})),
    "probability in percent": changed((STEP, {"work": "1ms", "fails": "5%"})),
    "law with two kinds": changed((STEP, {"work": {"exponential": "1ms", "erlang": {"k": 2, "mean": "1ms"}}})),
    "law of no kind": changed((STEP, {"work": {}})),
    "unknown law": changed((STEP, {"work": {"exponental": "1ms"}})),
    "exponential of 0": changed((STEP, {"work": {"exponential": "0s"}})),
    "lognormal by halves": changed((STEP, {"work": {"lognormal": {"mean": "1ms", "p99": "2ms"}}})),
    "lognormal by all": changed((STEP, {"work": {"lognormal": {"mean": "1ms", "cv": 1, "p50": "1ms", "p99": "2ms"}}})),
    "mixture of nothing": changed((STEP, {"work": {"mixture": []}})),
    "quantile above 1": changed((STEP, {"work": {"quantiles": {"0": "1ms", "2": "2ms"}}})),
    "one quantile": changed((STEP, {"work": {"quantiles": {"0": "1ms"}}})),
    "call of no operation": changed((CALL + "call", "b")),
    "timeout of 0": changed((CALL + "timeout", "0ms")),
    "deferrable 1": changed((CALL + "deferrable", 1)),
    "no attempts": changed((CALL + "retry", {"attempts": 0})),
    "unknown jitter": changed((CALL + "retry", {"jitter": "some"})),
    "unknown outcome": changed((CALL + "retry", {"on": ["timeout"]})),
    "threshold in percent": changed((CALL + "circuit_breaker", {"failure_rate_threshold": 50})),
    "hedge without a time": changed((CALL + "hedge", {"attempts": 2})),
    "empty bulkhead": changed((CALL + "bulkhead", {"max_concurrent_calls": 0})),
    "limit without a rate": changed((CALL + "rate_limit", {"burst": 2})),
    "both confirm and outbox": changed((STEP, {"publish": "t", "confirm": True, "outbox": True})),
    "timeout without confirm": changed((STEP, {"publish": "t", "timeout": "1s"})),
    "no keys": changed((STEP, {"publish": "t", "key": {"zipf": {"keys": 0, "exponent": 1}}})),
    "await of nothing": changed((STEP, {"await": []})),
    "choice of nothing": changed((STEP, {"choose": []})),
    "no branches": changed((STEP, {"parallel": []})),
    "join of 0": changed((STEP, {"parallel": [[]], "join": 0})),
    "rounds below 0": changed((STEP, {"repeat": -1, "steps": []})),
    "mean rounds below 0": changed((STEP, {"repeat": {"geometric": -0.5}, "steps": []})),
    "use of nothing": changed((STEP, {"use": "db"})),
    "try without a way back": changed((STEP, {"try": []})),
    "notified nobody": changed((STEP, {"notify": "shop"})),
    "no subscriptions": changed((TOPIC + "subscriptions", DELETE)),
    "unknown overflow": changed((TOPIC + "overflow", "drop")),
    "no partitions": changed((TOPIC + "partitions", 0)),
    "empty batches": changed((TOPIC + "subscriptions", {"b.z": {"batch": {"size": 0}}})),
    "subscriptions of all topics": changed(("/messaging", {"subscriptions": {}})),
    "unknown delivery of all topics": changed(("/messaging", {"delivery": "once"})),
    "no units": changed(("/resources/db", {})),
    "loss above 1": changed(("/network/loss", 2)),
    "link to nowhere": changed(("/network/links", {"a": {}})),
    "no effect": changed(incident(effect={})),
    "two effects": changed(incident(effect={"fails": 1, "slowdown": 2})),
    "unknown effect": changed(incident(effect={"explodes": 1})),
    "no targets": changed(incident(target=[])),
    "an incident of no length": changed(incident(**{"for": "0s"})),
    "objective without a value": changed(("/objectives", ["a.b <="])),
    "objective that is equal": changed(("/objectives", ["a.b == 3"])),
    "objective as a number": changed(("/objectives", [7])),
    "variant that is no patch": changed(("/variants", {"one": 3})),
    "variant with a blank": changed(("/variants", {"my one": {}})),
    "variant of a seed": changed(("/variants", {"one": {"seed": 3}})),
    "unknown key in a variant": changed(("/variants", {"one": {"wramup": "1s"}})),
    "defer of a word": changed(("/variants", {"one": {"defer": "al"}})),
    "defer of a number": changed(("/variants", {"one": {"defer": [3]}})),
}

# What only the reader can know, and why.
READER_ALONE = {
    "a name that leads nowhere": changed((CALL + "call", "b.w")),
    "a topic that is not there": changed((STEP, {"publish": "u"})),
    "a resource that is not there": changed((STEP, {"use": "cpu", "steps": []})),
    "a link between nobody": changed(("/network/links", {"a->c": {}})),
    "an incident with nobody as target": changed(incident(target="c")),
    "a rate as effect on a service": changed(incident(effect={"rate": 3})),
    "a defer that no deferrable call names": changed(("/variants", {"one": {"defer": ["b.z"]}})),
    "a file that is not there": changed((STEP, {"work": {"samples": "none.csv"}})),
    "a file that leaves the folder": changed((STEP, {"work": {"samples": "../times.csv"}})),
    "a sum above 1": changed((STEP, {"choose": [{"probability": 0.7, "steps": []}, {"probability": 0.7, "steps": []}]})),
    "values in the wrong order": changed((STEP, {"work": {"uniform": {"low": "2ms", "high": "1ms"}}})),
    "a warmup as long as the horizon": changed(("/warmup", "10s")),
    "a minimum above the maximum": changed(
        (SERVICE + "autoscaling", {"minimum": 3, "maximum": 2, "target_utilization": 0.5, "interval": "1s"})),
    "quantiles without both ends": changed((STEP, {"work": {"quantiles": {"0": "1ms", "0.9": "2ms"}}})),
    "a join of more branches than there are": changed((STEP, {"parallel": [[]], "join": 2})),
    "a profile that goes back": changed((WEB + "arrivals", {"poisson": "1/s", "profile": [["2s", 1], ["1s", 1]]})),
    "a number beyond its type": changed(("/horizon", "300000d")),
    "calls that go round": changed(("/services/b/operations/y", [{"call": "a.x"}])),
    "a wait without end over a network that loses calls": changed(("/network/loss", 0.1), (WEB + "timeout", DELETE)),
    "a patch, which is judged with what it patches": changed(("/variants", {"one": {"services": {"a": {"workers": 0}}}})),
}


def without_comments(text):
    token = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*(?s:.*?)\*/')
    return token.sub(lambda match: match[0] if match[0].startswith('"') else " ", text)


def output(*words):
    return subprocess.run([PROGRAM, *words], check=True, capture_output=True, text=True).stdout


def project_scenarios():
    return [path for path in sorted(SCENARIOS.rglob("*.json")) if path.name != "schema.json"]


class Current(unittest.TestCase):
    """What is kept in the project is what the program prints."""

    def test_schema(self):
        self.assertEqual((SCENARIOS / "schema.json").read_text(), output("schema"), "sojourn schema > scenarios/schema.json")

    def test_reference(self):
        self.assertEqual((SCENARIOS / "REFERENCE.md").read_text(), output("schema", "--reference"),
                         "sojourn schema --reference > scenarios/REFERENCE.md")

    def test_schema_is_a_schema(self):
        Draft7Validator.check_schema(json.loads(output("schema")))

    def test_every_scenario_names_it(self):
        for path in project_scenarios():
            named = json.loads(without_comments(path.read_text())).get("$schema", "")
            self.assertEqual((path.parent / named).resolve(), SCENARIOS / "schema.json", path)

    def test_no_style_is_named(self):
        for text in (output("schema"), output("schema", "--reference")):
            self.assertIsNone(re.search(r"(?i)request[-_ ]?driven|event[-_ ]?driven|hybrid", text))

    def test_links_of_the_reference_lead_somewhere(self):
        text = output("schema", "--reference")
        headings = re.findall(r"^## (.*)$", text, re.M)
        self.assertEqual(len(headings), len(set(headings)))
        anchors = {heading.replace(" ", "-") for heading in headings}
        self.assertEqual(set(re.findall(r"\]\(#([^)]*)\)", text)) - anchors, set())


class Agreement(unittest.TestCase):
    """The schema and the program say yes and no to the same."""

    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(output("schema"))
        cls.validator = Draft7Validator(cls.schema)
        cls.folder = tempfile.TemporaryDirectory()
        Path(cls.folder.name, "inside").mkdir()
        for place in ("times.csv", "inside/times.csv"):
            Path(cls.folder.name, place).write_text("1ms\n2ms\n")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def verdicts(self, document):
        """(of the schema, of the program): "" or why not."""
        path = Path(self.folder.name, "inside", "s.json")
        path.write_text(json.dumps(document))
        errors = sorted(self.validator.iter_errors(document), key=lambda error: list(map(str, error.path)))
        run = subprocess.run([PROGRAM, "check", path], capture_output=True, text=True)
        self.assertIn(run.returncode, (0, 2), run.stderr)
        return (errors[0].message[:300] if errors else ""), (run.stderr if run.returncode == 2 else "")

    def test_good(self):
        for name, document in GOOD.items():
            with self.subTest(name):
                self.assertEqual(self.verdicts(document), ("", ""))

    def test_project_scenarios(self):
        for path in project_scenarios():
            with self.subTest(path):
                document = json.loads(without_comments(path.read_text()))
                self.assertEqual([error.message for error in self.validator.iter_errors(document)], [])
                run = subprocess.run([PROGRAM, "check", path], capture_output=True, text=True)
                self.assertEqual(run.returncode, 0, run.stderr)

    def test_bad(self):
        for name, document in BAD.items():
            with self.subTest(name):
                schema, program = self.verdicts(document)
                self.assertNotEqual(schema, "", f"the schema lets pass what the program refuses: {program}")
                self.assertNotEqual(program, "", f"the program lets pass what the schema refuses: {schema}")

    def test_what_only_the_reader_can_know(self):
        for name, document in READER_ALONE.items():
            with self.subTest(name):
                schema, program = self.verdicts(document)
                self.assertEqual(schema, "", "the schema has learned it: move it to BAD")
                self.assertNotEqual(program, "")

    def test_the_good_ones_use_every_key(self):
        keys, used = set(), set()

        def collect(schema):
            if isinstance(schema, dict):
                keys.update(schema.get("properties", {}))
                for part in schema.values():
                    collect(part)
            elif isinstance(schema, list):
                for part in schema:
                    collect(part)

        def use(document):
            if isinstance(document, dict):
                used.update(document)
                for part in document.values():
                    use(part)
            elif isinstance(document, list):
                for part in document:
                    use(part)

        collect(self.schema)
        use(list(GOOD.values()))
        self.assertEqual(keys - used, set())


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
