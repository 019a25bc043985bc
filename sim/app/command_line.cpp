#include "sojourn/app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "sojourn/core/issue.hpp"
#include "sojourn/io/formats.hpp"

namespace sojourn {

namespace {

constexpr const char* short_help =
    "sojourn compares architectures of services on the same requests.\n"
    "\n"
    "  sojourn run FILE     run every variant of a scenario and compare them\n"
    "  sojourn check FILE   say what is wrong with a scenario, or doubtful in it\n"
    "  sojourn theory FILE  what mathematics says without running: loads, limits, response times\n"
    "  sojourn sweep FILE --vary POINTER=FROM..TO:STEPS\n"
    "                       the same over a grid of values: where does it break?\n"
    "  sojourn capacity FILE\n"
    "                       the highest load that meets the objectives; --replicas: the cheapest replicas that do\n"
    "  sojourn demo         a built-in online shop in three architectures, in two seconds\n"
    "  sojourn decide FILE  which deferrable calls should wait, and which should be events: all designs, raced\n"
    "  sojourn trace FILE   one request's life in each architecture, also for trace viewers\n"
    "  sojourn schema       print the language of scenarios, for editors and for people\n"
    "\n"
    "Try first:  sojourn demo\n"
    "All options:  sojourn run --help\n";

CommandLine refusal(const std::string& message) {
  return {.command = std::nullopt,
          .to_stdout = "",
          .to_stderr = "sojourn: " + message + "\n",
          .exit_code = ExitCode::bad_input};
}

std::string format_names() {
  std::string names;
  for (const Format& format : formats()) names += (names.empty() ? "" : ", ") + std::string(format.name);
  return names;
}

/// The library would read -1, and what exceeds 64 bits, as large numbers.
std::string complaint_about_count(const std::string& word) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  const bool is_count = error == std::errc{} && end == word.data() + word.size();
  return is_count ? "" : "expected a whole number from 0 to 18446744073709551615, found '" + word + "'";
}

/// A size such as "2GiB" in bytes; nothing when it is none.
std::optional<std::uint64_t> size_of(const std::string& word) {
  constexpr std::array<std::pair<std::string_view, unsigned>, 3> units{{{"KiB", 10}, {"MiB", 20}, {"GiB", 30}}};
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || number == 0) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(word.data() + word.size() - end));
  for (const auto& [name, bits] : units)
    if (unit == name && number < std::uint64_t{1} << (63 - bits)) return number << bits;
  return std::nullopt;
}

/// The options of all commands.
void add_input_options(CLI::App& app, Command& command) {
  app.add_option("FILE", command.file, "the scenario")->required();
  app.add_option("--set", command.sets, "POINTER=VALUE: overrides a value of the scenario; may be repeated")
      ->allow_extra_args(false)
      ->type_name("POINTER=VALUE");
  app.add_option("--variant", command.variants, "only this variant; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME");
  app.add_option("--seed", command.seed, "seed of all random numbers")
      ->type_name("NUMBER")
      ->check(complaint_about_count);
  app.add_option("--replications", command.replications, "independent runs of every variant")
      ->type_name("NUMBER")
      ->check(complaint_about_count)
      ->check(CLI::Range(1U, 1'000'000U));
  app.add_flag("--quiet", command.quiet, "no progress, no remarks");
}

void add_theory_options(CLI::App& app, Command& command) {
  app.add_option("--format", command.format, "what to print: table, json")->type_name("FORMAT");
}

/// The options of commands that run, and what their folder of results is.
void add_work_options(CLI::App& app, Command& command,
                      const std::string& folder = "folder of the results; default: results/NAME") {
  app.add_option("--jobs", command.jobs, "threads; default: one a core")
      ->type_name("NUMBER")
      ->check(complaint_about_count)
      ->check(CLI::Range(1U, 4096U));
  app.add_option_function<std::string>(
         "--max-memory", [&command](const std::string& word) { command.max_memory = *size_of(word); },
         "stop with exit code 6 when what is in flight needs more; default: 2GiB")
      ->type_name("SIZE")
      ->check([](const std::string& word) {
        return size_of(word) ? "" : "expected a size such as 512MiB or 2GiB, found '" + word + "'";
      });
  app.add_option("--out", command.out, folder)->type_name("DIR");
}

void add_decide_options(CLI::App& app, Command& command) {
  add_work_options(app, command);
  add_theory_options(app, command);
  app.add_option("--vary", command.vary, "decide at each of these values; once or twice")
      ->allow_extra_args(false)
      ->type_name("POINTER=FROM..TO:STEPS");
}

void add_trace_options(CLI::App& app, Command& command) {
  app.add_option("--request", command.request,
                 "its number, from 0 in the order of their start; default: the first that is measured")
      ->type_name("NUMBER")
      ->check(complaint_about_count);
  app.add_option("--client", command.clients, "whose request; default: the first client")
      ->allow_extra_args(false)
      ->expected(1)
      ->type_name("NAME");
  app.add_option("--out", command.out, "folder of the results; default: results/NAME-trace")->type_name("DIR");
  app.add_option("--format", command.format, "what to print: table, or json for trace viewers")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "json"}));
}

void add_capacity_options(CLI::App& app, Command& command) {
  add_work_options(app, command, "folder of the results; default: results/NAME-capacity");
  add_theory_options(app, command);
  auto* client = app.add_option("--client", command.clients, "only this client's load grows; may be repeated")
                     ->allow_extra_args(false)
                     ->type_name("NAME");
  auto* replicas = app.add_flag("--replicas", command.search_replicas,
                                "at the load of the scenario, the replicas that cost least (or, without costs, are "
                                "fewest) and meet the objectives")
                       ->excludes(client);
  app.add_flag("--n-1", command.survive_one, "with --replicas: with one replica fewer of any service, too")
      ->needs(replicas);
}

void add_run_options(CLI::App& app, Command& command) {
  add_work_options(app, command);
  app.add_option("--format", command.format, "what to print: " + format_names())->type_name("FORMAT");
  app.add_flag("--strict", command.strict, "end with exit code 4 when there is a doubt");
}

void add_sweep_options(CLI::App& app, Command& command) {
  app.add_option(
         "--vary", command.vary,
         "an axis of the grid; two and more span all combinations. A list POINTER=2,4,8; a range "
         "POINTER=FROM..TO:STEPS of evenly spaced values, both ends counted, such as 20/s..200/s:10; with :log behind "
         "it each value is the same factor above the one before, such as 1..64:7:log. Values are numbers, "
         "durations, rates, or in lists any JSON or word")
      ->required()
      ->allow_extra_args(false)
      ->type_name("POINTER=VALUES");
  add_work_options(app, command, "folder of the results and of the journal; default: results/NAME-sweep");
  app.add_option("--format", command.format, "what to print: " + format_names())->type_name("FORMAT");
  app.add_flag("--strict", command.strict, "end with exit code 4 when there is a doubt");
  auto* resume = app.add_flag("--resume", command.resume,
                              "go on with a sweep that was interrupted, or refuse; without it, go on if there is one");
  app.add_flag("--fresh", command.fresh, "begin again, whatever the folder's journal holds")->excludes(resume);
}

void add_demo_options(CLI::App& app, Command& command) {
  add_work_options(app, command, "folder of the results; default: none is written");
  app.add_option("--format", command.format, "what to print: " + format_names())->type_name("FORMAT");
  app.add_option("--seed", command.seed, "seed of all random numbers")
      ->type_name("NUMBER")
      ->check(complaint_about_count);
  app.add_flag("--quiet", command.quiet, "no progress, no remarks");
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names{"--help"};
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// Words that no option took.
std::string complaint_about(const std::vector<std::string>& rest, const CLI::App& app) {
  const auto option =
      std::find_if(rest.begin(), rest.end(), [](const std::string& word) { return word.starts_with('-'); });
  if (option == rest.end()) return "unexpected word '" + rest.front() + "'";
  const std::string name = option->substr(0, option->find('='));
  return "unknown option '" + name + "'" + did_you_mean(name, option_names(app));
}

/// What is wrong with what the options were given, or "".
std::string complaint_about(const Command& command) {
  const bool tells_less = command.verb == Command::Verb::theory || command.verb == Command::Verb::decide ||
                          command.verb == Command::Verb::capacity;
  if (tells_less && command.format != "table" && command.format != "json")
    return "expected a format (table, json), found '" + command.format + "'" +
           did_you_mean(command.format, {"table", "json"});
  if (format_named(command.format) != nullptr) return "";
  std::vector<std::string> names;
  for (const Format& format : formats()) names.emplace_back(format.name);
  return "expected a format (" + format_names() + "), found '" + command.format + "'" +
         did_you_mean(command.format, names);
}

/// Lets CLI11 read the words after the verb; what to say instead of running, if anything.
std::optional<CommandLine> parse_words(CLI::App& app, const std::vector<std::string>& words) {
  app.allow_extras();
  std::vector<std::string> rest(words.rbegin(), words.rend() - 2);  // CLI11 takes words from the back
  std::string complaint;
  try {
    app.parse(rest);
  } catch (const CLI::CallForHelp&) {
    return CommandLine{.command = std::nullopt, .to_stdout = app.help(), .to_stderr = "", .exit_code = ExitCode::fine};
  } catch (const CLI::ParseError& error) {
    complaint = error.what();
  }
  if (const auto extras = app.remaining(); !extras.empty()) complaint = complaint_about(extras, app);
  if (complaint.empty()) return std::nullopt;
  return refusal(complaint);
}

/// A command: how it is called, what it does, the options of its own.
struct VerbWords {
  Command::Verb verb;
  std::string_view name;
  std::string_view sentence;
  void (*add_options)(CLI::App& app, Command& command);
};
constexpr std::array verb_words{
    VerbWords{Command::Verb::run, "run", "run every variant of a scenario and compare them", add_run_options},
    VerbWords{Command::Verb::check, "check", "say what is wrong with a scenario, or doubtful in it", nullptr},
    VerbWords{Command::Verb::theory, "theory", "say what mathematics says of a scenario without running it",
              add_theory_options},
    VerbWords{Command::Verb::sweep, "sweep", "run a scenario over a grid of values and keep every cell in a journal",
              add_sweep_options},
    VerbWords{Command::Verb::capacity, "capacity",
              "find the highest load, or the cheapest replicas, that meet the objectives", add_capacity_options},
    VerbWords{Command::Verb::demo, "demo", "compare three architectures of a built-in online shop", add_demo_options},
    VerbWords{Command::Verb::trace, "trace", "tell one request's life in each variant", add_trace_options},
    VerbWords{Command::Verb::decide, "decide", "find which deferrable calls should wait and which should be events",
              add_decide_options},
};

CommandLine read_command(const VerbWords& verb, const std::vector<std::string>& words) {
  CLI::App app(std::string(verb.sentence), "sojourn " + std::string(verb.name));
  Command command;
  command.verb = verb.verb;
  command.words = words;
  if (verb.verb != Command::Verb::demo) add_input_options(app, command);
  if (verb.add_options != nullptr) verb.add_options(app, command);
  if (auto instead = parse_words(app, words)) return *instead;
  if (const std::string complaint = complaint_about(command); !complaint.empty()) return refusal(complaint);
  return {.command = std::move(command), .to_stdout = "", .to_stderr = "", .exit_code = ExitCode::fine};
}

CommandLine read_schema_command(const std::vector<std::string>& words) {
  CLI::App app("print the language of scenarios as JSON Schema", "sojourn schema");
  Command command;
  command.verb = Command::Verb::schema;
  command.words = words;
  app.add_flag("--reference", command.reference, "print it as a page for people, in Markdown");
  if (auto instead = parse_words(app, words)) return *instead;
  return {.command = std::move(command), .to_stdout = "", .to_stderr = "", .exit_code = ExitCode::fine};
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_./=:,+@%").find(c) != std::string_view::npos;
}

}  // namespace

CommandLine read_command_line(const std::vector<std::string>& words) {
  if (words.size() < 2)
    return {.command = std::nullopt, .to_stdout = short_help, .to_stderr = "", .exit_code = ExitCode::fine};
  const std::string& verb = words[1];
  if (verb == "--help" || verb == "-h" || verb == "help")
    return {.command = std::nullopt, .to_stdout = short_help, .to_stderr = "", .exit_code = ExitCode::fine};
  if (verb == "--version")
    return {.command = std::nullopt,
            .to_stdout = "sojourn " + program_version() + " (" + program_commit() + ", " + program_compiler() + ")\n",
            .to_stderr = "",
            .exit_code = ExitCode::fine};
  if (verb == "schema") return read_schema_command(words);
  std::vector<std::string> known{"schema"};
  for (const VerbWords& one : verb_words) {
    if (verb == one.name) return read_command(one, words);
    known.emplace_back(one.name);
  }
  known.insert(known.end(), {"--help", "--version"});
  const std::string kind = verb.starts_with('-') ? "option" : "command";
  return refusal("unknown " + kind + " '" + verb + "'" + did_you_mean(verb, known));
}

std::string shell_text(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
    text += '\'';
  }
  return text;
}

std::string program_version() { return SOJOURN_VERSION; }
std::string program_commit() { return SOJOURN_COMMIT; }
std::string program_compiler() {
#if defined(__clang__)
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__);
#else
  return "gcc " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__);
#endif
}

}  // namespace sojourn
