"""Reads a result folder: report.json, and the CSV files a picture asks for."""
import copy
import csv
import json
import math
import re
from collections import defaultdict, namedtuple

# A mean or quantile and the half-width of its confidence interval, None where there is no interval.
Estimate = namedtuple("Estimate", "value half_width")

TIMES = ("response_time", "completion_time", "notification_time")


class Problem(Exception):
    """What is wrong with the result, in one line."""


def finite(value):
    """The value as a float; None for null, a missing one, NaN and infinity."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)


def file_name(name):
    return re.sub(r"[^\w.-]", "_", name)


def read(folder):
    """The result in the folder; raises Problem."""
    if not folder.is_dir():
        raise Problem(f"{folder}: expected a result folder, found {'a file' if folder.exists() else 'nothing'}")
    path = folder / "report.json"
    if not path.is_file() and (folder / "decide.json").is_file():
        path = folder / "decide.json"
    if not path.is_file() and (folder / "capacity.json").is_file():
        path = folder / "capacity.json"
    if not path.is_file():
        raise Problem(f"{folder}: expected report.json in it, found none; 'sojourn run FILE --out DIR' makes one")
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise Problem(f"{path}: expected JSON, found something else: {str(error).splitlines()[0]}") from None
    return {"decide.json": Decision, "capacity.json": Capacity}.get(path.name, Result)(folder, report)


class Capacity:
    """What 'sojourn capacity' found for the highest loads; the clients are all seen at once."""
    kind = "capacity"
    clients = [""]
    client = ""

    def __init__(self, folder, report):
        path = folder / "capacity.json"
        try:
            self.name = report["scenario"]["name"]
            if report["mode"] != "load":
                raise Problem(f"{path}: expected the highest loads, found a search for replicas, which has no picture")
            self.variants = report["variants"]
            for variant in self.variants.values():
                for tried in variant["tried"]:
                    tried["verdict"], tried["objectives"], tried["requests_per_s"], tried["users"]  # all there
        except (KeyError, TypeError, AttributeError) as error:
            raise Problem(f"{path}: expected what 'sojourn capacity' writes, found no {error}") from None
        self.report = report

    def for_client(self, _):
        return self

    def number(self, name):
        return finite(self.report.get(name))

    def load(self, place):
        """The load there, in requests per second, else in users; None where there is none."""
        if not isinstance(place, dict):
            return None
        rate = finite(place.get("requests_per_s"))
        return finite(place.get("users")) if rate is None else rate

    def is_open(self):
        return any(variant["scenario_load"]["requests_per_s"] is not None for variant in self.variants.values())


class Decision:
    """What 'sojourn decide' found, seen for one client."""
    kind = "decision"

    def __init__(self, folder, report):
        try:
            self.name = report["scenario"]["name"]
            self.designs = [design for design in report["designs"] if design["criteria"]]
            names = [c["name"].removesuffix(".response_time.p99") for c in report["criteria"]
                     if c["name"].endswith(".response_time.p99")]
        except (KeyError, TypeError, AttributeError) as error:
            raise Problem(f"{folder / 'decide.json'}: expected what 'sojourn decide' writes, found no {error}") from None
        self.report = report
        self.clients = names
        self.client = names[0] if names else ""

    def for_client(self, client):
        other = copy.copy(self)
        other.client = client
        return other

    def number(self, name):
        return finite(self.report.get(name))

    def estimate(self, design, metric):
        """The estimate of a criterion of the client; None where it has no value."""
        found = design["criteria"].get(f"{self.client}.{metric}") or {}
        value = finite(found.get("value"))
        return None if value is None else Estimate(value, finite(found.get("half_width")))


class Result:
    """A report and its tables, seen for one client."""
    kind = "report"

    def __init__(self, folder, report):
        def need(value, kind, where):
            if not isinstance(value, kind) or not value:
                expected = {dict: "an object with members", str: "a name"}[kind]
                raise Problem(f"{folder / 'report.json'}: {where}: expected {expected}, found {json.dumps(value)[:40]}")
            return value

        report = need(report, dict, "/")
        self.folder = folder
        self.report = report
        self.name = need(need(report.get("scenario"), dict, "/scenario").get("name"), str, "/scenario/name")
        self.variants = list(need(report.get("variants"), dict, "/variants"))
        clients = {}
        for variant in self.variants:
            of = need(report["variants"][variant], dict, f"/variants/{variant}")
            for section in ("clients", "services"):
                members = need(of.get(section), dict, f"/variants/{variant}/{section}")
                for name, member in members.items():
                    need(member, dict, f"/variants/{variant}/{section}/{name}")
            clients.update(dict.fromkeys(of["clients"]))
        self.clients = list(clients)
        self.client = self.clients[0]
        self.tables = {}

    def for_client(self, client):
        other = copy.copy(self)
        other.client = client
        return other

    def number(self, name):
        """A number of the report's first level, or None."""
        return finite(self.report.get(name))

    def at(self, variant, *path):
        """What stands in the report at this path of a variant; None where there is nothing."""
        value = self.report["variants"][variant]
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value

    def estimate(self, variant, *path):
        """The estimate at this path of a variant; None where it has no value."""
        found = self.at(variant, *path)
        value = finite(found.get("value")) if isinstance(found, dict) else finite(found)
        if value is None:
            return None
        return Estimate(value, finite(found.get("half_width")) if isinstance(found, dict) else None)

    def services(self):
        """The names of all services, of any variant."""
        return list(dict.fromkeys(name for variant in self.variants for name in self.at(variant, "services")))

    def rows(self, name, texts, numbers):
        """The rows of a CSV file: these columns as text, then those as numbers (NaN where empty); none without the file."""
        path = self.folder / name
        if not path.is_file():
            return
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            for column in texts + numbers:
                if column not in (reader.fieldnames or []):
                    found = ",".join(reader.fieldnames or [])[:60] or "nothing"
                    raise Problem(f"{path}:1: expected a column {column}, found {found}")
            for row in reader:
                try:
                    yield (*(row[c] for c in texts), *(float(row[c] or "nan") for c in numbers))
                except (TypeError, ValueError):
                    found = ",".join(str(row[c]) for c in numbers)
                    raise Problem(f"{path}:{reader.line_num}: expected numbers, found {found}") from None

    def spectrum(self, variant, metric):
        """([percentile], [seconds]) of a time of the client, in rising order."""
        if "spectrum" not in self.tables:
            table = defaultdict(lambda: ([], []))
            rows = self.rows("percentiles.csv", ("variant", "client", "metric"), ("percentile", "value_s"))
            for of, client, time, percentile, seconds in rows:
                if math.isfinite(seconds) and 0 <= percentile < 100:
                    table[of, client, time][0].append(percentile)
                    table[of, client, time][1].append(seconds)
            self.tables["spectrum"] = dict(table)
        return self.tables["spectrum"].get((variant, self.client, metric), ([], []))

    def timeline(self, variant, section, metric, column="value"):
        """{name: {start of the bucket in seconds: value}} of one metric, or of its half-widths where there are some."""
        if "timeline" not in self.tables:
            table = defaultdict(lambda: defaultdict(dict))
            rows = self.rows("timeline.csv", ("variant", "section", "name", "metric"), ("time_s", "value", "half_width"))
            for of, part, name, what, start, value, half_width in rows:
                if math.isfinite(start) and math.isfinite(value):
                    table[of, part, what, "value"][name][start] = value
                    if math.isfinite(half_width):
                        table[of, part, what, "half_width"][name][start] = half_width
            self.tables["timeline"] = dict(table)
        return self.tables["timeline"].get((variant, section, metric, column), {})
