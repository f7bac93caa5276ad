#include "actors/stream_kind.hpp"

#include <type_traits>

namespace spillway::actors {

std::string_view to_string(stream_kind kind) {
  switch (kind) {
    case stream_kind::deploy:
      return "deploy";
    case stream_kind::container:
      return "container";
    case stream_kind::process:
      break;
  }
  return "process";
}

stream_kind kind_of(const protocol::stream_request& wanted) {
  return std::visit(
      [](const auto& what) {
        using request = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<request, protocol::process_log_request>) {
          return stream_kind::process;
        } else if constexpr (std::is_same_v<request, protocol::deploy_logs_request>) {
          return stream_kind::deploy;
        } else if constexpr (std::is_same_v<request, protocol::container_logs_request>) {
          return stream_kind::container;
        } else {
          return what.of_deploys ? stream_kind::deploy : stream_kind::container;
        }
      },
      wanted.what);
}

}  // namespace spillway::actors
