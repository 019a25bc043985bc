#include "sojourn/app/command_line.hpp"

#include "sojourn/app/program.hpp"
#include "sojourn/app/progress.hpp"
#include "support/catch.hpp"

using namespace sojourn;
using Catch::Contains;

namespace {

CommandLine read(std::vector<std::string> words) {
  words.insert(words.begin(), "sojourn");
  return read_command_line(words);
}

std::string complaint(const std::vector<std::string>& words) {
  const CommandLine line = read(words);
  CHECK_FALSE(line.command.has_value());
  CHECK(line.exit_code == ExitCode::bad_input);
  CHECK(line.to_stdout.empty());
  return line.to_stderr;
}

}  // namespace

TEST_CASE("a command line is read into a command") {
  const auto command = read({"run",
                             "--set",
                             "/a=1",
                             "shop.json",
                             "--set",
                             "/b=2",
                             "--variant",
                             "x",
                             "--seed",
                             "18446744073709551615",
                             "--replications",
                             "5",
                             "--jobs",
                             "3",
                             "--out",
                             "dir",
                             "--format",
                             "json",
                             "--quiet",
                             "--strict"})
                           .command.value();
  CHECK(command.verb == Command::Verb::run);
  CHECK(command.file == "shop.json");
  CHECK(command.sets == std::vector<std::string>{"/a=1", "/b=2"});
  CHECK(command.variants == std::vector<std::string>{"x"});
  CHECK(command.seed == 18446744073709551615U);
  CHECK(command.replications == 5U);
  CHECK(command.jobs == 3);
  CHECK(command.out == "dir");
  CHECK(command.format == "json");
  CHECK(command.quiet);
  CHECK(command.strict);
  CHECK(command.words.size() == 21);
}

TEST_CASE("what is not said has its default") {
  const auto command = read({"check", "shop.json"}).command.value();
  CHECK(command.verb == Command::Verb::check);
  CHECK(command.sets.empty());
  CHECK_FALSE(command.seed.has_value());
  CHECK_FALSE(command.replications.has_value());
  CHECK(command.jobs == 0);
  CHECK(command.format == "table");
  CHECK_FALSE(command.strict);
}

TEST_CASE("the language is printed as a schema, or as a page for people") {
  CHECK(read({"schema"}).command.value().verb == Command::Verb::schema);
  CHECK_FALSE(read({"schema"}).command.value().reference);
  CHECK(read({"schema", "--reference"}).command.value().reference);
  CHECK_THAT(complaint({"schema", "--refrence"}), Contains("did you mean '--reference'?"));
  CHECK_THAT(complaint({"schema", "x.json"}), Contains("unexpected word 'x.json'"));
  CHECK_THAT(complaint({"shcema"}), Contains("did you mean 'schema'?"));
}

TEST_CASE("without words, and when asked, there is help on standard output") {
  for (const auto& words : {std::vector<std::string>{}, {"--help"}, {"-h"}, {"help"}, {"run", "--help"}}) {
    const CommandLine line = read(words);
    CHECK(line.exit_code == ExitCode::fine);
    CHECK_THAT(line.to_stdout, Contains("sojourn run"));
    CHECK(line.to_stderr.empty());
  }
  CHECK_THAT(read({}).to_stdout, Contains("Try first:  sojourn demo"));
  CHECK_THAT(read({"--version"}).to_stdout, Contains("sojourn " + program_version()));
}

TEST_CASE("slips of the finger are answered with the nearest name") {
  CHECK(complaint({"rnu", "x"}) == "sojourn: unknown command 'rnu'; did you mean 'run'?\n");
  CHECK(complaint({"--versoin"}) == "sojourn: unknown option '--versoin'; did you mean '--version'?\n");
  CHECK_THAT(complaint({"run", "x", "--replicatons", "4"}), Contains("did you mean '--replications'?"));
  CHECK_THAT(complaint({"run", "x", "--replicatons=4"}), Contains("unknown option '--replicatons'"));
  CHECK_THAT(complaint({"run", "x", "--format", "tabel"}), Contains("did you mean 'table'?"));
  CHECK_THAT(complaint({"check", "x", "--jobs", "2"}), Contains("unknown option '--jobs'"));
}

TEST_CASE("what cannot be meant is refused") {
  CHECK_THAT(complaint({"run"}), Contains("FILE is required"));
  CHECK_THAT(complaint({"run", "a", "b"}), Contains("unexpected word 'b'"));
  CHECK_THAT(complaint({"run", "a", "--seed"}), Contains("--seed"));
  for (const char* bad : {"-1", "2.5", "1e3", "0x10", "99999999999999999999", "many", " 1"}) {
    CHECK_THAT(complaint({"run", "a", "--seed", bad}), Contains("whole number"));
    CHECK_THAT(complaint({"run", "a", "--replications", bad}), Contains("--replications"));
  }
  CHECK_THAT(complaint({"run", "a", "--replications", "0"}), Contains("--replications"));
  CHECK_THAT(complaint({"run", "a", "--replications", "4294967297"}), Contains("--replications"));
  CHECK_THAT(complaint({"run", "a", "--jobs", "0"}), Contains("--jobs"));
}

TEST_CASE("a command is printed as a shell reads it back") {
  CHECK(shell_text({"sojourn", "run", "a b.json", "--set", "/x=\"5ms\"", "it's", ""}) ==
        "sojourn run 'a b.json' --set '/x=\"5ms\"' 'it'\\''s' ''");
}

TEST_CASE("issues are told errors first, twenty at most") {
  Issues issues{{.severity = Severity::warning, .pointer = "/w", .message = "doubtful", .name = "x"}};
  for (int i = 0; i < 23; ++i) issues.push_back({.pointer = "/e" + std::to_string(i), .message = "wrong"});
  const std::string text = issues_text(issues, "f.json");
  CHECK_THAT(text, Contains("/e0: wrong") && Contains("/e19: wrong") && !Contains("/e20: wrong"));
  CHECK_THAT(text, Contains("and 3 more errors\n") && Contains("/w: "));
  CHECK(text.find("doubtful") > text.find("more errors"));
  CHECK(issues_text({}, "f.json").empty());
}

TEST_CASE("progress tells the share that is done and the time left") {
  CHECK(progress_text(0, 60, 0) == "[........................] 0 % of 60 runs");
  CHECK(progress_text(30, 60, 12) == "[############............] 50 % of 60 runs, 12 s left");
  CHECK(progress_text(1, 61, 10) == "[........................] 1 % of 61 runs, 10 min left");
  CHECK(progress_text(1, 101, 1000) == "[........................] 0 % of 101 runs, 28 h left");
  CHECK(progress_text(60, 60, 24) == "[########################] 100 % of 60 runs");
  CHECK(progress_text(0, 0, 0).empty());
  CHECK(Progress(Progress::Mode::silent).observer().advanced == nullptr);
}
