#include "sim/viewers/rude_deed.hpp"

#include <fmt/format.h>

#include <array>

#include "sim/viewers/message_reader.hpp"

namespace spillway::sim {

namespace {

using namespace std::string_literals;
using enum rude_deed::then;

/// The example of RFC 6455 section 1.3.
constexpr std::string_view some_key = "dGhlIHNhbXBsZSBub25jZQ==";

std::string upgrade_with(const rude_request& to, std::string_view path, std::string_view token,
                         std::string_view more = {}) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\nAuthorization: Bearer {}\r\n{}\r\n",
      path, to.host, some_key, token, more);
}

std::string good_upgrade(const rude_request& to, draws&) {
  return upgrade_with(to, to.path, to.token);
}

// --- messages ---

std::string too_big(draws& random) {
  return client_frame(0x81, std::string(16'385 + random.below(1'000'000), 'x'));
}
std::string endless_fragments(draws&) {
  std::string all = client_frame(0x01, std::string(4'000, 'x'));
  for (int i = 0; i < 8; ++i) all += client_frame(0x00, std::string(4'000, 'x'));
  return all;
}
std::string bad_utf8(draws& random) {
  return client_frame(0x81, random.chance(0.5) ? "broken \xff\xfe text"s : "\xed\xa0\x80"s);
}
std::string unmasked(draws&) {
  return "\x81\x05hello"s;
}
std::string reserved_bits(draws& random) {
  constexpr std::array<unsigned char, 4> firsts{0xc1, 0x83, 0x8b, 0x80};
  return client_frame(firsts[random.below(firsts.size())], "");
}
std::string noise(draws& random) {
  // An opcode that there is not, so that it cannot be a good frame by chance.
  std::string bytes(1, '\x87');
  for (std::uint64_t i = random.below(2'000) + 20; i > 0; --i)
    bytes += static_cast<char>(random.below(256));
  return bytes;
}
std::string bad_close(draws& random) {
  return client_frame(0x88, random.chance(0.5) ? "\x03"s : "\x03\xed"s);
}
std::string long_ping(draws&) {
  return client_frame(0x89, std::string(200, 'p'));
}
std::string many_pings(draws& random) {
  std::string all;
  for (std::uint64_t i = 500 + random.below(2'000); i > 0; --i)
    all += client_frame(0x89, std::string(random.below(125), 'p'));
  return all + client_frame(0x88, "\x03\xe8");
}
std::string half_a_frame(draws& random) {
  auto frame = client_frame(0x81, std::string(10'000, 'x'));
  frame.resize(1 + random.below(frame.size() - 1));
  return frame;
}

// --- openings ---

std::string nothing_at_all(const rude_request&, draws&) {
  return {};
}
std::string half_a_header(const rude_request& to, draws& random) {
  auto text = good_upgrade(to, random);
  text.resize(1 + random.below(text.size() - 3));
  return text;
}
std::string endless_header(const rude_request& to, draws&) {
  auto text = upgrade_with(to, to.path, to.token);
  text.resize(text.size() - 2);
  for (int i = 0; i < 40; ++i) text += fmt::format("X-More-{}: {}\r\n", i, std::string(900, 'x'));
  return text;
}
std::string bad_token(const rude_request& to, draws& random) {
  return upgrade_with(to, to.path, fmt::format("sd_{:040x}", random.bits()));
}
std::string foreign_origin(const rude_request& to, draws&) {
  return upgrade_with(to, to.path, to.token, "Origin: https://elsewhere.example\r\n");
}
std::string wrong_path(const rude_request& to, draws& random) {
  constexpr std::array<std::string_view, 4> paths{
      "/api/apps/no-such-app-here/logs", "/api/apps/..%2f..%2fetc/logs", "/api/nothing",
      "/api/apps/no-such-app-here/deploy-logs?deploy=7"};
  return upgrade_with(to, paths[random.below(paths.size())], to.token);
}
std::string no_upgrade(const rude_request& to, draws&) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
      to.path, to.host, to.token);
}
std::string bad_parameter(const rude_request& to, draws&) {
  const auto logs = to.path.substr(0, to.path.find('?'));
  return upgrade_with(to, logs + "?tail=-3", to.token);
}
std::string no_http(const rude_request&, draws& random) {
  std::string bytes("\x16\x03\x01\x02\x00", 5);
  for (std::uint64_t i = random.below(400); i > 0; --i)
    bytes += static_cast<char>(random.below(256));
  return bytes + "\r\n\r\n";
}

constexpr std::array deeds{
    rude_deed{"message that is too big", good_upgrade, too_big, read, 101, 1009, "message too big"},
    rude_deed{"fragments that become too big", good_upgrade, endless_fragments, read, 101, 1009,
              "message too big"},
    rude_deed{"text that is not UTF-8", good_upgrade, bad_utf8, read, 101, 1007,
              "message is not UTF-8"},
    rude_deed{"frame without a mask", good_upgrade, unmasked, read, 101, 1002, "protocol error"},
    rude_deed{"reserved bits and opcodes", good_upgrade, reserved_bits, read, 101, 1002,
              "protocol error"},
    rude_deed{"noise after the upgrade", good_upgrade, noise, read, 101, 1002, "protocol error"},
    rude_deed{"close frame that is none", good_upgrade, bad_close, read, 101, 1002,
              "protocol error"},
    rude_deed{"ping that is too long", good_upgrade, long_ping, read, 101, 1002, "protocol error"},
    // The close is answered with what it says.
    rude_deed{"flood of pings", good_upgrade, many_pings, read, 101, 1000, ""},
    rude_deed{"reset in the middle of a frame", good_upgrade, half_a_frame, reset, 101, 0, ""},
    rude_deed{"connection without a request", nothing_at_all, nullptr, read, 0, 0, ""},
    rude_deed{"half a request", half_a_header, nullptr, read, 0, 0, ""},
    rude_deed{"reset in the middle of a request", half_a_header, nullptr, reset, 0, 0, ""},
    rude_deed{"header without an end", endless_header, nullptr, read, 431, 0, ""},
    rude_deed{"bad token", bad_token, nullptr, read, 401, 0, ""},
    rude_deed{"foreign origin", foreign_origin, nullptr, read, 101, 1008, "origin not allowed"},
    rude_deed{"path that there is not", wrong_path, nullptr, read, 404, 0, ""},
    rude_deed{"no upgrade", no_upgrade, nullptr, read, 426, 0, ""},
    rude_deed{"bad parameter", bad_parameter, nullptr, read, 101, 1000, "invalid parameter"},
    rude_deed{"no HTTP", no_http, nullptr, read, 400, 0, ""},
    rude_deed{"flood of upgrades", good_upgrade, nullptr, flood, 0, 0, ""},
};

/// The stream came to its own end at that moment.
bool ended_by_itself(const rude_outcome& came, rude_leniency leniency) {
  if (came.close_code == 1000) {
    return came.reason == "container exited" || came.reason == "container not found";
  }
  if (came.close_code == 1011) return leniency.allow_1011 && came.after_error;
  return came.close_code == 1001 && came.reason == "server is shutting down";
}

}  // namespace

std::span<const rude_deed> rude_deeds() {
  return deeds;
}

std::optional<flaw> judge_rude(const rude_deed& deed, const rude_outcome& came,
                               rude_leniency leniency) {
  const bool limited = came.status == 429 || came.status == 503;
  if (limited && leniency.allow_limits) return {};
  if (came.nonsense) {
    return flaw{flaw_kind::bad_frame, fmt::format("after '{}' came bytes that are no frame of a "
                                                  "server",
                                                  deed.name)};
  }
  if (deed.status != 0 && came.status != deed.status) {
    return flaw{flaw_kind::wrong_answer, fmt::format("'{}' was answered with status {}, not {}",
                                                     deed.name, came.status, deed.status)};
  }
  if (deed.after != read) return {};
  if (!came.ended_by_server) {
    return flaw{flaw_kind::too_late,
                fmt::format("the server did not end the connection after '{}'", deed.name)};
  }
  if (deed.close_code == 0) return {};
  if (came.close_code == 0) {
    return flaw{flaw_kind::no_close_frame,
                fmt::format("'{}' ended without a close frame", deed.name)};
  }
  // Whoever is not let in sees nothing, and is told so whatever else happens.
  const bool barred = deed.close_code == 1008;
  if (barred && came.text_frames > 0) {
    return flaw{flaw_kind::wrong_answer,
                fmt::format("'{}' was told something before it was closed", deed.name)};
  }
  if (!barred && ended_by_itself(came, leniency)) return {};
  if (came.close_code == deed.close_code && (deed.reason.empty() || came.reason == deed.reason))
    return {};
  return flaw{flaw_kind::wrong_close,
              fmt::format("'{}' ended with {} '{}', not {} '{}'", deed.name, came.close_code,
                          came.reason, deed.close_code, deed.reason)};
}

}  // namespace spillway::sim
