#include "sim/viewers/message_reader.hpp"

#include <gtest/gtest.h>

#include <boost/beast/zlib/deflate_stream.hpp>
#include <vector>

namespace spillway::sim {
namespace {

using namespace std::string_literals;
using message_kind = server_message::kind;

/// Compresses messages as a server does, in one context.
class message_deflater {
 public:
  message_deflater() { stream_.reset(8, 15, 8, boost::beast::zlib::Strategy::normal); }
  std::string operator()(std::string_view text) {
    std::string out(text.size() + 100, '\0');
    boost::beast::zlib::z_params at;
    at.next_in = text.data();
    at.avail_in = text.size();
    at.next_out = out.data();
    at.avail_out = out.size();
    boost::system::error_code error;
    stream_.write(at, boost::beast::zlib::Flush::sync, error);
    out.resize(out.size() - at.avail_out - 4);
    return out;
  }

 private:
  boost::beast::zlib::deflate_stream stream_;
};

std::string server_frame(unsigned char first, std::string_view payload) {
  std::string made(1, static_cast<char>(first));
  if (payload.size() < 126) {
    made += static_cast<char>(payload.size());
  } else {
    made += '\x7e';
    made += static_cast<char>(payload.size() >> 8U);
    made += static_cast<char>(payload.size() & 0xffU);
  }
  return made.append(payload);
}

TEST(message_reader, takes_messages_off_the_front) {
  const std::string bytes = server_frame(0x81, "one") + server_frame(0x81, std::string(300, 'x')) +
                            server_frame(0x89, "are you there") + server_frame(0x8a, "") +
                            server_frame(0x88,
                                         "\x03\xe8"
                                         "bye") +
                            "rest";
  message_reader reader;
  std::string_view left = bytes;
  EXPECT_EQ(reader.next(left)->payload, "one");
  EXPECT_EQ(reader.next(left)->payload.size(), 300U);
  const auto ping = reader.next(left);
  EXPECT_EQ(ping->what, message_kind::ping);
  EXPECT_EQ(ping->payload, "are you there");
  EXPECT_EQ(reader.next(left)->what, message_kind::pong);
  const auto close = reader.next(left);
  EXPECT_EQ(close->what, message_kind::close);
  EXPECT_EQ(close->code, 1000U);
  EXPECT_EQ(close->payload, "bye");
  EXPECT_EQ(left, "rest");
}

TEST(message_reader, waits_for_the_rest_of_a_message) {
  const std::string bytes = server_frame(0x81, std::string(300, 'x'));
  message_reader reader;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::string_view part = std::string_view(bytes).substr(0, size);
    EXPECT_FALSE(reader.next(part));
    EXPECT_EQ(part.size(), size);
  }
}

TEST(message_reader, inflates_in_one_context_and_takes_plain_messages_between) {
  message_deflater deflate;
  std::string bytes;
  std::vector<std::string> texts;
  for (int i = 0; i < 20; ++i) {
    texts.push_back("line " + std::to_string(i) +
                    std::string(static_cast<std::size_t>(i) * 3000, 'z'));
    bytes += i % 3 == 2 ? server_frame(0x81, "plain") : server_frame(0xc1, deflate(texts.back()));
  }
  message_reader reader(message_reader::compression::one_context);
  std::string_view left = bytes;
  for (int i = 0; i < 20; ++i) {
    const auto message = reader.next(left);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->what, message_kind::text);
    EXPECT_EQ(message->payload, i % 3 == 2 ? "plain"s : texts[static_cast<std::size_t>(i)]) << i;
  }
}

TEST(message_reader, says_what_is_no_frame_of_a_server) {
  for (const auto& bytes :
       {"\x81\x85\0\0\0\0hello"s, "\x01\x05hello"s, "\x82\x00"s, "\x83\x00"s, "\xc1\x00"s,
        server_frame(0x89, std::string(200, 'p')), "\x81\x7f\x7f\0\0\0\0\0\0\0"s}) {
    message_reader reader;
    std::string_view left = bytes;
    const auto message = reader.next(left);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->what, message_kind::wrong) << bytes;
    EXPECT_FALSE(message->payload.empty());
  }
  message_reader reader(message_reader::compression::one_context);
  const auto damaged = server_frame(0xc1, "\xff\xff\xff\xff");
  std::string_view left = damaged;
  EXPECT_EQ(reader.next(left)->what, message_kind::wrong);
}

TEST(message_reader, has_frames_of_a_client_beside_it) {
  EXPECT_EQ(client_frame(0x8a, "hi"), "\x8a\x82\0\0\0\0hi"s);
  EXPECT_EQ(client_frame(0x81, std::string(126, 'x')).substr(0, 8), "\x81\xfe\0\x7e\0\0\0\0"s);
  EXPECT_EQ(client_frame(0x81, std::string(65'536, 'x')).substr(0, 14),
            "\x81\xff\0\0\0\0\0\x01\0\0\0\0\0\0"s);
}

}  // namespace
}  // namespace spillway::sim
