// JSON bodies of REST requests.
#include <nlohmann/json.hpp>

#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "net/base64.hpp"
#include "net/request_context.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {
namespace {

template <class T>
void check_failure(const net::result<T>& made) {
  if (made) return;
  require(made.error().status == 400, "a bad body is 400");
  require(made.error().message.size() < 128, "a failure does not repeat the body",
          made.error().message);
}

int depth_of(const nlohmann::json& value) {
  int deepest = 0;
  if (value.is_structured()) {
    for (const auto& each : value) deepest = std::max(deepest, depth_of(each));
  }
  return value.is_structured() ? deepest + 1 : 0;
}

}  // namespace

void run(std::string_view bytes) {
  net::http_request request;
  request.body = bytes;
  const auto body = net::json_body(request);
  if (!body) return check_failure(body);
  require(bytes.find('\0') == std::string_view::npos, "JSON has no zero bytes");
  require(body->is_object() && depth_of(*body) <= 16, "a body is an object, and no deep one");
  require(nlohmann::json::parse(bytes) == *body, "a body is what was sent");
  for (const char* name : {"username", "compose", "name"}) {
    const auto text = net::string_field(*body, name);
    check_failure(text);
    if (text) require(protocol::is_valid_utf8(*text), "texts are UTF-8");
    check_failure(net::optional_string_field(*body, name));
  }
  check_failure(net::bool_field(*body, "force", false));
  // As a client of the API would print it.
  const auto printed = net::json_reply(200, *body);
  require(nlohmann::json::parse(printed.body) == *body, "a reply reads back", printed.body);
}

}  // namespace spillway::fuzz
