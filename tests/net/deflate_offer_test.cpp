#include "net/deflate_offer.hpp"

#include <gtest/gtest.h>

namespace spillway::net {
namespace {

using field_values = std::vector<std::string>;

constexpr const char* plain_answer = "permessage-deflate; client_no_context_takeover";
constexpr const char* window_answer =
    "permessage-deflate; client_no_context_takeover; server_max_window_bits=15";

TEST(deflate_offer, is_met_with_what_the_server_needs) {
  const std::pair<field_values, const char*> offers[] = {
      {{"permessage-deflate"}, plain_answer},
      // Browsers and Node's ws.
      {{"permessage-deflate; client_max_window_bits"}, plain_answer},
      {{"permessage-deflate;client_max_window_bits=8"}, plain_answer},
      {{"permessage-deflate; client_max_window_bits=15"}, plain_answer},
      {{"permessage-deflate; client_no_context_takeover"}, plain_answer},
      {{"permessage-deflate; server_max_window_bits=15"}, window_answer},
      {{"permessage-deflate; server_max_window_bits=\"15\""}, window_answer},
      {{"permessage-deflate; server_max_window_bits=\"\\1\\5\""}, window_answer},
      {{"permessage-deflate; client_no_context_takeover; server_max_window_bits=15; "
        "client_max_window_bits"},
       window_answer},
      {{" \tpermessage-deflate\t;  client_max_window_bits = \"9\" ,, "}, plain_answer},
  };
  for (const auto& [fields, answer] : offers) {
    EXPECT_EQ(negotiate_deflate(fields), answer) << fields.front();
  }
}

TEST(deflate_offer, is_declined_where_it_asks_for_what_the_server_does_not_do) {
  for (const char* offer : {
           "permessage-deflate; server_no_context_takeover",
           "permessage-deflate; server_no_context_takeover; client_max_window_bits",
           "permessage-deflate; server_max_window_bits=14",
           "permessage-deflate; server_max_window_bits=8",
           "permessage-bzip2",
           "x-webkit-deflate-frame",
           "Permessage-Deflate",
       }) {
    EXPECT_FALSE(negotiate_deflate({offer})) << offer;
  }
}

TEST(deflate_offer, is_declined_where_its_parameters_are_wrong) {
  for (const char* parameter : {
           "unknown",
           "unknown=1",
           "client_no_context_takeover=1",
           "client_no_context_takeover=true",
           "client_no_context_takeover; client_no_context_takeover",
           "client_max_window_bits; client_max_window_bits",
           "client_max_window_bits=9; client_max_window_bits",
           "client_max_window_bits=7",
           "client_max_window_bits=16",
           "client_max_window_bits=08",
           "client_max_window_bits=1",
           "client_max_window_bits=1_",
           "client_max_window_bits=10x",
           "client_max_window_bits=-9",
           "client_max_window_bits=4294967305",
           "server_max_window_bits",
           "server_max_window_bits=16",
           "server_max_window_bits=015",
           "server_max_window_bits=15; server_max_window_bits=15",
           "Client_Max_Window_Bits",
       }) {
    EXPECT_FALSE(negotiate_deflate({std::string("permessage-deflate; ") + parameter})) << parameter;
  }
}

TEST(deflate_offer, is_the_first_of_several_that_can_be_met) {
  EXPECT_EQ(
      negotiate_deflate({"permessage-deflate; server_no_context_takeover, permessage-deflate; "
                         "server_max_window_bits=15, permessage-deflate"}),
      window_answer);
  EXPECT_EQ(negotiate_deflate({"permessage-bzip2; level=9", "",
                               "permessage-deflate; server_max_window_bits=10",
                               "permessage-deflate; client_max_window_bits"}),
            plain_answer);
  EXPECT_FALSE(
      negotiate_deflate({"permessage-deflate; server_max_window_bits=9, "
                         "permessage-deflate; server_no_context_takeover"}));
}

TEST(deflate_offer, is_none_where_the_fields_are_empty) {
  EXPECT_FALSE(negotiate_deflate({}));
  EXPECT_FALSE(negotiate_deflate({""}));
  EXPECT_FALSE(negotiate_deflate({" , ,\t,", ""}));
}

TEST(deflate_offer, is_none_where_any_field_is_malformed) {
  using namespace std::string_literals;
  for (const std::string& bad : {"permessage-deflate;"s,
                                 "permessage-deflate; "s,
                                 "permessage-deflate;;"s,
                                 "permessage-deflate; ,"s,
                                 ";"s,
                                 "; client_max_window_bits"s,
                                 "="s,
                                 "permessage-deflate client_max_window_bits"s,
                                 "permessage-deflate; a b"s,
                                 "permessage-deflate=1"s,
                                 "permessage-deflate; client_max_window_bits="s,
                                 "permessage-deflate; client_max_window_bits=="s,
                                 "permessage-deflate; =9"s,
                                 "permessage-deflate; client_max_window_bits=\""s,
                                 "permessage-deflate; client_max_window_bits=\"\""s,
                                 "permessage-deflate; client_max_window_bits=\"9"s,
                                 "permessage-deflate; client_max_window_bits=\"9\\"s,
                                 "permessage-deflate; client_max_window_bits=\"9\"9"s,
                                 "permessage-deflate; client_max_window_bits=\" 9\""s,
                                 "permessage-deflate; client_max_window_bits=\"9 \""s,
                                 "permessage-deflate; client_max_window_bits=9\"9\""s,
                                 "permessage-deflate\0"s,
                                 "permessage\xff-deflate"s,
                                 "permessage-deflate, /"s,
                                 "permessage-deflate; a=(b)"s,
                                 "\"permessage-deflate\""s}) {
    EXPECT_FALSE(negotiate_deflate({bad})) << bad;
    EXPECT_FALSE(negotiate_deflate({"permessage-deflate", bad})) << bad;
  }
}

TEST(deflate_offer, may_be_as_long_as_a_request_header) {
  std::string commas(100'000, ',');
  EXPECT_EQ(negotiate_deflate({commas + "permessage-deflate" + commas}), plain_answer);
  std::string many = "permessage-deflate";
  for (int i = 0; i < 1000; ++i) many += "; client_max_window_bits";
  EXPECT_FALSE(negotiate_deflate({many}));
}

}  // namespace
}  // namespace spillway::net
