#!/usr/bin/python3
"""Draws the pictures of a result folder that sojourn has written (run, decide, sweep, capacity or trace): PNG and SVG, the same bytes every time.

A picture is drawn when the result holds its data. With several clients, each gets its own: the first under the
picture's plain name, the others with theirs added. The paths of the files go to stdout; exit code 2 where it fails.
"""
import argparse
import csv
import difflib
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
SYSTEM_PYTHON = "/usr/bin/python3"
GUARD = "SOJOURN_PLOT_RESTARTED"
FORMATS = ("png", "svg")

try:
    import matplotlib
    matplotlib.use("Agg")
except ImportError:
    matplotlib = None

if matplotlib:
    from plots import PICTURES, decision_map, life, load, style, sweep


class Parser(argparse.ArgumentParser):
    """Errors in one line."""

    def error(self, message):
        fail(f"{message}; --help tells the rest")


def fail(message):
    sys.stderr.write(f"plot.py: {message}\n")
    sys.exit(2)


def with_matplotlib():
    """Starts again, once, with the system's Python where this one has no matplotlib."""
    if matplotlib:
        return
    if GUARD not in os.environ and os.access(SYSTEM_PYTHON, os.X_OK):
        os.environ[GUARD] = "1"
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, os.path.abspath(__file__), *sys.argv[1:]])
    fail(f"matplotlib is missing; use {SYSTEM_PYTHON}, or apt-get install python3-matplotlib")


def chosen(given, known, what):
    """What was given, in the known order; everything when nothing was."""
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            fail(f"no {what} '{name}'; " + (f"did you mean '{near[0]}'?" if near else f"there is {', '.join(known)}"))
    return [name for name in known if name in given] if given else list(known)


def arguments(argv):
    parser = Parser(prog="plot.py", description=__doc__.split("\n")[0])
    parser.add_argument("result", type=Path, metavar="RESULT", help="a folder made by sojourn run, decide, sweep, capacity or trace")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the pictures; default: RESULT")
    parser.add_argument("--only", action="append", default=[], metavar="NAME",
                        help="only this picture; may be repeated: " + ", ".join(PICTURES))
    parser.add_argument("--client", action="append", default=[], metavar="NAME", help="only this client; may be repeated")
    parser.add_argument("--format", default=",".join(FORMATS), help="png, svg or png,svg (default)")
    options = parser.parse_args(argv)
    options.only = chosen(options.only, PICTURES, "picture")
    options.format = chosen([f.strip() for f in options.format.split(",")], FORMATS, "format")
    return options


def figures(result, options):
    """(file name without its end, figure) of everything the result holds data for."""
    clients = chosen(options.client, result.clients, "client")
    for name in options.only:
        picture = PICTURES[name]
        if getattr(picture, "KIND", "report") != result.kind:
            continue
        for client in clients if picture.EACH_CLIENT else clients[:1]:
            plain = not picture.EACH_CLIENT or client == result.clients[0]
            figure = picture.draw(result.for_client(client))
            if figure:
                yield (name if plain else f"{name}-{load.file_name(client)}"), figure


def main(argv):
    with_matplotlib()
    options = arguments(argv)
    try:
        readers = {"sweep.csv": sweep.read, "life.csv": life.read, "decide_map.csv": decision_map.read}
        read = next((reader for file, reader in readers.items() if (options.result / file).is_file()), load.read)
        result = read(options.result)
        out = options.out or options.result
        out.mkdir(parents=True, exist_ok=True)
        drawn = 0
        for name, figure in figures(result, options):
            for kind in options.format:
                print(style.save(figure, out / f"{name}.{kind}", kind), flush=True)
            drawn += 1
    except load.Problem as problem:
        fail(str(problem))
    except (UnicodeDecodeError, csv.Error) as error:
        fail(f"{options.result}: expected CSV in UTF-8, found something else: {error}")
    except OSError as error:
        fail(f"{error.filename or options.result}: {(error.strerror or str(error)).lower()}")
    if not drawn:
        fail(f"{options.result}: expected data for {' or '.join(options.only)}, found none")


if __name__ == "__main__":
    main(sys.argv[1:])
