// The dashboard's files.
#include <algorithm>

#include "net/routes/routes.hpp"

namespace spillway::net {
namespace {

/// Everything comes from here, nothing is written into the page, nobody may frame it, and no form
/// goes out by itself: what is typed into one would be in the address.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::string_view without_dashboard =
    "This Spillway was built without its dashboard. The API is at /api, see docs/api.\n";

/// An element of a comma-separated list (RFC 9110, 5.6.1), weak or not, or `*`.
bool names_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    auto one = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (!one.empty() && (one.front() == ' ' || one.front() == '\t')) one.remove_prefix(1);
    while (!one.empty() && (one.back() == ' ' || one.back() == '\t')) one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag || one == "*") return true;
  }
  return false;
}

reply reply_with(const static_file& file, const http_request& request) {
  reply made;
  made.content_type = file.content_type;
  made.headers = {
      {"Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
      {"Content-Security-Policy", std::string(content_security_policy)},
      {"Referrer-Policy", "no-referrer"},
      {"ETag", std::string(file.etag)},
      {"Vary", "Accept-Encoding"}};
  if (names_etag(request.if_none_match, file.etag)) {
    made.status = 304;
  } else if (request.takes_gzip && !file.gzip.empty()) {
    made.headers.emplace_back("Content-Encoding", "gzip");
    made.fixed_body = file.gzip;
  } else {
    made.fixed_body = file.bytes;
  }
  return made;
}

void serve_file(const context_ptr& context) {
  const auto files = context->deps().dashboard;
  const auto found = std::ranges::find(files, context->request.path, &static_file::path);
  if (found != files.end()) return context->answer(reply_with(*found, context->request));
  if (context->request.path != "/") return context->fail(not_found());
  reply made;
  made.content_type = "text/plain; charset=utf-8";
  made.body = without_dashboard;
  context->answer(std::move(made));
}

constexpr route routes_of_dashboard[] = {
    {"GET", "/", needs::nothing, serve_file},
    {"GET", "/assets/{id}", needs::nothing, serve_file},
};

}  // namespace

std::span<const route> dashboard_routes() {
  return routes_of_dashboard;
}

}  // namespace spillway::net
