#include "client/deploy_session.hpp"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "client/base64.hpp"
#include "client/question.hpp"
#include "client/refusal.hpp"
#include "client/terminal.hpp"

namespace spillway::client {
namespace {

namespace asio = boost::asio;

std::string watch_command(const std::string& app) {
  return "`spillway watch " + app + "`";
}

std::string not_known_whether_started(const std::string& app) {
  return "it is not known whether the deploy started: see with " + watch_command(app);
}

/// Also where it has ended while nobody looked.
std::string still_there(const std::string& app) {
  return "the deploy was left alone: see it again with " + watch_command(app);
}

http_refusal as_refusal(const http_reply& reply) {
  return {reply.status, reply.body, reply.retry_after, reply.location};
}

std::string id_in(const http_reply& started) {
  const auto json = nlohmann::json::parse(started.body, nullptr, false);
  const bool has_id =
      json.is_object() && json.contains("deploy_id") && json["deploy_id"].is_string();
  return has_id ? json["deploy_id"].get<std::string>() : "";
}

}  // namespace

deploy_session::deploy_session(session_options chosen, deploy_order order)
    : deploy_session(std::move(chosen), std::optional(order), order.app, "") {}

deploy_session::deploy_session(session_options chosen, std::string app, std::string id)
    : deploy_session(std::move(chosen), std::nullopt, std::move(app), std::move(id)) {}

deploy_session::deploy_session(session_options chosen, std::optional<deploy_order> order,
                               std::string app, std::string id)
    : session(std::move(chosen)),
      order_(std::move(order)),
      what_(std::move(app), std::move(id)),
      follower_(server(), what_, on(),
                {.reconnect = options().reconnect,
                 .known = order_.has_value(),
                 .json = options().screen.json},
                [this] {
                  if (what_.needs_id() && !std::exchange(asked_for_id_, true))
                    asio::co_spawn(io(), learn_id(), asio::detached);
                }),
      state_(order_ ? state::asking_for_it : state::watching) {}

asio::awaitable<int> deploy_session::work() {
  on().begin_progress(what_.app());
  if (order_) {
    auto started = co_await start();
    if (!started) {
      subject_end refused_end{false, started.error().sentence};
      co_return co_await conclude(std::move(refused_end));
    }
    what_.learn_id(std::move(*started));
    state_ = state::watching;
  }
  auto how = co_await follower_.run();
  if (order_ && !how.succeeded && !what_.end() && !how.sentence.empty())
    how.sentence += "; " + still_there(what_.app());
  const int code = co_await conclude(std::move(how));
  co_return state_ == state::cancelling ? exit_interrupted : code;
}

asio::awaitable<result<std::string>> deploy_session::start() {
  const nlohmann::json body{
      {"name", order_->app}, {"compose", base64(order_->compose)}, {"force", order_->force}};
  auto answer = co_await server().send("POST", "/api/apps/deploy", body.dump(),
                                       server().wait().deploy_answer);
  if (!answer) {
    auto why = std::move(answer.error());
    if (why.sent) why.sentence += ", and " + not_known_whether_started(what_.app());
    co_return tl::unexpected(std::move(why));
  }
  if (answer->status != 201)
    co_return tl::unexpected(deploy_refused(as_refusal(*answer), what_.app(), order_->force));
  co_return id_in(*answer);
}

/// Of a deploy that is watched without one. Where that fails, the next connection goes without, and
/// its first frame asks again.
asio::awaitable<void> deploy_session::learn_id() {
  auto answer = co_await server().send("GET", "/api/apps/" + in_target(what_.app()) + "/events");
  if (!answer)
    asked_for_id_ = false;
  else if (answer->status == 200 && what_.needs_id())
    what_.learn_id(newest_deploy_id(answer->body));
}

bool deploy_session::can_ask() const {
  return state_ == state::watching && !what_.end() && (order_ || what_.is_running()) &&
         is_terminal(STDIN_FILENO) && on().can_ask();
}

asio::awaitable<void> deploy_session::interrupted() {
  if (!can_ask()) {
    say_goodbye();
    co_return finish(exit_interrupted);
  }
  on().hold();
  const auto answer = co_await ask_after_interrupt(on(), signals());
  if (answer == interrupt_answer::stop_watching) {
    say_goodbye();
    co_return finish(exit_interrupted);
  }
  std::string complaint;
  // Before anything is shown: else the end of the deploy could come first.
  if (answer == interrupt_answer::cancel_deploy) complaint = co_await cancel();
  on().release();
  if (!complaint.empty()) co_await on().notice("the deploy was not cancelled: " + complaint);
}

asio::awaitable<std::string> deploy_session::cancel() {
  state_ = state::cancelling;
  // This one and no other that began while the question stood.
  const std::string body =
      what_.id().empty() ? "" : nlohmann::json{{"deploy_id", what_.id()}}.dump();
  auto answer = co_await server().send("POST", "/api/apps/" + in_target(what_.app()) + "/cancel",
                                       body, server().wait().step);
  if (answer && answer->status < 300) co_return "";
  state_ = state::watching;
  if (!answer) co_return answer.error().sentence;
  if (answer->status == 409) co_return "it had ended before";
  co_return refused(as_refusal(*answer), what_.app()).sentence;
}

void deploy_session::say_goodbye() {
  if (state_ == state::asking_for_it)
    on().last_words(not_known_whether_started(what_.app()));
  else if (state_ == state::cancelling)
    on().last_words("the deploy is being cancelled: see its end with " +
                    watch_command(what_.app()));
  else if (order_ || what_.is_running())
    on().last_words(still_there(what_.app()));
}

void deploy_session::output_closed() {
  if (order_ && !what_.end()) say_goodbye();
}

int deploy_session::closed_output_code() const {
  return order_ ? exit_failed : exit_success;
}

}  // namespace spillway::client
