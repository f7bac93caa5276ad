// The queue alone, on one thread, so that each step happens when the test says so.
#include "net/outbound_queue.hpp"

#include <gtest/gtest.h>

#include <boost/asio/read.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>

#include "net/fakes.hpp"

namespace spillway::net::testing {
namespace {

using boost::asio::ip::tcp;
using write_result = outbound_queue::write_result;

class recorded_outcome : public outbound_observer {
 public:
  void on_batch_out() override { said += "out "; }
  void on_close_queued() override { said += "close "; }
  void on_broken() override { said += "broken "; }
  std::string said;
};

class recorded_completion : public outbound_completion {
 public:
  explicit recorded_completion(std::string& said) : said_(said) {}
  void complete(boost::system::error_code error, std::size_t bytes) override {
    said_ += (error ? "failed " : "wrote " + std::to_string(bytes) + " ");
  }

 private:
  std::string& said_;
};

class an_outbound_queue : public ::testing::Test {
 protected:
  an_outbound_queue() {
    tcp::acceptor acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    peer.open(tcp::v4());
    peer.set_option(boost::asio::socket_base::receive_buffer_size(4096));
    tcp_socket ours(boost::asio::make_strand(io));
    peer.connect(acceptor.local_endpoint());
    acceptor.accept(ours);
    ours.set_option(boost::asio::socket_base::send_buffer_size(4096));
    queue = std::make_shared<outbound_queue>(std::move(ours));
    queue->observe(&outcome);
  }
  ~an_outbound_queue() override {
    queue->close(false);
    io.poll();
  }

  void control(std::string bytes) {
    queue->write(std::move(bytes), std::make_unique<recorded_completion>(outcome.said));
  }

  /// Bytes of zeros, behind the queue's back, until the socket takes no more.
  void fill_socket() {
    boost::system::error_code error;
    std::string zeros(65536, '\0');
    while (!error) filled += queue->socket().write_some(boost::asio::buffer(zeros), error);
  }
  void take_filling() {
    std::string zeros(filled, 'x');
    boost::asio::read(peer, boost::asio::buffer(zeros));
    EXPECT_EQ(zeros.find_first_not_of('\0'), std::string::npos);
  }
  /// Reads `n` bytes while the queue works.
  std::string take(std::size_t n) {
    std::string bytes(n, '\0');
    for (std::size_t got = 0; got < n; io.poll()) {
      if (peer.available() == 0) continue;
      got += peer.read_some(boost::asio::buffer(bytes.data() + got, n - got));
    }
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

  boost::asio::io_context io;
  tcp::socket peer{io};
  recorded_outcome outcome;
  std::shared_ptr<outbound_queue> queue;
  std::size_t filled = 0;
};

TEST_F(an_outbound_queue, sends_at_once_what_the_socket_takes) {
  EXPECT_EQ(queue->write(text("hello")), write_result::written);
  EXPECT_EQ(queue->bytes_sent(), 5u);
  EXPECT_EQ(take(5), "hello");
  EXPECT_EQ(outcome.said, "");
  EXPECT_FALSE(queue->stalled_since());
}

TEST_F(an_outbound_queue, sends_more_slices_than_one_call_takes) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes += std::to_string(i) + ",";
  EXPECT_EQ(queue->write(text(bytes, 200)), write_result::written);
  EXPECT_EQ(take(bytes.size()), bytes);
}

TEST_F(an_outbound_queue, lets_nothing_overtake_a_control_frame_that_waits) {
  fill_socket();
  control("first");
  take_filling();
  // There is room again, but the queue has not been told yet.
  EXPECT_EQ(queue->write(text("second")), write_result::pending);
  control("third");
  EXPECT_EQ(take(16), "firstsecondthird");
  EXPECT_EQ(outcome.said, "wrote 5 out wrote 5 ");
}

TEST_F(an_outbound_queue, takes_one_batch_at_a_time) {
  fill_socket();
  EXPECT_EQ(queue->write(text("first")), write_result::pending);
  EXPECT_TRUE(queue->stalled_since());
  EXPECT_EQ(queue->write(text("second")), write_result::gone);
  take_filling();
  EXPECT_EQ(take(5), "first");
  EXPECT_EQ(outcome.said, "out ");
  EXPECT_FALSE(queue->stalled_since());
}

TEST_F(an_outbound_queue, moves_the_clock_of_a_stall_with_every_byte) {
  std::string large(4 << 20, 'a');
  EXPECT_EQ(queue->write(text(large)), write_result::pending);
  auto before = *queue->stalled_since();
  take(2 << 20);
  EXPECT_GT(*queue->stalled_since(), before);
}

TEST_F(an_outbound_queue, adds_the_reason_to_a_bare_close_after_a_failure) {
  control("\x88\x02\x03\xea");
  EXPECT_EQ(take(18), "\x88\x10\x03\xeaprotocol error");
  EXPECT_EQ(outcome.said, "wrote 4 close ") << "Beast's own count";
  EXPECT_EQ(queue->write(text("late")), write_result::gone);
}

TEST_F(an_outbound_queue, leaves_every_other_frame_as_it_is) {
  for (const auto& bytes : {std::string("\x88\x02\x03\xe8"), std::string("\x88\x03\x03\xeaX"),
                            std::string("\x8a\x02\x03\xea"), std::string("\x88\x00", 2)}) {
    control(bytes);
    EXPECT_EQ(take(bytes.size()), bytes);
  }
}

TEST_F(an_outbound_queue, fails_everything_that_waits_when_the_socket_breaks) {
  fill_socket();
  control("first");
  EXPECT_EQ(queue->write(text("second")), write_result::pending);
  peer.set_option(boost::asio::socket_base::linger(true, 0));
  peer.close();
  while (outcome.said.empty()) io.run_one();
  EXPECT_EQ(outcome.said, "failed broken ");
  EXPECT_EQ(queue->write(text("late")), write_result::gone);
  control("late");
  EXPECT_EQ(outcome.said, "failed broken failed ");
}

TEST_F(an_outbound_queue, tells_nobody_when_it_is_closed_by_its_owner) {
  fill_socket();
  EXPECT_EQ(queue->write(text("first")), write_result::pending);
  queue->close(true);
  queue->close(true);
  io.poll();
  EXPECT_EQ(outcome.said, "");
}

}  // namespace
}  // namespace spillway::net::testing
