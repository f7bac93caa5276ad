#include <algorithm>
#include <cctype>

#include "sim/host/compose_file.hpp"

namespace spillway::sim {

namespace {

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_name_part(char c) {
  return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

using expanded = tl::expected<std::string, std::string>;

/// What stands between the braces of `${…}`.
expanded braced_value(const std::string& inside, const variables& values,
                      std::vector<std::string>& warnings) {
  std::size_t end = 0;
  while (end < inside.size() && is_name_part(inside[end])) ++end;
  const std::string name = inside.substr(0, end);
  std::string rest = inside.substr(end);
  if (name.empty() || !is_name_start(name.front())) return tl::unexpected(std::string());
  const auto found = values.find(name);
  const bool colon = rest.starts_with(':');
  const bool given = found != values.end() && (!colon || !found->second.empty());
  if (colon) rest.erase(0, 1);
  if (rest.empty() && !colon) {
    if (!given) {
      warnings.push_back("The " + name + " variable is not set. Defaulting to a blank string.");
    }
    return given ? found->second : std::string();
  }
  if (rest.starts_with('-')) return given ? found->second : rest.substr(1);
  if (rest.starts_with('?') && given) return found->second;
  return tl::unexpected(rest.starts_with('?') ? rest.substr(1) : std::string());
}

}  // namespace

expanded with_values(const std::string& text, const variables& values,
                     std::vector<std::string>& warnings) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$') {
      out += text[i];
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == '$') {
      out += '$';
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    std::string inside;
    if (end < text.size() && text[end] == '{') {
      const auto brace = text.find('}', end);
      if (brace == std::string::npos) return tl::unexpected(std::string());
      inside = text.substr(end + 1, brace - end - 1);
      end = brace;
    } else {
      while (end < text.size() && is_name_part(text[end])) ++end;
      inside = text.substr(i + 1, end - i - 1);
      --end;
    }
    auto value = braced_value(inside, values, warnings);
    if (!value) return value;
    out += *value;
    i = end;
  }
  return out;
}

variables parse_env_file(const std::string& text) {
  variables values;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) line.pop_back();
    const auto equals = line.find('=');
    if (line.empty() || line.front() == '#' || equals == std::string::npos) continue;
    std::string value = line.substr(equals + 1);
    const bool quoted = value.size() >= 2 && value.front() == value.back() &&
                        (value.front() == '"' || value.front() == '\'');
    if (quoted) value = value.substr(1, value.size() - 2);
    values[line.substr(0, equals)] = value;
  }
  return values;
}

std::vector<std::string> shell_words(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == 0 && std::isspace(static_cast<unsigned char>(c)) != 0) {
      if (in_word) words.push_back(word);
      word.clear();
      in_word = false;
      continue;
    }
    in_word = true;
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (quote == c) {
      quote = 0;
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      word += text[++i];
    } else {
      word += c;
    }
  }
  if (in_word) words.push_back(word);
  return words;
}

}  // namespace spillway::sim
