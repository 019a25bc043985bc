#!/usr/bin/python3
"""The rules of the house as a test; CONTRIBUTING.md gives their reasons. Each finding: file:line: rule; hint.

style_test.py rules                       floors, words, lengths, first lines
style_test.py headers COMPILER [FLAG...]  every header under include/ compiles alone
style_test.py format                      clang-format 14 agrees; exit code 77 where it is not installed
style_test.py self                        each rule finds what it forbids, and leaves good code alone
"""
import codecs
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent

LEVELS = {"core": 0, "kernel": 1, "random": 1, "stats": 1, "queueing": 2, "resilience": 2, "messaging": 2, "theory": 2,
          "model": 3, "system": 4, "experiment": 5, "io": 6, "app": 7}

# Headers that only some floors may include, and what they bring.
ONLY_ON = {
    **dict.fromkeys(["chrono", "ctime", "time.h", "sys/time.h"], (("app",), "clocks")),
    **dict.fromkeys(["iostream", "print"], (("app",), "printing")),
    **dict.fromkeys(["csignal", "signal.h"], (("app",), "signals")),
    **dict.fromkeys(["fstream", "filesystem", "cstdio", "stdio.h", "fcntl.h", "unistd.h", "sys/stat.h"],
                    (("io", "app"), "files")),
    **dict.fromkeys(["thread", "mutex", "shared_mutex", "condition_variable", "future", "semaphore", "latch", "barrier",
                     "stop_token"], (("experiment", "app"), "threads")),
    "atomic": (("system", "experiment", "app"), "threads, and the flag that ends a run"),
    "random": ((), "distributions that differ between libraries"),
    "nlohmann/": (("io",), "JSON"),
    "sha256.h": (("io",), "checksums of files"),
    "CLI/": (("app",), "the command line"),
    "Eigen/": (("theory",), "linear algebra"),
}

MATHS = ("exp|exp2|expm1|log|log2|log10|log1p|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot|"
         "erf|erfc|tgamma|lgamma|beta")
# What the code of include/ and sim/ does without: pattern, rule, hint.
FORBIDDEN = [
    (rf"(?:\bstd|(?<![\w>]))\s*::\s*(?:{MATHS})[fl]?\b", "mathematics of the C library",
     "its bits differ between machines; use sojourn/random/math.hpp"),
    (r"(?<!<)\bnew\b", "new", "use a value, a vector, an arena or make_unique"),
    (r"\b(?:shared|make_shared|weak)(?:_ptr)?\b(?=\s*<)", "shared ownership", "one owner; others hold an index or a handle"),
    (r"\bstd\s*::\s*unordered_\w+", "unordered container", "its order differs between libraries; use a vector or map"),
    (r"\bstd\s*::\s*function\b", "std::function", "take a template parameter; it may allocate"),
    (r"\bstd\s*::\s*s?rand\b", "the C generator", "use sojourn/random/stream.hpp"),
    (r"\blong\s+double\b", "long double", "its width differs between machines"),
]
BELOW_APP = [
    (r"\bstd\s*::\s*c(?:out|err|log|in)\b|\b(?:printf|puts|putchar)\s*\(", "printing", "return text; only the app prints"),
    (r"\b(?:exit|abort|_Exit|quick_exit)\s*\(", "ending the program", "return issues or throw; only the app exits"),
]

BAD_WORDS = {"task", "tasks", "entity", "entities", "manager", "managers", "util", "utils", "helper", "helpers", "impl"}
STYLES = r"request[-_ ]?driven|event[-_ ]?driven|\bhybrid"

# Written so that this file does not find itself.
MARKS = r"\b(?:" + "|".join(["TO" "DO", "FIX" "ME", "XX" "X"]) + r")\b"
PLACES = r"(?<![\w.}-])/(?:" + "|".join(["wor" "k/(?:main|shared|steering)", "ro" "ot", "ho" "me/", "tm" "p"]) + r")(?![\w-])"
AUTHORS = r"(?i)\b(?:" + codecs.decode("pynhqr|naguebcvp|bcranv|pungtcg|tvguho pbcvybg|fhontrag", "rot13") + r")"

MAX_FILE = 400
MAX_FUNCTION = 60


class Source:
    """A file of the project: its text, and for C++ the code without comments and the contents of strings."""

    TOKEN = re.compile(r"""(?P<raw>(?:u8|[uUL])?R"(?P<end>[^(\s"]*)\((?s:.*?)\)(?P=end)")|(?P<keep>[A-Za-z_]\w*|\.?\d(?:'?\w|\.|(?<=[eEpP])[+-])*)
        |(?P<blank>//[^\n]*|/\*(?s:.*?)\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')""", re.X)

    def __init__(self, path, text):
        self.path, self.text, self.lines = path, text, text.splitlines()
        self.is_code = path.endswith((".hpp", ".cpp"))
        self.is_product = self.is_code and path.startswith(("include/", "sim/"))
        parts = path.removeprefix("include/sojourn/").removeprefix("sim/").split("/")
        self.floor = parts[0] if self.is_product and len(parts) > 1 else None

    @cached_property
    def code(self):
        def blank(match):
            if match["keep"]:
                return match[0]
            return re.sub(r"[^\n\"]" if '"' in match[0][:4] else r"[^\n]", " ", match[0])
        return self.TOKEN.sub(blank, self.text)

    @cached_property
    def includes(self):
        """(line, quote, header) of every #include that is not in a comment."""
        found = []
        for number, (line, code) in enumerate(zip(self.lines, self.code.splitlines()), 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if match and code.lstrip().startswith("#"):
                found.append((number, match[1], match[2]))
        return found

    def line_of(self, position):
        return self.text.count("\n", 0, position) + 1


def find(pattern, text, source, rule, hint):
    for match in re.finditer(pattern, text):
        yield source.line_of(match.start()), f"{rule}: '{match[0].strip()}'", hint


def floors(source):
    """A file includes its own folder and lower floors."""
    if not source.is_product:
        return
    if source.floor not in LEVELS:
        yield 1, "a file on no floor", f"the folder is one of {' '.join(LEVELS)}"
        return
    for line, quote, header in source.includes:
        if quote == '"':
            floor = re.match(r"sojourn/(\w+)/", header)
            if not floor or floor[1] not in LEVELS:
                yield line, f"'{header}' is on no floor", "write \"sojourn/<floor>/<noun>.hpp\", or <...> for other libraries"
            elif floor[1] != source.floor and LEVELS[floor[1]] >= LEVELS[source.floor]:
                yield (line, f"{source.floor} ({LEVELS[source.floor]}) includes {floor[1]} ({LEVELS[floor[1]]})",
                       "only the own folder and lower floors; move what both need down, or pass it in as a value")
        for name, (allowed, what) in ONLY_ON.items():
            if header == name or (name.endswith("/") and header.startswith(name)):
                if source.floor not in allowed:
                    yield line, f"<{header}> on {source.floor}", f"{what}: only on {' and '.join(allowed) or 'no floor'}"


def words(source):
    """Words that the product does without."""
    if not source.is_product:
        return
    yield from find("(?i)" + STYLES, source.text, source, "the name of a style", "style is data: a scenario's variant")
    for pattern, rule, hint in FORBIDDEN + (BELOW_APP if source.floor != "app" else []):
        yield from find(pattern, source.code, source, rule, hint)
    lines = [(0, Path(source.path).stem)] + list(enumerate(source.code.splitlines(), 1))
    for number, line in lines:
        if line.lstrip().startswith("#"):
            continue
        for match in re.finditer(r"(?<!std::)\b[A-Za-z_]\w*", line):
            parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", match[0])
            bad = BAD_WORDS.intersection(part.lower() for part in parts)
            if bad or (parts and parts[-1] == "Handler"):
                yield max(number, 1), f"a name without meaning: '{match[0]}'", "say what the thing is or does"


def marks(source):
    """What does not belong in any text of the project."""
    if source.path != "CHANGELOG.md":
        yield from find(MARKS, source.text, source, "an unfinished mark", "do it, or leave it out")
    yield from find(PLACES, source.text, source, "a place on one machine", "a path relative to the project, or mktemp")
    yield from find(AUTHORS, source.text, source, "how the text was made", "say what the code does")


def lengths(source):
    """Files of at most 400 lines, functions of at most 60."""
    if not source.is_code:
        return
    if len(source.lines) > MAX_FILE:
        yield MAX_FILE, f"{len(source.lines)} lines, at most {MAX_FILE}", "split along a noun"
    for first, last in functions(source.code):
        if last - first + 1 > MAX_FUNCTION:
            yield first, f"a function of {last - first + 1} lines, at most {MAX_FUNCTION}", "give its parts names"


def headers_begin(source):
    """A header begins with #pragma once and what it is for."""
    if not source.path.endswith(".hpp"):
        return
    if source.lines[:1] != ["#pragma once"]:
        yield 1, "a header begins with '#pragma once'", "as its first line"
    if not re.match(r"//+ \w", source.lines[1] if len(source.lines) > 1 else ""):
        yield 2, "a header says what it is for", "one or two lines of '// ...' right after '#pragma once'"


def test_names(source):
    """A test's name survives the lists of CTest."""
    if not (source.path.startswith("tests/") and source.is_code):
        return
    for match in re.finditer(r'\bTEST_CASE\s*\(\s*"((?:\\.|[^"\\])*)"', source.text):
        if ";" in match[1] or match[1].count("[") != match[1].count("]") or match[1] != match[1].strip():
            yield (source.line_of(match.start()), f"the test's name '{match[1]}'",
                   "no ; and no lone bracket: the lists of CMake would lose the test")


RULES = [floors, words, marks, lengths, headers_begin, test_names]


def functions(code):
    """(first line, last line) of every function at namespace or class scope. Braces decide; the compiler has checked them."""
    code = without_directives(code)
    stack, head, parentheses, inside = [], 0, 0, 0  # inside: depth of the function's own brace, 0 outside of functions
    for match in re.finditer(r"[(){};]|\b(?:public|private|protected)\s*:", code):
        at, mark = match.start(), match[0]
        if mark == "(":
            parentheses += 1
        elif mark == ")":
            parentheses -= 1
        elif mark == "{":
            kind = "value" if inside or parentheses else kind_of(code[head:at])
            stack.append((kind, head, parentheses))
            parentheses = 0
            if kind == "function":
                inside = len(stack)
            if kind == "scope":
                head = match.end()
        elif mark == "}" and stack:
            kind, start, parentheses = stack.pop()
            if kind == "function":
                start += len(code[start:]) - len(code[start:].lstrip())
                yield code.count("\n", 0, start) + 1, code.count("\n", 0, at) + 1
                inside = 0
            if kind != "value":
                head = match.end()
        elif not inside and not parentheses and not (stack and stack[-1][0] == "value"):
            head = match.end()


def without_directives(code):
    """Blank preprocessor lines, and all branches of a condition but the first, so that braces balance."""
    kept, hidden, continued = [], [], False
    for line in code.split("\n"):
        directive = re.match(r"\s*#\s*(\w+)", line)
        if directive and not continued:
            word = directive[1]
            if word.startswith("if"):
                hidden.append(False)
            elif word.startswith("el") and hidden:
                hidden[-1] = True
            elif word == "endif" and hidden:
                hidden.pop()
        drop = bool(directive) or continued or any(hidden)
        continued = (bool(directive) or continued) and line.endswith("\\")
        kept.append("" if drop else line)
    return "\n".join(kept)


def kind_of(head):
    """What a brace opens, from the text before it: "scope" (namespace, class), "function" or "value" (an initialiser)."""
    head = re.sub(r"\boperator\s*(?:\(\s*\)|\[\s*\]|[^\s\w(]+)", "operator", head).replace("->", "@")
    head = re.sub(r"\[\[.*?\]\]|\balignas\s*\([^()]*\)", " ", head, flags=re.S)
    while (shorter := re.sub(r"<[^<>]*>", " ", head)) != head:
        head = shorter
    head = re.sub(r"^\s*template\b", " ", head.strip()).strip()
    if re.match(r"(?:inline\s+)?namespace\b|extern\s*\"", head):
        return "scope"
    if "(" not in head:
        return "scope" if re.match(r"(?:typedef\s+)?(?:class|struct|union|enum)\b", head) else "value"
    before = head[:head.index("(")]
    if "=" in before:
        return "function" if re.search(r"=\s*\[", before) else "value"
    body = r"(?:[)}]|\b(?:const|noexcept|override|final|mutable|try)|&|@[^(){};]*|\)\s*requires\b.*)$"
    return "function" if re.search(body, head, re.S) else "value"


def project_files():
    """The text files of the project: what git knows or would add, or without git everything but what is made."""
    listed = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                            capture_output=True, text=True) if (ROOT / ".git").exists() and shutil.which("git") else None
    if listed and listed.returncode == 0:
        paths = sorted(set(filter(None, listed.stdout.split("\0"))))
    else:
        paths = []
        for folder, names, files in os.walk(ROOT):
            names[:] = [n for n in names if n not in (".git", "build", "__pycache__", ".cache")]
            paths += [(Path(folder) / name).relative_to(ROOT).as_posix() for name in files]
        paths = sorted(p for p in paths if not re.match(r"results/.*/", p))
    for path in paths:
        file = ROOT / path
        if file.is_file() and file.stat().st_size < 1 << 20:
            data = file.read_bytes()
            if b"\0" not in data:
                yield Source(path, data.decode("utf-8", errors="replace"))


def findings(source):
    for rule in RULES:
        for line, what, hint in rule(source):
            yield f"{source.path}:{line}: {what}; {hint}"


def check_rules():
    found = [finding for source in project_files() for finding in findings(source)]
    print("\n".join(found + [f"{len(found)} findings"]))
    return 1 if found else 0


def check_headers(compiler, *flags):
    sources = [Source(str(p), p.read_text()) for p in (ROOT / "sim").rglob("*.cpp")]
    proven = {source.includes[0][2] for source in sources if source.includes}  # first in a source: the build has done it
    headers = {p.relative_to(ROOT / "include").as_posix() for p in (ROOT / "include").rglob("*.hpp")}
    rest = sorted(headers - proven)

    def compile_alone(header):
        text = f'#include "{header}"\n#include "{header}"\n'
        command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", f"-I{ROOT / 'include'}", *flags,
                   "-x", "c++", "-"]
        run = subprocess.run(command, input=text, capture_output=True, text=True)
        return "" if run.returncode == 0 and not run.stderr else f"{header} does not compile alone:\n{run.stderr}"

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failures = [failure for failure in pool.map(compile_alone, rest) if failure]
    print("\n".join(failures + [f"{len(headers)} headers, {len(rest)} compiled alone, {len(failures)} failures"]))
    return 1 if failures or not headers else 0


def check_format():
    program = shutil.which("clang-format-14")
    if not program:
        print("skipped: clang-format-14 is not installed")
        return 77
    paths = [source.path for source in project_files() if source.is_code]
    run = subprocess.run([program, "--dry-run", *paths], cwd=ROOT, capture_output=True, text=True)
    first = {}
    for match in re.finditer(r"^(.+?):(\d+):\d+: ", run.stderr, re.M):
        first.setdefault(match[1], match[2])
    for path, line in first.items():
        print(f"{path}:{line}: not formatted; clang-format-14 -i {path}")
    print(f"{len(paths)} files, {len(first)} to format")
    return 1 if first or run.returncode else 0


def check_self():
    from style_samples import BAD, GOOD
    failures = 0
    for path, text, expected in BAD:
        found = list(findings(Source(path, text)))
        if not any(expected in finding for finding in found):
            failures += 1
            print(f"missed: '{expected}' in {path}:\n{text}\nfound: {found}")
    for path, text in GOOD:
        for finding in findings(Source(path, text)):
            failures += 1
            print(f"false alarm in\n{text}\n{finding}")
    print(f"{len(BAD)} bad and {len(GOOD)} good samples, {failures} failures")
    return 1 if failures else 0


MODES = {"rules": check_rules, "headers": check_headers, "format": check_format, "self": check_self}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in MODES:
        sys.exit(__doc__)
    sys.exit(MODES[sys.argv[1]](*sys.argv[2:]))
