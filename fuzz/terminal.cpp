// What the terminal client shows of a hostile server, or of a container's output.
#include <nlohmann/json.hpp>

#include "client/frame.hpp"
#include "client/frame_text.hpp"
#include "client/refusal.hpp"
#include "client/server_address.hpp"
#include "client/terminal_text.hpp"
#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

using client::colours;

/// Without the colour sequences in it: what is left must be inert.
std::string without_colours(std::string_view text) {
  std::string left;
  while (!text.empty()) {
    const auto at = text.find("\x1b[");
    left += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + 2);
    const auto end = text.find_first_not_of("0123456789;:");
    require(end != std::string_view::npos && text[end] == 'm', "escapes are colours alone", text);
    text.remove_prefix(end + 1);
  }
  return left;
}

void check_inert(std::string_view text) {
  require(protocol::is_valid_utf8(text), "what is shown is UTF-8", text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    require((byte >= 0x20 && byte != 0x7f) || byte == '\t', "no control character is shown", text);
    const bool c1 =
        byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    require(!c1, "no C1 control is shown", text);
  }
}

void check_line(std::string_view text) {
  const auto plain = client::terminal_text(text, colours::removed);
  check_inert(plain);
  require(client::terminal_text(plain, colours::removed) == plain, "safe text stays as it is",
          plain);
  const auto coloured = client::terminal_text(text, colours::kept);
  check_inert(without_colours(coloured));
  require(without_colours(coloured) == plain, "colours change nothing else", coloured);
  require(coloured.find("\x1b[") == std::string::npos || coloured.ends_with("\x1b[0m"),
          "colours end with the line", coloured);
}

void check_frame(std::string_view text) {
  const auto frame = client::parse_frame(text);
  for (auto keep : {colours::removed, colours::kept}) {
    client::line_style style{keep, true, keep == colours::kept};
    auto shown = client::frame_text(frame, text, style, std::chrono::milliseconds(1'500));
    if (shown.empty()) continue;
    require(shown.ends_with('\n'), "a frame is shown as a line");
    shown.pop_back();
    check_inert(keep == colours::kept ? without_colours(shown) : shown);
  }
}

void check_json(std::string_view text) {
  const auto safe = client::json_for_terminal(text);
  check_inert(safe);
  const auto parsed = nlohmann::json::parse(text, nullptr, false);
  // The parser stops at a zero byte, which JSON never has.
  if (parsed.is_discarded() || text.find('\0') != std::string_view::npos) return;
  require(nlohmann::json::parse(safe, nullptr, false) == parsed, "JSON keeps its meaning", safe);
}

void check_refusals(std::string_view text, unsigned status) {
  const client::http_refusal answer{status, text, text.substr(0, 10), text};
  for (const std::string app : {"", "shop"}) {
    check_inert(client::refused(answer, app).sentence);
    check_inert(client::deploy_refused(answer, app, false).sentence);
  }
}

void check_address(std::string_view text) {
  const auto address = client::parse_server_url(text);
  if (!address) return check_inert(address.error());
  const auto written = (address->tls ? "https://" : "http://") + address->authority();
  const auto again = client::parse_server_url(written);
  require(again && again->authority() == address->authority() && again->tls == address->tls,
          "a server's address reads back", written);
}

}  // namespace

void run(std::string_view bytes) {
  input_reader input(bytes);
  constexpr unsigned statuses[] = {400, 401, 403, 404, 409, 426, 429, 500, 503, 302, 200};
  const auto status = statuses[input.byte() % std::size(statuses)];
  const auto text = input.rest();
  check_line(text);
  check_frame(text);
  check_json(text);
  check_refusals(text, status);
  check_address(text);
}

}  // namespace spillway::fuzz
