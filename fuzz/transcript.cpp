// Transcripts of deploys on disk, as a crash may have left them.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "fuzz/input.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "store/transcript_end.hpp"
#include "store/transcript_file.hpp"

namespace spillway::fuzz {
namespace {

/// In memory where there is room for it.
std::filesystem::path scratch_file() {
  const std::filesystem::path memory = "/dev/shm";
  const auto folder =
      std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
  return folder / ("spillway-fuzz-" + std::to_string(::getpid()));
}

void write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string read_all(const store::transcript_file& file, std::size_t step) {
  std::string all;
  for (;;) {
    const auto part = file.read(all.size(), step);
    require(part.has_value(), "a transcript can be read");
    require(part->frames.empty() || part->frames.ends_with('\n'), "only whole lines are read");
    all += part->frames;
    if (part->at_end) return all;
    require(!part->frames.empty(), "each read goes on");
  }
}

void check_file(std::string_view bytes, std::size_t step) {
  static const auto path = scratch_file();
  write(path, bytes);
  auto file = store::transcript_file::open(path);
  require(file.has_value(), "a transcript can be opened");
  const auto whole = bytes.substr(0, bytes.rfind('\n') + 1);
  require(read_all(*file, step) == whole, "what is read are the whole lines");
  const auto last = file->last_line();
  const auto trimmed = whole.substr(0, whole.empty() ? 0 : whole.size() - 1);
  require(last && *last == trimmed.substr(trimmed.rfind('\n') + 1), "the last line is the last");
  require(file->drop_torn_line().has_value() && file->size() == whole.size(),
          "a torn line is dropped, and no more");
  require(file->append("x\n").has_value() && file->last_line() == "x", "a line is appended");
  std::filesystem::remove(path);
}

void check_end(const std::string& line) {
  const auto last = store::parse_last_frame(line);
  actors::deploy_record record{};
  record.action = "up";
  record.status = "failed";
  record.exit_code = -1;
  const auto closing = store::closing_frames(record, last, line);
  require(closing.ends_with('\n'), "frames are lines");
  const auto middle = closing.find('\n');
  const auto notice = nlohmann::json::parse(closing.substr(0, middle), nullptr, false);
  require(notice.is_object() && notice["done"] == false, "a notice comes first", closing);
  const auto end = store::parse_last_frame(closing.substr(middle + 1));
  require(end.final && end.status == "failed" && end.exit_code == -1, "then the end", closing);
  require(last.action.empty() || end.action == last.action, "of the same step", closing);
}

}  // namespace

void run(std::string_view bytes) {
  input_reader input(bytes);
  const std::size_t step = 1 + input.byte();
  const auto text = input.rest();
  check_file(text, step);
  check_end(std::string(text.substr(0, text.find('\n'))));
}

}  // namespace spillway::fuzz
