#pragma once
// Output that is there whole or not at all: every write, sync, close and rename may fail, and each failure is told.

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sojourn {

/// What could not be written, and why.
struct OutputError {
  std::string file;
  std::string reason;
};

/// Makes the file hold exactly this text: written beside it under a temporary name, synced, and moved into place, so that a
/// reader, or a crash, sees the old file or the new one. On failure the old file is untouched.
[[nodiscard]] std::optional<OutputError> write_whole(const std::filesystem::path& file, std::string_view text);

/// Takes the next piece of a text.
using TextSink = std::function<void(std::string_view piece)>;

/// The same for a text that comes in pieces, so that no more than one of them need be in memory: write calls the sink with each.
[[nodiscard]] std::optional<OutputError> write_whole(const std::filesystem::path& file,
                                                     const std::function<void(const TextSink&)>& write);

/// Makes the folder and those above it.
[[nodiscard]] std::optional<OutputError> make_folder(const std::filesystem::path& folder);

/// Writes all of the text to standard output. A reader that has gone is no failure.
[[nodiscard]] std::optional<OutputError> write_to_stdout(std::string_view text);

}  // namespace sojourn
