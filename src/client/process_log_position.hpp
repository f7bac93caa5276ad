// Where the reader of the server's own log stands.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace spillway::client {

/// Every connection begins with the server's ring of recent lines. What of it was had is skipped:
/// the ring's first line is looked for among the lines that were had lately, the oldest place first
/// from which on they all follow, up to the newest. If there is no such place all is shown: the
/// server is another one, or has printed more in between than its ring holds. While a place may
/// still be right its lines are kept back. Eight bytes a line. Context: one thread.
class process_log_position {
 public:
  static constexpr std::size_t max_remembered = (4 << 20) / sizeof(std::uint64_t);

  explicit process_log_position(std::size_t most = max_remembered) : most_(most) {}

  /// A connection was opened. What was kept back is dropped: it comes again.
  void begin();
  /// A line came, in whatever form the caller shows it. Returns those that are new by now.
  std::vector<std::string> take(std::string line);
  /// No more lines come for now: returns those that were kept back, since the place was wrong.
  std::vector<std::string> give_up();
  bool keeps_back() const { return !kept_back_.empty(); }
  /// So many lines before the next one were skipped. Any line may be one of those, but how far what
  /// comes after them lies from what was had before is known. Nothing may be kept back.
  void note_gap(std::uint64_t lines);

 private:
  std::vector<std::string> settle(std::size_t overlap);
  void remember(std::uint64_t hash);
  bool fits(std::size_t place, std::uint64_t hash) const;

  const std::size_t most_;
  std::deque<std::uint64_t> had_;
  /// Places in `had_` at which the ring may begin, oldest first; they all fit what is kept back.
  std::vector<std::size_t> places_;
  std::vector<std::string> kept_back_;
  bool comparing_ = false;
};

}  // namespace spillway::client
