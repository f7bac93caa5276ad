#include "net/request_meters.hpp"

namespace spillway::net {

std::string_view to_string(refusal why) {
  switch (why) {
    case refusal::bad_request:
      return "bad_request";
    case refusal::origin:
      return "origin";
    case refusal::credentials:
      return "credentials";
    case refusal::access:
      return "access";
    case refusal::not_found:
      return "not_found";
    case refusal::limit_user:
      return "limit_user";
    case refusal::limit_server:
      return "limit_server";
    case refusal::busy:
      break;
  }
  return "busy";
}

}  // namespace spillway::net
