#include "sim/host/fault_schedule.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "config/size.hpp"
#include "protocol/duration.hpp"

namespace spillway::sim {

namespace {

using std::chrono::nanoseconds;
using complaint = tl::unexpected<std::string>;

constexpr const char* mild_faults = R"(
- {every: 20s..60s, fault: cut}
- {every: 30s..90s, fault: stall, for: 3s}
- {every: 30s..90s, fault: slow, by: 500ms, for: 5s}
- {every: 60s..120s, fault: exit, code: 1, for: 3s}
- {every: 60s..120s, fault: restart}
- {every: 20s..40s, fault: bytes, for: 2s}
)";

constexpr const char* hostile_faults = R"(
- {every: 3s..10s, fault: cut}
- {every: 5s..15s, fault: torn}
- {every: 5s..20s, fault: stall, for: 4s}
- {every: 5s..20s, fault: slow, by: 1s, for: 3s}
- {every: 10s..30s, fault: error, for: 2s}
- {every: 20s..60s, fault: refuse, for: 2s}
- {every: 5s..20s, fault: exit, code: 137, for: 2s}
- {every: 10s..30s, fault: restart}
- {every: 10s..30s, fault: recreate}
- {every: 20s..40s, fault: skew, by: 90s, for: 5s}
- {every: 20s..40s, fault: flood, lines: 100000}
- {every: 30s..60s, fault: giant, bytes: 32MiB}
- {every: 5s..15s, fault: bytes, for: 3s}
- {every: 5s..15s, fault: escapes, for: 3s}
- {every: 90s..180s, fault: engine-restart, for: 3s}
)";

std::optional<nanoseconds> duration_in(const std::string& text) {
  const bool negative = text.starts_with('-');
  const auto parsed = protocol::parse_duration(std::string_view(text).substr(negative ? 1 : 0));
  if (!parsed) return std::nullopt;
  return negative ? -*parsed : *parsed;
}

/// Reads one entry; what is wrong comes as an exception with its line.
class entry_reader {
 public:
  entry_reader(const YAML::Node& node, const std::string& name) : node_(node), name_(name) {}

  tl::expected<fault_entry, std::string> read() {
    if (!node_.IsMap())
      return wrong(node_, "an entry is a mapping such as {every: 20s, fault: cut}");
    const auto known = check_keys();
    if (!known) return complaint(known.error());
    const auto kind = fault_named(text("fault"));
    if (!kind) return wrong(node_["fault"] ? node_["fault"] : node_, "there is no such fault");
    entry_.what.kind = *kind;
    const auto timed = read_times();
    if (!timed) return complaint(timed.error());
    const auto detailed = read_details();
    if (!detailed) return complaint(detailed.error());
    return entry_;
  }

 private:
  using outcome = tl::expected<void, std::string>;

  complaint wrong(const YAML::Node& at, const std::string& what) const {
    return complaint(fmt::format("{}:{}: {}", name_, at.Mark().line + 1, what));
  }
  std::string text(const char* key) const {
    const YAML::Node value = node_[key];
    return value && value.IsScalar() ? value.Scalar() : std::string();
  }

  outcome check_keys() const {
    static constexpr std::array<std::string_view, 9> known{"at",    "every", "fault", "for",   "by",
                                                           "lines", "bytes", "code",  "target"};
    for (const auto& each : node_) {
      const std::string key = each.first.Scalar();
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        return wrong(
            each.first,
            "unknown key '" + key + "': use at, every, fault, for, by, lines, bytes, code, target");
      }
      if (!each.second.IsScalar()) return wrong(each.second, key + " must be a single value");
    }
    return {};
  }

  outcome read_times() {
    const std::string at = text("at");
    const std::string every = text("every");
    if (at.empty() == every.empty()) return wrong(node_, "give either at or every");
    entry_.repeats = at.empty();
    const std::string& given = entry_.repeats ? every : at;
    const auto dots = given.find("..");
    const auto least = duration_in(given.substr(0, dots));
    const auto most = dots == std::string::npos ? least : duration_in(given.substr(dots + 2));
    if (!least || !most || *least > *most || *least < nanoseconds::zero()) {
      return wrong(node_, "'" + given + "' is no time: write 20s or 20s..60s");
    }
    if (entry_.repeats && *least < std::chrono::milliseconds(1)) {
      return wrong(node_, "every must be a millisecond at least");
    }
    entry_.least = *least;
    entry_.most = *most;
    return {};
  }

  outcome read_duration(const char* key, nanoseconds& into, bool may_be_negative) {
    if (!node_[key]) return {};
    const auto given = duration_in(text(key));
    if (!given || (*given < nanoseconds::zero() && !may_be_negative)) {
      return wrong(node_[key], "'" + text(key) + "' is no duration: write 500ms, 3s or 1m");
    }
    into = *given;
    return {};
  }

  outcome read_details() {
    fault& what = entry_.what;
    what.lasts = std::chrono::seconds(3);
    what.by = what.kind == fault_kind::skew ? std::chrono::minutes(1) : std::chrono::seconds(1);
    what.lines = 100'000;
    what.bytes = 16 << 20;
    what.code = 1;
    if (auto read = read_duration("for", what.lasts, false); !read) return read;
    if (auto read = read_duration("by", what.by, what.kind == fault_kind::skew); !read) return read;
    if (node_["lines"] && (!YAML::convert<std::uint64_t>::decode(node_["lines"], what.lines) ||
                           what.lines > 10'000'000)) {
      return wrong(node_["lines"], "lines must be a number up to 10000000");
    }
    if (node_["code"] && (!YAML::convert<int>::decode(node_["code"], what.code) || what.code < 0 ||
                          what.code > 255)) {
      return wrong(node_["code"], "code must be an exit code (0 to 255)");
    }
    if (node_["bytes"]) {
      const auto size = config::parse_size(text("bytes"));
      if (!size || *size > (1ULL << 30U)) {
        return wrong(node_["bytes"], "bytes must be a size up to 1GiB, such as 16MiB");
      }
      what.bytes = *size;
    }
    what.target = text("target");
    return {};
  }

  const YAML::Node& node_;
  const std::string& name_;
  fault_entry entry_;
};

nanoseconds scaled(nanoseconds time, double speed) {
  return nanoseconds(static_cast<std::int64_t>(static_cast<double>(time.count()) / speed));
}

}  // namespace

tl::expected<std::vector<fault_entry>, std::string> parse_faults(const std::string& yaml,
                                                                 const std::string& name) {
  std::vector<fault_entry> entries;
  try {
    const YAML::Node root = YAML::Load(yaml);
    if (root.IsNull()) return entries;
    if (!root.IsSequence()) return complaint(name + ": a schedule is a list of faults");
    for (const YAML::Node& node : root) {
      auto entry = entry_reader(node, name).read();
      if (!entry) return complaint(entry.error());
      entries.push_back(std::move(*entry));
    }
  } catch (const YAML::Exception& e) {
    return complaint(fmt::format("{}:{}: {}", name, e.mark.line + 1, e.msg));
  }
  return entries;
}

tl::expected<std::vector<fault_entry>, std::string> load_faults(const std::string& given) {
  if (given.empty() || given == "none") return std::vector<fault_entry>();
  if (given == "mild") return parse_faults(mild_faults, "mild");
  if (given == "hostile") return parse_faults(hostile_faults, "hostile");
  std::ifstream file(given, std::ios::binary);
  if (!file) {
    return complaint("cannot read '" + given +
                     "': --faults takes none, mild, hostile or the path of a file");
  }
  return parse_faults({std::istreambuf_iterator<char>(file), {}}, given);
}

std::string fault_help() {
  return R"(Faults: --faults none, mild, hostile, or a YAML file that lists entries like
  - {every: 20s..60s, fault: cut}
  - {at: 1m, fault: flood, lines: 100000, target: shop_web}
  cut             ends a log stream in the middle of what it sends
  torn            ends one within the eight bytes of a frame's header
  stall           a container's log streams send nothing (for)
  slow            every answer is late (by, for)
  error           every answer is 500 (for)
  refuse          the socket is away (for)
  exit            a container exits (code), and starts again (for)
  restart         a container stops and starts
  recreate        a container is removed and made anew: a new id, the next life
  skew            a container's clock is wrong (by, also negative, for)
  flood           lines at once (lines)
  giant           one line (bytes, up to 1GiB)
  bytes           lines with bytes that are no UTF-8 (for)
  escapes         lines with terminal escape sequences (for)
  engine-restart  the socket is away, all containers stop and start again (for)
at: a time since the start, once; every: again and again; a range is drawn from the seed. target:
part of a container's name; without it, any modelled one, drawn from the seed.
)";
}

fault_schedule::fault_schedule(std::vector<fault_entry> entries, std::uint64_t seed, double speed)
    : speed_(speed) {
  std::size_t index = 0;
  for (fault_entry& entry : entries) {
    const std::string name = fmt::format("fault {} {}", index++, fault_name(entry.what.kind));
    sources_.push_back({std::move(entry), draws(seed_of(seed, name)), std::nullopt});
    plan(sources_.back(), nanoseconds::zero());
  }
}

void fault_schedule::plan(source& of, nanoseconds after) {
  const auto range = static_cast<std::uint64_t>((of.entry.most - of.entry.least).count());
  const nanoseconds pause =
      of.entry.least + nanoseconds(static_cast<std::int64_t>(of.from.below(range + 1)));
  fault planned = of.entry.what;
  planned.at = after + scaled(pause, speed_);
  planned.draw = of.from.bits();
  of.upcoming = std::move(planned);
}

std::optional<fault> fault_schedule::next() {
  source* earliest = nullptr;
  for (source& each : sources_) {
    if (!each.upcoming) continue;
    if (earliest == nullptr || each.upcoming->at < earliest->upcoming->at) earliest = &each;
  }
  if (earliest == nullptr) return std::nullopt;
  fault due = *earliest->upcoming;
  earliest->upcoming.reset();
  if (earliest->entry.repeats) plan(*earliest, due.at);
  return due;
}

}  // namespace spillway::sim
