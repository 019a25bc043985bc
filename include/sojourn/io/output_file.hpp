#pragma once
// Output that is there whole or not at all: every write, sync, close and rename may fail, and each failure is told.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sojourn {

class OpenFile;

/// What could not be written, and why.
struct OutputError {
  std::string file;
  std::string reason;
};

/// Makes the file hold exactly this text: written beside it under a temporary name, synced, and moved into place, so that a
/// reader, or a crash, sees the old file or the new one. On failure the old file is untouched.
[[nodiscard]] std::optional<OutputError> write_whole(const std::filesystem::path& file, std::string_view text);

/// Takes a text in pieces, so that no more than one of them need be in memory.
class TextSink {
 public:
  TextSink() = default;
  TextSink(const TextSink&) = delete;
  TextSink& operator=(const TextSink&) = delete;
  virtual ~TextSink() = default;
  virtual void put(std::string_view piece) = 0;
};

/// The pieces together.
class JoinedText : public TextSink {
 public:
  void put(std::string_view piece) override { text_ += piece; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// A file that is written in pieces, whole or not at all: it has its name after finish() only, and without that leaves nothing.
class WholeFile : public TextSink {
 public:
  explicit WholeFile(std::filesystem::path file);
  ~WholeFile() override;
  void put(std::string_view piece) override;
  /// The first failure of any step, if there was one.
  [[nodiscard]] std::optional<OutputError> finish();

 private:
  std::filesystem::path file_;
  std::filesystem::path temporary_;
  std::unique_ptr<OpenFile> output_;
  int failed_ = 0;  // the reason of the first failure
};

/// Makes the folder and those above it.
[[nodiscard]] std::optional<OutputError> make_folder(const std::filesystem::path& folder);

/// Writes all of the text to standard output. A reader that has gone is no failure.
[[nodiscard]] std::optional<OutputError> write_to_stdout(std::string_view text);

}  // namespace sojourn
