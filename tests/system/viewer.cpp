#include "system/viewer.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace spillway::system_test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;

namespace {

/// The one thread on which all viewers' sockets live.
class client_loop {
 public:
  client_loop() : work_(context_.get_executor()), thread_([this] { context_.run(); }) {}
  ~client_loop() {
    context_.stop();
    thread_.join();
  }
  asio::io_context& context() { return context_; }

 private:
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

asio::io_context& loop() {
  static client_loop instance;
  return instance.context();
}

}  // namespace

struct viewer::state : std::enable_shared_from_this<viewer::state> {
  explicit state(viewer_options chosen) : options(std::move(chosen)), stream(loop()) {}

  void open(const address& where, const std::string& target);
  void read();
  void on_read(const beast::error_code& error);
  void finish(const beast::error_code& error);
  template <class Function>
  void change(Function&& function);

  const viewer_options options;
  websocket::stream<tcp::socket> stream;
  beast::flat_buffer buffer;
  websocket::response_type response;
  // Only on the loop's thread.
  bool reading = false;
  bool paused = false;
  bool closing = false;

  mutable std::mutex mutex;
  std::condition_variable changed;
  // Under the mutex.
  unsigned handshake_status = 0;
  bool handshake_done = false;
  std::vector<std::string> frames;
  std::string newest;
  std::size_t count = 0;
  std::size_t bytes = 0;
  bool pong = false;
  std::optional<ending> end;
};

template <class Function>
void viewer::state::change(Function&& function) {
  const std::lock_guard lock(mutex);
  function();
  changed.notify_all();
}

void viewer::state::open(const address& where, const std::string& target) {
  beast::error_code error;
  auto& socket = stream.next_layer();
  socket.open(tcp::v4(), error);
  if (options.receive_buffer_bytes)
    socket.set_option(asio::socket_base::receive_buffer_size(options.receive_buffer_bytes));
  socket.connect({asio::ip::make_address(where.host), where.port}, error);
  if (error) return change([&] { handshake_done = true; });
  stream.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
    for (const auto& [name, value] : options.headers) request.set(name, value);
  }));
  if (options.offer_compression) {
    websocket::permessage_deflate deflate;
    deflate.client_enable = true;
    stream.set_option(deflate);
  }
  stream.control_callback([this](websocket::frame_type kind, beast::string_view) {
    if (kind == websocket::frame_type::pong) change([&] { pong = true; });
  });
  paused = options.paused;
  stream.async_handshake(response, where.authority(), target,
                         [self = shared_from_this()](const beast::error_code& failed) {
                           self->change([&] {
                             self->handshake_status = self->response.result_int();
                             self->handshake_done = true;
                           });
                           if (!failed) self->read();
                         });
}

void viewer::state::read() {
  if (paused || reading) return;
  reading = true;
  stream.async_read(buffer, [self = shared_from_this()](const beast::error_code& error,
                                                        std::size_t) { self->on_read(error); });
}

void viewer::state::finish(const beast::error_code& error) {
  const auto& why = stream.reason();
  change([&] {
    if (end) return;
    if (error == websocket::error::closed)
      end = ending{true, why.code, std::string(why.reason.data(), why.reason.size()), ""};
    else
      end = ending{false, 0, "", error.message()};
  });
}

void viewer::state::on_read(const beast::error_code& error) {
  reading = false;
  // Our own closing handshake reads what is left by itself, and reports.
  if (error) return closing ? void() : finish(error);
  change([&] {
    newest = beast::buffers_to_string(buffer.data());
    ++count;
    bytes += newest.size();
    if (!options.count_only) frames.push_back(newest);
  });
  buffer.clear();
  read();
}

viewer::viewer(const address& where, const std::string& target, viewer_options options)
    : state_(std::make_shared<state>(std::move(options))) {
  asio::post(loop(), [self = state_, where, target] { self->open(where, target); });
  wait(patience, [this] { return state_->handshake_done; });
}

viewer::~viewer() {
  asio::post(loop(), [self = state_] {
    beast::error_code ignored;
    self->stream.next_layer().close(ignored);
  });
}

template <class Value>
Value viewer::locked(Value state::*member) const {
  const std::lock_guard lock(state_->mutex);
  return (*state_).*member;
}

unsigned viewer::handshake_status() const {
  return locked(&state::handshake_status);
}
std::size_t viewer::count() const {
  return locked(&state::count);
}
std::size_t viewer::bytes() const {
  return locked(&state::bytes);
}
std::vector<std::string> viewer::frames() const {
  return locked(&state::frames);
}
std::string viewer::newest() const {
  return locked(&state::newest);
}
bool viewer::open() const {
  return handshake_status() == 101 && !locked(&state::end);
}

bool viewer::wait(std::chrono::milliseconds deadline, const std::function<bool()>& condition) {
  std::unique_lock lock(state_->mutex);
  return state_->changed.wait_for(lock, deadline, condition);
}

bool viewer::wait_for_count(std::size_t wanted, std::chrono::milliseconds deadline) {
  wait(deadline, [&] { return state_->count >= wanted || state_->end; });
  return count() >= wanted;
}

bool viewer::wait_for_bytes(std::size_t wanted, std::chrono::milliseconds deadline) {
  wait(deadline, [&] { return state_->bytes >= wanted || state_->end; });
  return bytes() >= wanted;
}

bool viewer::wait_for_text(const std::string& text, std::chrono::milliseconds deadline) {
  std::size_t seen = 0;
  bool found = false;
  const auto look = [&] {
    found = found || state_->newest.find(text) != std::string::npos;
    for (; seen < state_->frames.size() && !found; ++seen)
      found = state_->frames[seen].find(text) != std::string::npos;
    return found;
  };
  wait(deadline, [&] { return look() || state_->end; });
  return found;
}

std::optional<ending> viewer::wait_closed(std::chrono::milliseconds deadline) {
  wait(deadline, [&] { return state_->end.has_value(); });
  return locked(&state::end);
}

void viewer::pause() {
  asio::post(loop(), [self = state_] { self->paused = true; });
}

void viewer::resume() {
  asio::post(loop(), [self = state_] {
    self->paused = false;
    self->read();
  });
}

namespace {

/// Sends one message; the bytes live until they are out.
template <class State>
void send_message(std::shared_ptr<State> self, std::string bytes, bool is_text) {
  asio::post(loop(), [self, is_text, kept = std::make_shared<std::string>(std::move(bytes))] {
    self->stream.text(is_text);
    self->stream.async_write(asio::buffer(*kept),
                             [self, kept](const beast::error_code&, std::size_t) {});
  });
}

}  // namespace

void viewer::send_text(std::string text) {
  send_message(state_, std::move(text), true);
}

void viewer::send_binary(std::string bytes) {
  send_message(state_, std::move(bytes), false);
}

void viewer::send_raw(std::string bytes) {
  asio::post(loop(), [self = state_, kept = std::make_shared<std::string>(std::move(bytes))] {
    asio::async_write(self->stream.next_layer(), asio::buffer(*kept),
                      [self, kept](const beast::error_code&, std::size_t) {});
  });
}

void viewer::ping() {
  asio::post(loop(), [self = state_] {
    self->stream.async_ping("still here", [self](const beast::error_code&) {});
  });
}

bool viewer::wait_for_pong(std::chrono::milliseconds deadline) {
  return wait(deadline, [this] { return state_->pong; });
}

void viewer::close() {
  asio::post(loop(), [self = state_] {
    self->closing = true;
    self->stream.async_close(websocket::close_code::normal, [self](const beast::error_code& error) {
      self->finish(error ? error : websocket::error::closed);
    });
  });
}

void PrintTo(const ending& end, std::ostream* out) {
  if (end.close_frame)
    *out << end.code << " \"" << end.reason << '"';
  else
    *out << "no close frame: " << end.error;
}

std::vector<std::string> keys_of(const std::string& frame) {
  std::vector<std::string> keys;
  const auto value = nlohmann::ordered_json::parse(frame, nullptr, false);
  if (value.is_object())
    for (const auto& item : value.items()) keys.push_back(item.key());
  return keys;
}

std::string text_of(const std::string& frame, const std::string& key) {
  const auto value = nlohmann::json::parse(frame, nullptr, false);
  if (!value.is_object() || !value.contains(key)) return "";
  return value[key].is_string() ? value[key].get<std::string>() : value[key].dump();
}

}  // namespace spillway::system_test
