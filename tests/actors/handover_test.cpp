// How batches get from a publisher to the sessions of its viewers, which run on strands.
#include "actors/handover.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "actor_test.hpp"
#include "actors/process_log.hpp"
#include "actors/session.hpp"

namespace spillway::actors::testing {
namespace {

/// A session that counts the messages it is sent.
class watched_session : public session {
 public:
  using counter = std::shared_ptr<std::size_t>;
  watched_session(caf::actor_config& cfg, strand_type strand, subscriber_id id,
                  std::shared_ptr<viewer_connection> connection, const dependencies* deps,
                  counter messages)
      : session(cfg, std::move(strand), id, std::move(connection),
                audited_stream(*deps, {}, stream_kind::container)),
        messages_(std::move(messages)) {}
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* host) override {
    ++*messages_;
    session::enqueue(std::move(message), host);
  }

 private:
  counter messages_;
};

/// The process log's publisher and its viewers. The threads of the sockets are the test's own.
class Handover : public ::testing::Test {
 protected:
  struct viewer {
    std::shared_ptr<fake_connection> connection = std::make_shared<fake_connection>();
    std::shared_ptr<demand> readiness = std::make_shared<demand>();
    watched_session::counter messages = std::make_shared<std::size_t>(0);
  };

  ~Handover() override {
    caf::anon_send_exit(publisher_, caf::exit_reason::user_shutdown);
    publisher_ = nullptr;
    for (auto& v : viewers) v.connection->drop();
    run();
  }

  void run() {
    do {
      world.run();
      threads_.restart();
    } while (threads_.poll() != 0);
  }

  void add_viewers(std::size_t count) {
    const auto publisher = caf::actor_cast<publisher_actor>(publisher_);
    for (subscriber_id id = 1; id <= count; ++id) {
      viewer v;
      const session_actor to = world.system.spawn<watched_session>(
          session::strand_type(threads_.get_executor()), id, v.connection, &world.deps, v.messages);
      caf::anon_send(to, attached{publisher, v.readiness});
      caf::anon_send(publisher, subscribe{id,
                                          {to, protocol::payload_form::plain, v.readiness},
                                          {std::nullopt, protocol::process_log_request{}}});
      viewers.push_back(std::move(v));
    }
    run();
  }

  void print(std::vector<std::string> lines) {
    auto shared = std::make_shared<const std::vector<std::string>>(std::move(lines));
    caf::anon_send(publisher_, process_log_lines{std::move(shared)});
    run();
  }

  actor_world world;
  std::vector<viewer> viewers;

 private:
  boost::asio::io_context threads_;
  process_log_actor publisher_ = world.system.spawn(process_log, &world.deps);
};

TEST_F(Handover, ALineReachesEverySessionOnAStrandWithoutAMessage) {
  add_viewers(3 * handover::group_size + 4);
  for (auto& v : viewers) ASSERT_EQ(std::exchange(*v.messages, 0), 1u) << "attached";
  print({"one"});
  print({"two", "three"});
  for (auto& v : viewers) {
    EXPECT_EQ(v.connection->frames,
              (std::vector<std::string>{R"("one")", R"("two")", R"("three")"}));
    EXPECT_EQ(*v.messages, 0u);
  }
}

TEST_F(Handover, ASocketThatWasFullGetsWhatItCouldNotTakeOnceItCan) {
  add_viewers(2);
  viewers[0].connection->stuck = true;
  for (const char* line : {"one", "two", "three"}) print({line});
  EXPECT_EQ(viewers[0].connection->frames.size(), 1u);
  EXPECT_EQ(viewers[1].connection->frames.size(), 3u);
  viewers[0].connection->unstick();
  run();
  EXPECT_EQ(viewers[0].connection->frames, viewers[1].connection->frames);
  EXPECT_EQ(*viewers[0].messages, 2u) << "attached and socket_written";
  EXPECT_FALSE(viewers[0].connection->overlapped);
}

}  // namespace
}  // namespace spillway::actors::testing
