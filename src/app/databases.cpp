#include "app/databases.hpp"

namespace spillway::app {
namespace {

/// What waits for a lock here keeps a worker, and can be written later.
constexpr std::chrono::milliseconds audit_patience{250};

}  // namespace

store::result<databases> databases::open(const std::filesystem::path& data_dir) {
  using options = store::database::options;
  auto main = store::database::open(data_dir);
  if (!main) return tl::unexpected(main.error());
  auto access = store::database::open(data_dir);
  if (!access) return tl::unexpected(access.error());
  auto audit = store::database::open(
      data_dir, options{.busy_timeout = audit_patience, .commits = options::durability::process});
  if (!audit) return tl::unexpected(audit.error());
  return databases{std::move(*main), std::move(*access), std::move(*audit)};
}

}  // namespace spillway::app
