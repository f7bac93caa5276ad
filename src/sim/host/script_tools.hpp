// What scripts find in a container: busybox.
#pragma once

#include <filesystem>

#include "sim/host/script_spec.hpp"

namespace spillway::sim {

/// Makes `directory/base/bin` with busybox and a link for each of its applets, where there is a
/// busybox. Returns how far scripts can be kept apart on this machine, by trying. Blocks for some
/// milliseconds. Context: before there are other threads.
isolation prepare_tools(const std::filesystem::path& directory,
                        const std::filesystem::path& program);

}  // namespace spillway::sim
