#include "sojourn/io/output_file.hpp"

#include <unistd.h>

#include <fstream>

#include "sojourn/io/formats.hpp"
#include "sojourn/io/manifest.hpp"
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/synthetic.hpp"

using namespace sojourn;
namespace fs = std::filesystem;

namespace {

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

Findings findings(const std::atomic<bool>* stopped = nullptr) {
  const Study study = synthetic::study(2, {"plain"});
  return findings_of(study, run_experiment(study, {synthetic::topology()},
                                           {.jobs = 1, .interrupted = stopped, .run = synthetic::run}));
}

}  // namespace

TEST_CASE("a file holds exactly the text, and replaces what was there") {
  const Scratch scratch;
  const fs::path file = scratch.path() / "a.json";
  CHECK_FALSE(write_whole(file, "first, and longer").has_value());
  CHECK_FALSE(write_whole(file, "second").has_value());
  CHECK(text_in(file) == "second");
  CHECK(files_in(scratch.path()) == 1);  // no temporary is left
}

TEST_CASE("a failure names the file and the reason, and leaves nothing behind") {
  const Scratch scratch;
  const auto missing = write_whole(scratch.path() / "no" / "a.json", "x");
  REQUIRE(missing.has_value());
  CHECK(missing->file == (scratch.path() / "no" / "a.json").string());
  CHECK(missing->reason == "No such file or directory");
  fs::create_directory(scratch.path() / "taken");
  const auto taken = write_whole(scratch.path() / "taken", "x");
  REQUIRE(taken.has_value());
  CHECK(files_in(scratch.path()) == 1);
  std::ofstream(scratch.path() / "plain") << "x";
  CHECK(make_folder(scratch.path() / "plain").has_value());
  CHECK(make_folder(scratch.path() / "plain" / "below").has_value());
  CHECK_FALSE(make_folder(scratch.path() / "deep" / "er").has_value());
}

TEST_CASE("a full disk leaves the old file intact") {
  const Scratch scratch;
  const fs::path file = scratch.path() / "a.json";
  CHECK_FALSE(write_whole(file, "old").has_value());
  const fs::path temporary = file.string() + ".tmp-" + std::to_string(::getpid());
  fs::create_symlink("/dev/full", temporary);  // the write goes where no space is
  const auto full = write_whole(file, "new");
  REQUIRE(full.has_value());
  CHECK(full->reason == "No space left on device");
  CHECK(text_in(file) == "old");
  CHECK(files_in(scratch.path()) == 1);
}

TEST_CASE("all result files and the manifest are written") {
  const Scratch scratch;
  CHECK_FALSE(write_results(scratch.path() / "r", findings(), "{}\n").has_value());
  CHECK(files_in(scratch.path() / "r") == result_files().size() + 1);
  CHECK(text_in(scratch.path() / "r" / "manifest.json") == "{}\n");
  for (const ResultFile& file : result_files())
    CHECK_FALSE(text_in(scratch.path() / "r" / std::string(file.name)).empty());
}

TEST_CASE("a partial result never takes the place of a complete one") {
  const Scratch scratch;
  const fs::path folder = scratch.path() / "r";
  const std::atomic<bool> stopped{true};
  CHECK(folder_for(folder, false) == folder);
  CHECK_FALSE(write_results(folder, findings(&stopped), "{}").has_value());
  CHECK(folder_for(folder, false) == folder);  // partial over partial
  CHECK(folder_for(folder, true) == folder);
  CHECK_FALSE(write_results(folder, findings(), "{}").has_value());
  CHECK(folder_for(folder, false) == scratch.path() / "r.partial");
  CHECK(folder_for(folder / "", false) == scratch.path() / "r.partial");
  CHECK(folder_for(folder, true) == folder);
  std::ofstream(folder / "report.json") << "not ours";
  CHECK(folder_for(folder, false) == scratch.path() / "r.partial");
}

TEST_CASE("the manifest says where a result came from") {
  const std::string text = manifest_json({.scenario_file = "shop.json",
                                          .scenario_sha256 = "ab",
                                          .seed = 7,
                                          .replications = 20,
                                          .status = "complete",
                                          .fingerprint = "00",
                                          .version = "1.2.3",
                                          .commit = "c0ffee",
                                          .compiler = "gcc 12.2",
                                          .command = {"sojourn", "run", "bad \xff name"},
                                          .wall_time_s = 1.5});
  CHECK_THAT(text, Catch::Contains("\"seed\": 7") && Catch::Contains("\"commit\": \"c0ffee\"") &&
                       Catch::Contains("\"wall_time_s\": 1.5") && Catch::Contains("\"run\""));
}
