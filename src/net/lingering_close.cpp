#include "net/lingering_close.hpp"

namespace spillway::net {
namespace {

using boost::system::error_code;

/// How long a client may still send.
constexpr std::chrono::seconds linger_time{2};

/// Context: its strand. Lives by its pending wait.
class lingering_socket final : public deadline_target,
                               public std::enable_shared_from_this<lingering_socket> {
 public:
  lingering_socket(client_socket socket, std::shared_ptr<deadline_wheel> wheel,
                   std::shared_ptr<const void> ticket)
      : socket_(std::move(socket)),
        strand_(socket_.get_executor()),
        deadline_(std::move(wheel)),
        ticket_(std::move(ticket)) {}

  strand_type strand() const override { return strand_; }

  void start() {
    deadline_.set(weak_from_this(), deadline_wheel::clock::now() + linger_time);
    finish_sending();
  }

  void on_deadline() override {
    if (deadline_.expired(weak_from_this())) close();
  }

 private:
  void finish_sending() {
    error_code error;
    socket_.finish_sending(error);
    if (error == boost::asio::error::would_block) {
      return socket_.async_wait_for_room([self = shared_from_this()](error_code failed) {
        if (failed || self->closed_) return self->close();
        self->finish_sending();
      });
    }
    if (error) return close();
    drain();
  }

  void drain() {
    char ignored[4096];
    error_code error;
    for (int turn = 0; turn < 16 && !error; ++turn) {
      socket_.read_some(boost::asio::buffer(ignored), error);
    }
    if (error && error != boost::asio::error::would_block) return close();
    socket_.async_wait_readable([self = shared_from_this()](error_code failed) {
      if (failed || self->closed_) return self->close();
      self->drain();
    });
  }

  void close() {
    closed_ = true;
    deadline_.clear();
    socket_.close();
  }

  client_socket socket_;
  strand_type strand_;
  lazy_deadline deadline_;
  std::shared_ptr<const void> ticket_;
  bool closed_ = false;
};

}  // namespace

void close_lingering(client_socket socket, std::shared_ptr<deadline_wheel> wheel,
                     std::shared_ptr<const void> ticket) {
  // Not make_shared: the wheel, which holds it weakly, would keep its memory.
  std::shared_ptr<lingering_socket> last(
      new lingering_socket(std::move(socket), std::move(wheel), std::move(ticket)));
  last->start();
}

}  // namespace spillway::net
