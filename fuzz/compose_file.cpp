// Compose files as they are deployed.
#include "app/compose_check.hpp"
#include "fuzz/require.hpp"
#include "fuzz/target.hpp"
#include "protocol/utf8.hpp"

namespace spillway::fuzz {

void run(std::string_view text) {
  const auto checked = app::check_compose(text);
  if (checked) {
    require(protocol::is_valid_utf8(text) && text.find("services") != std::string_view::npos,
            "a compose file has services");
    return;
  }
  require(checked.error().starts_with("the compose file "), "an error says of what it is",
          checked.error());
  require(checked.error().size() < 1024 && protocol::is_valid_utf8(checked.error()),
          "an error is a short sentence", checked.error());
}

}  // namespace spillway::fuzz
