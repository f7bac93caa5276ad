// Ctrl-C in the terminal client.
#include <signal.h>

#include "system/client_fixture.hpp"

namespace spillway::system_test {
namespace {

const std::string ctrl_c = "\x03";
const std::string question = "[c]ancel it, [s]top watching, [g]o on? ";

/// A deploy that runs until its gate is opened, watched on a terminal.
class interrupted_deploy {
 public:
  interrupted_deploy() : gate_(on_.gate_path("shop")) {
    on_.script("shop", "echo begun; wait_at shop; echo finished");
    client_ = std::make_unique<pty_process>(on_.deploy("shop"));
    EXPECT_TRUE(client_->wait_for("begun"));
  }
  ~interrupted_deploy() { gate_.open(); }

  void ask() const {
    client_->type(ctrl_c);
    EXPECT_TRUE(client_->wait_for(question));
  }
  pty_process& client() const { return *client_; }
  client_of_deploys& on() { return on_; }
  void let_it_finish() const { gate_.open(); }

 private:
  client_of_deploys on_;
  gate gate_;
  std::unique_ptr<pty_process> client_;
};

TEST(client_interrupt, a_deploy_can_be_cancelled_and_its_end_is_shown) {
  interrupted_deploy deploy;
  deploy.ask();
  deploy.client().type("c");
  EXPECT_TRUE(deploy.client().wait_for("deploy cancelled, exit code"));
  EXPECT_EQ(deploy.client().wait_exit(), 130);
  EXPECT_EQ(deploy.on().recorded_status("shop"), "cancelled");
  EXPECT_TRUE(deploy.client().is_as_before());
}

TEST(client_interrupt, watching_can_be_stopped_while_the_deploy_goes_on) {
  interrupted_deploy deploy;
  deploy.ask();
  deploy.client().type("s");
  EXPECT_TRUE(deploy.client().wait_for(
      "the deploy was left alone: see it again with `spillway watch shop`"));
  EXPECT_EQ(deploy.client().wait_exit(), 130);
  EXPECT_EQ(deploy.on().recorded_status("shop"), "running");
  EXPECT_TRUE(deploy.client().is_as_before());
}

TEST(client_interrupt, a_second_one_stops_watching) {
  interrupted_deploy deploy;
  deploy.ask();
  deploy.client().type(ctrl_c);
  EXPECT_EQ(deploy.client().wait_exit(), 130);
  EXPECT_EQ(deploy.on().recorded_status("shop"), "running");
  EXPECT_TRUE(deploy.client().is_as_before());
}

TEST(client_interrupt, one_can_go_on_and_what_came_meanwhile_is_shown_after_the_answer) {
  interrupted_deploy deploy;
  deploy.ask();
  deploy.let_it_finish();
  EXPECT_TRUE(eventually([&] { return deploy.on().recorded_status("shop") == "success"; }));
  EXPECT_EQ(deploy.client().seen().find("finished"), std::string::npos);
  deploy.client().type("xg");
  EXPECT_TRUE(deploy.client().wait_for("go on"));
  EXPECT_TRUE(deploy.client().wait_for("finished"));
  EXPECT_EQ(deploy.client().wait_exit(), 0);
  EXPECT_TRUE(deploy.client().is_as_before());
}

TEST(client_interrupt, an_answer_that_comes_too_late_cancels_no_other_deploy) {
  interrupted_deploy deploy;
  deploy.ask();
  deploy.let_it_finish();
  ASSERT_TRUE(eventually([&] { return deploy.on().recorded_status("shop") == "success"; }));
  // Waits at the gate as the first did.
  ASSERT_EQ(deploy.on().spillway().post_deploy("shop", web_app("true"), true).status, 201U);
  deploy.client().type("c");
  EXPECT_TRUE(deploy.client().wait_for("the deploy was not cancelled: it had ended before"));
  EXPECT_EQ(deploy.client().wait_exit(), 0);
  EXPECT_EQ(deploy.on().recorded_status("shop"), "running");
}

TEST(client_interrupt, a_second_one_while_it_is_cancelled_says_so) {
  client_of_deploys on;
  const gate never(on.gate_path("shop"));
  on.script("shop", "trap '' TERM; echo begun; while :; do wait_at shop; done");
  pty_process client(on.deploy("shop"));
  ASSERT_TRUE(client.wait_for("begun"));
  client.type(ctrl_c);
  ASSERT_TRUE(client.wait_for(question));
  client.type("c");
  ASSERT_TRUE(client.wait_for("cancel\r\n"));
  ASSERT_TRUE(eventually([&] {
    return on.spillway().output().find("POST /api/apps/shop/cancel") != std::string::npos;
  }));
  client.type(ctrl_c);
  EXPECT_TRUE(client.wait_for("the deploy is being cancelled: see its end with"));
  EXPECT_EQ(client.wait_exit(), 130);
}

TEST(client_interrupt, one_who_watches_is_asked_too) {
  client_of_deploys on;
  const gate end(on.gate_path("shop"));
  on.script("shop", "echo begun; wait_at shop");
  ASSERT_EQ(on.spillway().post_deploy("shop", web_app("true")).status, 201U);
  pty_process client(client_command(on.spillway(), {"watch", "shop"}));
  ASSERT_TRUE(client.wait_for("begun"));
  client.type(ctrl_c);
  ASSERT_TRUE(client.wait_for(question));
  client.type("c");
  EXPECT_EQ(client.wait_exit(), 130);
  EXPECT_EQ(on.recorded_status("shop"), "cancelled");
}

TEST(client_interrupt, without_a_terminal_to_answer_on_it_stops_at_once_and_says_so) {
  client_of_deploys on;
  const gate end(on.gate_path("shop"));
  on.script("shop", "echo begun; wait_at shop");
  child_process client(on.deploy("shop"));
  ASSERT_TRUE(client.wait_for_output("begun"));
  client.send_signal(SIGINT);
  EXPECT_EQ(client.wait_exit(), 130);
  EXPECT_EQ(client.standard_error(),
            "spillway: the deploy was left alone: see it again with `spillway watch shop`\n");
  EXPECT_EQ(on.recorded_status("shop"), "running");
  end.open();
}

TEST(client_interrupt, a_log_just_ends_and_the_terminal_is_clean) {
  const server spillway;
  pty_process client(client_command(spillway, {"process-logs"}));
  ASSERT_TRUE(client.wait_for("listening on"));
  client.type(ctrl_c);
  EXPECT_EQ(client.wait_exit(), 130);
  EXPECT_EQ(client.seen().find("spillway: "), std::string::npos) << client.seen();
  EXPECT_TRUE(client.is_as_before());
}

TEST(client_interrupt, one_whose_output_is_stuck_can_be_ended) {
  const server spillway;
  for (int i = 0; i < 100; ++i) spillway.admin().get("/api/me");
  auto words = client_command(spillway, {"process-logs"});
  // The reader of this pipe reads nothing.
  words.arguments = {"/bin/sh", "-c",
                     spillway_binary() +
                         " process-logs --json & pid=$!; echo $pid >&2; "
                         "wait $pid; echo ended with $? >&2"};
  child_process client(words);
  ASSERT_TRUE(wait_for_error(client, "\n"));
  ASSERT_TRUE(client.wait_for_output("listening on"));
  ::kill(std::stoi(client.standard_error()), SIGTERM);
  EXPECT_TRUE(wait_for_error(client, "ended with 143"));
}

}  // namespace
}  // namespace spillway::system_test
