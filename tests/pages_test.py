#!/usr/bin/env python3
"""Holds the numbers of pages to what the program prints now.

In a page, `<!-- made by: COMMAND -->` stands before a block in ``` or a table. The command is run in the project's folder, with
`sojourn` being the program under test, and must print the block: a line `...` stands for any number of lines.

    tests/pages_test.py SOJOURN [PAGE...]     default: README.md and every page in scenarios/
"""

import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"<!-- made by: (?P<command>[^\n]*?) -->\n(?:```[a-z]*\n(?P<code>.*?)\n```|(?P<table>(?:\|[^\n]*\n)+))",
                   re.DOTALL)


def output_of(command, program, folder):
    words = [program if word == "sojourn" else word for word in shlex.split(command)]
    if words[0] == program and words[1] in ("run", "sweep", "decide", "capacity", "trace") and "--out" not in words:
        words += ["--out", str(folder)]
    if words[0].endswith(".py"):
        words = [sys.executable, *words]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode not in (0, 3, 4):
        raise RuntimeError(f"exit code {done.returncode}: {done.stderr.strip()}")
    return [line.rstrip() for line in done.stdout.splitlines()]


def first_missing(block, printed):
    """The first line of the block that is not printed where it should be; None when all are."""
    at, free = 0, True
    for line in block:
        if line == "...":
            free = True
            continue
        if free:
            while at < len(printed) and printed[at] != line:
                at += 1
        if at >= len(printed) or printed[at] != line:
            return line
        at, free = at + 1, False
    return None


def problems_of(page, program):
    text = page.read_text()
    blocks = list(BLOCK.finditer(text))
    if text.count("<!-- made by:") != len(blocks):
        yield f"{page}: a 'made by' without a block or table behind it"
    lines = [line for line in text.splitlines() if "<!-- made by:" not in line]
    for block in blocks if "lessons" in page.parts else []:
        if not any(block["command"] in line for line in lines):
            yield f"{page}: a reader does not see the command `{block['command']}`"
    printed = {}
    for block in blocks:
        command = block["command"]
        if command not in printed:
            with tempfile.TemporaryDirectory() as folder:
                printed[command] = output_of(command, program, folder)
        lines = [line.rstrip() for line in (block["code"] or block["table"]).rstrip("\n").split("\n")]
        missing = first_missing(lines, printed[command])
        if missing is not None:
            yield f"{page}: `{command}` does not print here: {missing!r}"


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    pages = [pathlib.Path(page) for page in sys.argv[2:]]
    pages = pages or [ROOT / "README.md", *sorted((ROOT / "scenarios").rglob("*.md"))]
    problems = [problem for page in pages for problem in problems_of(page, program)]
    print("\n".join(problems) or f"{len(pages)} pages hold")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
