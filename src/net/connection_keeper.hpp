// Who owns a connection that works on its own.
#pragma once

#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace spillway::net {

/// A service of the io_context: what it keeps is let go at the latest when the io_context dies, so
/// that no connection can keep itself past its end. Context: any thread.
class connection_keeper : public boost::asio::execution_context::service {
 public:
  static inline boost::asio::execution_context::id id;

  explicit connection_keeper(boost::asio::execution_context& owner) : service(owner) {}

  void keep(std::shared_ptr<void> connection);
  /// Null where it was not kept.
  std::shared_ptr<void> release(const void* connection);

 private:
  void shutdown() override;

  std::mutex mutex_;
  std::unordered_map<const void*, std::shared_ptr<void>> kept_;
};

}  // namespace spillway::net
