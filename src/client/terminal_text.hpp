// Text that others wrote, made safe for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace spillway::client {

enum class colours : bool { removed, kept };

/// One line in UTF-8 without anything that a terminal acts on: escape sequences (ECMA-48) and
/// control characters, C0 as well as C1, are taken out, a tab stays, a carriage return inside the
/// line becomes a space. With `colours::kept`, colour sequences (SGR) stay and are reset at the
/// end. Bytes that are not UTF-8 become U+FFFD. Context: any thread.
std::string terminal_text(std::string_view line, colours keep);

/// JSON text of the same meaning, on one line, with the control characters U+007F to U+009F, which
/// JSON lets stand, written as escapes: some terminals act on them. What is no JSON comes out as
/// harmless: all of its control characters as escapes, U+FFFD for what is not UTF-8.
std::string json_for_terminal(std::string_view json);

}  // namespace spillway::client
