#include "sojourn/io/files.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "sojourn/io/data_files.hpp"
#include "support/catch.hpp"

using namespace sojourn;
namespace fs = std::filesystem;

namespace {

/// A folder of its own, gone at the end of the scope.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "sojourn-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
    fs::create_directory(inside());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  [[nodiscard]] fs::path path() const { return path_; }
  [[nodiscard]] fs::path inside() const { return path_ / "inside"; }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path_ / name) << text; }

 private:
  fs::path path_;
};

std::string problem_in(const Folder& folder, std::string_view name, std::size_t most = most_data_bytes) {
  return read_file_in(folder.inside().string(), name, most).problem;
}

}  // namespace

TEST_CASE("files of the scenario's folder are read, others are not") {
  const Folder folder;
  folder.write("outside.csv", "1ms\n");
  folder.write("inside/a.csv", "5ms\n");
  fs::create_directory(folder.inside() / "sub");
  folder.write("inside/sub/b.csv", "7ms\n");
  fs::create_symlink("sub/b.csv", folder.inside() / "stays.csv");
  fs::create_symlink("../outside.csv", folder.inside() / "leaves.csv");
  fs::create_directory_symlink("..", folder.inside() / "up");
  fs::create_symlink("/dev/zero", folder.inside() / "zero");
  REQUIRE(::mkfifo((folder.inside() / "pipe").c_str(), 0600) == 0);

  const auto text_of = [&](std::string_view name) { return read_file_in(folder.inside().string(), name).text; };
  CHECK(text_of("a.csv") == "5ms\n");
  CHECK(text_of("./sub/b.csv") == "7ms\n");
  CHECK(text_of("stays.csv") == "7ms\n");

  const std::string outside = "expected the name of a file in the scenario's folder, found ";
  CHECK(problem_in(folder, "../outside.csv") == outside + "\"../outside.csv\"");
  CHECK(problem_in(folder, "sub/../a.csv") == outside + "\"sub/../a.csv\"");
  CHECK(problem_in(folder, "/etc/passwd") == outside + "\"/etc/passwd\"");
  CHECK(problem_in(folder, "") == outside + "\"\"");
  CHECK(problem_in(folder, std::string_view("a.csv\0b", 7)) == outside + "\"a.csv\\u0000b\"");
  CHECK(problem_in(folder, "leaves.csv") == outside + "\"leaves.csv\", which leads out of it");
  CHECK(problem_in(folder, "up/outside.csv") == outside + "\"up/outside.csv\", which leads out of it");
  CHECK(problem_in(folder, "zero") == outside + "\"zero\", which leads out of it");
  CHECK(problem_in(folder, "none.csv") == "expected a readable file, found \"none.csv\": No such file or directory");
  CHECK_THAT(problem_in(folder, "sub"), Catch::Matchers::EndsWith("which is a folder, a device or a pipe"));
  CHECK_THAT(problem_in(folder, "pipe"), Catch::Matchers::EndsWith("which is a folder, a device or a pipe"));
}

TEST_CASE("a file past the limit is refused") {
  const Folder folder;
  folder.write("inside/a", std::string((1U << 20U) + 1, ' '));
  CHECK(problem_in(folder, "a", 1U << 20U) == "expected a file of at most 1 MiB, found a larger one");
  CHECK(problem_in(folder, "a", 2U << 20U).empty());
}

TEST_CASE("a file of durations has one a line") {
  const auto values = [](const std::string& text, LineKind kind) {
    std::string list;
    for (const Duration d : parse_durations(text, kind).values) list += to_text(d) + " ";
    return list;
  };
  CHECK(values("# measured\n5ms\r\n\n 1.5s \n0s", LineKind::duration) == "5ms 1.5s 0s ");
  CHECK(values("0\n0.25\n1e-3\n2min", LineKind::duration_or_seconds) == "0s 250ms 1ms 2min ");

  const auto problem = [](const std::string& text, LineKind kind) { return parse_durations(text, kind).problem; };
  CHECK(problem("5ms\n7\n", LineKind::duration) == "a duration such as \"250ms\" in line 2, found \"7\"");
  CHECK(problem("\n# none\n", LineKind::duration) == "a duration such as \"250ms\" in every line, found no line");
  for (const char* text : {"-1", "nan", "inf", "1e300", "5 apples"})
    CHECK_FALSE(problem(text, LineKind::duration_or_seconds).empty());
}
