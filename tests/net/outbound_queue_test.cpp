// The queue alone, on one thread, so that each step happens when the test says so.
#include "net/outbound_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

#include "net/raw_client.hpp"

namespace spillway::net::testing {
namespace {

using boost::asio::ip::tcp;
using write_result = outbound_queue::write_result;

class recorded_outcome : public outbound_observer {
 public:
  void on_batch_out() override {
    said += "out ";
    if (auto then = std::exchange(when_out, nullptr)) then();
  }
  void on_close_queued() override { said += "close "; }
  void on_broken() override { said += "broken "; }
  std::string said;
  std::function<void()> when_out;
};

class recorded_completion : public io_completion {
 public:
  explicit recorded_completion(std::string& said) : said_(said) {}
  void complete(boost::system::error_code error, std::size_t bytes) override {
    said_ += (error ? "failed " : "wrote " + std::to_string(bytes) + " ");
  }

 private:
  std::string& said_;
};

/// Over plain TCP and over TLS.
class an_outbound_queue : public ::testing::TestWithParam<transport> {
 protected:
  an_outbound_queue() {
    tcp::acceptor acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    peer.open(tcp::v4());
    peer.set_option(boost::asio::socket_base::receive_buffer_size(4096));
    tcp_socket ours(boost::asio::make_strand(io));
    peer.connect(acceptor.local_endpoint());
    acceptor.accept(ours);
    ours.set_option(boost::asio::socket_base::send_buffer_size(4096));
    if (GetParam() == transport::tls) {
      client_socket secured(std::move(ours), test_server_context());
      shake(secured);
      queue = std::make_shared<outbound_queue>(std::move(secured));
    } else {
      queue = std::make_shared<outbound_queue>(client_socket(std::move(ours)));
    }
    queue->observe(&outcome);
  }
  ~an_outbound_queue() override {
    queue->close(false);
    io.poll();
  }

  /// Both sides of the handshake, turn by turn.
  void shake(client_socket& secured) {
    tls.emplace();
    std::array<char, 16> none;
    boost::system::error_code error = boost::asio::error::would_block;
    while (!tls->shaken() && error == boost::asio::error::would_block) {
      boost::asio::write(peer, boost::asio::buffer(tls->shake()));
      secured.read_some(boost::asio::buffer(none), error);
      if (peer.available() > 0) receive();
    }
    boost::asio::write(peer, boost::asio::buffer(tls->shake()));
    secured.read_some(boost::asio::buffer(none), error);
    ASSERT_EQ(error, boost::asio::error::would_block);
    while (received_raw < secured.bytes_taken()) receive();
  }
  void receive() {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("nothing comes");
    std::string bytes(peer.available(), '\0');
    if (!bytes.empty()) bytes.resize(peer.read_some(boost::asio::buffer(bytes)));
    received_raw += bytes.size();
    auto skipped = std::min(filling, bytes.size());
    EXPECT_GE(bytes.find_first_not_of('\0'), skipped);
    bytes.erase(0, skipped);
    filling -= skipped;
    received += tls ? tls->open(bytes) : bytes;
  }

  void control(std::string bytes) {
    queue->write(std::move(bytes), std::make_unique<recorded_completion>(outcome.said));
  }
  /// Bytes of zeros, behind the queue's back and past TLS, until the socket takes no more.
  void fill_socket() {
    boost::system::error_code error;
    std::string zeros(65536, '\0');
    while (!error) filling += queue->socket().tcp().write_some(boost::asio::buffer(zeros), error);
  }
  /// Without a turn for the queue.
  void take_filling() {
    while (filling > 0) receive();
  }
  /// A frame of zeros that the socket does not take whole.
  void stuff() { control(std::string(stuffing, '\0')); }
  void take_stuffing() {
    EXPECT_EQ(take(stuffing).find_first_not_of('\0'), std::string::npos);
    EXPECT_EQ(outcome.said.substr(0, wrote_stuffing.size()), wrote_stuffing);
    outcome.said.erase(0, wrote_stuffing.size());
  }
  void work() {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("nothing happens");
    io.restart();
    io.poll();
  }
  /// Reads `n` bytes while the queue works.
  std::string take(std::size_t n) {
    for (; received.size() < n; work()) {
      if (peer.available() > 0) receive();
    }
    auto bytes = received.substr(0, n);
    received.erase(0, n);
    return bytes;
  }

  static actors::batch_ptr text(const std::string& bytes, std::size_t slices = 1) {
    auto made = std::make_shared<actors::batch>();
    auto owner = std::make_shared<std::string>(bytes);
    for (std::size_t i = 0; i < slices; ++i) {
      auto begin = bytes.size() * i / slices;
      made->slices.push_back(
          {owner, std::string_view(*owner).substr(begin, bytes.size() * (i + 1) / slices - begin)});
    }
    made->bytes = bytes.size();
    return made;
  }

  const std::chrono::steady_clock::time_point end =
      std::chrono::steady_clock::now() + std::chrono::seconds(20);
  boost::asio::io_context io;
  tcp::socket peer{io};
  recorded_outcome outcome;
  std::shared_ptr<outbound_queue> queue;
  std::optional<tls_codec> tls;
  std::string received;
  std::size_t received_raw = 0;
  std::size_t filling = 0;
  static constexpr std::size_t stuffing = 256 << 10;
  const std::string wrote_stuffing = "wrote " + std::to_string(stuffing) + " ";
};

INSTANTIATE_TEST_SUITE_P(over, an_outbound_queue,
                         ::testing::Values(transport::plain, transport::tls),
                         [](const auto& chosen) {
                           return chosen.param == transport::tls ? "tls" : "plain";
                         });

TEST_P(an_outbound_queue, sends_at_once_what_the_socket_takes) {
  EXPECT_EQ(queue->write(text("hello")), write_result::written);
  EXPECT_EQ(take(5), "hello");
  EXPECT_EQ(outcome.said, "");
  EXPECT_FALSE(queue->stalled_since());
}

TEST_P(an_outbound_queue, sends_more_slices_than_one_call_takes) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes += std::to_string(i) + ",";
  EXPECT_EQ(queue->write(text(bytes, 200)), write_result::written);
  EXPECT_EQ(take(bytes.size()), bytes);
}

TEST_P(an_outbound_queue, sends_slices_of_all_sizes_in_order) {
  // Around the size of a TLS record, alone and put together.
  for (std::size_t size : {1u, 2u, 16'383u, 16'384u, 16'385u, 40'000u, 70'000u}) {
    for (std::size_t slices : {1u, 2u, 3u, 64u, 65u, 200u}) {
      std::string bytes(size, '\0');
      for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>('a' + (i * 7 + i / 251) % 26);
      queue->write(text(bytes, slices));
      EXPECT_TRUE(take(size) == bytes) << size << " in " << slices;
    }
  }
}

TEST_P(an_outbound_queue, lets_nothing_overtake_what_waits) {
  stuff();
  EXPECT_EQ(queue->write(text("second")), write_result::pending);
  control("third");
  take_stuffing();
  EXPECT_EQ(take(11), "secondthird");
  EXPECT_EQ(outcome.said, "out wrote 5 ");
}

TEST_P(an_outbound_queue, lets_nothing_overtake_although_there_is_room) {
  fill_socket();
  control("first");
  take_filling();
  // There is room again, but the queue has not been told yet.
  EXPECT_EQ(queue->write(text("second")), write_result::pending);
  control("third");
  EXPECT_EQ(take(16), "firstsecondthird");
  EXPECT_EQ(outcome.said, "wrote 5 out wrote 5 ");
}

TEST_P(an_outbound_queue, waits_for_room_and_not_for_the_client_when_a_batch_follows_the_other) {
  const std::string large(stuffing, 'a');
  outcome.when_out = [&] {
    // As a reader does, whom the client has sent nothing: over TLS it wants to read.
    std::array<char, 16> into;
    boost::system::error_code error;
    queue->socket().read_some(boost::asio::buffer(into), error);
    EXPECT_EQ(error, boost::asio::error::would_block);
    EXPECT_EQ(queue->write(text("second")), write_result::pending);
  };
  EXPECT_EQ(queue->write(text(large)), write_result::pending);
  stuff();
  EXPECT_TRUE(take(large.size()) == large);
  EXPECT_EQ(take(stuffing).find_first_not_of('\0'), std::string::npos);
  EXPECT_EQ(take(6), "second");
  EXPECT_EQ(outcome.said, "out " + wrote_stuffing + "out ");
}

TEST_P(an_outbound_queue, takes_one_batch_at_a_time) {
  stuff();
  EXPECT_EQ(queue->write(text("first")), write_result::pending);
  EXPECT_TRUE(queue->stalled_since());
  EXPECT_EQ(queue->write(text("second")), write_result::gone);
  take_stuffing();
  EXPECT_EQ(take(5), "first");
  EXPECT_EQ(outcome.said, "out ");
  EXPECT_FALSE(queue->stalled_since());
}

TEST_P(an_outbound_queue, moves_the_clock_of_a_stall_with_every_byte) {
  std::string large(4 << 20, 'a');
  EXPECT_EQ(queue->write(text(large)), write_result::pending);
  auto before = *queue->stalled_since();
  take(2 << 20);
  EXPECT_GT(*queue->stalled_since(), before);
}

TEST_P(an_outbound_queue, finds_progress_that_leaves_the_socket_without_room) {
  EXPECT_EQ(queue->write(text(std::string(4 << 20, 'a'))), write_result::pending);
  const auto before = *queue->stalled_since();
  queue->look_for_progress();
  queue->look_for_progress();
  const auto untouched = *queue->stalled_since();
  queue->look_for_progress();
  EXPECT_EQ(*queue->stalled_since(), untouched) << "nothing was taken";
  // Nobody waits for the socket meanwhile, as if it told of no room.
  peer.non_blocking(true);
  std::array<char, 1024> some{};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (*queue->stalled_since() == untouched && std::chrono::steady_clock::now() < deadline) {
    boost::system::error_code nothing_there;
    peer.read_some(boost::asio::buffer(some), nothing_there);
    queue->look_for_progress();
  }
  EXPECT_GT(*queue->stalled_since(), before);
}

TEST_P(an_outbound_queue, adds_the_reason_to_a_bare_close_after_a_failure) {
  control("\x88\x02\x03\xea");
  EXPECT_EQ(take(18), "\x88\x10\x03\xeaprotocol error");
  EXPECT_EQ(outcome.said, "wrote 4 close ") << "Beast's own count";
  EXPECT_EQ(queue->write(text("late")), write_result::gone);
}

TEST_P(an_outbound_queue, leaves_every_other_frame_as_it_is) {
  for (const auto& bytes : {std::string("\x88\x02\x03\xe8"), std::string("\x88\x03\x03\xeaX"),
                            std::string("\x8a\x02\x03\xea"), std::string("\x88\x00", 2)}) {
    control(bytes);
    EXPECT_EQ(take(bytes.size()), bytes);
  }
}

TEST_P(an_outbound_queue, ends_the_connection_once_there_is_room_for_the_end) {
  fill_socket();
  queue->teardown(std::make_unique<recorded_completion>(outcome.said));
  EXPECT_EQ(outcome.said, "");
  take_filling();
  boost::system::error_code error;
  for (char byte = 0; !error; work()) {
    if (peer.available() > 0) {
      receive();
    } else if (!tls || tls->ended()) {
      peer.read_some(boost::asio::buffer(&byte, 1), error);
    }
  }
  EXPECT_EQ(error, boost::asio::error::eof);
  EXPECT_EQ(outcome.said, "") << "the client's end is missing";
  if (tls) boost::asio::write(peer, boost::asio::buffer(tls->close_notify()));
  peer.close();
  while (!outcome.said.ends_with("wrote 0 ")) work();
}

TEST_P(an_outbound_queue, fails_everything_that_waits_when_the_socket_breaks) {
  stuff();
  EXPECT_EQ(queue->write(text("second")), write_result::pending);
  peer.set_option(boost::asio::socket_base::linger(true, 0));
  peer.close();
  while (outcome.said.empty()) work();
  EXPECT_EQ(outcome.said, "failed broken ");
  EXPECT_EQ(queue->write(text("late")), write_result::gone);
  control("late");
  EXPECT_EQ(outcome.said, "failed broken failed ");
}

TEST_P(an_outbound_queue, tells_nobody_when_it_is_closed_by_its_owner) {
  stuff();
  EXPECT_EQ(queue->write(text("first")), write_result::pending);
  queue->close(true);
  queue->close(true);
  io.poll();
  EXPECT_EQ(outcome.said, "failed ") << "the stuffing; and nothing to the observer";
}

class a_tls_outbound_queue : public an_outbound_queue {};

TEST_P(a_tls_outbound_queue, puts_small_slices_into_one_record) {
  auto before = queue->socket().bytes_taken();
  std::string bytes(64 * 30, 'a');
  EXPECT_EQ(queue->write(text(bytes, 64)), write_result::written);
  auto overhead = queue->socket().bytes_taken() - before - bytes.size();
  EXPECT_GT(overhead, 0u);
  EXPECT_LE(overhead, 32u) << "RFC 8446: a header, the content type and the cipher's tag";
  EXPECT_EQ(take(bytes.size()), bytes);
}

INSTANTIATE_TEST_SUITE_P(over, a_tls_outbound_queue, ::testing::Values(transport::tls),
                         [](const auto&) { return "tls"; });

}  // namespace
}  // namespace spillway::net::testing
