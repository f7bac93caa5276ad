#include "host/compose_processes.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "host/compose_locator.hpp"
#include "host/compose_run.hpp"
#include "host/left_processes.hpp"

namespace spillway::host {

namespace {

/// A version is printed at once; a first start from a cold disk takes a moment.
constexpr std::chrono::seconds locate_patience{10};

/// The actors' end of a run: it may be called from any thread, so everything goes by the strand.
class compose_handle : public actors::compose_process {
 public:
  explicit compose_handle(std::shared_ptr<compose_run> run) : run_(std::move(run)) {}
  ~compose_handle() override { post(&compose_run::abandon); }
  void read() override { post(&compose_run::read); }
  void terminate() override { post(&compose_run::terminate); }

 private:
  void post(void (compose_run::*action)()) {
    boost::asio::post(run_->strand(), [run = run_, action] { (*run.*action)(); });
  }
  std::shared_ptr<compose_run> run_;
};

/// What every command finds in its environment.
std::vector<std::string> environment_of(const compose_processes::options& chosen) {
  // Plain lines, where the version of compose knows these variables.
  std::vector<std::string> made{"COMPOSE_ANSI=never", "COMPOSE_PROGRESS=plain"};
  if (!chosen.docker_host.empty()) made.push_back("DOCKER_HOST=" + chosen.docker_host);
  std::error_code ec;
  const auto config_dir = std::filesystem::absolute(chosen.config_dir, ec);
  if (!chosen.config_dir.empty()) made.push_back("DOCKER_CONFIG=" + config_dir.string());
  return made;
}

child_command full_command(std::vector<std::string> words, const actors::compose_command& command,
                           const compose_processes::options& chosen) {
  // Absolute, for the command starts elsewhere.
  std::error_code ec;
  std::filesystem::path file = std::filesystem::absolute(command.file, ec);
  if (ec) file = command.file;
  words.insert(words.end(), {"-p", command.project, "-f", file.string()});
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());

  std::vector<std::string> environment = environment_of(chosen);
  environment.push_back(deploy_mark(chosen.instance, command.deploy_id));
  std::filesystem::path folder = file.parent_path();
  if (!std::filesystem::is_directory(folder, ec)) folder.clear();
  return {std::move(words), std::move(folder), std::move(environment)};
}

}  // namespace

compose_processes::compose_processes(boost::asio::io_context& io, options o)
    : io_(io), options_(std::move(o)) {
  if (options_.command.empty()) {
    locator_ = std::make_unique<compose_locator>(io_, compose_locator::usual_candidates(),
                                                 locate_patience, environment_of(options_));
  }
}

compose_processes::~compose_processes() = default;

std::unique_ptr<actors::compose_process> compose_processes::start(actors::compose_command command,
                                                                  output_handler handler) {
  auto run = std::make_shared<compose_run>(boost::asio::make_strand(io_), options_.max_line_bytes,
                                           options_.kill_grace, std::move(handler));
  using located = tl::expected<std::vector<std::string>, std::string>;
  auto launch = [run, command = std::move(command), chosen = options_](located words) {
    if (!words) return run->fail(std::move(words.error()));
    run->launch(full_command(std::move(*words), command, chosen));
  };
  if (locator_) {
    locator_->locate([run, launch](located words) {
      boost::asio::post(run->strand(), [launch, words = std::move(words)] { launch(words); });
    });
  } else {
    boost::asio::post(run->strand(), [launch, words = options_.command] { launch(words); });
  }
  return std::make_unique<compose_handle>(std::move(run));
}

}  // namespace spillway::host
