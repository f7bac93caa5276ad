// The names that paths and queries carry, as types: what holds one has been checked.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::protocol {

/// An app's name in a path and on disk: `[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}`. It can be used as a
/// file name as it is: it never holds a slash and never is `.` or `..`.
class slug {
 public:
  static std::optional<slug> parse(std::string_view text);
  const std::string& text() const { return text_; }
  auto operator<=>(const slug&) const = default;

 private:
  explicit slug(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// A compose service: the same alphabet as a slug, at most 255 characters.
class service_name {
 public:
  static std::optional<service_name> parse(std::string_view text);
  const std::string& text() const { return text_; }
  auto operator<=>(const service_name&) const = default;

 private:
  explicit service_name(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// The compose project of an app: prefix and slug, in the alphabet that compose allows
/// (`[a-z0-9][a-z0-9_-]*`): lower case, every dot a hyphen. Two slugs can therefore share a
/// project; whoever creates an app refuses the second.
std::string compose_project(std::string_view prefix, const slug& app);

}  // namespace spillway::protocol

template <>
struct std::hash<spillway::protocol::slug> {
  std::size_t operator()(const spillway::protocol::slug& s) const noexcept {
    return std::hash<std::string>{}(s.text());
  }
};
