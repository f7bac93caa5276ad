// A fuzz target: one function, fed with whatever libFuzzer comes up with.
#pragma once

#include <string_view>

namespace spillway::fuzz {

/// Defined by each target, once. Ends by returning, or by `fail` where a property does not hold;
/// what it leaves behind, memory included, must not grow from call to call.
void run(std::string_view input);

/// Defined where a target has something to set up before its first input.
void prepare();

}  // namespace spillway::fuzz
