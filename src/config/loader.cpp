#include "config/loader.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>

#include "config/settings_table.hpp"
#include "config/yaml_document.hpp"
#include "protocol/duration.hpp"
#include "protocol/utf8.hpp"

namespace spillway::config {
namespace {

constexpr std::streamsize max_file_size = 1 << 20;
constexpr std::size_t max_key_size = 64;

const setting* find_setting(std::string_view key) {
  auto found = std::ranges::find(settings_table(), key, &setting::key);
  return found == settings_table().end() ? nullptr : &*found;
}

bool is_section(std::string_view name) {
  return !name.empty() &&
         std::ranges::find(settings_table(), name, &setting::section) != settings_table().end();
}

/// What may stand in a section (outside of all for an empty name): `host, compose_command`.
std::string names_in(std::string_view section) {
  std::vector<std::string> names;
  for (const setting& key : settings_table()) {
    std::string name = key.section() == section ? key.name() : section.empty() ? key.section() : "";
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Walks one document and collects the settings and every error.
class document_reader {
 public:
  explicit document_reader(std::string_view filename) : filename_(filename) {}

  void read(const YAML::Node& root) {
    if (root.IsNull()) return;
    if (!root.IsMap()) return complain(root.Mark(), "expected keys such as \"listen: HOST:PORT\"");
    for (const auto& entry : root) {
      std::string name = read_key(entry.first, "");
      if (is_section(name)) {
        read_section(name, entry.second);
      } else if (!name.empty()) {
        read_value(name, "", entry.first, entry.second);
      }
    }
  }

  void complain(const YAML::Mark& mark, std::string message) {
    complain(mark.line + 1, std::move(message));
  }

  void complain(int line, std::string message) {
    errors_.push_back({filename_, line, std::move(message)});
  }

  tl::expected<loaded_settings, std::vector<config_error>> result() && {
    if (errors_.empty()) {
      check_pings();
      check_tls();
    }
    if (errors_.empty()) return std::move(loaded_);
    std::ranges::stable_sort(errors_, {}, &config_error::line);
    return tl::unexpected{std::move(errors_)};
  }

 private:
  /// The dotted key; empty after a complaint about it.
  std::string read_key(const YAML::Node& key, const std::string& section) {
    if (!key.IsScalar()) {
      complain(key.Mark(), "a key must be a text");
      return {};
    }
    std::string name = protocol::repaired_utf8(key.Scalar().substr(0, max_key_size));
    std::string dotted = section.empty() ? name : section + "." + name;
    if (!seen_.emplace(dotted, key.Mark().line + 1).second) {
      complain(key.Mark(), fmt::format("{} is set twice; only one may stay", dotted));
      return {};
    }
    return dotted;
  }

  void read_section(const std::string& section, const YAML::Node& node) {
    // All keys of a section may be commented out.
    if (node.IsNull()) return;
    if (!node.IsMap()) {
      return complain(node.Mark(), fmt::format("{} must be a section with the keys {}", section,
                                               names_in(section)));
    }
    for (const auto& entry : node) {
      std::string dotted = read_key(entry.first, section);
      if (!dotted.empty()) read_value(dotted, section, entry.first, entry.second);
    }
  }

  void read_value(const std::string& dotted, const std::string& section, const YAML::Node& key,
                  const YAML::Node& value) {
    const setting* known = find_setting(dotted);
    if (known != nullptr && known->section() != section) {
      return complain(key.Mark(), fmt::format("write {} as \"{}\" below \"{}:\"", dotted,
                                              known->name(), known->section()));
    }
    if (known == nullptr) {
      return complain(key.Mark(),
                      fmt::format("unknown key {}; known here: {}", dotted, names_in(section)));
    }
    if (dotted == "docker.host") loaded_.docker_host_was_set = true;
    auto done = known->read(loaded_.values, value);
    if (done) return;
    // A missing value has the place of what comes after it.
    int line = value.IsNull() ? key.Mark().line + 1 : done.error().line;
    complain(line,
             fmt::format("{} must be {}, not {}", dotted, known->allowed, done.error().found));
  }

  /// A viewer's silence is broken by its pongs alone.
  void check_pings() {
    const auto& stream = loaded_.values.stream;
    if (stream.ping_interval < stream.read_deadline) return;
    complain(
        std::max(seen_["stream.ping_interval"], seen_["stream.read_deadline"]),
        fmt::format("stream.ping_interval ({}) must be shorter than stream.read_deadline ({}): "
                    "viewers that have nothing to say live by the pings",
                    protocol::format_duration(stream.ping_interval),
                    protocol::format_duration(stream.read_deadline)));
  }

  void check_tls() {
    const auto& tls = loaded_.values.tls;
    if (tls.certificate.empty() == tls.private_key.empty()) return;
    complain(std::max(seen_["tls.certificate"], seen_["tls.private_key"]),
             fmt::format("{} must be set as well: TLS needs both tls.certificate and "
                         "tls.private_key",
                         tls.certificate.empty() ? "tls.certificate" : "tls.private_key"));
  }

  std::string filename_;
  /// The keys and their lines.
  std::map<std::string, int> seen_;
  loaded_settings loaded_;
  std::vector<config_error> errors_;
};

/// The line on which something is not UTF-8; nothing where all of it is.
std::optional<int> first_line_not_utf8(std::string_view text) {
  int line = 1;
  while (!text.empty()) {
    const auto part = protocol::first_utf8_part(text);
    if (!part.valid) return line;
    if (text.front() == '\n') ++line;
    text.remove_prefix(part.size);
  }
  return std::nullopt;
}

tl::unexpected<std::vector<config_error>> whole_file_error(const std::filesystem::path& file,
                                                           std::string message) {
  return tl::unexpected{std::vector{config_error{file.string(), 0, std::move(message)}}};
}

}  // namespace

std::string config_error::text() const {
  return line == 0 ? fmt::format("{}: {}", file, message)
                   : fmt::format("{}:{}: {}", file, line, message);
}

tl::expected<loaded_settings, std::vector<config_error>> load_text(const std::string& text,
                                                                   std::string_view filename) {
  document_reader reader{filename};
  // YAML is; what is not could neither be shown nor written as what it is.
  if (const auto line = first_line_not_utf8(text)) {
    reader.complain(*line, "this is not UTF-8 text");
    return std::move(reader).result();
  }
  try {
    // yaml-cpp takes a quote that is never closed for a text up to the end when a newline is last.
    std::string trimmed = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    const yaml_document document = read_yaml(trimmed);
    if (document.second) {
      reader.complain(*document.second, "a second document begins; there may be only one");
    }
    if (document.root) reader.read(*document.root);
  } catch (const YAML::Exception& error) {
    // It may quote one byte of a character.
    reader.complain(error.mark, "this is not YAML: " + protocol::repaired_utf8(error.msg));
  }
  return std::move(reader).result();
}

tl::expected<loaded_settings, std::vector<config_error>> load_file(
    const std::filesystem::path& file) {
  errno = 0;
  std::ifstream in{file, std::ios::binary};
  std::string text(max_file_size + 1, '\0');
  if (in) in.read(text.data(), max_file_size + 1);
  // At the end of the file the read falls short, which is no failure; a folder cannot be read.
  if (!in && !in.eof()) {
    return whole_file_error(file, fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  if (in.gcount() > max_file_size) return whole_file_error(file, "is larger than 1 MiB");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return load_text(text, file.string());
}

}  // namespace spillway::config
