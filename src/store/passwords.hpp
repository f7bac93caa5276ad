// Passwords as Argon2id hashes. Context: any thread; each hash takes tens of milliseconds and 64
// MiB of memory, so never an I/O thread.
#pragma once

#include <string>
#include <string_view>

#include "store/error.hpp"

namespace spillway::store {

inline constexpr std::size_t min_password_characters = 8;
inline constexpr std::size_t max_password_bytes = 1024;

/// Nothing, or why the text cannot be a password: 8 characters at least, 1024 bytes of UTF-8 at
/// most.
result<void> check_password(std::string_view password);

/// The text that the database keeps; fails for what check_password refuses.
result<std::string> hash_password(std::string_view password);

bool verify_password(const std::string& hash, std::string_view password);

/// As much work as verify_password, for a user that does not exist, so that the time an answer
/// takes tells nothing about which names are taken.
void verify_nothing(std::string_view password);

/// The hash that verify_nothing works on.
const std::string& hash_of_nobody();

}  // namespace spillway::store
