// The one write queue of a viewer's socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/batch.hpp"
#include "net/client_socket.hpp"
#include "net/completion.hpp"

namespace spillway::net {

/// What the queue tells the connection that owns it. Context: the connection's strand.
class outbound_observer {
 public:
  virtual ~outbound_observer() = default;
  /// The batch for which `write` returned `pending` is out.
  virtual void on_batch_out() = 0;
  /// A close frame has joined the queue, whoever sent it. No batch is taken any more.
  virtual void on_close_queued() = 0;
  /// The socket is broken. Nothing is taken any more.
  virtual void on_broken() = 0;
};

/// Context: the socket's strand. Everything that goes to the socket passes here, in order and never
/// interleaved: Beast's control frames, each whole, and batches. Bounded: one batch, and what Beast
/// has outstanding (its write lock allows one control frame at a time); a second batch is a mistake
/// of the caller and refused. Held by shared_ptr, since a wait for the socket can outlive its
/// owner.
class outbound_queue : public std::enable_shared_from_this<outbound_queue> {
 public:
  using clock = std::chrono::steady_clock;
  using write_result = actors::viewer_connection::write_result;

  explicit outbound_queue(client_socket socket);

  client_socket& socket() { return socket_; }
  /// Null to tell nobody.
  void observe(outbound_observer* observer) { observer_ = observer; }

  /// Tries to send at once; what the socket does not take waits in line.
  write_result write(actors::batch_ptr frames);
  /// Sends bytes for Beast. A bare close frame after a protocol failure gets its reason text.
  void write(std::string bytes, std::unique_ptr<io_completion> done);
  /// The close frame that is about to be written is ours, so the client's will be its answer.
  void expect_answer() { answer_expected_ = true; }
  /// Ends the connection in order, both close frames being out: no more bytes from us (over TLS
  /// with close_notify), then waits for the client's end. On plain TCP an answered close needs no
  /// waiting: nothing can follow it, and what we sent has been read. Over TLS the client's
  /// close_notify can, and would be answered by a reset that may overtake ours.
  void teardown(std::unique_ptr<io_completion> done);
  /// Closes the socket; with `drop`, what the kernel still holds is dropped as well.
  void close(bool drop);

  /// Since when the client has taken no byte while a batch is pending; nothing without one.
  std::optional<clock::time_point> stalled_since() const;
  /// When the client last took bytes that had to wait, as far as is known.
  clock::time_point last_progress() const { return last_progress_; }
  /// Finds out whether the client has taken bytes since the last look. The socket itself tells of
  /// room only once a third of its buffer is free, so a client on a thin line looks stalled until
  /// then; and of what is left in its buffer at a close it tells nothing.
  void look_for_progress();

 private:
  struct item {
    actors::batch_ptr frames;
    std::size_t slice = 0;
    std::size_t offset = 0;
    /// Set for Beast's writes, with the count of bytes that Beast knows of.
    std::unique_ptr<io_completion> done;
    std::size_t reported = 0;
  };

  boost::system::error_code send(item& next);
  void wait();
  void flush();
  void finish_front();
  void fail(boost::system::error_code error);
  void drain(std::unique_ptr<io_completion> done);

  client_socket socket_;
  outbound_observer* observer_ = nullptr;
  std::vector<item> items_;
  clock::time_point last_progress_ = clock::now();
  /// What the client had yet to take at the last look.
  std::size_t left_to_take_ = 0;
  bool batch_pending_ = false;
  bool close_queued_ = false;
  bool answer_expected_ = false;
  bool waiting_ = false;
  boost::system::error_code failed_;
};

}  // namespace spillway::net
