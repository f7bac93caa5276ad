// What an answer that is no success means.
#pragma once

#include <string>

#include "sim/viewers/rest_client.hpp"
#include "sim/viewers/scoreboard.hpp"

namespace spillway::sim {

/// Counts it as `what`; a server that fails breaks a promise. 409 and 429 are answers to what
/// others do at the same time, 503 to more than can be done at once, and none at all (0) comes of a
/// server that stops. Context: any thread.
inline void count_refusal(scoreboard& board, const std::string& what, const rest_answer& answer) {
  const std::string told = what + ": " + answer.summary();
  board.did(told);
  const bool passes =
      answer.status == 0 || answer.status == 409 || answer.status == 429 || answer.status == 503;
  if (!passes) board.broke_outside_of_streams({flaw_kind::wrong_answer, told});
}

}  // namespace spillway::sim
