#include "sojourn/io/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>

namespace sojourn {

/// An open file; a failed call leaves its reason in errno.
class OpenFile {
 public:
  OpenFile(const std::filesystem::path& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

  [[nodiscard]] bool write(std::string_view text) {
    while (!text.empty()) {
      const ::ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  /// Some file systems cannot sync (EINVAL): nothing is lost by that.
  [[nodiscard]] bool sync() { return ::fsync(descriptor_) == 0 || errno == EINVAL || errno == ENOTSUP; }
  [[nodiscard]] bool close() {
    const int descriptor = descriptor_;
    descriptor_ = -1;
    return ::close(descriptor) == 0;
  }

 private:
  int descriptor_;
};

namespace {

OutputError failure(const std::filesystem::path& file, int reason) {
  return {file.string(), std::generic_category().message(reason)};
}

std::optional<OutputError> sync_folder(const std::filesystem::path& folder) {
  OpenFile opened(folder, O_RDONLY | O_DIRECTORY);
  if (!opened.is_open() || !opened.sync() || !opened.close()) return failure(folder, errno);
  return std::nullopt;
}

}  // namespace

WholeFile::WholeFile(std::filesystem::path file) : file_(std::move(file)), temporary_(file_) {
  temporary_ += ".tmp-" + std::to_string(::getpid());
  output_ = std::make_unique<OpenFile>(temporary_, O_WRONLY | O_CREAT | O_TRUNC);
  if (!output_->is_open()) failed_ = errno;
}

WholeFile::~WholeFile() {
  if (output_ != nullptr && output_->is_open()) ::unlink(temporary_.c_str());
}

void WholeFile::put(std::string_view piece) {
  if (failed_ == 0 && !output_->write(piece)) failed_ = errno;
}

std::optional<OutputError> WholeFile::finish() {
  assert(output_ != nullptr);  // once only
  const bool opened = output_->is_open();
  if (failed_ == 0 && (!output_->sync() || !output_->close())) failed_ = errno;
  if (failed_ == 0 && ::rename(temporary_.c_str(), file_.c_str()) != 0) failed_ = errno;
  output_.reset();
  if (failed_ != 0) {
    if (opened) ::unlink(temporary_.c_str());
    return failure(file_, failed_);
  }
  const std::filesystem::path folder = file_.parent_path();
  return sync_folder(folder.empty() ? "." : folder);
}

std::optional<OutputError> write_whole(const std::filesystem::path& file, std::string_view text) {
  WholeFile output(file);
  output.put(text);
  return output.finish();
}

std::optional<OutputError> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return OutputError{folder.string(), error.message()};
  if (!std::filesystem::is_directory(folder, error)) return OutputError{folder.string(), std::strerror(ENOTDIR)};
  return std::nullopt;
}

std::optional<OutputError> write_to_stdout(std::string_view text) {
  const int descriptor = ::dup(STDOUT_FILENO);  // closed below, since some files tell of an error only then
  if (descriptor < 0) return failure("standard output", errno);
  OpenFile output(descriptor);
  const bool written = output.write(text) && output.close();
  if (written || errno == EPIPE) return std::nullopt;
  return failure("standard output", errno);
}

}  // namespace sojourn
