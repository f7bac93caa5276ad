// What is followed: a container's log, a deploy, the server's own log.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/frame.hpp"
#include "client/frame_text.hpp"

namespace spillway::client {

/// A frame on its way to the screen.
struct shown_frame {
  std::string raw;
  frame parsed;
  deploy_duration took = std::nullopt;
};

/// How following something ended, for the exit code and a last sentence.
struct subject_end {
  bool succeeded = true;
  /// On standard error; empty where the output says it all.
  std::string sentence = "";
};

/// Knows what to ask for at the next connection, and which of its frames are new. Context: one
/// thread.
class subject {
 public:
  virtual ~subject() = default;

  /// The app that it is about; empty for the server.
  virtual const std::string& app() const = 0;
  /// The request target of the next connection.
  virtual std::string target() const = 0;
  /// A connection was opened.
  virtual void begin() = 0;
  /// A frame came that is no error. Returns what is to be shown.
  virtual std::vector<shown_frame> take(shown_frame came) = 0;
  /// Set once the frames have said how it ended.
  virtual std::optional<subject_end> end() const { return std::nullopt; }
  /// What it means that the stream was closed with 1000 before that.
  virtual subject_end closed(const std::string& reason) const = 0;

  /// Whether frames are kept back until more have come, and what they are if none come.
  virtual bool keeps_back() const { return false; }
  virtual std::vector<shown_frame> give_up() { return {}; }
};

/// For the path and the query of a request target.
std::string in_target(const std::string& text);

}  // namespace spillway::client
