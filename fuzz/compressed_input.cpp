// Frames of a client as they pass on to Beast, and the messages that are inflated on the way.
#include "net/compressed_input.hpp"

#include <optional>
#include <string>

#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "fuzz/ws_client_model.hpp"
#include "net/message_inflater.hpp"

namespace spillway::fuzz {
namespace {

constexpr std::size_t most_bytes = 16 << 10;

struct passed {
  std::string bytes;
  std::optional<protocol::close_frame> end;
};

passed pass(std::string_view bytes, std::uint8_t seed) {
  passed made;
  net::compressed_input input(most_bytes, [&](protocol::close_frame end) {
    require(!made.end, "a failure is told once");
    made.end = end;
  });
  in_pieces(bytes, seed, [&](std::string_view piece) {
    std::string copy(piece);
    input.pass(copy);
    made.bytes += copy;
    return true;
  });
  return made;
}

void check_frames(std::string_view bytes, std::uint8_t seed) {
  const auto whole = pass(bytes, 0);
  const auto pieces = pass(bytes, seed);
  require(pieces.bytes == whole.bytes && pieces.end.has_value() == whole.end.has_value(),
          "pieces are read the same");
  require(whole.bytes.size() == bytes.size(), "no byte comes or goes");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int changed = bytes[i] ^ whole.bytes[i];
    // RSV1, and text to binary.
    require((changed & ~0x43) == 0, "marks alone are changed");
  }
  const auto model = read_as_client(bytes, true);
  if (whole.end) {
    const auto code = static_cast<std::uint16_t>(whole.end->code);
    require(code == 1007 || code == 1009, "a message is damaged or too big");
  }
  // What is wrong with frames is Beast's to tell: its turn comes later.
  if (model.ends.empty()) require(!whole.end, "a message in order passes");
}

void check_message(std::string_view payload, std::uint8_t seed, bool is_text) {
  net::message_inflater inflater(is_text ? net::message_kind::text : net::message_kind::binary,
                                 most_bytes);
  net::message_inflater::failure wrong;
  in_pieces(payload, seed, [&](std::string_view piece) {
    wrong = inflater.add(std::string(piece));
    return !wrong;
  });
  if (!wrong) wrong = inflater.finish();
  const auto expected = judge_compressed(payload, payload_part::all, is_text);
  require(wrong.has_value() == !expected.empty(), "a message is judged as it is in one piece");
  if (!wrong) return;
  const auto code = static_cast<std::uint16_t>(wrong->code);
  require(expected.contains(code), "a message fails as it does in one piece", std::to_string(code));
}

}  // namespace

void run(std::string_view bytes) {
  input_reader input(bytes);
  const auto seed = input.byte();
  const auto how = input.byte();
  if ((how & 1) != 0) return check_message(input.rest(), seed, (how & 2) != 0);
  check_frames(input.rest(), seed);
}

}  // namespace spillway::fuzz
