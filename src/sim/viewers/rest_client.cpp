#include "sim/viewers/rest_client.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <utility>

namespace spillway::sim {

namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

/// Of an answer: transcripts may be long.
constexpr std::uint64_t most_body_bytes = 64 << 20;
constexpr std::size_t summary_bytes = 200;

http::request<http::string_body> as_request(const rest_call& call, const std::string& host) {
  http::request<http::string_body> made;
  made.method_string(call.method);
  made.target(call.path);
  made.version(11);
  made.set(http::field::host, host);
  made.set(http::field::connection, "close");
  if (!call.token.empty()) made.set(http::field::authorization, "Bearer " + call.token);
  if (!call.cookie.empty()) made.set(http::field::cookie, call.cookie);
  if (!call.body.is_null()) {
    made.set(http::field::content_type, "application/json");
    made.body() = call.body.dump();
  }
  made.prepare_payload();
  return made;
}

}  // namespace

nlohmann::json rest_answer::json() const {
  auto parsed = nlohmann::json::parse(text, nullptr, false);
  return parsed.is_discarded() ? nlohmann::json() : parsed;
}

std::string rest_answer::summary() const {
  return std::to_string(status) + " " + text.substr(0, summary_bytes);
}

/// One call under way.
struct rest_client::exchange : std::enable_shared_from_this<exchange> {
  exchange(std::shared_ptr<rest_client> of, const rest_call& call)
      : owner(std::move(of)),
        stream(owner->strand_),
        request(as_request(call, owner->server_.host)) {
    parser.body_limit(most_body_bytes);
  }

  void begin() {
    stream.expires_after(patience);
    stream.async_connect(owner->server_.endpoint, [self = shared_from_this()](error_code error) {
      if (error) return self->fail(error);
      http::async_write(self->stream, self->request, [self](error_code failed, std::size_t) {
        if (failed) return self->fail(failed);
        self->receive();
      });
    });
  }
  void receive() {
    http::async_read(stream, buffer, parser,
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (error) return self->fail(error);
                       self->answered();
                     });
  }
  void answered() {
    const auto& got = parser.get();
    const std::string field(got[http::field::set_cookie]);
    owner->over({got.result_int(), got.body(), field.substr(0, field.find(';'))});
  }
  void fail(error_code error) { owner->over({0, error.message(), {}}); }

  std::shared_ptr<rest_client> owner;
  boost::beast::basic_stream<boost::asio::ip::tcp, viewer_strand> stream;
  http::request<http::string_body> request;
  http::response_parser<http::string_body> parser;
  boost::beast::flat_buffer buffer;
};

void rest_client::call(rest_call what, handler done) {
  waiting_.emplace_back(std::move(what), std::move(done));
  if (!std::exchange(busy_, true)) next();
}

void rest_client::next() {
  std::make_shared<exchange>(shared_from_this(), waiting_.front().first)->begin();
}

void rest_client::over(const rest_answer& answer) {
  const auto done = std::move(waiting_.front().second);
  waiting_.pop_front();
  if (stopped_) return waiting_.clear();
  done(answer);
  busy_ = !waiting_.empty();
  if (busy_) next();
}

rest_answer call_and_wait(const server_place& server, rest_call what) {
  boost::asio::io_context io(1);
  std::optional<rest_answer> came;
  const auto client = std::make_shared<rest_client>(viewer_strand(io.get_executor()), server);
  client->call(std::move(what), [&](const rest_answer& answer) { came = answer; });
  io.run();
  return came.value_or(rest_answer{});
}

}  // namespace spillway::sim
