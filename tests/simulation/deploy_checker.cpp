#include "simulation/deploy_checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace spillway::simulation {

namespace {

std::vector<std::string> frames_of(const std::string& transcript) {
  std::vector<std::string> frames;
  std::istringstream lines(transcript);
  for (std::string line; std::getline(lines, line);) frames.push_back(line);
  return frames;
}

std::string output_of(const std::string& frame) {
  const auto json = nlohmann::json::parse(frame, nullptr, false);
  return json.is_object() ? json.value("output", "") : "";
}

bool is_final(const std::string& frame) {
  const auto json = nlohmann::json::parse(frame, nullptr, false);
  return json.is_object() && json.value("done", false);
}

}  // namespace

bool deploy_checker::is_last(const std::string& frame) {
  return is_final(frame) || nlohmann::json::parse(frame).contains("error");
}

void deploy_checker::check_caught_up(const deploy_view& view) const {
  // Deploys can begin alike.
  std::string behind;
  for (const auto& [id, entry] : journal_.entries()) {
    if (entry.record.app != view.app || (view.deploy_id && *view.deploy_id != id)) continue;
    if (!is_prefix_of(view, entry.transcript)) continue;
    const auto all = frames_of(entry.transcript).size();
    if (view.frames.size() == all) return;
    behind = fmt::format("{} has {} of {} frames of {}, though all is quiet", view.viewer,
                         view.frames.size(), all, id);
  }
  if (!behind.empty()) world_.broken(behind);
}

void deploy_checker::check(const std::vector<deploy_view>& views) const {
  check_transcripts();
  for (const auto& view : views) check(view);
}

/// What compose printed is in the transcript, in order, and it ends with one final frame.
void deploy_checker::check_transcripts() const {
  for (const auto& [id, entry] : journal_.entries()) {
    if (entry.torn) continue;
    const auto frames = frames_of(entry.transcript);
    std::vector<std::string> said;
    for (const auto& f : frames) {
      const auto output = output_of(f);
      if (output.starts_with(id + " ")) said.push_back(output);
    }
    std::vector<std::string> printed;
    for (const auto& c : compose_.commands()) {
      if (c->deploy_id == id) printed.insert(printed.end(), c->lines.begin(), c->lines.end());
    }
    if (said != printed)
      world_.broken(fmt::format("the transcript of {} has {} lines of {} printed", id, said.size(),
                                printed.size()));
    const auto finals = std::count_if(frames.begin(), frames.end(), is_final);
    if (finals != 1 || !is_final(frames.back()))
      world_.broken(fmt::format("the transcript of {} has {} final frames", id, finals));
  }
}

bool deploy_checker::is_prefix_of(const deploy_view& view, const std::string& transcript) const {
  const auto all = frames_of(transcript);
  if (view.frames.size() > all.size()) return false;
  if (view.finished && view.frames.size() != all.size()) return false;
  return std::equal(view.frames.begin(), view.frames.end(), all.begin());
}

void deploy_checker::check(const deploy_view& view) const {
  const std::vector<std::string> no_deploy{R"({"done": true, "action": "none"})"};
  if (view.nothing || view.frames == no_deploy) {
    if (view.frames != no_deploy)
      world_.broken(view.viewer + " got other frames before `nothing to stream`");
    return;
  }
  if (view.not_found) {
    if (view.frames != std::vector<std::string>{R"({"error": "deploy not found"})"})
      world_.broken(view.viewer + " got other frames before `deploy not found`");
    return;
  }
  if (view.frames.empty()) {
    if (view.finished) world_.broken(view.viewer + " saw a deploy finish without its final frame");
    return;
  }
  // Nothing is recorded of a run whose beginning was refused.
  if (output_of(view.frames.front()).find("could not be recorded") != std::string::npos) return;
  bool torn = false;
  for (const auto& [id, entry] : journal_.entries()) {
    if (entry.record.app != view.app || (view.deploy_id && *view.deploy_id != id)) continue;
    if (is_prefix_of(view, entry.transcript)) return;
    torn = torn || entry.torn;
  }
  // What the journal did not take is nowhere to compare with.
  if (torn) return;
  world_.broken(fmt::format("{} of {} got {} frames that begin no transcript{}: {} … {}",
                            view.viewer, view.app, view.frames.size(),
                            view.finished ? " or are not all of one" : "", view.frames.front(),
                            view.frames.back()));
}

}  // namespace spillway::simulation
