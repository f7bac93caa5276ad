// Compressed streams (permessage-deflate) as clients see them that inflate for real: one of ours on
// zlib, Node's ws, a page in Chromium. Every line once and in order, over history, live lines, the
// points where the deflate context begins anew (every 256 lines), and a skip.
#include <algorithm>

#include "system/clients.hpp"
#include "system/fixture.hpp"
#include "system/raw_viewer.hpp"
#include "system/viewer_proxy.hpp"

namespace spillway::system_test {
namespace {

constexpr const char* agreed = "permessage-deflate; client_no_context_takeover";

std::string wait_for(const std::string& name) {
  return "until [ -e /" + name + " ]; do usleep 10000; done; ";
}

/// Bursts of 25 numbered lines up to `last`, at most 1,250 a second.
std::string lines_up_to(long last) {
  return "while [ $i -lt " + std::to_string(last) +
         " ]; do n=0; while [ $n -lt 25 ]; do i=$((i+1)); n=$((n+1)); echo line $i; done; "
         "usleep 20000; done; ";
}

class a_compressed_client : public on_one_server<a_compressed_client> {
 public:
  static setting_values settings() {
    return {{"logs.ring_size", "256KiB"}, {"stream.stall_timeout", "1h"}};
  }

 protected:
  void SetUp() override { SPILLWAY_NEEDS_ENGINE(); }

  /// An app that prints as the script says; `i` counts its lines.
  std::string deployed(const std::string& script) {
    auto slug = new_slug();
    spillway().deploy(slug, web_app("i=0; " + script));
    container_ = engine(*docker_host()).container(spillway().project(slug), "web");
    return slug;
  }

  /// Prints 400 lines, and 1,600 more once it is let go. A first viewer takes them compressed, so
  /// that whoever joins comes into the middle of a deflate context.
  std::string deployed_story() {
    auto slug = deployed(lines_up_to(400) + wait_for("go") + lines_up_to(2'000));
    first_viewer_ = raw(logs(slug, "tail=all"));
    EXPECT_TRUE(first_viewer_->read_until_count(400));
    EXPECT_TRUE(std::ranges::any_of(first_viewer_->messages(), &raw_message::compressed));
    return slug;
  }
  static std::string story_with_history(const std::string& slug) { return logs(slug, "tail=150"); }

  static void expect_story(const std::vector<std::string>& frames) {
    ASSERT_EQ(frames.size(), 1'750U);
    expect_consecutive(line_numbers(frames), 251);
  }

  /// The first compressed frame from `from` on; all after it are compressed as well.
  static std::size_t expect_compressed(const std::vector<bool>& compressed, std::size_t from) {
    const auto first =
        std::find(compressed.begin() + static_cast<long>(from), compressed.end(), true);
    EXPECT_EQ(std::count(first, compressed.end(), false), 0);
    return static_cast<std::size_t>(first - compressed.begin());
  }

  /// Plain frames up to the next new beginning of the context, compressed ones from there.
  static void expect_story_compressed(const std::vector<bool>& compressed) {
    ASSERT_EQ(compressed.size(), 1'750U);
    EXPECT_LE(expect_compressed(compressed, 0), 150U + 256U);
  }

  /// Prints a line, 20 MB of noise once it is let go, and 775 lines once it is let go again.
  std::string deployed_flood() {
    auto slug = deployed(
        "echo line 1; " + wait_for("flood") +
        R"(head -c 15000000 /dev/urandom | base64 -w 1000 | awk '{ print "line", NR + 1, $0 }'; )" +
        "i=20001; " + wait_for("go") + lines_up_to(20'776));
    return slug;
  }

  /// Lets the flood run until a viewer who reads has its last line.
  void flood(const std::string& slug) {
    first_viewer_ = raw(logs(slug));
    ASSERT_TRUE(first_viewer_->read_until_count(1));
    let_go("flood");
    read_flood(*first_viewer_);
  }
  static void read_flood(raw_viewer& log) {
    while (log.messages().back().text.find("\"line 20001 ") == std::string::npos) {
      ASSERT_TRUE(log.read_until_count(log.messages().size() + 1))
          << log.close_code() << " after " << log.messages().back().text.substr(0, 200);
    }
  }

  /// Lines in order from 1 to 20,776, what is missing counted by notices that stand in its place.
  static void expect_flood_with_a_skip(const std::vector<std::string>& frames) {
    long last = 0;
    long skipped = 0;
    for (const auto& frame : frames) {
      const auto notice = text_of(frame, "skipped");
      if (!notice.empty()) {
        skipped += std::stol(notice);
        last += std::stol(notice);
        continue;
      }
      const auto number = line_numbers({frame}).front();
      ASSERT_EQ(number, last + 1) << frame.substr(0, 200);
      last = number;
    }
    EXPECT_EQ(last, 20'776);
    EXPECT_GT(skipped, 0);
  }

  /// After the last notice there are plain frames, and then compressed ones to the end.
  static void expect_compressed_again(const viewer_proxy& proxy,
                                      const std::vector<std::string>& frames) {
    const auto compressed = proxy.seen().compressed;
    ASSERT_EQ(compressed.size(), frames.size());
    std::size_t notice = frames.size();
    while (notice > 0 && text_of(frames[--notice], "skipped").empty()) continue;
    EXPECT_FALSE(compressed[notice]);
    EXPECT_LT(expect_compressed(compressed, notice), compressed.size());
  }

  static std::size_t payload_bytes(const std::vector<std::string>& frames) {
    std::size_t bytes = 0;
    for (const auto& frame : frames) bytes += frame.size();
    return bytes;
  }

  void let_go(const std::string& name) { engine(*docker_host()).let_go(container_, name); }

  std::unique_ptr<raw_viewer> raw(const std::string& target, int receive_buffer_bytes = 0) {
    return std::make_unique<raw_viewer>(
        spillway().where(), target,
        raw_viewer_options{.headers = {{"Authorization", "Bearer " + spillway().token()}},
                           .receive_buffer_bytes = receive_buffer_bytes});
  }

 private:
  std::string container_;
  std::unique_ptr<raw_viewer> first_viewer_;
};

TEST_F(a_compressed_client, on_zlib_gets_every_line_once_and_in_order) {
  const auto slug = deployed_story();
  const auto log = raw(story_with_history(slug));
  EXPECT_EQ(log->extensions(), agreed);
  ASSERT_TRUE(log->read_until_count(150));
  let_go("go");
  ASSERT_TRUE(log->read_to_end());
  EXPECT_EQ(log->close_code(), 1000U);
  expect_story(log->frames());
  std::vector<bool> compressed;
  for (const auto& message : log->messages()) compressed.push_back(message.compressed);
  expect_story_compressed(compressed);
  EXPECT_LT(log->wire_bytes(), log->payload_bytes() / 2);
}

TEST_F(a_compressed_client, on_zlib_is_told_what_it_missed_and_goes_on_compressed) {
  const auto slug = deployed_flood();
  const auto log = raw(logs(slug), 32 << 10);
  ASSERT_TRUE(log->read_until_count(1));
  flood(slug);
  read_flood(*log);
  let_go("go");
  ASSERT_TRUE(log->read_to_end());
  expect_flood_with_a_skip(log->frames());
  EXPECT_TRUE(log->messages().back().compressed);
}

TEST_F(a_compressed_client, of_nodes_ws_gets_every_line_once_and_in_order) {
  SPILLWAY_NEEDS_CLIENT(missing_ws());
  const auto slug = deployed_story();
  const viewer_proxy proxy(spillway().where());
  auto client = client_program::ws(spillway(), proxy.where(), story_with_history(slug), 150);
  ASSERT_TRUE(client.wait_received());
  let_go("go");
  const auto report = client.wait_report();
  EXPECT_EQ(report.extensions, "permessage-deflate");
  EXPECT_EQ(report.code, 1000U);
  EXPECT_EQ(report.reason, "container exited");
  expect_story(report.frames);
  expect_story_compressed(proxy.seen().compressed);
  EXPECT_LT(report.wire_bytes, report.payload_bytes / 2);
}

TEST_F(a_compressed_client, of_nodes_ws_is_told_what_it_missed_and_goes_on_compressed) {
  SPILLWAY_NEEDS_CLIENT(missing_ws());
  const auto slug = deployed_flood();
  const viewer_proxy proxy(spillway().where());
  auto client = client_program::stuck_ws(spillway(), proxy.where(), logs(slug), 1);
  ASSERT_TRUE(client.wait_received());
  flood(slug);
  client.go_on();
  let_go("go");
  const auto report = client.wait_report();
  EXPECT_EQ(report.extensions, "permessage-deflate");
  EXPECT_EQ(report.code, 1000U);
  expect_flood_with_a_skip(report.frames);
  expect_compressed_again(proxy, report.frames);
}

TEST_F(a_compressed_client, in_chromium_gets_every_line_once_and_in_order) {
  SPILLWAY_NEEDS_CLIENT(missing_chromium());
  const auto slug = deployed_story();
  const viewer_proxy proxy(spillway().where());
  auto client = client_program::chromium(proxy.where(), story_with_history(slug), 150);
  ASSERT_TRUE(client.wait_received());
  let_go("go");
  const auto report = client.wait_report();
  EXPECT_EQ(report.extensions, agreed);
  EXPECT_EQ(report.code, 1000U);
  EXPECT_EQ(report.reason, "container exited");
  expect_story(report.frames);
  expect_story_compressed(proxy.seen().compressed);
  EXPECT_LT(proxy.seen().wire_bytes, payload_bytes(report.frames) / 2);
}

TEST_F(a_compressed_client, in_chromium_is_told_what_it_missed_and_goes_on_compressed) {
  SPILLWAY_NEEDS_CLIENT(missing_chromium());
  const auto slug = deployed_flood();
  viewer_proxy proxy(spillway().where());
  auto client = client_program::chromium(proxy.where(), logs(slug), 1);
  ASSERT_TRUE(client.wait_received());
  // A page cannot stop reading; what lies between it and the server can.
  proxy.hold_back();
  flood(slug);
  proxy.let_through();
  let_go("go");
  const auto report = client.wait_report();
  EXPECT_EQ(report.extensions, agreed);
  EXPECT_EQ(report.code, 1000U);
  expect_flood_with_a_skip(report.frames);
  expect_compressed_again(proxy, report.frames);
}

TEST_F(a_compressed_client, is_one_only_where_it_offers_what_the_server_can_meet) {
  const auto slug = deployed_story();
  const http_headers token{{"Authorization", "Bearer " + spillway().token()}};
  for (const char* offer :
       {"permessage-deflate; server_no_context_takeover",
        "permessage-deflate; server_max_window_bits=10", "permessage-deflate;"}) {
    raw_viewer log(spillway().where(), logs(slug, "tail=all"), {.headers = token, .offer = offer});
    EXPECT_EQ(log.extensions(), "");
    ASSERT_TRUE(log.read_until_count(400));
    EXPECT_TRUE(std::ranges::none_of(log.messages(), &raw_message::compressed));
  }
}

TEST(compression, is_off_where_the_settings_say_so) {
  const server spillway(setting_values{{"stream.compression", "false"}});
  raw_viewer log(spillway.where(), process_log,
                 {.headers = {{"Authorization", "Bearer " + spillway.token()}}});
  EXPECT_EQ(log.extensions(), "");
  ASSERT_TRUE(log.read_until_count(1));
  EXPECT_FALSE(log.messages().front().compressed);
}

}  // namespace
}  // namespace spillway::system_test
