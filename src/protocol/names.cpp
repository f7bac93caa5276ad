#include "protocol/names.hpp"

#include <algorithm>

namespace spillway::protocol {
namespace {

constexpr std::size_t max_slug_size = 63;
constexpr std::size_t max_service_size = 255;

// Not <cctype>: what the locale calls a letter does not matter here.
constexpr bool is_ascii_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

constexpr bool is_name_char(char c) {
  return is_ascii_alnum(c) || c == '.' || c == '_' || c == '-';
}

bool is_name(std::string_view text, std::size_t max_size) {
  return !text.empty() && text.size() <= max_size && is_ascii_alnum(text.front()) &&
         std::ranges::all_of(text, is_name_char);
}

constexpr char project_char(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return is_ascii_alnum(c) || c == '_' ? c : '-';
}

}  // namespace

std::optional<slug> slug::parse(std::string_view text) {
  if (!is_name(text, max_slug_size)) return std::nullopt;
  return slug{std::string{text}};
}

std::optional<service_name> service_name::parse(std::string_view text) {
  if (!is_name(text, max_service_size)) return std::nullopt;
  return service_name{std::string{text}};
}

std::string compose_project(std::string_view prefix, const slug& app) {
  std::string project{prefix};
  project += app.text();
  std::ranges::transform(project, project.begin(), project_char);
  // A slug starts with a letter or digit, so that this always leaves one.
  project.erase(project.begin(), std::ranges::find_if(project, is_ascii_alnum));
  return project;
}

}  // namespace spillway::protocol
