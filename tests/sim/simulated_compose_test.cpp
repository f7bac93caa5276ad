// The compose stand-in on a simulated host.
#include "sim/simulated_host_fixture.hpp"

namespace spillway::sim {
namespace {

TEST_F(a_simulated_host, does_with_compose_what_compose_does) {
  start(usual());
  const std::string file = script("exec sleep 1000");
  const auto first = compose("shop", file, {"up", "-d", "--remove-orphans"});
  EXPECT_EQ(first.code, 0);
  EXPECT_NE(first.err.find("Pulling web (busybox:1)...\n"), std::string::npos) << first.err;
  EXPECT_NE(first.err.find("Creating shop_web_1 ... \r\nCreating shop_web_1 ... done\r\n"),
            std::string::npos)
      << first.err;
  EXPECT_EQ(compose("shop", file, {"up", "-d"}).err, "shop_web_1 is up-to-date\n");
  EXPECT_EQ(compose("shop", file, {"up", "-d", "--no-recreate", "--scale", "web=3"}).code, 0);
  EXPECT_EQ(engine().get("/containers/json").body.size(), 3U);
  EXPECT_EQ(compose("shop", file, {"up", "-d", "--scale", "web=1"}).code, 0);
  EXPECT_EQ(engine().get("/containers/json?all=1").body.size(), 1U);
  const auto id = inspect("shop_web_1")["Id"];
  const auto changed = compose("shop", script("exec sleep 1001"), {"up", "-d"});
  EXPECT_NE(changed.err.find("Recreating shop_web_1 ... done"), std::string::npos) << changed.err;
  EXPECT_NE(inspect("shop_web_1")["Id"], id);
  EXPECT_EQ(compose("shop", file, {"restart"}).code, 0);
  EXPECT_EQ(compose("shop", file, {"stop"}).code, 0);
  EXPECT_NE(compose("shop", file, {"ps"}).out.find("Exit 137"), std::string::npos);
  EXPECT_EQ(compose("shop", file, {"start"}).code, 0);
  EXPECT_EQ(compose("shop", file, {"down", "--remove-orphans"}).code, 0);
  EXPECT_EQ(engine().get("/containers/json?all=1").body.size(), 0U);
  EXPECT_EQ(compose("shop", file, {"restart"}).code, 1);
  EXPECT_EQ(compose("shop", file, {"config", "--services"}).out, "web\n");
  EXPECT_EQ(compose("shop", file, {"nonsense"}).code, 1);
  EXPECT_EQ(compose("shop", "services: [", {"up", "-d"}).code, 1);
  EXPECT_EQ(compose("shop", file, {"version"}).code, 0);
}

TEST_F(a_simulated_host, fails_deploys_that_would_fail) {
  start(usual());
  const auto no_image =
      compose("shop", "services: {web: {image: 'no-such/image:1'}}", {"up", "-d"});
  EXPECT_EQ(no_image.code, 1);
  EXPECT_NE(no_image.err.find("pull access denied for no-such/image"), std::string::npos);
  const std::string ports =
      "services: {web: {image: x, command: sleep 100, network_mode: none, stop_signal: SIGKILL, "
      "ports: ['80:80']}}";
  up("one", ports);
  const auto taken = compose("two", ports, {"up", "-d"});
  EXPECT_EQ(taken.code, 1);
  EXPECT_NE(taken.err.find("Bind for 0.0.0.0:80 failed: port is already allocated"),
            std::string::npos)
      << taken.err;
  EXPECT_NE(taken.err.find("Encountered errors while bringing up the project."), std::string::npos);
}

TEST_F(a_simulated_host, prints_numbered_lines_for_deploys_and_remembers_how_many) {
  start(usual());
  const std::string file =
      script("exec sleep 1000") + "x-sim: {deploy_lines: 250, deploy_fails: 3}\n";
  EXPECT_EQ(compose("shop", file, {"up", "-d"}).code, 3);
  const auto second = compose("shop", file, {"up", "-d"});
  std::istringstream lines(second.out);
  std::uint64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto head = parse_head(line);
    ASSERT_TRUE(head) << line;
    EXPECT_EQ(head->life, 2U) << "the project's second deploy";
    EXPECT_EQ(head->number, ++number);
  }
  EXPECT_EQ(number, 250U);
  const auto deploys = host_->truth()["deploys"];
  ASSERT_EQ(deploys.size(), 2U);
  EXPECT_EQ(deploys[1]["printed"], 250);
  EXPECT_EQ(deploys[1]["exit_code"], 3);
}

TEST_F(a_simulated_host, counts_lives_and_what_each_printed) {
  auto options = usual();
  options.apps = 1;
  options.model.lines_per_second = 200;
  options.faults = *parse_faults("- {every: 1ms, fault: recreate}", "test");
  options.journal = directory_ / "journal";
  start(options);
  ASSERT_TRUE(wait_until([&] { return host_->truth()["containers"].size() >= 4; }));
  const auto truth = host_->truth();
  for (std::size_t i = 0; i < truth["containers"].size(); ++i) {
    EXPECT_EQ(truth["containers"][i]["life"], i + 1);
    EXPECT_EQ(truth["containers"][i]["name"], "simpledeploy-app-1_web_1");
  }
  EXPECT_GE(host_->faults()["recreate"], 3);
  std::ifstream journal(directory_ / "journal");
  std::size_t noted = 0;
  for (std::string line; std::getline(journal, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json.contains("fault")) ++noted;
  }
  EXPECT_GE(noted, 3U);
}

}  // namespace
}  // namespace spillway::sim
