#include "sim/host/engine_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace spillway::sim {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::string_view unix_url = "unix://";

}  // namespace

std::string client_answer::message() const {
  if (body.is_object() && body.contains("message") && body["message"].is_string()) {
    return body["message"].get<std::string>();
  }
  return "the engine answered with status " + std::to_string(status);
}

engine_client::engine_client(std::string host_url) {
  if (!host_url.starts_with(unix_url)) {
    throw engine_unreachable(
        "the simulated host listens on a Unix socket alone: DOCKER_HOST must "
        "be unix:///PATH, not " +
        host_url);
  }
  path_ = host_url.substr(unix_url.size());
}

client_answer engine_client::request(std::string_view method, const std::string& target,
                                     const std::string& body) const {
  try {
    asio::io_context io;
    asio::local::stream_protocol::socket socket(io);
    socket.connect(asio::local::stream_protocol::endpoint(path_));
    http::request<http::string_body> request;
    request.method_string({method.data(), method.size()});
    request.target({target.data(), target.size()});
    request.version(11);
    request.set(http::field::host, "docker");
    request.set(http::field::user_agent, "docker-compose/1.29.2 spillway-sim");
    request.keep_alive(false);
    request.body() = body;
    request.prepare_payload();
    http::write(socket, request);
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(256U << 20U);
    http::read(socket, buffer, parser);
    const auto& answer = parser.get();
    return {answer.result_int(), nlohmann::json::parse(answer.body(), nullptr, false)};
  } catch (const boost::system::system_error& e) {
    throw engine_unreachable("Couldn't connect to Docker daemon at unix://" + path_ +
                             " - is it running? (" + e.code().message() + ")");
  }
}

std::string url_encoded(std::string_view text) {
  return boost::urls::encode({text.data(), text.size()}, boost::urls::unreserved_chars);
}

}  // namespace spillway::sim
