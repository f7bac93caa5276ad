#include "protocol/access.hpp"

#include <gtest/gtest.h>

namespace spillway::protocol {
namespace {

principal someone(role granted) {
  return {"ann", granted, "token:1", {"mine"}};
}

const slug mine = *slug::parse("mine");
const slug other = *slug::parse("other");

TEST(role, is_written_and_read_by_its_name) {
  for (role r : {role::viewer, role::manage, role::super_admin}) {
    EXPECT_EQ(parse_role(to_string(r)), r);
  }
  EXPECT_EQ(to_string(role::super_admin), "super_admin");
  EXPECT_FALSE(parse_role("Viewer"));
  EXPECT_FALSE(parse_role(""));
}

TEST(access, of_a_super_admin_is_to_everything) {
  for (right needed : {right::read, right::operate}) {
    EXPECT_EQ(decide(someone(role::super_admin), needed, &mine), decision::allowed);
    EXPECT_EQ(decide(someone(role::super_admin), needed, &other), decision::allowed);
  }
  EXPECT_EQ(decide(someone(role::super_admin), right::administer), decision::allowed);
}

TEST(access, of_a_manager_is_to_granted_apps) {
  EXPECT_EQ(decide(someone(role::manage), right::read, &mine), decision::allowed);
  EXPECT_EQ(decide(someone(role::manage), right::operate, &mine), decision::allowed);
  EXPECT_EQ(decide(someone(role::manage), right::administer), decision::forbidden);
}

TEST(access, of_a_viewer_is_to_read_granted_apps) {
  EXPECT_EQ(decide(someone(role::viewer), right::read, &mine), decision::allowed);
  EXPECT_EQ(decide(someone(role::viewer), right::operate, &mine), decision::forbidden);
  EXPECT_EQ(decide(someone(role::viewer), right::administer), decision::forbidden);
}

TEST(access, to_an_app_that_was_not_granted_does_not_tell_that_it_exists) {
  for (role granted : {role::viewer, role::manage}) {
    EXPECT_EQ(decide(someone(granted), right::read, &other), decision::hidden);
    EXPECT_EQ(decide(someone(granted), right::operate, &other), decision::hidden);
  }
}

TEST(access, to_no_app_in_particular_is_not_granted_by_any_grant) {
  EXPECT_EQ(decide(someone(role::manage), right::read), decision::hidden);
}

}  // namespace
}  // namespace spillway::protocol
