#include "app/secrecy.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>

#include <cstdlib>

namespace spillway::app {
namespace {

/// What take_arguments returns, and what it leaves for others to see.
struct taken {
  std::vector<std::string> arguments;
  std::vector<std::string> seen;
};

taken take(std::vector<std::string> given) {
  given.insert(given.begin(), "spillway");
  std::vector<char*> argv;
  for (auto& argument : given) argv.push_back(argument.data());
  argv.push_back(nullptr);
  taken made{take_arguments(static_cast<int>(given.size()), argv.data()), {}};
  made.seen.assign(given.begin() + 1, given.end());
  return made;
}

using words = std::vector<std::string>;

TEST(secrecy, a_token_is_taken_and_not_left_for_others_to_see) {
  const auto apart = take({"logs", "shop", "--token", "sd_secret", "--tail", "5"});
  EXPECT_EQ(apart.arguments, (words{"logs", "shop", "--token", "sd_secret", "--tail", "5"}));
  EXPECT_EQ(apart.seen, (words{"logs", "shop", "--token", "*********", "--tail", "5"}));
  const auto joined = take({"logs", "--token=sd_secret", "shop"});
  EXPECT_EQ(joined.arguments, (words{"logs", "--token=sd_secret", "shop"}));
  EXPECT_EQ(joined.seen, (words{"logs", "--token=*********", "shop"}));
}

TEST(secrecy, other_arguments_stay_as_they_are) {
  for (const words& given : {words{}, words{"token", "list"}, words{"--token"},
                             words{"--tokens", "x"}, words{"--token="}}) {
    const auto got = take(given);
    EXPECT_EQ(got.arguments, given);
    EXPECT_EQ(got.seen, given);
  }
}

TEST(secrecy, no_core_dump_is_written_of_the_process) {
  EXPECT_EXIT(
      {
        const bool before = ::prctl(PR_GET_DUMPABLE) == 1;
        forbid_memory_dumps();
        std::_Exit(before && ::prctl(PR_GET_DUMPABLE) == 0 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace spillway::app
