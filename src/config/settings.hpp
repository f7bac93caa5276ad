// The server's settings as plain values; what each means is said once, in settings_table.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/address_range.hpp"
#include "config/rate.hpp"

namespace spillway::config {

struct endpoint {
  std::string host;
  std::uint16_t port = 0;
};

struct settings {
  endpoint listen{"127.0.0.1", 8443};
  std::filesystem::path data_dir = "/var/lib/spillway";
  std::filesystem::path apps_dir = "/etc/spillway/apps";
  std::vector<std::string> allowed_origins;
  std::vector<address_range> trusted_proxies;

  /// Both empty, for plain HTTP, or neither.
  struct {
    std::filesystem::path certificate;
    std::filesystem::path private_key;
  } tls;

  struct {
    /// `unix:///path` or `tcp://host:port`.
    std::string host = "unix:///var/run/docker.sock";
    /// Empty stands for `auto`.
    std::vector<std::string> compose_command;
    /// With registry credentials for compose; empty for its own default.
    std::filesystem::path config_dir;
    std::string project_prefix = "simpledeploy-";
  } docker;

  struct {
    std::uint32_t max_concurrent = 3;
    std::chrono::milliseconds start_wait{3'000};
    std::chrono::milliseconds recent_window{10'000};
    std::uint32_t transcript_lines = 10'000;
    /// Of one app: recorded deploys, bytes of their transcripts, compose files.
    std::uint32_t history = 100;
    std::size_t history_size_bytes = 256 << 20;
    std::uint32_t versions = 20;
  } deploy;

  struct {
    std::size_t ring_size_bytes = 4 << 20;
    std::chrono::milliseconds linger{30'000};
    std::size_t max_line_bytes = 256 << 10;
  } logs;

  struct {
    std::uint32_t lines = 1'000;
  } process_log;

  struct {
    std::size_t window_bytes = 256 << 10;
    std::chrono::milliseconds read_deadline{300'000};
    std::chrono::milliseconds ping_interval{30'000};
    std::chrono::milliseconds stall_timeout{60'000};
    bool compression = true;
  } stream;

  struct {
    std::uint32_t max_viewers = 50'000;
    std::uint32_t max_viewers_per_user = 200;
    std::uint32_t max_connections_per_address = 1'024;
    std::chrono::milliseconds header_timeout{10'000};
    std::size_t max_header_bytes = 16 << 10;
    std::size_t max_body_bytes = 4 << 20;
  } limits;

  struct {
    std::chrono::milliseconds session_lifetime{24 * 3'600'000};
    /// Of one address.
    rate login_attempts{10, std::chrono::minutes(1)};
    /// Failed logins as one user from one address.
    rate lockout{5, std::chrono::minutes(15)};
  } auth;

  struct {
    std::uint32_t records = 100'000;
  } audit;

  struct {
    std::chrono::milliseconds grace{10'000};
  } shutdown;

  /// 0 stands for `auto`: one a core.
  std::uint32_t threads = 0;
};

}  // namespace spillway::config
