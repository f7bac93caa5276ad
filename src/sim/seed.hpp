// Where everything random in a simulation comes from.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>

namespace spillway::sim {

/// A seed for a run that was given none. Throws where the system has no randomness.
inline std::uint64_t any_seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32U | device();
}

/// The seed of one part of a simulation (a container, a viewer): drawn from the seed of the run and
/// the part's name alone, so that parts do not disturb each other's draws, in whatever order they
/// run. FNV-1a over both.
constexpr std::uint64_t seed_of(std::uint64_t run, std::string_view part) {
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ run;
  for (const char c : part) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  // As splitmix64 ends: seeds that differ little must not give draws that do.
  hash = (hash ^ hash >> 30U) * 0xbf58476d1ce4e5b9ULL;
  hash = (hash ^ hash >> 27U) * 0x94d049bb133111ebULL;
  return hash ^ hash >> 31U;
}

/// Draws of one part; the same on every machine (the distributions of the standard library are
/// not). Context: one owner.
class draws {
 public:
  explicit draws(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  /// From 0 to `end` - 1; 0 where `end` is 0. Biased by less than 2^-32 for ends below 2^32.
  std::uint64_t below(std::uint64_t end) { return end == 0 ? 0 : bits() % end; }
  /// From 0 inclusive to 1 exclusive.
  double fraction() { return static_cast<double>(bits() >> 11U) * 0x1.0p-53; }
  bool chance(double probability) { return fraction() < probability; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace spillway::sim
