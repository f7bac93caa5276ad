#include "sim/viewers/frame_reader.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace spillway::sim {

namespace {

using nlohmann::json;

/// Takes the values of a flat object, or one string, and the order of the keys; no document is
/// built, which costs most of what there is to reading a line.
class frame_fields : public nlohmann::json_sax<json> {
 public:
  explicit frame_fields(seen_frame& into) : frame_(into) {}

  /// `ts,stream,line`
  std::string keys;
  std::string stream;
  std::string wrong;
  bool done = false;
  bool is_string = false;

  bool null() override { return refuse("null"); }
  bool boolean(bool value) override {
    if (key_ != "done") return refuse("true or false as " + key_);
    done = value;
    return true;
  }
  bool number_integer(number_integer_t value) override {
    if (key_ != "exit_code") return refuse("a negative " + key_);
    frame_.exit_code = value;
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    if (key_ == "skipped") {
      frame_.skipped = value;
    } else if (key_ == "exit_code") {
      frame_.exit_code = static_cast<std::int64_t>(value);
    } else {
      return refuse("a number as " + key_);
    }
    return true;
  }
  bool number_float(number_float_t, const string_t& text) override { return refuse(text); }
  bool string(string_t& value) override {
    if (depth_ == 0) {
      is_string = true;
      frame_.text = std::move(value);
    } else if (std::string* const place = place_of(key_)) {
      *place = std::move(value);
    } else {
      return refuse("a text as " + key_);
    }
    return true;
  }
  bool binary(binary_t&) override { return refuse("bytes"); }
  bool start_object(std::size_t) override {
    return depth_++ == 0 || refuse("an object as " + key_);
  }
  bool key(string_t& value) override {
    key_ = value;
    if (!keys.empty()) keys += ',';
    keys += value;
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return refuse("a list"); }
  bool end_array() override { return true; }
  bool parse_error(std::size_t at, const std::string&, const json::exception& why) override {
    return refuse("no JSON at byte " + std::to_string(at) + ": " + why.what());
  }

 private:
  bool refuse(std::string what) {
    wrong = std::move(what);
    return false;
  }
  std::string* place_of(std::string_view key) {
    if (key == "line" || key == "output" || key == "error") return &frame_.text;
    if (key == "ts" || key == "timestamp") return &frame_.at;
    if (key == "stream") return &stream;
    if (key == "action") return &frame_.action;
    if (key == "status") return &frame_.status;
    return nullptr;
  }

  seen_frame& frame_;
  std::string key_;
  int depth_ = 0;
};

frame_shape shape_of_logs(const frame_fields& f) {
  const bool known = f.stream == "stdout" || f.stream == "stderr";
  if (f.keys == "ts,stream,line" && known) return frame_shape::log_line;
  if (f.keys == "ts,stream,line,skipped" && f.stream == "stderr") return frame_shape::skip_notice;
  return frame_shape::broken;
}

frame_shape shape_of_deploy(const frame_fields& f, const seen_frame& frame) {
  if (f.keys == "timestamp,action,output,done" && !f.done) return frame_shape::deploy_line;
  if (f.keys == "timestamp,action,output,done,status,exit_code" && f.done && frame.text.empty())
    return frame_shape::deploy_end;
  if (f.keys == "done,action" && f.done && frame.action == "none") return frame_shape::no_deploy;
  return frame_shape::broken;
}

frame_shape frame_shape_of(const frame_fields& f, const seen_frame& frame, stream_kind kind) {
  if (f.is_string) {
    return kind == stream_kind::process_logs ? frame_shape::process_line : frame_shape::broken;
  }
  if (f.keys == "error") return frame_shape::error;
  switch (kind) {
    case stream_kind::logs:
      return shape_of_logs(f);
    case stream_kind::deploy_logs:
      return shape_of_deploy(f, frame);
    case stream_kind::process_logs:
      break;
  }
  return frame_shape::broken;
}

}  // namespace

const seen_frame& frame_reader::read(std::string_view text, stream_kind kind) {
  frame_fields fields(frame_);
  if (!json::sax_parse(text.begin(), text.end(), &fields)) {
    frame_.shape = frame_shape::broken;
    frame_.text = fields.wrong;
    return frame_;
  }
  frame_.shape = frame_shape_of(fields, frame_, kind);
  if (frame_.shape == frame_shape::broken) {
    frame_.text = "not a frame of " + std::string(name_of(kind)) + ", its fields are " +
                  (fields.is_string ? "none" : fields.keys);
  }
  return frame_;
}

}  // namespace spillway::sim
