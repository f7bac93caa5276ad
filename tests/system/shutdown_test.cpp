// SIGTERM: every viewer is told 1001, deploys get the grace, the exit code is 0.
#include <signal.h>

#include "system/fixture.hpp"

namespace spillway::system_test {
namespace {

TEST(shutdown, under_load_every_viewer_gets_1001_and_the_exit_code_is_0) {
  SPILLWAY_NEEDS_ENGINE();
  const compose_stand_in stand_in;
  // The close frame comes behind what is on its way. A client that a sanitizer slows down pays by
  // the message: long lines and, below, a small buffer keep those few.
  server spillway({{"docker.compose_command", stand_in.setting()}, {"shutdown.grace", "8s"}});
  spillway.deploy("flood", web_app("while :; do yes " + std::string(800, 'x') +
                                   " | head -n 200; usleep 20000; done"));
  const gate never(stand_in.gate_path("never"));
  stand_in.script(spillway.project("slow"), "echo begun; wait_at never; echo unreachable");
  ASSERT_EQ(spillway.post_deploy("slow", web_app("true")).status, 201U);

  std::vector<std::unique_ptr<viewer>> viewers;
  for (int i = 0; i < 10; ++i)
    for (const auto& target :
         {logs("flood", i % 2 ? "tail=all" : "tail=0"), deploy_logs("slow"), process_log})
      viewers.push_back(spillway.watch(
          target, {.headers = {}, .count_only = true, .receive_buffer_bytes = 32 << 10}));
  for (const auto& each : viewers) ASSERT_TRUE(each->wait_for_count(1));
  const auto stuck = spillway.watch(logs("flood", "tail=all"),
                                    {.headers = {}, .paused = true, .receive_buffer_bytes = 4096});

  EXPECT_EQ(spillway.stop(), 0) << spillway.output();
  for (const auto& each : viewers) {
    const auto end = each->wait_closed();
    ASSERT_TRUE(end);
    EXPECT_TRUE(end->close_frame) << end->error;
    EXPECT_EQ(end->code, 1001U) << end->reason;
    EXPECT_EQ(end->reason, "server is shutting down");
  }

  spillway.start();
  const auto events = spillway.admin().get("/api/apps/slow/events").json();
  ASSERT_EQ(events.size(), 1U) << events;
  EXPECT_NE(events[0]["status"], "running") << "the deploy's end is on record";
  EXPECT_NE(events[0]["status"], "success");
}

TEST(shutdown, a_deploy_that_ends_within_the_grace_is_recorded_as_what_it_was) {
  const compose_stand_in stand_in;
  server spillway({{"docker.compose_command", stand_in.setting()}, {"shutdown.grace", "20s"}});
  const gate end(stand_in.gate_path("end"));
  stand_in.script(spillway.project("app"), "echo begun; wait_at end; echo done");
  ASSERT_EQ(spillway.post_deploy("app", web_app("true")).status, 201U);
  const auto deploy = spillway.watch(deploy_logs("app"));
  ASSERT_TRUE(deploy->wait_for_text("begun"));
  spillway.send_signal(SIGTERM);
  expect_ending(*deploy, 1001, "server is shutting down");
  end.open();
  EXPECT_EQ(spillway.wait_exit(), 0) << spillway.output();
  spillway.start();
  const auto events = spillway.admin().get("/api/apps/app/events").json();
  ASSERT_EQ(events.size(), 1U) << events;
  EXPECT_EQ(events[0]["status"], "success");
}

TEST(shutdown, an_idle_server_ends_at_once_on_either_signal) {
  for (const int number : {SIGTERM, SIGINT}) {
    // A grace that a test would not sit out.
    server spillway(setting_values{{"shutdown.grace", "10m"}});
    spillway.send_signal(number);
    EXPECT_EQ(spillway.wait_exit(), 0) << spillway.output();
  }
}

TEST(shutdown, a_signal_that_the_server_uses_within_itself_does_not_make_it_deaf) {
  server spillway(setting_values{{"shutdown.grace", "10m"}});
  spillway.send_signal(SIGUSR2);
  EXPECT_EQ(spillway.admin().get("/api/health").status, 200U);
  EXPECT_EQ(spillway.stop(), 0) << spillway.output();
}

TEST(shutdown, a_crash_leaves_a_running_deploy_recorded_as_failed) {
  const compose_stand_in stand_in;
  server spillway(setting_values{{"docker.compose_command", stand_in.setting()}});
  const gate never(stand_in.gate_path("never"));
  stand_in.script(spillway.project("app"), "echo begun; wait_at never");
  ASSERT_EQ(spillway.post_deploy("app", web_app("true")).status, 201U);
  const auto deploy = spillway.watch(deploy_logs("app"));
  ASSERT_TRUE(deploy->wait_for_text("begun"));
  spillway.send_signal(SIGKILL);
  EXPECT_EQ(spillway.wait_exit(), 128 + SIGKILL);
  spillway.start();
  const auto events = spillway.admin().get("/api/apps/app/events").json();
  ASSERT_EQ(events.size(), 1U) << events;
  EXPECT_EQ(events[0]["status"], "failed");
  never.open();
}

}  // namespace
}  // namespace spillway::system_test
