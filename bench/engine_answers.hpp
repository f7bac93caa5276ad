// What the feeder answers to the requests of the Engine API that a log viewer's server sends.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::bench {

/// A container of a compose service `web` that runs for ever.
struct fed_container {
  std::string project;
  std::string id;
};

/// The container of the n-th app, whose project is `project`.
fed_container make_container(std::size_t number, std::string project);

struct engine_answer {
  int status = 200;
  std::string body;
  /// The container whose log is asked for; its body is not in `body`.
  std::optional<std::size_t> log;
  bool follow = false;
};

/// `target` is that of a GET request, with the API's version or without.
engine_answer answer_request(std::string_view target, const std::vector<fed_container>& containers);

}  // namespace spillway::bench
