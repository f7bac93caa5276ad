// What rude viewers do, and what must come of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/seed.hpp"
#include "sim/viewers/flaw.hpp"
#include "sim/viewers/viewing_end.hpp"

namespace spillway::sim {

/// What a deed's request is made of.
struct rude_request {
  std::string host;
  std::string path;
  std::string token;
};

/// One visit of a rude viewer: what it sends, and what it waits for.
struct rude_deed {
  /// What becomes of the connection once all is sent.
  enum class then : std::uint8_t {
    /// It is read to its end.
    read,
    /// It is reset after a moment.
    reset,
    /// A hundred connections at once are reset as soon as they have sent.
    flood
  };

  std::string_view name;
  /// What is sent at first.
  std::string (*opening)(const rude_request& request, draws& random);
  /// Sent once the upgrade was answered with 101; null where nothing is.
  std::string (*message)(draws& random);
  then after = then::read;
  /// The status of the answer; 0 where none need come.
  unsigned status = 0;
  /// The close code after a 101; 0 where none need come.
  unsigned close_code = 0;
  std::string_view reason;
};

std::span<const rude_deed> rude_deeds();

/// What came of a visit.
struct rude_outcome {
  /// Of the HTTP answer; 0 where there was none.
  unsigned status = 0;
  /// Of the close frame; 0 where there was none.
  unsigned close_code = 0;
  std::string reason;
  /// Whether the server ended the connection; otherwise the viewer gave up waiting.
  bool ended_by_server = false;
  /// Bytes that are no frame of a server.
  bool nonsense = false;
  /// Lines, notices and errors before the end, and whether the last of them was an error.
  std::size_t text_frames = 0;
  bool after_error = false;
};

/// As of every viewer (crowd_plan).
struct rude_leniency {
  bool allow_1011 = false;
  bool allow_limits = false;
};

/// Nothing where it is as it should be.
std::optional<flaw> judge_rude(const rude_deed& deed, const rude_outcome& outcome,
                               rude_leniency leniency);

}  // namespace spillway::sim
