#include "app/store_failure.hpp"

#include <spdlog/spdlog.h>

namespace spillway::app {

net::failure to_failure(const store::error& failed) {
  switch (failed.code) {
    case store::errc::invalid:
      return {400, failed.message};
    case store::errc::exists:
    case store::errc::refused:
      return {409, failed.message};
    case store::errc::not_found:
      return {404, failed.message};
    case store::errc::busy:
      spdlog::warn("[store] {}", failed.message);
      return {503, "the server's storage is busy, try again"};
    case store::errc::unavailable:
      break;
  }
  spdlog::error("[store] {}", failed.message);
  return {500, "the server cannot use its storage; its log says why"};
}

}  // namespace spillway::app
