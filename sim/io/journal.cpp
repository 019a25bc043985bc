#include "sojourn/io/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "sojourn/core/hash.hpp"
#include "sojourn/io/report.hpp"

namespace sojourn {
namespace {

constexpr std::size_t seal_size = 17;  // sixteen digits and a space

std::string seal_of(std::string_view text) { return fingerprint_text(hash_name(text)) + " "; }

/// The text of a line without its line break; nothing when it is not whole.
std::optional<std::string> unsealed(std::string_view line) {
  if (line.size() < seal_size) return std::nullopt;
  const std::string_view text = line.substr(seal_size);
  return line.substr(0, seal_size) == seal_of(text) ? std::optional<std::string>(text) : std::nullopt;
}

}  // namespace

std::string sealed(std::string_view text) { return seal_of(text) + std::string(text) + "\n"; }

std::optional<JournalText> parse_journal(std::string_view text) {
  JournalText journal;
  bool is_first = true;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const auto line = end == std::string_view::npos ? std::nullopt : unsealed(text.substr(0, end));
    const bool is_blank = end == 0;  // put behind a line that was cut short
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (is_first && !line) return std::nullopt;
    if (is_first)
      journal.header = *line;
    else if (line)
      journal.lines.push_back(*line);
    else if (!is_blank)
      ++journal.broken;
    is_first = false;
  }
  return is_first ? std::nullopt : std::optional(std::move(journal));
}

Journal::~Journal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<OutputError> Journal::create(const std::filesystem::path& file, std::string_view header) {
  return write_whole(file, sealed(header));
}

std::optional<OutputError> Journal::open(const std::filesystem::path& file) {
  file_ = file;
  descriptor_ = ::open(file.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  if (descriptor_ < 0) return OutputError{file.string(), std::generic_category().message(errno)};
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return OutputError{file.string(), "another sojourn is at work on it"};
  char last = '\n';
  const ::off_t size = ::lseek(descriptor_, 0, SEEK_END);
  if (size > 0 && ::pread(descriptor_, &last, 1, size - 1) != 1)
    return OutputError{file.string(), std::generic_category().message(errno)};
  if (last != '\n' && ::write(descriptor_, "\n", 1) != 1)
    return OutputError{file.string(), std::generic_category().message(errno)};
  return std::nullopt;
}

std::optional<OutputError> Journal::append(std::string_view text) {
  const std::string line = sealed(text);
  std::string_view rest = line;
  while (!rest.empty()) {
    const ::ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return OutputError{file_.string(), std::generic_category().message(errno)};
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return std::nullopt;
}

std::optional<OutputError> Journal::sync() {
  // Some file systems cannot sync: nothing is lost by that.
  if (::fdatasync(descriptor_) != 0 && errno != EINVAL && errno != ENOTSUP)
    return OutputError{file_.string(), std::generic_category().message(errno)};
  return std::nullopt;
}

}  // namespace sojourn
