// What goes wrong in the store, as values.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace spillway::store {

enum class errc : std::uint8_t {
  /// The database or a file of it cannot be used: the message is for the operator.
  unavailable,
  /// Another process holds the database locked: trying again may help.
  busy,
  /// The input is not one that can be stored; the message says what is allowed.
  invalid,
  /// What was to be made is there already.
  exists,
  not_found,
  /// A rule of the store forbids it.
  refused
};

struct error {
  errc code = errc::unavailable;
  /// One sentence that says what to do.
  std::string message;
};

template <class T>
using result = tl::expected<T, error>;

inline tl::unexpected<error> fail(errc code, std::string message) {
  return tl::unexpected(error{code, std::move(message)});
}

}  // namespace spillway::store
