// A viewer's connection: what any client may send, while batches and the session's close go out.
#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "fuzz/connection.hpp"
#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/server_frames.hpp"
#include "fuzz/target.hpp"
#include "fuzz/ws_client_model.hpp"
#include "net/ws_handshake.hpp"
#include "protocol/ws_frame.hpp"

namespace spillway::fuzz {
namespace {

using namespace std::chrono_literals;
using actors::viewer_connection;

constexpr std::uint16_t own_code = 1000;

/// The session's side. Writes batches as the socket takes them.
class viewer final : public actors::viewer_events, public std::enable_shared_from_this<viewer> {
 public:
  explicit viewer(std::shared_ptr<viewer_connection> connection)
      : connection_(std::move(connection)) {}

  void on_written() override {
    require(std::exchange(pending_, false), "a batch is told to be out once");
  }
  void on_silent() override { fail("time does not pass"); }
  void on_stalled() override { fail("time does not pass"); }
  void on_gone() override {
    require(!std::exchange(gone_, true), "the end is told once");
    connection_.reset();
  }

  void start() { connection_->start(shared_from_this()); }
  bool gone() const { return gone_; }
  bool closed() const { return closed_; }

  void write() {
    if (!connection_ || pending_) return;
    auto text = std::to_string(sent.size()) + std::string(sent.size() * 37 % 300, 'x');
    switch (connection_->write(batch_of(text))) {
      case viewer_connection::write_result::pending:
        pending_ = true;
        [[fallthrough]];
      case viewer_connection::write_result::written:
        sent.push_back(std::move(text));
        break;
      case viewer_connection::write_result::gone:
        break;
    }
  }
  void close() {
    if (!connection_) return;
    closed_ = true;
    connection_->close({protocol::close_code::normal, {"container exited"}});
  }
  void abort() {
    if (!connection_) return;
    closed_ = true;
    connection_->abort();
  }

  /// Messages that the connection took.
  std::vector<std::string> sent;

 private:
  static actors::batch_ptr batch_of(const std::string& text) {
    auto bytes = std::make_shared<std::string>(protocol::ws_header_size(text.size()), '\0');
    protocol::write_text_header(bytes->data(), text.size());
    *bytes += text;
    auto made = std::make_shared<actors::batch>();
    made->bytes = bytes->size();
    made->frames = 1;
    made->slices.push_back({bytes, *bytes});
    return made;
  }

  std::shared_ptr<viewer_connection> connection_;
  bool pending_ = false;
  bool gone_ = false;
  bool closed_ = false;
};

/// What the session does, and when: after so many pieces.
struct session_plan {
  std::size_t write_every;
  std::size_t end_after;
  bool aborts;
};

struct outcome {
  server_frames heard;
  std::vector<std::string> sent;
  /// The session ended it before the client's bytes were all read.
  bool closed_by_session;
};

std::unique_ptr<client_end> connect(stepped_io& io, std::string early, bool deflate,
                                    std::shared_ptr<viewer>& session) {
  auto client = std::make_unique<client_end>();
  net::accepted_upgrade upgrade{net::client_socket(client->server_end(io.context)),
                                std::move(early),
                                "dGhlIHNhbXBsZSBub25jZQ==",
                                deflate ? "permessage-deflate; client_no_context_takeover" : "",
                                {24h, 24h, 24h, 24h},
                                net::deadline_wheel::make(io.context, 1h),
                                nullptr};
  const auto strand = upgrade.socket.get_executor();
  boost::asio::dispatch(strand, [&] {
    net::accept_websocket(std::move(upgrade), [&](std::shared_ptr<viewer_connection> connection) {
      require(connection != nullptr, "the handshake is answered");
      session = std::make_shared<viewer>(std::move(connection));
      session->start();
    });
  });
  io.settle();
  require(session != nullptr, "the handshake is answered");
  return client;
}

outcome talk(std::string_view bytes, std::uint8_t seed, bool deflate, const session_plan& plan) {
  stepped_io io;
  piece_sizes sizes(seed);
  const auto early = bytes.substr(0, (seed & 0x80) != 0 ? sizes.next() : 0);
  bytes.remove_prefix(early.size());
  std::shared_ptr<viewer> session;
  const auto client = connect(io, std::string(early), deflate, session);
  std::string heard = client->receive();
  for (std::size_t step = 1; !bytes.empty(); ++step) {
    const auto piece = bytes.substr(0, sizes.next());
    bytes.remove_prefix(piece.size());
    client->send(piece);
    if (step % plan.write_every == 0) session->write();
    io.settle();
    if (step == plan.end_after) plan.aborts ? session->abort() : session->close();
    io.settle();
    heard += client->receive();
  }
  const bool closed_by_session = session->closed();
  client->finish_sending();
  io.settle();
  heard += client->receive();
  // Beast waits for itself where a client breaks the protocol while our close frame goes out: the
  // deadline for the closing handshake ends that, by this.
  if (!session->gone() && read_server_frames(heard).close) {
    session->abort();
    io.settle();
  }
  require(session->gone(), "a client that goes ends its connection");
  heard += client->receive();
  require(client->ended(), "a connection that is gone is closed");
  return {read_server_frames(heard), session->sent, closed_by_session};
}

void check_pongs(const outcome& made, const client_reading& model) {
  const auto& pongs = made.heard.pongs;
  require(pongs.size() <= model.pings.size() &&
              std::equal(pongs.begin(), pongs.end(), model.pings.begin()),
          "pongs answer pings, in order");
  const bool early_end = made.closed_by_session || !model.ends.empty();
  require(early_end || pongs.size() == model.pings.size(), "every ping is answered");
}

void check_close(const outcome& made, const client_reading& model, bool aborts) {
  const auto& close = made.heard.close;
  if (!close) {
    const bool may_live = model.may_live || (made.closed_by_session && aborts);
    return require(may_live, "a client that breaks the protocol is told so");
  }
  const bool own = made.closed_by_session && close->code == own_code;
  require(own || model.ends.contains(close->code), "the close code fits what the client did",
          std::to_string(close->code));
}

void check_messages(const outcome& made) {
  const auto& messages = made.heard.messages;
  require(messages.size() <= made.sent.size() &&
              std::equal(messages.begin(), messages.end(), made.sent.begin()),
          "messages arrive whole and in order");
}

}  // namespace

void run(std::string_view bytes) {
  input_reader input(bytes);
  const auto seed = input.byte();
  const auto how = input.byte();
  const bool deflate = (how & 1) != 0;
  const session_plan plan{1u + (how >> 1 & 7), std::size_t{input.byte()}, (how & 0x10) != 0};
  const auto sent = input.rest();

  const auto model = read_as_client(sent, deflate);
  const auto made = talk(sent, seed, deflate, plan);
  check_messages(made);
  check_pongs(made, model);
  check_close(made, model, plan.aborts);
}

}  // namespace spillway::fuzz
