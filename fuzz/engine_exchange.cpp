// The Docker client against an engine that sends what it likes: HTTP, chunks, the log in them.
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <optional>
#include <vector>

#include "fuzz/connection.hpp"
#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "host/docker_engine.hpp"
#include "protocol/docker_log_parser.hpp"
#include "protocol/utf8.hpp"
#include "support/docker_wire.hpp"

namespace spillway::fuzz {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t line_limit = 1'000;
const std::string container = "0123456789abcdef";

/// What the engine answers to which request, and in pieces of which sizes.
struct engine_script {
  std::string version = test::http_answer(200, R"({"ApiVersion":"1.43","MinAPIVersion":"1.12"})");
  std::string inspect;
  std::string logs = test::http_answer(200, "");
  std::string list = test::http_answer(200, "[]");
  std::uint8_t seed = 0;

  std::string_view answer_to(std::string_view request) const {
    if (request.find("/version ") != std::string_view::npos) return version;
    if (request.find("/json?all") != std::string_view::npos) return list;
    return request.find("/logs?") != std::string_view::npos ? logs : inspect;
  }
};

std::string details(bool tty) {
  return test::http_answer(200, std::string(R"({"Config":{"Tty":)") + (tty ? "true" : "false") +
                                    R"(},"State":{"Running":true,"StartedAt":"t"}})");
}

/// A socket of its own name, on which the client's connections arrive. Context: one thread.
class engine_side {
 public:
  engine_side() {
    // Abstract (unix(7)): there is no file to leave behind.
    const auto name = "spillway-fuzz-" + std::to_string(::getpid());
    address_.sun_family = AF_UNIX;
    std::memcpy(address_.sun_path + 1, name.data(), name.size());
    url_ = "unix://" + std::string(1, '\0') + name;
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address_), size) != 0 ||
        ::listen(fd_, 16) != 0) {
      fail("there are sockets");
    }
  }

  const std::string& url() const { return url_; }

  /// Takes who has connected, and sends the next piece of an answer; false where there is nothing
  /// to do.
  bool step(const engine_script& script) {
    accept_all();
    if (peers_.empty()) return false;
    auto& next = peers_.front();
    if (!next.begun) begin(next, script);
    const auto piece = next.answer.substr(0, next.sizes.next());
    const auto sent = ::send(next.fd, piece.data(), piece.size(), MSG_NOSIGNAL);
    if (sent > 0) next.answer.remove_prefix(static_cast<std::size_t>(sent));
    // Where the client has closed nobody wants the rest.
    const bool lost = sent < 0 && errno != EAGAIN;
    if (next.answer.empty() || lost) {
      ::close(next.fd);
      peers_.pop_front();
      return true;
    }
    return sent > 0;
  }

  /// Before the next input.
  void forget_all() {
    accept_all();
    for (const auto& peer : peers_) ::close(peer.fd);
    peers_.clear();
  }

 private:
  struct peer {
    int fd;
    piece_sizes sizes{0};
    std::string_view answer{};
    bool begun = false;
  };

  void accept_all() {
    for (;;) {
      const int client = ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (client < 0) return;
      peers_.push_back({client});
    }
  }

  static void begin(peer& next, const engine_script& script) {
    std::array<char, 4096> request;
    const auto size = ::recv(next.fd, request.data(), request.size(), 0);
    next.begun = true;
    next.sizes = piece_sizes(script.seed);
    next.answer =
        script.answer_to({request.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
  }

  int fd_ = -1;
  sockaddr_un address_{};
  std::string url_;
  std::deque<peer> peers_;
};

void check_error(const actors::engine_error& error) {
  require(!error.message.empty() && error.message.size() < 256 &&
              protocol::is_valid_utf8(error.message),
          "an error is one short sentence", error.message);
  require(error.message.find('/') == std::string::npos, "an error names no path of the host",
          error.message);
}

struct heard_log {
  std::vector<std::string> lines;
  std::optional<actors::log_end> end;
  actors::engine_error error;
};

/// Reads a log to its end. The engine's answers end all, so this has to.
heard_log read_log(engine_side& peer, const engine_script& script, bool follow) {
  stepped_io io;
  host::docker_engine engine(io.context, peer.url(), {line_limit}, {1h, 1h, 1h, 0ms});
  heard_log heard;
  std::uint64_t entries = 0;
  bool asked = false;
  auto stream = engine.open_log(
      container, {5, {}, {}, follow}, [&](const std::shared_ptr<const actors::log_chunk>& chunk) {
        require(std::exchange(asked, false) && !heard.end, "a chunk was asked for");
        require(!chunk->lines.empty() || chunk->end, "a chunk says something");
        require(chunk->entries >= entries, "entries are counted up");
        entries = chunk->entries;
        for (std::size_t i = 0; i < chunk->lines.size(); ++i) {
          heard.lines.emplace_back(chunk->lines[i].text);
        }
        heard.end = chunk->end;
        heard.error = chunk->error;
      });
  while (!heard.end) {
    if (!std::exchange(asked, true)) stream->read();
    io.settle();
    if (heard.end || !asked) continue;
    require(peer.step(script), "a log ends when the engine has ended its answers");
    io.settle();
  }
  if (*heard.end == actors::log_end::failed) check_error(heard.error);
  stream.reset();
  io.settle();
  peer.forget_all();
  return heard;
}

void list(engine_side& peer, const engine_script& script) {
  stepped_io io;
  host::docker_engine engine(io.context, peer.url(), {line_limit}, {1h, 1h, 1h, 0ms});
  bool answered = false;
  engine.list("shop", [&](const auto& containers) {
    require(!std::exchange(answered, true), "a list is answered once");
    if (!containers) check_error(containers.error());
  });
  io.settle();
  while (peer.step(script)) io.settle();
  require(answered, "a list is answered");
}

/// The same log, without HTTP.
void check_same(const heard_log& heard, std::string_view log, bool tty) {
  protocol::docker_log_parser parser(
      tty ? protocol::log_framing::raw : protocol::log_framing::multiplexed, line_limit);
  protocol::log_lines lines;
  auto fed = parser.feed(log, lines);
  if (fed) fed = parser.finish(lines);
  require(fed.has_value() == (heard.end == actors::log_end::end_of_history),
          "a log ends as its bytes say", heard.error.message);
  if (!fed) return require(heard.error.message == fed.error(), "a failure is told as it is");
  require(heard.lines.size() == lines.size(), "every line comes once");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    require(heard.lines[i] == lines[i].text, "lines come as they are", heard.lines[i]);
  }
}

std::string chunked(std::string_view log, std::uint8_t seed) {
  auto answer = test::chunked_head;
  in_pieces(log, static_cast<std::uint8_t>(seed + 1), [&](std::string_view piece) {
    answer += test::http_chunk(piece);
    return true;
  });
  return answer + test::last_chunk;
}

}  // namespace

void prepare() {
  spdlog::set_level(spdlog::level::off);
}

/// The last byte but one says what the input is: a whole answer to one request, or a log.
void run(std::string_view bytes) {
  static engine_side peer;
  input_reader input(bytes);
  engine_script script;
  script.seed = input.byte();
  const auto how = input.byte();
  const bool tty = (how & 8) != 0;
  const bool follow = (how & 16) != 0;
  script.inspect = details(tty);
  const std::string sent(input.rest());
  switch (how % 8) {
    case 0:
      script.version = sent;
      break;
    case 1:
      script.inspect = sent;
      break;
    case 2:
      script.list = sent;
      return list(peer, script);
    case 3:
      script.logs = chunked(sent, script.seed);
      return check_same(read_log(peer, script, false), sent, tty);
    case 4:
      script.logs = test::http_answer(200, sent);
      return check_same(read_log(peer, script, false), sent, tty);
    default:
      script.logs = sent;
      break;
  }
  read_log(peer, script, follow);
}

}  // namespace spillway::fuzz
