// Reads the configuration file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "config/settings.hpp"

namespace spillway::config {

/// Something wrong with a configuration file.
struct config_error {
  std::string file;
  /// Counted from 1; 0 where it is about the file as a whole.
  int line = 0;
  std::string message;

  /// `FILE:LINE: message`
  std::string text() const;
};

struct loaded_settings {
  settings values;
  /// Where the file does not set docker.host, the environment may: see apply_environment.
  bool docker_host_was_set = false;
};

/// Reads a file of any size up to 1 MiB. The errors are all of those in the file, top to bottom.
/// Never throws.
tl::expected<loaded_settings, std::vector<config_error>> load_file(
    const std::filesystem::path& file);

/// The same for a text; `filename` is for the errors.
tl::expected<loaded_settings, std::vector<config_error>> load_text(const std::string& text,
                                                                   std::string_view filename);

}  // namespace spillway::config
