"""Samples for style_test.py self: bad code with a part of the finding it must give, and good code that must give none."""

HEADER = "#pragma once\n// What it is for.\n"


def function(lines):
    return "int f(int a) {\n" + "  a += 1;\n" * (lines - 2) + "}\n"


BAD = [
    # floors
    ("sim/kernel/a.cpp", '#include "sojourn/system/run.hpp"\n', "a.cpp:1: kernel (1) includes system (4)"),
    ("sim/kernel/a.cpp", '\n#include "sojourn/stats/sum.hpp"\n', "a.cpp:2: kernel (1) includes stats (1)"),
    ("include/sojourn/core/a.hpp", HEADER + '#include "sojourn/random/draw.hpp"\n', "core (0) includes random (1)"),
    ("sim/theory/a.cpp", '#include "sojourn/queueing/line.hpp"\n', "theory (2) includes queueing (2)"),
    ("sim/io/a.cpp", '#  include "sojourn/app/a.hpp"\n', "io (6) includes app (7)"),
    ("sim/io/a.cpp", '#include "json.hpp"\n', "'json.hpp' is on no floor"),
    ("sim/io/a.cpp", '#include "../core/time.hpp"\n', "'../core/time.hpp' is on no floor"),
    ("sim/misc/a.cpp", "int a;\n", "a file on no floor"),
    ("include/sojourn/all.hpp", HEADER, "a file on no floor"),
    ("sim/model/a.cpp", "#include <nlohmann/json.hpp>\n", "JSON: only on io"),
    ("sim/app/a.cpp", "#include <nlohmann/json.hpp>\n", "JSON: only on io"),
    ("sim/io/a.cpp", "#include <CLI/CLI.hpp>\n", "the command line: only on app"),
    ("sim/stats/a.cpp", "#include <Eigen/Dense>\n", "linear algebra: only on theory"),
    ("sim/random/a.cpp", "#include <random>\n", "only on no floor"),
    ("sim/experiment/a.cpp", "#include <chrono>\n", "clocks: only on app"),
    ("sim/system/a.cpp", "#include <thread>\n", "threads: only on experiment and app"),
    ("sim/io/a.cpp", "#include <iostream>\n", "printing: only on app"),
    ("sim/experiment/a.cpp", "#include <fstream>\n", "files: only on io and app"),
    # words
    ("sim/system/a.cpp", "// the event-driven variant\n", "the name of a style: 'event-driven'"),
    ("sim/system/a.cpp", 'auto a = "Request Driven";\n', "the name of a style: 'Request Driven'"),
    ("include/sojourn/model/a.hpp", HEADER + "struct Hybrid {};\n", "the name of a style: 'Hybrid'"),
    ("sim/stats/a.cpp", "double a = std::exp(b);\n", "mathematics of the C library: 'std::exp'"),
    ("sim/stats/a.cpp", "double a = ::pow(b, 2);\n", "mathematics of the C library"),
    ("sim/stats/a.cpp", "double a = std::lgamma (b);\n", "mathematics of the C library"),
    ("sim/system/a.cpp", "auto* a = new Job;\n", "new: 'new'"),
    ("sim/system/a.cpp", "std::shared_ptr<Job> a;\n", "shared ownership"),
    ("sim/system/a.cpp", "auto a = std::make_shared<Job>();\n", "shared ownership"),
    ("sim/system/a.cpp", "std::unordered_map<int, int> a;\n", "unordered container"),
    ("sim/system/a.cpp", "std::function<void()> a;\n", "std::function: "),
    ("sim/system/a.cpp", "long double a = 0;\n", "long double: "),
    ("sim/system/a.cpp", "int a = std::rand();\n", "the C generator"),
    ("sim/io/a.cpp", "std::cerr << 1;\n", "printing: 'std::cerr'"),
    ("sim/io/a.cpp", 'printf("1");\n', "printing: "),
    ("sim/experiment/a.cpp", "std::exit(1);\n", "ending the program"),
    ("sim/system/a.cpp", "struct RunManager {};\n", "a name without meaning: 'RunManager'"),
    ("sim/system/a.cpp", "int next_task = 0;\n", "a name without meaning: 'next_task'"),
    ("sim/system/a.cpp", "struct ReplyHandler {};\n", "a name without meaning: 'ReplyHandler'"),
    ("sim/system/a.cpp", "namespace impl {}\n", "a name without meaning: 'impl'"),
    ("sim/system/string_utils.cpp", "int a;\n", "a name without meaning: 'string_utils'"),
    # any text
    ("README.md", "A word.\nTO" "DO: more\n", "README.md:2: an unfinished mark"),
    ("sim/core/a.cpp", "// FIX" "ME\n", "an unfinished mark"),
    ("scripts/a.sh", "cd /wor" "k/main\n", "a place on one machine"),
    ("scripts/a.sh", "out=/tm" "p/results\n", "a place on one machine"),
    ("README.md", "see /ro" "ot/notes\n", "a place on one machine"),
    ("README.md", "written with Chat" "GPT\n", "how the text was made"),
    # lengths
    ("sim/core/a.cpp", "int a;\n" * 401, "401 lines, at most 400"),
    ("sim/core/a.cpp", function(61), "a.cpp:1: a function of 61 lines, at most 60"),
    ("sim/core/a.cpp", "namespace a {\nnamespace {\n" + function(61) + "}\n}\n", "a.cpp:3: a function of 61 lines"),
    ("sim/core/a.cpp", "class A : public B<int> {\n public:\n" + function(70) + "};\n", "a.cpp:3: a function of 70 lines"),
    ("sim/core/a.cpp", "A::A(int a) : a_{a}, b_{2} {\n" + "  f();\n" * 70 + "}\n", "a.cpp:1: a function of 72 lines"),
    ("sim/core/a.cpp", "auto f(B b = {}) -> std::vector<int> {\n" + "  f();\n" * 70 + "}\n", "a function of 72 lines"),
    ("sim/core/a.cpp", "bool A::operator==(const A& a) const {\n" + "  f();\n" * 70 + "}\n", "a function of 72 lines"),
    ("sim/core/a.cpp", "template <class T = int>\n  requires C<T>\nvoid f(T a) noexcept {\n" + "  f();\n" * 70 + "}\n",
     "a.cpp:1: a function of 74 lines"),
    ("sim/core/a.cpp", "int a[] = {1};\nvoid f() {\n#if A\n  if (a) {\n#else\n  if (b) {\n#endif\n" + "  f();\n" * 70 + "}}\n",
     "a.cpp:2: a function of 77 lines"),
    ("tests/core/a_test.cpp", 'TEST_CASE("a", "[b]") {\n' + "  CHECK(a);\n" * 70 + "}\n", "a function of 72 lines"),
    # first lines, names of tests
    ("include/sojourn/core/a.hpp", "// What it is for.\n#pragma once\n", "begins with '#pragma once'"),
    ("include/sojourn/core/a.hpp", "#pragma once\n\n#include <vector>\n", "says what it is for"),
    ("include/sojourn/core/a.hpp", "", "begins with '#pragma once'"),
    ("tests/core/a_test.cpp", 'TEST_CASE("one; two") {}\n', "the test's name 'one; two'"),
    ("tests/core/a_test.cpp", 'TEST_CASE("in (0, 1]") {}\n', "the test's name 'in (0, 1]'"),
]

GOOD = [
    ("sim/system/a.cpp", '#include "sojourn/system/run.hpp"\n#include "sojourn/kernel/a.hpp"\n#include <vector>\n'),
    ("sim/app/main.cpp", "#include <CLI/CLI.hpp>\n#include <chrono>\n#include <iostream>\nint main() { std::exit(0); }\n"),
    ("sim/io/a.cpp", "#include <nlohmann/json.hpp>\n#include <fstream>\n#include <new>\n"),
    ("sim/kernel/a.cpp", '// #include "sojourn/app/a.hpp"\n/*\n#include <chrono>\n*/\nint a;\n'),
    # comments and strings may say what names and code may not
    ("sim/system/a.cpp", '// a new task for std::function\nauto a = "new impl std::exp";  /* long double */\n'),
    ("sim/system/a.cpp", 'auto a = R"(new Task " // )";\nint b = 1\'000\'000; char c = \'"\'; char d = \'\\\'\'; int new_one = 0;\n'),
    ("sim/system/a.cpp", "A(const A&) = delete;\nauto utilization = simple + implied + multitasking;\n#include <utility>\n"),
    ("sim/system/a.cpp", "double a = sojourn::log(b) + std::sqrt(c) + exp(d) + detail::pow(e, f);\nint c = to_exit(1);\n"),
    ("sim/app/a.cpp", "struct sigaction a; a.sa_handler = on_interrupt;\n"),
    ("sim/system/README.md", "request-driven and event-driven\n"),
    ("tests/io/a_test.cpp", '#include <random>\nauto a = read("/work/exponential", "/services/a/operations/b/0/work/fails");\n'),
    ("scripts/a.sh", 'mktemp -d "${TMPDIR:-/tm' 'p}/a.XXXXXX"\n'),
    ("sim/core/a.cpp", "int a;\n" * 400),
    ("sim/core/a.cpp", function(60)),
    ("sim/core/a.cpp", (function(40) + "\n// a comment before a function\n\n") * 3),
    ("sim/core/a.cpp", "constexpr std::array<int, 80> table{{\n" + "    {1, f(2)},\n" * 80 + "}};\n"),
    ("sim/core/a.cpp", "const std::vector<A> table = {\n" + "    {1, f(2)},\n" * 80 + "};\n" + function(30)),
    ("sim/core/a.cpp", "struct A {\n" + "  int a() const { return 1; }\n" * 80 + "};\n"),
    ("sim/core/a.cpp", "enum class A : int {\n" + "  a,\n" * 80 + "};\nnamespace {\n" + "int a;\n" * 80 + "}\n"),
    ("sim/core/a.cpp", 'const char* text = "{";\nchar c = \'{\';\n' + function(30) + "int a;\n" * 60),
    ("include/sojourn/core/a.hpp", HEADER + "int a;\n"),
    ("tests/core/a_test.cpp", 'TEST_CASE("Holm\'s correction, 5 % of \\"p99.9\\", in [0, 1]", "[stats]") {}\n'),
]
