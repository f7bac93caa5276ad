// docs/api names every route and every stream, and none that there is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "net/router.hpp"
#include "protocol/stream_request.hpp"
#include "support/paths.hpp"

namespace spillway::net {
namespace {

YAML::Node document(const std::string& name) {
  return YAML::LoadFile(test::source_folder() + "/docs/api/" + name);
}

/// A path with its parameters unnamed: the routes' names tell the router what to do with them.
std::string unnamed(std::string_view path) {
  std::string made;
  for (bool inside = false; char c : path) {
    if (c == '}') inside = false;
    if (!inside) made += c;
    if (c == '{') inside = true;
  }
  return made;
}

/// What the document calls it.
std::string needs_text(needs who) {
  switch (who) {
    case needs::nothing:
    case needs::worker:
      return "nothing";
    case needs::login:
      return "login";
    case needs::read:
      return "read";
    case needs::operate:
      return "operate";
    case needs::administer:
      break;
  }
  return "administer";
}

/// `GET /api/apps/{}/events: read`
std::string described(std::string method, std::string_view path, const std::string& needed) {
  std::ranges::transform(method, method.begin(), [](char c) { return std::toupper(c); });
  return method + " " + unnamed(path) + ": " + needed;
}

std::set<std::string> documented_operations() {
  const std::set<std::string> methods{"get", "put", "post", "delete", "patch", "head", "options"};
  std::set<std::string> made;
  for (const auto& path : document("openapi.yaml")["paths"]) {
    for (const auto& item : path.second) {
      const auto method = item.first.as<std::string>();
      if (!methods.contains(method)) continue;
      made.insert(described(method, path.first.as<std::string>(),
                            item.second["x-needs"].as<std::string>("nobody says")));
    }
  }
  return made;
}

std::vector<std::string> without(const std::set<std::string>& all,
                                 const std::set<std::string>& others) {
  std::vector<std::string> left;
  std::ranges::set_difference(all, others, std::back_inserter(left));
  return left;
}

TEST(the_api_document, names_every_route_and_who_may_use_it) {
  std::set<std::string> served;
  // The dashboard is no part of it.
  const auto is_of_dashboard = [](const route& one) {
    return one.pattern == "/" || one.pattern.starts_with("/assets/");
  };
  for (const route& one : all_routes()) {
    if (is_of_dashboard(one)) continue;
    served.insert(described(std::string(one.method), one.pattern, needs_text(one.who)));
  }
  const auto documented = documented_operations();
  EXPECT_THAT(without(served, documented), ::testing::IsEmpty()) << "are not in openapi.yaml";
  EXPECT_THAT(without(documented, served), ::testing::IsEmpty()) << "are in openapi.yaml alone";
}

TEST(the_api_document, names_every_stream) {
  // The last kind of a request is a bad one.
  constexpr auto kinds = std::variant_size_v<decltype(protocol::stream_request::what)> - 1;
  std::set<std::size_t> found;
  const auto document_of_streams = document("asyncapi.yaml");
  for (const auto& channel : document_of_streams["channels"]) {
    auto path = channel.second["address"].as<std::string>();
    if (const auto at = path.find("{slug}"); at != std::string::npos) path.replace(at, 6, "shop");
    const auto wanted = protocol::parse_stream_target(path, {});
    ASSERT_TRUE(wanted) << path << " is no stream";
    EXPECT_EQ(channel.second["x-needs"].as<std::string>(), wanted->app ? "read" : "administer");
    EXPECT_TRUE(found.insert(wanted->what.index()).second) << path << " is there twice";
  }
  EXPECT_EQ(found.size(), kinds);
}

}  // namespace
}  // namespace spillway::net
