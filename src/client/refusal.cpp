#include "client/refusal.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "client/terminal_text.hpp"

namespace spillway::client {
namespace {

/// Whether the answer has the form of a Spillway server's errors.
bool is_spillways(const http_refusal& answer) {
  const auto json = nlohmann::json::parse(answer.body, nullptr, false);
  return json.is_object() && json.contains("error") && json["error"].is_string();
}

/// What the server said, without a period or control characters; or its status.
std::string said(const http_refusal& answer) {
  if (is_spillways(answer))
    return terminal_text(nlohmann::json::parse(answer.body)["error"].get<std::string>(),
                         colours::removed);
  return "the server answered " + std::to_string(answer.status);
}

std::optional<std::chrono::seconds> seconds_in(std::string_view field) {
  constexpr unsigned longest = 3600;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc{} || end != field.data() + field.size()) return std::nullopt;
  return std::chrono::seconds(std::min(value, longest));
}

std::string unknown_app(const std::string& app) {
  if (app.empty()) return "the server knows no such stream: is it a Spillway server?";
  return "no app " + terminal_text(app, colours::removed) +
         ", or it is not granted to this token's user";
}

std::string bad_request(const http_refusal& answer) {
  // The one 400 that a wrong --url causes.
  if (answer.body.find("speaks TLS") != std::string_view::npos)
    return "this port speaks TLS: write https:// in the URL";
  return "the server refused the request: " + said(answer);
}

}  // namespace

failure refused(const http_refusal& answer, const std::string& app) {
  switch (answer.status) {
    case 400:
      return {bad_request(answer), retry::never};
    case 401:
      return {
          "the server does not accept the token, it is wrong, expired or revoked: make one "
          "with `spillway token create`",
          retry::never};
    case 403:
      return {"this token's user may not do that (" + said(answer) + "): ask for a higher role",
              retry::never};
    case 404:
      return {is_spillways(answer) ? unknown_app(app)
                                   : "the server answered 404 without a reason: is it a Spillway "
                                     "server?",
              retry::never};
    case 426:
      return {
          "the server wants a WebSocket upgrade and got none: does a proxy stand before it "
          "that passes no upgrades?",
          retry::never};
    case 429:
    case 503:
      return {said(answer), retry::always, seconds_in(answer.retry_after)};
    default:
      break;
  }
  const auto number = std::to_string(answer.status);
  const auto why = is_spillways(answer) ? said(answer) + " (" + number + ")" : said(answer);
  if (answer.status >= 500) return {why, retry::once_connected};
  if (!answer.location.empty()) {
    return {"the server answered " + number + " and names " +
                terminal_text(answer.location, colours::removed) + ": write that in the URL",
            retry::never};
  }
  return {why, retry::never};
}

failure deploy_refused(const http_refusal& answer, const std::string& app, bool forced) {
  if (answer.status != 409) return refused(answer, app);
  const auto name = terminal_text(app, colours::removed);
  // Without force the server refuses an app that exists before it looks whether a deploy runs.
  const auto sentence = said(answer);
  if (!forced && sentence.find("force") != std::string::npos)
    return {"the app " + name + " exists: give --force to deploy it again", retry::never};
  if (sentence.find("under way") != std::string::npos)
    return {"a deploy of " + name + " runs already: see it with `spillway watch " + name + "`",
            retry::never};
  return {sentence, retry::never};
}

}  // namespace spillway::client
