#include "store/deploy_journal_store.hpp"

#include <SQLiteCpp/Database.h>

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <future>
#include <mutex>

#include "protocol/frames.hpp"
#include "store/deploy_store.hpp"
#include "store/users_fixture.hpp"

namespace spillway::store {
namespace {

using namespace std::chrono_literals;

class deploy_journal_store_test : public users_fixture {
 protected:
  void SetUp() override { restart(); }
  void TearDown() override {
    journal.reset();
    pool.join();
  }

  /// A new journal, as after the end of a server.
  void restart(deploy_journal_store::options chosen = {}) {
    journal = std::make_unique<deploy_journal_store>(db, pool.get_executor(), chosen);
  }

  actors::deploy_record record(const std::string& id) const {
    return {id, "shop", "deploy", "running", 0, "ada", now, {}};
  }

  /// Calls `start(handler)` and waits for the handler; empty, or the error.
  template <class Start>
  std::string outcome_of(Start start) {
    auto said = std::make_shared<std::promise<std::string>>();
    auto answer = said->get_future();
    start([said](tl::expected<void, std::string> outcome) {
      said->set_value(outcome ? std::string() : "error: " + outcome.error());
    });
    if (answer.wait_for(20s) != std::future_status::ready) return "no answer";
    return answer.get();
  }
  std::string begin(const actors::deploy_record& what) {
    return outcome_of([&](auto handler) { journal->begin(what, handler); });
  }
  std::string append(const std::string& id, const std::string& frames,
                     const std::string& app_name = "shop") {
    return outcome_of([&](auto handler) { journal->append(app_name, id, frames, handler); });
  }
  std::string finish(const std::string& id, const std::string& status = "success") {
    auto ended = record(id);
    ended.status = status;
    ended.finished_at = now + 1s;
    return outcome_of([&](auto handler) { journal->finish(ended, handler); });
  }
  tl::expected<actors::transcript_part, std::string> read(const std::string& id,
                                                          std::uint64_t offset = 0,
                                                          std::size_t max_bytes = 1 << 20,
                                                          const std::string& app_name = "shop") {
    auto said =
        std::make_shared<std::promise<tl::expected<actors::transcript_part, std::string>>>();
    auto answer = said->get_future();
    journal->read(app_name, id, offset, max_bytes,
                  [said](auto part) { said->set_value(std::move(part)); });
    if (answer.wait_for(20s) != std::future_status::ready)
      return tl::unexpected<std::string>("no answer");
    return answer.get();
  }

  /// Old deploys are forgotten behind the back of whoever ended one.
  void wait_for_forgetting() { (void)read("none"); }

  std::filesystem::path file_of(const std::string& id) const {
    return dir / ("transcripts/shop/" + id + ".ndjson");
  }
  std::string frame(std::string_view output) const {
    std::string text;
    protocol::append_deploy_frame(text, now, "pull", output);
    return text + "\n";
  }
  std::string final_frame(std::string_view status, int exit_code) const {
    std::string text;
    protocol::append_deploy_final_frame(text, now, "pull", status, exit_code);
    return text + "\n";
  }
  /// What recovery appends to a transcript without an end.
  std::string abandoned(std::string_view action, protocol::timestamp at) const {
    std::string text;
    protocol::append_deploy_frame(text, at, action,
                                  "[spillway] the server stopped while this deploy ran");
    text += '\n';
    protocol::append_deploy_final_frame(text, at, action, "failed", -1);
    return text + "\n";
  }

  boost::asio::thread_pool pool{3};
  deploy_store records{db};
  std::unique_ptr<deploy_journal_store> journal;
};

TEST_F(deploy_journal_store_test, a_run_is_recorded_from_begin_to_finish) {
  EXPECT_EQ(begin(record("d1")), "");
  EXPECT_EQ((*records.find("shop", "d1"))->status, "running");
  EXPECT_EQ(append("d1", frame("one") + frame("two")), "");
  EXPECT_EQ(append("d1", final_frame("success", 0)), "");
  EXPECT_EQ(finish("d1"), "");
  EXPECT_EQ((*records.find("shop", "d1"))->status, "success");
  const auto part = read("d1");
  ASSERT_TRUE(part);
  EXPECT_EQ(part->frames, frame("one") + frame("two") + final_frame("success", 0));
  EXPECT_TRUE(part->at_end);
}

TEST_F(deploy_journal_store_test, frames_are_on_disk_when_their_handler_runs) {
  begin(record("d1"));
  ASSERT_EQ(append("d1", frame("one")), "");
  EXPECT_EQ(test::read_file(file_of("d1")), frame("one"));
}

TEST_F(deploy_journal_store_test, a_transcript_is_read_in_parts) {
  begin(record("d1"));
  append("d1", frame("one") + frame("two"));
  const auto first = read("d1", 0, 1);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->frames, frame("one"));
  EXPECT_FALSE(first->at_end);
  EXPECT_EQ(read("d1", first->frames.size(), 1)->frames, frame("two"));
}

TEST_F(deploy_journal_store_test, an_unknown_deploy_or_one_of_another_app_is_not_found) {
  begin(record("d1"));
  EXPECT_EQ(read("d2").error(), "deploy not found");
  EXPECT_EQ(read("d1", 0, 100, "blog").error(), "deploy not found");
  EXPECT_EQ(read("../d1").error(), "deploy not found");
  EXPECT_EQ(read("").error(), "deploy not found");
}

TEST_F(deploy_journal_store_test, names_that_lead_out_of_the_directory_cannot_begin) {
  for (const char* id : {"", "../d1", "a/b", "a.b", "."}) EXPECT_NE(begin(record(id)), "") << id;
  auto elsewhere = record("d1");
  elsewhere.app = "..";
  EXPECT_NE(begin(elsewhere), "");
  EXPECT_TRUE(records.running()->empty());
}

TEST_F(deploy_journal_store_test, only_a_run_that_has_begun_and_not_finished_takes_frames) {
  EXPECT_NE(append("d1", frame("one")), "");
  begin(record("d1"));
  EXPECT_NE(append("d1", frame("one"), "blog"), "");
  finish("d1");
  EXPECT_NE(append("d1", frame("one")), "");
  EXPECT_EQ(test::read_file(file_of("d1")), "");
}

TEST_F(deploy_journal_store_test, a_run_that_cannot_have_a_transcript_is_not_recorded) {
  test::write_file(dir / "transcripts", "a file in the way");
  const std::string said = begin(record("d1"));
  EXPECT_NE(said.find("transcripts"), std::string::npos) << said;
  EXPECT_TRUE(records.running()->empty());
}

TEST_F(deploy_journal_store_test, a_run_that_cannot_be_recorded_leaves_no_transcript) {
  begin(record("d1"));
  std::filesystem::remove(file_of("d1"));
  EXPECT_NE(begin(record("d1")), "");
  EXPECT_FALSE(std::filesystem::exists(file_of("d1")));
}

TEST_F(deploy_journal_store_test, an_id_is_used_once) {
  begin(record("d1"));
  append("d1", frame("one"));
  EXPECT_NE(begin(record("d1")), "");
  EXPECT_EQ(test::read_file(file_of("d1")), frame("one"));
}

TEST_F(deploy_journal_store_test, work_is_done_in_order_and_each_handler_runs_once) {
  std::mutex mutex;
  std::vector<int> order;
  const auto note = [&](int step) {
    return [&, step](const tl::expected<void, std::string>& outcome) {
      EXPECT_TRUE(outcome) << outcome.error();
      const std::lock_guard lock(mutex);
      order.push_back(step);
    };
  };
  std::string all;
  std::vector<int> expected;
  journal->begin(record("d1"), note(0));
  for (int i = 1; i < 200; ++i) {
    all += frame(std::to_string(i));
    journal->append("shop", "d1", frame(std::to_string(i)), note(i));
  }
  EXPECT_EQ(finish("d1"), "");
  for (int i = 0; i < 200; ++i) expected.push_back(i);
  EXPECT_EQ(order, expected);
  EXPECT_EQ(test::read_file(file_of("d1")), all);
}

TEST_F(deploy_journal_store_test, work_that_waits_outlives_the_journal) {
  std::atomic<int> handled{0};
  journal->begin(record("d1"), [&](auto) { ++handled; });
  for (int i = 0; i < 50; ++i) journal->append("shop", "d1", frame("x"), [&](auto) { ++handled; });
  journal.reset();
  pool.join();
  EXPECT_EQ(handled, 51);
  EXPECT_EQ(test::read_file(file_of("d1")).size(), 50 * frame("x").size());
}

TEST_F(deploy_journal_store_test, past_its_bound_a_transcript_ends_early_without_a_hole) {
  restart({.max_queued_bytes = frame("one").size()});
  begin(record("d1"));
  EXPECT_EQ(append("d1", frame("one")), "");
  const std::string refused = append("d1", frame("two") + frame("three"));
  EXPECT_NE(refused.find("ends early"), std::string::npos) << refused;
  EXPECT_NE(append("d1", frame("six")), "");
  EXPECT_EQ(finish("d1"), "");
  EXPECT_EQ(test::read_file(file_of("d1")), frame("one"));
}

TEST_F(deploy_journal_store_test, the_bound_is_free_again_once_frames_are_written) {
  restart({.max_queued_bytes = frame("one").size()});
  begin(record("d1"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(append("d1", frame("one")), "");
}

TEST_F(deploy_journal_store_test, past_what_is_kept_a_transcript_ends_early_without_a_hole) {
  restart({.keep_bytes = frame("one").size() * 2});
  begin(record("d1"));
  EXPECT_EQ(append("d1", frame("one")), "");
  const std::string refused = append("d1", frame("two") + frame("three"));
  EXPECT_NE(refused.find("deploy.history_size"), std::string::npos) << refused;
  EXPECT_NE(append("d1", frame("six")), "");
  EXPECT_EQ(test::read_file(file_of("d1")), frame("one"));
}

TEST_F(deploy_journal_store_test, a_transcript_that_ended_early_is_read_with_what_stands_in) {
  begin(record("d1"));
  append("d1", frame("one"));
  EXPECT_EQ(read("d1")->stand_in, "") << "it goes on";
  finish("d1", "success");
  std::string rest;
  protocol::append_deploy_frame(rest, now + 1s, "pull",
                                "[spillway] the rest of this deploy was not recorded");
  rest += '\n';
  protocol::append_deploy_final_frame(rest, now + 1s, "pull", "success", 0);
  const auto part = read("d1");
  EXPECT_EQ(part->frames, frame("one"));
  EXPECT_EQ(part->stand_in, rest + "\n");
  EXPECT_EQ(read("d1", frame("one").size())->stand_in, rest + "\n");
  EXPECT_EQ(test::read_file(file_of("d1")), frame("one"));
}

TEST_F(deploy_journal_store_test, before_its_end_a_transcript_is_read_without_a_stand_in) {
  begin(record("d1"));
  append("d1", frame("one") + frame("two"));
  finish("d1");
  EXPECT_EQ(read("d1", 0, 1)->stand_in, "");
  EXPECT_NE(read("d1", frame("one").size(), 1)->stand_in, "");
}

TEST_F(deploy_journal_store_test, the_oldest_deploys_of_an_app_are_forgotten_past_a_number) {
  restart({.keep_deploys = 2});
  auto theirs = record("blog1");
  theirs.app = "blog";
  begin(theirs);
  for (const char* id : {"d1", "d2", "d3"}) {
    auto each = record(id);
    each.started_at += std::chrono::seconds(id[1]);
    begin(each);
    append(id, final_frame("success", 0));
    finish(id);
  }
  wait_for_forgetting();
  EXPECT_FALSE(*records.find("shop", "d1"));
  EXPECT_FALSE(std::filesystem::exists(file_of("d1")));
  EXPECT_EQ(read("d1").error(), "deploy not found");
  for (const char* id : {"d2", "d3"}) {
    EXPECT_TRUE(*records.find("shop", id)) << id;
    EXPECT_EQ(read(id)->frames, final_frame("success", 0)) << id;
  }
  EXPECT_TRUE(*records.find("blog", "blog1"));
}

TEST_F(deploy_journal_store_test, the_oldest_deploys_of_an_app_are_forgotten_past_a_size) {
  restart({.keep_bytes = final_frame("success", 0).size() * 2});
  for (const char* id : {"d1", "d2", "d3"}) {
    begin(record(id));
    append(id, final_frame("success", 0));
    finish(id);
  }
  wait_for_forgetting();
  EXPECT_FALSE(*records.find("shop", "d1"));
  EXPECT_FALSE(std::filesystem::exists(file_of("d1")));
  EXPECT_TRUE(std::filesystem::exists(file_of("d2")));
  EXPECT_TRUE(std::filesystem::exists(file_of("d3")));
}

TEST_F(deploy_journal_store_test, many_old_deploys_are_forgotten_slice_by_slice) {
  for (int i = 0; i < 120; ++i) begin(record("d" + std::to_string(i)));
  for (int i = 0; i < 120; ++i) finish("d" + std::to_string(i));
  restart({.keep_deploys = 5});
  begin(record("last"));
  finish("last");
  for (int i = 0; i < 4; ++i) wait_for_forgetting();
  EXPECT_EQ(records.list("shop")->size(), 5u);
}

TEST_F(deploy_journal_store_test, one_that_cannot_be_forgotten_stands_in_no_other_s_way) {
  restart({.keep_deploys = 1});
  auto first = record("d1");
  first.started_at -= 10s;
  begin(first);
  std::filesystem::remove(file_of("d1"));
  std::filesystem::create_directories(file_of("d1") / "in the way");
  finish("d1");
  for (const char* id : {"d2", "d3"}) {
    begin(record(id));
    EXPECT_EQ(finish(id), "") << "that is not about how this one ended";
  }
  wait_for_forgetting();
  EXPECT_TRUE(*records.find("shop", "d1"));
  EXPECT_FALSE(*records.find("shop", "d2"));
}

TEST_F(deploy_journal_store_test, after_a_crash_too_much_is_forgotten_as_well) {
  for (const char* id : {"d1", "d2", "d3"}) begin(record(id));
  restart({.keep_deploys = 2});
  ASSERT_TRUE(journal->recover(now));
  wait_for_forgetting();
  EXPECT_EQ(records.list("shop")->size(), 2u);
}

TEST_F(deploy_journal_store_test,
       an_end_that_the_database_does_not_take_is_known_and_can_be_retried) {
  begin(record("d1"));
  append("d1", frame("one"));
  (void)db->run([](SQLite::Database& c) -> result<void> {
    c.exec("ALTER TABLE deploys RENAME TO lost");
    return {};
  });
  EXPECT_NE(finish("d1"), "");
  (void)db->run([](SQLite::Database& c) -> result<void> {
    c.exec("ALTER TABLE lost RENAME TO deploys");
    return {};
  });
  EXPECT_EQ((*records.find("shop", "d1"))->status, "running");
  EXPECT_NE(read("d1")->stand_in, "") << "who reads it is told how it ended";
  EXPECT_EQ(finish("d1"), "");
  EXPECT_EQ((*records.find("shop", "d1"))->status, "success");
}

TEST_F(deploy_journal_store_test, a_run_that_is_not_on_record_has_no_end_to_record) {
  EXPECT_EQ(finish("never-begun"), "") << "else it would be tried again for ever";
  begin(record("d1"));
  ASSERT_TRUE(records.forget("shop"));
  EXPECT_EQ(finish("d1"), "");
  EXPECT_FALSE(*records.find("shop", "d1"));
}

TEST_F(deploy_journal_store_test, a_run_that_goes_on_is_not_forgotten) {
  restart({.keep_deploys = 1});
  begin(record("d1"));
  begin(record("d2"));
  finish("d2");
  wait_for_forgetting();
  EXPECT_TRUE(*records.find("shop", "d1"));
  EXPECT_EQ(append("d1", frame("one")), "");
}

TEST_F(deploy_journal_store_test, recovery_names_the_runs_before_it_closes_them) {
  begin(record("d1"));
  begin(record("d2"));
  finish("d2");
  restart();
  std::vector<std::string> named;
  ASSERT_TRUE(journal->recover(now, [&](const std::vector<std::string>& ids) {
    named = ids;
    EXPECT_EQ((*records.find("shop", "d1"))->status, "running");
  }));
  EXPECT_EQ(named, std::vector<std::string>{"d1"});
}

TEST_F(deploy_journal_store_test, recovery_closes_a_run_without_an_end) {
  begin(record("d1"));
  append("d1", frame("one"));
  restart();
  const auto recovered = journal->recover(now + 5s);
  ASSERT_TRUE(recovered);
  ASSERT_EQ(recovered->closed.size(), 1u);
  EXPECT_TRUE(recovered->problems.empty());
  const auto found = **records.find("shop", "d1");
  EXPECT_EQ(found.status, "failed");
  EXPECT_EQ(found.exit_code, -1);
  EXPECT_EQ(found.finished_at, now + 5s);
  EXPECT_EQ(read("d1")->frames, frame("one") + abandoned("pull", now + 5s));
}

TEST_F(deploy_journal_store_test, recovery_cuts_off_a_torn_line_first) {
  begin(record("d1"));
  append("d1", frame("one") + frame("two").substr(0, 20));
  restart();
  ASSERT_TRUE(journal->recover(now));
  EXPECT_EQ(read("d1")->frames, frame("one") + abandoned("pull", now));
}

TEST_F(deploy_journal_store_test, recovery_of_an_empty_or_lost_transcript_takes_the_run_s_action) {
  begin(record("d1"));
  begin(record("d2"));
  std::filesystem::remove(file_of("d2"));
  restart();
  ASSERT_TRUE(journal->recover(now));
  EXPECT_EQ(read("d1")->frames, abandoned("deploy", now));
  EXPECT_EQ(read("d2")->frames, abandoned("deploy", now));
}

TEST_F(deploy_journal_store_test, recovery_believes_a_final_frame_that_is_there) {
  begin(record("d1"));
  append("d1", frame("one") + final_frame("success", 0));
  begin(record("d2"));
  append("d2", final_frame("failed", 17));
  restart();
  ASSERT_TRUE(journal->recover(now + 5s));
  EXPECT_EQ(read("d1")->frames, frame("one") + final_frame("success", 0));
  EXPECT_EQ((*records.find("shop", "d1"))->status, "success");
  EXPECT_EQ((*records.find("shop", "d1"))->finished_at, now);
  EXPECT_EQ((*records.find("shop", "d2"))->status, "failed");
  EXPECT_EQ((*records.find("shop", "d2"))->exit_code, 17);
}

TEST_F(deploy_journal_store_test, recovery_is_not_misled_by_output_or_by_what_is_no_frame) {
  begin(record("d1"));
  append("d1", frame(R"({"done":true,"status":"success","exit_code":0})"));
  begin(record("d2"));
  append("d2", "no JSON\n");
  begin(record("d3"));
  append("d3", R"({"done":true,"status":7,"exit_code":"0","timestamp":[]})"
               "\n");
  restart();
  ASSERT_TRUE(journal->recover(now));
  for (const char* id : {"d1", "d2", "d3"})
    EXPECT_EQ((*records.find("shop", id))->status, "failed") << id;
}

TEST_F(deploy_journal_store_test, recovery_leaves_runs_that_ended_alone) {
  begin(record("d1"));
  append("d1", frame("one"));
  finish("d1", "cancelled");
  restart();
  EXPECT_TRUE(journal->recover(now)->closed.empty());
  EXPECT_EQ(read("d1")->frames, frame("one"));
  EXPECT_EQ((*records.find("shop", "d1"))->status, "cancelled");
}

TEST_F(deploy_journal_store_test,
       recovery_closes_the_record_of_a_transcript_that_cannot_be_closed) {
  begin(record("d1"));
  std::filesystem::remove(file_of("d1"));
  std::filesystem::create_directory(file_of("d1"));
  restart();
  const auto recovered = journal->recover(now);
  ASSERT_TRUE(recovered);
  EXPECT_EQ(recovered->problems.size(), 1u);
  EXPECT_EQ((*records.find("shop", "d1"))->status, "failed");
}

TEST_F(deploy_journal_store_test, recovery_is_refused_while_another_server_holds_the_directory) {
  ASSERT_TRUE(journal->recover(now));
  begin(record("d1"));
  {
    deploy_journal_store second(*database::open(dir.path()), pool.get_executor());
    const auto refused = second.recover(now);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().find("another spillway"), std::string::npos) << refused.error();
  }
  EXPECT_EQ((*records.find("shop", "d1"))->status, "running");
}

}  // namespace
}  // namespace spillway::store
