// The journal: what is read back of it after every way in which it can end.

#include "sojourn/io/journal.hpp"

#include <cstdint>

#include "sojourn/core/hash.hpp"
#include "sojourn/io/sweep_journal.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"

using namespace sojourn;
using Catch::Contains;

namespace {

SweptCell cell_with(std::uint64_t index) {
  SweptCell cell;
  cell.cell = index;
  cell.sha256 = "abc";
  cell.fingerprint = 0xffffffffffffffffULL - index;
  cell.events = 12;
  cell.warmup_s = 0.1;
  cell.warnings.push_back({"growing-queue", "v", "services.web.queue_length", "web's queue grows \"fast\"\n"});
  SweptVariant variant{.name = "v", .fingerprint = 7, .busiest = "web", .busiest_taken = 1.0 / 3, .subjects = {}};
  SweptSubject subject{.section = Section::services, .name = "web", .values = {}};
  for (std::size_t i = 0; i < swept_measures(Section::services).size(); ++i)
    subject.values.push_back({0.1 * static_cast<double>(i), i % 2 == 0 ? std::nullopt : std::optional(1e-17)});
  variant.subjects.push_back(subject);
  cell.variants.push_back(variant);
  return cell;
}

const SweepIdentity identity{.scenario_sha256 = "s",
                             .axes = {"/a=1,2"},
                             .sets = {},
                             .variants = {},
                             .seed = {},
                             .replications = 3,
                             .version = "1"};

}  // namespace

TEST_CASE("a cell reads back from its line as it was, to the bit") {
  const SweptCell cell = cell_with(3);
  const std::string line = journal_line(cell);
  const SweptCell again = read_journal_line(line).value();
  CHECK(again.variants == cell.variants);
  CHECK(again.fingerprint == cell.fingerprint);
  CHECK(again.warnings.at(0).message == cell.warnings.at(0).message);
  CHECK(journal_line(again) == line);
}

TEST_CASE("a line of another make is no cell") {
  CHECK_FALSE(read_journal_line("").has_value());
  CHECK_FALSE(read_journal_line("{}").has_value());
  CHECK_FALSE(read_journal_line("[1, 2").has_value());
  std::string other = journal_line(cell_with(1));
  other.replace(other.find("services"), 8, "servants");
  CHECK_FALSE(read_journal_line(other).has_value());
}

TEST_CASE("what differs between two sweeps is named") {
  const std::string header = journal_header(identity);
  CHECK(differences(header, identity).empty());
  SweepIdentity other = identity;
  other.axes = {"/a=1,3"};
  other.seed = 2;
  CHECK(differences(header, other) == "its axes, its seed");
  CHECK_FALSE(differences("nothing", identity).empty());
}

TEST_CASE("a journal cut anywhere holds the lines before the cut") {
  const std::string text = sealed("head") + sealed("one") + sealed("two");
  const std::size_t head = sealed("head").size(), one = head + sealed("one").size();
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto journal = parse_journal(text.substr(0, length));
    REQUIRE(journal.has_value() == (length >= head));
    if (!journal) continue;
    REQUIRE(journal->header == "head");
    REQUIRE(journal->lines.size() == (length < one ? 0U : length < text.size() ? 1U : 2U));
  }
  CHECK(parse_journal(text)->broken == 0);
  CHECK(parse_journal(text.substr(0, text.size() - 1))->broken == 1);
}

TEST_CASE("a changed byte costs its own line only, and nothing changed passes") {
  const std::string text = sealed("head") + sealed("one") + sealed("two") + sealed("three");
  std::uint64_t random = 1;
  for (int round = 0; round < 5000; ++round) {
    std::string changed = text;
    random = mix(random + 1);
    const std::size_t at = sealed("head").size() + random % (text.size() - sealed("head").size());
    changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1U << (random >> 40U) % 8));
    const auto journal = parse_journal(changed);
    REQUIRE(journal.has_value());
    REQUIRE(journal->lines.size() >= 1);  // a line break that is lost joins two lines
    REQUIRE(journal->lines.size() <= 2);
    REQUIRE(journal->broken >= 1);
    for (const std::string& line : journal->lines) REQUIRE((line == "one" || line == "two" || line == "three"));
  }
}

TEST_CASE("random bytes are no journal") {
  std::uint64_t random = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t n = (random = mix(random + 1)) % 60; n > 0; --n) text += static_cast<char>(random = mix(random));
    REQUIRE_FALSE(parse_journal(text).has_value());
    REQUIRE_FALSE(read_journal_line(text).has_value());
    const auto behind = parse_journal(sealed("head") + text);
    REQUIRE((behind.has_value() && behind->lines.empty()));
  }
}

TEST_CASE("a journal that was cut short is written on, by one at a time") {
  const Scratch scratch;
  const std::string file = scratch / "sweep.journal";
  REQUIRE_FALSE(Journal::create(file, "head").has_value());
  {
    Journal journal;
    REQUIRE_FALSE(journal.open(file).has_value());
    REQUIRE_FALSE(journal.append("one").has_value());
    REQUIRE_FALSE(journal.sync().has_value());
    Journal second;
    CHECK_THAT(second.open(file).value().reason, Contains("another sojourn"));
  }
  put_text(file, text_in(file) + sealed("two").substr(0, 12));
  Journal journal;
  REQUIRE_FALSE(journal.open(file).has_value());
  REQUIRE_FALSE(journal.append("three").has_value());
  const auto read = parse_journal(text_in(file)).value();
  CHECK(read.header == "head");
  CHECK(read.lines == std::vector<std::string>{"one", "three"});
  CHECK(read.broken == 1);
  Journal nowhere;
  CHECK(nowhere.open(scratch / "none").has_value());
}
