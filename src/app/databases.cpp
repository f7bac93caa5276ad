#include "app/databases.hpp"

namespace spillway::app {

store::result<databases> databases::open(const std::filesystem::path& data_dir) {
  using options = store::database::options;
  auto main = store::database::open(data_dir);
  if (!main) return tl::unexpected(main.error());
  auto access = store::database::open(data_dir);
  if (!access) return tl::unexpected(access.error());
  auto audit = store::database::open(data_dir, options{.commits = options::durability::process});
  if (!audit) return tl::unexpected(audit.error());
  return databases{std::move(*main), std::move(*access), std::move(*audit)};
}

}  // namespace spillway::app
