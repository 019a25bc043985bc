#pragma once
// An append-only file of lines, each with a checksum: what is finished of long work, so that it can go on after any end.
// A line that was cut short, or changed since, is as if it had never been written. The first line says what the work is.

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sojourn/io/output_file.hpp"

namespace sojourn {

/// The text as a line of a journal: sixteen hexadecimal digits of its hash, a space, the text, a line break.
[[nodiscard]] std::string sealed(std::string_view text);

/// What a journal holds.
struct JournalText {
  std::string header;
  std::vector<std::string> lines;  ///< behind the header, those that are whole
  std::size_t broken = 0;          ///< those that are not
};

/// The journal with this text; nothing when its first line is not whole.
[[nodiscard]] std::optional<JournalText> parse_journal(std::string_view text);

/// A journal that is being written, by one process at a time.
class Journal {
 public:
  Journal() = default;
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  /// Makes a journal with only this header, in place of any other; it is there whole or not at all.
  [[nodiscard]] static std::optional<OutputError> create(const std::filesystem::path& file, std::string_view header);
  /// Opens a journal to append to it. Refused while another process has it open.
  [[nodiscard]] std::optional<OutputError> open(const std::filesystem::path& file);
  /// Appends one line. It outlives this process from now on, and the machine after the next sync.
  [[nodiscard]] std::optional<OutputError> append(std::string_view text);
  /// Waits until all lines are on the disk.
  [[nodiscard]] std::optional<OutputError> sync();

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
};

}  // namespace sojourn
