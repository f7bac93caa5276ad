// Batches on their way from a publisher to the sockets of its viewers.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <vector>

#include "actors/batch.hpp"
#include "actors/messages.hpp"

namespace spillway::actors {

/// Takes the batches of one turn and brings them to their sessions, a group with one posted job: a
/// thread takes a group and runs each session's part on its strand, at once where nothing else
/// happens there. So a line costs no actor message a viewer, and several threads share a crowd.
/// Sessions without a strand get `deliver` messages. Context: the publisher that owns it.
class handover {
 public:
  /// Small enough that several threads find something to do, large enough that posting is cheap.
  static constexpr std::size_t group_size = 32;

  /// The batch goes out with the next flush(), or before.
  void add(const session_actor& to, batch_ptr frames);
  /// To be called before the publisher lets others have their turn.
  void flush();
  /// Calls `next` once the threads have come to all that was flushed, and to what waited for them
  /// before that; at once where no session has a strand. Context of `next`: an I/O thread.
  void afterwards(const std::function<void()>& next);

 private:
  struct parcel {
    session_actor to;
    batch_ptr frames;
  };
  std::vector<parcel> group_;
  std::optional<boost::asio::io_context::executor_type> threads_;
};

}  // namespace spillway::actors
