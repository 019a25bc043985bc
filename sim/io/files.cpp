#include "sojourn/io/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "sojourn/io/node.hpp"

namespace sojourn {
namespace {

/// Closes a file at the end of the scope.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

FileText refused(std::string problem) { return {.text = "", .problem = std::move(problem)}; }

FileText refused_by_system(const std::string& path) {
  return refused("expected a readable file, found " + in_quotes(path) + ": " + std::generic_category().message(errno));
}

std::string too_large(std::size_t most_bytes) {
  return "expected a file of at most " + std::to_string(most_bytes >> 20U) + " MiB, found a larger one";
}

FileText read_open(int file, const std::string& path, std::size_t most_bytes) {
  FileText result;
  std::string piece(1U << 16U, '\0');
  while (true) {
    const ssize_t count = ::read(file, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return refused_by_system(path);
    if (count == 0) return result;
    result.text.append(piece, 0, static_cast<std::size_t>(count));
    if (result.text.size() > most_bytes) return refused(too_large(most_bytes));
  }
}

std::string problem_of_name(std::string_view name) {
  const std::filesystem::path path{std::string(name)};
  const bool climbs = std::any_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
  if (!name.empty() && !path.is_absolute() && !climbs && name.find('\0') == std::string_view::npos) return "";
  return "expected the name of a file in the scenario's folder, found " + in_quotes(name);
}

}  // namespace

FileText read_file(const std::string& path, std::size_t most_bytes) {
  // Not blocking: to open a pipe would wait for a writer.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.number() < 0) return refused_by_system(path);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return refused_by_system(path);
  if (!S_ISREG(status.st_mode))
    return refused("expected a plain file, found " + in_quotes(path) + ", which is a folder, a device or a pipe");
  if (static_cast<unsigned long long>(status.st_size) > most_bytes) return refused(too_large(most_bytes));
  return read_open(file.number(), path, most_bytes);
}

FileText read_file_in(const std::string& folder, std::string_view name, std::size_t most_bytes) {
  if (std::string problem = problem_of_name(name); !problem.empty()) return refused(std::move(problem));
  std::error_code error;
  const auto root = std::filesystem::canonical(folder.empty() ? "." : folder, error);
  const auto wanted = error ? root : std::filesystem::canonical(root / std::string(name), error);
  if (error) return refused("expected a readable file, found " + in_quotes(name) + ": " + error.message());
  if (std::mismatch(root.begin(), root.end(), wanted.begin(), wanted.end()).first != root.end())
    return refused("expected the name of a file in the scenario's folder, found " + in_quotes(name) +
                   ", which leads out of it");
  return read_file(wanted.string(), most_bytes);
}

}  // namespace sojourn
