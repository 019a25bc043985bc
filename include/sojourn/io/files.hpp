#pragma once
// Input files: plain files only, of bounded size, and for those that a scenario names, from its own folder only.

#include <cstddef>
#include <string>
#include <string_view>

namespace sojourn {

/// The text of a file, or why it was not read ("expected ..., found ...").
struct FileText {
  std::string text;
  std::string problem;
};

/// The most that a file of samples or arrivals may hold, in bytes.
inline constexpr std::size_t most_data_bytes = 256U << 20U;

/// Reads a plain file whole. Folders, devices and pipes are refused, and what is larger than the limit.
[[nodiscard]] FileText read_file(const std::string& path, std::size_t most_bytes);

/// Reads a plain file by a name relative to a folder ("" is the current one). Absolute names, "..", and symbolic links that
/// leave the folder are refused.
[[nodiscard]] FileText read_file_in(const std::string& folder, std::string_view name,
                                    std::size_t most_bytes = most_data_bytes);

}  // namespace sojourn
