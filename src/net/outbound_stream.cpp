#include "net/outbound_stream.hpp"

namespace spillway::net {

void teardown(boost::beast::role_type, outbound_stream& stream, boost::system::error_code& error) {
  // Beast wants it declared for its blocking calls, of which there are none here.
  error = {};
  stream.queue().close(false);
}

}  // namespace spillway::net
