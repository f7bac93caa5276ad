// Output of a process, split into lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::host {

/// What a carriage return that stands alone does. Before a newline it is part of the newline where
/// it `overwrites`.
enum class carriage_return { kept, overwrites };

/// Splits bytes into lines, however they are chunked. A line longer than `max_line` bytes is cut
/// between two characters and marked with the count of what is gone, mark included in `max_line`;
/// no more than `max_line` bytes are held while a longer one goes by.
/// Context: one caller at a time.
class line_splitter {
 public:
  line_splitter(std::size_t max_line, carriage_return mode) : max_line_(max_line), mode_(mode) {}

  /// Appends the lines that `bytes` completes, without newline.
  void feed(std::string_view bytes, std::vector<std::string>& lines);
  /// The input is at its end: appends what stands there without a newline, if anything.
  void finish(std::vector<std::string>& lines);

 private:
  void take(std::string_view text);
  void end_line(std::vector<std::string>& lines);
  void cut();

  std::size_t max_line_;
  carriage_return mode_;
  std::string line_;
  std::size_t dropped_ = 0;
  bool returned_ = false;  // a carriage return came; what follows decides what it meant
};

}  // namespace spillway::host
