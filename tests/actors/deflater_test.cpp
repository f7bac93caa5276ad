#include "actors/deflater.hpp"

#include <gtest/gtest.h>

#include <string>

#include "client_decoder.hpp"
#include "log_samples.hpp"

namespace spillway::actors::testing {
namespace {

TEST(Deflater, MessagesAreInflatedToWhatTheyWere) {
  auto context = deflater::make();
  client_inflater client;
  for (unsigned i = 0; i < 1'000; ++i) {
    const std::string message = sample_frame(i);
    EXPECT_EQ(client.inflate(std::string(context->compress(message))), message);
  }
}

TEST(Deflater, AMessageRefersToThoseBeforeIt) {
  auto context = deflater::make();
  const std::string message = sample_frame(1);
  const std::size_t first = context->compress(message).size();
  EXPECT_LT(context->compress(message).size(), first / 4);
}

TEST(Deflater, WhoeverComesAtAResetNeedsNothingFromBefore) {
  auto context = deflater::make();
  client_inflater from_start;
  client_inflater from_reset;
  for (unsigned i = 0; i < 100; ++i) {
    from_start.inflate(std::string(context->compress(sample_frame(i))));
  }
  context->reset();
  for (unsigned i = 0; i < 100; ++i) {
    const std::string compressed(context->compress(sample_frame(i)));
    EXPECT_EQ(from_start.inflate(compressed), sample_frame(i));
    EXPECT_EQ(from_reset.inflate(compressed), sample_frame(i));
  }
}

TEST(Deflater, AnEmptyMessageIsOneByte) {
  auto context = deflater::make();
  client_inflater client;
  for (const char* message : {"", "abc", "", ""}) {
    const std::string compressed(context->compress(message));
    EXPECT_EQ(compressed == std::string(1, '\0'), *message == '\0');
    EXPECT_EQ(client.inflate(compressed), message);
  }
}

TEST(Deflater, TakesMessagesOfAnySizeAndKind) {
  auto context = deflater::make();
  client_inflater client;
  for (std::size_t size : {1, 2, 3, 60, 130, 4'000, 16'383, 16'384, 40'000, 70'000, 1'000'000}) {
    const std::string noise = noise_frame(size, size);
    EXPECT_TRUE(client.inflate(std::string(context->compress(noise))) == noise) << size;
    const std::string same(size, 'x');
    EXPECT_TRUE(client.inflate(std::string(context->compress(same))) == same) << size;
  }
  for (std::size_t size = 0; size < 2'000; ++size) {
    const std::string noise = noise_frame(size, size);
    EXPECT_TRUE(client.inflate(std::string(context->compress(noise))) == noise) << size;
  }
}

TEST(Deflater, OrdinaryLogFramesShrinkToAThird) {
  auto context = deflater::make();
  std::size_t plain = 0;
  std::size_t compressed = 0;
  for (unsigned i = 0; i < 2'560; ++i) {
    if (i % 256 == 0) context->reset();
    const std::string message = sample_frame(i);
    plain += message.size();
    compressed += context->compress(message).size();
  }
  EXPECT_LE(compressed * 100, plain * 35);
}

TEST(Deflater, IsNotMadeWhereZlibRefuses) {
  EXPECT_FALSE(deflater::make(42));
}

}  // namespace
}  // namespace spillway::actors::testing
