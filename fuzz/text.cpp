// Output of containers and deploys on its way into frames: UTF-8, JSON, lengths, tokens.
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "protocol/bounded_line.hpp"
#include "protocol/close.hpp"
#include "protocol/frames.hpp"
#include "protocol/redacted.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

using namespace protocol;
using json = nlohmann::ordered_json;

struct repaired_text {
  std::string text;
  bool was_valid = true;
};

/// The decoder of the WHATWG's Encoding standard: another way to the same result.
class reference_decoder {
 public:
  repaired_text decode(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
      if (take(static_cast<std::uint8_t>(bytes[i]))) ++i;
    }
    if (needed_ > 0) replace();
    return std::move(out_);
  }

 private:
  /// False where the byte has to be looked at again.
  bool take(std::uint8_t byte) {
    if (needed_ == 0) {
      begin(byte);
      return true;
    }
    if (byte < lower_ || byte > upper_) {
      replace();
      return false;
    }
    lower_ = 0x80;
    upper_ = 0xbf;
    pending_ += static_cast<char>(byte);
    if (--needed_ == 0) out_.text += std::exchange(pending_, {});
    return true;
  }

  void begin(std::uint8_t byte) {
    if (byte < 0x80) {
      out_.text += static_cast<char>(byte);
      return;
    }
    needed_ = byte >= 0xc2 && byte <= 0xdf   ? 1
              : byte >= 0xe0 && byte <= 0xef ? 2
              : byte >= 0xf0 && byte <= 0xf4 ? 3
                                             : 0;
    if (needed_ == 0) return replace();
    if (byte == 0xe0) lower_ = 0xa0;
    if (byte == 0xed) upper_ = 0x9f;
    if (byte == 0xf0) lower_ = 0x90;
    if (byte == 0xf4) upper_ = 0x8f;
    pending_ = static_cast<char>(byte);
  }

  void replace() {
    out_.text += utf8_replacement;
    out_.was_valid = false;
    pending_.clear();
    needed_ = 0;
    lower_ = 0x80;
    upper_ = 0xbf;
  }

  repaired_text out_;
  std::string pending_;
  int needed_ = 0;
  std::uint8_t lower_ = 0x80;
  std::uint8_t upper_ = 0xbf;
};

void check_json(const std::string& written, const json& meant) {
  const auto parsed = json::parse(written, nullptr, false);
  require(!parsed.is_discarded(), "a frame is JSON", written);
  // Ordered: the members have to stand as in the reference.
  require(parsed == meant, "a frame says what it was made of", written);
  require(is_valid_utf8(written), "a frame is UTF-8", written);
  for (char c : written) {
    require(static_cast<unsigned char>(c) >= 0x20, "a frame is one line", written);
  }
}

void check_frames(std::string_view text, const std::string& repaired, timestamp at) {
  const auto milli = format_rfc3339_milli(at);
  std::string frame;
  append_process_log_frame(frame, text);
  check_json(frame, repaired);
  frame.clear();
  append_error_frame(frame, text);
  check_json(frame, {{"error", repaired}});
  frame.clear();
  append_deploy_frame(frame, at, text, text);
  check_json(frame,
             {{"timestamp", milli}, {"action", repaired}, {"output", repaired}, {"done", false}});
  frame.clear();
  append_deploy_final_frame(frame, at, text, text, static_cast<int>(text.size()));
  check_json(frame, {{"timestamp", milli},
                     {"action", repaired},
                     {"output", ""},
                     {"done", true},
                     {"status", repaired},
                     {"exit_code", text.size()}});
  frame.clear();
  append_log_frame(frame, {at, output_stream::standard_error, text, 0});
  check_json(frame, {{"ts", format_rfc3339_nano(at)}, {"stream", "stderr"}, {"line", repaired}});
}

void check_bounded_line(std::string_view text, std::size_t max, std::uint8_t seed) {
  bounded_line whole(max);
  whole.append(text);
  bounded_line pieces(max);
  in_pieces(text, seed, [&](std::string_view piece) {
    pieces.append(piece);
    return true;
  });
  require(whole.size() == text.size(), "every byte is counted");
  whole.drop_carriage_return();
  pieces.drop_carriage_return();
  const std::string kept(whole.finish());
  require(pieces.finish() == kept, "pieces make the same line", kept);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.size() <= max) return require(kept == text, "a short line is whole", kept);
  const auto mark = kept.rfind(" [spillway] line cut, ");
  require(mark != std::string::npos && mark <= max, "a long line is cut and marked", kept);
  require(text.starts_with(std::string_view(kept).substr(0, mark)), "what is kept is its start");
  require(!is_valid_utf8(text) || is_valid_utf8(kept), "no character is cut in two", kept);
  require(kept.substr(mark) ==
              " [spillway] line cut, " + std::to_string(text.size() - mark) + " bytes dropped",
          "kept and dropped are all there was", kept);
}

bool is_token_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

void check_redacted(std::string_view text) {
  const auto shown = redacted(text);
  for (auto at = shown.find("sd_"); at != std::string::npos; at = shown.find("sd_", at + 1)) {
    auto end = at + 3;
    while (end < shown.size() && is_token_char(shown[end])) ++end;
    require(end - at - 3 < 16, "no token is shown", shown);
  }
  require(redacted(shown) == shown, "what is redacted stays as it is", shown);
  if (text.find("sd_") == std::string_view::npos) require(shown == text, "other text stays");
}

}  // namespace

void run(std::string_view bytes) {
  input_reader input(bytes);
  const auto seed = input.byte();
  const std::size_t max_line = input.byte();
  // Of 1678 to 2262, which is what can be read.
  const auto seconds = static_cast<std::int64_t>(input.number(4) * 2) - (1LL << 32) + 4'000'000;
  const timestamp at{std::chrono::seconds{seconds} + std::chrono::nanoseconds{input.number(3)}};
  const auto text = input.rest();

  const auto reference = reference_decoder().decode(text);
  require(repaired_utf8(text) == reference.text, "repair is the standard's", reference.text);
  require(is_valid_utf8(text) == reference.was_valid, "validity is the standard's");
  check_frames(text, reference.text, at);
  check_bounded_line(text, max_line, seed);
  check_redacted(text);

  const close_reason reason(text);
  require(reason.text().size() <= close_reason::max_size, "a close reason fits its frame");
  require(reference.text.starts_with(reason.text()), "a close reason is the text's start");
  require(is_valid_utf8(reason.text()), "a close reason is UTF-8");
}

}  // namespace spillway::fuzz
