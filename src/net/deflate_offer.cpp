#include "net/deflate_offer.hpp"

#include <algorithm>
#include <string_view>

namespace spillway::net {
namespace {

struct extension_parameter {
  std::string_view name;
  /// Without its quotes; nothing where there is no `=`.
  std::optional<std::string> value;
};

struct extension_offer {
  std::string_view name;
  std::vector<extension_parameter> parameters;
};

/// RFC 7230 section 3.2.6.
bool is_token_char(char c) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         marks.find(c) != std::string_view::npos;
}

/// Reads one field value (RFC 6455 section 9.1) from left to right.
class extension_reader {
 public:
  explicit extension_reader(std::string_view text) : rest_(text) {}

  /// Appends the offers; false where the value is malformed.
  bool read(std::vector<extension_offer>& offers) {
    while (true) {
      // A list may have empty elements (RFC 7230 section 7).
      while (take(',')) {
      }
      if (rest_.empty()) return true;
      extension_offer next;
      if (!read_offer(next)) return false;
      offers.push_back(std::move(next));
      if (!rest_.empty() && !take(',')) return false;
    }
  }

 private:
  bool read_offer(extension_offer& offer) {
    if (!read_token(offer.name)) return false;
    while (take(';')) {
      extension_parameter parameter;
      if (!read_token(parameter.name)) return false;
      if (take('=') && !read_value(parameter.value.emplace())) return false;
      offer.parameters.push_back(std::move(parameter));
    }
    return true;
  }

  bool read_value(std::string& value) {
    if (take('"')) return read_quoted(value);
    std::string_view token;
    if (!read_token(token)) return false;
    value = token;
    return true;
  }

  /// Behind the opening quote. What is quoted has to be a token once it is unescaped.
  bool read_quoted(std::string& value) {
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\') rest_.remove_prefix(1);
      if (rest_.empty() || !is_token_char(rest_.front())) return false;
      value += rest_.front();
      rest_.remove_prefix(1);
    }
    if (rest_.empty() || value.empty()) return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }

  bool read_token(std::string_view& token) {
    skip_blanks();
    const auto* end = std::ranges::find_if_not(rest_, is_token_char);
    token = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(token.size());
    skip_blanks();
    return !token.empty();
  }

  bool take(char wanted) {
    skip_blanks();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    // A quote takes its blanks as they are.
    if (wanted != '"') skip_blanks();
    return true;
  }

  void skip_blanks() {
    auto first = rest_.find_first_not_of(" \t");
    rest_.remove_prefix(std::min(first, rest_.size()));
  }

  std::string_view rest_;
};

/// `8` to `15` without zeros in front (RFC 7692 section 7.1.2).
bool is_window_bits(std::string_view text) {
  return text == "8" || text == "9" ||
         (text.size() == 2 && text[0] == '1' && text[1] >= '0' && text[1] <= '5');
}

/// The answer to one offer, where it can be met.
std::optional<std::string> answer_to(const extension_offer& offer) {
  if (offer.name != "permessage-deflate") return std::nullopt;
  std::vector<std::string_view> seen;
  std::string answer = "permessage-deflate; client_no_context_takeover";
  for (const auto& [name, value] : offer.parameters) {
    if (std::ranges::find(seen, name) != seen.end()) return std::nullopt;
    seen.push_back(name);
    if (name == "client_no_context_takeover") {
      if (value) return std::nullopt;
    } else if (name == "client_max_window_bits") {
      if (value && !is_window_bits(*value)) return std::nullopt;
    } else if (name == "server_max_window_bits") {
      if (value != "15") return std::nullopt;
      // The answer has to repeat it (section 7.1.2.1).
      answer += "; server_max_window_bits=15";
    } else {
      return std::nullopt;
    }
  }
  return answer;
}

}  // namespace

std::optional<std::string> negotiate_deflate(const std::vector<std::string>& fields) {
  std::vector<extension_offer> offers;
  for (const auto& field : fields) {
    if (!extension_reader(field).read(offers)) return std::nullopt;
  }
  for (const auto& offer : offers) {
    if (auto answer = answer_to(offer)) return answer;
  }
  return std::nullopt;
}

}  // namespace spillway::net
