// Latencies in little space.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace spillway::sim {

/// Buckets whose width grows with the value, as in HdrHistogram: a value is known to 1/64 of
/// itself.
struct latency_buckets {
  static constexpr std::uint64_t fine = 64;
  static constexpr int fine_bits = 6;
  static constexpr std::size_t count = fine * (64 - fine_bits + 1);

  static constexpr std::size_t of(std::uint64_t value) {
    if (value < fine) return value;
    const auto shift = static_cast<int>(std::bit_width(value)) - 1 - fine_bits;
    return static_cast<std::size_t>(shift + 1) * fine + ((value >> shift) - fine);
  }
  /// The greatest value of a bucket.
  static constexpr std::uint64_t upper_bound(std::size_t bucket) {
    if (bucket < fine) return bucket;
    const auto shift = bucket / fine - 1;
    return ((bucket % fine + fine + 1) << shift) - 1;
  }
};

/// Context: one thread.
class latency_histogram {
 public:
  void add(std::uint64_t value, std::uint64_t times = 1) {
    counts_[latency_buckets::of(value)] += times;
    count_ += times;
  }
  /// What came since `earlier`, a state of this histogram.
  latency_histogram since(const latency_histogram& earlier) const {
    latency_histogram made;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      made.counts_[i] = counts_[i] - earlier.counts_[i];
    made.count_ = count_ - earlier.count_;
    return made;
  }

  std::uint64_t count() const { return count_; }
  /// The value that `share` of all values do not exceed, rounded up by 1/64 at most; 0 without
  /// values.
  std::uint64_t at(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted || (seen == count_ && seen > 0)) return latency_buckets::upper_bound(i);
    }
    return 0;
  }
  std::uint64_t max() const { return at(1); }

 private:
  friend class shared_histogram;
  std::array<std::uint64_t, latency_buckets::count> counts_{};
  std::uint64_t count_ = 0;
};

/// Context: any thread.
class shared_histogram {
 public:
  void add(std::uint64_t value) {
    counts_[latency_buckets::of(value)].fetch_add(1, std::memory_order_relaxed);
  }
  latency_histogram now() const {
    latency_histogram made;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      made.counts_[i] = counts_[i].load(std::memory_order_relaxed);
      made.count_ += made.counts_[i];
    }
    return made;
  }

 private:
  std::array<std::atomic<std::uint64_t>, latency_buckets::count> counts_{};
};

}  // namespace spillway::sim
