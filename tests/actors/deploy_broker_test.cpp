#include "actor_test.hpp"

namespace spillway::actors::testing {
namespace {

using namespace std::chrono_literals;

constexpr const char* shop_deploys = "/api/apps/shop/deploy-logs";
const std::vector<run_step> up{{"up", {"up", "-d"}}};
const std::vector<run_step> pull_up{{"pull", {"pull"}}, {"up", {"up", "-d"}}};

class DeployBroker : public ::testing::Test {
 protected:
  std::shared_ptr<actor_world::started> start(const std::vector<run_step>& steps = up,
                                              const std::string& app = "shop") {
    auto s = world.start_run(app, steps);
    world.run();
    return s;
  }
  void print(const std::string& line) {
    world.compose.last().print(line);
    world.run();
  }
  void exit(int code) {
    world.compose.last().exit(code);
    world.run();
  }
  static std::vector<std::string> outputs(const fake_connection& v) {
    std::vector<std::string> out;
    for (auto& f : v.json()) out.push_back(f.value("output", ""));
    return out;
  }
  actor_world world;
};

TEST_F(DeployBroker, ShowsARunFromItsFirstLineToItsFinalFrame) {
  auto s = start(pull_up);
  ASSERT_TRUE(s->answer && *s->answer);
  print("Pulling web");
  exit(0);
  auto late = world.open_and_run(shop_deploys);
  print("Creating web");
  exit(0);
  EXPECT_EQ(
      late->frames,
      (std::vector<std::string>{
          R"({"timestamp": "2026-04-17T10:14:32.000Z", "action": "pull", "output": "Pulling web", "done": false})",
          R"({"timestamp": "2026-04-17T10:14:32.000Z", "action": "up", "output": "Creating web", "done": false})",
          R"({"timestamp": "2026-04-17T10:14:32.000Z", "action": "up", "output": "", "done": true, "status": "success", "exit_code": 0})"}));
  EXPECT_EQ(late->ending(), "1000 deploy finished");
  EXPECT_EQ(s->succeeded, true);
  ASSERT_EQ(world.compose.commands.size(), 2u);
  EXPECT_EQ(world.compose.commands[0].project, "simpledeploy-shop");
}

TEST_F(DeployBroker, AFailingStepEndsTheRunAsFailedAndStillNormally) {
  auto s = start(pull_up);
  auto v = world.open_and_run(shop_deploys);
  exit(18);
  EXPECT_EQ(world.compose.commands.size(), 1u);
  const auto last = v->json().back();
  EXPECT_EQ(last["status"], "failed");
  EXPECT_EQ(last["exit_code"], 18);
  EXPECT_EQ(last["action"], "pull");
  EXPECT_EQ(v->ending(), "1000 deploy finished");
  EXPECT_EQ(s->succeeded, false);
  EXPECT_EQ(world.journal.entries.at("d1").record.status, "failed");
}

TEST_F(DeployBroker, AnIdleAppSaysSoAfterTheWaitAndNotBefore) {
  auto v = world.open_and_run(shop_deploys);
  world.advance(2'999ms);
  EXPECT_TRUE(v->frames.empty());
  world.advance(1ms);
  EXPECT_EQ(v->frames, std::vector<std::string>{R"({"done": true, "action": "none"})"});
  EXPECT_EQ(v->ending(), "1000 nothing to stream");
}

TEST_F(DeployBroker, ADeployThatStartsWithinTheWaitIsShown) {
  auto v = world.open_and_run(shop_deploys);
  world.advance(2s);
  start();
  world.advance(2s);
  print("Creating web");
  EXPECT_EQ(outputs(*v), std::vector<std::string>{"Creating web"});
}

TEST_F(DeployBroker, WhoeverConnectsAfterTheAnswerSeesTheRun) {
  world.settings.deploy.start_wait = 1ms;
  auto s = start();
  ASSERT_TRUE(s->answer && *s->answer);
  auto v = world.open_and_run(shop_deploys);
  world.advance(1min);
  EXPECT_FALSE(v->closed);
}

TEST_F(DeployBroker, WithoutARecentWindowNobodySeesARunAfterItsEnd) {
  world.settings.deploy.recent_window = 0s;
  start();
  const auto watched = world.open_and_run(shop_deploys);
  world.compose.last().exit(0);
  while (!watched->closed && world.step()) {
  }
  ASSERT_EQ(watched->ending(), "1000 deploy finished");
  const auto late = world.open(shop_deploys);
  world.run();
  EXPECT_TRUE(late->frames.empty());
  EXPECT_FALSE(late->closed);
}

TEST_F(DeployBroker, ARecentRunIsReplayedAnOlderOneIsNot) {
  start();
  print("line");
  exit(0);
  world.advance(9s);
  EXPECT_EQ(world.open_and_run(shop_deploys)->frames.size(), 2u);
  world.advance(2s);
  auto v = world.open_and_run(shop_deploys);
  world.advance(3s);
  EXPECT_EQ(v->frames, std::vector<std::string>{R"({"done": true, "action": "none"})"});
}

TEST_F(DeployBroker, ARecordedDeployIsReplayedByteForByteAtAnyAge) {
  start();
  auto live = world.open_and_run(shop_deploys);
  for (int i = 0; i < 5'000; ++i) world.compose.last().print("line " + std::to_string(i));
  world.run();
  exit(3);
  world.advance(24h);
  auto replay = world.open_and_run(std::string(shop_deploys) + "?deploy=d1");
  EXPECT_EQ(replay->frames, live->frames);
  EXPECT_EQ(replay->frames.size(), 5'001u);
  EXPECT_EQ(replay->ending(), "1000 deploy finished");
}

TEST_F(DeployBroker, AnUnknownOrForeignDeployIsNotFound) {
  start();
  exit(0);
  world.advance(1min);
  auto foreign = world.open_and_run("/api/apps/blog/deploy-logs?deploy=d1");
  auto unknown = world.open_and_run(std::string(shop_deploys) + "?deploy=d9");
  for (auto& v : {foreign, unknown}) {
    EXPECT_EQ(v->frames, std::vector<std::string>{R"({"error": "deploy not found"})"});
    EXPECT_EQ(v->ending(), "1000 deploy not found");
  }
}

TEST_F(DeployBroker, ASlowViewerMissesNoLineHoweverLongTheRun) {
  world.settings.deploy.transcript_lines = 50;
  world.settings.stream.window_bytes = 4'096;
  start();
  auto slow = world.open(shop_deploys);
  slow->stuck = true;
  for (int i = 0; i < 2'000; ++i) {
    print(std::to_string(i));
    if (i == 700 || i == 1'500) {
      slow->unstick();
      world.run();
    }
  }
  auto late = world.open_and_run(shop_deploys);
  slow->stuck = false;
  slow->unstick();
  world.run();
  print("2000");
  exit(0);
  for (auto& v : {slow, late}) {
    const auto lines = outputs(*v);
    ASSERT_EQ(lines.size(), 2'002u);
    for (int i = 0; i <= 2'000; ++i)
      ASSERT_EQ(lines[static_cast<std::size_t>(i)], std::to_string(i));
    EXPECT_EQ(v->ending(), "1000 deploy finished");
  }
}

TEST_F(DeployBroker, AViewerWhoReadTheTranscriptToItsThenEndGetsTheRestAfterTheRunIsSetAside) {
  world.settings.deploy.transcript_lines = 50;
  start();
  auto slow = world.open_and_run(shop_deploys);
  slow->stuck = true;
  for (int i = 0; i < 300; ++i) print(std::to_string(i));
  slow->unstick();  // reads all there is by now, and takes no more
  world.run();
  for (int i = 300; i < 600; ++i) print(std::to_string(i));
  exit(0);
  world.advance(11s);
  slow->stuck = false;
  slow->unstick();
  world.run();
  EXPECT_EQ(slow->frames.size(), 601u);
  EXPECT_EQ(slow->json().back()["status"], "success");
  EXPECT_EQ(slow->ending(), "1000 deploy finished");
}

TEST_F(DeployBroker, AViewerWhoKeepsUpMissesNothingOfOutputThatComesAllAtOnce) {
  world.settings.deploy.transcript_lines = 50;
  for (const bool hold : {false, true}) {
    world.journal.hold_appends = hold;
    start();
    auto v = world.open_and_run(shop_deploys);
    for (int i = 0; i < 1'000; ++i) world.compose.last().print(std::to_string(i));
    world.run();
    while (hold && outputs(*v).size() < 1'000) {
      world.journal.release_appends();
      world.run();
      ASSERT_FALSE(v->closed) << v->ending();
    }
    EXPECT_EQ(outputs(*v).size(), 1'000u);
    exit(0);
    world.journal.release_appends();
    world.run();
    EXPECT_EQ(v->ending(), "1000 deploy finished");
  }
}

TEST_F(DeployBroker, AViewerThatTakesCompressedFramesGetsTheSameLinesHoweverSlow) {
  world.settings.deploy.transcript_lines = 400;
  world.settings.stream.window_bytes = 4'096;
  start();
  auto steady = world.open(shop_deploys);
  auto slow = world.open(shop_deploys);
  steady->deflated = slow->deflated = true;
  world.run();
  for (int i = 0; i < 3'000; ++i) {
    // Falls behind the ring twice, and has what it missed read from the transcript.
    slow->stuck = i < 1'000 || (i > 1'600 && i < 2'400);
    if (!slow->stuck) slow->unstick();
    print(std::to_string(i));
  }
  exit(0);
  for (auto& v : {steady, slow}) {
    const auto lines = outputs(*v);
    ASSERT_EQ(lines.size(), 3'001u);
    for (int i = 0; i < 3'000; ++i)
      ASSERT_EQ(lines[static_cast<std::size_t>(i)], std::to_string(i));
    EXPECT_EQ(v->ending(), "1000 deploy finished");
  }
  EXPECT_EQ(steady->deflated_frames(), 3'001u);
  EXPECT_GT(slow->deflated_frames(), 500u);
  EXPECT_LT(slow->deflated_frames(), 2'500u);
}

TEST_F(DeployBroker, ComposeIsReadOnlyAsFastAsTheJournalTakesItsLines) {
  world.journal.hold_appends = true;
  start();
  auto v = world.open_and_run(shop_deploys);
  print("first");
  EXPECT_EQ(outputs(*v), std::vector<std::string>{"first"}) << "viewers need not wait for the disk";
  EXPECT_FALSE(world.compose.last().wanted);
  world.journal.release_appends();
  world.run();
  EXPECT_TRUE(world.compose.last().wanted);
}

TEST_F(DeployBroker, WhoSawTheFinalFrameFindsTheEndOnRecord) {
  world.journal.hold_finishes = true;
  auto s = start();
  auto v = world.open_and_run(shop_deploys);
  print("Creating web");
  exit(0);
  EXPECT_EQ(outputs(*v), std::vector<std::string>{"Creating web"});
  EXPECT_FALSE(v->closed);
  EXPECT_FALSE(s->succeeded);
  auto busy = start();
  EXPECT_EQ(busy->answer->error(), run_refusal::busy);
  world.journal.release_finishes();
  EXPECT_EQ(world.journal.entries.at("d1").record.status, "success");
  EXPECT_EQ(s->succeeded, true);
  world.run();
  EXPECT_EQ(v->json().back()["status"], "success");
  EXPECT_EQ(v->ending(), "1000 deploy finished");
  EXPECT_TRUE(*start()->answer);
}

TEST_F(DeployBroker, ViewersOfOthersDoNotWaitForTheRecordOfAnEnd) {
  world.settings.deploy.max_concurrent = 1;
  actor_world one(1, world.settings);
  one.journal.hold_finishes = true;
  one.start_run("a", up);
  one.run();
  one.start_run("b", up);
  auto b = one.open_and_run("/api/apps/b/deploy-logs");
  one.compose.last().exit(0);
  one.run();
  ASSERT_EQ(one.compose.commands.size(), 2u) << "the slot is free";
  one.compose.last().print("Creating b");
  one.run();
  EXPECT_EQ(b->json().back()["output"], "Creating b");
}

TEST_F(DeployBroker, TheFinalFrameIsNotLostWithTheDisk) {
  world.journal.refuses_finish = true;
  world.journal.refuses_append = true;
  start();
  auto v = world.open_and_run(shop_deploys);
  exit(0);
  EXPECT_EQ(v->json().back()["status"], "success");
  EXPECT_EQ(v->ending(), "1000 deploy finished");
}

TEST_F(DeployBroker, WhoWatchesIsToldOnceThatNothingIsRecordedAnyMore) {
  world.settings.deploy.transcript_lines = 1'000;
  start(pull_up);
  auto v = world.open_and_run(shop_deploys);
  print("recorded");
  world.journal.refuses_append = true;
  print("lost");
  for (int i = 0; i < 600; ++i) print("line " + std::to_string(i));
  exit(0);
  print("goes on");
  exit(0);
  auto shown = outputs(*v);
  ASSERT_EQ(shown.size(), 605u);
  EXPECT_EQ(shown[1], "lost");
  EXPECT_EQ(shown[2], "[spillway] from here on this deploy is shown, but not recorded");
  EXPECT_EQ(shown[603], "goes on");
  EXPECT_EQ(v->ending(), "1000 deploy finished");
  EXPECT_EQ(world.journal.entries.at("d1").record.status, "success");
  EXPECT_EQ(std::count(shown.begin(), shown.end(), shown[2]), 1);
}

TEST_F(DeployBroker, WhoFellBehindARunThatIsNotRecordedIsToldHowMuchIsMissing) {
  world.settings.deploy.transcript_lines = 10;
  start();
  print("recorded");
  world.journal.refuses_append = true;
  auto v = world.open_and_run(shop_deploys);
  v->stuck = true;
  for (int i = 0; i < 2'000; ++i) print("line " + std::to_string(i));
  v->stuck = false;
  v->unstick();
  world.run();
  const auto late = world.open_and_run(shop_deploys);
  for (const auto& each : {v, late}) {
    const auto shown = outputs(*each);
    const auto notice = std::find_if(shown.begin(), shown.end(), [](const std::string& line) {
      return line.ends_with(" lines were not recorded and cannot be shown any more");
    });
    ASSERT_NE(notice, shown.end());
    EXPECT_EQ(shown.front(), "recorded");
    // All that there was: 2,000 lines, the one before, and the one that says so.
    const auto missing = static_cast<std::size_t>(std::stoul(notice->substr(11)));
    EXPECT_EQ(missing + shown.size() - 1, 2'002u);
    EXPECT_EQ(shown.back(), "line 1999");
    EXPECT_FALSE(each->closed);
  }
  exit(0);
  const auto after = world.open_and_run(shop_deploys);
  for (const auto& each : {v, late, after}) {
    EXPECT_EQ(each->json().back()["status"], "success");
    EXPECT_EQ(each->ending(), "1000 deploy finished");
  }
}

TEST_F(DeployBroker, AnEndThatCouldNotBeRecordedIsTriedAgain) {
  world.journal.refuses_finish = true;
  start();
  exit(0);
  world.advance(10s);
  EXPECT_EQ(world.journal.entries.at("d1").record.status, "running");
  world.journal.refuses_finish = false;
  // Two tries more at the most: 1, 3, 7, 15 seconds after the first.
  world.advance(8s);
  EXPECT_EQ(world.journal.entries.at("d1").record.status, "success");
  EXPECT_TRUE(*start()->answer) << "the next one";
}

TEST_F(DeployBroker, AnEndIsTriedAgainAlsoWhileTheNextRunGoesOn) {
  world.journal.refuses_finish = true;
  start();
  exit(3);
  start();
  world.journal.refuses_finish = false;
  world.advance(2s);
  EXPECT_EQ(world.journal.entries.at("d1").record.status, "failed");
  EXPECT_EQ(world.journal.entries.at("d2").record.status, "running");
  exit(0);
  EXPECT_EQ(world.journal.entries.at("d2").record.status, "success");
}

TEST_F(DeployBroker, ATranscriptThatEndedEarlyIsReplayedWithWhatStandsIn) {
  start();
  print("one");
  exit(0);
  world.advance(24h);
  world.journal.stand_in = "a\nb\n";
  auto replay = world.open_and_run(std::string(shop_deploys) + "?deploy=d1");
  ASSERT_EQ(replay->frames.size(), 4u);
  EXPECT_EQ(replay->frames[2], "a");
  EXPECT_EQ(replay->frames[3], "b");
  EXPECT_EQ(replay->ending(), "1000 deploy finished");
}

TEST_F(DeployBroker, ATranscriptWithoutItsEndIsNotShownAsFinished) {
  auto& entry = world.journal.entries["d7"];
  entry.record.app = "shop";
  entry.record.status = "running";
  auto empty = world.open_and_run(std::string(shop_deploys) + "?deploy=d7");
  EXPECT_EQ(empty->ending(), "1011 the end of this deploy was not recorded");
  entry.transcript = R"({"timestamp": "", "action": "up", "output": "a", "done": false})"
                     "\n";
  auto begun = world.open_and_run(std::string(shop_deploys) + "?deploy=d7");
  EXPECT_EQ(begun->frames.size(), 2u);
  EXPECT_EQ(begun->ending(), "1011 the end of this deploy was not recorded");
}

TEST_F(DeployBroker, ACancelOfAnotherRunEndsNothing) {
  start();
  exit(0);
  start();
  const auto cancel = [&](const std::string& id) {
    std::optional<bool> ended;
    caf::anon_send(world.root, cancel_run{"shop", id, {[&](bool b) { ended = b; }, false}});
    world.run();
    return ended;
  };
  EXPECT_EQ(cancel("d1"), false);
  EXPECT_FALSE(world.compose.last().terminated);
  EXPECT_EQ(cancel("d2"), true);
  EXPECT_TRUE(world.compose.last().terminated);
}

TEST_F(DeployBroker, EachStepOfARunNamesIt) {
  start(pull_up);
  exit(0);
  ASSERT_EQ(world.compose.commands.size(), 2u);
  EXPECT_EQ(world.compose.commands[0].deploy_id, "d1");
  EXPECT_EQ(world.compose.commands[1].deploy_id, "d1");
}

TEST_F(DeployBroker, AJournalThatDoesNotAnswerDelaysTheFinalFrameByFiveSeconds) {
  world.journal.hold_finishes = true;
  start();
  auto v = world.open_and_run(shop_deploys);
  exit(0);
  world.advance(4'999ms);
  EXPECT_FALSE(v->closed);
  world.advance(1ms);
  EXPECT_EQ(v->json().back()["status"], "success");
  EXPECT_EQ(v->ending(), "1000 deploy finished");
  EXPECT_TRUE(*start()->answer);
  world.journal.release_finishes();
  world.run();
  EXPECT_EQ(world.journal.entries.at("d2").record.status, "running");
  exit(0);
}

TEST_F(DeployBroker, OnShutdownAnEndThatIsBeingRecordedIsWaitedFor) {
  world.journal.hold_finishes = true;
  start();
  exit(0);
  std::optional<bool> done;
  caf::anon_send(world.root, stop_runs{false, {[&](bool b) { done = b; }, true}});
  caf::anon_send(world.root, stop_runs{true, {[](bool) {}, true}});
  world.run();
  EXPECT_FALSE(done);
  world.journal.release_finishes();
  world.run();
  EXPECT_EQ(done, true);
}

TEST_F(DeployBroker, ASecondRunIsRefusedWhileOneGoesOnAndFineAfterwards) {
  start();
  auto second = start();
  ASSERT_TRUE(second->answer);
  EXPECT_EQ(second->answer->error(), run_refusal::busy);
  exit(0);
  auto third = start();
  ASSERT_TRUE(third->answer && *third->answer);
  EXPECT_EQ(**third->answer, "d2");
}

TEST_F(DeployBroker, ARunThatCannotBeRecordedIsNotStarted) {
  world.journal.refuses_begin = true;
  auto s = start();
  ASSERT_TRUE(s->answer);
  EXPECT_EQ(s->answer->error(), run_refusal::unrecorded);
  EXPECT_TRUE(world.compose.commands.empty());
  EXPECT_EQ(s->succeeded, false);
  world.journal.refuses_begin = false;
  auto again = start();
  EXPECT_TRUE(again->answer && *again->answer);
}

TEST_F(DeployBroker, FurtherDeploysWaitInLineAndAreToldTheirPlace) {
  world.settings.deploy.max_concurrent = 1;
  actor_world one(1, world.settings);
  auto run = [&](const std::string& app) {
    one.start_run(app, up);
    one.run();
  };
  run("a");
  run("b");
  run("c");
  EXPECT_EQ(one.compose.commands.size(), 1u);
  auto c = one.open_and_run("/api/apps/c/deploy-logs");
  EXPECT_EQ(c->json().back()["output"], "[spillway] waiting for other deploys, place 2 in line");
  one.compose.started[0]->exit(0);
  one.run();
  EXPECT_EQ(c->json().back()["output"], "[spillway] waiting for other deploys, place 1 in line");
  ASSERT_EQ(one.compose.commands.size(), 2u);
  one.compose.started[1]->exit(0);
  one.run();
  EXPECT_EQ(one.compose.commands.size(), 3u);
}

TEST_F(DeployBroker, CancelEndsTheProcessGroupAndTheStreamSaysSo) {
  auto s = start(pull_up);
  auto v = world.open_and_run(shop_deploys);
  std::optional<bool> was_running;
  caf::anon_send(world.root, cancel_run{"shop", {}, {[&](bool b) { was_running = b; }, false}});
  world.run();
  EXPECT_EQ(was_running, true);
  EXPECT_TRUE(world.compose.last().terminated);
  exit(143);
  EXPECT_EQ(v->json().back()["status"], "cancelled");
  EXPECT_EQ(world.compose.commands.size(), 1u);
  caf::anon_send(world.root, cancel_run{"shop", {}, {[&](bool b) { was_running = b; }, false}});
  world.run();
  EXPECT_EQ(was_running, false);
}

TEST_F(DeployBroker, ACommandThatCannotBeStartedSaysWhyInTheStream) {
  start();
  auto v = world.open_and_run(shop_deploys);
  world.compose.last().exit(127, "neither docker compose nor docker-compose was found");
  world.run();
  EXPECT_EQ(outputs(*v)[0], "neither docker compose nor docker-compose was found");
  EXPECT_EQ(v->json().back()["exit_code"], 127);
}

TEST_F(DeployBroker, OnShutdownARunMayFinishThenIsEnded) {
  start();
  std::optional<bool> done;
  caf::anon_send(world.root, stop_runs{false, {[&](bool b) { done = b; }, true}});
  world.run();
  EXPECT_FALSE(done);
  auto refused = start(up, "blog");
  EXPECT_EQ(refused->answer->error(), run_refusal::stopping);
  caf::anon_send(world.root, stop_runs{true, {[](bool) {}, true}});
  world.run();
  EXPECT_TRUE(world.compose.last().terminated);
  exit(143);
  EXPECT_EQ(done, true);
  EXPECT_EQ(world.journal.entries.at("d1").record.status, "failed");
}

}  // namespace
}  // namespace spillway::actors::testing
