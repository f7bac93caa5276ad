#include "app/server_tls.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <chrono>
#include <utility>

namespace spillway::app {

tl::expected<net::loaded_tls_context, std::string> server_tls::read() const {
  return net::load_tls_context(settings_.tls.certificate, settings_.tls.private_key);
}

tl::expected<void, std::string> server_tls::load() {
  if (settings_.tls.certificate.empty()) return {};
  auto loaded = read();
  if (!loaded) return tl::unexpected(std::move(loaded.error()));
  loaded_ = std::move(*loaded);
  context_.emplace(loaded_.context);
  return {};
}

void server_tls::log_loaded() const {
  if (!context_) return;
  spdlog::info("[tls] new connections use the certificate in {}, valid until {}",
               settings_.tls.certificate.string(), loaded_.valid_until);
  for (const auto& warning : loaded_.warnings) spdlog::warn("[tls] {}", warning);
}

void server_tls::reload() {
  // Both ends in any case: with Type=notify-reload systemd waits for them (sd_notify(3)), and it
  // wants the time by the clock that libstdc++'s steady_clock reads.
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                           std::chrono::duration_cast<std::chrono::microseconds>(now).count())
                   .c_str());
  read_again();
  sd_notify(0, "READY=1");
}

void server_tls::read_again() {
  if (!context_) {
    spdlog::info(
        "[server] SIGHUP received and ignored: it reads TLS files again, and none are set");
    return;
  }
  auto loaded = read();
  if (!loaded) {
    spdlog::error("[tls] SIGHUP received, but the certificate in use stays: {}", loaded.error());
    return;
  }
  loaded_ = std::move(*loaded);
  context_->replace(loaded_.context);
  log_loaded();
}

}  // namespace spillway::app
