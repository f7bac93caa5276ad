// The body of a reply on its way out.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace spillway::net {

/// Bytes of its own, or bytes that live as long as the process and that no reply copies. Meets
/// Beast's requirements of a Body. Context: the session that owns the message.
struct reply_body {
  struct value_type {
    std::string own;
    std::string_view fixed;
    std::string_view bytes() const { return fixed.empty() ? std::string_view(own) : fixed; }
    void clear() { *this = {}; }
  };

  static std::uint64_t size(const value_type& body) { return body.bytes().size(); }

  class writer {
   public:
    using const_buffers_type = boost::asio::const_buffer;

    template <bool is_request, class Fields>
    writer(const boost::beast::http::header<is_request, Fields>&, const value_type& body)
        : body_(body) {}

    void init(boost::system::error_code& error) { error = {}; }
    boost::optional<std::pair<const_buffers_type, bool>> get(boost::system::error_code& error) {
      error = {};
      const auto bytes = body_.bytes();
      return {{const_buffers_type(bytes.data(), bytes.size()), false}};
    }

   private:
    const value_type& body_;
  };
};

}  // namespace spillway::net
